"""The sweep with a hundred due clocks among ten thousand open ones and among a million, and the plan it follows.

SQLite, and PostgreSQL where TEST_POSTGRES_URL is set. The open ones belong to other tickets than the due ones.
"""

import os
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import sqlalchemy as sa

from app import create_app
from app.core import clock, schema
from app.core.db import db
from app.sla.models import SlaClock
from app.sla.sweep import due_statement, sweep
from app.tickets.models import Ticket
from tests.experiments.desk import database

from . import data
from .desk import _people as people_of_the_desk

SIZES = (10_000, 1_000_000)
TICKETS, DUE, ROUNDS, BATCH = 5_000, 100, 9, 20_000
LIMIT = 2.0
FAR = timedelta(days=3000)


def main(sizes: list[int]) -> int:
    """Print the sweep's time at each size; 1 if the largest costs more than twice the smallest."""
    urls = [None, *([os.environ["TEST_POSTGRES_URL"]] if os.environ.get("TEST_POSTGRES_URL") else [])]
    return int(max(_engine(url, sizes or SIZES) for url in urls))


def _engine(server: str | None, sizes: tuple[int, ...] | list[int]) -> bool:
    with tempfile.TemporaryDirectory() as folder, database(server) as url:
        app = create_app({"JARDAM_INSTANCE": folder} | ({"DATABASE_URL": url} if url else {}))
        with app.app_context():
            schema.bring_up_to_date()
            people_of_the_desk()
            data.fill(1, TICKETS)
            best = [_at(size) for size in sizes]
            print(f"{'PostgreSQL' if url else 'SQLite'}: {best[-1] / best[0]:.2f} times as long (limit {LIMIT})",
                  flush=True)
            db.session.remove()
            db.engine.dispose()
    return best[-1] / best[0] > LIMIT


def _at(size: int) -> float:
    """The best seconds of some sweeps over 100 due clocks among `size` open ones: what else runs only slows them."""
    now = clock.now()
    open_now = _open()
    _add(size - open_now, now)
    db.session.execute(sa.text("ANALYZE"))
    db.session.commit()
    taken = [_sweep(now) for _round in range(ROUNDS)]
    print(f"{db.engine.dialect.name:10} {size:>9} open clocks, {DUE} due: best {min(taken) * 1000:8.1f} ms, "
          f"median {statistics.median(taken) * 1000:8.1f} ms   {_plan(now)}", flush=True)
    return min(taken)


def _open() -> int:
    return db.session.scalar(sa.select(sa.func.count()).where(SlaClock.next_at.is_not(None))) or 0


def _add(count: int, now: datetime) -> None:
    """Open clocks that fall due long after, spread over the tickets that are not due."""
    template = db.session.execute(sa.select(SlaClock.__table__).limit(1)).mappings().one()
    about = {**template, "target": "next_response", "stopped_at": None, "outcome": None, "used_seconds": None}
    about.pop("id")
    begin = db.session.scalar(sa.select(sa.func.max(SlaClock.cycle))) + 1
    rows = ({**about, "ticket_id": DUE + 1 + n % (TICKETS - DUE), "cycle": begin + n // (TICKETS - DUE),
             "due_at": now + FAR + timedelta(seconds=n), "next_at": now + FAR + timedelta(seconds=n)}
            for n in range(count))
    for batch in _batches(rows):
        db.session.execute(sa.insert(SlaClock.__table__), batch)
        db.session.commit()


def _batches(rows: Iterator[dict]) -> Iterator[list[dict]]:
    batch: list[dict] = []
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _sweep(now: datetime) -> float:
    """A hundred clocks fall due, and are announced."""
    with _only_these_due(now):
        begun = time.perf_counter()
        announced = sweep(now)
        taken = time.perf_counter() - begun
    assert announced == DUE, announced
    return taken


@contextmanager
def _only_these_due(now: datetime) -> Iterator[None]:
    """The resolutions of the first hundred tickets, open and due a minute ago; everything else is not due."""
    first = sa.and_(SlaClock.ticket_id <= DUE, SlaClock.target == "resolution")
    db.session.execute(sa.text("DELETE FROM sla_firings"))
    db.session.execute(sa.update(SlaClock).where(SlaClock.next_at < now).values(next_at=now + FAR))
    db.session.execute(sa.update(SlaClock).where(first).values(
        next_at=now - timedelta(minutes=2), due_at=now - timedelta(minutes=2), stopped_at=None, outcome=None,
        used_seconds=None, announced_share=0, breached_at=None, started_at=now - timedelta(days=30),
        terms_since=now - timedelta(days=30), allowed_seconds=60))
    db.session.execute(sa.update(Ticket).where(Ticket.id <= DUE).values(status="open"))
    db.session.commit()
    yield


def _plan(now: datetime) -> str:
    """The line of the plan that says how the due ones are found."""
    statement = due_statement(now).limit(500).compile(db.engine, compile_kwargs={"literal_binds": True})
    prefix = "EXPLAIN QUERY PLAN " if db.engine.dialect.name == "sqlite" else "EXPLAIN "
    lines = [" ".join(map(str, row)) for row in db.session.connection().exec_driver_sql(prefix + str(statement))]
    db.session.rollback()
    return next((line.strip() for line in lines if "ix_sla_clocks_next" in line), "NOT BY THE INDEX: " + lines[0])
