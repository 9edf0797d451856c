"""Several at the same moment, on connections of their own: no circle is closed, no ticket is passed on twice."""

import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from app.accounts import absence_actions, absences
from app.accounts.absence_checks import Plan
from app.accounts.models import User
from app.attention import housekeeping
from app.core.db import db
from app.core.errors import Invalid
from app.core.events import Event
from app.tickets.models import Ticket
from tests import factories, people
from tests.sla.test_claims import real_desk  # noqa: F401 - a fixture

from .conftest import DAY, NOW

pytestmark = pytest.mark.real
PEOPLE = 6


def together(desk, works):
    """Each in a thread and an app context of its own; what was raised."""
    gate, raised = threading.Barrier(len(works)), []

    def run(work):
        with desk.app_context():
            gate.wait()
            try:
                work()
                db.session.commit()
            except (Invalid, IntegrityError) as error:
                db.session.rollback()
                raised.append(error)

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


def test_a_ring_of_plans_saved_at_once_stays_open(real_desk):  # noqa: F811
    team = people.team("first")
    ids = [people.user(f"agent{n}", member=(team,)).id for n in range(PEOPLE)]
    absences.renew()
    db.session.commit()

    def announcing(n):
        def announce():
            person = db.session.get(User, ids[n])
            first = (NOW + DAY).date()
            absence_actions.announce(Plan(person, first, first + timedelta(days=2),
                                          deputies={"tickets": ids[(n + 1) % PEOPLE]}), person, NOW)

        return announce

    raised = together(real_desk, [announcing(n) for n in range(PEOPLE)])
    at = NOW + DAY
    away = [user_id for user_id in ids if absences.is_absent(user_id, at)]
    assert len(raised) == 1 and isinstance(raised[0], Invalid)
    assert len(away) == PEOPLE - 1
    assert all(absences.deputy_of(user_id, "tickets", at) not in (None, *away) for user_id in away)


def test_of_several_processes_one_passes_the_tickets_on(real_desk):  # noqa: F811
    team = people.team("first")
    aigul, bakyt, asker = people.user("aigul", member=(team,)), people.user("bakyt", member=(team,)), people.user("a")
    kind = factories.request_type("printer", team)
    for _ in range(10):
        factories.ticket(asker, kind, at=NOW - DAY).assign(aigul, None, NOW - DAY)
    first = (NOW + DAY).date()
    absence_actions.announce(Plan(aigul, first, first, deputies={"tickets": bakyt.id}), aigul, NOW)
    bakyt_id = bakyt.id
    db.session.commit()
    together(real_desk, [lambda: housekeeping.turn_over(NOW + DAY)] * 4)
    db.session.expire_all()
    assert db.session.scalar(sa.select(sa.func.count(Ticket.id)).where(Ticket.assignee_id == bakyt_id)) == 10
    passed = sa.select(sa.func.count(Event.id)).where(Event.kind == "ticket.assigned",
                                                      Event.on_behalf_of_id.is_not(None))
    assert db.session.scalar(passed) == 10
    assert db.session.scalar(sa.select(sa.func.count(Event.id)).where(Event.kind == "absence.begun")) == 1
