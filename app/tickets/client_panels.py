"""What tickets say on the page of a client: what is open, and everything that was said, newest first, whichever ticket
it was said on; as far as the reader sees those tickets."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask import render_template, request
from sqlalchemy.orm import contains_eager, lazyload

from app.accounts.clients import Client
from app.accounts.models import User
from app.core import paging
from app.core.db import db

from . import queries, queues
from .models import Message, Ticket
from .show import dues, status_names
from .vocabulary import CHANNELS, MESSAGE_KINDS

MOST_OPEN = 50
COUNT_CAP = 1000
NEWEST_FIRST = ((Message.created_at, "desc"), (Message.id, "desc"))


def on_client(client: Client, viewer: Any, now: datetime) -> str:
    """The two lists, in a fixed number of queries."""
    theirs = sa.and_(queries.sees(viewer), client.asks(Ticket.requester_id))
    talk = _said(theirs, viewer)
    words = {"kinds": MESSAGE_KINDS, "channels": CHANNELS, "statuses": status_names(), "due": dues(now)}
    return render_template("tickets/_client.html", client=client, talk=talk, subjects=_subjects(talk),
                           open=_open(theirs), count=_count(theirs), cap=COUNT_CAP, **words)


def _open(theirs: Any) -> list[Any]:
    found = queues.rows(theirs, queries.is_active()).order_by(Ticket.queue_at, Ticket.id).limit(MOST_OPEN)
    return list(db.session.scalars(found))


def _count(theirs: Any) -> int:
    """How many tickets in all, at most so many as are counted."""
    some = sa.select(Ticket.id).where(theirs).limit(COUNT_CAP)
    return db.session.scalar(sa.select(sa.func.count()).select_from(some.subquery()))


def _said(theirs: Any, viewer: Any) -> paging.Page:
    """Notes only where the reader reads them."""
    said = (sa.select(Message).join(Ticket, Ticket.id == Message.ticket_id)
            .outerjoin(User, User.id == Message.author_id)
            .where(theirs, sa.or_(Message.kind != "note", queries.reads_as_staff(viewer)))
            .options(contains_eager(Message.author).options(lazyload(User.memberships))))
    return paging.page(said, NEWEST_FIRST, request.args.get("after"))


def _subjects(page: paging.Page) -> dict[int, str]:
    """Ticket id -> its subject, for the messages of a page."""
    ids = {message.ticket_id for message in page.rows}
    return dict(db.session.execute(sa.select(Ticket.id, Ticket.subject).where(Ticket.id.in_(ids))).all()) if ids else {}
