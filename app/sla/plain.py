"""A clock in the requester's words: what was promised, what became of the time, and when it is due. No names of
policies, levels, teams or people."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.core.clock import whole_second
from app.core.durations import duration
from app.core.i18n import local_time
from app.tickets.models import Ticket

from . import names
from .explain import Explanation, Segment, without_places
from .standing import Standing
from .story import explained
from .telling import obstacles, rows, why
from .vocabulary import PROMISES
from .wording import stretch

TITLES = {"first_response": _l("Our first answer"), "next_response": _l("Our answer to your message"),
          "resolution": _l("The solution")}


@dataclass(frozen=True)
class Row:
    """A stretch of time: when, for how long it counted ('' where it did not), why."""

    when: str
    counted: str
    why: str


@dataclass(frozen=True)
class Told:
    """One promise."""

    standing: Standing
    segments: list[Segment]
    ahead: list[Segment]
    title: str
    promise: str
    rows: list[Row]
    result: list[str]
    """The sentences in which it ends."""
    says: Callable[[Segment], str]


def told(ticket: Ticket, now: datetime) -> list[Told]:
    """Every promise made to the requester in plain words: what still runs first, then the latest."""
    shown = explained(ticket, now, lambda standing: standing.clock.target in PROMISES)
    shown.sort(key=lambda pair: (pair[0].clock.stopped_at is None, pair[0].clock.started_at), reverse=True)
    reasons = names.reasons() if shown else {}
    return [_told(standing, explanation, reasons, whole_second(now)) for standing, explanation in shown]


def _told(standing: Standing, explanation: Explanation, reasons: dict[str, str], now: datetime) -> Told:
    segments = rows(without_places(explanation.segments))
    return Told(standing, segments, without_places(explanation.ahead), str(TITLES[standing.clock.target]),
                _promise(standing), [_row(segment, reasons, now) for segment in segments],
                _result(standing, explanation, now), lambda segment: _line(segment, reasons, now))


def _line(segment: Segment, reasons: dict[str, str], now: datetime) -> str:
    return f"{stretch(segment.start, segment.end, now)}: {why(segment, reasons)}"


def _row(segment: Segment, reasons: dict[str, str], now: datetime) -> Row:
    counted = duration(segment.counted_seconds) if segment.is_counted else ""
    return Row(stretch(segment.start, segment.end, now), counted, why(segment, reasons))


def _promise(standing: Standing) -> str:
    clock = standing.clock
    about = {"length": duration(clock.allowed_seconds), "moment": local_time(clock.started_at, "short")}
    if clock.target != "resolution":
        return _("We promised you an answer within %(length)s of working time, counted from %(moment)s.", **about)
    if clock.cycle > 1:
        return _("Your request was opened again at %(moment)s. We promised to solve it within %(length)s of working "
                 "time from then.", **about)
    return _("We promised to solve it within %(length)s of working time, counted from %(moment)s.", **about)


def _result(standing: Standing, explanation: Explanation, now: datetime) -> list[str]:
    clock = standing.clock
    if clock.stopped_at is not None:
        return [_ending(standing)]
    left = duration(max(explanation.left_seconds, 0))
    if clock.due_at is None:
        return [_("The clock stands still now. %(length)s of working time is left; it goes on when there is no need to "
                  "wait any more.", length=left)]
    due = local_time(clock.due_at, "short")
    if not explanation.ahead:
        return [_("It was due %(moment)s. We are late, and we are sorry.", moment=due)]
    return [_("%(length)s of working time is left.", length=left), *obstacles(explanation.ahead, now),
            _("So it is due %(moment)s.", moment=due)]


def _ending(standing: Standing) -> str:
    clock = standing.clock
    about = {"due": local_time(clock.due_at, "short"), "stopped": local_time(clock.stopped_at, "short")}
    if clock.outcome is None:
        return _("It ended at %(stopped)s without being needed any more.", **about)
    if clock.target == "resolution":
        return _("Solved at %(stopped)s, in time: it was due %(due)s.", **about) if clock.outcome == "met" else _(
            "Solved at %(stopped)s, too late: it was due %(due)s. We are sorry.", **about)
    if clock.outcome == "met":
        return _("Answered at %(stopped)s, in time: it was due %(due)s.", **about)
    return _("It ended at %(stopped)s, too late: it was due %(due)s. We are sorry.", **about)
