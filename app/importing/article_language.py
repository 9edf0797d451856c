"""Which of the desk's languages a text is written in, by its letters and commonest words. Pure."""

import re
from collections import Counter

KYRGYZ_LETTERS = frozenset("өүң")
RUSSIAN_LETTERS = frozenset("щъьэфцё")
"""Rare or missing in Kyrgyz words of their own; only a hint."""
WORDS = {language: frozenset(words.split()) for language, words in (
    ("ky", "жана үчүн менен бул же эмес керек бар болсо болот кийин кантип эгер сиз сиздин бир ар деген кылуу учун "
           "тууралуу боюнча аркылуу ошондой мүмкүн эле"),
    ("ru", "и в на не для что это по с из к как если от или при вы он она они мы чтобы его также нужно"),
    ("en", "the and to of a in is for you your it on with that this be are if not or from can"),
)}
ENOUGH = 3
"""Words below which nothing is said."""
_WORD = re.compile(r"[^\W\d_]+")


def detect(text: str) -> str | None:
    """en, ru or ky; None where too little speaks for one of them."""
    words = [word.lower() for word in _WORD.findall(text[:20_000])]
    if len(words) < ENOUGH:
        return None
    cyrillic = sum("Ѐ" <= word[0] <= "ӿ" for word in words)
    if cyrillic * 2 < len(words):
        latin = sum("a" <= word[0] <= "z" for word in words)
        return "en" if latin * 2 > len(words) and _share(words, "en") >= 0.05 else None
    return _kyrgyz_or_russian(words)


def _kyrgyz_or_russian(words: list[str]) -> str:
    letters = Counter("".join(words))
    marked = sum(letters[letter] for letter in KYRGYZ_LETTERS) / letters.total()
    kyrgyz = _share(words, "ky") + 5 * marked
    russian = _share(words, "ru") + sum(letters[letter] for letter in RUSSIAN_LETTERS) / letters.total()
    return "ky" if kyrgyz > russian else "ru"


def _share(words: list[str], language: str) -> float:
    return sum(word in WORDS[language] for word in words) / len(words)
