"""A macro on a ticket: what it would say and change, and doing all of it or nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _

from app.accounts.models import User
from app.core.db import db
from app.core.errors import Conflict, DeskError, Invalid, NotAllowed
from app.core.events import Event, record
from app.core.policy import may

from .. import articles
from ..models import Message, Ticket
from . import actions, completions, placeholders, policy, steps
from .models import Macro
from .steps import Case, Change

RUNS = ("ticket.macro_run", "ticket.own_macro_run")
RIGHTS = {"reply": "ticket.reply", "note": "ticket.note"}


@dataclass(frozen=True)
class Outlook:
    """What a macro would do to a ticket now: the words as they would be said, what changes, what is refused."""

    says: str
    body: str
    changes: list[Change]
    refusals: list[str]


def outlook(macro: Macro, ticket: Ticket, by: User, now: datetime) -> Outlook:
    """Nothing is done."""
    case = _case(macro, ticket, by, now)
    changes: list[Change] = []
    refusals = _unsayable(macro, ticket, by)
    for _name, step in steps.asked(case):
        try:
            changes += step.changes(case)
        except DeskError as error:
            refusals.append(_refusal(step.title, error.message))
        if not steps.is_allowed(case, step):
            refusals.append(_refusal(step.title, _("You cannot do this here.")))
    return Outlook(macro.says, words(macro, ticket, by, now), changes, refusals)


def _unsayable(macro: Macro, ticket: Ticket, by: User) -> list[str]:
    """Why nothing can be said, if so."""
    if not may_say(macro, ticket, by):
        return [_("You cannot write this on the ticket.")]
    if macro.says == "reply" and ticket.status in ("closed", "cancelled"):
        return [_("This ticket has ended; file a follow-up instead.")]
    return []


def words(macro: Macro, ticket: Ticket, by: User, now: datetime) -> str:
    """What it says, in the language of who reads it. A template that somebody has kept for themselves since, or for
    another team, is theirs: then the macro has no words but its own."""
    if not macro.says:
        return ""
    template = macro.template if macro.template is not None and policy.may_look_at(by, macro.template) else None
    bodies = template.bodies if template is not None else macro.bodies
    language = completions.spoken_in(bodies, completions.language_for(ticket, macro.says == "note"))
    return placeholders.filled(bodies.get(language, ""), placeholders.Case(ticket, by, now, language))


def may_say(macro: Macro, ticket: Ticket, by: User) -> bool:
    return not macro.says or may(by, RIGHTS[macro.says], ticket)


def run(macro: Macro, ticket: Ticket, body: str, by: User, now: datetime, submission: str | None) -> Message | None:
    """All of it in the caller's transaction, each step with its right; the message, if one was said. Raises Invalid,
    Conflict or NotAllowed, which names the step: the caller undoes the rest."""
    case, message = _case(macro, ticket, by, now), None
    for name, step in steps.asked(case):
        with _named(step.title):
            if not steps.is_allowed(case, step):
                raise NotAllowed(_("You cannot do this here."))
            if name == "say":
                message = _say(macro, ticket, body, by, now, submission)
            else:
                step.run(case)
    actions.used(macro, now)
    _tell(macro, ticket, by, now, submission)
    return message


def _tell(macro: Macro, ticket: Ticket, by: User, now: datetime, submission: str | None) -> None:
    """What somebody keeps for themselves has no name for others."""
    if macro.owner_id is None:
        record("ticket.macro_run", ticket, by, now, macro=macro.title, submission=submission)
    else:
        record("ticket.own_macro_run", ticket, by, now, submission=submission)


def _case(macro: Macro, ticket: Ticket, by: User, now: datetime) -> Case:
    return Case(ticket, by, now, steps.judged(macro.steps))


def _say(macro: Macro, ticket: Ticket, body: str, by: User, now: datetime, submission: str | None) -> Message | None:
    if not macro.says:
        return None
    if not may_say(macro, ticket, by):
        raise NotAllowed(_("You cannot do this here."))
    if not body:
        raise Invalid(_("Please write something."))
    if placeholders.has_holes(body):
        raise Invalid(_("Something is still to be filled in where […] stands."))
    if macro.says == "note":
        return ticket.note(body, by, now, submission=submission)
    message = ticket.reply(body, by, now, submission=submission)
    articles.send(ticket, body, by, now)
    return message


@contextmanager
def _named(title: str) -> Iterator[None]:
    """A refusal says which step it was."""
    try:
        yield
    except (Invalid, Conflict, NotAllowed) as error:
        raise type(error)(_refusal(title, error.message)) from error


def _refusal(title: str, why: str) -> str:
    return _("%(step)s: %(why)s", step=title, why=why)


def was_run(ticket: Ticket, by: User, submission: str | None) -> bool:
    """Whether this very form was sent before; whoever asks holds the ticket's lock."""
    if not submission:
        return False
    newest = (sa.select(Event.data).where(Event.subject_type == "ticket", Event.subject_id == ticket.id,
                                          Event.kind.in_(RUNS), Event.actor_id == by.id)
              .order_by(Event.id.desc()).limit(20))
    return any(data.get("submission") == submission for data in db.session.scalars(newest))
