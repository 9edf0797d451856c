"""Up the chain: leads, the head of the team's department, the heads above; deputies for who is away."""

import pytest

from app.automation import chain
from app.core import clock
from app.core.db import db
from app.tickets.models import TicketAccess
from tests import factories, people
from tests.sla.conftest import at, office, ticket  # noqa: F401 - fixtures

from .chain_of_command import announce, away, happened, left_out, organisation


@pytest.fixture
def org(office):  # noqa: F811
    return organisation(office)


def names(told):
    return [(one.person.name, one.instead_of.name if one.instead_of else None) for one in told]


def step(ticket, number):  # noqa: F811
    return names(chain.at_step(ticket, ticket.team_id, number, clock.now()))


def whole(ticket):  # noqa: F811
    return names(chain.whole(ticket, ticket.team_id, clock.now()))


def test_step_by_step_up_the_tree(org, ticket):  # noqa: F811
    assert [step(ticket, number) for number in (1, 2, 3)] == [
        [("Lead", None)], [("Chief", None)], [("Boss", None)]]
    assert whole(ticket) == [("Lead", None), ("Chief", None), ("Boss", None)]


def test_above_the_top_there_is_nobody(org, ticket):  # noqa: F811
    assert step(ticket, 4) == []


def test_a_vacant_step_passes_to_the_next_one_up(org, ticket):  # noqa: F811
    org.lead.is_active = False
    org.it.head_id = None
    db.session.flush()
    db.session.expire_all()
    assert step(ticket, 1) == step(ticket, 2) == step(ticket, 3) == [("Boss", None)]


def test_a_team_of_no_department_has_its_leads_alone(office, ticket):  # noqa: F811
    assert (whole(ticket), step(ticket, 2)) == ([("Lead", None)], [])


def test_a_department_tree_that_returns_to_itself_ends(org, ticket):  # noqa: F811
    org.ministry.parent_id = org.it.id
    db.session.flush()
    db.session.expire_all()
    assert whole(ticket) == [("Lead", None), ("Chief", None), ("Boss", None)]
    org.it.parent_id = org.it.id
    db.session.flush()
    db.session.expire_all()
    assert whole(ticket) == [("Lead", None), ("Chief", None)]


def test_the_deputy_for_escalations_stands_in_for_an_absent_lead(org, ticket):  # noqa: F811
    away(org.lead, escalations=org.agent, tickets=org.expert)
    assert step(ticket, 1) == [("Agent", "Lead")]
    assert whole(ticket) == [("Agent", "Lead"), ("Chief", None), ("Boss", None)]


def test_where_all_of_a_step_are_away_without_deputies_the_next_one_up_is_asked(org, ticket):  # noqa: F811
    away(org.lead)
    assert step(ticket, 1) == [("Chief", None)]
    away(org.chief)
    away(org.boss)
    assert step(ticket, 1) == [("Lead", None)], "nobody is there at all"


def test_a_deputy_who_may_not_see_the_ticket_does_not_stand_in(org, ticket):  # noqa: F811
    away(org.chief, escalations=people.user("outsider"))
    assert step(ticket, 2) == [("Boss", None)]
    assert ("Chief", None) in whole(ticket)


def test_who_asked_is_not_told_as_staff_of_the_own_request(org):
    asked = factories.ticket(org.chief, org.printer, at=at("2026-03-02 10:00"))
    assert step(asked, 2) == [("Boss", None)]
    assert whole(asked) == [("Lead", None), ("Boss", None)]


def test_of_a_confidential_ticket_only_the_named_are_told(org):
    complaint = factories.request_type("complaint", org.first, is_confidential=True)
    asked = factories.ticket(org.aigul, complaint, at=at("2026-03-02 10:00"))
    assert whole(asked) == [("Lead", None)], "named with the team where it landed"
    assert step(asked, 2) == []
    asked.accesses.append(TicketAccess(user_id=org.boss.id))
    db.session.flush()
    assert step(asked, 2) == [("Boss", None)]


def test_escalating_up_the_chain_says_whom_it_told(org, ticket):  # noqa: F811
    away(org.chief, escalations=org.lead)
    event = announce(ticket, {"action": "tell_head", "step": 2})
    (told,) = happened(ticket, "automation.head_told")
    assert told.data["people"] == [[org.lead.id, org.chief.id]]
    assert (told.data["step"], told.data["announcement"], told.actor_id) == (2, event.id, None)
    assert (ticket.level, ticket.team_id) == (1, org.first.id), "it stays where it is"


def test_the_history_says_in_whose_place_a_deputy_is_told(org, ticket):  # noqa: F811
    away(org.lead, escalations=org.agent)
    announce(ticket, "notify_chain")
    assert [(event.data["told"], event.data["instead_of"]) for event in happened(ticket, "automation.deputy_told")] == [
        ("Agent", "Lead")]


def test_the_head_of_who_had_it_is_told_also_where_it_is_escalated_in_the_same_moment(org, ticket):  # noqa: F811
    announce(ticket, "escalate_level", {"action": "tell_head", "step": 2})
    assert (ticket.team_id, happened(ticket, "automation.head_told")[0].data["told"]) == (org.second.id, "Chief")


def test_that_nobody_could_be_told_is_written_down(office, ticket):  # noqa: F811
    stranger = people.user("stranger")
    db.session.delete(office.lead.memberships[0])
    db.session.flush()
    db.session.expire_all()
    announce(ticket, {"action": "tell_head", "step": 1}, "notify_lead", "notify_chain", "notify_deputy", "notify_team",
             {"action": "notify_named", "user_id": stranger.id}, {"action": "notify_named"}, "notify_assignee")
    assert left_out(ticket) == [(act, "nobody") for act in (
        "tell_head", "notify_lead", "notify_chain", "notify_deputy", "notify_named", "notify_named")]
