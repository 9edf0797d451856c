"""Names of files that people or mails bring, as they may be shown; pure: the reader of mail runs without the desk."""

import re
import unicodedata


def clean_name(name: str) -> str:
    """A name that is safe to show and to offer for saving: no path, control or direction marks, at most 255 bytes."""
    base = re.split(r"[/\\]", unicodedata.normalize("NFC", name or ""))[-1]
    shown = "".join(c for c in base if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Zl", "Zp"))
    shown = shown.strip(" .") or "file"
    return _cut(shown, 255)


def _cut(name: str, limit: int) -> str:
    """Shorten the stem, keep the ending."""
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending.encode()) > 20:
        stem, ending = name, ""
    tail = f".{ending}".encode() if ending else b""
    return stem.encode()[: limit - len(tail)].decode(errors="ignore") + tail.decode()
