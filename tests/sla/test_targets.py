"""Next response, pick-up and hand-over, and what the law asks for beside a policy."""

from dataclasses import replace

import pytest

from app.core.db import db
from app.core.events import Event
from app.sla import actions, queries
from app.sla.models import SlaFiring
from app.sla.sweep import sweep
from app.tickets import actions as ticket_actions
from tests import factories
from tests.sla.conftest import HOUR, at, calendar, clock_of, policy, rule

EVERY = {
    "P3": {"first_response": 2 * HOUR, "next_response": HOUR, "resolution": 18 * HOUR,
           "pickup:1": HOUR // 2, "handover:1": 4 * HOUR, "pickup:2": HOUR, "handover:2": 9 * HOUR},
    "P4": {"resolution": 45 * HOUR},
}


@pytest.fixture
def whole(office):
    """The office under a policy that promises everything to P3."""
    made = policy("whole", office.calendar, EVERY)
    actions.set_rules([rule(made)], None, at("2026-01-01 00:00"))
    return office


@pytest.fixture
def ticket(whole):
    """Filed by Aigul on Monday 2 March 2026 at 10:00."""
    return factories.ticket(whole.aigul, whole.printer, at=at("2026-03-02 10:00"))


def ask(ticket, whole, when):
    ticket_actions.answer(ticket, "Any news?", whole.aigul, at(when))


# next response

def test_a_question_before_the_first_answer_is_measured_by_the_first_response(ticket, whole):
    ask(ticket, whole, "2026-03-02 10:30")
    assert clock_of(ticket, "next_response") is None


def test_the_oldest_unanswered_question_starts_the_next_response_and_the_next_reply_ends_it(ticket, whole):
    ticket.reply("Looking", whole.agent, at("2026-03-02 10:20"))
    ask(ticket, whole, "2026-03-02 11:00")
    ask(ticket, whole, "2026-03-02 11:30")
    clock = clock_of(ticket, "next_response")
    assert (clock.started_at, clock.due_at) == (at("2026-03-02 11:00"), at("2026-03-02 12:00"))
    ticket.reply("Soon", whole.agent, at("2026-03-02 11:50"))
    assert (clock.outcome, clock.used_seconds) == ("met", 50 * 60)
    ask(ticket, whole, "2026-03-02 17:30")
    assert clock_of(ticket, "next_response", 2).due_at == at("2026-03-03 09:30")


def test_waiting_does_not_stop_what_is_to_be_answered(ticket, whole):
    ticket.reply("Looking", whole.agent, at("2026-03-02 10:20"))
    ask(ticket, whole, "2026-03-02 11:00")
    ticket.hold(whole.waiting, whole.agent, at("2026-03-02 11:10"))
    clock = clock_of(ticket, "next_response")
    assert (clock.paused_at, clock.due_at) == (None, at("2026-03-02 12:00"))


def test_a_note_a_machine_or_a_watcher_neither_asks_nor_answers(ticket, whole):
    ticket.reply("Looking", whole.agent, at("2026-03-02 10:20"))
    ticket_actions.watch(ticket, whole.lead, whole.agent)
    ticket_actions.answer(ticket, "Me too", whole.lead, at("2026-03-02 10:40"))
    assert clock_of(ticket, "next_response") is None
    ask(ticket, whole, "2026-03-02 11:00")
    ticket.note("Cable?", whole.agent, at("2026-03-02 11:05"))
    ticket.tell_requester("We have not heard from you", at("2026-03-02 11:06"))
    assert clock_of(ticket, "next_response").stopped_at is None


def test_a_solution_without_an_answer_meets_no_answer(ticket, whole):
    ticket.reply("Looking", whole.agent, at("2026-03-02 10:20"))
    ask(ticket, whole, "2026-03-02 11:00")
    ticket.resolve(whole.agent, at("2026-03-02 11:30"))
    clock = clock_of(ticket, "next_response")
    assert (clock.outcome, clock.stopped_at) == (None, at("2026-03-02 11:30"))


def test_the_message_that_opens_a_ticket_again_waits_for_its_answer(ticket, whole):
    ticket.reply("Done", whole.agent, at("2026-03-02 10:20"))
    ticket.resolve(whole.agent, at("2026-03-02 10:21"))
    ask(ticket, whole, "2026-03-02 11:00")
    clock = clock_of(ticket, "next_response")
    assert ticket.status == "open"
    assert (clock.started_at, clock.stopped_at) == (at("2026-03-02 11:00"), None)
    assert ticket.due_at == at("2026-03-02 12:00")


def test_an_agent_who_asks_is_a_requester_like_any_other(whole):
    own = factories.ticket(whole.agent, whole.printer, at=at("2026-03-02 10:00"))
    own.reply("It is urgent", whole.agent, at("2026-03-02 10:05"))
    assert clock_of(own, "first_response").stopped_at is None


# pick-up and hand-over

def test_who_takes_a_ticket_has_picked_it_up(ticket, whole):
    pickup = clock_of(ticket, "pickup")
    assert (pickup.level, pickup.due_at) == (1, at("2026-03-02 10:30"))
    ticket.take(whole.agent, at("2026-03-02 10:10"))
    assert (pickup.outcome, pickup.used_seconds) == ("met", 600)
    assert clock_of(ticket, "handover").stopped_at is None


def test_each_visit_to_a_level_is_measured_by_itself_and_moves_no_promise(ticket, whole):
    promised = ticket.due_at, clock_of(ticket).due_at
    ticket.take(whole.agent, at("2026-03-02 10:10"))
    ticket.escalate(whole.second, "Cable", whole.agent, at("2026-03-02 11:00"))
    first, second = clock_of(ticket, "handover"), clock_of(ticket, "handover", 2)
    assert (first.outcome, first.used_seconds) == ("met", HOUR)
    assert (second.level, second.due_at) == (2, at("2026-03-03 11:00"))
    assert clock_of(ticket, "pickup", 2).due_at == at("2026-03-02 12:00")
    assert (ticket.due_at, clock_of(ticket).due_at) == promised
    ticket.hand_back("Which socket?", whole.expert, at("2026-03-02 13:00"))
    assert (clock_of(ticket, "pickup", 2).outcome, clock_of(ticket, "handover", 2).outcome) == ("missed", "met")
    assert clock_of(ticket, "handover", 3).level == 1


def test_a_visit_stands_still_while_the_requester_is_waited_for(ticket, whole):
    ticket.take(whole.agent, at("2026-03-02 10:10"))
    ticket.hold(whole.waiting, whole.agent, at("2026-03-02 11:00"))
    ticket.resume(whole.agent, at("2026-03-02 13:00"))
    clock = clock_of(ticket, "handover")
    assert (clock.paused_seconds, clock.due_at) == (2 * HOUR, at("2026-03-02 16:00"))
    ticket.resolve(whole.agent, at("2026-03-02 14:00"))
    assert (clock.outcome, clock.used_seconds) == ("met", 2 * HOUR)


def test_a_pause_of_an_earlier_visit_is_none_of_the_next(ticket, whole):
    ticket.hold(whole.waiting, whole.agent, at("2026-03-02 10:00"))
    ticket.resume(whole.agent, at("2026-03-02 12:00"))
    ticket.escalate(whole.second, "Cable", whole.agent, at("2026-03-02 12:00"))
    assert clock_of(ticket, "handover", 2).paused_seconds == 0
    assert clock_of(ticket, "resolution").paused_seconds == 2 * HOUR


def test_opening_again_begins_a_visit(ticket, whole):
    ticket.take(whole.agent, at("2026-03-02 10:10"))
    ticket.resolve(whole.agent, at("2026-03-02 11:00"))
    ticket.reopen(whole.aigul, at("2026-03-03 09:00"))
    assert clock_of(ticket, "handover", 2).due_at == at("2026-03-03 13:00")
    assert clock_of(ticket, "pickup", 2) is None  # the agent has it still


def test_what_another_priority_promises_anew_counts_from_the_beginning(ticket, whole):
    ticket_actions.correct(ticket, facts_of(ticket, "low"), whole.agent, at("2026-03-02 10:05"))
    assert ticket.priority == "P4"
    other = factories.ticket(whole.aigul, whole.printer, at=at("2026-03-02 10:00"), impact="low", urgency="low")
    assert clock_of(other, "handover") is None
    ticket_actions.correct(other, facts_of(other, "medium"), whole.agent, at("2026-03-02 12:00"))
    assert clock_of(other, "handover").due_at == at("2026-03-02 14:00")
    assert clock_of(other, "pickup").due_at == at("2026-03-02 10:30")


def test_another_priority_asks_nobody_to_pick_up_what_somebody_has_had(ticket, whole):
    ticket.take(whole.agent, at("2026-03-02 10:10"))
    ticket.resolve(whole.agent, at("2026-03-02 11:00"))
    ticket.reopen(whole.aigul, at("2026-03-03 09:00"))
    ticket.assign(None, whole.agent, at("2026-03-03 12:00"))
    ticket_actions.correct(ticket, facts_of(ticket, "low"), whole.agent, at("2026-03-03 12:05"))
    ticket_actions.correct(ticket, facts_of(ticket, "medium"), whole.agent, at("2026-03-03 12:10"))
    assert clock_of(ticket, "pickup", 2) is None


def facts_of(ticket, size):
    kept = {fact: getattr(ticket, fact) for fact in ("subject", "kind", "request_type_id")}
    return kept | {"impact": size, "urgency": size}


def test_a_duplicate_ends_all_its_clocks_without_a_result(ticket, whole):
    other = factories.ticket(whole.aigul, whole.printer, at=at("2026-03-02 09:00"))
    ticket_actions.merge(ticket, other, whole.agent, at("2026-03-02 10:10"))
    assert {(clock.outcome, clock.next_at) for clock in queries.clocks_of(ticket.id)} == {(None, None)}
    assert all(clock.stopped_at for clock in queries.clocks_of(ticket.id))


# the law

def under_the_law(whole, targets, **conditions):
    """The law asks round the clock, beside whatever policy is chosen."""
    always = calendar("always", week={str(day): [["00:00", "24:00"]] for day in range(7)}, country=None)
    law = policy("law", always, targets)
    own = policy("own", whole.calendar, EVERY)
    rules = [rule(own), replace(rule(law, **conditions), is_floor=True)]
    return actions.set_rules(rules, None, at("2026-01-02 00:00"))


def test_the_stricter_of_policy_and_law_holds_for_each_target(whole):
    made = under_the_law(whole, {"P3": {"first_response": 20 * HOUR, "resolution": 24 * HOUR}})
    ticket = factories.ticket(whole.aigul, whole.printer, at=at("2026-03-02 10:00"))
    assert clock_of(ticket, "first_response").due_at == at("2026-03-02 12:00")
    clock = clock_of(ticket)
    assert (clock.due_at, clock.rule_id) == (at("2026-03-03 10:00"), made.rules[1].id)


def test_the_law_promises_what_the_policy_is_silent_about(whole):
    under_the_law(whole, {"P4": {"first_response": 3 * HOUR}})
    ticket = factories.ticket(whole.aigul, whole.printer, at=at("2026-03-02 10:00"), impact="low", urgency="low")
    assert clock_of(ticket, "first_response").due_at == at("2026-03-02 13:00")


def test_the_law_holds_where_no_rule_chooses_a_policy(whole):
    always = calendar("always", week={str(day): [["00:00", "24:00"]] for day in range(7)}, country=None)
    law = policy("law", always, {"P3": {"resolution": 24 * HOUR}})
    actions.set_rules([replace(rule(law), is_floor=True)], None, at("2026-01-02 00:00"))
    ticket = factories.ticket(whole.aigul, whole.printer, at=at("2026-03-02 10:00"))
    assert clock_of(ticket).due_at == at("2026-03-03 10:00")


def test_a_law_for_others_is_none_for_this_ticket(whole):
    under_the_law(whole, {"P3": {"resolution": 24 * HOUR}}, kind=["problem"])
    ticket = factories.ticket(whole.aigul, whole.printer, at=at("2026-03-02 10:00"))
    assert clock_of(ticket).due_at == at("2026-03-04 10:00")  # eighteen hours of nine a day


# shares

KNOWS = {"add_tag": {"tag": "urgent"}, "tell_head": {"step": 2}}


def announced(ticket):
    db.session.flush()
    events = db.session.scalars(db.select(Event).where(Event.kind.like("sla.%"), Event.subject_id == ticket.id,
                                                       Event.subject_type == "ticket").order_by(Event.id))
    return [(event.kind, event.data["target"], event.data["share"], [a["action"] for a in event.data["actions"]])
            for event in events]


def promising(whole, *shares):
    made = policy("pressing", whole.calendar, {"P3": {"resolution": 4 * HOUR}}, actions=tuple(
        {"target": "resolution", "share": share, "action": action, **KNOWS.get(action, {})}
        for share, action in shares))
    actions.set_rules([rule(made)], None, at("2026-01-03 00:00"))
    return factories.ticket(whole.aigul, whole.printer, at=at("2026-03-02 10:00"))


def test_shares_go_on_after_the_deadline(whole):
    ticket = promising(whole, (100, "notify_lead"), (150, "tell_head"))
    db.session.commit()
    sweep(at("2026-03-02 14:30"))
    sweep(at("2026-03-02 16:30"))
    sweep(at("2026-03-02 17:30"))
    assert announced(ticket) == [("sla.breached", "resolution", 100, ["notify_lead"]),
                                 ("sla.overdue", "resolution", 150, ["tell_head"])]


def test_after_a_stop_the_last_share_speaks_and_what_the_others_do_is_done(whole):
    ticket = promising(whole, (50, "notify_assignee"), (75, "add_tag"), (100, "notify_lead"), (150, "tell_head"))
    db.session.commit()
    sweep(at("2026-03-04 10:00"))
    assert announced(ticket) == [("sla.breached", "resolution", 150, ["add_tag", "tell_head"])]
    ledger = db.select(SlaFiring.share, SlaFiring.state, SlaFiring.is_late).order_by(SlaFiring.share)
    states = db.session.execute(ledger)
    assert states.all() == [(50, "superseded", True), (75, "superseded", True), (100, "superseded", True),
                            (150, "fired", True)]


def test_what_was_said_to_be_missed_is_not_said_again_after_the_end(whole):
    ticket = promising(whole, (150, "tell_head"))
    db.session.commit()
    sweep(at("2026-03-02 14:30"))
    ticket.resolve(whole.agent, at("2026-03-02 17:00"))
    db.session.commit()
    sweep(at("2026-03-02 17:30"))
    assert [kind for kind, *_rest in announced(ticket)] == ["sla.breached"]


def test_the_levels_own_targets_do_not_order_the_queue(ticket, whole):
    assert clock_of(ticket, "pickup").due_at < ticket.due_at == at("2026-03-02 12:00")
