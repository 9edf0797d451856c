"""The mapping of `flask import articles`: a readable TOML file that says what the files of a folder become."""

import re
import tomllib
from collections.abc import Mapping as Table
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.core.i18n import LANGUAGES
from app.kb.vocabulary import VISIBILITIES

from .piece import MappingError, Piece, is_slug

LANGUAGE_WAYS = ("auto", "front matter", "folder")
TITLE_WAYS = ("front matter", "first heading", "first line", "file name")
USUAL_TITLE = ("front matter", "first heading", "file name")
STATES = ("draft", "published")


@dataclass(frozen=True)
class Drop:
    """Lines that are not taken: one in which `start` is found; from there to one in which `end` is found; or so many
    lines with text in them."""

    start: re.Pattern[str]
    end: re.Pattern[str] | None = None
    with_end: bool = True
    lines: int = 1


@dataclass(frozen=True)
class HeadingMark:
    """How a heading is known in a plain text: the whole line fits, and is no longer than that."""

    level: int
    match: re.Pattern[str]
    longest: int


@dataclass(frozen=True)
class Rule:
    """What becomes of the files of one pattern."""

    match: str
    pattern: re.Pattern[str]
    language: str
    """A language, or the way to find it."""
    visibility: str
    state: str
    teams: tuple[str, ...] = ()
    category: str | None = None
    tags: tuple[str, ...] = ()
    owner: str | None = None
    encoding: str = "auto"
    title: str | None = None
    title_from: tuple[str, ...] = USUAL_TITLE
    titles: Table[str, str] = field(default_factory=dict)
    """Heading as it stands in the file -> title of the article."""
    tags_of: Table[str, tuple[str, ...]] = field(default_factory=dict)
    """Heading as it stands in the file -> tags: the words people ask with that the text does not use."""
    path_in_titles: bool = False
    split_level: int = 0
    """An article for each heading down to this level; 0: one for the file."""
    merge_below: int = 0
    drops: tuple[Drop, ...] = ()
    headings: tuple[HeadingMark, ...] = ()
    take: str | None = None
    drop_elements: tuple[str, ...] = ()


@dataclass(frozen=True)
class Mapping:
    """What the file says, checked."""

    source: str
    rules: tuple[Rule, ...]
    categories: Table[str, dict[str, str]]
    """Slug -> names of those that are made if missing."""

    def rule_for(self, path: str) -> Rule | None:
        """The first that fits a path inside the folder."""
        return next((rule for rule in self.rules if rule.pattern.fullmatch(path)), None)


def read(path: Path) -> Mapping:
    """The mapping of a file. Raises MappingError naming file, line and place."""
    text = ""
    try:
        text = path.read_text(encoding="utf-8-sig")
        return parse(tomllib.loads(text))
    except FileNotFoundError as error:
        raise MappingError(f"{path}: there is no such file") from error
    except MappingError as error:
        raise MappingError(f"{path}{_line(text, str(error))}: {error}") from error
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise MappingError(f"{path}: {error}") from error


def _line(text: str, message: str) -> str:
    """', line 7' for a message that begins with a place such as 'files[2].visibility'."""
    place = re.match(r"(?P<table>[\w-]+)(\[(?P<number>\d+)\])?(\.(?P<key>[\w-]+))?", message)
    if place is None:
        return ""
    lines = text.splitlines()
    starts = [number for number, line in enumerate(lines, 1)
              if re.match(rf"\s*(\[+\s*)?{re.escape(place['table'])}\b", line)]
    nth = int(place["number"] or 1)
    if len(starts) < nth:
        return ""
    first, last = starts[nth - 1], starts[nth] - 1 if len(starts) > nth else len(lines)
    inside = (number for number in range(first, last + 1)
              if place["key"] and re.search(rf"(^|[\s.{{]){re.escape(place['key'])}\b", lines[number - 1]))
    return f", line {next(inside, first)}"


def parse(raw: Table[str, Any]) -> Mapping:
    """Check what was read, piece by piece."""
    top = Piece("", raw)
    source = top.slug("source")
    if source in ("live", "sample"):
        raise MappingError("source: live and sample are the desk's own words; another name is needed")
    categories = {slug: _category(slug, piece) for slug, piece in top.pieces("categories").items()}
    rules = tuple(_rule(piece) for piece in top.each("files"))
    if not rules:
        raise MappingError("files: at least one [[files]] is needed")
    top.refuse_rest()
    return Mapping(source, rules, categories)


