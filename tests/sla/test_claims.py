"""Two that sweep at the same moment, on two connections of a real database: one announces, the other finds it done."""

import os
import threading

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import make_url

from app import create_app
from app.core import schema
from app.core.db import db
from app.core.events import Event
from app.core.outbox import OutboxRow
from app.sla.models import SlaClock, SlaFiring
from app.sla.sweep import sweep
from tests import factories, people
from tests.conftest import ENGINE
from tests.sla.conftest import LONG_AGO, actions, at, calendar, policy, rule

TICKETS = 12


@pytest.fixture
def real_desk(tmp_path):
    """A desk with a database of its own, in which commits are commits."""
    environ = {"JARDAM_INSTANCE": str(tmp_path)}
    name = f"jardam_claims_{os.getpid()}"
    if ENGINE == "postgresql":
        url = make_url(os.environ["TEST_POSTGRES_URL"]).set(drivername="postgresql+psycopg")
        run_sql(url, f"CREATE DATABASE {name}")
        environ["DATABASE_URL"] = url.set(database=name).render_as_string(hide_password=False)
    app = create_app(environ, TESTING=True)
    with app.app_context():
        schema.bring_up_to_date()
        yield app
        db.session.remove()
        db.engine.dispose()
    if ENGINE == "postgresql":
        run_sql(url, f"DROP DATABASE {name} WITH (FORCE)")


def run_sql(url, statement):
    with sa.create_engine(url, isolation_level="AUTOCOMMIT").connect() as connection:
        connection.exec_driver_sql(statement)


@pytest.fixture
def due(real_desk):
    """Twelve tickets whose resolution is overdue since Wednesday at 10:00."""
    team, second = people.team("service-desk", 1), people.team("network", 2)
    kind = factories.request_type("printer", team, level2_team=second, impact="medium", urgency="medium")
    promise = policy("standard", calendar())
    actions.set_rules([rule(promise)], None, LONG_AGO, LONG_AGO)
    aigul = people.user("aigul")
    for _each in range(TICKETS):
        factories.ticket(aigul, kind, at=at("2026-03-02 10:00"))
    db.session.commit()
    db.session.remove()
    return real_desk


@pytest.mark.real
def test_many_sweeps_at_once_announce_each_once(due):
    start, said = threading.Barrier(4), []

    def one():
        with due.app_context():
            start.wait()
            said.append(sweep(at("2026-03-04 10:00:05")))

    threads = [threading.Thread(target=one) for _each in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(said) == 2 * TICKETS
    assert count(sa.select(SlaFiring.id).where(SlaFiring.state == "fired")) == 2 * TICKETS
    assert count(sa.select(Event.id).where(Event.kind == "sla.breached")) == 2 * TICKETS
    assert count(sa.select(Event.id).where(Event.kind == "ticket.escalated")) == TICKETS
    told = sa.select(OutboxRow.id).join(Event, Event.id == OutboxRow.event_id).where(Event.kind == "sla.breached")
    assert count(told) == 2 * TICKETS


@pytest.mark.real
def test_one_that_dies_before_its_commit_has_done_nothing(due, monkeypatch):
    monkeypatch.setattr(db.session, "commit", lambda: (_ for _ in ()).throw(SystemExit))
    with pytest.raises(SystemExit):
        sweep(at("2026-03-04 10:00:05"))
    monkeypatch.undo()
    db.session.rollback()
    assert count(sa.select(SlaFiring.id)) == 0
    assert count(sa.select(SlaClock.id).where(SlaClock.next_at.is_not(None))) == 2 * TICKETS
    assert sweep(at("2026-03-04 10:00:05")) == 2 * TICKETS


def count(statement):
    return db.session.scalar(sa.select(sa.func.count()).select_from(statement.subquery()))
