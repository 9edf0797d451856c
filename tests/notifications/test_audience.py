"""Who is told what."""

import pytest
import sqlalchemy as sa

from app.core.db import db
from app.core.events import KINDS, events_of
from app.notifications import audience, messages
from app.notifications.models import Notification
from app.tickets import actions
from app.tickets.models import TicketAccess
from tests import factories, people

pytestmark = pytest.mark.slow


@pytest.fixture
def told(deliver):
    """Names of those who are told of the last event of a kind about a ticket."""

    def names(ticket, kind):
        deliver()
        event = [event for event in events_of("ticket", ticket.id) if event.kind == f"ticket.{kind}"][-1]
        rows = db.session.scalars(sa.select(Notification).where(Notification.event_id == event.id))
        return sorted(row.user.name for row in rows if row.channel == "app")

    return names


def test_every_audience_is_found_and_written_to(app):
    named = {kind.audience for kind in KINDS.values() if kind.audience}
    on_the_desk_only = {"not_sent"}
    assert named == set(audience.AUDIENCES) == set(messages.MESSAGES) | on_the_desk_only


def test_a_new_request_is_told_to_the_team_and_not_to_who_filed_it(small, told):
    ticket = factories.ticket(small.aigul, small.printer)
    assert told(ticket, "filed") == ["Agent", "Rival"]


def test_a_request_that_has_moved_on_is_no_news_twice(small, told):
    ticket = factories.ticket(small.aigul, small.printer)
    ticket.escalate(small.second, "Cable", small.agent)
    assert (told(ticket, "filed"), told(ticket, "escalated")) == ([], ["Expert"])


def test_filed_on_behalf_of_somebody_who_is_told(small, told):
    ticket = factories.ticket(small.aigul, small.printer, by=small.agent)
    assert told(ticket, "filed") == ["Aigul", "Rival"]


def test_assigned_to(small, told):
    ticket = factories.ticket(small.aigul, small.printer)
    ticket.assign(small.rival, small.agent)
    assert told(ticket, "assigned") == ["Rival"]


def test_a_reply_reaches_requester_and_watchers(small, told):
    ticket = factories.ticket(small.aigul, small.printer)
    actions.watch(ticket, small.bakyt, small.agent)
    ticket.reply("Done?", small.agent)
    assert told(ticket, "replied") == ["Aigul", "Bakyt"]


def test_an_answer_reaches_the_assignee_or_else_the_team(small, told):
    ticket = factories.ticket(small.aigul, small.printer)
    ticket.receive("Room 12", small.aigul)
    assert told(ticket, "answered") == ["Agent", "Rival"]
    ticket.take(small.agent)
    ticket.receive("Room 13", small.aigul)
    assert told(ticket, "answered") == ["Agent"]
    small.agent.is_active = False
    ticket.receive("Room 14", small.aigul)
    assert told(ticket, "answered") == ["Rival"]


def test_a_note_stays_with_the_staff(small, told):
    ticket = factories.ticket(small.aigul, small.printer)
    ticket.take(small.agent)
    actions.watch(ticket, small.bakyt, small.agent)
    ticket.note("Broken by coffee", small.rival)
    assert told(ticket, "noted") == ["Agent"]
    ticket.note("I know", small.agent)
    assert told(ticket, "noted") == ["Rival"]


def test_who_wrote_a_note_once_and_is_no_agent_now_is_not_told(small, told):
    ticket = factories.ticket(small.aigul, small.printer)
    ticket.take(small.agent)
    ticket.note("Broken by coffee", small.rival)
    actions.watch(ticket, small.rival, small.agent)
    small.rival.memberships.clear()
    ticket.note("Again", small.agent)
    assert told(ticket, "noted") == []


def test_a_hop_is_told_to_the_new_team_and_a_return_to_who_escalated(small, told):
    ticket = factories.ticket(small.aigul, small.printer)
    ticket.escalate(small.second, "Cable", small.agent)
    assert told(ticket, "escalated") == ["Expert"]
    small.agent.memberships.clear()
    actions.watch(ticket, small.agent, small.rival)
    ticket.hand_back("Which?", small.expert)
    assert told(ticket, "handed_back") == ["Rival"]


def test_the_reason_of_a_hop_is_kept_from_an_expert_who_asked(small, told):
    ticket = factories.ticket(small.expert, small.printer)
    ticket.escalate(small.second, "He always asks", small.agent)
    assert told(ticket, "escalated") == []


def test_the_lead_is_told_by_hand(small, lead, told):
    ticket = factories.ticket(small.aigul, small.printer)
    ticket.tell_lead("Angry", small.agent)
    assert told(ticket, "lead_told") == ["Lead"]


def test_waiting_and_the_end_reach_the_requester(small, told):
    ticket = factories.ticket(small.aigul, small.printer)
    ticket.hold(small.waiting, small.agent)
    assert told(ticket, "held") == ["Aigul"]
    ticket.resolve(small.agent)
    assert told(ticket, "resolved") == ["Aigul"]
    ticket.reopen(small.aigul)
    assert told(ticket, "reopened") == ["Agent", "Rival"]
    ticket.cancel("Not needed", small.aigul)
    assert told(ticket, "cancelled") == ["Agent", "Rival"]


def test_requesters_of_duplicates_are_told_of_the_end_on_their_own_tickets(small, told):
    original, duplicate, farther = (factories.ticket(who, small.printer)
                                    for who in (small.aigul, small.bakyt, small.expert))
    actions.merge(farther, duplicate, small.agent)
    actions.merge(duplicate, original, small.agent)
    original.reply("Secret of Aigul", small.agent)
    original.resolve(small.agent)
    assert told(original, "replied") == ["Aigul"]
    assert told(original, "resolved") == ["Aigul", "Bakyt", "Expert"]
    places = db.session.execute(sa.select(Notification.user_id, Notification.ticket_id).join(Notification.event)
                                .where(Notification.event.has(kind="ticket.resolved"))).all()
    assert set(places) == {(small.aigul.id, original.id), (small.bakyt.id, duplicate.id), (small.expert.id, farther.id)}


def test_nobody_is_told_of_what_is_out_of_sight(small, told):
    small.printer.is_confidential = True
    ticket = factories.ticket(small.aigul, small.printer)
    ticket.escalate(small.second, "Cable", small.agent)
    db.session.execute(sa.delete(TicketAccess))
    assert told(ticket, "filed") == []
    assert told(ticket, "escalated") == []


def test_the_past_is_told_to_nobody(small, deliver):
    from app.core.events import history

    with history():
        factories.ticket(small.aigul, small.printer).reply("Years ago", small.agent)
    deliver()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Notification)) == 0


def test_timers_reach_who_had_the_ticket_then(small, lead, deliver, told):
    from app.core.events import record

    other_lead = people.user("chief", department=small.office, leads=(small.second,))
    ticket = factories.ticket(small.aigul, small.printer)
    ticket.take(small.agent)
    event = record("sla.breached", ticket, target="resolution", share=100, cycle=1, due=None, is_late=False,
                   actions=["notify_assignee", "notify_lead"])
    ticket.escalate(small.second, "Late", None)
    warned = record("sla.warned", ticket, target="resolution", share=50, cycle=1, due=None, is_late=False, actions=[])
    deliver()
    rows = db.session.scalars(sa.select(Notification).where(Notification.event_id.in_([event.id, warned.id])))
    assert sorted(row.user.name for row in rows) == ["Agent", "Lead"]
    assert told(ticket, "escalated") == ["Chief", "Expert"]
    assert other_lead.name == "Chief"
