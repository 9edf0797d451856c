"""Where the clocks of a ticket stand at a moment, in the reader's words."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.calendars.models import CalendarVersion, WorkCalendar
from app.calendars.queries import hours_of
from app.core.clock import whole_second
from app.core.db import db
from app.core.durations import duration
from app.core.i18n import local_time, localized

from .models import SlaClock, SlaPolicy, SlaPolicyVersion, SlaRule
from .vocabulary import TARGETS

SOON_SHARE = 75
_ORDER = list(TARGETS)

Names = dict[str, str]
_ENDED_WORDS = {"overdue": _l("overdue"), "met": _l("met"), "missed": _l("missed"), "over": _l("ended")}


@dataclass(frozen=True)
class Standing:
    """One clock at one moment. `state` is ok, soon, overdue, paused, met, missed or over (without a result)."""

    clock: SlaClock
    used_seconds: int
    state: str
    policy: Names
    calendar: Names
    rule: Names | None

    @property
    def title(self) -> Any:
        """The target's name, with the level where it is measured per level."""
        name = TARGETS[self.clock.target]
        return name if self.clock.level is None else _("%(target)s, level %(level)s", target=name,
                                                       level=self.clock.level)

    @property
    def label(self) -> str:
        """The same with which one it is, where there were several."""
        about = {"target": self.title, "cycle": self.clock.cycle}
        if self.clock.cycle == 1:
            return str(self.title)
        if self.clock.target == "resolution":
            return _("%(target)s, opened again (%(cycle)s)", **about)
        return _("%(target)s, no. %(cycle)s", **about)

    @property
    def share(self) -> int:
        """How much of the target is used, in percent."""
        return min(999, self.used_seconds * 100 // self.clock.allowed_seconds)

    @property
    def left_seconds(self) -> int:
        """Business time left; below zero when there is none."""
        return self.clock.allowed_seconds - self.used_seconds

    @property
    def text(self) -> str:
        """What the chip says."""
        if self.state in _ENDED_WORDS:
            return str(_ENDED_WORDS[self.state])
        left = duration(max(self.left_seconds, 0))
        if self.state == "paused":
            return _("paused, %(length)s left", length=left)
        return _("%(length)s left", length=left)

    @property
    def detail(self) -> str:
        """When it is or was due, and how much of the allowed time is used."""
        used = {"used": duration(self.used_seconds), "allowed": duration(self.clock.allowed_seconds)}
        if self.clock.due_at is None:
            return _("%(used)s of %(allowed)s used", **used)
        return _("Due %(moment)s; %(used)s of %(allowed)s used", moment=local_time(self.clock.due_at, "short"), **used)

    @property
    def why(self) -> str:
        """Policy, rule and working hours behind it."""
        names = {"policy": localized(self.policy), "calendar": localized(self.calendar)}
        if self.rule is None:
            return _("Policy “%(policy)s”, working hours “%(calendar)s”", **names)
        return _("Policy “%(policy)s” by the rule “%(rule)s”, working hours “%(calendar)s”",
                 rule=localized(self.rule), **names)


_OF_A_TICKET = (
    sa.select(SlaClock, SlaPolicy.names, WorkCalendar.names, SlaRule.names)
    .join(SlaPolicyVersion, SlaPolicyVersion.id == SlaClock.policy_version_id)
    .join(SlaPolicy, SlaPolicy.id == SlaPolicyVersion.policy_id)
    .join(CalendarVersion, CalendarVersion.id == SlaClock.calendar_version_id)
    .join(WorkCalendar, WorkCalendar.id == CalendarVersion.calendar_id)
    .outerjoin(SlaRule, SlaRule.id == SlaClock.rule_id)
    .where(SlaClock.ticket_id == sa.bindparam("ticket_id"))
    .order_by(SlaClock.target, SlaClock.cycle)
)


def standings(ticket_id: int, now: datetime) -> list[Standing]:
    """Every clock of a ticket, in the order of the targets, cycles in order: one query."""
    rows = db.session.execute(_OF_A_TICKET, {"ticket_id": ticket_id})
    shown = [_standing(clock, names, whole_second(now)) for clock, *names in rows]
    return sorted(shown, key=lambda standing: _ORDER.index(standing.clock.target))


def standing_of(clock: SlaClock, now: datetime) -> Standing:
    """Of one clock, stored or not, without the names of what is behind it."""
    return _standing(clock, [{}, {}, None], whole_second(now))


def _standing(clock: SlaClock, names: list[Names], now: datetime) -> Standing:
    used = used_at(clock, now)
    return Standing(clock, used, _state(clock, used, now), *names)


def used_at(clock: SlaClock, now: datetime) -> int:
    """Business seconds used until a moment that is not before its start."""
    if clock.used_seconds is not None:
        return clock.used_seconds
    until = max(clock.paused_at or now, clock.started_at)
    elapsed = hours_of(clock.calendar_version_id).elapsed(clock.started_at, until)
    return elapsed - clock.paused_seconds - clock.late_paused_seconds


def _state(clock: SlaClock, used: int, now: datetime) -> str:
    if clock.stopped_at is not None:
        return clock.outcome or "over"
    if clock.due_at is not None and clock.due_at < now:
        return "overdue"
    if clock.paused_at is not None:
        return "paused"
    return "soon" if used * 100 >= clock.allowed_seconds * SOON_SHARE else "ok"
