"""Editing what somebody else may be editing too: old and new for the event, and a guard for the second saver."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError
from wtforms import HiddenField

from .errors import DeskError
from .forms import Form

Facts = dict[str, Any]


@dataclass(frozen=True)
class Subject:
    """What an event is about that has no number of its own: the settings, a reason to wait."""

    event_subject: str
    id: int = 0


class Guarded(Form):
    """A form that knows what was stored when it was filled."""

    seen = HiddenField()

    def is_stale(self, stored: Facts) -> bool:
        """Whether somebody saved in between. What was typed stays; saving once more replaces theirs knowingly."""
        now_stored = fingerprint(stored)
        if self.seen.data == now_stored:
            return False
        self.seen.data = now_stored
        self.form_errors.append(_("Somebody else has changed this meanwhile, so nothing of yours was saved. What you "
                                  "typed is still here: open the page in another window to compare, then save again."))
        return True


def fingerprint(facts: Facts) -> str:
    """A short name for these values: the same values, the same name."""
    return hashlib.sha256(json.dumps(facts, sort_keys=True, default=str).encode()).hexdigest()[:32]


def changes(old: Facts, new: Facts) -> dict[str, list[Any]]:
    """Name -> [old, new] of what differs."""
    return {name: [old.get(name), value] for name, value in new.items() if old.get(name) != value}


def save(form: Guarded, stored: Facts, verb: Callable[[], Any]) -> int:
    """Judge the form, guard against a save in between, then do it. 0 when done, else the status to answer with;
    the reason stands in the form. The caller commits."""
    if not form.validate():
        return 400
    if form.is_stale(stored):
        return 409
    try:
        verb()
    except DeskError as error:
        form.form_errors.append(error.message)
        return error.code
    except IntegrityError:
        form.form_errors.append(_("Somebody else has just saved something with the same name."))
        return 409
    return 0
