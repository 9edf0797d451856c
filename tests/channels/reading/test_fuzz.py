"""Mails that chance has broken: whatever comes, a `Mail` comes of it."""

import random
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.channels.email.reading import Ours, limits
from app.channels.email.reading.proof import proven
from app.channels.email.reading.reader import read
from app.core.markup import clean_line

from .nasty import collection
from .test_nasty import sound

pytestmark = pytest.mark.slow

OURS = Ours(frozenset({"desk@x.example"}), "hop.example", "mark")
SMALL = [one.raw for one in collection().values() if len(one.raw) < 20_000]
ALPHABET = [
    b"\r",
    b"\n",
    b"\r\n\r\n",
    b"\0",
    b"\xff",
    b"=?utf-8?B?",
    b"?=",
    b"--b",
    b"--b--",
    b":",
    b";",
    b'"',
    b"(",
    b")",
    b"<",
    b">",
    b"@",
    b",",
    b"=",
    b"*0*=",
    b"multipart/mixed",
    b"message/rfc822",
    b"base64",
    b"charset=",
    b"boundary=b",
    b" ",
    b"\t",
    b"\xd0",
    b"From: ",
    b"cid:",
    b"&#",
]


def mutated(raw: bytes, seed: int, times: int) -> bytes:
    """Pieces put in, taken out, doubled or moved."""
    chance, raw = random.Random(seed), bytearray(raw)
    for _time in range(times):
        place, length = chance.randrange(len(raw) + 1), chance.randrange(40)
        action = chance.randrange(4)
        if action == 0:
            raw[place:place] = chance.choice(ALPHABET)
        elif action == 1:
            del raw[place : place + length]
        elif action == 2:
            raw[place:place] = raw[place : place + length]
        else:
            raw[place : place + 1] = bytes([chance.randrange(256)])
    return bytes(raw)


def understood(raw: bytes, scratch) -> None:
    mail = read(raw, scratch, OURS)
    assert sound(mail)
    assert len(mail.text) + len(mail.folded) <= 3 * limits.TEXT_BYTES
    assert not [defect for defect in mail.defects if "Error" in defect], mail.defects
    assert proven(mail) in ("proven", "failed", "")
    assert "\n" not in mail.subject + mail.message_id + "".join(part.name for part in mail.parts)
    for part in mail.parts:
        assert (scratch / part.path).stat().st_size == part.size_bytes


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(SMALL), st.integers(0, 1 << 32), st.integers(1, 30))
def test_of_a_broken_mail_something_is_understood(tmp_path, raw, seed, times):
    understood(mutated(raw, seed, times), tmp_path)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(SMALL), st.sampled_from(SMALL), st.floats(0, 1))
def test_of_two_halves_something_is_understood(tmp_path, one, other, where):
    understood(one[: int(len(one) * where)] + other[int(len(other) * where) :], tmp_path)


def unspaced(text: str) -> str:
    """Quotes and backslashes of an encoded name are left out on purpose."""
    return clean_line(text.replace("\\", "").replace('"', "")).replace(" ", "")


WRITABLE = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cf", "Zl", "Zp")), min_size=1, max_size=60)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(WRITABLE, WRITABLE, WRITABLE, st.binary(max_size=500), st.sampled_from(["7bit", "8bit"]))
def test_what_the_library_writes_is_read_as_it_was_meant(tmp_path, subject, name, words, file, kind):
    message = EmailMessage(policy=SMTP.clone(cte_type=kind))
    message["From"] = Address(clean_line(name), "aigul", "client.example")
    message["Subject"] = clean_line(subject)
    message.set_content("Salam\n" + words + "\nend")
    message.add_attachment(file, "application", "x-thing", filename="a b.bin")
    mail = read(message.as_bytes(), tmp_path, OURS)
    read_back, written = (mail.sender.name, mail.subject), (name, subject)
    # Python 3.11 loses spaces where it breaks a long header in two encoded words.
    assert [unspaced(one) for one in read_back] == [unspaced(one) for one in written], message.as_bytes()
    assert words.split() == (mail.text + " " + mail.folded).split()[1:-1] or mail.folded
    assert Path(mail.parts[0].path).read_bytes() == file


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=3000))
def test_of_anything_something_is_understood(tmp_path, raw):
    understood(raw, tmp_path)
