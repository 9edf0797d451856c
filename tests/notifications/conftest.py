"""The small desk with a lead, and what the scheduler does in between."""

import pytest

from app.core import clock, outbox
from app.core.db import db
from tests import factories, people
from tests.postbox import postbox
from tests.tickets.conftest import browser_of, small, statements

__all__ = ["browser_of", "postbox", "small", "statements"]


@pytest.fixture
def lead(small):
    return people.user("lead", department=small.office, leads=(small.first,))


@pytest.fixture
def deliver(desk):
    """Drains the outbox as the scheduler would, in a context of its own, at a moment."""

    def drain(at=None):
        db.session.commit()
        with desk.app_context():
            while outbox.drain(at or clock.now(), "test"):
                pass
        db.session.expire_all()

    return drain


@pytest.fixture
def ticket(small, deliver):
    """A request of the service desk that Agent has taken, of which nothing is left to be told."""
    made = factories.ticket(small.aigul, small.printer, subject="Printer")
    made.take(small.agent)
    deliver()
    return made
