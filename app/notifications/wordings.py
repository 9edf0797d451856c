"""The administrator's own words for a message, over those that come with the desk.

Stored words are never rendered as a template: placeholders of a fixed list are replaced, and what stands for them is
taken as plain text, so that neither a subject nor a name becomes mark-up. What was said stands on lines of its own and
is drawn by itself, as the page of the ticket draws it.
"""

import re
import secrets
from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from app.core import markup, placeholders
from app.core.db import db
from app.core.events import record
from app.core.i18n import LANGUAGES, local_time

from . import events as _kinds  # noqa: F401 - the catalogue of what is recorded here
from .models import Wording

PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
LINE, LINK, BLOCK = "line", "link", "block"


class Placeholder(NamedTuple):
    """What may stand in braces: what it means, what is put there, and where it may stand (a link not in a subject, a
    block on a line of its own)."""

    words: Any
    value: Callable[[dict[str, Any]], str]
    kind: str = LINE


def _open(of: Callable[[Any], Any]) -> Callable[[dict[str, Any]], str]:
    """Something of the ticket that tells its content: '' of a confidential one."""
    return lambda values: "" if values["ticket"].is_confidential else str(of(values["ticket"]) or "")


def _given(name: str) -> Callable[[dict[str, Any]], str]:
    return lambda values: str(values.get(name) or "")


def _moment(name: str) -> Callable[[dict[str, Any]], str]:
    return lambda values: local_time(values[name]) if isinstance(values.get(name), datetime) else ""


PLACEHOLDERS = {
    "desk.name": Placeholder(_l("The name of the desk"), _given("desk")),
    "reader.name": Placeholder(_l("Who gets the mail"), lambda values: values["reader"].name),
    "ticket.number": Placeholder(_l("The number, as #12"), _given("number")),
    "ticket.subject": Placeholder(_l("The subject; nothing of a confidential ticket"), _open(lambda one: one.subject)),
    "ticket.link": Placeholder(_l("The address of the ticket"), _given("url"), LINK),
    "requester.name": Placeholder(_l("Who asked for it; nothing of a confidential ticket"),
                                  _open(lambda one: one.requester.name)),
    "agent.name": Placeholder(_l("Who did what the mail is about"), _given("actor")),
    "words": Placeholder(_l("What was said, on a line of its own; nothing of a confidential ticket"),
                         lambda values: values["quote"].text if values.get("quote") else "", BLOCK),
    "promise": Placeholder(_l("By when what is promised"), lambda values: values["promise"]()),
    "team.name": Placeholder(_l("The team that has it now"), _given("team")),
    "reason": Placeholder(_l("Why it waits"), lambda values: str(values["reason"].title)),
    "until": Placeholder(_l("Until when it waits"), _moment("until")),
    "deadline": Placeholder(_l("The deadline"), _moment("due")),
    "happened": Placeholder(_l("What happened to the deadline, as a sentence"), lambda values: values["sentence"]()),
    "days": Placeholder(_l("Days in which it can be opened again"), _given("reopen_days")),
    "link": Placeholder(_l("The link that works once"), _given("link"), LINK),
    "hours": Placeholder(_l("Hours in which the link works"), _given("hours")),
}
_DESK = ("desk.name", "reader.name")
_TICKET = (*_DESK, "ticket.number", "ticket.subject", "ticket.link", "requester.name", "agent.name")
_TIMER = (*_TICKET, "happened", "deadline")


class Worded(NamedTuple):
    """A message that may have other words: when it goes, and which placeholders it has."""

    title: Any
    placeholders: tuple[str, ...]


MESSAGES = {
    # Whoever wrote the mail may have written in another's name: none of the writer's words, and no name.
    "ticket_acknowledged": Worded(_l("A mail came in"), ("desk.name", "ticket.number", "ticket.link", "promise")),
    "ticket_filed_for_you": Worded(_l("Filed for somebody, to that person"), (*_DESK, "ticket.number", "ticket.link",
                                                                              "agent.name", "promise")),
    "ticket_replied": Worded(_l("Reply, to the requester"), (*_TICKET, "words", "promise")),
    "ticket_held": Worded(_l("Waiting, to the requester"), (*_TICKET, "reason", "until")),
    "ticket_reminded": Worded(_l("Reminder, to the requester"), _TICKET),
    "ticket_resolved": Worded(_l("Resolved, to the requester"), (*_TICKET, "days")),
    "ticket_reopened": Worded(_l("Opened again"), _TICKET),
    "ticket_cancelled": Worded(_l("Cancelled"), _TICKET),
    "ticket_filed": Worded(_l("New request, to the team"), (*_TICKET, "words", "promise")),
    "ticket_assigned": Worded(_l("Assigned, to the agent"), (*_TICKET, "promise")),
    "ticket_answered": Worded(_l("The requester's answer, to the agent"), (*_TICKET, "words")),
    "ticket_noted": Worded(_l("Internal note, to the staff"), (*_TICKET, "words")),
    "ticket_escalated": Worded(_l("Handed over, to the team that gets it"), (*_TICKET, "words", "team.name")),
    "ticket_handed_back": Worded(_l("Handed back, to the team that gets it"), (*_TICKET, "words", "team.name")),
    "lead_told": Worded(_l("The lead is asked"), (*_TICKET, "words")),
    "sla_warned": Worded(_l("A deadline comes nearer"), _TIMER),
    "sla_breached": Worded(_l("A deadline has passed"), _TIMER),
    "sla_overdue": Worded(_l("A deadline passed some time ago"), _TIMER),
    "head_told": Worded(_l("Escalated up the chain"), _TIMER),
    "invitation": Worded(_l("Invitation"), (*_DESK, "agent.name", "link", "hours")),
    "password_reset": Worded(_l("A new password"), (*_DESK, "link", "hours")),
}


