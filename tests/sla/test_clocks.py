"""Exact examples: one ticket, one rule of the brief each. 2 March 2026 is a Monday, office hours are 9 to 18."""

from app.core.db import db
from app.sla import actions, queries
from app.sla.models import SlaClock, Span
from app.tickets import actions as ticket_actions
from app.tickets import merging
from tests import factories
from tests.sla.conftest import HOUR, TARGETS, at, calendar, clock_of, policy, rule


def test_filing_starts_both_clocks(ticket):
    first, resolution = clock_of(ticket, "first_response"), clock_of(ticket)
    assert first.due_at == at("2026-03-02 12:00")
    assert resolution.due_at == at("2026-03-04 10:00")
    assert ticket.due_at == ticket.queue_at == first.due_at


def test_a_ticket_of_the_weekend_starts_with_the_week(office):
    ticket = factories.ticket(office.aigul, office.printer, at=at("2026-03-07 23:00"))
    assert clock_of(ticket, "first_response").due_at == at("2026-03-09 11:00")


def test_moments_are_cut_to_whole_seconds(office):
    ticket = factories.ticket(office.aigul, office.printer, at=at("2026-03-02 10:00:00.900"))
    assert clock_of(ticket).started_at == at("2026-03-02 10:00")


def test_a_holiday_moves_the_deadline(office):
    ticket = factories.ticket(office.aigul, office.printer, at=at("2026-08-28 17:00"))
    assert clock_of(ticket, "first_response").due_at == at("2026-09-01 10:00"), "Monday, 31 August, is a holiday"


def test_without_a_rule_nothing_is_promised(office):
    actions.set_rules([rule(office.policy, priority=["P1"])], None, at("2026-01-01 00:00"))
    ticket = factories.ticket(office.aigul, office.printer, at=at("2026-03-02 10:00"))
    assert queries.clocks_of(ticket.id) == [] and ticket.due_at is None


def test_the_first_public_message_of_the_staff_meets_the_first_response(office, ticket):
    ticket.note("Looks like the cable", office.agent, at("2026-03-02 10:30"))
    ticket.take(office.agent, at("2026-03-02 10:40"))
    ticket.tell_requester("We have got your request", at("2026-03-02 10:41"))
    ticket.receive("Any news?", office.aigul, at("2026-03-02 10:50"))
    assert clock_of(ticket, "first_response").stopped_at is None
    ticket.reply("Looking", office.agent, at("2026-03-02 11:00"))
    clock = clock_of(ticket, "first_response")
    assert (clock.outcome, clock.used_seconds) == ("met", HOUR)
    assert ticket.due_at == at("2026-03-04 10:00")


def test_pending_never_stops_the_first_response(office, ticket):
    ticket.hold(office.waiting, office.agent, at("2026-03-02 11:00"))
    assert clock_of(ticket, "first_response").due_at == at("2026-03-02 12:00") == ticket.due_at
    ticket.reply("Sorry", office.agent, at("2026-03-02 12:00:01"))
    clock = clock_of(ticket, "first_response")
    assert (clock.outcome, clock.breached_at) == ("missed", at("2026-03-02 12:00"))


def test_an_answer_in_the_second_of_the_deadline_is_in_time(office, ticket):
    ticket.reply("Just so", office.agent, at("2026-03-02 12:00:00.999"))
    assert clock_of(ticket, "first_response").outcome == "met"


def test_an_answer_after_hours_is_late_though_no_business_second_has_passed(office):
    ticket = factories.ticket(office.aigul, office.printer, at=at("2026-03-02 16:00"))
    ticket.reply("Good evening", office.agent, at("2026-03-02 19:00"))
    clock = clock_of(ticket, "first_response")
    assert (clock.due_at, clock.outcome, clock.used_seconds) == (at("2026-03-02 18:00"), "missed", 2 * HOUR)


def test_solved_without_a_word_leaves_the_first_response_without_outcome(office, ticket):
    ticket.resolve(office.agent, at("2026-03-02 10:20"))
    clock = clock_of(ticket, "first_response")
    assert (clock.stopped_at, clock.outcome) == (at("2026-03-02 10:20"), None)
    assert (clock_of(ticket).outcome, ticket.due_at) == ("met", None)


def test_a_pause_over_the_weekend(office):
    ticket = factories.ticket(office.aigul, office.printer, at=at("2026-03-12 10:00"))
    ticket.reply("Which room?", office.agent, at("2026-03-12 10:05"))
    ticket.hold(office.waiting, office.agent, at("2026-03-13 16:00"))
    assert (clock_of(ticket).due_at, ticket.due_at) == (None, None)
    ticket.receive("Room 12", office.aigul, at("2026-03-16 10:00"))
    clock = clock_of(ticket)
    assert clock.paused_seconds == 3 * HOUR, "two hours of Friday, one of Monday"
    assert clock.due_at == at("2026-03-16 13:00") == ticket.due_at, "three hours of the eighteen were left"


