"""Folding HTML: the same lines, read off the blocks of a page, and the page then written as two."""

import html as entities
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import nh3

from .. import safe_html
from ..safe_html import BLOCKS, VOID, Token
from . import lines

_QUOTES = re.compile(
    r"gmail_attr|moz-cite-prefix|yahoo_quoted|protonmail_quote|zmail_extra|yandex_quote|quoted-message|cite-prefix"
    r"|mail-quote-collapse|mailru-|mail-app-auto-quote|mail-editor-reference-message-container|OutlookMessageHeader|WordSection_quote",
    re.IGNORECASE)
_SIGNS = re.compile(
    r"gmail_signature|moz-signature|AppleMailSignature|(?:^|[\s_])signature(?:$|[\s_])|ms-outlook-mobile-signature"
    r"|yahoo-signature|protonmail_signature|mail-signature|mail-app-auto-signature|js-signature|lineBreakAtBeginningOfSignature",
    re.IGNORECASE)
_DIVIDES = re.compile(
    r"divRplyFwdMsg|appendonsend|OutlookMessageHeader|ms-outlook-mobile-body-separator-line|isForwardContent|replySplit"
    r"|reply-intro", re.IGNORECASE)
_DRAWN = re.compile(
    r"border-top:\s*solid\s+(?:windowtext|#[0-9a-f]{3,6})\s+1(?:\.0)?pt|border:\s*none;\s*border-top:\s*solid",
    re.IGNORECASE)
PICTURE = "\N{FRAME WITH PICTURE}"
_INDENTED = re.compile(r"border:\s*none|margin:\s*0(?:px)?\s+0(?:px)?\s+0(?:px)?\s+40px", re.IGNORECASE)


@dataclass
class _Reading:
    """Where in the page the reader is: how deep in quotes and signatures, and what the line begun holds so far.

    `of` is for each token the number of its line, -1 for the tags around lines. `open` are the elements around:
    whether each quotes, signs, or perhaps only indents.
    """

    found: list[lines.Line] = field(default_factory=list)
    of: list[int] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    holds: bool = False
    depth: int = 0
    signing: int = 0
    indented: int = 0
    divides: bool = False
    open: list[tuple[bool, bool, bool]] = field(default_factory=list)


def fold(html: str, is_forward: bool) -> tuple[str, str]:
    """What is new and what is folded away, as pages of their own, still to be cleaned; every word is in one of them."""
    page = list(_pieces(_structured(html)))
    reading = _Reading()
    for token in page:
        _read(reading, token)
    _break(reading)
    away = lines.folded(reading.found, is_forward)
    return _written(page, reading.of, away, False), _written(page, reading.of, away, True)


def _pieces(page: str) -> Iterator[Token]:
    """The tokens; of preformatted text each line is one of its own."""
    depth = 0
    for token in safe_html.tokens(page):
        if token.name == "pre":
            depth += -1 if token.is_end else 1
        if depth and not token.name:
            yield from (token._replace(text=line) for line in token.text.splitlines(keepends=True))
        else:
            yield token


def _structured(html: str) -> str:
    """The page well-formed and harmless, with the names by which mailers mark their parts."""
    attributes = {tag: names | {"class", "id", "style", "type"} for tag, names in safe_html.ATTRIBUTES.items()}
    attributes["*"] |= {"data-signature-widget"}
    tags = safe_html.TAGS | BLOCKS | {"font"}
    return nh3.clean(html, tags=set(tags), attributes=attributes, clean_content_tags=safe_html.UNREAD,
                     url_schemes={"http", "https", "mailto", "cid"}, link_rel=None)


def _read(reading: _Reading, token: Token) -> None:
    if not token.name or token.name in VOID:
        _take(reading, token)
    elif token.is_end:
        _leave(reading, token)
    else:
        _enter(reading, token)


def _take(reading: _Reading, token: Token) -> None:
    """A text, a picture or an end of line belongs to the line begun."""
    if token.name == "hr":
        _break(reading)
    reading.of.append(len(reading.found))
    reading.holds = True
    if not token.name:
        reading.words.append(entities.unescape(token.text))
    elif token.name == "img" and token.attributes.get("src", "").lower().startswith("cid:"):
        reading.words.append(f" {PICTURE} ")
    if token.name in ("br", "hr") or token.text.endswith("\n") and token.text.strip():
        _break(reading, rules=token.name == "hr")


def _enter(reading: _Reading, token: Token) -> None:
    if token.name in BLOCKS:
        _break(reading)
    reading.of.append(-1)
    marks = _marks(reading, token)
    if any(marks):
        _break(reading)
    reading.open.append(marks)
    _count(reading, marks, 1)


def _count(reading: _Reading, marks: tuple[bool, bool, bool], by: int) -> None:
    reading.depth += by * marks[0]
    reading.signing += by * marks[1]
    reading.indented += by * marks[2]


def _marks(reading: _Reading, token: Token) -> tuple[bool, bool, bool]:
    """Whether an element quotes, signs, and perhaps only indents; that it divides is left with the line to come."""
    about = token.attributes
    named = f"{about.get('class', '')} {about.get('id', '')}"
    style = about.get("style", "")
    if _DIVIDES.search(named) or (token.name in BLOCKS and _DRAWN.search(style)):
        _break(reading)
        reading.divides = bool(_DIVIDES.search(named))
    is_block = token.name == "blockquote" and not _INDENTED.search(style)
    is_bare = is_block and not named.strip() and "type" not in about and "border" not in style
    signs = bool(_SIGNS.search(named)) or "data-signature-widget" in about
    return is_block or bool(_QUOTES.search(named)), signs, is_bare


def _leave(reading: _Reading, token: Token) -> None:
    if token.name in BLOCKS:
        _break(reading)
    reading.of.append(-1)
    marks = reading.open.pop() if reading.open else (False, False, False)
    if any(marks):
        _break(reading)
    _count(reading, marks, -1)


def _break(reading: _Reading, rules: bool = False) -> None:
    """The line begun is at its end."""
    if not reading.holds:
        return
    words = " ".join("".join(reading.words).split())
    divides = reading.divides and bool(words)
    is_indented = 0 < reading.depth == reading.indented
    reading.found.append(lines.Line(words, reading.depth, divides, reading.signing > 0, rules, is_indented))
    reading.divides = reading.divides and not divides
    reading.words.clear()
    reading.holds = False


def _written(page: list[Token], of: list[int], away: list[bool], wanted: bool) -> str:
    """The tokens of the lines wanted, and of the elements around them only those that hold any."""
    written: list[str] = []
    around: list[Token] = []
    opened = 0
    for token, line in zip(page, of, strict=True):
        if line >= 0:
            if away[line] is wanted:
                written.extend(safe_html.written(one) for one in around[opened:])
                opened = len(around)
                written.append(safe_html.written(token))
        elif not token.is_end:
            around.append(token)
        elif around:
            around.pop()
            if opened > len(around):
                opened = len(around)
                written.append(safe_html.written(token))
    return "".join(written)
