"""The text of an article: Markdown to safe HTML with anchors, callouts and tables; its contents; its plain words."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import nh3
from flask_babel import force_locale
from flask_babel import gettext as _
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup
from mdit_py_plugins.container import container_plugin
from mdit_py_plugins.gfm_autolink import gfm_autolink_plugin

from app.core.markup import TAGS
from app.core.slugs import slug_of

CALLOUTS = {"note": "note", "tip": "tip", "important": "note", "warning": "warning", "caution": "warning"}
FILE = re.compile(r"/kb/files/(\d{1,18})(?:\?inline)?\Z")
TOP, DEEPEST, LISTED = 2, 6, 3
"""The title of the page is its one h1; headings of levels 2 and 3 stand in the contents."""


@dataclass(frozen=True)
class Heading:
    """A line of the contents."""

    level: int
    text: str
    anchor: str


@dataclass(frozen=True)
class Rendered:
    """An article as a page shows it."""

    html: Markup
    contents: tuple[Heading, ...]


def _parser() -> MarkdownIt:
    made = MarkdownIt("commonmark", {"html": False, "alerts": True, "tasklists": True})
    made.enable(["table", "strikethrough"]).use(gfm_autolink_plugin)
    for name in ("note", "tip", "warning"):
        made.use(container_plugin, name)
    return made


_markdown = _parser()


def render(body: str, language: str, root: str = "") -> Rendered:
    """The text as safe HTML; `language` is the article's own, `root` where the desk stands on its host. Pictures come
    only from the desk's own files; those of other hosts become links, so that reading tells nobody."""
    return _short(body, language, root) if len(body) <= SHORT else _long(body, language, root)


