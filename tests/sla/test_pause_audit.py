"""The auditor of pauses: each kind in an example, then random histories: planted ones are found, clean ones are not."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.calendars.queries import Edition
from app.calendars.standard import LONG_AGO
from app.calendars.working_hours import WorkingHours
from app.sla import pause_audit, pause_history, rebuild
from app.sla.book import Promise, Terms
from app.sla.pause_audit import Clock, Measure
from app.sla.timers import Happening
from tests.calendars.oracle import Oracle
from tests.sla.conftest import HOUR, at

pytestmark = pytest.mark.slow

WEEK = [[["09:00", "18:00"]]] * 5 + [[], []]
OFFICE = WorkingHours.build("Asia/Bishkek", WEEK)
AIGUL, AGENT, LEAD = 1, 2, 3
FIRST, SECOND = 11, 12
MEASURE = Measure(timedelta(minutes=15), 30 * 60, 10, frozenset({"requester"}))
MONDAY = at("2026-03-02 10:00")


class Plain:
    """A book with one policy: so much for the resolution, by priority."""

    def __init__(self, **hours_allowed):
        targets = {priority: {"resolution": int(hours * HOUR)} for priority, hours in hours_allowed.items()}
        self.only = Promise(1, 1, LONG_AGO, 1, targets, 25, ())

    def choose(self, facts, moment):
        return Terms(self.only, self.edition(1), None)

    def promise(self, version_id):
        return self.only

    def edition(self, version_id):
        return Edition(1, 1, LONG_AGO, OFFICE)


class Story:
    """Writes the events of one ticket: Aigul files it with the first team on Monday at ten."""

    def __init__(self, start=MONDAY, priority="P3"):
        self.status, self.priority, self.team = "new", priority, FIRST
        first = {"status": "new", "priority": priority, "team_id": FIRST, "level": 1, "requester_id": AIGUL,
                 "assignee_id": None}
        self.events = [Happening("ticket.filed", start, AIGUL, {"changes": {k: [None, v] for k, v in first.items()}})]

    def tell(self, kind, moment, by, status=None, **data):
        if status and status != self.status:
            data.setdefault("changes", {})["status"] = [self.status, status]
            self.status = status
        self.events.append(Happening(f"ticket.{kind}", moment, by, data))
        return self

    def reply(self, moment, by=AGENT):
        return self.tell("replied", moment, by, "open" if self.status == "new" else None)

    def hold(self, moment, reason="requester", pauses=True, by=AGENT):
        return self.tell("held", moment, by, "pending", reason=reason, pauses=pauses)

    def resume(self, moment, by=AGENT):
        return self.tell("resumed", moment, by, "open")

    def answer(self, moment, resumes=True):
        self.tell("answered", moment, AIGUL)
        return self.resume(moment, AIGUL) if resumes and self.status == "pending" else self

    def hop(self, moment, by=AGENT):
        changes = {"team_id": [self.team, SECOND], "level": [1, 2]}
        self.team = SECOND
        return self.tell("escalated", moment, by, "open", changes=changes)

    def change(self, moment, priority, by=AGENT):
        changes = {"priority": [self.priority, priority]}
        self.priority = priority
        return self.tell("changed", moment, by, changes=changes)

    def resolve(self, moment, by=AGENT):
        return self.tell("resolved", moment, by, "resolved")


def clocks_of(events, book):
    timers = rebuild.fold(1, events, book, is_silent=False)
    return [Clock(n, c.started_at, c.stopped_at, c.due_at, c.allowed_seconds, c.outcome, OFFICE)
            for n, c in enumerate(timers.clocks_of("resolution"), 1)]


def audit(story, allowed=18, has_messages=True, book=None):
    book = book or Plain(P3=allowed)

    def terms_before(act):
        timers = rebuild.fold(1, story.events[:act.place], book, is_silent=False)
        [clock] = timers.clocks_of("resolution")
        return pause_audit.Terms(clock.allowed_seconds, OFFICE)

    return pause_audit.findings(pause_history.read(story.events), clocks_of(story.events, book), MEASURE, has_messages,
                                terms_before)


def kinds(found):
    return [each.kind for each in found]


def test_a_pause_without_a_question_is_found_with_its_seconds():
    story = Story().hold(at("2026-03-02 11:00")).resume(at("2026-03-03 10:00")).resolve(at("2026-03-03 12:00"))
    [found] = audit(story)
    assert (found.kind, found.act, found.reason, found.by_id, found.team_id) == (
        "no_question", "hold", "requester", AGENT, FIRST)
    assert (found.since, found.until) == (at("2026-03-02 11:00"), at("2026-03-03 10:00"))
    assert found.seconds == found.added_seconds == 8 * HOUR
    assert not found.saved, "eleven hours of eighteen were used with it, three without"


@pytest.mark.parametrize("question", ["2026-03-02 10:30", "2026-03-02 11:00", "2026-03-02 11:15"])
def test_a_question_before_or_right_after_makes_it_clean(question):
    story = Story()
    for moment, act in sorted([(at(question), story.reply), (at("2026-03-02 11:00"), story.hold)], key=lambda p: p[0]):
        act(moment)
    assert audit(story.answer(at("2026-03-03 10:00"))) == []


def test_a_question_that_comes_too_late_was_none():
    story = Story().hold(at("2026-03-02 11:00")).reply(at("2026-03-02 11:16")).answer(at("2026-03-03 10:00"))
    assert kinds(audit(story)) == ["no_question"]


def test_what_was_asked_before_the_requester_answered_asks_nothing_more():
    story = Story().reply(at("2026-03-02 10:30")).hold(at("2026-03-02 10:30")).answer(at("2026-03-02 15:00"))
    story.hold(at("2026-03-02 15:05")).resume(at("2026-03-02 17:05"))
    [found] = audit(story)
    assert (found.kind, found.seconds) == ("no_question", 2 * HOUR)


def test_a_question_without_an_answer_is_still_open():
    story = Story().reply(at("2026-03-02 10:30")).hold(at("2026-03-02 10:30")).resume(at("2026-03-02 15:00"))
    assert audit(story.hold(at("2026-03-02 15:05")).answer(at("2026-03-02 17:05"))) == []


def test_the_desk_and_the_requester_ask_no_questions():
    for by in (None, AIGUL):
        story = Story().reply(at("2026-03-02 10:30"), by).hold(at("2026-03-02 11:00")).answer(at("2026-03-02 15:00"))
        assert kinds(audit(story)) == ["no_question"]


def test_who_waits_for_a_supplier_owes_no_question():
    assert audit(Story().hold(at("2026-03-02 11:00"), "supplier").resume(at("2026-03-03 10:00"))) == []


def test_a_reason_that_does_not_pause_takes_nothing():
    assert audit(Story().hold(at("2026-03-02 11:00"), pauses=False).resume(at("2026-03-03 10:00"))) == []


def test_a_slip_of_some_minutes_is_none():
    assert audit(Story().hold(at("2026-03-02 11:00")).resume(at("2026-03-02 11:14"))) == []


def test_a_pause_outside_working_hours_took_nothing():
    assert audit(Story().hold(at("2026-03-07 11:00")).resume(at("2026-03-08 10:00"))) == []


def test_an_event_log_without_messages_cannot_tell_who_asked():
    story = Story().hold(at("2026-03-02 11:00")).resume(at("2026-03-03 10:00"))
    assert audit(story, has_messages=False) == []


def test_a_pause_that_lasts_is_known_when_the_question_is_too_late():
    [found] = audit(Story().hold(at("2026-03-02 11:00")))
    assert (found.until, found.seconds, found.known_at) == (None, None, at("2026-03-02 11:15"))


def test_an_answer_that_did_not_end_the_pause_is_found_from_its_moment_on():
    story = Story().reply(at("2026-03-02 10:30")).hold(at("2026-03-02 10:30"))
    story.answer(at("2026-03-02 15:00"), resumes=False).resume(at("2026-03-02 17:00"))
    [found] = audit(story)
    assert (found.kind, found.since, found.seconds) == ("reply_meanwhile", at("2026-03-02 15:00"), 2 * HOUR)


def test_an_answer_that_was_heard_within_minutes_is_clean():
    story = Story().reply(at("2026-03-02 10:30")).hold(at("2026-03-02 10:30"))
    assert audit(story.answer(at("2026-03-02 15:00"), resumes=False).resume(at("2026-03-02 15:15"))) == []


def test_a_pause_found_twice_adds_its_seconds_once():
    story = Story().hold(at("2026-03-02 11:00")).answer(at("2026-03-02 15:00"), resumes=False)
    found = audit(story.resume(at("2026-03-02 17:00")))
    assert [(each.kind, each.seconds, each.added_seconds) for each in found] == [
        ("no_question", 6 * HOUR, 6 * HOUR), ("reply_meanwhile", 2 * HOUR, 0)]


def asked_and_solved(*, reminded=False, answered=False, by=AGENT):
    """Asked and waiting since half past ten, the solution written and resolved on Tuesday, out of the pause."""
    story = Story().reply(at("2026-03-02 10:30")).hold(at("2026-03-02 10:30"))
    if reminded:
        story.tell("reminded", at("2026-03-02 17:00"), None)
    if answered:
        story.answer(at("2026-03-02 17:00"), resumes=False)
    return story.reply(at("2026-03-03 10:30")).resolve(at("2026-03-03 10:30"), by)


def test_solved_while_the_clock_stood_still():
    [found] = audit(asked_and_solved())
    assert (found.kind, found.seconds) == ("work_meanwhile", 9 * HOUR)


def test_an_end_for_want_of_an_answer_is_clean():
    assert audit(asked_and_solved(reminded=True)) == []
    assert audit(asked_and_solved(by=None)) == [], "the desk itself has resolved it"


def test_a_heard_answer_is_the_other_finding():
    assert kinds(audit(asked_and_solved(answered=True))) == ["reply_meanwhile"]


def near_due(minutes, until="2026-03-05 14:00"):
    """Asked and paused so many minutes before Wednesday, 14 o'clock, when it falls due."""
    moment = at("2026-03-04 14:00") - timedelta(minutes=minutes)
    story = Story(at("2026-03-02 14:00")).reply(moment).hold(moment)
    return story.answer(at(until)).resolve(at("2026-03-05 14:00") + timedelta(seconds=1))


