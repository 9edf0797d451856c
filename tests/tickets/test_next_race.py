"""Eight agents press the same key at the same instant, again and again: each ticket gets one of them."""

import os
import threading
from collections import Counter

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import make_url

from app import create_app
from app.core import clock, schema
from app.core.db import db
from app.core.events import Event
from app.tickets import next_ticket
from app.tickets.models import Ticket
from tests import factories, people
from tests.conftest import ENGINE

pytestmark = [pytest.mark.real, pytest.mark.slow]
AGENTS, TICKETS = 8, 50


@pytest.fixture
def url():
    """A database of its own, on the engine under test."""
    if ENGINE == "sqlite":
        yield None
        return
    server = make_url(os.environ["TEST_POSTGRES_URL"]).set(drivername="postgresql+psycopg")
    admin, name = sa.create_engine(server, isolation_level="AUTOCOMMIT"), f"jardam_next_{os.getpid()}"
    with admin.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    yield server.set(database=name).render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def busy(tmp_path, url):
    """An app with eight agents of one team and fifty free tickets; the agents' ids."""
    app = create_app({"JARDAM_INSTANCE": str(tmp_path)} | ({"DATABASE_URL": url} if url else {}))
    with app.test_request_context():
        schema.bring_up_to_date()
        team = people.team("first")
        agents = [people.user(f"agent{n}", member=(team,)).id for n in range(AGENTS)]
        aigul, kind = people.user("aigul"), factories.request_type("printer", team)
        for _n in range(TICKETS):
            factories.ticket(aigul, kind)
        db.session.commit()
    yield app, agents
    with app.app_context():
        db.engine.dispose()


def take_all(app, user_id: int, gate: threading.Barrier, got: list) -> None:
    with app.test_request_context():
        gate.wait()
        while True:
            person = db.session.get(people.User, user_id)
            taken = next_ticket.take(person, clock.now(), None)
            db.session.commit()
            if taken is None:
                return
            got.append(taken)


def test_each_ticket_has_one_winner_and_each_press_another_ticket(busy):
    app, agents = busy
    gate, got = threading.Barrier(AGENTS), []
    threads = [threading.Thread(target=take_all, args=(app, user_id, gate, got)) for user_id in agents]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(got) == TICKETS
    assert max(Counter(taken.number for taken in got).values()) == 1
    assert all(taken.is_new for taken in got)
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).where(Ticket.assignee_id.is_not(None))) == TICKETS
        assert db.session.scalar(sa.select(sa.func.count()).where(Event.kind == "ticket.taken")) == TICKETS