def _rendered(body: str, language: str, root: str) -> Rendered:
    tokens = _markdown.parse(body)
    contents = tuple(_set_anchors(tokens))
    with force_locale(language):
        _dress(tokens)
    _place(tokens, root)
    html = nh3.clean(
        _markdown.renderer.render(tokens, _markdown.options, {}),
        tags=TAGS | {"div", "img"},
        attributes={"a": {"href", "title"}, "th": {"align"}, "td": {"align"}, "ol": {"start"},
                    "div": {"tabindex"}, "img": {"src", "alt", "title", "loading"},
                    **{f"h{level}": {"id"} for level in range(TOP, DEEPEST + 1)}},
        allowed_classes={"div": {"callout", "scroll", *(f"callout-{kind}" for kind in CALLOUTS.values())},
                         "p": {"callout-title"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer",
    )
    return Rendered(Markup(html), contents)  # noqa: S704 - just cleaned by the allow-list above


SHORT = 20_000
# Two stores, so that a few long texts cannot fill the memory.
_short, _long = lru_cache(maxsize=512)(_rendered), lru_cache(maxsize=16)(_rendered)


def plain(body: str) -> str:
    """The words without their marks, a line for each block."""
    return "\n".join(line for line in _lines(_markdown.parse(body)) if line)


def _lines(tokens: Sequence[Token]) -> Iterator[str]:
    before = ""
    for token in tokens:
        if token.type in ("fence", "code_block"):
            yield token.content.strip()
        elif token.type.startswith("container_"):
            yield token.info.strip().partition(" ")[2]
        elif token.type == "inline" and before != "alert_title_open":
            yield _words(token)
        before = token.type


def files_in(body: str) -> set[int]:
    """The numbers of the files that the text shows or leads to."""
    found = (FILE.match(_address(token)) for token in _flat(_markdown.parse(body)))
    return {int(match[1]) for match in found if match}


def _address(token: Token) -> str:
    return str(token.attrGet("src") or token.attrGet("href") or "")


def _flat(tokens: Sequence[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from _flat(token.children or [])


def _words(inline: Token) -> str:
    spoken = {"softbreak": " ", "hardbreak": " "}
    parts = (_words(token) if token.type == "image" else spoken.get(token.type, token.content)
             for token in inline.children or [])
    return " ".join("".join(parts).split())


def _set_anchors(tokens: list[Token]) -> Iterator[Heading]:
    """The highest heading becomes the second level of the page, the others follow; each gets its anchor, which a page's
    own ids cannot meet."""
    opened = [place for place, token in enumerate(tokens) if token.type == "heading_open"]
    shift = TOP - min((int(tokens[place].tag[1]) for place in opened), default=TOP)
    taken: dict[str, int] = {}
    for place in opened:
        level = min(int(tokens[place].tag[1]) + shift, DEEPEST)
        tokens[place].tag = tokens[place + 2].tag = f"h{level}"
        text = _words(tokens[place + 1])
        anchor = _free(f"s-{slug_of(text) or 'part'}", taken)
        tokens[place].attrSet("id", anchor)
        if level <= LISTED and text:
            yield Heading(level, text, anchor)


def _free(anchor: str, taken: dict[str, int]) -> str:
    """Of many headings that say the same none counts from the beginning: `taken` keeps how far each has come."""
    number, free = taken.get(anchor, 1), anchor
    while free in taken:
        number, free = number + 1, f"{anchor}-{number + 1}"
    taken[anchor] = number
    taken.setdefault(free, 1)
    return free


def _dress(tokens: list[Token]) -> None:
    """Callouts with their names, tasks with their boxes, tables that scroll by themselves."""
    for place in range(len(tokens) - 1, -1, -1):
        token = tokens[place]
        if token.type.startswith("container_") and token.type.endswith("_open"):
            kind, _space, title = token.info.strip().partition(" ")
            _call_out(token, kind)
            tokens[place + 1:place + 1] = _title(title or _called(kind))
        elif token.type == "alert_open":
            kind = token.meta["kind"].lower()
            _call_out(token, kind)
            tokens[place + 1:place + 4] = _title(_called(kind))
        elif token.type == "list_item_open" and "checked" in token.meta:
            _tick(token, (tokens[number] for number in range(place + 1, len(tokens))))
        elif token.type in ("table_open", "table_close"):
            _wrap(tokens, place)
        elif "style" in token.attrs:
            token.attrs = {"align": str(token.attrs["style"]).removeprefix("text-align:")}


def _call_out(token: Token, kind: str) -> None:
    token.attrs = {"class": f"callout callout-{CALLOUTS[kind]}"}


def _called(kind: str) -> str:
    return {"note": _("Note"), "tip": _("Tip"), "warning": _("Warning")}[CALLOUTS[kind]]


def _title(text: str) -> list[Token]:
    inline = Token("inline", "", 0, content=text, children=[Token("text", "", 0, content=text)])
    return [Token("paragraph_open", "p", 1, attrs={"class": "callout-title"}, block=True), inline,
            Token("paragraph_close", "p", -1, block=True)]


def _tick(item: Token, following: Iterable[Token]) -> None:
    """A box that is a letter: nobody can click on what cannot be saved."""
    box = "☑ " if item.meta.pop("checked") else "☐ "
    item.attrs.pop("class", None)
    inline = next(token for token in following if token.type == "inline")
    inline.children = [Token("text", "", 0, content=box), *(inline.children or [])]


def _wrap(tokens: list[Token], place: int) -> None:
    if tokens[place].type == "table_open":
        tokens.insert(place, Token("scroll_open", "div", 1, attrs={"class": "scroll", "tabindex": "0"}, block=True))
    else:
        tokens.insert(place + 1, Token("scroll_close", "div", -1, block=True))


def _place(tokens: Sequence[Token], root: str) -> None:
    """The desk's own pictures are shown, others become links; addresses of the desk begin where it stands."""
    for token in tokens:
        token.children = [one for child in token.children or [] for one in _picture(child, root)] or token.children
        for child in token.children or []:
            if child.type == "link_open" and _address(child).startswith("/kb/"):
                child.attrSet("href", root + _address(child))


def _picture(token: Token, root: str) -> list[Token]:
    if token.type != "image":
        return [token]
    source = _address(token)
    if match := FILE.match(source):
        token.attrs = {**token.attrs, "src": f"{root}/kb/files/{match[1]}?inline", "loading": "lazy"}
        return [token]
    words: Any = _words(token) or source
    return [Token("link_open", "a", 1, attrs={"href": source}), Token("text", "", 0, content=words),
            Token("link_close", "a", -1)]
