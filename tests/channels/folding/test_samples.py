"""Mails as six programs write them, in three languages, as text and as HTML; and others, written later, on which
nothing was tuned before they were first tried (39 of 44 then)."""

import re
from collections import Counter
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from app.channels.email import folding, safe_html

SAMPLES = Path(__file__).parent / "samples"
CLIENTS = ("gmail", "outlook", "mailru", "yandex", "apple", "thunderbird")


def parts(path):
    mail = message_from_bytes(path.read_bytes(), policy=policy.default)
    found = {part.get_content_type(): part.get_content() for part in mail.walk() if not part.is_multipart()}
    return found.get("text/plain", ""), found.get("text/html", ""), mail["Subject"]


def words(text):
    return Counter(re.findall(r"\w+", text))


def test_there_is_one_of_each():
    named = {path.stem for path in SAMPLES.glob("*.eml")}
    assert named == {f"{client}-{language}-{kind}" for client in CLIENTS for language in ("en", "ru", "ky")
                     for kind in ("plain", "html")}


@pytest.mark.parametrize("path", sorted(SAMPLES.rglob("*.eml")), ids=lambda path: path.stem)
def test_what_is_new_is_found_and_nothing_is_lost(path):
    text, html, subject = parts(path)
    found = folding.fold(text, html, subject)
    expected = path.with_suffix(".txt").read_text().split()
    assert found.text.split() == expected
    if html:
        assert safe_html.as_text(found.html).split() == expected
    assert not words(text or safe_html.as_text(html)) - words(found.text) - words(found.folded)
    shown = words(safe_html.as_text(found.html)) + words(safe_html.as_text(found.folded_html))
    assert not words(safe_html.as_text(html)) - shown
