"""Short names for addresses and anchors, in Latin letters whatever the language."""

import re
import unicodedata

LETTERS = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "e", "ж": "zh", "з": "z", "и": "i", "й": "y",
    "к": "k", "л": "l", "м": "m", "н": "n", "ң": "ng", "о": "o", "ө": "o", "п": "p", "р": "r", "с": "s", "т": "t",
    "у": "u", "ү": "u", "ф": "f", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ы": "y",
    "ь": "", "э": "e", "ю": "yu", "я": "ya",
}
LONGEST = 80


def slug_of(text: str) -> str:
    """Small Latin letters, digits and single hyphens; '' when nothing of the text can be said so."""
    latin = "".join(LETTERS.get(letter, letter) for letter in unicodedata.normalize("NFC", text).lower())
    plain = unicodedata.normalize("NFKD", latin).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    return words if len(words) <= LONGEST else _cut(words)


def _cut(words: str) -> str:
    """After a whole word, where there is one."""
    return (words[:LONGEST + 1].rpartition("-")[0] or words[:LONGEST]).strip("-")


def free(wanted: str, taken: set[str]) -> str:
    """The wanted name, or the first of wanted-2, wanted-3 … that nobody has."""
    number, slug = 2, wanted
    while slug in taken:
        number, slug = number + 1, f"{wanted}-{number}"
    return slug
