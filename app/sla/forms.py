"""What an administrator enters about a policy: targets, and what follows from them."""

import re
from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import FieldList, FormField
from wtforms.validators import StopValidation

from app.calendars.forms import Dated
from app.calendars.models import WorkCalendar
from app.core.edits import Facts, fingerprint
from app.core.forms import Choice, Line, Titled, Whole, at_most, between, required, short_name, spoken

from . import action_rows, queries
from .action_rows import ActionRow
from .action_words import mentioned
from .actions import STANDARD_ACTIONS, Promised
from .models import SlaPolicy, SlaPolicyVersion
from .vocabulary import EVERY_PRIORITY, OLA, PROMISES, keys_of

FREE_ROWS = 3
MOST_ROWS = 60
MOST_SECONDS = 10_000 * 3600
FRESH: Facts = {"slug": "", "names": {}, "calendar_id": None, "targets": {}, "reopen_floor_percent": 25,
                "actions": list(STANDARD_ACTIONS)}


class HoursMinutes(Line):
    """A length as hours and minutes: "4:00", "0:30", or "4" for four hours; `seconds` is None when left empty."""

    @property
    def seconds(self) -> int | None:
        found = re.fullmatch(r"(\d{1,5})(?::([0-5]\d))?", self.data or "")
        return int(found[1]) * 3600 + int(found[2] or 0) * 60 if found else None

    def pre_validate(self, form: Any) -> None:
        if not self.data:
            return
        if self.seconds is None:
            raise StopValidation(_("Write hours and minutes as 4:00 or 0:30."))
        if self.seconds == 0:
            raise StopValidation(_("A target of zero cannot be kept. Leave it empty where nothing is promised."))
        if self.seconds > MOST_SECONDS:
            raise StopValidation(_("At most %(hours)s hours, please.", hours=MOST_SECONDS // 3600))


class PolicyForm(Titled, Dated):
    slug = short_name()
    calendar_id = Choice(_l("Working hours"))
    reopen_floor_percent = Whole(
        _l("Least share of the resolution time after reopening, in percent"), [required(), between(1, 100)])
    rows = FieldList(FormField(ActionRow), _l("What happens on the way"), max_entries=MOST_ROWS)
    levels: list[int] = []
    """Levels of support that have a pick-up and a hand-over of their own."""
    actions: list[dict[str, Any]] = []
    """What the rows say, once they were judged."""

    def promised(self, calendars: list[WorkCalendar], now: Any) -> Promised:
        calendar = next(one for one in calendars if str(one.id) == self.calendar_id.data)
        zone = calendar.versions[-1].zone
        return Promised(calendar, self.targets(), self.reopen_floor_percent.data, tuple(self.actions),
                        self.from_moment(zone, now))

    def targets(self) -> dict[str, dict[str, int]]:
        """What is promised, as it is stored; empty boxes promise nothing."""
        told = {priority: {key: self.box(priority, key).seconds for key in keys_of(self.levels)}
                for priority in EVERY_PRIORITY}
        kept = {priority: {key: seconds for key, seconds in targets.items() if seconds}
                for priority, targets in told.items()}
        return {priority: targets for priority, targets in kept.items() if targets}

    def box(self, priority: str, key: str) -> HoursMinutes:
        return self[_box_name(priority, key)]

    def validate(self, extra_validators: Any = None) -> bool:
        fine = super().validate(extra_validators)
        if fine and not self.targets():
            self.form_errors.append(_("This policy promises nothing. Fill in at least one time."))
            return False
        return self.judge_rows() and self.refuse_past() and fine

    def judge_rows(self) -> bool:
        """Look up whom the rows name, and put what is wrong with them at their boxes."""
        rows = [row.form for row in self.rows.entries]
        self.actions, is_right = action_rows.read(rows)
        self.rows.errors = [_("Row %(number)s: %(reason)s", number=number, reason=field.errors[0])
                            for number, row in enumerate(rows, 1) for field in row if field.errors]
        return is_right


def _box_name(priority: str, key: str) -> str:
    return f"{priority}_{key.replace(':', '-')}"


def policy_form(calendars: list[WorkCalendar], levels: Iterable[int] | None = None, **values: Any) -> PolicyForm:
    """The form with a box for each priority and target (pick-up and hand-over of each level; of the desk's own if not
    given), and the calendars to choose from."""
    levels = sorted(queries.levels() if levels is None else levels)
    fields: dict[str, Any] = {
        _box_name(priority, key): HoursMinutes(f"{priority}, {name}", [at_most(8)])
        for priority in EVERY_PRIORITY for key, name in titles(levels).items()}
    fields["calendar_id"] = Choice(_l("Working hours"), choices=[(str(one.id), one.title) for one in calendars])
    return type("PolicyForm", (PolicyForm,), fields | {"levels": levels})(**values)


def titles(levels: list[int]) -> dict[str, str]:
    """Each stored target with its name, of pick-up and hand-over with the level."""
    return {key: title_of(key) for key in keys_of(levels)}


def title_of(key: str) -> str:
    target, _colon, level = key.partition(":")
    if not level:
        return str(PROMISES[target])
    return _("%(target)s, level %(level)s", target=OLA[target], level=level)


def levels_in(targets: dict[str, dict[str, int]]) -> set[int]:
    """Levels that a policy speaks of, whether or not the desk still has them."""
    return {int(key.partition(":")[2]) for told in targets.values() for key in told if ":" in key}


def policy_facts(policy: SlaPolicy, version: SlaPolicyVersion) -> Facts:
    """A policy as the form shows it, with one of its versions."""
    return {"slug": policy.slug, "names": policy.names, **{
        name: getattr(version, name) for name in ("calendar_id", "targets", "reopen_floor_percent", "actions")}}


def guarded(policy: SlaPolicy) -> Facts:
    """What must not have changed while a form was open: the names, and which versions there are."""
    return {"names": policy.names, "versions": [version.id for version in policy.versions]}


def filled(facts: Facts, calendars: list[WorkCalendar], levels: list[int], seen: Facts, **more: Any) -> PolicyForm:
    """The form with what is stored; `seen` is what must not change meanwhile."""
    boxes = {_box_name(priority, key): hours_minutes(seconds)
             for priority, targets in facts["targets"].items() for key, seconds in targets.items()}
    people = {user.id: user for user in queries.people_by_id(mentioned(facts["actions"]))}
    rows = [action_rows.typed(action, people) for action in facts["actions"]]
    return policy_form(
        calendars, levels, formdata=None, seen=fingerprint(seen), slug=facts["slug"],
        calendar_id=str(facts["calendar_id"]), reopen_floor_percent=facts["reopen_floor_percent"], **boxes, **more,
        **spoken("names", facts["names"]), rows=[*rows, *({} for _free in range(FREE_ROWS))])


def hours_minutes(seconds: int) -> str:
    return f"{seconds // 3600}:{seconds % 3600 // 60:02}"
