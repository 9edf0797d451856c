"""The people a backtest counts notices for are those whom the desk would tell."""

from datetime import date

import pytest

from app.accounts import absence_actions
from app.accounts.absence_checks import Plan
from app.automation import telling
from app.backtest.recipients import Directory, Said
from app.core.db import db
from app.core.events import Event
from app.tickets.models import TicketAccess
from tests import people
from tests.sla.conftest import at

pytestmark = pytest.mark.slow

MOMENT = at("2026-03-02 15:00")
ACTS = [{"action": "notify_assignee"}, {"action": "notify_team"}, {"action": "notify_lead"},
        {"action": "notify_deputy"}, {"action": "notify_chain"}]


@pytest.fixture
def chain(office):
    """The team belongs to a department with a head, which stands under another with a head."""
    above = people.department("above", head=people.user("director"))
    office.first.department = people.department("support", parent=above, head=people.user("head"))
    office.other = people.user("other", member=(office.first,))
    db.session.flush()
    return office


def said(ticket, act):
    return Said(MOMENT, [act], ticket.team_id, ticket.assignee_id, ticket.requester_id, ticket.department_id,
                ticket.is_confidential)


def announced(ticket, act):
    """Whom automation finds for the announcement, as far as they may know of it."""
    event = Event(kind="sla.warned", subject_type="ticket", subject_id=ticket.id, occurred_at=MOMENT,
                  recorded_at=MOMENT, data={"actions": [act], "target": "resolution", "cycle": 1, "share": 50})
    db.session.add(event)
    db.session.flush()
    had = telling.then(event, ticket)
    return {one.person.id for one in telling.told_by(event, ticket) if had.may(one.person)}


def away(office, person, deputy):
    deputies = dict.fromkeys(("tickets", "approvals", "escalations"), deputy.id)
    absence_actions.announce(Plan(person, date(2026, 3, 1), date(2026, 3, 7), deputies=deputies), person,
                             at("2026-02-20 10:00"))


@pytest.mark.parametrize("act", [*ACTS, {"action": "notify_named", "user_id": None}],
                         ids=lambda act: act["action"])
@pytest.mark.parametrize("state", ["nobody's", "somebody's", "the assignee is away", "the lead is away",
                                   "asked for by the lead", "confidential"])
def test_as_the_desk_finds_them(chain, ticket, act, state):
    if act["action"] == "notify_named":
        act = act | {"user_id": chain.lead.id}
    if state in ("somebody's", "the assignee is away"):
        ticket.take(chain.agent, at("2026-03-02 10:30"))
    if state == "the assignee is away":
        away(chain, chain.agent, chain.other)
    if state == "the lead is away":
        away(chain, chain.lead, chain.agent)
    if state == "asked for by the lead":
        ticket.requester = chain.lead
    ticket.is_confidential = state == "confidential"
    db.session.flush()
    if state == "confidential":
        db.session.add(TicketAccess(ticket_id=ticket.id, team_id=chain.first.id))
        db.session.flush()
    assert Directory().told(said(ticket, act)) == announced(ticket, act)


@pytest.mark.parametrize(("step", "name"), [(1, "lead"), (2, "head"), (3, "director"), (4, None)])
def test_so_many_steps_up(chain, ticket, step, name):
    told = Directory().told(said(ticket, {"action": "tell_head", "step": step}))
    found = {person.name.lower() for person in db.session.scalars(
        db.select(people.User).where(people.User.id.in_(told)))}
    assert found == ({name} if name else set())


def test_what_does_something_tells_nobody(chain, ticket):
    assert Directory().told(said(ticket, {"action": "raise_priority"})) == set()


def test_names_of_the_first_releases(chain, ticket):
    assert Directory().told(said(ticket, "notify_lead")) == {chain.lead.id}