def test_waiting_for_a_reason_that_does_not_pause_goes_on_counting(office, ticket):
    ticket.hold(office.inside, office.agent, at("2026-03-02 11:00"))
    ticket.resume(office.agent, at("2026-03-02 15:00"))
    assert (clock_of(ticket).paused_seconds, clock_of(ticket).due_at) == (0, at("2026-03-04 10:00"))


def test_a_deadline_that_was_reached_is_not_moved_by_a_pause(office, ticket):
    ticket.reply("Looking", office.agent, at("2026-03-02 10:05"))
    ticket.hold(office.waiting, office.agent, at("2026-03-04 11:00"))
    assert ticket.due_at is None, "while it waits nothing is to be done"
    ticket.resume(office.agent, at("2026-03-04 12:00"))
    assert clock_of(ticket).due_at == at("2026-03-04 10:00") == ticket.due_at
    ticket.resolve(office.agent, at("2026-03-04 13:00"))
    clock = clock_of(ticket)
    assert (clock.outcome, clock.used_seconds, clock.late_paused_seconds) == ("missed", 20 * HOUR, HOUR)


def test_change_of_priority_keeps_start_and_pauses(office, ticket):
    ticket.hold(office.waiting, office.agent, at("2026-03-02 11:00"))
    ticket.resume(office.agent, at("2026-03-02 13:00"))
    ticket.reply("Looking", office.agent, at("2026-03-02 13:30"))
    ticket_actions.change_urgency(ticket, "high", "medium", office.agent, at("2026-03-02 14:00"))
    clock = clock_of(ticket)
    assert (ticket.priority, clock.started_at, clock.paused_seconds) == ("P2", at("2026-03-02 10:00"), 2 * HOUR)
    assert clock.due_at == at("2026-03-03 12:00"), "nine hours from 10:00, two of them paused"
    assert clock_of(ticket, "first_response").outcome == "missed", "what was over keeps its result"


def test_a_met_target_stays_met_when_the_priority_rises(office, ticket):
    ticket.reply("Looking", office.agent, at("2026-03-02 11:30"))
    ticket_actions.change_urgency(ticket, "high", "high", office.agent, at("2026-03-02 11:40"))
    assert clock_of(ticket, "first_response").outcome == "met"
    assert clock_of(ticket).due_at == at("2026-03-02 14:00")


def test_change_of_priority_while_waiting_counts_the_whole_pause(office, ticket):
    ticket.take(office.agent, at("2026-03-02 10:10"))
    ticket.hold(office.waiting, office.agent, at("2026-03-02 11:00"))
    ticket.assign(None, office.lead, at("2026-03-02 12:00"))
    ticket_actions.change_urgency(ticket, "high", "medium", office.lead, at("2026-03-02 13:00"))
    assert clock_of(ticket).due_at is None
    ticket.resume(office.agent, at("2026-03-02 15:00"))
    clock = clock_of(ticket)
    assert (clock.paused_seconds, clock.due_at) == (4 * HOUR, at("2026-03-03 14:00"))


def test_another_calendar_counts_the_pauses_anew(office):
    round_the_clock = calendar("always", week={str(day): [["00:00", "24:00"]] for day in range(7)}, country=None)
    urgent = policy("urgent", round_the_clock)
    actions.set_rules([rule(urgent, priority=["P1"]), rule(office.policy)], None, at("2026-01-01 00:00"))
    ticket = factories.ticket(office.aigul, office.printer, at=at("2026-03-02 17:00"))
    ticket.hold(office.waiting, office.agent, at("2026-03-02 17:30"))
    ticket.resume(office.agent, at("2026-03-02 20:00"))
    assert clock_of(ticket).paused_seconds == HOUR // 2
    ticket_actions.change_urgency(ticket, "high", "high", office.agent, at("2026-03-02 20:10"))
    clock = clock_of(ticket)
    assert clock.paused_seconds == 2.5 * HOUR
    assert clock.due_at == at("2026-03-02 23:30")


def test_a_priority_that_was_set_too_high_can_be_put_right(office):
    ticket = factories.ticket(office.aigul, office.printer, impact="high", urgency="high", at=at("2026-03-02 10:00"))
    ticket_actions.change_urgency(ticket, "low", "low", office.agent, at("2026-03-02 15:00"))
    assert clock_of(ticket).due_at == at("2026-03-09 10:00"), "45 hours are a week"
    ticket.resolve(office.agent, at("2026-03-03 10:00"))
    assert (clock_of(ticket).outcome, clock_of(ticket).breached_at) == ("met", None)


