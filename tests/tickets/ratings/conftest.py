"""A ticket that the agent solved for Aigul on a Monday morning, with a lead who answers for the team."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from app.core.db import db
from app.tickets.models import Rating, Ticket
from app.tickets.ratings import asking
from tests import factories, people
from tests.notifications.conftest import deliver
from tests.postbox import postbox
from tests.tickets.conftest import browser_of, small

__all__ = ["browser_of", "deliver", "postbox", "small"]
SOLVED = datetime(2026, 11, 2, 4, 0, tzinfo=UTC)
LATER = SOLVED + timedelta(hours=5)


@pytest.fixture
def solve(small):
    """Files and solves a ticket; gives its number."""

    def solved(at=SOLVED, requester=None, by=None, **about):
        ticket = factories.ticket(requester or small.aigul, small.printer, at=at - timedelta(hours=1), **about)
        ticket.take(by or small.agent, at - timedelta(minutes=30))
        ticket.resolve(by or small.agent, at)
        db.session.commit()
        return ticket.id

    return solved


@pytest.fixture
def asked(small, solve):
    """The ticket after its requester was asked, and the question."""
    number = solve()
    assert asking.ask_due(LATER) == 1
    return SimpleNamespace(small=small, number=number, lead=people.user("lead", department=small.office,
                                                                        leads=(small.first,)),
                           rating=lambda: db.session.query(Rating).one(), ticket=lambda: db.session.get(Ticket, number))
