"""Links between the files of a folder, and what a text shows from beside it, as addresses of the desk."""

import posixpath
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote

from app.core.slugs import slug_of

from .article_folder import Gathered, Wanted
from .article_split import outside_code

LARGEST_FILE = 10 << 20
_LINK = re.compile(r"\]\((?P<open>\s*)(?:<(?P<quoted>[^<>\n]+)>|(?P<target>[^()\s<>]+(?:\([^()\s]*\)[^()\s<>]*)?))"
                   r"(?P<rest>(?:\s+(?:\"[^\"]*\"|'[^']*'))?\s*)\)")
_REFERENCE = re.compile(r"^(?P<head> {0,3}\[[^\]]+\]:\s*)<?(?P<target>[^\s<>]+)>?")


@dataclass
class Links:
    """Where paths of the folder lead, once the articles are known by their short names."""

    gathered: Gathered
    slugs: dict[str, str] = field(default_factory=dict)
    """Reference of an article -> its short name, as far as it has one."""
    trouble: list[str] = field(default_factory=list)
    """What could not be followed."""
    used: set[str] = field(default_factory=set)
    """Files beside the texts that some text shows."""

    def __post_init__(self) -> None:
        self._of_path: dict[str, list[Wanted]] = {}
        for wanted in self.gathered.wanted:
            self._of_path.setdefault(wanted.path, []).append(wanted)

    def rewritten(self, wanted: Wanted, stored: Callable[[str, Path], str | None]) -> str:
        """The body with addresses of the desk. `stored` gives the address of a file from beside the text."""
        def follow(target: str) -> str:
            return self._address(wanted, target, stored) or target

        lines = outside_code(wanted.body.split("\n"))
        return "\n".join(line if inside else _line(line, follow) for line, inside in lines)

    def _address(self, wanted: Wanted, target: str, stored: Callable[[str, Path], str | None]) -> str | None:
        path, _, anchor = unquote(target).partition("#")
        if re.match(r"[a-zA-Z][\w+.-]*:|//", target) or not (path or anchor):
            return None
        place = _place(wanted.path, path.partition("?")[0])
        if place.startswith(".."):
            return self._lost(wanted, f"{target} leads out of the folder")
        if place in self._of_path:
            return self._of_article(wanted, place, anchor)
        if place in self.gathered.beside:
            return self._of_file(wanted, place, stored)
        return self._lost(wanted, f"{target} is not there")

    def _of_article(self, wanted: Wanted, place: str, anchor: str) -> str | None:
        """The article with this heading, else the first of the file."""
        articles = self._of_path[place]
        wished = slug_of(anchor)
        meant = next((each for each in articles if wished and each.anchor == wished), None)
        slug = self.slugs.get((meant or (wanted if place == wanted.path else articles[0])).ref)
        if slug is None:
            return None
        return f"/kb/{slug}#s-{wished}" if wished and meant is None else f"/kb/{slug}"

    def _of_file(self, wanted: Wanted, place: str, stored: Callable[[str, Path], str | None]) -> str | None:
        file = self.gathered.beside[place]
        size = file.stat().st_size
        if not 0 < size <= LARGEST_FILE:
            return self._lost(wanted, f"{place} is {'empty' if not size else f'larger than {LARGEST_FILE >> 20} MB'}")
        self.used.add(place)
        return stored(place, file)

    def _lost(self, wanted: Wanted, why: str) -> None:
        line = f"{wanted.ref}: {why}"
        if line not in self.trouble:
            self.trouble.append(line)


def _place(path: str, target: str) -> str:
    """The path inside the folder that a link in a file means; from / it begins at the folder."""
    if not target:
        return path
    start = "" if target.startswith("/") else posixpath.dirname(path)
    return posixpath.normpath(posixpath.join(start, target.lstrip("/")))


def _line(line: str, follow: Callable[[str], str]) -> str:
    """Its links followed; code inside the line is left alone."""
    parts = re.split(r"(`+[^`]+`+)", line)
    parts[::2] = [_LINK.sub(lambda found: _replaced(found, follow), part) for part in parts[::2]]
    return _REFERENCE.sub(lambda found: found["head"] + follow(found["target"]), "".join(parts))


def _replaced(found: re.Match[str], follow: Callable[[str], str]) -> str:
    target = found["quoted"] or found["target"]
    address = follow(target)
    shown = f"<{address}>" if " " in address else address
    return f"]({found['open']}{shown}{found['rest']})"


def untouched(beside: Mapping[str, Path], used: Iterable[str]) -> list[str]:
    """Files that are no text and that no text shows."""
    return sorted(beside.keys() - set(used))