def test_a_change_of_level_or_team_never_moves_the_promise(office, ticket):
    policy_for_network = policy("network", office.calendar, {"P3": {"resolution": HOUR}})
    actions.set_rules([rule(policy_for_network, team_id=[office.second.id]), rule(office.policy)], None,
                      at("2026-03-02 10:30"))
    ticket.escalate(office.second, "Cable", office.agent, at("2026-03-02 11:00"))
    ticket.hand_back("Which socket?", office.expert, at("2026-03-02 13:00"))
    ticket.escalate(office.second, "Socket 4", office.agent, at("2026-03-02 14:00"))
    ticket_actions.change_urgency(ticket, "high", "medium", office.agent, at("2026-03-02 15:00"))
    assert clock_of(ticket).due_at == at("2026-03-03 10:00"), "the rule asks for the team where the ticket landed"


def test_what_a_new_priority_promises_nothing_about_stays_promised(office):
    actions.change_policy(office.policy, actions.Promised(office.calendar, {"P3": TARGETS["P3"]}), None,
                          at("2026-01-01 00:00"))
    ticket = factories.ticket(office.aigul, office.printer, at=at("2026-03-02 10:00"))
    ticket_actions.change_urgency(ticket, "high", "high", office.agent, at("2026-03-02 11:00"))
    assert clock_of(ticket).due_at == at("2026-03-04 10:00")


def test_a_promise_that_comes_with_the_priority_counts_from_filing(office):
    actions.set_rules([rule(office.policy, priority=["P1"])], None, at("2026-01-01 00:00"))
    ticket = factories.ticket(office.aigul, office.printer, at=at("2026-03-02 10:00"))
    ticket.hold(office.waiting, office.agent, at("2026-03-02 10:30"))
    ticket_actions.change_urgency(ticket, "high", "high", office.agent, at("2026-03-02 11:00"))
    ticket.resume(office.agent, at("2026-03-02 11:30"))
    assert clock_of(ticket).due_at == at("2026-03-02 15:00")
    assert clock_of(ticket, "first_response") is None


def test_reopening_gives_what_was_left(office, ticket):
    ticket.resolve(office.agent, at("2026-03-02 13:00"))
    ticket.reopen(office.aigul, at("2026-03-03 10:00"))
    again = clock_of(ticket, cycle=2)
    assert again.allowed_seconds == 15 * HOUR and again.started_at == at("2026-03-03 10:00")
    assert again.due_at == at("2026-03-04 16:00") == ticket.due_at
    assert clock_of(ticket).outcome == "met", "the old cycle is kept as it ended"


def test_reopening_gives_no_less_than_a_quarter(office, ticket):
    ticket.resolve(office.agent, at("2026-03-05 10:00"))
    ticket.reopen(office.aigul, at("2026-03-06 10:00"))
    assert clock_of(ticket).outcome == "missed"
    assert clock_of(ticket, cycle=2).allowed_seconds == 4.5 * HOUR
    ticket.resolve(office.agent, at("2026-03-06 11:00"))
    ticket.reopen(office.aigul, at("2026-03-06 12:00"))
    assert clock_of(ticket, cycle=3).allowed_seconds == 4.5 * HOUR, "3.5 hours were left, the floor is 4.5"


def test_priority_after_reopening_takes_off_what_earlier_cycles_used(office, ticket):
    ticket.resolve(office.agent, at("2026-03-02 13:00"))
    ticket.reopen(office.aigul, at("2026-03-03 10:00"))
    ticket_actions.change_urgency(ticket, "high", "medium", office.agent, at("2026-03-03 11:00"))
    assert clock_of(ticket, cycle=2).allowed_seconds == 6 * HOUR
    assert clock_of(ticket, cycle=2).due_at == at("2026-03-03 16:00")


def test_cancelling_ends_clocks_without_outcome(office, ticket):
    ticket.cancel("Found it", office.aigul, at("2026-03-05 10:00"))
    clocks = queries.clocks_of(ticket.id)
    assert [clock.outcome for clock in clocks] == [None, None]
    assert all(clock.breached_at for clock in clocks), "that it had been late stays known"


def test_merging_ends_clocks_without_outcome(office, ticket):
    original = factories.ticket(office.aigul, office.printer, at=at("2026-03-02 09:30"))
    ticket_actions.merge(ticket, original, office.agent, at("2026-03-02 11:00"))
    assert [clock.outcome for clock in queries.clocks_of(ticket.id)] == [None, None]
    assert ticket.due_at is None and clock_of(original).stopped_at is None


def test_a_new_version_leaves_clocks_that_run_alone(office, ticket):
    harder = actions.Promised(office.calendar, {"P3": {"resolution": HOUR}})
    actions.change_policy(office.policy, harder, None, at("2026-03-02 10:30"))
    ticket.escalate(office.second, "Cable", office.agent, at("2026-03-02 11:00"))
    assert clock_of(ticket).due_at == at("2026-03-04 10:00")
    later = factories.ticket(office.aigul, office.printer, at=at("2026-03-02 11:00"))
    assert clock_of(later).due_at == at("2026-03-02 12:00")


