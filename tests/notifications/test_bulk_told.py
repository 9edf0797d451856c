"""Who is given fifty tickets at once is told once."""

from datetime import timedelta

import pytest

from app.core import clock
from app.tickets.bulk import deeds
from app.tickets.bulk.verbs import Order
from tests import factories

pytestmark = pytest.mark.slow

MANY = 50


def test_fifty_tickets_are_told_in_one_mail(small, deliver, postbox):
    tickets = [factories.ticket(small.aigul, small.printer) for _each in range(MANY)]
    deliver()
    deliver(clock.now() + timedelta(days=4))
    postbox.letters.clear()
    deeds.do("assign", Order(assignee=small.rival), [t.id for t in tickets], small.agent, clock.now())
    deliver()
    deliver(clock.now() + timedelta(days=4))
    letters = postbox.to(small.rival)
    assert [letter["Subject"] for letter in letters] == ["50 tickets: what is new"]
