"""Building the index anew beside the one that answers, then switching; by a child process that is nice to the others.

The lock goes with the process, so however it ends another one may begin. What was half built is of no generation that
answers, and goes with the next rebuild.
"""

import logging
import os
import secrets
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import sqlalchemy as sa
from flask import current_app

from app.core.db import db, is_sqlite, reading

from . import engine, folders, locks, postgres_writing, registry, seal
from .backend import Unusable
from .library import Document
from .postgres_index import VERSION
from .postgres_models import IndexDocument, IndexState
from .whoosh_index import WhooshIndex

log = logging.getLogger(__name__)

BATCH = 500
FEW = 200
"""So many documents are built at once, without a process of their own."""
NICE = 3
WAIT_SECONDS = 5
ORIGIN = "ORIGIN"

PAUSE_SECONDS = 20.0
"""After a failure, so that what cannot be built does not keep the machine busy."""

_children: list[subprocess.Popen] = []
_failures: list[float] = []
"""When the last one happened."""


class Busy(Exception):
    """Another process is building already."""


class Leaving(Exception):
    """This process must go before its work is done."""


def begin() -> bool:
    """Build anew: a small index here and now, a large one in a child. Whether anything was begun. Raises Busy or
    Unusable."""
    _see_off_children()
    if _children or _has_just_failed() or locks.is_held(locks.REBUILDING):
        return False
    with reading():
        few = registry.library.count() <= FEW
        db.session.rollback()
    if few:
        _build_here()
    else:
        _children.append(_start())
    return True


def _see_off_children() -> None:
    for child in [child for child in _children if child.poll() is not None]:
        _children.remove(child)
        if child.returncode:
            _note_failure()


def _build_here() -> None:
    try:
        run()
    except Unusable:
        _note_failure()
        raise


def _note_failure() -> None:
    _failures[:] = [time.monotonic()]


def _has_just_failed() -> bool:
    return bool(_failures) and time.monotonic() - _failures[0] < PAUSE_SECONDS


def _start() -> subprocess.Popen:
    """`flask search rebuild`, as a child that leaves the processor to whoever answers people."""
    config = current_app.config
    environ = {**os.environ, "JARDAM_INSTANCE": str(config["INSTANCE"])}
    if config["DATABASE_URL"]:
        environ["DATABASE_URL"] = config["DATABASE_URL"]
    program = str(Path(current_app.root_path).parent / "wsgi.py")
    command = [sys.executable, "-m", "flask", "--app", program, "search", "rebuild", "--child"]
    return subprocess.Popen(command, env=environ, stdin=subprocess.DEVNULL)  # noqa: S603


def be_nice() -> None:
    os.nice(NICE)


def run(is_wanted: Callable[[], bool] = lambda: True) -> int:
    """Build anew and switch; returns how many documents the new index holds. Commits. Raises Busy, Unusable, Leaving.

    The lock is held until after the switch.
    """
    with _only_one():
        batches = _while_wanted(documents(), is_wanted)
        return _build_folder(batches) if is_sqlite() else _build_generation(batches)


def _while_wanted(batches: Iterator[list[Document]], is_wanted: Callable[[], bool]) -> Iterator[list[Document]]:
    for batch in batches:
        if not is_wanted():
            raise Leaving
        yield batch


class _only_one:
    """The lock of builders; who only looks whether it is held has it for a moment, so it is asked for again."""

    def __enter__(self) -> None:
        until = time.monotonic() + WAIT_SECONDS
        while True:
            self._lock = locks.alone(locks.REBUILDING)
            if self._lock.__enter__():
                return
            self._lock.__exit__(None, None, None)
            if time.monotonic() > until:
                raise Busy("the index is being built already")
            time.sleep(0.05)

    def __exit__(self, *about: object) -> None:
        self._lock.__exit__(*about)


def documents() -> Iterator[list[Document]]:
    """All that readers may find now, in batches; each is read in a short transaction of its own."""
    last = 0
    while True:
        with reading():
            ids = registry.library.ids(last, BATCH)
            found = registry.library.documents(ids) if ids else []
            db.session.rollback()
        if not ids:
            return
        last = ids[-1]
        yield found


def origin() -> str:
    """The mark of this database's content; made when there is none, as after a restore. Commits."""
    with reading():
        known = db.session.scalar(sa.select(IndexState.origin))
        db.session.rollback()
    if known is None:
        known = secrets.token_hex(16)
        db.session.add(IndexState(id=1, origin=known))
        db.session.commit()
    return known


def _build_folder(batches: Iterable[list[Document]]) -> int:
    root = engine.root()
    mark = origin()
    try:
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
        _remove_folders(root)
        folder = folders.new(root)
        index = WhooshIndex.create(folder)
        seen = Counter()
        index.fill(_counted(batches, seen))
        if index.count() != seen.total():
            raise Unusable("some documents did not arrive")
        (folder / ORIGIN).write_text(mark, "ascii")
        seal.put(folder)
        folders.switch(root, folder)
    except OSError as error:
        raise Unusable(f"it cannot be written: {error}") from error
    return index.count()


def _counted(batches: Iterable[list[Document]], seen: Counter[str]) -> Iterator[Document]:
    for batch in batches:
        for document in batch:
            seen[document.language] += 1
            yield document


def _remove_folders(root: Path) -> None:
    """What is not in use; what was in use until the last rebuild nobody reads any more."""
    try:
        kept = folders.current(root)
    except Unusable:
        kept = None
    for folder in root.iterdir():
        if folder.is_dir() and folder != kept:
            shutil.rmtree(folder, ignore_errors=True)


def _build_generation(batches: Iterable[list[Document]]) -> int:
    """Of a generation that nobody asks for before the switch."""
    origin()
    highest = sa.select(sa.func.coalesce(sa.func.max(IndexDocument.generation), 0)).scalar_subquery()
    state = db.session.execute(sa.select(IndexState.generation, highest.label("highest"))).one()
    generation = max(state) + 1
    postgres_writing.forget(state.generation)
    db.session.commit()
    changes, count = postgres_writing.Changes(), 0
    for batch in batches:
        postgres_writing.take_in(generation, batch, changes)
        changes.write_before(generation, max((document.id for document in batch), default=0))
        db.session.commit()
        count += len(batch)
    changes.write(generation)
    db.session.execute(sa.update(IndexState).values(generation=generation, version=VERSION))
    db.session.commit()
    postgres_writing.forget(generation)
    postgres_writing.analyze()
    db.session.commit()
    return count


def damage() -> str:
    """What is wrong with an index that answers: made of another database, or its files were changed. '' if nothing."""
    if not is_sqlite():
        return ""
    folder = folders.current(engine.root())
    try:
        mark = (folder / ORIGIN).read_text("ascii")
    except (OSError, ValueError):
        mark = None
    if mark is None or mark != db.session.scalar(sa.select(IndexState.origin)):
        return "it was not made of this database"
    name = seal.damaged(folder)
    return f"{name} was damaged" if name else ""


def sealed() -> None:
    """After the index has taken something in."""
    if is_sqlite():
        seal.put(folders.current(engine.root()))
