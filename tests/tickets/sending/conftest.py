"""A ticket, its agent's browser, and what a browser sends from the composer."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.core import clock
from app.core.db import db
from app.tickets.models import Message, OutgoingReply
from app.tickets.sending import housekeeping
from tests import factories
from tests.experiments.forms import fields
from tests.notifications.conftest import deliver  # noqa: F401
from tests.tickets.conftest import browser_of, small, statements  # noqa: F401


@pytest.fixture
def ticket(small):  # noqa: F811
    made = factories.ticket(small.aigul, small.printer)
    small.aigul.language = small.agent.language = "en"
    db.session.commit()
    return made


@pytest.fixture
def press(ticket):
    """Presses Send on the page as it is drawn, with these words."""

    def pressed(browser, body="We will come tomorrow.", **about):
        action = f"/tickets/{ticket.id}/replies"
        drawn = fields(browser.get(f"/tickets/{ticket.id}").text, action)
        return browser.post(action, data=drawn | {"body": body} | about)

    return pressed


@pytest.fixture
def leave(desk):
    """What the scheduler does so many seconds from now."""
    return lambda seconds=60: housekeeping.send_due(clock.now() + timedelta(seconds=seconds))


def replies() -> list[Message]:
    return list(db.session.scalars(sa.select(Message).where(Message.kind == "reply").order_by(Message.id)))


def outgoing() -> list[OutgoingReply]:
    return list(db.session.scalars(sa.select(OutgoingReply).order_by(OutgoingReply.id)
                                   .execution_options(populate_existing=True)))
