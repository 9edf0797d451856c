"""Finding tickets: what this person sees, newest first. Every statement starts from `queries.sees`; words of notes
count only where the person reads the notes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from markupsafe import Markup

from app.accounts.models import User
from app.core.db import db
from app.core.errors import Invalid
from app.core.paging import PAGE_SIZE, Page

from .. import queries, queues
from ..models import Ticket, TicketAccess, Watch
from . import filters, fulltext, snippets
from .language import Question, Sought


@dataclass(frozen=True)
class Found:
    """One page of what was found. `notes` are sentences about how the question was taken; `snippets` show, by number,
    where the words stand."""

    page: Page
    notes: list[str]
    snippets: dict[int, Markup]


def find(question: Question, person: User, now: datetime, mark: str | None = None, size: int = PAGE_SIZE) -> Found:
    """What fits the question and may be seen by this person. Understands everything somehow; raises Invalid only for a
    mark that nobody gave out."""
    narrowed = filters.narrow(question.filters, filters.Asker(person, now))
    ids, is_loose = _numbers(question, person, narrowed.conditions, _before(mark), size + 1)
    rows = _rows(ids[:size])
    page = Page(rows, str(ids[size - 1]) if len(ids) > size else None, is_first=not mark)
    return Found(page, [*_notes(question, is_loose), *narrowed.notes],
                 snippets.of(ids[:size], question.wanted, person) if question.wanted else {})


def _before(mark: str | None) -> int | None:
    """Below which number the page begins."""
    if not mark:
        return None
    if not (mark.isascii() and mark.isdigit() and len(mark) < 19):
        raise Invalid()
    return int(mark)


def _notes(question: Question, is_loose: bool) -> list[str]:
    notes = [_("No ticket has all the words; these have some of them.")] if is_loose else []
    notes += [_("There is no filter “%(name)s”; its words were searched for.", name=name) for name in question.strange]
    if question.is_cut:
        notes.append(_("That was a lot: only the first words and filters were searched for."))
    return notes


def _rows(ids: Sequence[int]) -> list[Any]:
    found = {row.id: row for row in db.session.scalars(queues.rows(Ticket.id.in_(ids)))} if ids else {}
    return [found[number] for number in ids if number in found]


def _numbers(question: Question, person: User, conditions: list[Any], before: int | None,
             limit: int) -> tuple[list[int], bool]:
    """Numbers, newest first, and whether words may be missing in these tickets. Only where nothing has all the words
    tickets with some of them are looked for."""
    if question.is_empty:
        return [], False
    if not question.wanted:
        return _newest(_plain(question, person, conditions, before), limit), False
    for step, groups in enumerate(fulltext.groupings(question.wanted)):
        if found := _newest(_worded(groups, question.unwanted, person, conditions, None), limit if not before else 1):
            later = before and _newest(_worded(groups, question.unwanted, person, conditions, before), limit)
            return (later if before else found), step > 0
    return [], False


def _newest(statements: list[tuple[sa.Select, Any]], limit: int) -> list[int]:
    """The highest numbers of several selects, each of which is cut by itself."""
    parts = [sa.select(each.order_by(column.desc()).limit(limit).subquery()) for each, column in statements]
    both = sa.union(*parts).subquery() if len(parts) > 1 else parts[0].subquery()
    return list(db.session.scalars(sa.select(both.c.id).order_by(both.c.id.desc()).limit(limit)))


def _plain(question: Question, person: User, conditions: list[Any],
           before: int | None) -> list[tuple[sa.Select, Any]]:
    """By filters alone, and by words that are not to be there."""
    seen = sa.select(Ticket.id.label("id")).where(queries.sees(person), *conditions,
                                                  *_below(Ticket.id, before), *_near(person))
    if not question.unwanted:
        return [(seen, Ticket.id)]
    staff = queries.reads_as_staff(person)
    return [(seen.where(~staff, fulltext.without(fulltext.PUBLIC, question.unwanted)), Ticket.id),
            (seen.where(staff, fulltext.without(fulltext.EVERYTHING, question.unwanted)), Ticket.id)]


def _worded(groups: Sequence[Sequence[Sought]], unwanted: Sequence[Sought], person: User, conditions: list[Any],
            before: int | None) -> list[tuple[sa.Select, Any]]:
    """What everybody reads who sees the ticket; and all words, where the person is its staff. A word that is not to be
    there must not stand in a note either, so the first then leaves out what the second looks at."""
    staff, about = queries.reads_as_staff(person), [queries.sees(person), *conditions]
    public = _holding(person, fulltext.PUBLIC, groups, unwanted, before).where(*about)
    internal = _holding(person, fulltext.EVERYTHING, groups, unwanted, before).where(staff, *about)
    return [(each, fulltext.number_column(each)) for each in (public.where(~staff) if unwanted else public, internal)]


def _holding(person: User, columns: Sequence[str], groups: Sequence[Sequence[Sought]], unwanted: Sequence[Sought],
             before: int | None) -> sa.Select:
    if near := _near(person):
        return fulltext.among(near[0], columns, groups, unwanted).where(*_below(Ticket.id, before))
    found = fulltext.numbers(columns, groups, unwanted)
    return found.where(*_below(fulltext.number_column(found), before))


def _below(column: Any, before: int | None) -> list[Any]:
    return [column < before] if before is not None else []


def _near(person: User) -> list[Any]:
    """For who works in no team and heads nothing: the few tickets one may see at all, by indexes. It only tells the
    planner where to begin; what is seen is said by `sees`."""
    if person.is_agent or person.is_administrator or person.is_manager:
        return []
    named = sa.select(TicketAccess.ticket_id).where(TicketAccess.user_id == person.id)
    watched = sa.select(Watch.ticket_id).where(Watch.user_id == person.id)
    own = (sa.select(Ticket.id).where(whose == person.id).correlate(None)
           for whose in (Ticket.requester_id, Ticket.filed_by_id, Ticket.assignee_id))
    return [Ticket.id.in_(sa.union(*own, watched, named))]
