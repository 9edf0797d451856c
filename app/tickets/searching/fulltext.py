"""What is sought, in the words of each engine's full text: FTS5 on SQLite, tsquery on PostgreSQL. Both are made of our
own stems alone, letters and digits, so nothing that was typed reaches a query language."""

from collections.abc import Callable, Sequence
from itertools import combinations
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import TSQUERY

from app.core.db import is_sqlite

from ..models import Ticket, TicketText
from ..models.text import fts
from .language import Sought

PUBLIC, EVERYTHING = ("public",), ("public", "internal")
MOST_CHOICES = 6
"""Of more words than these one may not be left out: there would be too many ways."""


def numbers(columns: Sequence[str], wanted: Sequence[Sequence[Sought]], unwanted: Sequence[Sought]) -> sa.Select:
    """Tickets whose words in these columns hold one of the groups of `wanted` whole and nothing `unwanted`. The select
    names the ticket's number and joins the ticket, for more conditions."""
    if is_sqlite():
        # The plus keeps SQLite from asking the full text again for each ticket.
        joined = sa.select(fts.c.rowid.label("id")).join_from(fts, Ticket, Ticket.id == _ROWID)
        return joined.where(_matches(_match(columns, wanted, unwanted)))
    joined = sa.select(Ticket.id.label("id")).join(TicketText, TicketText.ticket_id == Ticket.id)
    return joined.where(_any_group(columns, wanted), *(~_holds(columns, each) for each in unwanted))


def number_column(statement: sa.Select) -> Any:
    """By what the newest come first, so that the engine can begin there."""
    return fts.c.rowid if fts in statement.get_final_froms() else Ticket.id


def among(few: Any, columns: Sequence[str], wanted: Sequence[Sequence[Sought]],
          unwanted: Sequence[Sought]) -> sa.Select:
    """The same as `numbers` where only few tickets come into question: SQLite then reads the matches once, instead of
    looking at each ticket that matches, or asking the full text for each of the few."""
    if not is_sqlite():
        return numbers(columns, wanted, unwanted).where(few)
    matching = sa.select(fts.c.rowid).where(_matches(_match(columns, wanted, unwanted)))
    return sa.select(Ticket.id.label("id")).where(few, Ticket.id.in_(matching))


def without(columns: Sequence[str], unwanted: Sequence[Sought]) -> Any:
    """The condition that a ticket holds none of these."""
    if is_sqlite():
        match = _matches(_match(columns, [[each] for each in unwanted], []))
        return Ticket.id.not_in(sa.select(fts.c.rowid).where(match))
    held = sa.select(TicketText.ticket_id).where(sa.or_(*(_holds(columns, each) for each in unwanted)))
    return Ticket.id.not_in(held)


def groupings(wanted: Sequence[Sought]) -> list[list[Sequence[Sought]]]:
    """First all words, then all but one, then any: each is asked for only when the one before found nothing."""
    steps = [[tuple(wanted)]]
    if 2 < len(wanted) <= MOST_CHOICES:
        steps.append(list(combinations(wanted, len(wanted) - 1)))
    if len(wanted) > 1:
        steps.append([(each,) for each in wanted])
    return steps


_ROWID = sa.literal_column("+fts_tickets.rowid", sa.Integer)


def _matches(query: str) -> Any:
    return sa.literal_column("fts_tickets").bool_op("MATCH")(sa.literal(query, sa.Text))


def _match(columns: Sequence[str], wanted: Sequence[Sequence[Sought]], unwanted: Sequence[Sought]) -> str:
    """The text of an FTS5 query."""
    every = _whole(wanted, unwanted, _fts_word, " AND ", " OR ", " NOT ")
    return f"{{{' '.join(columns)}}} : ({every})"


def _fts_word(sought: Sought) -> str:
    if sought.is_phrase:
        return '"' + " ".join(sought.stems) + '"'
    return _either([f'"{each}"' for each in sought.stems], f'"{sought.beginning}"*' if sought.beginning else "", " OR ")


def _ts_word(sought: Sought) -> str:
    """The text of a tsquery for one word or phrase."""
    if sought.is_phrase:
        return " <-> ".join(f"'{each}'" for each in sought.stems)
    return _either([f"'{each}'" for each in sought.stems], f"'{sought.beginning}':*" if sought.beginning else "", " | ")


def _either(stems: list[str], beginning: str, mark: str) -> str:
    return f"({mark.join([*stems, beginning] if beginning else stems)})"


def _whole(wanted: Sequence[Sequence[Sought]], unwanted: Sequence[Sought], word: Callable[[Sought], str], and_: str,
           or_: str, not_: str) -> str:
    groups = or_.join(f"({and_.join(map(word, group))})" for group in wanted)
    return f"({groups}){not_}({or_.join(map(word, unwanted))})" if unwanted else groups


def _any_group(columns: Sequence[str], wanted: Sequence[Sequence[Sought]]) -> Any:
    if len(columns) == 1:
        return _fits(columns[0], _whole(wanted, [], _ts_word, " & ", " | ", ""))
    return sa.or_(*(sa.and_(*(_holds(columns, each) for each in group)) for group in wanted))


def _holds(columns: Sequence[str], sought: Sought) -> Any:
    return sa.or_(*(_fits(column, _ts_word(sought)) for column in columns))


def _fits(column: str, query: str) -> Any:
    return getattr(TicketText, column).bool_op("@@")(sa.cast(sa.literal(query, sa.Text), TSQUERY))
