"""Who did what and when, newest first. Of tickets only the kind is shown: their content is for their people."""

from typing import Any

import sqlalchemy as sa
from flask import render_template, request
from flask_babel import gettext as _

from app.accounts import queries
from app.accounts.models import User
from app.core import paging
from app.core.access import asks
from app.core.db import db
from app.core.events import KINDS, Event
from app.core.markup import clean_line
from app.tickets import timeline

from . import bp

TELLS_CONTENT = ("ticket",)


@bp.get("/admin/events")
@asks("desk.administer")
def event_list():
    kind = request.args.get("kind") if request.args.get("kind") in KINDS else ""
    actor = clean_line(request.args.get("actor", ""))[:254]
    page = paging.page(_found(kind, actor), _order(kind), request.args.get("after"))
    return render_template("admin/events.html", page=page, kind=kind, actor=actor, kinds=sorted(KINDS),
                           names=_names(page.rows), content=TELLS_CONTENT, told=_told(page.rows), plain=plain)


def _told(events: list[Event]) -> dict[int, str]:
    """What happened in sentences, but for tickets: a sentence may name what is for their people alone."""
    return timeline.sentences(event for event in events if event.subject_type not in TELLS_CONTENT)


def plain(value: Any) -> str:
    """A stored value as people write it; {'en': 'Printer'} and None are for machines."""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, dict):
        return "; ".join(f"{key}: {plain(part)}" for key, part in value.items()) or "–"
    if isinstance(value, list):
        return ", ".join(plain(part) for part in value) or "–"
    return "–" if value in (None, "") else str(value)


def _found(kind: str, actor: str) -> sa.Select:
    found = sa.select(Event)
    if kind:
        found = found.where(Event.kind == kind)
    if actor:
        named = queries.people_like(actor).with_only_columns(User.id)
        found = found.where(Event.actor_id.in_(named))
    return found


def _order(kind: str) -> list[tuple[Any, str]]:
    """Of one kind by when they happened, of all by when they were written: each is an index."""
    return [(Event.occurred_at, "desc"), (Event.id, "desc")] if kind else [(Event.id, "desc")]


def _names(events: list[Event]) -> dict[int, str]:
    """Who acted on this page, and for whom; one query."""
    ids = {event.actor_id for event in events} | {event.on_behalf_of_id for event in events}
    return dict(db.session.execute(sa.select(User.id, User.name).where(User.id.in_(ids - {None}))).all())
