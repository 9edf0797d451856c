"""An organisation above the teams, people who are away, and announcements as the sweep makes them."""

from datetime import timedelta

from app.accounts import absences
from app.accounts.absence_models import Absence, Deputy
from app.core import clock
from app.core.db import db
from app.core.events import events_of, record
from tests import people


def organisation(office):
    """The service desk belongs to IT, which Chief heads, below the ministry, which Boss heads."""
    office.chief, office.boss = people.user("chief"), people.user("boss")
    office.ministry = people.department("ministry", head=office.boss)
    office.it = people.department("it", parent=office.ministry, head=office.chief)
    office.first.department = office.it
    db.session.flush()
    return office


def away(person, **deputies):
    """Somebody is absent now; `tickets=` and `escalations=` name who stands in."""
    now = clock.now()
    days = {"starts_on": now.date(), "ends_on": now.date(), "starts_at": now - timedelta(days=1),
            "ends_at": now + timedelta(days=1), "made_at": now}
    made = Absence(user_id=person.id, reason="leave", **days)
    made.deputies = [Deputy(kind=kind, deputy_id=deputy.id) for kind, deputy in deputies.items()]
    db.session.add(made)
    absences.renew()
    return made


def announce(ticket, *acts, kind="sla.breached", share=100, **about):
    """As the sweep says it: this share of the time for the resolution is used, and that is to be done."""
    asked = [{"action": act} if isinstance(act, str) else act for act in acts]
    facts = {"target": "resolution", "cycle": 1, "level": None, "due": "2026-03-04T04:00:00+00:00", "is_late": False}
    event = record(kind, ticket, share=share, actions=asked, **facts | about)
    db.session.flush()
    return event


def left_out(ticket):
    """What the desk had a reason not to do: (act, why)."""
    return [(event.data["act"], event.data["why"]) for event in events_of("ticket", ticket.id)
            if event.kind.endswith("_left_out")]


def happened(ticket, kind):
    return [event for event in events_of("ticket", ticket.id) if event.kind == kind]
