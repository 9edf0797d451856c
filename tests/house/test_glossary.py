"""A term is translated one way everywhere: the catalogues against docs/glossary.md."""

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

HOME = Path(__file__).parents[2]
LANGUAGES = ("ru", "ky")
STEM = 4


def terms() -> dict[str, tuple[str, str]]:
    """English term -> its Russian and its Kyrgyz word; those that need a word of explanation are left to people."""
    lines = (HOME / "docs" / "glossary.md").read_text(encoding="utf-8").splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")][2:]
    return {name.strip().lower(): (russian, kyrgyz) for english, russian, kyrgyz in rows if "(" not in english
            for name in english.split(",")}


def stems(text: str) -> set[str]:
    """The beginnings of its words: what inflection leaves alone."""
    return {word[:STEM] for word in re.findall(r"\w{3,}", text.lower().replace("ё", "е"))}


def astray(language: str) -> list[tuple[str, str, str]]:
    path = HOME / "app" / "translations" / language / "LC_MESSAGES" / "messages.po"
    with path.open("rb") as file:
        messages = [message for message in read_po(file, locale=language) if isinstance(message.id, str)]
    known, place = terms(), LANGUAGES.index(language)
    return [(message.id, message.string, known[message.id.lower()][place]) for message in messages
            if message.id.lower() in known and not stems(message.string) & stems(known[message.id.lower()][place])]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_term_is_translated_by_its_word(language):
    assert astray(language) == []


def test_each_term_stands_once():
    lines = (HOME / "docs" / "glossary.md").read_text(encoding="utf-8").splitlines()
    names = [line.split("|")[1].strip() for line in lines if line.startswith("|")][2:]
    assert len(names) > 80 and len(names) == len(set(names))
