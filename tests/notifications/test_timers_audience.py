"""Whom timers tell: each act its people, everybody once, nobody who may not know."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.automation.telling import TELLING
from app.core import clock
from app.core.db import db
from app.notifications.audience import in_place_of
from app.notifications.models import Notification
from app.tickets import actions, timeline
from tests import factories
from tests.automation.chain_of_command import announce, away, happened, organisation

pytestmark = pytest.mark.slow

NAMED = {"action": "notify_named"}


@pytest.fixture
def org(small, lead):
    small.lead = lead
    return organisation(small)


@pytest.fixture
def ticket(org):
    made = factories.ticket(org.aigul, org.printer)
    made.take(org.agent)
    return made


@pytest.fixture
def told(deliver):
    """Names of those who are told of an event."""

    def names(event):
        deliver()
        rows = db.session.scalars(sa.select(Notification).where(Notification.event_id == event.id))
        return sorted(row.user.name for row in rows if row.channel == "app")

    return names


@pytest.mark.parametrize(("act", "wanted"), [
    ("notify_assignee", ["Agent"]), ("notify_team", ["Agent", "Lead", "Rival"]), ("notify_lead", ["Lead"]),
    ("notify_chain", ["Boss", "Chief", "Lead"]), ("notify_deputy", ["Lead"]),
])
def test_each_act_tells_its_people(org, ticket, told, act, wanted):
    assert told(announce(ticket, act)) == wanted


def test_one_person_may_be_named(org, ticket, told):
    assert told(announce(ticket, NAMED | {"user_id": org.rival.id})) == ["Rival"]
    assert told(announce(ticket, NAMED | {"user_id": org.bakyt.id}, share=120)) == [], "it is not his to see"


def test_everybody_is_told_once_whatever_names_them(org, ticket, told):
    acts = [name for name in TELLING if name != "notify_named"] + [NAMED | {"user_id": org.lead.id}]
    assert told(announce(ticket, *acts)) == ["Agent", "Boss", "Chief", "Lead", "Rival"]


def test_while_it_is_nobodys_the_team_is_told(org, told):
    ticket = factories.ticket(org.aigul, org.printer)
    assert told(announce(ticket, "notify_assignee")) == ["Agent", "Lead", "Rival"]


def test_the_deputy_is_told_in_place_of_who_is_away(org, ticket, told):
    away(org.agent, tickets=org.rival)
    away(org.lead, escalations=org.rival)
    event = announce(ticket, "notify_assignee", "notify_lead")
    assert told(event) == ["Rival"]
    assert [person.name for person in in_place_of(org.rival, event, ticket)] == ["Agent", "Lead"]
    assert told(announce(ticket, "notify_deputy", share=120)) == ["Rival"]


def test_who_is_told_for_their_own_part_too_stands_in_for_nobody(org, ticket):
    away(org.lead, escalations=org.rival)
    event = announce(ticket, "notify_team", "notify_lead")
    assert in_place_of(org.rival, event, ticket) == []


def test_the_lead_who_is_asked_by_hand_is_replaced_too(org, ticket, told):
    away(org.lead, escalations=org.rival)
    ticket.tell_lead("He is angry", org.agent)
    assert told(happened(ticket, "ticket.lead_told")[0]) == ["Rival"]


def test_a_reason_between_agents_is_told_to_no_deputy_who_does_not_read_notes(org, ticket, told):
    away(org.lead, escalations=org.chief)
    ticket.tell_lead("He is angry", org.agent)
    assert told(happened(ticket, "ticket.lead_told")[0]) == ["Lead"]


def test_escalated_up_the_chain_is_no_news_twice(org, ticket, told):
    event = announce(ticket, "notify_chain", {"action": "tell_head", "step": 2})
    assert told(event) == ["Boss", "Lead"]
    assert told(happened(ticket, "automation.head_told")[0]) == ["Chief"]


def test_nobody_outside_hears_of_the_times_of_a_confidential_ticket(org, told):
    complaint = factories.request_type("complaint", org.first, is_confidential=True)
    ticket = factories.ticket(org.aigul, complaint)
    event = announce(ticket, "notify_chain", NAMED | {"user_id": org.expert.id}, {"action": "tell_head", "step": 2})
    assert told(event) == ["Lead"]
    assert happened(ticket, "automation.head_told") == []


def test_who_asked_hears_nothing_of_it(org, told):
    ticket = factories.ticket(org.chief, org.printer)
    actions.watch(ticket, org.chief, org.agent)
    event = announce(ticket, "notify_chain", NAMED | {"user_id": org.chief.id})
    assert told(event) == ["Boss", "Lead"]


def test_nor_as_an_agent_of_the_team_that_works_on_it(org, told):
    ticket = factories.ticket(org.rival, org.printer)
    assert told(announce(ticket, "notify_team")) == ["Agent", "Lead"]


def test_the_head_is_told_by_mail_without_what_agents_wrote(org, ticket, postbox, deliver):
    ticket.note("He is never satisfied", org.agent)
    announce(ticket, {"action": "tell_head", "step": 2}, is_late=True)
    deliver_later(deliver)
    (letter,) = postbox.to(org.chief)
    text = letter.get_body(("plain",)).get_content()
    assert letter["Subject"] == f"Escalated to you: #{ticket.number} Printer"
    assert "The deadline of the resolution has passed." in text and "announced late" in text
    assert "never satisfied" not in text and "stand in" not in text


def test_the_mail_says_for_whom_one_stands_in(org, ticket, postbox, deliver):
    away(org.lead, escalations=org.rival)
    announce(ticket, "notify_lead", kind="sla.overdue", share=150)
    deliver_later(deliver)
    (letter,) = postbox.to(org.rival)
    assert "You stand in for Lead." in letter.get_body(("plain",)).get_content()
    assert "150 % of the time is used." in letter.get_body(("plain",)).get_content()


def deliver_later(deliver):
    """What the desk did by itself waits for the hours of its people: of a team without hours, hardly."""
    deliver()
    deliver(clock.now() + timedelta(days=1))


@pytest.mark.parametrize("target", ["first_response", "next_response", "resolution", "pickup", "handover"])
@pytest.mark.parametrize(("kind", "share"), [("sla.warned", 50), ("sla.breached", 100), ("sla.overdue", 150)])
def test_each_announcement_of_each_target_has_a_sentence_and_a_mail(org, ticket, postbox, deliver, target, kind, share):
    event = announce(ticket, "notify_assignee", kind=kind, share=share, target=target, level=1)
    sentence = timeline.sentence(event)
    assert "…" not in sentence and "%(" not in sentence
    deliver_later(deliver)
    (letter,) = postbox.to(org.agent)
    assert sentence + "." in letter.get_body(("plain",)).get_content()


def test_people_of_another_team_keep_hearing_of_what_they_escalated(org, ticket, told):
    event = announce(ticket, "notify_assignee", "notify_chain", "escalate_level")
    assert ticket.team_id == org.second.id
    assert told(event) == ["Agent", "Boss", "Chief", "Lead"]