class Filled(NamedTuple):
    """Somebody's words with everything in its place."""

    subject: str
    text: str
    html: Markup


def own(name: str, language: str) -> Wording | None:
    """The administrator's words for a message in a language, if there are any."""
    return db.session.scalar(sa.select(Wording).where(Wording.name == name, Wording.language == language))


def stored() -> dict[tuple[str, str], Wording]:
    """(message, language) -> the administrator's words."""
    return {(one.name, one.language): one for one in db.session.scalars(sa.select(Wording))}


def wrong_with(name: str, subject: str, body: str) -> tuple[list[str], list[str]]:
    """What keeps these words from being sent: of the subject, of the text."""
    lines = [key for key in MESSAGES[name].placeholders if PLACEHOLDERS[key].kind == LINE]
    alone = [_("{words} stands on a line of its own.") for line in body.splitlines()
             if "{words}" in line and line.strip() != "{words}"]
    return _unknown(subject, lines), [*_unknown(body, MESSAGES[name].placeholders), *alone[:1]]


def _unknown(text: str, known: Any) -> list[str]:
    return [_("There is no placeholder {%(name)s} here.", name=name) for name in placeholders.unknown(text, known)]


def fill(name: str, subject: str, body: str, values: dict[str, Any]) -> Filled:
    """The words with what stands for their placeholders; those that the message does not have stay as they are."""
    known = {key: PLACEHOLDERS[key] for key in MESSAGES[name].placeholders}
    said = {key: _clean(one, values) for key, one in known.items() if f"{{{key}}}" in subject + body}
    return Filled(_put(subject, said), _put(body, said), _drawn(body, known, said, values))


def _clean(placeholder: Placeholder, values: dict[str, Any]) -> str:
    said = placeholder.value(values)
    return said if placeholder.kind == BLOCK else markup.clean_line(said)


def _put(text: str, said: dict[str, str]) -> str:
    return placeholders.put(text, said.get)


def _drawn(body: str, known: dict[str, Placeholder], said: dict[str, str], values: dict[str, Any]) -> Markup:
    """As HTML. The block is put in after the rest was drawn: nothing in it can reach the words around it."""
    place = f"jardam{secrets.token_hex(16)}"
    plain = {key: _as_plain(known[key], text) for key, text in said.items()}
    if "words" in said:
        plain["words"] = f"\n\n{place}\n\n" if said["words"] else ""
    drawn = markup.render(_put(body, plain))
    quote = Markup("<blockquote{}>{}</blockquote>").format(values["look"]("quote"), values["quote"].html) \
        if said.get("words") else ""
    return Markup(drawn.replace(f"<p>{place}</p>", quote).replace(place, ""))  # noqa: S704 - both were cleaned


def _as_plain(placeholder: Placeholder, text: str) -> str:
    """What Markdown takes for nothing but text; a link as a link."""
    return f"<{text}>" if placeholder.kind == LINK and text else PUNCTUATION.sub(r"\\\1", text)


def change(name: str, language: str, subject: str, body: str, by: Any, now: datetime) -> None:
    """From now on these words; the old ones stay in the event. The caller commits."""
    wording = own(name, language)
    before = (wording.subject, wording.body) if wording is not None else ("", "")
    if wording is None:
        wording = Wording(name=name, language=language)
        db.session.add(wording)
    if before == (subject, body):
        return
    wording.subject, wording.body, wording.changed_at = subject, body, now
    record("wording.changed", wording, by, now, **_about(name, language),
           changes={"subject": [before[0], subject], "body": [before[1], body]})


def restore(wording: Wording, by: Any, now: datetime) -> None:
    """Back to the words that come with the desk. The caller commits."""
    record("wording.restored", wording, by, now, **_about(wording.name, wording.language),
           changes={"subject": [wording.subject, ""], "body": [wording.body, ""]})
    db.session.delete(wording)


def _about(name: str, language: str) -> dict[str, str]:
    return {"message": name, "language": LANGUAGES[language]}
