"""Doing one thing to several tickets, all in one transaction, and taking it back as far as nothing newer happened."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.accounts.models import User
from app.core.db import claim, db
from app.core.errors import Conflict, Invalid, NotAllowed, NotFound
from app.core.events import Event
from app.core.policy import may

from .. import policy, queries
from ..models import Ticket
from . import undoing
from .models import BulkDeed, BulkItem
from .verbs import VERBS, Order

MOST = 200
"""So many tickets in one deed."""
REFUSALS = (Invalid, Conflict, NotAllowed)
DESKS_OWN = ("sla.%", "ticket.rating_asked")
"""Events that change nothing somebody would mind to lose: an undo goes past them."""


def do(name: str, order: Order, numbers: Iterable[int], by: User, now: datetime,
       submission: str | None = None) -> BulkDeed:
    """Do it to each ticket this person sees, by its own verb and right; in the order of the numbers, so that two such
    deeds never wait for each other. What refuses is kept with its reason, the rest is done."""
    deed = BulkDeed(by_id=by.id, verb=name, submission=submission, done_at=now, missing=0)
    db.session.add(deed)
    db.session.flush()
    before = newest(numbers)
    for number in sorted(set(numbers)):
        _do_one(deed, order, number, by, now)
    db.session.flush()
    after = newest(numbers)
    for item in deed.of("done"):
        item.event_id = after.get(item.ticket_id)
        if item.event_id == before.get(item.ticket_id):
            item.state = "same"
    db.session.flush()
    return deed


def _do_one(deed: BulkDeed, order: Order, number: int, by: User, now: datetime) -> None:
    try:
        ticket = queries.by_number(by, number)
    except NotFound:
        deed.missing += 1
        return
    item = BulkItem(ticket_id=ticket.id, state="done", why="", before=_before(ticket, order, by, now))
    try:
        _try(VERBS[deed.verb], ticket, order, by, now)
    except REFUSALS as refused:
        item.state, item.why = "refused", refused.message
    deed.items.append(item)


def _try(verb: Any, ticket: Ticket, order: Order, by: User, now: datetime) -> None:
    """All of it or nothing."""
    if not may(by, verb.permission, ticket):
        raise NotAllowed(_("You cannot do this here."))
    with db.session.begin_nested():
        verb.do(ticket, order, by, now)
        db.session.flush()


def _before(ticket: Ticket, order: Order, by: User, now: datetime) -> dict[str, Any]:
    """With what an undo must know of the deed itself."""
    return {**undoing.snapshot(ticket, by), "done_at": now.isoformat(), "answered": bool(order.body),
            "reason": _("Undone: it had been moved by mistake.")}


def undo(deed: BulkDeed, by: User, now: datetime) -> bool:
    """Put back each ticket to which nothing newer happened; false if it was undone already. Raises Conflict when it is
    too late."""
    if deed.undone_at is not None:
        return False
    if not deed.can_be_undone(now):
        raise Conflict(_("This can no longer be undone."))
    if not claim(BulkDeed, BulkDeed.id == deed.id, BulkDeed.undone_at.is_(None), undone_at=now):
        return False
    db.session.refresh(deed, ["undone_at"])
    for item in deed.of("done"):
        _undo_one(deed, item, by, now)
    db.session.flush()
    return True


def _undo_one(deed: BulkDeed, item: BulkItem, by: User, now: datetime) -> None:
    ticket = db.session.scalar(sa.select(Ticket).where(Ticket.id == item.ticket_id).with_for_update(of=Ticket))
    try:
        if not _may_undo(deed, ticket, item.before, by):
            raise NotAllowed(_("You cannot do this here."))
        if (changed_by := _changed_by(item)) is not None:
            raise Conflict(_("%(name)s did something here meanwhile.", name=changed_by))
        with db.session.begin_nested():
            VERBS[deed.verb].undo(ticket, item.before, by, now)
            undoing.give_turn_back(ticket, item.before)
            db.session.flush()
        item.state, item.why = "undone", ""
    except REFUSALS as refused:
        item.state, item.why = "kept", refused.message


def _may_undo(deed: BulkDeed, ticket: Ticket, before: dict[str, Any], by: User) -> bool:
    """Whether this person has still the right by which they did it: now, or in the place from which they put the
    ticket out of their own reach. Whoever has left the team meanwhile puts nothing back."""
    if deed.verb == "watch" or before["assignee_id"] == by.id:
        return True
    if queries.is_seen(by, ticket.number) and may(by, VERBS[deed.verb].permission, ticket):
        return True
    return before["team_id"] in by.team_ids and (not ticket.is_confidential or policy.is_named(by, ticket))


def _changed_by(item: BulkItem) -> str | None:
    """Who did the newest thing since the deed; None if nothing happened."""
    newer = (sa.select(User.name).select_from(Event).outerjoin(User, User.id == Event.actor_id)
             .where(_of(Event.subject_id == item.ticket_id), Event.id > item.event_id,
                    *(~Event.kind.like(kind) for kind in DESKS_OWN))
             .order_by(Event.id.desc()).limit(1))
    found = db.session.execute(newer).first()
    return None if found is None else found.name or _("The desk itself")


def newest(numbers: Iterable[int]) -> dict[int, int]:
    """The newest event of each of these tickets, in one query."""
    statement = (sa.select(Event.subject_id, sa.func.max(Event.id))
                 .where(_of(Event.subject_id.in_(list(numbers)))).group_by(Event.subject_id))
    return dict(db.session.execute(statement).all())


def _of(condition: Any) -> Any:
    return sa.and_(Event.subject_type == "ticket", condition)


def own(person: User, deed_id: int) -> BulkDeed:
    """A deed of this very person. Raises NotFound for those of others."""
    deed = db.session.scalar(sa.select(BulkDeed).where(BulkDeed.id == deed_id, BulkDeed.by_id == person.id)) \
        if deed_id < 2**63 else None
    if deed is None:
        raise NotFound()
    return deed


def by_form(person: User, submission: str | None) -> BulkDeed | None:
    """What this very form has done already."""
    if submission is None:
        return None
    return db.session.scalar(sa.select(BulkDeed).where(BulkDeed.submission == submission, BulkDeed.by_id == person.id))


def is_same(deed: BulkDeed, name: str, numbers: Iterable[int]) -> bool:
    """Whether a form that came again means what it did: a page that came back from the browser's memory may not."""
    numbers = set(numbers)
    return deed.verb == name and len(deed.items) + deed.missing == len(numbers) \
        and all(item.ticket_id in numbers for item in deed.items)


def forget(before: datetime) -> int:
    """Deeds that nobody can take back any more; what was done stands in the events of the tickets."""
    return db.session.execute(sa.delete(BulkDeed).where(BulkDeed.done_at < before)).rowcount
