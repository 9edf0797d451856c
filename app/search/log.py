"""The log of searches: what was asked, what was shown, what came of it. Nothing here fails or delays a request.

All is written aside (aside.py says what may be lost). A search is named by a random token that stands in the addresses
of its results: who opens one tells the token, so no script is needed and no person. Words are kept without e-mail
addresses, telephone numbers and long numbers; whose the search was is forgotten after a while (housekeeping.py).

Searches while typing are told when they have settled. One that only goes on where the one before stopped, within
EXTENDS, is the same search: it takes the row over, token included.
"""

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask import has_request_context, session
from sqlalchemy import event as sa_event

from app.core import clock
from app.core.db import db
from app.core.markup import clean_line

from .aside import aside
from .find import Results, folded
from .masks import masked
from .models import SearchEntry

LONGEST = 300
SHOWN = 50
EXTENDS = timedelta(seconds=10)
FOLLOWS = timedelta(minutes=2)
FILED_WITHIN = timedelta(minutes=30)
TOKEN = re.compile(r"[0-9a-f]{32}")
PLACES = ("page", "typing", "filing", "ticket")


def visitor() -> str:
    """A random mark of this browser's session, made on the first search; it says nothing of the person."""
    if "visitor" not in session:
        session["visitor"] = secrets.token_hex(16)
    return str(session["visitor"])


def note(asked: str, found: int, shown: Sequence[int], shown_for: str | None, place: str, language: str, person: Any,
         visitor: str | None, follows: str | None = None) -> str:
    """Remember a search and what it showed, best first; returns its token. `place` is one of PLACES, `shown_for` what
    was searched instead. Which search it rewords is found by the visitor, unless `follows` says it."""
    words = _kept(asked)
    token = secrets.token_hex(16)
    known = person is not None and person.is_authenticated
    aside.put(Noted({
        "token": token, "at": clock.now(), "place": place, "words": words, "folded": folded(words, language),
        "language": language[:2], "shown_for": _kept(shown_for) if shown_for else None, "found": found,
        "shown": list(shown[:SHOWN]), "visitor": visitor, "person_id": person.id if known else None,
        "is_staff": bool(known and (person.is_agent or person.is_administrator)),
        "follows": follows if _is_token(follows) else None,
    }))
    return token


def note_results(results: Results, place: str, language: str, person: Any, visitor: str | None,
                 follows: str | None = None) -> str:
    """The same from what app.search.find answered."""
    return note(results.asked, results.total, [hit.card.id for hit in results.hits], results.shown_for, place, language,
                person, visitor, follows)


def clicked(token: str | None, document_id: int, place: int | None, at: datetime) -> None:
    """A result was opened, the one at this place of the list, counted from 1. The first of a search counts; a token
    nobody gave out is nothing."""
    if _is_token(token):
        aside.put(Clicked(token, document_id, place, at))


def solved(token: str | None, document_id: int, at: datetime) -> None:
    """Who searched said that this document solved it."""
    if _is_token(token):
        aside.put(Solved(token, document_id, at))


def filed(event: Any, ticket: Any) -> None:
    """Reaction to a ticket: what its requester, or who filed it, searched in the half hour before led to it. It is
    written aside, once the ticket is committed. Of a confidential ticket the log learns nothing."""
    if ticket.is_confidential:
        return
    mark = session.get("visitor") if has_request_context() else None
    db.session.info.setdefault("searched", []).append(
        Filed(ticket.id, ticket.requester_id, event.actor_id, mark, event.occurred_at))


def flush() -> None:
    """Write now what waits (for tests)."""
    aside.flush()


