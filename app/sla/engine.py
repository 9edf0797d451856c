"""What each event does to a ticket's timers: one fold, used as things happen and to compute a past anew.

`apply` asks nothing of the database and of the clock on the wall. Its rules, as docs/clocks.md tells them:
an answer is a public message that a person of the staff writes; a resolution and a visit to a level stand still while
the ticket waits for a reason that pauses; a deadline once reached stands; a change of level or team moves no promise.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from app.core.clock import whole_second
from app.tickets.vocabulary import ACTIVE, ENDED

from . import arithmetic
from .book import Book, Terms, part_of
from .models import SlaClock, Span
from .timers import SPAN_FACTS, STANDING_STILL, Happening, Timers
from .vocabulary import CHOOSING, OLA

ANNOUNCEMENTS = ("sla.warned", "sla.breached", "sla.overdue")

Verdicts = tuple[str | None, str | None]
"""What a clock that stops is called: in time, and too late."""
MEANT: Verdicts = ("met", "missed")
UNANSWERED: Verdicts = (None, "missed")
MEANINGLESS: Verdicts = (None, None)
SOLVED = {"resolution": MEANT, "handover": MEANT}
"""What a solution means to a clock; to the others it is an end without the answer, or the pick-up, they waited for."""


def apply(timers: Timers, event: Happening, book: Book) -> None:
    """Turn the timers by one event; rows that come into being are in `timers.fresh`."""
    if event.kind in ANNOUNCEMENTS:
        return _Turn(timers, event.at, timers.moment_of(event), book).announced(event)
    was = timers.facts["status"]
    turn = _Turn(timers, event.at, timers.moment_of(event), book)
    timers.learn(event)
    is_requester = event.by_id == timers.facts.get("requester_id")
    if event.kind == "ticket.unmerged":
        return turn.taken_apart()
    if event.kind == "ticket.revived":
        return turn.revived(event.data.get("answered", False))
    if event.kind == "ticket.restored":
        turn.put_back(event.data.get("done_at"))
    if event.kind == "ticket.replied" and event.by_id is not None and not is_requester:
        turn.answered()
    if was is None or (was in ENDED and timers.is_active):
        turn.begin_cycle()
    if event.kind == "ticket.answered" and event.data.get("author_id", event.by_id) == timers.facts.get("requester_id"):
        turn.asked()
    turn.next_span()
    turn.pass_from(was)
    turn.picked_up()
    if was in ACTIVE and not event.changes.keys().isdisjoint(CHOOSING):
        turn.choose_anew()


@dataclass
class _Turn:
    """One moment of one ticket: as it was recorded, for versions hold from a moment as exact; and cut, for clocks."""

    timers: Timers
    at: datetime
    moment: datetime
    book: Book

    def begin_cycle(self) -> None:
        """Clocks from this moment on: when a ticket is filed, and when one that had ended is opened again."""
        terms = self._terms()
        if terms is None:
            return
        span = self.timers.span
        if span is None:
            self._start("first_response", terms, self.moment, 1)
        self._start("resolution", terms, self.moment, 1 if span is None else span.cycle + 1)

    def taken_apart(self) -> None:
        """A merge was taken back: what it ended goes on as if it never had. Who was waiting has waited all the while;
        only a pause is over, since nobody watched for what it waited for."""
        self._go_on_from_end(lambda clock: clock.outcome is None)

    def revived(self, was_answered: bool) -> None:
        """The same for a ticket that was resolved or cancelled by mistake. What is met without a solution, an answer
        that was sent with it for one, stays met."""
        answered = ("first_response", "next_response") if was_answered else ()
        self._go_on_from_end(lambda clock: clock.target not in answered
                             and (clock.target in SOLVED or clock.outcome != "met"))
        self.picked_up()

    def put_back(self, done_at: str | None) -> None:
        """Who was given it by mistake has it no more: if nobody has, it waits to be picked up as it did before."""
        if done_at is None or self.timers.facts["assignee_id"] is not None:
            return
        for clock in self.timers.clocks:
            if clock.target == "pickup" and clock.stopped_at == whole_second(datetime.fromisoformat(done_at)):
                self._run_again(clock)

    def _go_on_from_end(self, is_ours: Callable[[SlaClock], bool]) -> None:
        """What the end of the ticket stopped runs again, as if it had never stood."""
        span = self.timers.span
        ended_at = span.ended_at
        if all(getattr(span, fact) == self.timers.facts[fact] for fact in SPAN_FACTS):
            span.ended_at = None
        else:
            _Turn(self.timers, self.at, ended_at, self.book)._begin_span(span, resumes=True)
        for clock in self.timers.clocks:
            if clock.stopped_at == ended_at and is_ours(clock):
                self._run_again(clock)

    def _run_again(self, clock: SlaClock) -> None:
        clock.stopped_at = clock.used_seconds = clock.outcome = None
        plan(self.timers, clock, self.book)

    def pass_from(self, was: str | None) -> None:
        """From a status to the present one: stop, pause or go on."""
        status = self.timers.facts["status"]
        if status in ENDED and (was not in ENDED or status == "closed"):
            self._end(is_solved=status == "resolved")
        elif status in ACTIVE:
            self._pause_or_go_on()

    def answered(self) -> None:
        """A public message of the staff."""
        for clock in self.timers.running:
            if clock.target in ("first_response", "next_response"):
                self._stop(clock, MEANT)

    def asked(self) -> None:
        """A message of the requester: unless an older one waits for its answer, this one begins to."""
        if any(clock.target in ("first_response", "next_response") for clock in self.timers.running):
            return
        terms = self._terms()
        if terms is not None:
            self._start("next_response", terms, self.moment, len(self.timers.clocks_of("next_response")) + 1)

    def picked_up(self) -> None:
        """Somebody of the level has the ticket."""
        for clock in self.timers.running:
            if clock.target == "pickup" and self.timers.facts["assignee_id"] is not None:
                self._stop(clock, MEANT)

    def announced(self, event: Happening) -> None:
        """The sweep has spoken: not twice about the same, and what was said to be breached is."""
        clock = self.timers.clock(event.data["target"], event.data["cycle"])
        if clock is None:
            return
        clock.announced_share = max(clock.announced_share, event.data["share"])
        if clock.stopped_at is None:
            if clock.announced_share >= 100:
                clock.breached_at = clock.breached_at or arithmetic.breach(clock)
            plan(self.timers, clock, self.book)

    def next_span(self) -> None:
        """End the latest span if a fact of it has changed; begin another while the ticket is active."""
        span, facts = self.timers.span, self.timers.facts
        is_open = span is not None and span.ended_at is None
        if is_open and self.timers.is_active and all(getattr(span, fact) == facts[fact] for fact in SPAN_FACTS):
            return
        if is_open:
            span.ended_at = self.moment
        if self.timers.is_active or span is None:
            self._begin_span(span, resumes=is_open)
            if span is None or span.visit != self.timers.span.visit:
                self._begin_visit()

    def choose_anew(self) -> None:
        """Another priority or kind: the start and the pauses stay, target and calendar are those chosen now."""
        terms = self._terms()
        if terms is None:
            return
        for clock in self.timers.running:
            self._promise(clock, terms)
        if self.timers.is_active:
            self._start_missing(terms)

    def _start_missing(self, terms: Terms) -> None:
        """What is promised now and was not before counts from where it would have begun."""
        span, spans = self.timers.span, self.timers.spans
        if self.timers.clock("resolution", span.cycle) is None:
            began = next(each.started_at for each in spans if each.cycle == span.cycle)
            self._start("resolution", terms, began, span.cycle)
        visit = [each for each in spans if each.visit == span.visit]
        self._start_visit(terms, visit[0].started_at, all(each.assignee_id is None for each in visit))

    def _begin_visit(self) -> None:
        """A level or team has got the ticket, or has it again: what the last one had to do is over."""
        for clock in self.timers.running:
            if clock.target in OLA:
                self._stop(clock, SOLVED.get(clock.target, UNANSWERED))
        terms = self._terms()
        if terms is not None and self.timers.is_active:
            self._start_visit(terms, self.moment, self.timers.facts["assignee_id"] is None)

    def _start_visit(self, terms: Terms, since: datetime, waits: bool) -> None:
        """`waits`: nobody has had the ticket since the visit began."""
        visit, level = self.timers.span.visit, self.timers.facts["level"]
        if waits and self.timers.clock("pickup", visit) is None:
            self._start("pickup", terms, since, visit, level)
        if self.timers.clock("handover", visit) is None:
            self._start("handover", terms, since, visit, level)

    def _terms(self) -> Terms | None:
        """By the first rule that matches now, asking for the team where the ticket landed."""
        facts = self.timers.facts | {"team_id": self.timers.landed_team_id}
        return self.book.choose(facts, max(self.at, self.moment))

    def _start(self, target: str, terms: Terms, since: datetime, cycle: int, level: int | None = None) -> None:
        if not terms.speaking_of(target, self.timers.facts["priority"], level):
            return
        clock = SlaClock(ticket_id=self.timers.ticket_id, target=target, cycle=cycle, level=level, started_at=since,
                         paused_seconds=0, late_paused_seconds=0, announced_share=0, is_silent=self.timers.is_silent)
        if target in STANDING_STILL and self.timers.facts["pauses"]:
            clock.paused_at = max(since, self.timers.span.started_at)
        self.timers.clocks.append(clock)
        self.timers.fresh.append(clock)
        self._promise(clock, terms)

    def _promise(self, clock: SlaClock, offered: Terms) -> None:
        """Put a clock on the strictest of the terms; what none of them speaks of stays as it was promised."""
        told = [(terms, self._allowed(clock, seconds, terms.promise.floor(seconds))) for terms, seconds in
                offered.speaking_of(clock.target, self.timers.facts["priority"], clock.level)]
        if not told:
            return
        terms, allowed = told[0] if len(told) == 1 else min(told, key=lambda each: self._due_under(clock, *each))
        clock.rule_id = terms.rule_id
        new = (terms.promise.id, terms.edition.id, allowed)
        if new == (clock.policy_version_id, clock.calendar_version_id, clock.allowed_seconds):
            return
        clock.policy_version_id, clock.calendar_version_id, clock.allowed_seconds = new
        clock.terms_since = self.moment
        arithmetic.settle(clock, terms.edition.hours, self.timers.pauses(clock))
        if clock.due_at is None or clock.due_at >= self.moment:
            clock.breached_at = None
        plan(self.timers, clock, self.book)

    def _due_under(self, clock: SlaClock, terms: Terms, allowed: int) -> datetime:
        return arithmetic.reach(terms.edition.hours, clock.started_at, allowed, self.timers.pauses(clock))[0]

    def _allowed(self, clock: SlaClock, promised: int, floor: int) -> int:
        """The target; of a resolution less what earlier cycles used of it, but never under the floor."""
        allowed = promised
        for earlier in self.timers.clocks_of("resolution") if clock.target == "resolution" else ():
            if earlier.cycle < clock.cycle:
                allowed = max(allowed - (earlier.used_seconds or 0), floor)
        return allowed

    def _end(self, is_solved: bool) -> None:
        for clock in self.timers.running:
            self._stop(clock, SOLVED.get(clock.target, UNANSWERED) if is_solved else MEANINGLESS)

    def _stop(self, clock: SlaClock, verdicts: Verdicts) -> None:
        hours = self.book.edition(clock.calendar_version_id).hours
        arithmetic.go_on(clock, hours, self.moment)
        arithmetic.stop(clock, hours, self.moment)
        clock.outcome = verdicts[clock.breached_at is not None]
        if clock.next_at is not None and clock.next_at >= self.moment:
            clock.next_at = None

    def _pause_or_go_on(self) -> None:
        for clock in self.timers.running:
            if clock.target not in STANDING_STILL:
                continue
            if self.timers.facts["pauses"]:
                self._pause(clock)
            elif clock.paused_at is not None:
                self._go_on(clock)

    def _pause(self, clock: SlaClock) -> None:
        if clock.paused_at is not None:
            return
        clock.paused_at = self.moment
        if clock.due_at is not None and clock.due_at > self.moment:
            clock.due_at = None
        if clock.next_at is not None and clock.next_at > self.moment:
            clock.next_at = None

    def _go_on(self, clock: SlaClock) -> None:
        arithmetic.go_on(clock, self.book.edition(clock.calendar_version_id).hours, self.moment)
        if clock.next_at is None:
            plan(self.timers, clock, self.book)

    def _begin_span(self, last: Span | None, resumes: bool) -> None:
        """`resumes`: the cycle goes on; a visit goes on while team and level do."""
        facts = self.timers.facts
        cycle, visit = (1, 1) if last is None else (last.cycle + (not resumes), last.visit)
        if last is not None and (not resumes or (last.team_id, last.level) != (facts["team_id"], facts["level"])):
            visit += 1
        span = Span(ticket_id=self.timers.ticket_id, cycle=cycle, visit=visit, started_at=self.moment,
                    ended_at=None if self.timers.is_active else self.moment, **{f: facts[f] for f in SPAN_FACTS})
        self.timers.turn_span(span)


def plan(timers: Timers, clock: SlaClock, book: Book) -> None:
    """When the sweep must look next: at the next share that has not been announced, if the clock gets there."""
    promise = book.promise(clock.policy_version_id)
    share = next((share for share in promise.shares(clock.target) if share > clock.announced_share), None)
    clock.next_at = None
    if share is None or clock.is_silent or clock.stopped_at is not None:
        return
    reached = reached_at(timers, clock, share, book)
    if clock.paused_at is None or reached <= clock.paused_at:
        clock.next_at = reached


def reached_at(timers: Timers, clock: SlaClock, share: int, book: Book) -> datetime:
    """The moment at which a share of the target was used, as far as is known now; never before its terms held."""
    hours = book.edition(clock.calendar_version_id).hours
    needed = part_of(clock.allowed_seconds, share)
    pauses = timers.pauses(clock) if clock.paused_seconds or clock.late_paused_seconds else []
    moment, _paused = arithmetic.reach(hours, clock.started_at, needed, pauses)
    return max(moment, clock.terms_since)
