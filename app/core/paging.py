"""Keyset paging: a page costs the same wherever it stands in the list."""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa

from .db import UtcDateTime, db
from .errors import Invalid
from .markup import storable

PAGE_SIZE = 25


@dataclass(frozen=True)
class Page:
    """Rows of one page and the marks of its neighbours (None where there is none)."""

    rows: list[Any]
    after: str | None
    is_first: bool


def page(statement: sa.Select, keys: Sequence[tuple[Any, str]], mark: str | None, size: int = PAGE_SIZE) -> Page:
    """One page of an entity select, ordered by `keys`: pairs of column and 'asc' or 'desc', the last one unique.

    `mark` is the `after` of the page before. Raises Invalid for a mark that nobody gave out.
    """
    ordered = statement.order_by(*(column.desc() if way == "desc" else column.asc() for column, way in keys))
    if mark:
        ordered = ordered.where(_beyond(keys, _read(mark, keys)))
    rows = list(db.session.scalars(ordered.limit(size + 1)).unique())
    more = len(rows) > size
    last = rows[size - 1] if more else None
    return Page(rows[:size], _mark(last, keys) if more else None, is_first=not mark)


def _beyond(keys: Sequence[tuple[Any, str]], values: list[Any]) -> Any:
    """(a, b) after (x, y) spelled out, since directions may differ: a>x or (a=x and b>y)."""
    alternatives = []
    for depth, ((column, way), value) in enumerate(zip(keys, values, strict=True)):
        same = [keys[i][0] == values[i] for i in range(depth)]
        alternatives.append(sa.and_(*same, column < value if way == "desc" else column > value))
    column, way = keys[0]
    # What the alternatives imply anyway; said aloud, it lets the index begin at the mark instead of at its start.
    return sa.and_(column <= values[0] if way == "desc" else column >= values[0], sa.or_(*alternatives))


def _mark(row: Any, keys: Sequence[tuple[Any, str]]) -> str:
    values = [getattr(row, column.key) for column, _way in keys]
    text = json.dumps([v.isoformat() if isinstance(v, date) else v for v in values])
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read(mark: str, keys: Sequence[tuple[Any, str]]) -> list[Any]:
    try:
        values = json.loads(base64.urlsafe_b64decode(mark + "=" * (-len(mark) % 4)))
        return [_typed(column, value) for (column, _way), value in zip(keys, values, strict=True)]
    except (ValueError, TypeError, OverflowError, RecursionError) as error:
        raise Invalid() from error


def _typed(column: Any, value: Any) -> Any:
    if isinstance(column.type, UtcDateTime):
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is None:
            raise ValueError("naive")
        return moment.astimezone(UTC)
    if isinstance(column.type, sa.Date):
        return date.fromisoformat(value)
    if type(value) is not column.type.python_type or (isinstance(value, int) and abs(value) >= 2**63):
        raise ValueError("type")
    if isinstance(value, str) and value != storable(value):
        raise ValueError("text")
    return value