def _category(slug: str, piece: Piece) -> dict[str, str]:
    if not is_slug(slug):
        raise MappingError(f"{piece.place}: small letters, digits and hyphens are needed, at most 40")
    names = piece.names()
    piece.refuse_rest()
    return names


def _rule(piece: Piece) -> Rule:
    match = piece.text("match")
    rule = Rule(
        match=match, pattern=glob(match), teams=tuple(piece.texts("teams")),
        language=piece.one_of("language", (*LANGUAGES, *LANGUAGE_WAYS)),
        visibility=piece.one_of("visibility", VISIBILITIES), state=piece.one_of("state", STATES, "draft"),
        category=piece.text("category", None), tags=tuple(piece.texts("tags")), owner=piece.text("owner", None),
        encoding=piece.text("encoding", "auto"), title=piece.text("title", None), title_from=_title_ways(piece),
        titles=_titles(piece), tags_of=_tags_of(piece), path_in_titles=bool(piece.take("path_in_titles", False)),
        split_level=_number(piece, "split_level", 6), merge_below=_number(piece, "merge_below", 100_000),
        drops=tuple(_drops(piece)), headings=tuple(_headings(piece)),
        take=piece.text("take", None), drop_elements=tuple(piece.texts("drop_elements")),
    )
    piece.refuse_rest()
    if (rule.visibility == "teams") != bool(rule.teams):
        raise MappingError(f"{piece.at('teams')}: teams are named exactly where the visibility is teams")
    return rule


def _title_ways(piece: Piece) -> tuple[str, ...]:
    ways = tuple(piece.texts("title_from")) or USUAL_TITLE
    for way in ways:
        if way not in TITLE_WAYS:
            raise MappingError(f"{piece.at('title_from')}: one of {', '.join(TITLE_WAYS)} is needed, not “{way}”")
    return ways


def _titles(piece: Piece) -> dict[str, str]:
    titles = piece.piece("titles", optional=True).values
    for heading, title in titles.items():
        if not isinstance(title, str) or not title.strip():
            raise MappingError(f"{piece.at('titles')}: a title is needed for “{heading}”")
    return titles


def _tags_of(piece: Piece) -> dict[str, tuple[str, ...]]:
    inner = piece.piece("tags_of", optional=True)
    return {heading: tuple(inner.texts(heading)) for heading in list(inner.values)}


def _number(piece: Piece, key: str, most: int) -> int:
    value = piece.take(key, 0)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= most:
        raise MappingError(f"{piece.at(key)}: a whole number up to {most} is needed")
    return value


def _drops(piece: Piece) -> list[Drop]:
    values = piece.take("drop", [])
    if not isinstance(values, list):
        raise MappingError(f"{piece.at('drop')}: a list is needed")
    return [_drop(piece, value) for value in values]


def _drop(piece: Piece, value: Any) -> Drop:
    place = piece.at("drop")
    if isinstance(value, str):
        return Drop(expression(place, value))
    inner = Piece(place, value)
    start = expression(inner.at("from"), inner.text("from"))
    end, before = inner.text("to", None), inner.text("before", None)
    lines = inner.whole("lines") if "lines" in inner.values else 1
    inner.refuse_rest()
    until = end or before
    return Drop(start, expression(place, until) if until else None, end is not None, lines)


def _headings(piece: Piece) -> list[HeadingMark]:
    found = []
    for inner in piece.each("headings") if "headings" in piece.values else []:
        longest = inner.whole("longest") if "longest" in inner.values else 200
        found.append(HeadingMark(inner.whole("level"), expression(inner.at("match"), inner.text("match")), longest))
        if found[-1].level > 6:
            raise MappingError(f"{inner.at('level')}: a level from 1 to 6 is needed")
        inner.refuse_rest()
    return found


def expression(place: str, text: str) -> re.Pattern[str]:
    """A regular expression of the mapping. Raises MappingError for a broken one."""
    try:
        return re.compile(text)
    except re.error as error:
        raise MappingError(f"{place}: “{text}” is not a regular expression: {error}") from error


def glob(text: str) -> re.Pattern[str]:
    """A pattern of paths: * stays within a folder, ** crosses folders, ? is one character."""
    parts = re.split(r"(\*\*/|\*\*|\*|\?)", text)
    known = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    return re.compile("".join(known.get(part) or re.escape(part) for part in parts))
