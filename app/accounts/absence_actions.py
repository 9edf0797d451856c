"""Announcing, changing and ending absences. The caller commits.

Each verb begins with `absences.renew`: from there on those who change absences come one after another, so that two
plans that are harmless alone cannot close a circle together. It ends with it too, so that no copy lacks what was done.
"""

from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from app.core.db import db
from app.core.edits import Facts, changes
from app.core.errors import Conflict, Invalid
from app.core.events import record

from . import absences
from .absence_checks import Plan, problems, zone_of
from .absence_models import Absence, Deputy
from .models import User

TOLD = ("starts_on", "ends_on", "order_number", "passes_tickets", "deputies")
"""What events say of an absence. Why somebody is away is nobody's for ever, so reason and note stay out of them."""


def facts_of(absence: Absence) -> Facts:
    """What its page edits."""
    return {"starts_on": absence.starts_on, "ends_on": absence.ends_on, "reason": absence.reason,
            "order_number": absence.order_number, "note": absence.note, "passes_tickets": absence.passes_tickets,
            "deputies": {named.kind: named.deputy_id for named in absence.deputies}}


def announce(plan: Plan, by: User, now: datetime) -> Absence:
    """Raises Invalid with what speaks against it."""
    absences.renew()
    _refuse(plan, now)
    absence = Absence(user=plan.person, by=by, made_at=now, deputies=[])
    _apply(absence, plan)
    db.session.add(absence)
    db.session.flush()
    record("absence.announced", absence, by, now, person=plan.person.name, **_told(facts_of(absence)))
    absences.renew()
    return absence


def change(absence: Absence, plan: Plan, by: User, now: datetime) -> None:
    """Raises Conflict for an absence that is over and Invalid with what speaks against the new plan."""
    absences.renew()
    if absence.is_over(now):
        raise Conflict(_("This absence is over."))
    _refuse(plan, now)
    before = facts_of(absence)
    _apply(absence, plan)
    db.session.flush()
    changed = changes(_told(before), _told(facts_of(absence)))
    if before != facts_of(absence):
        record("absence.changed", absence, by, now, person=absence.user.name, changes=changed)
        absences.renew()


def cancel(absence: Absence, by: User, now: datetime) -> None:
    """It does not take place after all; twice is harmless. Raises Conflict once it has begun."""
    absences.renew()
    if absence.cancelled_at is not None:
        return
    if absence.starts_at <= now:
        raise Conflict(_("This absence has begun; say that the person is back instead."))
    absence.cancelled_at = now
    db.session.flush()
    record("absence.cancelled", absence, by, now, person=absence.user.name)
    absences.renew()


def come_back(absence: Absence, by: User, now: datetime) -> None:
    """End it at this moment, before its time; does nothing when it is over. Raises Conflict before it has begun."""
    absences.renew()
    if absence.is_over(now):
        return
    if now <= absence.starts_at:
        raise Conflict(_("This absence has not begun; cancel it instead."))
    before = facts_of(absence)
    absence.ends_at, absence.returned_at = now, now
    absence.ends_on = now.astimezone(zone_of(absence.user)).date()
    db.session.flush()
    record("absence.ended", absence, by, now, person=absence.user.name,
           changes=changes(_told(before), _told(facts_of(absence))))
    absences.renew()


def _refuse(plan: Plan, now: datetime) -> None:
    found = problems(plan, now)
    if found:
        raise Invalid(found[0].message)


def _apply(absence: Absence, plan: Plan) -> None:
    for name in ("starts_on", "ends_on", "starts_at", "ends_at", "reason", "order_number", "note", "passes_tickets"):
        setattr(absence, name, getattr(plan, name))
    held = {named.kind: named for named in absence.deputies}
    absence.deputies = [_named(held.get(kind), kind, deputy_id) for kind, deputy_id in plan.deputies.items()]


def _named(held: Deputy | None, kind: str, deputy_id: int) -> Deputy:
    named = held or Deputy(kind=kind)
    named.deputy_id = deputy_id
    return named


def _told(facts: Facts) -> dict[str, Any]:
    return {name: facts[name].isoformat() if name.endswith("_on") else facts[name] for name in TOLD}
