"""The text of a file: bytes of any encoding decoded, HTML and plain text made Markdown, front matter read. Pure."""

import codecs
import re
from dataclasses import dataclass, field
from unicodedata import category

from bs4 import BeautifulSoup
from markdownify import markdownify
from soupsieve import SelectorSyntaxError

from .article_drops import dropped
from .article_mapping import Rule

KINDS = {".md": "markdown", ".markdown": "markdown", ".html": "html", ".htm": "html", ".txt": "text"}
NEVER_TAKEN = ("script", "style", "nav", "header", "footer", "aside", "form", "noscript", "template", "iframe", "svg",
               "button", "object", "embed")
MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
OWN_PARAGRAPH = 100
"""A line of plain text this long is a paragraph; shorter ones may be wrapped."""


class Unreadable(Exception):
    """The file is left out; the message says why."""


@dataclass
class Text:
    """A file as Markdown, and what it says of itself."""

    markdown: str
    about: dict[str, str] = field(default_factory=dict)
    """Front matter: key in lower case -> value as it stands."""
    dropped: int = 0
    """Lines the mapping told to leave out."""


def decoded(raw: bytes, encoding: str = "auto") -> str:
    """The characters. Raises Unreadable for what is not a text, or in no encoding that is known here."""
    if not raw.strip():
        raise Unreadable("it is empty")
    if encoding != "auto":
        return _by_name(raw, encoding)
    for mark, name in MARKS:
        if raw.startswith(mark):
            return _by_name(raw, name)
    if b"\0" in raw[:4096]:
        return _without_mark(raw)
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return _by_page(raw)


def _by_name(raw: bytes, encoding: str) -> str:
    try:
        text = raw.decode(encoding)
    except (LookupError, UnicodeError) as error:
        raise Unreadable(f"its encoding is not {encoding}") from error
    return text.removeprefix("\ufeff")


def _without_mark(raw: bytes) -> str:
    """UTF-16 that does not say so has its zeros on one side only."""
    even, odd = raw[:4096:2].count(0), raw[1:4096:2].count(0)
    name = "utf-16-le" if odd > 4 * even else "utf-16-be" if even > 4 * odd else ""
    if not name:
        raise Unreadable("it is not a text")
    try:
        text = raw.decode(name)
    except UnicodeDecodeError as error:
        raise Unreadable("it is not a text") from error
    if sum(category(c) in ("Cc", "Cn", "Co") and c not in "\r\n\t" for c in text[:2000]) > 20:
        raise Unreadable("it is not a text")
    return text


def _by_page(raw: bytes) -> str:
    """One byte a letter: what the page says, else the usual one of old Russian files, if it makes words of it."""
    said = re.search(rb"charset=[\"']?([\w-]+)", raw[:2048], re.IGNORECASE)
    if said and said[1].lower() not in (b"utf-8", b"utf8"):
        return _by_name(raw, said[1].decode("ascii"))
    text = raw.decode("cp1251", errors="replace")
    if _is_broken(text):
        raise Unreadable("its encoding is broken, or one that is not known here (name it in the mapping)")
    return text


def _is_broken(text: str) -> bool:
    """Words that mix Latin and Cyrillic, or characters nobody types, in more than one foreign word of ten."""
    foreign = [word for word in re.findall(r"[^\s\d.,;:!?()\"-]+", text) if not word.isascii()]
    strange = sum(bool(re.search(r"[a-zA-Z][Ѐ-ӿ]|[Ѐ-ӿ][a-zA-Z]|[\ufffd\x00-\x08]|[а-яё][А-ЯЁ]|[ЂЃѓЉЊЌЋЏђљњќћџ]", word))
                  for word in foreign)
    return strange * 10 > len(foreign)


def understood(text: str, kind: str, rule: Rule) -> Text:
    """Markdown of a file of this kind."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    if kind == "html":
        return _of_html(text, rule)
    about, body = front_matter(text)
    kept, count = dropped(body, rule.drops)
    return Text(kept if kind == "markdown" else _of_plain(kept, rule), about, count)


def front_matter(text: str) -> tuple[dict[str, str], str]:
    """Lines `key: value` between two lines of hyphens at the beginning, and the rest. A list is joined by commas."""
    found = re.match(r"---[ \t]*\n(?P<head>.*?)\n(---|\.\.\.)[ \t]*(\n|$)", text, re.DOTALL)
    if not found:
        return {}, text
    about: dict[str, str] = {}
    key = ""
    for line in found["head"].splitlines():
        if pair := re.match(r"(?P<key>[\w-]+)\s*:\s*(?P<value>.*)$", line):
            key = pair["key"].lower()
            about[key] = pair["value"].strip().strip("[]").strip("\"'")
        elif key and (item := re.match(r"\s*-\s+(.+)$", line)):
            about[key] = ", ".join(filter(None, (about[key], item[1].strip().strip("\"'"))))
    return about, text[found.end():]


def _of_html(text: str, rule: Rule) -> Text:
    soup = BeautifulSoup(text, "html.parser")
    about = _about(soup)
    try:
        part = soup.select_one(rule.take) if rule.take else soup.body or soup
        for selector in (*NEVER_TAKEN, *rule.drop_elements):
            for element in part.select(selector) if part else ():
                element.decompose()
    except SelectorSyntaxError as error:
        raise Unreadable(f"the mapping names an element that cannot be understood: {error}") from error
    if part is None:
        raise Unreadable(f"nothing in it is {rule.take}")
    markdown = markdownify(str(part), heading_style="ATX", bullets="-", strip=["title", "meta"])
    kept, count = dropped(markdown, rule.drops)
    return Text(re.sub(r"\n{3,}", "\n\n", kept).strip(), about, count)


def _about(soup: BeautifulSoup) -> dict[str, str]:
    """What a page says of itself, before its head is dropped."""
    heading, title, page = soup.find("h1"), soup.find("title"), soup.find("html")
    about = {"heading": _line(heading or title)} if heading or title else {}
    if page and page.get("lang"):
        about["language"] = str(page["lang"])[:2].lower()
    return about


def _line(element: object) -> str:
    return " ".join(element.get_text(" ").split())


def _of_plain(text: str, rule: Rule) -> str:
    """Lines that the mapping knows as headings become headings; points become lists; nothing else has a meaning."""
    lines: list[str] = []
    for line in (" ".join(line.replace("\xa0", " ").split()) for line in text.splitlines()):
        marked = _heading(line, rule)
        if marked:
            lines += ["", marked, ""]
        elif len(line) >= OWN_PARAGRAPH:
            lines += ["", _escaped(line), ""]
        else:
            lines.append(_escaped(line))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _heading(line: str, rule: Rule) -> str | None:
    for mark in rule.headings:
        found = mark.match.fullmatch(line) if line and len(line) <= mark.longest else None
        if found:
            title = found["title"] if "title" in mark.match.groupindex else line
            return f"{'#' * mark.level} {_escaped(title.strip())}"
    return None


def _escaped(line: str) -> str:
    point = re.match(r"[•·▪◦–—*-]\s+", line)
    rest = line[point.end():] if point else line
    rest = re.sub(r"([\\*_`\[\]<])", r"\\\1", rest)
    if re.fullmatch(r"[•·▪◦–—*=-]+", line):
        return ""
    return "- " + rest if point else re.sub(r"^([#>+]|={2,}|-{2,})", r"\\\1", rest)
