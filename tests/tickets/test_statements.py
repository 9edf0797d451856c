"""How many statements the four frequent requests take; a long life of the ticket adds none."""

import pytest

from app.core.db import db
from tests import factories

pytestmark = pytest.mark.slow


@pytest.fixture
def count(statements):
    def counted(answer) -> int:
        db.session.commit()
        db.session.remove()
        with statements() as said:
            assert answer().status_code in (200, 303)
        return len(said)

    return counted


def busy(small, messages: int):
    """A ticket with a past: messages, waits, hops."""
    ticket = factories.ticket(small.aigul, small.printer)
    for n in range(messages):
        ticket.reply(f"Try {n}", small.agent)
        ticket.hold(small.waiting, small.agent)
        ticket.receive(f"Tried {n}", small.aigul)
        ticket.escalate(small.second, "Cable", small.agent)
        ticket.hand_back("Socket?", small.expert)
    ticket.take(small.agent)
    db.session.commit()
    return ticket.id


@pytest.mark.parametrize(("who", "most"), [("agent", 20), ("aigul", 18)])
def test_the_ticket_page(small, browser_of, count, who, most):
    browser = browser_of(getattr(small, who))
    young, old = busy(small, 1), busy(small, 20)
    assert count(lambda: browser.get(f"/tickets/{young}")) == count(lambda: browser.get(f"/tickets/{old}")) <= most


def test_filing(small, browser_of, count):
    aigul = browser_of(small.aigul)
    form = {"request_type": "printer", "subject": "No paper", "body": "Empty"}
    busy(small, 3)
    assert count(lambda: aigul.post("/tickets", data=form)) <= 24


@pytest.mark.parametrize(("who", "noun"), [("agent", "replies"), ("aigul", "answers"), ("agent", "notes")])
def test_speaking(small, browser_of, count, who, noun):
    browser = browser_of(getattr(small, who))
    young, old = busy(small, 1), busy(small, 20)
    few, many = (count(lambda n=n: browser.post(f"/tickets/{n}/{noun}", data={"body": "Hello"})) for n in (young, old))
    assert many == few <= 24
