"""What the files of the Whoosh index were when they were written: Whoosh itself neither syncs nor checks them.

SEAL lists each file with its size and check sum. A file that is listed and is another one now was damaged; one that is
not listed comes from a commit after which the process was killed, and Whoosh's own table of contents answers for it.
"""

import json
import os
import zlib
from pathlib import Path

NAME = "SEAL"
CHUNK = 1 << 20

_sums: dict[str, tuple[tuple[int, int, int], int]] = {}
"""Path -> what the file system says of the file, and its check sum: a file is read again only when that differs."""


def put(folder: Path) -> None:
    """Write down what the files are now."""
    listed = {path.name: _sum(path) for path in _files(folder)}
    draft = folder / f"{NAME}.{os.getpid()}"
    draft.write_text(json.dumps(listed), "ascii")
    draft.replace(folder / NAME)
    for path in [path for path in _sums if not os.path.exists(path)]:
        del _sums[path]


def damaged(folder: Path) -> str | None:
    """The name of a file that is not what it was, if there is one."""
    try:
        listed = json.loads((folder / NAME).read_text("ascii"))
        there = {path.name: path for path in _files(folder)}
        return next((name for name, known in listed.items() if name in there and _sum(there[name]) != known), None)
    except (OSError, ValueError, AttributeError):
        return NAME


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir()
            if path.is_file() and not path.name.startswith(NAME) and not path.name.endswith(("LOCK", ".tmp"))]


def _sum(path: Path) -> list[int]:
    about = path.stat()
    signature = (about.st_size, about.st_mtime_ns, about.st_ino)
    known = _sums.get(str(path))
    if known is None or known[0] != signature:
        known = _sums[str(path)] = (signature, _read(path))
    return [about.st_size, known[1]]


def _read(path: Path) -> int:
    total = 0
    with open(path, "rb") as file:
        while chunk := file.read(CHUNK):
            total = zlib.crc32(chunk, total)
    return total
