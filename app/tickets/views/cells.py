"""What stands in the columns of a list, for the page and for exports. A column that needs more than the row is read
in one query, and only where it is shown."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.accounts.models import Department, User
from app.core.db import db
from app.core.i18n import localized

from ..models import Tag, Ticket
from ..models.related import ticket_tags
from ..vocabulary import CHANNELS
from .offers import Offers
from .wording import lengths

Cell = Callable[[Any], str]


def cells(rows: list[Any], columns: Iterable[str], offers: Offers, reader: User, now: datetime) -> dict[str, Cell]:
    """Column -> what it says of a row. Who waits and what is due are drawn, not only said: they are not here."""
    length = lengths()
    channels = {name: str(label) for name, label in CHANNELS.items()}
    makers: dict[str, Callable[[], Cell]] = {
        "requester": lambda: lambda row: row.requester,
        "assignee": lambda: lambda row: row.assignee or "",
        "department": lambda: _departments(rows),
        "type": lambda: lambda row: offers.types[row.request_type_id].title,
        "team": lambda: lambda row: offers.teams[row.team_id].title,
        "level": lambda: lambda row: str(row.level),
        "channel": lambda: lambda row: channels.get(row.channel, row.channel),
        "tags": lambda: _tags(rows, reader),
        "age": lambda: lambda row: length((now - row.filed_at).total_seconds()),
        "activity": lambda: lambda row: length((now - row.updated_at).total_seconds()),
    }
    return {column: makers[column]() for column in columns if column in makers}


def _departments(rows: list[Any]) -> Cell:
    ids = {row.department_id for row in rows if row.department_id is not None}
    found = db.session.execute(sa.select(Department.id, Department.names).where(Department.id.in_(ids)))
    names = {one.id: localized(one.names) for one in found}
    return lambda row: names.get(row.department_id, "")


def _tags(rows: list[Any], reader: User) -> Cell:
    """Of own requests the reader learns no tags, whatever team works on them."""
    ids = [row.id for row in rows if row.requester_id != reader.id]
    names: dict[int, list[str]] = defaultdict(list)
    held = (sa.select(ticket_tags.c.ticket_id, Tag.name).join(Tag, Tag.id == ticket_tags.c.tag_id)
            .join(Ticket, Ticket.id == ticket_tags.c.ticket_id).where(Ticket.id.in_(ids)).order_by(Tag.name))
    for ticket_id, name in db.session.execute(held):
        names[ticket_id].append(name)
    return lambda row: ", ".join(names.get(row.id, ()))