@dataclass(frozen=True)
class Noted:
    """A search to be written."""

    values: dict[str, Any]

    def write(self) -> bool:
        before = self._before()
        if before is not None and self._extends(before):
            self._take_over(before)
        else:
            follows = self.values["follows"] or (before.token if before is not None and before.clicked_at is None
                                                 and before.words != self.values["words"] else None)
            db.session.add(SearchEntry(**self.values | {"follows": follows}))
        return True

    def _before(self) -> SearchEntry | None:
        """The last search of this browser, if it was just now."""
        mark, at = self.values["visitor"], self.values["at"]
        if mark is None:
            return None
        return db.session.scalar(
            sa.select(SearchEntry).where(SearchEntry.visitor == mark, SearchEntry.at >= at - FOLLOWS,
                                         SearchEntry.at <= at)
            .order_by(SearchEntry.at.desc(), SearchEntry.token).limit(1))

    def _extends(self, before: SearchEntry) -> bool:
        """Whether the words of the one before have only gone on, at the same place or from typing to the page."""
        return (before.at >= self.values["at"] - EXTENDS and before.place in (self.values["place"], "typing")
                and before.clicked_at is None and before.solved_at is None and before.ticket_id is None
                and self.values["words"].startswith(before.words))

    def _take_over(self, before: SearchEntry) -> None:
        taken = self.values | {"follows": self.values["follows"] or before.follows}
        db.session.execute(sa.update(SearchEntry).where(SearchEntry.token == before.token).values(**taken)
                           .execution_options(synchronize_session=False))
        db.session.expunge(before)


@dataclass(frozen=True)
class Clicked:
    """A result that was opened."""

    token: str
    document_id: int
    place: int | None
    at: datetime

    def write(self) -> bool:
        """The row may be written by another process a moment later."""
        _change(self.token, SearchEntry.clicked_at.is_(None), clicked_id=self.document_id, clicked_at=self.at,
                clicked_place=self.place)
        return _is_there(self.token)


@dataclass(frozen=True)
class Solved:
    """A document that solved what was searched for."""

    token: str
    document_id: int
    at: datetime

    def write(self) -> bool:
        _change(self.token, SearchEntry.solved_at.is_(None), solved_at=self.at, clicked_id=self.document_id,
                clicked_at=sa.func.coalesce(SearchEntry.clicked_at, self.at))
        return _is_there(self.token)


@dataclass(frozen=True)
class Filed:
    """A ticket that was filed after searching. Who files for another searched much else: of theirs only what was
    searched while filing counts."""

    ticket_id: int
    requester_id: int
    filer_id: int | None
    visitor: str | None
    at: datetime

    def write(self) -> bool:
        """Tried as often as can be: other processes may still have searches of these people to write."""
        db.session.execute(
            sa.update(SearchEntry)
            .where(self._whose(), SearchEntry.at.between(self.at - FILED_WITHIN, self.at),
                   SearchEntry.ticket_id.is_(None), SearchEntry.place != "ticket")
            .values(ticket_id=self.ticket_id).execution_options(synchronize_session=False))
        return False

    def _whose(self) -> Any:
        asked = SearchEntry.person_id == self.requester_id
        here = sa.or_(SearchEntry.person_id == self.filer_id, SearchEntry.visitor == self.visitor)
        if self.filer_id != self.requester_id:
            here = sa.and_(here, SearchEntry.place == "filing")
        return sa.or_(asked, here)


def _kept(words: str) -> str:
    return masked(clean_line(words[:4 * LONGEST]))[:LONGEST]


def _is_token(token: str | None) -> bool:
    return token is not None and TOKEN.fullmatch(token) is not None


def _change(token: str, *conditions: Any, **values: Any) -> None:
    db.session.execute(sa.update(SearchEntry).where(SearchEntry.token == token, *conditions).values(**values)
                       .execution_options(synchronize_session=False))


def _is_there(token: str) -> bool:
    return db.session.scalar(sa.select(SearchEntry.token).where(SearchEntry.token == token)) is not None


def _pass_on(session: Any) -> None:
    """What was filed in a transaction is passed on when it is committed."""
    for work in session.info.pop("searched", []):
        aside.put(work)


def _drop(session: Any) -> None:
    session.info.pop("searched", None)


sa_event.listen(db.session, "after_commit", _pass_on)
sa_event.listen(db.session, "after_rollback", _drop)
