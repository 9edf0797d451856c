"""Two agents of one team with tickets, a lead, a head of the department, somebody of another team."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from app.accounts import absence_actions
from app.accounts.absence_checks import Plan
from app.core.db import db
from tests import factories, people
from tests.tickets.conftest import browser_of, statements  # noqa: F401 - fixtures

NOW = datetime(2026, 3, 2, 6, tzinfo=UTC)
"""A Monday, noon in Bishkek."""
DAY = timedelta(days=1)


@pytest.fixture
def cast(desk):
    head = people.user("head")
    office = people.department("office", head=head)
    first, second = people.team("service-desk", 1), people.team("network", 2)
    first.department_id = office.id
    made = SimpleNamespace(
        office=office, first=first, second=second, head=head,
        aigul=people.user("aigul", department=office, member=(first,)),
        bakyt=people.user("bakyt", department=office, member=(first,)),
        chynara=people.user("chynara", department=office, member=(first,)),
        lead=people.user("lead", department=office, leads=(first,)),
        stranger=people.user("stranger", member=(second,)),
        asker=people.user("asker", department=office), customer=people.user("customer", customer=True),
        admin=people.user("root", administrator=True), kind=factories.request_type("printer", first),
    )
    db.session.commit()
    return made


@pytest.fixture
def at(time_machine):
    """Moves the clock: `at(NOW)`."""

    def moved(moment):
        time_machine.move_to(moment, tick=False)
        return moment

    moved(NOW)
    return moved


@pytest.fixture
def away(cast):
    """Announces an absence from the day of NOW plus so many days, for so many days."""

    def announced(person, after=1, days=3, by=None, now=NOW, **about):
        deputies = {kind: about.pop(kind).id for kind in ("tickets", "approvals", "escalations") if kind in about}
        first = (now + DAY * after).date()
        plan = Plan(person, first, first + DAY * (days - 1), deputies=deputies, **about)
        made = absence_actions.announce(plan, by or person, now)
        db.session.commit()
        return made

    return announced


@pytest.fixture
def ticket_of(cast):
    """A ticket of the first team that somebody works on."""

    def made(person, subject="Printer", requester=None, **about):
        filed = factories.ticket(requester or cast.asker, cast.kind, subject, at=NOW - DAY, **about)
        filed.assign(person, cast.lead, NOW - DAY)
        db.session.commit()
        return filed

    return made
