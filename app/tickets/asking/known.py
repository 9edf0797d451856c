"""Troubles announced to everybody: what staff says of them, who has them too, and that they are over.

Of the ticket behind an announcement nothing is shown: only the words that the staff wrote for everybody. Who says "me
too" sees no more than before, is told of the end, and is counted.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask import render_template
from flask_babel import gettext as _

from app.accounts.models import User
from app.core.db import db
from app.core.errors import Conflict, Invalid, NotFound
from app.core.events import record
from app.core.policy import may

from ..models import Affected, KnownIssue, Ticket
from .guess import terms

MOST_SHOWN = 5
TOLD_FOR = timedelta(days=3)
"""How long those who had it read on the start page that it is over."""
MANY = 10
"""From so many people on, the impact is perhaps higher than somebody thought."""
IN_TEXT = 2
"""Common words that make a text fit; of a title one is enough."""


@dataclass(frozen=True)
class Told:
    """What is announced: titles and texts in each language."""

    titles: dict[str, str]
    texts: dict[str, str]
    expected_at: datetime | None = None
    is_for_customers: bool = False


@dataclass(frozen=True)
class Shown:
    """An announcement, and whether the reader said "me too"."""

    issue: KnownIssue
    is_mine: bool


def announce(ticket: Ticket, told: Told, by: User, at: datetime) -> KnownIssue:
    """Say it to everybody, or say it better. Raises Invalid for what must stay among few, Conflict for what is over."""
    if ticket.is_confidential:
        raise Invalid(_("A confidential ticket cannot be announced."))
    if not ticket.is_active:
        raise Conflict(_("Ticket %(number)s has ended.", number=ticket.number))
    issue = standing_of(ticket)
    if issue is None:
        issue = KnownIssue(ticket_id=ticket.id, since=at, by_id=by.id)
        ticket.known_issues.append(issue)
    issue.titles, issue.texts = told.titles, told.texts
    issue.expected_at, issue.is_for_customers = told.expected_at, told.is_for_customers
    db.session.flush()
    record("ticket.announced", ticket, by, at, known_issue_id=issue.id)
    return issue


def end(ticket: Ticket, by: User | None, at: datetime) -> None:
    """It is over: whoever has it is told. Harmless where nothing is announced."""
    issue = standing_of(ticket)
    if issue is None:
        return
    issue.ended_at = at
    record("ticket.announcement_ended", ticket, by, at, known_issue_id=issue.id)
    record("known_issue.ended", issue, by, at)


def ended(event: Any, ticket: Ticket) -> None:
    """Reaction: the ticket has ended, and with it what was announced."""
    by = db.session.get(User, event.actor_id) if event.actor_id is not None else None
    end(ticket, by, event.occurred_at)


def standing_of(ticket: Ticket) -> KnownIssue | None:
    """What is announced of a ticket now."""
    return next((issue for issue in ticket.known_issues if issue.ended_at is None), None)


def join(issue: KnownIssue, person: User, at: datetime) -> None:
    """Me too; once."""
    if db.session.get(Affected, (issue.id, person.id)) is None:
        db.session.add(Affected(known_issue_id=issue.id, user_id=person.id, since=at))


def leave(issue: KnownIssue, person: User) -> None:
    """Not me after all."""
    db.session.execute(sa.delete(Affected).where(Affected.known_issue_id == issue.id, Affected.user_id == person.id))


def to_join(person: Any, issue_id: int) -> KnownIssue:
    """What is announced to this person now. Raises NotFound for anything else."""
    found = db.session.scalar(_standing(person).where(KnownIssue.id == issue_id)) if issue_id < 2**31 else None
    if found is None:
        raise NotFound()
    return found


def _standing(person: Any) -> sa.Select:
    """Not of a ticket that has become confidential since; to customers only what is meant for them too."""
    if not person.is_authenticated:
        raise NotFound()
    told = (sa.select(KnownIssue).join(Ticket, Ticket.id == KnownIssue.ticket_id)
            .where(KnownIssue.ended_at.is_(None), ~Ticket.is_confidential))
    return told.where(KnownIssue.is_for_customers) if person.is_customer else told


def shown_to(person: User, now: datetime) -> list[Shown]:
    """What stands, the newest first, then what has ended lately for this person. One query."""
    mine = sa.exists().where(Affected.known_issue_id == KnownIssue.id, Affected.user_id == person.id)
    lately = sa.and_(KnownIssue.ended_at > now - TOLD_FOR, mine)
    statement = (sa.select(KnownIssue, mine.label("mine"))
                 .where(sa.or_(KnownIssue.id.in_(_standing(person).with_only_columns(KnownIssue.id)), lately))
                 .order_by(KnownIssue.ended_at.is_not(None), KnownIssue.since.desc(), KnownIssue.id.desc()))
    return [Shown(issue, is_mine) for issue, is_mine in db.session.execute(statement.limit(MOST_SHOWN))]


def fitting(words: str, person: User, now: datetime) -> list[Shown]:
    """Of what stands that which speaks of the words somebody types."""
    said = terms(words)
    return [one for one in shown_to(person, now) if one.issue.ended_at is None and _fits(said, one.issue)]


def _fits(said: set[str], issue: KnownIssue) -> bool:
    in_title, in_text = terms("\n".join(issue.titles.values())), terms("\n".join(issue.texts.values()))
    return bool(said & in_title) or len(said & in_text) >= IN_TEXT


def asked_already(words: str, rows: Sequence[Any]) -> list[Any]:
    """Of a person's own requests under way those of which the words speak: half of the fewer words are the same."""
    said = terms(words)
    found = []
    for row in rows:
        theirs = terms(row.subject)
        if said and theirs and 2 * len(said & theirs) >= min(len(said), len(theirs)):
            found.append(row)
    return found


def count(issue: KnownIssue) -> int:
    """How many people said "me too"."""
    return db.session.scalar(sa.select(sa.func.count()).where(Affected.known_issue_id == issue.id)) or 0


def on_ticket(ticket: Ticket, viewer: Any, now: datetime) -> str:
    """To the staff: what is announced of the ticket, and how many have it. Costs nothing where nothing is."""
    issue = standing_of(ticket)
    if issue is None or not may(viewer, "ticket.read_notes", ticket):
        return ""
    people = count(issue)
    return render_template("tickets/_announced.html", issue=issue, people=people, ticket=ticket,
                           is_grave=people >= MANY and ticket.impact != "high",
                           may_change=may(viewer, "ticket.announce", ticket))


def on_home(person: Any, viewer: Any, now: datetime) -> str:
    shown = shown_to(person, now)
    return render_template("tickets/_known_issues.html", shown=shown) if shown else ""
