"""Text people write, shown as safe HTML: Markdown without raw HTML, then an allow-list."""

from functools import lru_cache
from unicodedata import category

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

TAGS = {"p", "br", "em", "strong", "s", "code", "pre", "blockquote", "ul", "ol", "li", "a", "hr",
        "h1", "h2", "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td"}
_markdown = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable(["table", "strikethrough"])


def render(text: str) -> Markup:
    """Markdown to safe HTML. Links lead to http, https and mailto only and carry no referrer."""
    return _short(text) if len(text) <= SHORT else _long(text)


def _rendered(text: str) -> Markup:
    html = nh3.clean(
        _markdown.render(text),
        tags=TAGS,
        attributes={"a": {"href", "title"}, "th": {"align"}, "td": {"align"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer nofollow",
    )
    return Markup(html)  # noqa: S704 - just cleaned by the allow-list above


SHORT = 4000
# Two stores, so that a few long texts cannot fill the memory: at most about 40 MB together.
_short, _long = lru_cache(maxsize=1024)(_rendered), lru_cache(maxsize=32)(_rendered)


def clean_line(text: str) -> str:
    """One line without control characters: what may stand in a subject or a name. Marks that turn the direction of
    writing or cannot be seen go, but for the joiner that holds many an emoji together."""
    return " ".join("".join(map(_in_a_line, text)).split())


def _in_a_line(character: str) -> str:
    kind = category(character)
    if kind in ("Cf", "Cs"):
        return character if character == "\u200d" else ""
    return " " if kind in ("Cc", "Zl", "Zp") else character


def clean_text(text: str) -> str:
    """Several lines, line ends made one kind, without other control characters."""
    unified = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c for c in unified if c in "\n\t" or category(c) not in ("Cc", "Cs")).strip()


def storable(text: str) -> str:
    """Text from a library, a server or a file as both databases take it: no NUL, no half of a surrogate pair."""
    return text.replace("\0", "").encode(errors="replace").decode()
