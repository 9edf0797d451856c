"""What a version of a calendar changed, in sentences."""

from collections.abc import Iterator
from typing import Any

from flask_babel import gettext as _

from app.core.i18n import localized

from .models import CalendarVersion
from .notation import shown
from .problem_words import weekday


def between(old: CalendarVersion, new: CalendarVersion) -> list[str]:
    """What the newer version says otherwise."""
    return [*_facts(old, new), *_week(old, new), *_dates(old.overrides, new.overrides)]


def summary(version: CalendarVersion) -> list[str]:
    """All that a version says."""
    days = [_("%(day)s: %(hours)s", day=weekday(day), hours=shown(version.week[str(day)]))
            for day in range(7) if version.week.get(str(day))]
    return [f"{version.zone}, {version.country}" if version.country else version.zone, *days,
            *_dates({}, version.overrides)]


def _facts(old: CalendarVersion, new: CalendarVersion) -> Iterator[str]:
    if old.zone != new.zone:
        yield _("Time zone: %(old)s → %(new)s", old=old.zone, new=new.zone)
    if old.country != new.country:
        yield _("Public holidays of: %(old)s → %(new)s", old=old.country or "–", new=new.country or "–")


def _week(old: CalendarVersion, new: CalendarVersion) -> Iterator[str]:
    for day in range(7):
        before, after = old.week.get(str(day)) or [], new.week.get(str(day)) or []
        if before != after:
            yield _("%(day)s: %(old)s → %(new)s", day=weekday(day), old=shown(before) or _("closed"),
                    new=shown(after) or _("closed"))


def _dates(old: dict[str, Any], new: dict[str, Any]) -> Iterator[str]:
    for day in sorted(old.keys() | new.keys()):
        if day not in new:
            yield _("%(day)s: like its weekday again", day=day)
        elif day not in old or old[day] != new[day]:
            yield _("%(day)s: %(hours)s", day=day, hours=_said(new[day]))


def _said(override: Any) -> str:
    if override is None:
        return _("no holiday")
    if isinstance(override, dict):
        return _("closed, %(name)s", name=localized(override))
    return shown(override) or _("closed")
