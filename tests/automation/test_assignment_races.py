"""Several at the same instant, on a database of their own: a ticket is given once, nobody's hands overflow."""

import os
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import make_url

from app import create_app
from app.accounts.models import Membership, Team, User
from app.automation.assignment_jobs import give_out, unown_idle
from app.automation.models import Trust
from app.catalogue.models import RequestType
from app.core import schema
from app.core.db import db
from app.core.events import Event
from app.tickets.models import Ticket
from tests import factories, people

pytestmark = pytest.mark.real
AT_ONCE, CAPACITY, PEOPLE = 6, 7, 4
MONDAY = datetime(2026, 3, 2, 4, tzinfo=UTC)


@pytest.fixture
def database(tmp_path):
    """An address of a fresh database of the engine under test; None for SQLite's own file."""
    if os.environ.get("TEST_ENGINE", "sqlite") == "sqlite":
        yield None
        return
    url = make_url(os.environ["TEST_POSTGRES_URL"]).set(drivername="postgresql+psycopg")
    name = f"jardam_turns_{os.getpid()}"
    admin = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {name}")
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    yield url.set(database=name).render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def desk(tmp_path, database):
    """Two teams that share their people, each person with room for a few tickets."""
    app = create_app({"JARDAM_INSTANCE": str(tmp_path)} | ({"DATABASE_URL": database} if database else {}))
    with app.app_context():
        schema.bring_up_to_date()
        teams = [people.team("desk"), people.team("other")]
        for team in teams:
            factories.request_type(team.slug, team)
        for n in range(PEOPLE):
            people.user(f"agent{n}", member=tuple(teams))
        people.user("aigul")
        db.session.execute(sa.update(Membership).values(capacity=CAPACITY))
        db.session.commit()
    yield app
    with app.app_context():
        db.engine.dispose()


def together(app, *calls):
    """Run each in an app context of its own, all at the same instant; what they answer."""
    gate = threading.Barrier(len(calls))

    def run(call):
        with app.app_context():
            gate.wait()
            answer = call()
            db.session.commit()
            return answer

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def share(app, mode):
    with app.app_context():
        db.session.execute(sa.update(Team).values(assignment=mode, unown_after_seconds=3600))
        db.session.commit()


def file(kind):
    """As a request does: what it needs is read in its own session."""
    found = {model: sa.select(model) for model in (User, RequestType)}
    aigul = db.session.scalar(found[User].where(User.name == "Aigul"))
    return factories.ticket(aigul, db.session.scalar(found[RequestType].where(RequestType.slug == kind)), at=MONDAY).id


def loads(app):
    with app.app_context():
        counted = sa.select(Ticket.assignee_id, sa.func.count()).where(Ticket.assignee_id.is_not(None))
        return sorted(dict(db.session.execute(counted.group_by(Ticket.assignee_id)).all()).values())


def assignments(app):
    """How often each ticket that anybody got was given to somebody."""
    with app.app_context():
        told = sa.select(Event.subject_id, sa.func.count()).where(Event.kind == "ticket.assigned")
        return dict(db.session.execute(told.group_by(Event.subject_id)).all())


def test_filed_at_once_nobody_gets_more_than_the_hands_hold(desk):
    share(desk, "least_loaded")
    for _round in range(6):
        together(desk, *(lambda n=n: file(("desk", "other")[n % 2]) for n in range(AT_ONCE)))
    assert loads(desk) == [CAPACITY] * PEOPLE
    assert set(assignments(desk).values()) == {1}


def test_turns_taken_at_once_are_even(desk):
    share(desk, "round_robin")
    for _round in range(2):
        together(desk, *(lambda: file("desk") for _n in range(AT_ONCE)))
    assert loads(desk) == [3] * PEOPLE


def test_processes_that_give_out_at_once_give_each_ticket_once(desk):
    together(desk, lambda: [file(("desk", "other")[n % 2]) for n in range(60)])
    share(desk, "round_robin")
    given = together(desk, *(lambda: give_out(MONDAY) for _n in range(4)))
    assert sum(given) == PEOPLE * CAPACITY
    assert loads(desk) == [CAPACITY] * PEOPLE
    assert set(assignments(desk).values()) == {1}


def test_processes_that_take_back_at_once_take_back_once(desk):
    share(desk, "round_robin")
    together(desk, lambda: [file("desk") for _n in range(12)])
    late = datetime(2026, 3, 2, 6, tzinfo=UTC)
    back = together(desk, *(lambda: unown_idle(late) for _n in range(4)))
    assert sum(back) == 12
    with desk.app_context():
        kinds = dict(db.session.execute(sa.select(Event.kind, sa.func.count()).group_by(Event.kind)).all())
        kept = db.session.scalar(sa.select(sa.func.count()).select_from(Trust).where(Trust.unown_at > late))
    assert (kinds["automation.unowned"], kinds["ticket.unassigned"], kinds["ticket.assigned"]) == (12, 12, 24)
    assert kept == 12
