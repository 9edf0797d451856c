"""Who is away and who stands in, at any moment, from a copy that each process keeps until an absence changes."""

import secrets
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from app.core.db import db

from .absence_models import Absence, Deputy
from .models import User
from .settings import absences as settings


@dataclass(frozen=True)
class Away:
    """One absence that was not cancelled; deputies by kind of work, those whose account still works."""

    id: int
    user_id: int
    starts_at: datetime
    ends_at: datetime
    deputies: dict[str, int]

    def holds(self, at: datetime) -> bool:
        return self.starts_at <= at < self.ends_at


@dataclass(frozen=True)
class Calendar:
    """All absences of the desk, past ones too; good while the settings name the same edition."""

    word: str
    of_person: dict[int, list[Away]]
    by_deputy: dict[tuple[int, str], list[Away]]

    def away(self, user_id: int, at: datetime) -> Away | None:
        return next((one for one in self.of_person.get(user_id, ()) if one.holds(at)), None)

    def deputy_of(self, user_id: int, kind: str, at: datetime) -> int | None:
        asked, absence = {user_id}, self.away(user_id, at)
        while absence is not None:
            deputy_id = absence.deputies.get(kind)
            if deputy_id is None or deputy_id in asked:
                return None
            asked.add(deputy_id)
            absence = self.away(deputy_id, at)
            if absence is None:
                return deputy_id
        return None


_calendar = Calendar("", {}, {})


def calendar() -> Calendar:
    """The copy of this process, read anew when an absence has changed anywhere."""
    global _calendar
    with db.session.no_autoflush:
        word = settings.edition
        if _calendar.word != word:
            _calendar = _read(word)
    return _calendar


def renew() -> None:
    """Every process reads its copy anew after the commit. Those who change absences come one after another from here
    on: the row of the setting is theirs until they commit."""
    settings.change(edition=secrets.token_hex(8))
    db.session.flush()


def away(user_id: int, at: datetime) -> Away | None:
    """The absence of a person that holds at a moment."""
    return calendar().away(user_id, at)


def is_absent(user_id: int, at: datetime) -> bool:
    """Whether somebody has announced to be away then."""
    return away(user_id, at) is not None


def deputy_of(user_id: int, kind: str, at: datetime) -> int | None:
    """Who stands in at a moment for a kind of work: tickets, approvals or escalations.

    Where the deputy is absent too, the deputy's deputy, up to somebody who is there; None where there is nobody,
    and where the person is not absent at all.
    """
    return calendar().deputy_of(user_id, kind, at)


def stands_in_for(user_id: int, kind: str, at: datetime) -> list[int]:
    """Everybody for whom `deputy_of` names this person at a moment; nobody while this person is absent too."""
    held = calendar()
    if not held.by_deputy.get((user_id, kind)) or held.away(user_id, at) is not None:
        return []
    found, asked = [], [user_id]
    for deputy_id in asked:
        for absence in held.by_deputy.get((deputy_id, kind), ()):
            if absence.holds(at) and absence.user_id not in asked:
                found.append(absence.user_id)
                asked.append(absence.user_id)
    return sorted(found)


def _read(word: str) -> Calendar:
    deputies = defaultdict(dict)
    named = sa.select(Deputy.absence_id, Deputy.kind, Deputy.deputy_id).join(User, User.id == Deputy.deputy_id)
    for absence_id, kind, deputy_id in db.session.execute(named.where(User.is_active)):
        deputies[absence_id][kind] = deputy_id
    rows = db.session.execute(
        sa.select(Absence.id, Absence.user_id, Absence.starts_at, Absence.ends_at)
        .where(Absence.cancelled_at.is_(None)).order_by(Absence.starts_at, Absence.id))
    return arrange(word, [Away(*row, deputies.get(row.id, {})) for row in rows])


def arrange(word: str, listed: list[Away]) -> Calendar:
    """The copy of these absences."""
    of_person, by_deputy = defaultdict(list), defaultdict(list)
    for one in listed:
        of_person[one.user_id].append(one)
        for kind, deputy_id in one.deputies.items():
            by_deputy[deputy_id, kind].append(one)
    return Calendar(word, dict(of_person), dict(by_deputy))
