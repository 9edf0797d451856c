"""What is sent with each POST of the table: what a person would send who means it."""

from typing import Any

from app.accounts.models import Team
from app.accounts.queries import team
from app.core.db import db
from app.tickets.models import Ticket

from . import (
    article_plants,
    ask_table,
    bulk_table,
    client_table,
    mail_table,
    rating_table,
    reading_plants,
    sending_table,
    telling_table,
    view_table,
    way_table,
    words_table,
    writing_table,
)
from .plants import Plants

SPOKEN = {"body": "Words"}
REASON = {"reason": "Words"}
PASSWORD = "a new and longer password"


def form_of(name: str, plants: Plants, thing: str) -> dict[str, Any]:
    """The form for a route (`endpoint` or `endpoint:variant`) and a planted thing."""
    made = FORMS.get(name, {})
    return made(plants, thing) if callable(made) else made


def _ticket(plants: Plants, thing: str) -> Ticket:
    return db.session.get(Ticket, plants.tickets[thing])


def _give(plants: Plants, thing: str) -> dict[str, Any]:
    """To somebody of the ticket's own team."""
    return {"assignee": str(_ticket(plants, thing).team.memberships[0].user_id)}


def _facts(plants: Plants, thing: str) -> dict[str, Any]:
    ticket = _ticket(plants, thing)
    return {"subject": "Other words", "kind": ticket.kind, "impact": "high", "urgency": "high",
            "request_type_id": ticket.request_type_id, "version": ticket.version}


def _split(plants: Plants, thing: str) -> dict[str, Any]:
    ticket = _ticket(plants, thing)
    said = [message.id for message in ticket.messages if message.kind == "incoming"]
    return {"messages": said, "subject": "Words", "request_type": ticket.request_type.slug}


def _card(plants: Plants, thing: str) -> dict[str, Any]:
    """A card put back where it lies."""
    ticket = _ticket(plants, {"network": "printer", "accounts": "foreign"}.get(thing, thing))
    return {"ticket": ticket.id, "to": ticket.assignee_id or "", "was": ticket.assignee_id or ""}


def _move(plants: Plants, thing: str) -> dict[str, Any]:
    other = db.session.scalar(db.select(Team.id).where(Team.level == 2, Team.id != _ticket(plants, thing).team_id))
    return {"team": other, "reason": "Words"}


FORMS: dict[str, Any] = {
    "tickets.reply_create": SPOKEN, "tickets.note_create": SPOKEN, "tickets.answer_create": SPOKEN,
    "tickets.lead_notice_create": REASON, "tickets.cancellation_create": REASON, "tickets.return_create": REASON,
    "tickets.tag_create": {"name": "word"},
    "tickets.assignment_create:give": _give, "tickets.facts_create": _facts, "tickets.move_create": _move,
    "tickets.facts_preview": _facts,
    "tickets.hold_create": {"reason": "supplier"},
    "tickets.escalation_create": lambda plants, thing: {"team": team("lab").id, "reason": "Words"},
    "tickets.watcher_create": {"person": "dastan@jardam.example"},
    "tickets.link_create": lambda plants, thing: {"number": plants.tickets["second"], "kind": "related"},
    "tickets.merge_create": lambda plants, thing: {"number": plants.tickets["second"]},
    "tickets.split_create": _split,
    "tickets.board_move": _card,
    "tickets.article_link": article_plants.slug_of,
    "tickets.ticket_look": {"request_type": "printer", "subject": reading_plants.COMMON, "body": "Words"},
    "tickets.suggestion_solve": {"request_type": "printer", "subject": "Words", "body": "Words"},
    "tickets.ticket_create": {"request_type": "printer", "subject": "Words", "body": "Words"},
    "tickets.ticket_create:behalf": {"request_type": "printer", "subject": "Words", "body": "Words", "channel": "phone",
                                     "impact": "low", "urgency": "low", "person": "dastan@jardam.example"},
    "accounts.session_create": {"email": "aigul@jardam.example", "password": "wrong"},
    "accounts.language_change": {"language": "ru"},
    "accounts.password_ask": {"email": "aigul@jardam.example"},
    "accounts.password_set": {"password": PASSWORD, "again": PASSWORD},
    "accounts.password_change": {"old": "wrong", "password": PASSWORD, "again": PASSWORD},
    "accounts.profile_change": {"name": "Another name", "language": "ky", "time_zone": "Europe/Moscow"},
    "kb.vote_create": {"helpful": "no"},
    "kb.settlement_create": reading_plants.vote_of,
    "notifications.notification_read_all": {"up_to": "1000000"},
    **writing_table.FORMS, **rating_table.FORMS, **sending_table.FORMS,
    **bulk_table.FORMS, **telling_table.FORMS, **client_table.FORMS, **way_table.FORMS,
    **view_table.FORMS, **mail_table.FORMS, **ask_table.FORMS, **words_table.FORMS,
}