@pytest.mark.parametrize(("minutes", "is_found"), [(1, True), (30, True), (108, True), (109, False)])
def test_a_pause_just_before_the_deadline_is_found_whatever_was_asked(minutes, is_found):
    """Near is what lies within half an hour, or a tenth of the target: of 18 hours 108 minutes."""
    found = audit(near_due(minutes))
    assert kinds(found) == ["just_before_due"] * is_found
    if is_found:
        assert found[0].seconds == 9 * HOUR + minutes * 60
        assert found[0].saved and found[0].saved_together


def test_a_pause_that_ends_before_the_deadline_would_have_passed_is_clean():
    assert audit(near_due(30, until="2026-03-04 14:00")) == []
    assert kinds(audit(near_due(30, until="2026-03-04 14:00:01"))) == ["just_before_due"]


def test_a_pause_that_lasts_is_found_when_the_deadline_would_have_passed():
    moment = at("2026-03-04 09:40")
    [found] = audit(Story().reply(moment).hold(moment))
    assert found.known_at == at("2026-03-04 10:00")


def test_just_before_never_means_more_than_half_of_a_short_target():
    story = Story().reply(at("2026-03-02 10:10")).hold(at("2026-03-02 10:10")).answer(at("2026-03-02 12:00"))
    assert audit(story, allowed=2 / 3) == [], "thirty minutes of forty were left"


