"""The folder of a back-up: copied with hashes, synced, and there only when it is whole."""

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from . import Refused

MANIFEST = "manifest.json"
CHUNK = 1 << 20


@contextmanager
def new(target: Path) -> Iterator[Path]:
    """A private folder beside the target that takes its name at the end, or vanishes. Raises Refused if it is taken."""
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise Refused(f"{target} exists and is not an empty folder. Name a new one.")
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{target.name}.part-", dir=target.parent))
    try:
        yield draft
        sync(draft)
        draft.rename(target)
        sync_entry(target.parent)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def sync(folder: Path) -> None:
    """Make sure that every file and folder below is on the disk."""
    for path in [folder, *folder.rglob("*")]:
        sync_entry(path)


def sync_entry(path: Path) -> None:
    """Make sure that this file, or this folder's list of names, is on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def copy(source: Path, target: Path) -> str:
    """Copy a file, private; returns the hash of what was copied."""
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    digest = hashlib.sha256()
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with open(source, "rb") as read, os.fdopen(descriptor, "wb") as write:
        while chunk := read.read(CHUNK):
            digest.update(chunk)
            write.write(chunk)
    return digest.hexdigest()


def hash_of(path: Path) -> str | None:
    """The hash of a file's bytes, or None when it is not there."""
    if not path.is_file():
        return None
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_manifest(folder: Path, manifest: dict[str, Any]) -> None:
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=1, ensure_ascii=False) + "\n")


def read_manifest(folder: Path) -> dict[str, Any]:
    try:
        manifest = json.loads((folder / MANIFEST).read_text())
    except (OSError, ValueError) as error:
        raise Refused(f"{folder} is not a back-up of this desk: {error}") from error
    if manifest.get("format") != 1:
        raise Refused(f"{folder} has a form that this version does not know.")
    return manifest
