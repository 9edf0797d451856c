"""The desk of the clocks, with a lead and an administrator who look at its figures."""

import pytest

from app.core.db import db
from tests import factories, people
from tests.sla.conftest import at, office  # noqa: F401 - a fixture
from tests.tickets.conftest import browser_of, statements  # noqa: F401 - fixtures


@pytest.fixture
def quarter(office):  # noqa: F811
    """Five tickets of March 2026: one solved in time, one late, one reopened, one handed up and back, one open."""
    o = office
    tickets = [factories.ticket(o.aigul, o.printer, f"Ticket {n}", at=at("2026-03-02 10:00")) for n in range(5)]
    quick, late, again, hopped, _still_open = tickets
    quick.reply("Done", o.agent, at("2026-03-02 10:30"))
    quick.resolve(o.agent, at("2026-03-02 11:00"))
    late.resolve(o.agent, at("2026-03-20 11:00"))
    again.resolve(o.agent, at("2026-03-02 12:00"))
    again.reopen(o.aigul, at("2026-03-03 12:00"))
    again.resolve(o.agent, at("2026-03-03 13:00"))
    hopped.escalate(o.second, "Cable", o.agent, at("2026-03-02 11:00"))
    hopped.hand_back("Which one?", o.expert, at("2026-03-02 12:00"))
    o.admin = people.user("admin", administrator=True)
    o.tickets = tickets
    db.session.flush()
    return o
