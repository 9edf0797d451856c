"""Whom an event concerns, and whether that person may know of it. The catalogues name an audience, here it is found."""

from collections.abc import Callable, Iterable
from typing import Any

import sqlalchemy as sa

from app.accounts.absence_models import Absence
from app.accounts.models import User
from app.automation import chain, telling
from app.automation.chain import Told
from app.core.db import db
from app.core.events import KINDS, Event
from app.kb import policy as articles
from app.kb.models import Article
from app.tickets import policy, queries
from app.tickets.models import Affected, Handover, Mention, Message, Rating, Ticket, Watch


def team(team_id: int | None) -> list[User]:
    """The active members of a team."""
    return queries.members(team_id) if team_id is not None else []


def in_charge(event: Event, ticket: Ticket) -> list[User]:
    """The assignee, or who stands in while that one is away; while there is none who works here, the whole team."""
    if ticket.assignee is not None and ticket.assignee.is_active:
        return [chain.stand_in(ticket.assignee, "tickets", event.recorded_at, chain.may_know(ticket)).person]
    return team(ticket.team_id)


def outside(ticket: Ticket) -> list[User]:
    """The requester and whoever follows the ticket."""
    watching = sa.select(Watch.user_id).where(Watch.ticket_id == ticket.id)
    return _people(sa.or_(User.id == ticket.requester_id, User.id.in_(watching)))


def note_writers(ticket: Ticket) -> list[User]:
    writing = sa.select(Message.author_id).where(Message.ticket_id == ticket.id, Message.kind == "note")
    return _people(User.id.in_(writing))


def requesters_of_duplicates(ticket: Ticket) -> list[User]:
    """Those whose own tickets were merged into this one, directly or by way of another."""
    return _people(User.id.in_(sa.select(Ticket.requester_id).where(Ticket.id.in_(_duplicates(ticket)))))


def _duplicates(ticket: Ticket) -> sa.Select:
    merged = sa.select(Ticket.id).where(Ticket.merged_into_id == ticket.id).cte("merged", recursive=True)
    merged = merged.union(sa.select(Ticket.id).where(Ticket.merged_into_id == merged.c.id))
    return sa.select(merged.c.id)


def _people(condition: Any) -> list[User]:
    return list(db.session.scalars(sa.select(User).where(condition, User.is_active).order_by(User.id)))


def _filed(event: Event, ticket: Ticket) -> list[User]:
    """The requester, and the team where it waits: not one to which it has moved on, that is told of the move."""
    waits = ticket.assignee_id is None and ticket.team_id == _became(event, "team_id")
    return [ticket.requester, *(team(ticket.team_id) if waits else [])]


def _assigned(event: Event, ticket: Ticket) -> list[User]:
    return _people(User.id == _became(event, "assignee_id"))


def _arrived(event: Event, ticket: Ticket) -> list[User]:
    return team(_became(event, "team_id"))


def _handed_back(event: Event, ticket: Ticket) -> list[User]:
    escalation = (sa.select(Handover.by_id).where(Handover.ticket_id == ticket.id, Handover.kind == "escalation")
                  .where(Handover.at <= event.occurred_at).order_by(Handover.id.desc()).limit(1))
    return [*_arrived(event, ticket), *_people(User.id == escalation.scalar_subquery())]


def _lead_told(event: Event, ticket: Ticket) -> list[Told]:
    """By hand, with a reason that only agents read."""
    return _leads_of(ticket.team_id, event, ticket)


def _rated_low(event: Event, ticket: Ticket) -> list[Told]:
    """The leads of the team that solved it, wherever the ticket is now: they see to it."""
    rating = db.session.get(Rating, event.data["rating_id"])
    return _leads_of(rating.team_id, event, ticket) if rating is not None else []


def _leads_of(team_id: int, event: Event, ticket: Ticket) -> list[Told]:
    return chain.reached(chain.leads(team_id), event.recorded_at, lambda person: policy.reads_notes(person, ticket))


def _deputies(event: Event, absence: Absence) -> list[User]:
    """Those who stand in now, and those who did before the change."""
    before, _after = event.data.get("changes", {}).get("deputies", ({}, {}))
    return _people(User.id.in_([*(named.deputy_id for named in absence.deputies), *before.values()]))


def _article_owner(event: Event, article: Article) -> list[User]:
    """Whose it is, or who stands in; only who may edit it."""
    if article.owner is None or not article.owner.is_active:
        return []
    told = chain.stand_in(article.owner, "tickets", event.recorded_at, lambda person: articles.writes(person, article))
    return [told.person] if articles.writes(told.person, article) else []


def _mentioned(event: Event, ticket: Ticket) -> list[User]:
    return _people(User.id.in_(_named(event)))


def named_in(event: Event) -> set[int]:
    """Who is told on their own of the message that the event brought: they are named in it."""
    if name_of(event) == "mentioned" or "message_id" not in event.data:
        return set()
    return set(db.session.scalars(_named(event)))


def _named(event: Event) -> sa.Select:
    return sa.select(Mention.user_id).where(Mention.message_id == event.data["message_id"])


def _became(event: Event, fact: str) -> Any:
    return event.data.get("changes", {}).get(fact, (None, None))[1]


def _told(event: Event, ticket: Ticket) -> list[User]:
    return [one.person for one in TOLD[name_of(event)](event, ticket)]


