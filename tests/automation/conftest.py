"""A team whose tickets the desk gives out."""

from types import SimpleNamespace

import pytest

from app.automation import assignment_jobs
from app.core.db import db
from app.core.events import events_of
from tests import factories, people
from tests.sla.conftest import at, office  # noqa: F401 - fixtures


def member_of(team, user):
    return next(m for m in user.memberships if m.team_id == team.id)


def filed(crew, when="2026-03-02 10:00", **about):
    """Aigul files something; on a Monday morning unless told otherwise."""
    ticket = factories.ticket(crew.aigul, crew.printer, at=at(when), **about)
    db.session.commit()
    return ticket


def owner(ticket):
    """The name of who has it, as the database knows it."""
    db.session.commit()
    return ticket.assignee.name if ticket.assignee else None


def give_out(when):
    """The job, at a moment by the wall clock; what the test itself did is committed before."""
    db.session.commit()
    return assignment_jobs.give_out(at(when))


def unown_idle(when):
    db.session.commit()
    return assignment_jobs.unown_idle(at(when))


def kinds(ticket):
    return [event.kind for event in events_of("ticket", ticket.id)]


@pytest.fixture
def crew(office):  # noqa: F811
    """The service desk shares by turns and works Monday to Friday, 9 to 18: Bakyt and Cholpon, no lead among them.
    Level 2 stays manual. Aigul asks."""
    first = office.first
    for membership in list(first.memberships):
        db.session.delete(membership)
    first.assignment, first.calendar_id = "round_robin", office.calendar.id
    db.session.flush()
    db.session.expire_all()
    made = SimpleNamespace(
        first=first, second=office.second, printer=office.printer, aigul=office.aigul, expert=office.expert,
        waiting=office.waiting, calendar=office.calendar,
        bakyt=people.user("bakyt", member=(first,)), cholpon=people.user("cholpon", member=(first,)))
    db.session.commit()
    return made
