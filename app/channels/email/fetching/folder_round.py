"""One round with a folder of this machine: a Maildir, or files that end in .eml. Nothing there is ever deleted."""

import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import IO

from app.channels.email.keep import MOST_KEPT_BYTES, Kept, TooLarge, keep
from app.core import files
from app.core.db import db

from .source import Moments, Source, Tally

TAKEN = "taken"
YOUNG_SECONDS = 2.0
LONG_SECONDS = 3600.0
BEGINNING_BYTES = 1 << 20
CUT = "Larger than the desk keeps: this is its beginning. The whole mail is still in the folder."


class NotThere(Exception):
    """There is no such folder, or the desk may not read and write it."""


def take(source: Source, moments: Moments) -> Tally:
    """Everything that is whole, oldest names first. A file is put aside once its mail is committed."""
    folder, tally = Path(source.folder), Tally()
    for path in waiting(folder, moments.now()):
        if moments.are_over:
            tally.is_done = False
            break
        try:
            _take_one(path, source, moments, tally)
        except FileNotFoundError:
            continue
        except (PermissionError, TooLarge) as error:
            tally.leave(error)
    return tally


def waiting(folder: Path, now: datetime) -> list[Path]:
    """The files to be taken, but for those that somebody may still be writing. Raises NotThere."""
    refuse_unusable(folder)
    if is_maildir(folder):
        return [path for path in _files(folder / "new") if not path.name.startswith(".")]
    found = (path for path in _files(folder) if path.suffix.lower() == ".eml" and not path.name.startswith("."))
    return [path for path in found if not _is_young(path, now)]


def refuse_unusable(folder: Path) -> None:
    """Raises NotThere."""
    needed = [folder / "new", folder / "cur"] if is_maildir(folder) else [folder]
    for one in needed:
        if not folder.is_absolute() or not one.is_dir() or not os.access(one, os.R_OK | os.W_OK | os.X_OK):
            raise NotThere(str(one))


def is_maildir(folder: Path) -> bool:
    return (folder / "new").is_dir() and (folder / "cur").is_dir()


def _files(folder: Path) -> list[Path]:
    with os.scandir(folder) as entries:
        return sorted(Path(entry.path) for entry in entries if entry.is_file(follow_symlinks=False))


def _is_young(path: Path, now: datetime) -> bool:
    """Changed a moment ago. A file from the future is taken: a clock was set back, and it would wait for long."""
    age = now.timestamp() - _size_and_time(path)[1]
    return -LONG_SECONDS < age < YOUNG_SECONDS


def _size_and_time(path: Path) -> tuple[int, float]:
    try:
        found = path.stat()
    except FileNotFoundError:
        return 0, 0.0
    return found.st_size, found.st_mtime


def _take_one(path: Path, source: Source, moments: Moments, tally: Tally) -> None:
    """What grew while it was read is not kept yet."""
    before = _size_and_time(path)
    with open(path, "rb") as file:
        is_cut = before[0] > MOST_KEPT_BYTES
        kept = keep(Beginning(file) if is_cut else file, source.id, moments.now(), CUT if is_cut else "")
    if _size_and_time(path) != before:
        _forget(kept)
        return
    is_new = kept.is_new
    db.session.commit()
    tally.count(is_new)
    put_aside(path)


def _forget(kept: Kept) -> None:
    if kept.is_new:
        files.discard(kept.mail.file)
    db.session.rollback()


class Beginning:
    """The first part of a file."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self._left = file, BEGINNING_BYTES

    def read(self, size: int = -1) -> bytes:
        chunk = self._file.read(min(size, self._left) if size >= 0 else self._left)
        self._left -= len(chunk)
        return chunk


def put_aside(path: Path) -> None:
    """Into cur/ as seen, or into the folder of those taken; never over another file."""
    if path.parent.name == "new" and is_maildir(path.parent.parent):
        name = path.name.partition(":")[0]
        os.rename(path, _free(path.parent.parent / "cur", f"{name}", ":2,S"))
        return
    aside = path.parent / TAKEN
    aside.mkdir(exist_ok=True)
    os.rename(path, _free(aside, path.stem, path.suffix))


def _free(folder: Path, stem: str, ending: str) -> Path:
    return next(path for path in _names(folder, stem, ending) if not path.exists())


def _names(folder: Path, stem: str, ending: str) -> Iterator[Path]:
    yield folder / f"{stem}{ending}"
    for number in range(1, 10_000):
        yield folder / f"{stem}.{number}{ending}"
