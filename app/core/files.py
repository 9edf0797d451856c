"""Files people attach: bytes under random names beside the database, a row that says what they are.

The bytes are on the disk, synced, before the row commits; a row never points at nothing. What a crash leaves
without a row is an orphan, removed after a day.
"""

import hashlib
import math
import os
import secrets
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO

import filetype
import sqlalchemy as sa
from flask import current_app
from flask_babel import gettext as _
from sqlalchemy.orm import Mapped, mapped_column

from . import clock
from .db import Base, BigId, UtcDateTime, db, reading
from .names import clean_name as clean_name

CHUNK = 1 << 20
SAFE_INLINE = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
ORPHAN_AGE = timedelta(days=1)


class StoredFile(Base):
    """What a stored file is; its bytes lie under `storage_name`."""

    __tablename__ = "files"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    storage_name: Mapped[str] = mapped_column(sa.String(64), unique=True)
    name: Mapped[str] = mapped_column(sa.String(255))
    content_type: Mapped[str] = mapped_column(sa.String(100))
    size_bytes: Mapped[int] = mapped_column(sa.BigInteger)
    sha256: Mapped[str] = mapped_column(sa.String(64))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    @property
    def path(self) -> Path:
        return path_of(self.storage_name)


def root() -> Path:
    """The folder of stored files, inside the instance folder."""
    return Path(current_app.config["FILES_FOLDER"])


def path_of(storage_name: str) -> Path:
    return root() / storage_name[:2] / storage_name


def store(stream: IO[bytes], name: str) -> StoredFile:
    """Write a stream to the disk and add its row to the transaction (the caller commits)."""
    row = write(stream, name)
    db.session.add(row)
    return row


def write(stream: IO[bytes], name: str) -> StoredFile:
    """Write a stream to the disk, durably; the row is made but in no session yet, so that a slow disk holds no lock.

    Raises OSError when the disk refuses; nothing half-written stays behind.
    """
    storage_name = secrets.token_hex(32)
    path = path_of(storage_name)
    _make_folder(path.parent)
    draft = path.with_suffix(".part")
    try:
        size, digest, head = _write(stream, draft)
        os.replace(draft, path)
        _sync_folder(path.parent)
    finally:
        draft.unlink(missing_ok=True)
    return StoredFile(storage_name=storage_name, name=clean_name(name), content_type=sniff(head), size_bytes=size,
                      sha256=digest, created_at=clock.now())


def discard(row: StoredFile) -> None:
    """Take the bytes of a row that was not kept off the disk again."""
    row.path.unlink(missing_ok=True)


def _write(stream: IO[bytes], draft: Path) -> tuple[int, str, bytes]:
    digest, size, head = hashlib.sha256(), 0, b""
    with open(draft, "xb") as file:
        while chunk := stream.read(CHUNK):
            head = head or chunk[:8192]
            size += len(chunk)
            digest.update(chunk)
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    return size, digest.hexdigest(), head


def _make_folder(folder: Path) -> None:
    """A new folder is synced into its own parent too, or a power cut would take it with all that is in it."""
    if not folder.is_dir():
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        _sync_folder(folder.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sniff(head: bytes) -> str:
    """Our own guess from the bytes; what is claimed from outside is not asked."""
    kind = filetype.guess(head) if head else None
    return kind.mime if kind else "application/octet-stream"


def remove_orphans(now: datetime) -> int:
    """Delete files without a row that are older than a day; returns how many. One query a folder, locking nothing."""
    removed = 0
    with reading():
        for folder in root().glob("??"):
            for path in _unknown(folder.name, _old_files(folder, now - ORPHAN_AGE)):
                path.unlink(missing_ok=True)
                removed += 1
    return removed


def _unknown(prefix: str, paths: list[Path]) -> list[Path]:
    """Those without a row; all of them lie in the folder of this prefix."""
    if not paths:
        return []
    names = sa.select(StoredFile.storage_name).where(StoredFile.storage_name.startswith(prefix, autoescape=True))
    known = set(db.session.scalars(names))
    return [path for path in paths if path.name not in known]


def _old_files(folder: Path, before: datetime) -> list[Path]:
    with os.scandir(folder) as entries:
        return [Path(entry.path) for entry in entries if entry.is_file() and _changed_at(entry) < before.timestamp()]


def _changed_at(entry: os.DirEntry) -> float:
    """Seconds of the epoch; what has just vanished counts as new, for there is nothing to remove."""
    try:
        return entry.stat().st_mtime
    except FileNotFoundError:
        return math.inf


def size_of(count: int) -> str:
    """A number of bytes in a few characters."""
    if count < 1024:
        return _("%(count)s B", count=count)
    if count < 1024 * 1024:
        return _("%(count)s KB", count=round(count / 1024))
    return _("%(count)s MB", count=f"{count / 1024 / 1024:.1f}")
