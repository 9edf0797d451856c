"""What is new in a mail, apart from what it quotes and its signature. Nothing is lost: what is not in one is in the
other. Runs in the process that understands mails, without a database; its time grows with the mail, not faster."""

import re
from typing import NamedTuple

from .. import safe_html
from . import hypertext, plain, wordings

MOST = 2_000_000
MOST_LINES = 50_000
"""Letters and lines of text that are considered; what comes after them is folded away."""
_WORD = re.compile(r"\w+")


class Folding(NamedTuple):
    """What is new, and what is folded away, each as text and as safe HTML ('' where the mail has none)."""

    text: str
    folded: str
    html: str
    folded_html: str


def fold(text: str, html: str, subject: str = "") -> Folding:
    """The two parts of a mail that has text, HTML or both. The subject tells a forwarded mail from an answer."""
    is_forward = bool(wordings.FORWARD_SUBJECT.match(subject[:200]))
    new_html, old_html = _fold_html(html, is_forward)
    if not text.strip():
        read = (safe_html.as_text(new_html), safe_html.as_text(old_html))
        new, old = read if new_html or old_html else _fold_text(safe_html.as_text(html), is_forward)
    else:
        new, old = _fold_text(text, is_forward)
        if old_html and not old:
            new, old = _cut_alike(new, safe_html.as_text(new_html))
    return Folding(new, old, new_html, old_html)


def _fold_html(html: str, is_forward: bool) -> tuple[str, str]:
    if not html.strip() or not safe_html.affordable(html):
        return "", ""
    new, old = hypertext.fold(html, is_forward)
    return safe_html.clean(new), safe_html.clean(old)


def _fold_text(text: str, is_forward: bool) -> tuple[str, str]:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    end = _end(text)
    new, old = plain.fold(text[:end], is_forward)
    return new, "\n\n".join(part for part in (old, text[end:]) if part)


def _end(text: str) -> int:
    """How far a text is considered, up to the end of a line or at least of a word."""
    end = len(text) if len(text) <= MOST else max(text.rfind("\n", 0, MOST), text.rfind(" ", 0, MOST)) + 1 or MOST
    if text.count("\n", 0, end) <= MOST_LINES:
        return end
    return len("\n".join(text[:end].split("\n", MOST_LINES)[:MOST_LINES])) + 1


def _cut_alike(text: str, new: str) -> tuple[str, str]:
    """Cut a text, in which nothing showed where history begins, where the new part of its HTML ends."""
    words = _WORD.findall(new)
    found = list(_WORD.finditer(text))
    if not words or [one.group() for one in found[:len(words)]] != words:
        return text, ""
    end = text.find("\n", found[len(words) - 1].end())
    return (text, "") if end < 0 else (text[:end].rstrip(), text[end:].strip("\n"))
