"""The HTML of a mail as a page shows it: cleaned once more, its own pictures in their places, those of other hosts
named and not loaded, and beside a link that says one host and leads to another, the host it leads to."""

import re
from collections.abc import Mapping
from functools import lru_cache
from html import unescape
from typing import NamedTuple

from markupsafe import Markup, escape

from . import safe_html
from .safe_html import Token, host

SHORT = 20_000
LINE = 90
"""Letters on one line of a page, about."""
MOST_NAMED = 400
_NAMED = re.compile(r"(?:https?://)?(?:www\.)?([^\s/@:?#]{1,250}\.[^\s/@:?#.\d]{2,60})(?:[/:?#]\S*)?", re.IGNORECASE)


class Drawn(NamedTuple):
    """Safe HTML, about how many lines it takes, and the Content-IDs of the pictures in it."""

    html: Markup
    lines: int
    pictures: frozenset[str]


class Words(NamedTuple):
    """What is said in the reader's language: instead of a picture of another host (`{host}`), of one that is nowhere,
    and behind a link that leads elsewhere (`{host}`)."""

    remote: str
    missing: str
    leads: str


def draw(html: str, pictures: Mapping[str, str], words: Words) -> Drawn:
    """`pictures` says for a Content-ID where the picture is."""
    known = tuple(sorted(pictures.items()))
    return _short(html, known, words) if len(html) <= SHORT else _long(html, known, words)


def _draw(html: str, pictures: tuple[tuple[str, str], ...], words: Words) -> Drawn:
    drawing = _Drawing(dict(pictures), words)
    for token in safe_html.tokens(safe_html.clean(html)):
        drawing.add(token)
    return drawing.done()


_short, _long = lru_cache(maxsize=512)(_draw), lru_cache(maxsize=16)(_draw)


class _Drawing:
    """Takes the tokens of one page in order."""

    def __init__(self, pictures: Mapping[str, str], words: Words) -> None:
        self._pictures, self._words = pictures, words
        self._parts: list[str] = []
        self._used: set[str] = set()
        self._lines = self._tables = 0
        self._href, self._said = "", ""

    def done(self) -> Drawn:
        return Drawn(Markup("".join(self._parts)), self._lines, frozenset(self._used))  # noqa: S704 - just cleaned

    def add(self, token: Token) -> None:
        if not token.name:
            self._lines += len(token.text) // LINE
            self._said += token.text if self._href and len(self._said) < MOST_NAMED else ""
        elif token.name in ("br", "p", "li", "tr", "div", "h1", "h2", "h3") and not token.is_end:
            self._lines += 1
        draw = getattr(self, f"_{token.name}", None) if token.name in ("img", "a", "table") else None
        self._parts.append(draw(token) if draw else safe_html.written(_plainer(token)))

    def _img(self, token: Token) -> str:
        source, seen = token.attributes.get("src", ""), token.attributes.get("data-host", "")
        name = source.partition(":")[2]
        if name in self._pictures:
            self._used.add(name)
            about = {key: token.attributes[key] for key in ("width", "height") if key in token.attributes}
            return safe_html.written(token._replace(attributes={
                "src": self._pictures[name], "alt": token.attributes.get("alt", ""), "loading": "lazy", **about}))
        words = self._words.remote.format(host=seen) if seen else self._words.missing
        alt = token.attributes.get("alt", "").strip()
        return f'<span class="unseen">{escape(f"{alt}: {words}" if alt else words)}</span>'

    def _a(self, token: Token) -> str:
        if not token.is_end:
            self._href, self._said = token.attributes.get("href", ""), ""
            return safe_html.written(token)
        leads = elsewhere(self._href, self._said)
        self._href = ""
        hint = f'<span class="leads">{escape(self._words.leads.format(host=leads))}</span>' if leads else ""
        return f"</a>{hint}"

    def _table(self, token: Token) -> str:
        """Tables of mails mostly lay out a page; the outermost scrolls where the screen is narrow."""
        self._tables += -1 if token.is_end else 1
        if token.is_end:
            return "</table></div>" if not self._tables else "</table>"
        table = '<table role="presentation">'
        return f'<div class="scrolls">{table}' if self._tables == 1 else table


def _plainer(token: Token) -> Token:
    """The headings of a mail are none of the page."""
    return token._replace(name="p") if re.fullmatch(r"h[1-6]", token.name) else token


def elsewhere(href: str, said: str) -> str:
    """The host to which a link leads, where its words name another one, or where its letters are not plain; else ''."""
    real = host(href).removeprefix("www.")
    if not real or href.lower().startswith("mailto:"):
        return ""
    if not real.isascii() or "xn--" in real:
        return _spelled(real)
    named = _NAMED.fullmatch(unescape(said).strip()) if len(said) <= MOST_NAMED else None
    return real if named and named.group(1).lower().removeprefix("www.") != real else ""


def _spelled(real: str) -> str:
    try:
        return real.encode("idna").decode("ascii")
    except UnicodeError:
        return real
