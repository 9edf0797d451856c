"""Text people write, shown as safe HTML: Markdown without raw HTML, then an allow-list."""

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from itertools import groupby
from unicodedata import category

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup, escape

TAGS = {"p", "br", "em", "strong", "s", "code", "pre", "blockquote", "ul", "ol", "li", "a", "hr",
        "h1", "h2", "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td"}
_markdown = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable(["table", "strikethrough"])


def render(text: str) -> Markup:
    """Markdown to safe HTML. Links lead to http, https and mailto only and carry no referrer."""
    return _short(text) if len(text) <= SHORT else _long(text)


def _rendered(text: str) -> Markup:
    return clean(_markdown.render(text))


def clean(html: str, *more: str) -> Markup:
    """What the allow-list leaves of HTML, and these tags beside."""
    kept = nh3.clean(
        html,
        tags=TAGS | set(more),
        attributes={"a": {"href", "title"}, "th": {"align"}, "td": {"align"}},
        url_schemes={"http", "https", "mailto"},
        link_rel=_REL,
    )
    return Markup(kept)  # noqa: S704 - just cleaned by the allow-list above


def replaced(html: str, pattern: re.Pattern[str], put: Callable[[re.Match[str]], str],
             outside: Iterable[str]) -> Markup:
    """Safe HTML with what is put for each match in its words, but for those inside the elements named by `outside`.
    Cleaned once more, so that whatever this does to tags the result is safe; marks (`mark`) stay."""
    shut, depth = frozenset(outside), 0
    parts = _TAG.split(html)
    for place, part in enumerate(parts):
        if place % 2:
            name = _NAME.match(part)
            depth += (-1 if name[1] else 1) if name and name[2].lower() in shut else 0
        elif not depth:
            parts[place] = pattern.sub(put, part)
    return clean("".join(parts), "mark")


def said_in(text: str) -> list[str]:
    """What a Markdown text says itself: its runs of plain words, without code, addresses of links, and quotes."""
    runs, quoted = [], 0
    for block in _markdown.parse(text):
        quoted += (block.type == "blockquote_open") - (block.type == "blockquote_close")
        if block.type == "inline" and not quoted:
            runs += [token.content for token in block.children or [] if token.type == "text"]
    return runs


def plain(text: str) -> Markup:
    """Text in which nothing is mark-up, as safe HTML: its lines, its quotes (`>`), and links to http and https."""
    return _short_plain(text) if len(text) <= SHORT else _long_plain(text)


def _drawn(text: str) -> Markup:
    parts: list[str] = []
    for quoted, lines in groupby(text.split("\n"), key=_is_quoted):
        drawn = _paragraphs(_unquoted(line) if quoted else line for line in lines)
        parts.append(f"<blockquote>{drawn}</blockquote>" if quoted else drawn)
    return Markup("".join(parts))  # noqa: S704 - every piece was escaped


def _is_quoted(line: str) -> bool:
    return line.startswith(">")


def _unquoted(line: str) -> str:
    """A line without the first sign of quoting; deeper ones stay to be read."""
    return line[1:].removeprefix(" ")


def _paragraphs(lines: Iterable[str]) -> str:
    groups = (list(group) for is_said, group in groupby(lines, key=lambda line: bool(line.strip())) if is_said)
    return "".join(f"<p>{'<br>'.join(map(_linked, group))}</p>" for group in groups)


def _linked(line: str) -> str:
    pieces, at = [], 0
    for found in _URL.finditer(line):
        url = _ended(found.group())
        address = escape(url)
        pieces += [str(escape(line[at:found.start()])), f'<a href="{address}" rel="{_REL}">{address}</a>']
        at = found.start() + len(url)
    return "".join([*pieces, str(escape(line[at:]))])


def _ended(url: str) -> str:
    """An address without the end of the sentence around it; a bracket that it opened itself is its own."""
    end, closed_from_outside = len(url), url.count(")") - url.count("(")
    while url[end - 1] in _ENDS or (url[end - 1] == ")" and closed_from_outside > 0):
        closed_from_outside -= url[end - 1] == ")"
        end -= 1
    return url[:end]


_ENDS = ".,;:!?'\"»”*_]"
_REL = "noopener noreferrer nofollow"
_TAG = re.compile(r'(<(?:[^>"]|"[^"]*")*>)')
_NAME = re.compile(r"<(/?)(\w+)")
_URL = re.compile(r"\bhttps?://[^\s<>\"]{1,2000}", re.IGNORECASE)
SHORT = 4000
# Two stores each, so that a few long texts cannot fill the memory: at most about 40 MB together.
_short, _long = lru_cache(maxsize=1024)(_rendered), lru_cache(maxsize=32)(_rendered)
_short_plain, _long_plain = lru_cache(maxsize=1024)(_drawn), lru_cache(maxsize=32)(_drawn)


def clean_line(text: str) -> str:
    """One line without control characters: what may stand in a subject or a name. Marks that turn the direction of
    writing or cannot be seen go, but for the joiner that holds many an emoji together."""
    return " ".join("".join(map(_in_a_line, text)).split())


def _in_a_line(character: str) -> str:
    kind = category(character)
    if kind in ("Cf", "Cs"):
        return character if character == "\u200d" else ""
    return " " if kind in ("Cc", "Zl", "Zp") else character


_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
"""The categories Cc and Cs without line end and tab. A pattern: letter by letter a long text costs hundreds of MB."""


def clean_text(text: str) -> str:
    """Several lines, line ends made one kind, without other control characters."""
    unified = text.replace("\r\n", "\n").replace("\r", "\n")
    return _CONTROLS.sub("", unified).strip()


def storable(text: str) -> str:
    """Text from a library, a server or a file as both databases take it: no NUL, no half of a surrogate pair."""
    return text.replace("\0", "").encode(errors="replace").decode()