def _rating_asked(event: Event, ticket: Ticket) -> list[User]:
    """The requester, as long as the question is open."""
    rating = db.session.get(Rating, event.data["rating_id"])
    return [ticket.requester] if rating is not None and rating.score is None else []


TOLD: dict[str, Callable[[Event, Ticket], list[Told]]] = {
    "lead_told": _lead_told,
    "rated_low": _rated_low,
    "timers": telling.told_by,
    "head_told": lambda event, ticket: telling.told_in(event),
}
"""Audiences up the chain, in which a deputy stands in for whoever is away."""

AUDIENCES: dict[str, Callable[[Event, Any], Iterable[User]]] = {
    "filed": _filed,
    "acknowledged": lambda event, ticket: [ticket.requester],
    "assigned": _assigned,
    "replied": lambda event, ticket: outside(ticket),
    "answered": in_charge,
    "mentioned": _mentioned,
    "noted": lambda event, ticket: [*in_charge(event, ticket), *note_writers(ticket)],
    "held": lambda event, ticket: [ticket.requester],
    "reminded": lambda event, ticket: [ticket.requester],
    "escalated": _arrived,
    "handed_back": _handed_back,
    "resolved": lambda event, ticket: [*outside(ticket), *requesters_of_duplicates(ticket)],
    "rating_asked": _rating_asked,
    "not_sent": lambda event, ticket: _people(User.id == event.data["to_id"]),
    "reopened": lambda event, ticket: [*in_charge(event, ticket), *outside(ticket)],
    "cancelled": lambda event, ticket: [*outside(ticket), *in_charge(event, ticket)],
    "invitation": lambda event, user: [user],
    "password_reset": lambda event, user: [user],
    "deputies": lambda event, absence: [absence.user, *_deputies(event, absence)],
    "returned": lambda event, absence: [absence.user],
    "article_owner": _article_owner,
    "affected": lambda event, issue: _people(User.id.in_(
        sa.select(Affected.user_id).where(Affected.known_issue_id == issue.id))),
    **dict.fromkeys(TOLD, _told),
}
"""Name of an audience -> function(event, subject) -> people; some may come twice, some may not be allowed to know."""

STAFF_ONLY = frozenset({"noted", "mentioned", "escalated", "handed_back", "lead_told", "rated_low"})
"""Their messages carry what only agents read: notes and reasons given between teams."""

BEHIND_THE_DESK = frozenset({"timers", "head_told"})
"""Their messages carry times only: for anybody who sees the ticket, but not for who asked for it."""

SPOKEN = frozenset({"replied", "answered"})
"""Their messages carry what was said; a change made in the same breath needs no second mail."""


def name_of(event: Event) -> str:
    """The audience that the catalogue names for the event."""
    return KINDS[event.kind].audience


def audience_of(event: Event, subject: Any) -> list[User]:
    """Whom the event concerns: active people, each once, never who did it."""
    people = {person.id: person for person in AUDIENCES[name_of(event)](event, subject)}
    return [person for person in people.values() if person.is_active and person.id != event.actor_id]


def in_place_of(person: User, event: Event, ticket: Ticket) -> list[User]:
    """Those who are away and for whom this person is told; nobody, if the person is told for their own part too."""
    told = TOLD[name_of(event)](event, ticket) if name_of(event) in TOLD else []
    away = {one.instead_of for one in told if one.person.id == person.id}
    return [] if None in away else sorted(away, key=lambda one: one.name)


def place_of(person: User, event: Event, ticket: Ticket) -> Ticket | None:
    """The ticket under which this person may know of the event, as things stand now; None if there is none.

    That is the ticket itself; of the end of an original also the own duplicate.
    """
    if name_of(event) in STAFF_ONLY and not policy.reads_notes(person, ticket):
        return None
    if name_of(event) in BEHIND_THE_DESK and person.id == ticket.requester_id:
        return None
    statement = queries.visible_to(person).where(_places(person, event, ticket))
    return db.session.scalar(statement.order_by(Ticket.id != ticket.id, Ticket.id).limit(1))


def _places(person: User, event: Event, ticket: Ticket) -> Any:
    if name_of(event) != "resolved":
        return Ticket.id == ticket.id
    own_duplicate = sa.and_(Ticket.id.in_(_duplicates(ticket)), Ticket.requester_id == person.id)
    return sa.or_(Ticket.id == ticket.id, own_duplicate)


def told_in_words(event: Event, ticket: Ticket) -> set[int]:
    """Who already gets, as a message of its own, what was said in the same breath: a reply that resolves, say."""
    if name_of(event) in SPOKEN:
        return _heard(event)
    kinds = [kind for kind, about in KINDS.items() if about.audience in SPOKEN]
    said = db.session.scalars(sa.select(Event).where(
        Event.subject_type == event.subject_type, Event.subject_id == event.subject_id, Event.kind.in_(kinds),
        Event.occurred_at == event.occurred_at, Event.actor_id == event.actor_id))
    return {person.id for one in said for person in audience_of(one, ticket)}


def _heard(event: Event) -> set[int]:
    """Who was told by word of mouth needs no mail of the same words."""
    heard = event.data.get("heard_by_id")
    return set() if heard is None else {heard}
