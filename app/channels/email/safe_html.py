"""The HTML of a mail as our pages may show it, and as plain text. What comes in is hostile: everything is linear.

The library parses as browsers do and leaves only what is on the list; what it writes is well-formed, so that a
pattern can read it again. Pictures of other hosts lose their address: only the host is kept, to be named.
"""

import html as entities
import re
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import urlsplit

import nh3

_BLOCKS = ("address article aside blockquote caption center dd details div dl dt fieldset figcaption figure footer form"
           " h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section summary table tbody tfoot thead tr ul")
_SHOWN = ("a abbr b blockquote br caption code dd del div dl dt em h1 h2 h3 h4 h5 h6 hr i img ins kbd li ol p pre q s"
          " samp small span strike strong sub sup table tbody td tfoot th thead tr tt u ul var")
_BESIDE = "p li dd dt tr td th tbody thead tfoot option br hr img input meta link col area base wbr html head body"
BLOCKS, TAGS = frozenset(_BLOCKS.split()), frozenset(_SHOWN.split())
ATTRIBUTES = {
    "a": {"href", "title"}, "img": {"src", "alt", "width", "height", "data-host"}, "ol": {"start"},
    "td": {"colspan", "rowspan", "align"}, "th": {"colspan", "rowspan", "align"}, "*": {"dir", "lang"},
}
UNREAD = {"script", "style", "title", "template"}
"""Elements whose text is no words of a mail."""
MOST = 2_000_000
"""Letters of HTML that are parsed, pictures written into it not counted; more is read as text only."""
DEAREST = 20_000_000
"""Steps: a parser that follows the standard walks through all that is open at each tag, and the library's time grows
with the square of what it must escape in one text (60 s for four million ampersands)."""

_START = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
_TOKEN = re.compile(r'<(/?)([a-z][a-z0-9:-]*)((?: [^\s"<>=]+="[^"]*")*)>|([^<]+)')
_ATTRIBUTE = re.compile(r' ([^\s"<>=]+)="([^"]*)"')
_DATA = re.compile(r"data:[a-z/+.;=-]{0,80},[A-Za-z0-9+/=%\s]{64,}", re.IGNORECASE)
_BEFORE_HOST = re.compile(r"^https?:/+", re.IGNORECASE)
_UNNESTED = frozenset(_BESIDE.split())
VOID = frozenset({"br", "hr", "img", "wbr", "col"})
BREAK, PARAGRAPH = "\x1e", "\x1f"
_BREAKS = re.compile(rf"\n?[{BREAK}{PARAGRAPH}][{BREAK}{PARAGRAPH} ]*")


class Token(NamedTuple):
    """A tag that begins (`name`), one that ends (`name`, `is_end`), or text (as written, entities and all)."""

    name: str
    is_end: bool
    attributes: dict[str, str]
    text: str


def clean(html: str) -> str:
    """What of it is safe to show. Cleaning twice changes nothing. '' for what is too large or too deep to be parsed."""
    if not affordable(html):
        return ""
    # A picture written into the page could be anything of any size; the mail itself still has it.
    safe = nh3.clean(
        _DATA.sub("data:", html), tags=set(TAGS), attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
        clean_content_tags=UNREAD, url_schemes={"http", "https", "mailto", "cid"}, attribute_filter=_addresses,
        link_rel="noopener noreferrer nofollow", set_tag_attribute_values={},
    )
    return "".join(_written(token) for token in tokens(safe)).strip()


def _addresses(tag: str, name: str, value: str) -> str | None:
    """A link leads out, to a person or nowhere; a picture stands in the mail, or on a host that is only named."""
    if name == "href":
        return value if value.lower().startswith(("http://", "https://", "mailto:")) else None
    if name in ("width", "height") and not (value.strip().isdecimal() and len(value) < 10):
        return None
    return value


def _written(token: Token) -> str:
    if token.name != "img":
        return written(token)
    about, source = dict(token.attributes), token.attributes.get("src", "")
    if not source.lower().startswith("cid:"):
        about.pop("src", None)
        about.setdefault("data-host", host(source))
    return "" if _is_pixel(about) else written(token._replace(attributes=about))


def _is_pixel(about: dict[str, str]) -> bool:
    """A picture that nobody is meant to see, on another host: it only counts who reads."""
    sizes = [int(about[name]) for name in ("width", "height") if about.get(name, "").isdecimal()]
    return "src" not in about and any(size < 4 for size in sizes)


def host(address: str) -> str:
    """The host that an address leads to, '' for none. Browsers take a backslash for a slash, and any number of them
    before the host for two."""
    read = _BEFORE_HOST.sub("https://", address.strip().replace("\\", "/"), count=1)
    try:
        return (urlsplit(read).hostname or "")[:253]
    except ValueError:
        return ""


def affordable(html: str) -> bool:
    """Whether a parser gets through it in a moment: no monstrous size, no thousands of elements in each other."""
    if len(html) > MOST:
        html = _DATA.sub("", html)
    if len(html) > MOST:
        return False
    depth, cost = 0, 200 * (html.count("&") + html.count("\u00a0")) + 40 * html.count("\n")
    for is_end, name in _START.findall(html):
        if name.lower() not in _UNNESTED:
            depth = max(0, depth - 1) if is_end else depth + 1
        cost += depth + 400
    return cost <= DEAREST


def tokens(safe: str) -> Iterator[Token]:
    """The parts of HTML that the library has written."""
    for is_end, name, attributes, text in _TOKEN.findall(safe):
        about = {key: entities.unescape(value) for key, value in _ATTRIBUTE.findall(attributes)}
        yield Token(name, bool(is_end), about, text)


def written(token: Token) -> str:
    """A token as HTML."""
    if not token.name:
        return token.text
    if token.is_end:
        return f"</{token.name}>"
    about = "".join(f' {name}="{entities.escape(value)}"' for name, value in token.attributes.items())
    return f"<{token.name}{about}>"


def as_text(html: str) -> str:
    """Its words, with a line for each block."""
    if not affordable(html):
        return _crude(html)
    safe = nh3.clean(_DATA.sub("", html), tags=set(BLOCKS | {"br", "td", "th"}), attributes={},
                     clean_content_tags=UNREAD, link_rel=None)
    depth, pieces = 0, []
    for token in tokens(safe):
        depth += (-1 if token.is_end else 1) if token.name == "pre" else 0
        pieces.append(_spaced(token, depth > 0))
    return _tidy(_BREAKS.sub(lambda found: "\n\n" if PARAGRAPH in found.group() else "\n", "".join(pieces)))


def _spaced(token: Token, is_preformatted: bool) -> str:
    """What a token is in a text; the ends of blocks are signs still, for many of them make one end of line."""
    if not token.name:
        words = entities.unescape(token.text)
        return re.sub(r"[^\S\n]+" if is_preformatted else r"\s+", " ", words)
    if token.name in ("td", "th"):
        return " "
    if token.name == "br":
        return "\n"
    return PARAGRAPH if token.name == "p" else BREAK if token.name in BLOCKS else ""


def _tidy(text: str) -> str:
    lines = [" ".join(line.split()) for line in text.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _crude(html: str) -> str:
    """Without a parser: what stands between angle brackets goes."""
    text = html
    for name in ("script", "style"):
        before, *pieces = re.split(rf"<{name}(?=[\s>])", text, flags=re.IGNORECASE)
        end = re.compile(rf"</{name}\s*>", re.IGNORECASE)
        text = before + "".join(end.split(piece, maxsplit=1)[-1] for piece in pieces)
    return _tidy(entities.unescape(re.sub(r"<[^<>]*>", "\n", text)))
