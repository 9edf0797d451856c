"""What was done by mistake and undone leaves the clocks as if it had never been done."""

from datetime import timedelta

import pytest

from app.core.db import db
from app.core.events import events_of
from app.sla import rebuild
from app.sla.book import live_book
from app.sla.reactions import happening
from app.tickets.bulk import deeds
from app.tickets.bulk.verbs import Order
from tests.sla.conftest import HOUR, at, clock_of

DONE, UNDONE = at("2026-03-02 11:00:00.400"), at("2026-03-02 11:05")


def state(ticket) -> dict:
    """All clocks as they stand."""
    db.session.flush()
    db.session.expire_all()
    return {target: {name: getattr(clock_of(ticket, target), name) for name in
                     ("started_at", "due_at", "stopped_at", "outcome", "next_at", "allowed_seconds", "paused_seconds")}
            for target in ("first_response", "resolution") if clock_of(ticket, target)}


def undone(office, ticket, verb, **said):
    deed = deeds.do(verb, Order(**said), [ticket.id], office.agent, DONE)
    assert deed.of("done")
    deeds.undo(deed, office.agent, UNDONE)
    assert deed.of("undone")


@pytest.mark.parametrize(("verb", "said"), [("resolve", {}), ("cancel", {"reason": "x"}), ("assign", {}),
                                            ("priority", {"impact": "high", "urgency": "high"})])
def test_the_clocks_are_what_they_were(office, ticket, verb, said):
    before, due, place = state(ticket), ticket.due_at, ticket.queue_at
    if verb == "assign":
        said = {"assignee": office.agent}
    undone(office, ticket, verb, **said)
    assert state(ticket) == before
    assert (ticket.due_at, ticket.queue_at) == (due, place)
    assert clock_of(ticket, cycle=2) is None


def test_an_answer_sent_with_the_solution_stays_an_answer(office, ticket):
    undone(office, ticket, "resolve", body="Done")
    first, resolution = clock_of(ticket, "first_response"), clock_of(ticket)
    assert (first.outcome, first.used_seconds) == ("met", HOUR)
    assert (resolution.outcome, resolution.stopped_at, resolution.due_at) == (None, None, at("2026-03-04 10:00"))


def test_a_ticket_that_waited_waits_again_and_the_minutes_between_count(office, ticket):
    ticket.hold(office.waiting, office.agent, at("2026-03-02 10:30"))
    undone(office, ticket, "resolve")
    assert ticket.status == "pending"
    clock = clock_of(ticket)
    assert (clock.paused_at, clock.paused_seconds, clock.due_at) == (at("2026-03-02 11:05"), 30 * 60, None)
    ticket.resume(office.agent, at("2026-03-02 12:05"))
    assert clock_of(ticket).due_at == at("2026-03-04 10:00") + timedelta(minutes=90)


def test_a_deadline_that_passed_in_between_is_missed(office, ticket):
    deed = deeds.do("resolve", Order(), [ticket.id], office.agent, at("2026-03-02 11:58"))
    deeds.undo(deed, office.agent, at("2026-03-02 12:02"))
    first = clock_of(ticket, "first_response")
    assert (first.stopped_at, first.due_at) == (None, at("2026-03-02 12:00"))
    assert first.next_at <= at("2026-03-02 12:02")


@pytest.mark.parametrize("verb", ["resolve", "cancel", "assign"])
def test_a_history_that_is_computed_anew_says_the_same(office, ticket, verb):
    undone(office, ticket, verb, **({"assignee": office.agent} if verb == "assign" else {}))
    ticket.reply("Here", office.agent, at("2026-03-02 11:30"))
    ticket.resolve(office.agent, at("2026-03-02 13:00"))
    folded = rebuild.fold(ticket.id, [happening(event) for event in events_of("ticket", ticket.id)], live_book(),
                         is_silent=False)
    again = {clock.target: (clock.started_at, clock.due_at, clock.stopped_at, clock.outcome, clock.used_seconds)
             for clock in folded.clocks}
    kept = {target: (clock.started_at, clock.due_at, clock.stopped_at, clock.outcome, clock.used_seconds)
            for target in again if (clock := clock_of(ticket, target))}
    assert again == kept
    assert again["resolution"][2:] == (at("2026-03-02 13:00"), "met", 3 * HOUR)
    assert again["first_response"][3:] == ("met", 90 * 60)
