"""Who and what imported tickets need on the desk: teams, request type, reasons, requester, agents. Made if missing."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from app.accounts.models import Team, User
from app.calendars.actions import Hours
from app.catalogue.models import RequestType
from app.core.db import db, reading
from app.core.events import history
from app.sla.actions import Promised
from app.sla.book import FixedBook, live_book
from app.sla.models import SlaPolicy
from app.tickets.models import PendingReason
from app.tickets.settings import priority_of
from app.tickets.vocabulary import PRIORITIES

from . import promises
from .chronicle import Chronicle, Place
from .mapping import Mapping, TeamWanted
from .piece import MappingError


@dataclass(frozen=True)
class Cast:
    """Ids of what the mapping names."""

    facts: dict[str, object]
    """The facts every ticket is filed with."""
    places: tuple[Place, ...]
    people: dict[str, int]

    def chronicle(self, mapping: Mapping, ref: str) -> Chronicle:
        """An empty past for one case."""
        about = {"subject": mapping.subject.format(case=ref)[:200], "origin": mapping.source, "source_ref": ref,
                 "fields": {}, "is_confidential": False}
        return Chronicle(dict(self.facts), about)


def gather(mapping: Mapping, names: Iterable[str], now: datetime) -> Cast:
    """Find or make everything; the caller commits. Raises MappingError where the desk has something else by a name."""
    _promise(mapping, now)
    teams = [_team(wanted) for wanted in mapping.teams]
    kind = _request_type(mapping, teams)
    for wanted in mapping.reasons.values():
        if db.session.get(PendingReason, wanted.slug) is None:
            db.session.add(PendingReason(slug=wanted.slug, names=wanted.names, pauses=wanted.pauses, is_active=False,
                                         position=1000))
    requester = _people(mapping, [mapping.requester])[mapping.requester]
    people = _people(mapping, names)
    places = tuple(Place(team.id, team.level) for team in teams)
    return Cast(_facts(mapping, kind, places[0], requester), places, people)


def _promise(mapping: Mapping, now: datetime) -> None:
    """The calendar and the policy; an existing one of the name is used as it stands."""
    wanted, promised = mapping.calendar, mapping.policy
    since = datetime.combine(promised.since, time.min, ZoneInfo(wanted.zone))
    with history():
        hours = Hours(wanted.zone, wanted.week, valid_from=since)
        calendar = promises.calendar(wanted.slug, wanted.names, hours, now)
        targets = {priority: {"resolution": promised.resolution_seconds} for priority in PRIORITIES}
        promises.policy(promised.slug, promised.names, Promised(calendar, targets, actions=(), valid_from=since), now)


def book(mapping: Mapping) -> FixedBook:
    """The policy under which every clock of the import is computed, whatever the rules of the desk say."""
    with reading():
        policy = db.session.scalars(sa.select(SlaPolicy).where(SlaPolicy.slug == mapping.policy.slug)).one()
        fixed = FixedBook(policy.id, live_book())
        db.session.rollback()
    return fixed


def _facts(mapping: Mapping, kind: RequestType, landing: Place, requester_id: int) -> dict[str, object]:
    return {
        "status": "new", "priority": priority_of(kind.impact, kind.urgency), "impact": kind.impact,
        "urgency": kind.urgency, "kind": kind.kind, "request_type_id": kind.id, "team_id": landing.team_id,
        "level": landing.level, "assignee_id": None, "requester_id": requester_id, "department_id": None,
        "is_from_customer": False, "channel": mapping.channel,
    }


def _team(wanted: TeamWanted) -> Team:
    """Not active when made: its history can be read, and no new request lands there by itself."""
    team = db.session.scalar(sa.select(Team).where(Team.slug == wanted.slug))
    if team is None:
        team = Team(slug=wanted.slug, names=wanted.names, level=wanted.level, is_active=False)
        db.session.add(team)
        db.session.flush()
    if team.level != wanted.level:
        raise MappingError(f"teams: {wanted.slug} stands on level {team.level} of this desk, not on {wanted.level}")
    return team


def _request_type(mapping: Mapping, teams: list[Team]) -> RequestType:
    wanted = mapping.request_type
    kind = db.session.scalar(sa.select(RequestType).where(RequestType.slug == wanted.slug))
    if kind is None:
        kind = RequestType(slug=wanted.slug, names=wanted.names, kind=wanted.kind, impact=wanted.impact,
                           urgency=wanted.urgency, team_id=teams[0].id, level2_team_id=teams[1].id, is_active=False,
                           position=1000)
        db.session.add(kind)
        db.session.flush()
    return kind


def _people(mapping: Mapping, names: Iterable[str]) -> dict[str, int]:
    """Name -> user id. They have no password and belong to no team: nobody signs in, nothing is mailed to them."""
    emails = {name: address(mapping.source, name) for name in names if name}
    known = _known(list(emails.values()))
    fresh = [User(name=name, email=email) for name, email in emails.items() if email not in known]
    db.session.add_all(fresh)
    db.session.flush()
    known |= {user.email: user.id for user in fresh}
    return {name: known[email] for name, email in emails.items()}


def _known(emails: list[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for start in range(0, len(emails), 500):
        statement = sa.select(User.email, User.id).where(User.email.in_(emails[start:start + 500]))
        found |= dict(db.session.execute(statement).all())
    return found


def address(source: str, name: str) -> str:
    """An address that says who it is and that no mail can reach (RFC 2606); the same name gives the same one.

    What folding to plain letters loses (Åse, ase) a few digits of a hash keep apart.
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:40]
    if name != slug.capitalize():
        slug = "-".join(filter(None, [slug, hashlib.sha256(name.encode()).hexdigest()[:8]]))
    return f"{slug}@{source}.invalid"
