"""A folder of texts as the articles it asks for: every file is either taken or left out with a reason."""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from app.core.i18n import LANGUAGES
from app.core.markup import clean_line, clean_text, storable
from app.core.slugs import slug_of

from . import article_split as split
from .article_language import detect
from .article_mapping import Mapping, Rule
from .article_text import KINDS, Text, Unreadable, decoded, understood

LARGEST_TEXT = 2 << 20
LONGEST_TITLE = 200
NO_RULE = "no pattern of the mapping fits it"


@dataclass(frozen=True)
class Wanted:
    """An article as a file wants it; links and pictures are still those of the file."""

    ref: str
    path: str
    anchor: str
    title: str
    body: str
    language: str
    rule: Rule
    tags: tuple[str, ...] = ()
    category: str | None = None
    is_draft: bool = False


@dataclass
class Gathered:
    """What a folder holds."""

    found: int = 0
    """Files, hidden ones not counted."""
    read: list[str] = field(default_factory=list)
    wanted: list[Wanted] = field(default_factory=list)
    beside: dict[str, Path] = field(default_factory=dict)
    """Path -> file that is no text: pictures and documents that texts may show."""
    left: dict[str, str] = field(default_factory=dict)
    """Path -> why a text was not taken."""
    without_text: list[str] = field(default_factory=list)
    merged: int = 0
    dropped_lines: int = 0


def gather(folder: Path, mapping: Mapping) -> Gathered:
    """Read all of it. Raises NotADirectoryError for what is no folder."""
    if not folder.is_dir():
        raise NotADirectoryError(f"{folder}: there is no such folder")
    root, gathered = folder.resolve(), Gathered()
    for path, file in _files(root):
        gathered.found += 1
        try:
            _take(path, file, root, mapping, gathered)
        except Unreadable as error:
            gathered.left[path] = str(error)
        except OSError as error:
            gathered.left[path] = f"it cannot be opened: {error.strerror}"
    return gathered


def _files(root: Path) -> Iterator[tuple[str, Path]]:
    """Path inside the folder and file, in order; folders that are links are not entered."""
    for where, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(name for name in names if not name.startswith(".")):
            file = Path(where, name)
            yield storable(file.relative_to(root).as_posix()), file


def _take(path: str, file: Path, root: Path, mapping: Mapping, gathered: Gathered) -> None:
    if not file.resolve().is_relative_to(root):
        raise Unreadable("it leads out of the folder")
    if not stat.S_ISREG(file.stat().st_mode):
        raise Unreadable("it is no ordinary file")
    kind = KINDS.get(file.suffix.lower())
    if kind is None:
        gathered.beside[path] = file
        return
    rule = mapping.rule_for(path)
    if rule is None:
        raise Unreadable(NO_RULE)
    if file.stat().st_size > LARGEST_TEXT:
        raise Unreadable(f"it is larger than {LARGEST_TEXT >> 20} MB")
    text = understood(decoded(file.read_bytes(), rule.encoding), kind, rule)
    _add(path, text, rule, gathered)


def _add(path: str, text: Text, rule: Rule, gathered: Gathered) -> None:
    done = split.cut(storable(text.markdown), rule)
    if not done.sections:
        raise Unreadable("nothing is left of it" if text.dropped else "it holds no text")
    language = _language(path, text, rule)
    references = split.refs(path, done.sections)
    gathered.wanted += [_wanted(path, ref, section, text, language, rule)
                        for ref, section in zip(references, done.sections, strict=True)]
    gathered.read.append(path)
    gathered.without_text += [f"{path}: {heading}" for heading in done.without_text]
    gathered.merged += done.merged
    gathered.dropped_lines += text.dropped


def _language(path: str, text: Text, rule: Rule) -> str:
    if rule.language in LANGUAGES:
        return rule.language
    if rule.language == "folder":
        found = next((part for part in reversed(PurePosixPath(path).parts[:-1]) if part in LANGUAGES), None)
    elif rule.language == "front matter":
        found = text.about.get("language", text.about.get("lang", ""))[:2].lower()
    else:
        found = detect(text.markdown)
    if found not in LANGUAGES:
        raise Unreadable(f"its language is not known (from: {rule.language})")
    return found


def _wanted(path: str, ref: str, section: split.Section, text: Text, language: str, rule: Rule) -> Wanted:
    title, body = _title(path, section, text, rule)
    about, own = text.about, rule.tags_of.get(section.heading, ())
    return Wanted(
        ref=ref, path=path, anchor=slug_of(section.heading), title=_short(title), body=clean_text(body),
        language=language, rule=rule, category=about.get("category") or rule.category,
        tags=(*rule.tags, *own, *filter(None, (tag.strip() for tag in about.get("tags", "").split(",")))),
        is_draft=rule.state == "draft" or about.get("draft", "").lower() in ("true", "yes"),
    )


def _short(title: str) -> str:
    line = clean_line(title)
    return line if len(line) <= LONGEST_TITLE else line[:LONGEST_TITLE - 1].rstrip() + "…"


def _title(path: str, section: split.Section, text: Text, rule: Rule) -> tuple[str, str]:
    """The title of a section, and its body without it. Below a heading it is the heading; else the file's own."""
    if section.heading:
        if section.heading in rule.titles:
            return rule.titles[section.heading], section.body
        return (": ".join(section.path) if rule.path_in_titles else section.heading), section.body
    if rule.title:
        return rule.title, section.body
    for way in rule.title_from:
        title, body = _by_way(way, path, section, text)
        if title:
            return rule.titles.get(title, title), body
    return PurePosixPath(path).stem, section.body


def _by_way(way: str, path: str, section: split.Section, text: Text) -> tuple[str | None, str]:
    heading, rest = split.without_first_heading(section.body)
    if way == "front matter":
        title = text.about.get("title")
        return title, rest if heading == title else section.body
    if way == "first heading":
        return (heading, rest) if heading else (text.about.get("heading"), section.body)
    if way == "first line":
        first, _, after = section.body.partition("\n")
        return split.unescaped(first.lstrip("# ")), after
    return PurePosixPath(path).stem.replace("_", " ").replace("-", " "), section.body
