"""How one wants to be told: a row per topic, the times of digests, the quiet hours."""

import re
from datetime import time
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField
from wtforms.validators import StopValidation, ValidationError

from app.core.forms import Checks, Choice, Form, Line

from .choices import Wishes
from .models import Rhythm
from .topics import APP, DIGEST, MAIL, NEVER, NOW, Topic

WAYS = {NOW: _l("At once"), DIGEST: _l("In the digest"), NEVER: _l("Not at all")}
DAYS = [("0", _l("Monday")), ("1", _l("Tuesday")), ("2", _l("Wednesday")), ("3", _l("Thursday")), ("4", _l("Friday")),
        ("5", _l("Saturday")), ("6", _l("Sunday"))]


class Time(Line):
    """A time of the day as 09:30, or nothing."""

    def pre_validate(self, form: Any) -> None:
        if self.data and not re.fullmatch(r"([01]?[0-9]|2[0-3]):[0-5][0-9]", self.data):
            raise StopValidation(_("Write a time as 09:30, please."))

    @property
    def time(self) -> time | None:
        return time(*map(int, self.data.split(":"))) if self.data and not self.errors else None


class WishForm(Form):
    """What is the same for everybody. The rows of the topics are added by `wish_form`."""

    topics: list[Topic] = []
    digest_1 = Time(_l("First digest"))
    digest_2 = Time(_l("Second digest"))
    digest_3 = Time(_l("Third digest"))
    days = Checks(_l("On these days"), choices=DAYS)
    quiet_from = Time(_l("Quiet from"))
    quiet_to = Time(_l("Quiet until"))

    def way(self, topic: Topic, channel: str) -> str:
        """What was chosen, or what there is no choice about."""
        if len(topic.ways(channel)) < 2:
            return topic.default(channel)
        chosen = self[f"{channel}_{topic.name}"].data
        return chosen if channel == MAIL else NOW if chosen else NEVER

    @property
    def digests(self) -> list[str]:
        """The times of digests, in order, each once."""
        given = {field.time for field in (self.digest_1, self.digest_2, self.digest_3)} - {None}
        return [f"{shown:%H:%M}" for shown in sorted(given)]

    @property
    def _wants_digest(self) -> bool:
        return any(self.way(topic, MAIL) == DIGEST for topic in self.topics)

    def validate_digest_1(self, field: Time) -> None:
        others = (self.digest_2.data, self.digest_3.data)
        if self._wants_digest and not field.data and not any(others):
            raise ValidationError(_("Say when the digest is to come."))

    def validate_days(self, field: Checks) -> None:
        if self._wants_digest and not field.data:
            raise ValidationError(_("Choose at least one day for the digest."))

    def validate_quiet_to(self, field: Time) -> None:
        start, end = self.quiet_from.time, field.time
        if bool(self.quiet_from.data) != bool(field.data):
            raise ValidationError(_("Quiet hours need a beginning and an end."))
        if start is not None and start == end:
            raise ValidationError(_("Quiet hours end at another time than they begin."))

    def validate(self, extra_validators: Any = None) -> bool:
        fine = super().validate(extra_validators)
        return self._no_digest_at_night() and fine

    def _no_digest_at_night(self) -> bool:
        start, end = self.quiet_from.time, self.quiet_to.time
        if start is None or end is None or start == end:
            return True
        asleep = [field for field in (self.digest_1, self.digest_2, self.digest_3)
                  if field.time is not None and _lies_in(field.time, start, end)]
        for field in asleep:
            field.errors = [*field.errors, _("This lies in the quiet hours.")]
        return not asleep


def _lies_in(shown: time, start: time, end: time) -> bool:
    return start <= shown < end if start < end else shown >= start or shown < end


def wish_form(topics: list[Topic], **about: Any) -> WishForm:
    """The form with the rows of these topics."""
    rows: dict[str, Any] = {"topics": topics}
    for topic in topics:
        if len(topic.app) > 1:
            rows[f"{APP}_{topic.name}"] = BooleanField(_l("%(topic)s: in the app", topic=topic.words))
        if len(topic.mail) > 1:
            rows[f"{MAIL}_{topic.name}"] = Choice(_l("%(topic)s: by mail", topic=topic.words),
                                                  choices=[(way, WAYS[way]) for way in topic.mail])
    return type("WishFormOfTopics", (WishForm,), rows)(**about)


def filled(person: Any, topics: list[Topic], wishes: Wishes) -> WishForm:
    """The form with what holds now."""
    held: dict[str, Any] = {}
    for topic in topics:
        held[f"{APP}_{topic.name}"] = wishes.way(person, topic, APP) == NOW
        held[f"{MAIL}_{topic.name}"] = wishes.way(person, topic, MAIL)
    return wish_form(topics, formdata=None, **held, **_times(wishes.rhythm(person)))


def _times(rhythm: Rhythm) -> dict[str, Any]:
    digests = [*rhythm.digest_at, "", "", ""]
    return {"digest_1": digests[0], "digest_2": digests[1], "digest_3": digests[2],
            "days": [str(day) for day in rhythm.days], "quiet_from": _shown(rhythm.quiet_from),
            "quiet_to": _shown(rhythm.quiet_to)}


def _shown(moment: time | None) -> str:
    return f"{moment:%H:%M}" if moment is not None else ""
