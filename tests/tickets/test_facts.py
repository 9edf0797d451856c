"""Two people edit one ticket: the second is told what changed, loses nothing typed, and can save again."""

import re

import pytest

from app.core.db import db
from app.tickets.models import Ticket
from tests import factories

FIELDS = ("subject", "kind", "request_type_id", "impact", "urgency", "version", "was_subject", "was_kind",
          "was_request_type_id", "was_impact", "was_urgency")


@pytest.fixture
def ticket(small):
    made = factories.ticket(small.aigul, small.printer, "Printer")
    db.session.commit()
    return made


def form_of(page: str) -> dict[str, str]:
    """What a browser would send back of the form as it stands."""
    form = dict(re.findall(r'<input[^>]*\bname="(\w+)"[^>]*\bvalue="([^"]*)"', page))
    for name, options in re.findall(r'<select[^>]*\bname="(\w+)"[^>]*>(.*?)</select>', page, re.S):
        form[name] = re.search(r'<option selected value="([^"]*)"', options)[1]
    return {name: form[name] for name in FIELDS if name in form}


def opened(browser, ticket) -> dict[str, str]:
    return form_of(browser.get(f"/tickets/{ticket.id}/facts").text)


def save(browser, ticket, form, **typed):
    return browser.post(f"/tickets/{ticket.id}/facts", data=form | typed)


def fresh(ticket) -> Ticket:
    return db.session.get(Ticket, ticket.id, populate_existing=True)


def test_impact_and_urgency_make_the_priority(small, ticket, browser_of):
    agent = browser_of(small.agent)
    assert save(agent, ticket, opened(agent, ticket), impact="high", urgency="high").status_code == 303
    assert fresh(ticket).priority == "P1"


def test_the_second_of_two_is_told_and_loses_nothing(small, ticket, browser_of):
    agent, rival = browser_of(small.agent), browser_of(small.rival)
    first, second = opened(agent, ticket), opened(rival, ticket)
    save(agent, ticket, first, subject="Printer on fire")
    clash = save(rival, ticket, second, subject="Printer, third floor", impact="high")
    assert clash.status_code == 409
    assert "Printer on fire" in clash.text and "Printer, third floor" in clash.text and "Agent changed" in clash.text
    assert fresh(ticket).subject == "Printer on fire"
    assert save(rival, ticket, form_of(clash.text)).status_code == 303
    assert (fresh(ticket).subject, fresh(ticket).impact) == ("Printer, third floor", "high")


def test_what_the_second_left_alone_takes_the_first_ones_value(small, ticket, browser_of):
    agent, rival = browser_of(small.agent), browser_of(small.rival)
    first, second = opened(agent, ticket), opened(rival, ticket)
    save(agent, ticket, first, subject="Printer on fire")
    again = form_of(save(rival, ticket, second, urgency="high").text)
    assert (again["subject"], again["urgency"]) == ("Printer on fire", "high")
    save(rival, ticket, again)
    assert (fresh(ticket).subject, fresh(ticket).urgency) == ("Printer on fire", "high")


def test_a_message_or_a_deadline_in_between_is_no_clash(small, ticket, browser_of):
    agent = browser_of(small.agent)
    form = opened(agent, ticket)
    ticket.receive("Hello?", small.aigul)
    ticket.set_due(ticket.filed_at)
    db.session.commit()
    assert save(agent, ticket, form, subject="New").status_code == 303


def test_an_old_version_without_what_it_showed_clashes(small, ticket, browser_of):
    agent = browser_of(small.agent)
    save(agent, ticket, opened(agent, ticket), subject="New")
    bare = {"subject": "Old", "kind": "incident", "request_type_id": small.printer.id, "impact": "low",
            "urgency": "low"}
    assert save(agent, ticket, bare, version="1").status_code == 409
    assert fresh(ticket).subject == "New"


@pytest.mark.slow
def test_a_hundred_rounds_overwrite_nothing(small, ticket, browser_of):
    agent, rival = browser_of(small.agent), browser_of(small.rival)
    for n in range(100):
        first, second = opened(agent, ticket), opened(rival, ticket)
        codes = [save(agent, ticket, first, subject=f"a{n}").status_code,
                 save(rival, ticket, second, subject=f"b{n}").status_code]
        assert (codes, fresh(ticket).subject) == ([303, 409], f"a{n}")


@pytest.mark.parametrize("typed", [{"subject": ""}, {"subject": "x" * 201}, {"impact": "huge"},
                                   {"request_type_id": "x"}, {"kind": "joke"}])
def test_nonsense_is_refused(small, ticket, browser_of, typed):
    agent = browser_of(small.agent)
    assert save(agent, ticket, opened(agent, ticket), **typed).status_code == 400
    assert fresh(ticket).subject == "Printer"


def test_a_deadline_does_not_count_as_a_change(small, ticket):
    version = ticket.version
    ticket.set_due(ticket.filed_at)
    db.session.commit()
    assert (fresh(ticket).version, fresh(ticket).due_at) == (version, ticket.filed_at)
