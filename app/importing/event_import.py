"""Takes an event log into tickets with their whole history: silent, in batches, safe to run again."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from app.core import clock
from app.core.db import db, reading

from . import bulk, cast, clockwork, event_log, figures, reconciliation
from .case_history import CaseHistory
from .event_log import BadLog, Case, Log
from .mapping import Mapping
from .models import Import, ImportedCase
from .reconciliation import Reconciliation

BATCH = 200
"""Cases between two commits: a second or so, after which others on the desk may write."""

Progress = Callable[[int, int], None]


def import_events(path: Path, mapping: Mapping, now: datetime, progress: Progress = lambda done, total: None,
                  batch: int = BATCH) -> Reconciliation:
    """Read and judge the whole file, then add the cases that are not here yet; commits each batch.

    Raises BadLog or MappingError before anything is stored.
    """
    log = event_log.read(path, mapping, now)
    known = _known(mapping.source)
    fresh = [case for case in log.cases if case.ref not in known]
    if fresh:
        _take(fresh, mapping, _begin(path, mapping, now), now, progress, batch)
    found = _reconcile(log, mapping, known)
    _finish(mapping.source, found)
    return found


def _known(source: str) -> dict[str, tuple[int, str]]:
    """Case -> rows and digest of what an earlier run took."""
    statement = sa.select(ImportedCase.case_ref, ImportedCase.rows, ImportedCase.digest)
    with reading():
        rows = db.session.execute(statement.where(ImportedCase.source == source)).all()
        db.session.rollback()
    return {ref: (count, digest) for ref, count, digest in rows}


def _begin(path: Path, mapping: Mapping, now: datetime) -> int:
    """The id of this import; one that was killed goes on."""
    run = _unfinished(mapping.source)
    if run is None:
        run = Import(source=mapping.source, file_name=path.name[:255], started_at=now,
                     file_sha256=hashlib.sha256(path.read_bytes()).hexdigest())
        db.session.add(run)
    db.session.commit()
    return run.id


def _unfinished(source: str) -> Import | None:
    statement = sa.select(Import).where(Import.source == source, Import.ended_at.is_(None)).order_by(Import.id.desc())
    return db.session.scalar(statement.limit(1))


def _take(fresh: list[Case], mapping: Mapping, import_id: int, now: datetime, progress: Progress, batch: int) -> None:
    players = cast.gather(mapping, sorted({row.person for case in fresh for row in case.rows}), now)
    db.session.commit()
    book = cast.book(mapping)
    done = 0
    for cases in _batches(fresh, batch):
        chronicles = [CaseHistory(players.chronicle(mapping, case.ref), mapping, players.places, players.people)
                      .tell(case) for case in cases]
        runs = [clockwork.measured(chronicle, book) for chronicle in chronicles]
        try:
            numbers = bulk.write(chronicles, runs, recorded_at=now)
            db.session.execute(sa.insert(ImportedCase), list(_ledger(numbers, cases, mapping.source, import_id)))
            db.session.commit()
        except IntegrityError as error:
            db.session.rollback()
            raise BadLog(f"another import of {mapping.source} is running; this one stopped, nothing is lost") from error
        done += len(cases)
        progress(done, len(fresh))
    figures.catch_up(now)


def _batches(cases: list[Case], size: int) -> Iterator[list[Case]]:
    for start in range(0, len(cases), size):
        yield cases[start:start + size]


def _ledger(numbers: Sequence[int], cases: Sequence[Case], source: str, import_id: int) -> Iterator[dict[str, object]]:
    for number, case in zip(numbers, cases, strict=True):
        yield {"ticket_id": number, "source": source, "case_ref": case.ref, "rows": len(case.rows),
               "digest": case.digest, "import_id": import_id}


def _reconcile(log: Log, mapping: Mapping, known: dict[str, tuple[int, str]]) -> Reconciliation:
    with reading():
        desk = reconciliation.of_desk(log, mapping)
        db.session.rollback()
    return Reconciliation(
        source=reconciliation.of_file(log, mapping), desk=desk,
        not_understood=reconciliation.not_understood(log, mapping),
        refused=dict(_refused(log, known)),
        left_out=[*mapping.left_out, *(f"column {name}: the mapping does not name it" for name in log.unread_columns)],
        added=sum(case.ref not in known for case in log.cases),
    )


def _refused(log: Log, known: dict[str, tuple[int, str]]) -> Iterator[tuple[str, str]]:
    """A history once taken is not rewritten; that the file now says something else is said, case by case."""
    for case in log.cases:
        rows, digest = known.get(case.ref, (len(case.rows), case.digest))
        if rows != len(case.rows):
            yield case.ref, f"{rows} rows were taken, the file has {len(case.rows)}"
        elif digest != case.digest:
            yield case.ref, "its rows have changed"


def _finish(source: str, found: Reconciliation) -> None:
    run = _unfinished(source)
    if run is not None:
        run.ended_at, run.result = clock.now(), found.as_json()
    db.session.commit()