def test_a_version_holds_from_its_date(office):
    harder = actions.Promised(office.calendar, {"P3": {"resolution": HOUR}}, valid_from=at("2026-03-03 00:00"))
    actions.change_policy(office.policy, harder, None, at("2026-03-01 00:00"))
    before = factories.ticket(office.aigul, office.printer, at=at("2026-03-02 17:00"))
    after = factories.ticket(office.aigul, office.printer, at=at("2026-03-03 09:00"))
    assert (clock_of(before).allowed_seconds, clock_of(after).allowed_seconds) == (18 * HOUR, HOUR)


def test_a_clock_set_back_does_not_turn_time_round(office, ticket):
    ticket.take(office.agent, at("2026-03-02 12:00"))
    ticket.hold(office.waiting, office.agent, at("2026-03-02 11:00"))
    spans = db.session.scalars(db.select(Span).filter_by(ticket_id=ticket.id).order_by(Span.id)).all()
    assert [(span.started_at, span.ended_at) for span in spans] == [
        (at("2026-03-02 10:00"), at("2026-03-02 12:00")), (at("2026-03-02 12:00"), at("2026-03-02 12:00")),
        (at("2026-03-02 12:00"), None)]


def test_spans_tell_the_way_through_the_levels(office, ticket):
    ticket.take(office.agent, at("2026-03-02 10:30"))
    ticket.escalate(office.second, "Cable", office.agent, at("2026-03-02 11:00"))
    ticket.hand_back("Which socket?", office.expert, at("2026-03-02 13:00"))
    ticket.resolve(office.agent, at("2026-03-02 14:00"))
    ticket.reopen(office.aigul, at("2026-03-02 16:00"))
    db.session.flush()
    spans = db.session.scalars(db.select(Span).filter_by(ticket_id=ticket.id).order_by(Span.id)).all()
    assert [(span.level, span.visit, span.cycle, span.status) for span in spans] == [
        (1, 1, 1, "new"), (1, 1, 1, "open"), (2, 2, 1, "open"), (1, 3, 1, "open"), (1, 4, 2, "open")]
    assert [span.ended_at is None for span in spans] == [False, False, False, False, True]


def test_a_past_without_timers_gets_them_in_silence_at_its_first_event(office, ticket):
    ticket.take(office.agent, at("2026-03-02 10:30"))
    db.session.flush()
    for table in (SlaClock, Span):
        db.session.execute(db.delete(table).where(table.ticket_id == ticket.id))
    db.session.commit()
    ticket.hold(office.waiting, office.agent, at("2026-03-02 11:00"))
    clock = clock_of(ticket)
    assert (clock.started_at, clock.paused_at) == (at("2026-03-02 10:00"), at("2026-03-02 11:00"))
    assert clock.is_silent and clock.next_at is None
    assert db.session.scalar(db.select(db.func.count(Span.id)).where(Span.ticket_id == ticket.id)) == 3


def test_a_merge_taken_back_leaves_the_promises_as_they_were(office, ticket):
    original = factories.ticket(office.aigul, office.printer, at=at("2026-03-02 09:30"))
    ticket_actions.merge(ticket, original, office.agent, at("2026-03-02 10:30"))
    merging.take_apart(ticket, office.agent, at("2026-03-02 11:30"))
    first, resolution = clock_of(ticket, "first_response"), clock_of(ticket)
    assert (first.stopped_at, first.due_at, resolution.due_at) == (
        None, at("2026-03-02 12:00"), at("2026-03-04 10:00"))
    assert ticket.due_at == at("2026-03-02 12:00") and first.next_at is not None
    spans = db.session.scalars(db.select(Span).filter_by(ticket_id=ticket.id)).all()
    assert [(span.cycle, span.visit, span.ended_at) for span in spans] == [(1, 1, None)]
    ticket.reply("Looking", office.agent, at("2026-03-02 12:00:01"))
    assert clock_of(ticket, "first_response").outcome == "missed", "who was waiting waited all the while"


def test_a_merge_ends_a_pause_for_good(office, ticket):
    original = factories.ticket(office.aigul, office.printer, at=at("2026-03-02 09:30"))
    ticket.reply("Which printer?", office.agent, at("2026-03-02 10:30"))
    ticket.hold(office.waiting, office.agent, at("2026-03-02 11:00"))
    ticket_actions.merge(ticket, original, office.agent, at("2026-03-02 13:00"))
    merging.take_apart(ticket, office.agent, at("2026-03-02 15:00"))
    clock = clock_of(ticket)
    assert (ticket.status, clock.paused_seconds, clock.due_at) == ("open", 2 * HOUR, at("2026-03-04 12:00"))
