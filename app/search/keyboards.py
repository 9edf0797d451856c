"""Words typed in another keyboard layout, and Russian or Kyrgyz typed in Latin letters."""

import itertools
import re

LATIN_KEYS = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`"
RUSSIAN_KEYS = "йцукенгшщзхъфывапролджэячсмитьбюё"
TO_RUSSIAN = str.maketrans(LATIN_KEYS + '{}:"<>~', RUSSIAN_KEYS + "хъжэбюё")
TO_LATIN = str.maketrans(RUSSIAN_KEYS, LATIN_KEYS)
CYRILLIC = re.compile("[а-яёөүң]")
LATIN = re.compile("[a-z]")

SOUNDS = {
    "shch": "щ", "sch": "щ", "shh": "щ", "zh": "ж", "kh": "х", "ts": "ц", "ch": "ч", "sh": "ш", "yu": "ю", "ju": "ю",
    "iu": "ю", "ya": "я", "ja": "я", "ia": "я", "yo": "е", "jo": "е", "ye": "е", "je": "е", "ng": "нг",
    "a": "а", "b": "б", "c": "ц", "d": "д", "e": "е", "f": "ф", "g": "г", "h": "х", "i": "и", "j": "й", "k": "к",
    "l": "л", "m": "м", "n": "н", "o": "о", "p": "п", "q": "к", "r": "р", "s": "с", "t": "т", "u": "у", "v": "в",
    "w": "в", "x": "кс", "y": "ы", "z": "з", "ö": "ө", "ü": "ү", "ı": "ы", "ş": "ш", "ç": "ч",
}
SOUND = re.compile("|".join(sorted(SOUNDS, key=len, reverse=True)))
LATE = [("ыы", "ый"), ("ии", "ий"), ("аы", "ай"), ("еы", "ей"), ("оы", "ой"), ("уы", "уй"), ("иы", "ий")]
"""y after a vowel is й."""
DOUBTS = {"sch": ("щ", "сч"), "ts": ("ц", "тс"), "sh": ("ш", "сх"), "ia": ("я", "ия"), "iu": ("ю", "иу"),
          "ye": ("ые", "е", "ье"), "c": ("ц", "к", "с"), "y": ("ы", "й"), "yo": ("ио", "е", "ё"), "ng": ("нг", "ң"),
          "e": ("е", "э"), "h": ("х", "г"), "j": ("й", "ж")}
MOST = 12


def other_layout(text: str) -> str:
    """What the same keys write in the other layout; Kyrgyz uses the Russian keys."""
    text = text.lower()
    if len(CYRILLIC.findall(text)) > len(LATIN.findall(text)):
        return text.translate(TO_LATIN)
    return text.translate(TO_RUSSIAN)


def in_cyrillic(word: str) -> list[str]:
    """How a word in Latin letters may be spelled in Cyrillic, the likeliest first."""
    parts = SOUND.findall(word)
    if len("".join(parts)) != len(word):
        return []
    doubtful = [number for number, part in enumerate(parts) if part in DOUBTS and (part != "e" or number == 0)
                and (part not in "hj" or number == 0)][:4]
    choices = [DOUBTS[part] if number in doubtful else (SOUNDS[part],) for number, part in enumerate(parts)]
    spelled = ("".join(chosen) for chosen in itertools.islice(itertools.product(*choices), 3 * MOST))
    return list(dict.fromkeys(_late(word) for word in spelled))[:MOST]


def _late(word: str) -> str:
    for wrong, right in LATE:
        word = word.replace(wrong, right)
    return word