def test_a_hop_just_before_a_deadline_that_was_missed():
    [found] = audit(Story().reply(MONDAY).hop(at("2026-03-04 09:45")).resolve(at("2026-03-04 15:00")))
    assert (found.kind, found.act, found.seconds, found.team_id, found.saved) == (
        "just_before_due", "escalated", 0, FIRST, False)


def test_a_hop_that_came_in_time_or_helped_or_was_the_desks_own_is_clean():
    assert audit(Story().hop(at("2026-03-03 15:00")).resolve(at("2026-03-04 15:00"))) == []
    assert audit(Story().hop(at("2026-03-04 09:45")).resolve(at("2026-03-04 09:59"))) == []
    assert audit(Story().hop(at("2026-03-04 09:45"), by=None).resolve(at("2026-03-04 15:00"))) == []
    assert audit(Story().hop(at("2026-03-04 10:15")).resolve(at("2026-03-04 15:00"))) == []


def test_a_priority_lowered_just_before_the_deadline():
    book = Plain(P2=9, P3=18)
    story = Story(priority="P2").change(at("2026-03-03 09:45"), "P3").resolve(at("2026-03-03 17:00"))
    [found] = audit(story, book=book)
    assert (found.act, found.seconds, found.saved) == ("priority", 9 * HOUR, True)
    early = Story(priority="P2").change(at("2026-03-02 11:00"), "P3").resolve(at("2026-03-03 17:00"))
    harmless = Story(priority="P2").change(at("2026-03-03 09:45"), "P3").resolve(at("2026-03-03 09:59"))
    raised = Story(priority="P3").change(at("2026-03-04 09:45"), "P2").resolve(at("2026-03-04 15:00"))
    assert audit(early, book=book) == audit(harmless, book=book) == audit(raised, book=book) == []


def test_two_that_save_a_deadline_only_together():
    story = Story().hold(at("2026-03-02 11:00")).resume(at("2026-03-02 13:00"))
    story.hold(at("2026-03-02 14:00")).resume(at("2026-03-02 16:00")).resolve(at("2026-03-04 11:30"))
    found = audit(story)
    assert [(each.seconds, each.saved, each.saved_together) for each in found] == [(2 * HOUR, False, True)] * 2


