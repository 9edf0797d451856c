"""What a mail looks like from outside, and what cannot be made to look otherwise."""

from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.header import decode_header, make_header

import pytest

from app.channels.email.envelope import Letter, envelope
from app.core.outbox import PermanentFailure
from app.core.relay import relay

NOON = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
HELLO = Letter("Hello", "Hello\n", "<p>Hello</p>")


@pytest.fixture(autouse=True)
def sender(desk):
    relay.change(host="127.0.0.1", sender="help@jardam.example")


def to(name="Aigul", address="aigul@jardam.example", letter=HELLO, reference="7"):
    """The mail as its reader's program reads it off the wire."""
    sealed = envelope(letter, (name, address), reference, NOON)
    return message_from_bytes(sealed.message.as_bytes(), policy=policy.default)


def words(sealed, header):
    """One header decoded as RFC 2047 says; the newer parser of Python 3.11 puts spaces into names."""
    raw = message_from_bytes(sealed.message.as_bytes(), policy=policy.compat32)[header]
    return str(make_header(decode_header(raw)))


def test_marked_as_automatic_and_as_ours():
    mail = to()
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["X-Jardam-Loop"]
    assert mail["Reply-To"] is None
    assert mail["Date"].datetime == NOON
    assert mail["From"] == "Jardam <help@jardam.example>"


def test_message_id_is_the_same_for_the_same_row_and_signed():
    first, again, other = to(), to(), to(reference="8")
    assert first["Message-ID"] == again["Message-ID"] != other["Message-ID"]
    assert first["Message-ID"].startswith("<jardam.7.")
    assert first["Message-ID"].endswith("@jardam.example>")
    assert first["Message-ID"].split(".")[2] != other["Message-ID"].split(".")[2]


@pytest.mark.parametrize("evil", [
    "Hello\r\nBcc: victim@example.org", "Hello\nBcc: victim@example.org", "Hello\r\n\r\nNew body",
    "=?utf-8?q?Hello=0D=0ABcc:_victim@example.org?=", "Hello\u2028Bcc: victim@example.org", "Hello\x00\x0bBcc: v@e.org",
    "Жардам " * 40 + "\r\nBcc: victim@example.org", 'Ai"gul\\" <x@evil.example>, "b',
])
def test_no_header_comes_out_of_a_subject_or_a_name(evil):
    sealed = envelope(Letter(evil, "x", "x"), (evil, "aigul@jardam.example"), "7", NOON)
    wire = sealed.message.as_bytes()
    head = wire.split(b"\r\n\r\n", 1)[0].replace(b"\r\n ", b" ")
    names = [line.split(b":")[0].lower() for line in head.split(b"\r\n")]
    assert sorted(names) == sorted([b"from", b"to", b"subject", b"date", b"message-id", b"auto-submitted",
                                    b"x-auto-response-suppress", b"x-jardam-loop", b"mime-version", b"content-type"])
    assert wire.count(b"aigul@jardam.example") == 1
    assert sealed.recipient == "aigul@jardam.example"


@pytest.mark.parametrize("address", ["", "nobody", "a@b\r\nBcc: c@d", "a b@c.d", "<a@b.c>, d@e.f", "a@",
                                     "ь@" + "x" * 300])
def test_an_address_that_is_none_is_given_up(address):
    with pytest.raises(PermanentFailure):
        to(address=address)


def test_a_cyrillic_domain_is_written_as_the_network_writes_it():
    assert to(address="aigul@жардам.kg")["To"].addresses[0].domain == "xn--80aalg7av.kg"


def test_long_russian_and_kyrgyz_survive_seven_bits():
    subject, body = "Басып чыгаруучу түзмөк иштебей жатат өң " * 4, "Саламатсызбы! " * 200 + "\n"
    name = "Абдыкадырова Айгүл Токтобек кызы Өмүрова"
    sealed = envelope(Letter(subject, body, f"<p>{body}</p>"), (name, "aigul@jardam.example"), "7", NOON)
    wire = sealed.message.as_bytes()
    assert wire.isascii()
    assert max(len(line) for line in wire.split(b"\r\n")) <= 78
    read = message_from_bytes(wire, policy=policy.default)
    assert read["Subject"] == subject.strip()
    assert words(sealed, "To") == f"{name} <aigul@jardam.example>"
    assert read.get_body(("plain",)).get_content().replace("\r\n", "\n") == body


def test_a_long_domain_does_not_break_the_message_id():
    relay.change(sender="help@" + ".".join(["organisation"] * 8) + ".example")
    assert to(reference="123456789012")["Message-ID"].endswith(".organisation.example>")
    assert " " not in to()["Message-ID"]


def test_what_looks_encoded_stays_as_it_was_written():
    odd = "=?utf-8?q?Hello?="
    sealed = envelope(Letter(odd, "x", "x"), (odd, "aigul@jardam.example"), "7", NOON)
    assert words(sealed, "Subject") == odd
    assert words(sealed, "To") == f"{odd} <aigul@jardam.example>"
