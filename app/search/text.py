"""Texts as the search sees them: folded words, without marks that people leave out."""

import re
import unicodedata
from functools import cache
from pathlib import Path

WORD = re.compile(r"[^\W_]+")
LONGEST = 40
"""Letters of a word that count: nobody types more, and an index need not hold a whole key or address."""

STRESS = re.compile("[\u0300-\u036f]")
APOSTROPHE = re.compile(r"(?<=\w)['\u2018\u2019\u02bc](?=\w)")
SHORT_PART = re.compile(r"(?<!\w)([a-z]{1,2}|вай)-(?=[a-z]{2}|фай)")
"""wi-fi, e-mail, вай-фай: one word, however it is typed."""
MIXED = re.compile("[a-z][а-яё]|[а-яё][a-z]")
LATIN, CYRILLIC = "aceopxykmthb", "асеорхукмтнв"
TO_CYRILLIC = str.maketrans(LATIN, CYRILLIC)
TO_LATIN = str.maketrans(CYRILLIC, LATIN)


def fold(text: str) -> str:
    """Lower case, without stress marks and apostrophes, ё as е, product names in one piece, letters that only look
    Cyrillic (or Latin) as the rest of their word."""
    text = text.lower()
    if not text.isascii():
        text = STRESS.sub("", unicodedata.normalize("NFC", text)).replace("ё", "е")
        if MIXED.search(text):
            text = WORD.sub(_of_one_script, text)
    return SHORT_PART.sub(r"\1", APOSTROPHE.sub("", text))


def _of_one_script(match: re.Match[str]) -> str:
    word = match[0]
    if not MIXED.search(word):
        return word
    latin = sum("a" <= letter <= "z" for letter in word)
    one = word.translate(TO_CYRILLIC) if latin * 2 <= len(word) else word.translate(TO_LATIN)
    return word if MIXED.search(one) else one


def words(text: str) -> list[str]:
    """The folded words, in order."""
    return [word[:LONGEST] for word in WORD.findall(fold(text))]


@cache
def stop_words() -> frozenset[str]:
    """Words of all three languages that tell nothing about what is sought."""
    lines = (Path(__file__).parent / "stop_words.txt").read_text("utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in words(line))


def telling(found: list[str]) -> list[str]:
    """Without stop words; all of them where nothing else was said."""
    return [word for word in found if word not in stop_words()] or found


def is_latin(word: str) -> bool:
    return word.isascii()