@pytest.mark.parametrize(("end", "is_saved"), [("2026-03-04 10:00", False), ("2026-03-04 10:00:01", True)])
def test_saved_begins_with_the_second_after_the_deadline_that_would_have_been(end, is_saved):
    story = Story().hold(at("2026-03-02 11:00")).resume(at("2026-03-02 13:00")).resolve(at(end))
    assert [each.saved for each in audit(story)] == [is_saved]


def test_near_is_measured_to_the_deadline_as_earlier_pauses_have_moved_it():
    """Eleven hours and a quarter of waiting: due on Thursday at a quarter past twelve."""
    story = Story().hold(at("2026-03-02 11:00"), "supplier").resume(at("2026-03-03 11:00"))
    story.reply(at("2026-03-04 09:45"))
    story.hold(at("2026-03-04 09:45")).answer(at("2026-03-04 12:00"))
    assert audit(story) == []
    story.reply(at("2026-03-05 12:00")).hold(at("2026-03-05 12:10")).answer(at("2026-03-05 13:00"))
    [found] = audit(story.resolve(at("2026-03-05 13:05")))
    assert (found.kind, found.seconds, found.saved) == ("just_before_due", 50 * 60, True)


# Random histories

gaps = st.integers(1, 20 * 3600)
rounds = st.lists(st.tuples(gaps, st.integers(-3600, 900), gaps), min_size=1, max_size=6)


def clean(asked):
    """Work, ask, wait, be answered, again and again; `asked` has the work, when the question comes, and the wait."""
    story, moment, holds = Story(), MONDAY, []
    for work, question, wait in asked:
        moment += timedelta(seconds=work + 3600)
        hold, until = moment, moment + timedelta(seconds=wait + 900)
        steps = [(hold + timedelta(seconds=question), story.reply), (hold, story.hold), (until, story.answer)]
        for when, act in sorted(steps, key=lambda step: step[0]):
            act(when)
        holds.append((hold, until))
        moment = until
    return SimpleNamespace(story=story, end=moment, holds=holds)


@given(rounds)
@settings(deadline=None)
def test_clean_histories_are_silent(asked):
    history = clean(asked)
    assert audit(history.story, allowed=500) == []
    assert audit(history.story.resolve(history.end + timedelta(hours=1)), allowed=500) == []


@given(rounds, gaps, st.integers(900, 200 * 3600), st.sampled_from(["requester", "supplier"]))
@settings(deadline=None)
def test_what_is_planted_is_found_to_the_second(asked, work, wait, reason):
    history = clean(asked)
    since = history.end + timedelta(seconds=work)
    until = since + timedelta(seconds=wait)
    history.story.hold(since, reason, by=LEAD).resume(until).resolve(until + timedelta(hours=1))
    found, seconds = audit(history.story, allowed=900), ORACLE.elapsed(since, until)
    assert [(each.kind, each.by_id, each.since, each.until, each.seconds) for each in found] == (
        [("no_question", LEAD, since, until, seconds)] if reason == "requester" and seconds else [])


ORACLE = Oracle("Asia/Bishkek", WEEK)


def without(events, since, until):
    """The same history, had the pause never been: a message that ended it is kept, the wait is not."""
    kept, waits = [], False
    for event in events:
        change = event.changes.get("status", [None, None])
        if event.kind == "ticket.held" and event.at == since:
            waits = True
        elif waits and change[0] == "pending":
            waits = False
            if change[1] != "open":
                kept.append(event._replace(data=event.data | {"changes": {"status": ["open", change[1]]}}))
        else:
            kept.append(event)
    return kept


steps = st.lists(st.tuples(st.sampled_from(["reply", "hold", "resume", "answer", "silent answer"]), gaps), max_size=20)


@given(steps, gaps, st.integers(1, 30))
@settings(deadline=None)
def test_a_deadline_is_saved_where_it_would_have_been_missed_without(acts, last, allowed):
    """Told by the engine itself, over a history in which the pause is not."""
    story, moment = Story(), MONDAY
    for name, gap in acts:
        moment += timedelta(seconds=gap)
        if name == "hold" and story.status != "pending":
            story.hold(moment)
        elif name == "resume" and story.status == "pending":
            story.resume(moment)
        elif name in ("answer", "silent answer"):
            story.answer(moment, resumes=name == "answer")
        elif name == "reply":
            story.reply(moment)
    story.resolve(moment + timedelta(seconds=last))
    [clock] = clocks_of(story.events, Plain(P3=allowed))
    for found in audit(story, allowed):
        if found.kind == "reply_meanwhile":
            continue
        [other] = clocks_of(without(story.events, found.since, found.until), Plain(P3=allowed))
        assert found.saved == (clock.outcome == "met" and other.outcome == "missed")
        assert found.seconds == OFFICE.elapsed(found.since, found.until)
