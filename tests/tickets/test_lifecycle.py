"""A ticket's whole way: two levels, waiting, reopening; and what is refused."""

import pytest

from app.core.db import db
from app.core.errors import Conflict, Invalid
from app.core.events import events_of
from app.tickets import actions
from app.tickets.models import Ticket
from tests import factories


def kinds(ticket):
    db.session.flush()
    return [event.kind.removeprefix("ticket.") for event in events_of("ticket", ticket.id)]


def test_the_whole_way_through_two_levels(small):
    ticket = factories.ticket(small.aigul, small.printer)
    ticket.take(small.agent)
    ticket.reply("Looking into it", small.agent)
    ticket.hold(small.waiting, small.agent)
    assert ticket.status == "pending"
    ticket.receive("Room 12", small.aigul)
    assert ticket.status == "open"
    ticket.escalate(small.second, "Cable", small.agent, answers={"tried": "restart"})
    assert (ticket.level, ticket.team, ticket.assignee_id) == (2, small.second, None)
    ticket.hand_back("Which socket?", small.expert)
    assert (ticket.level, ticket.team) == (1, small.first)
    ticket.escalate(small.second, "Socket 4", small.agent)
    ticket.resolve(small.expert)
    ticket.receive("Again!", small.aigul)
    assert (ticket.status, ticket.team, ticket.level) == ("open", small.first, 1)
    ticket.resolve(small.agent)
    ticket.close()
    db.session.commit()
    assert kinds(ticket) == [
        "filed", "taken", "replied", "held", "answered", "resumed", "escalated", "handed_back", "escalated",
        "resolved", "answered", "reopened", "resolved", "closed",
    ]
    assert (ticket.hops, ticket.returns) == (3, 1)


def test_second_taker_is_told_who_was_faster(small):
    ticket = factories.ticket(small.aigul, small.printer)
    ticket.take(small.agent)
    with pytest.raises(Conflict, match="Agent has already taken"):
        ticket.take(small.rival)
    assert ticket.assignee_id == small.agent.id
    assert kinds(ticket) == ["filed", "taken"]


def test_taken_and_given_back_in_one_breath_is_nobodys(small):
    ticket = factories.ticket(small.aigul, small.printer)
    ticket.take(small.agent)
    ticket.assign(None, small.agent)
    db.session.commit()
    db.session.refresh(ticket)
    assert ticket.assignee_id is None


@pytest.mark.parametrize("verb", ["hold", "escalate", "move", "tell_lead"])
def test_an_ended_ticket_refuses_work(small, verb):
    ticket = factories.ticket(small.aigul, small.printer)
    ticket.resolve(small.agent)
    ticket.close()
    arguments = {"hold": (small.waiting, small.agent), "escalate": (small.second, "x", small.agent),
                 "move": (small.first, "x", small.agent), "tell_lead": ("x", small.agent)}
    with pytest.raises((Conflict, Invalid)):
        getattr(ticket, verb)(*arguments[verb])
    assert kinds(ticket) == ["filed", "resolved", "closed"]


def test_answer_after_closing_makes_a_linked_follow_up(small):
    ticket = factories.ticket(small.aigul, small.printer)
    ticket.resolve(small.agent)
    ticket.close()
    message = actions.answer(ticket, "It is back", small.aigul)
    assert message.ticket_id != ticket.id
    assert kinds(ticket)[-1] == "followed_up"


def test_a_merged_ticket_hands_answers_on(small):
    original, duplicate = (factories.ticket(small.aigul, small.printer) for _ in range(2))
    actions.merge(duplicate, original, small.agent)
    assert duplicate.status == "closed"
    message = actions.answer(duplicate, "Any news?", small.aigul)
    assert (message.ticket_id, message.via_id) == (original.id, duplicate.id)


def test_an_answer_goes_on_through_two_merges(small):
    last, middle, first = (factories.ticket(small.aigul, small.printer) for _ in range(3))
    actions.merge(first, middle, small.agent)
    actions.merge(middle, last, small.agent)
    message = actions.answer(first, "Any news?", small.aigul)
    assert (message.ticket_id, message.via_id) == (last.id, first.id)


def test_a_follow_up_of_a_duplicate_shows_nothing_of_the_original(small):
    """Bakyt's duplicate lies in Aigul's ticket; when that has ended, what he says is his own again."""
    original = factories.ticket(small.aigul, small.printer, "Aigul's own words", fields={"place": "Aigul's room"})
    duplicate = factories.ticket(small.bakyt, small.printer, "Bakyt's own words")
    actions.merge(duplicate, original, small.agent)
    original.resolve(small.agent)
    original.close()
    filed = db.session.get(Ticket, actions.answer(duplicate, "Again!", small.bakyt).ticket_id)
    assert (filed.requester, filed.subject, filed.fields) == (small.bakyt, "Bakyt's own words", {})


def test_a_ticket_that_turns_out_confidential_is_closed_to_others(small):
    injury = factories.request_type("injury", small.first, is_confidential=True)
    ticket = factories.ticket(small.aigul, small.printer)
    facts = {"subject": "Burnt hand", "kind": "incident", "request_type_id": injury.id, "impact": "low",
             "urgency": "high"}
    actions.correct(ticket, facts, small.agent)
    db.session.commit()
    assert ticket.is_confidential
    assert [access.team_id for access in ticket.accesses] == [small.first.id]
    assert ticket.priority == "P3"
