"""A Markdown text cut into sections, an article each: what is not wanted dropped, short pieces merged. Pure."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from app.kb.markup_articles import plain

from .article_drops import says_something
from .article_mapping import Rule

LONGEST_REF = 300
_HEADING = re.compile(r"^ {0,3}(?P<marks>#{1,6})[ \t]+(?P<title>.*?)[ \t]*#*$")
_FENCE = re.compile(r"^ {0,3}(```+|~~~+)")
_UNDERLINE = re.compile(r"^ {0,3}(=+|-{3,})[ \t]*$")


@dataclass(frozen=True)
class Section:
    """What becomes one article. `path` are the headings above and over it, as they stand in the file."""

    path: tuple[str, ...]
    body: str
    merged: tuple[str, ...] = ()
    """Headings of short pieces that were taken in."""

    @property
    def heading(self) -> str:
        return self.path[-1] if self.path else ""


@dataclass
class Cut:
    """A file cut up, and what did not become an article of its own."""

    sections: list[Section] = field(default_factory=list)
    without_text: list[str] = field(default_factory=list)
    """Headings under which nothing stands."""
    merged: int = 0


def cut(markdown: str, rule: Rule) -> Cut:
    """The sections of a text, in order."""
    found, sections = Cut(), []
    for section in _sections(_atx(markdown.splitlines()), rule.split_level):
        if says_something(section.body):
            sections.append(section)
        elif section.path:
            found.without_text.append(section.heading)
    found.sections = list(_merged(sections, rule.merge_below))
    found.merged = len(sections) - len(found.sections)
    return found


def unescaped(text: str) -> str:
    """A heading without Markdown's marks."""
    return " ".join(plain(f"# {text}").split())


def _atx(lines: list[str]) -> list[str]:
    """Headings that are underlined become those that begin with marks."""
    made: list[str] = []
    for line, inside in outside_code(lines):
        under = None if inside else _UNDERLINE.match(line)
        before = made[-1] if made else ""
        if under and before.strip() and not re.match(r"\s*([-*+>|#]|\d+[.)])", before):
            made[-1] = f"{'#' if under[1][0] == '=' else '##'} {before.strip()}"
        else:
            made.append(line)
    return made


def outside_code(lines: list[str]) -> Iterator[tuple[str, bool]]:
    """Each line, and whether it stands in a block of code."""
    fence = ""
    for line in lines:
        mark = _FENCE.match(line)
        inside = bool(fence)
        if mark and not fence:
            fence, inside = mark[1], True
        elif mark and mark[1][0] == fence[0] and len(mark[1]) >= len(fence):
            fence = ""
        yield line, inside


def _sections(lines: list[str], level: int) -> Iterator[Section]:
    """Cut at headings down to this level; without a level, the whole."""
    path: list[tuple[int, str]] = []
    body: list[str] = []
    for line, inside in outside_code(lines):
        found = None if inside else _HEADING.match(line)
        depth = len(found["marks"]) if found else 7
        if not found or depth > level:
            body.append(line)
            continue
        yield _section(path, body)
        path = [(above, title) for above, title in path if above < depth] + [(depth, unescaped(found["title"]))]
        body = []
    yield _section(path, body)


def _section(path: list[tuple[int, str]], body: list[str]) -> Section:
    return Section(tuple(title for _level, title in path), "\n".join(body).strip())


def _merged(sections: list[Section], least: int) -> Iterator[Section]:
    """A piece with less text than that goes to the end of the one before it; the first one to the next."""
    done: list[Section] = []
    for section in sections:
        if done and (len(section.body) < least or len(done[-1].body) < least):
            done[-1] = _joined(done[-1], section, least)
        else:
            done.append(section)
    return iter(done)


def _joined(first: Section, second: Section, least: int) -> Section:
    """The longer one gives the title, as a rule the first."""
    if len(first.body) < least <= len(second.body):
        start = f"{first.body}\n\n" if not first.path else f"## {first.heading}\n\n{first.body}\n\n"
        return replace(second, body=start + second.body, merged=(*first.merged, first.heading, *second.merged))
    body = f"{first.body}\n\n## {second.heading}\n\n{second.body}"
    return replace(first, body=body, merged=(*first.merged, second.heading, *second.merged))


def without_first_heading(body: str) -> tuple[str | None, str]:
    """The first heading, if the text begins with one, and the text after it."""
    first, _, rest = body.lstrip().partition("\n")
    found = _HEADING.match(first)
    return (unescaped(found["title"]), rest.strip()) if found else (None, body)


def refs(path: str, sections: list[Section]) -> list[str]:
    """What each section is known by, the same in every run: path, headings, and a number where these are the same."""
    seen: Counter[str] = Counter()
    found = []
    for section in sections:
        ref = f"{path}#{' / '.join(section.path)}" if section.path else path
        ref = ref[:LONGEST_REF - 8]
        seen[ref] += 1
        found.append(f"{ref} ({seen[ref]})" if seen[ref] > 1 else ref)
    return found
