"""The words of tickets for searching: stems, written in the transaction that says or changes something.

What everybody reads who sees a ticket (subject, answers of the form, messages) is kept apart from what only its staff
reads (notes, reasons between teams, answers at a handover). A message is appended, so that a long conversation costs no
more than a short one; a change of the subject writes all anew. `fill` is the one way to write whole tickets, whoever
made them.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.core.db import db, is_sqlite
from app.search.stems import kyrgyz_stem, stem
from app.search.text import words

from .models import Handover, Message, Ticket, TicketText
from .models.text import fts

MOST = 8000
"""Different stems of a ticket; a vector of PostgreSQL holds a megabyte. A ticket that outgrows it keeps the newest."""
AT_ONCE = 3000
"""Of one message."""
BATCH = 200
LAST_POSITION, MOST_POSITIONS = 16_000, 200
LONG = 250_000
"""Letters on SQLite, where stems are not counted."""


@dataclass(frozen=True)
class Words:
    """The stems of a ticket."""

    public: list[str]
    internal: list[str]


def stems(text: str) -> list[str]:
    """What is held of a text: its stems in order, then the Kyrgyz stems of its Cyrillic words, since nobody says in
    which language a message is."""
    found = words(text)[:LAST_POSITION]
    kept = list(dict.fromkeys(found))[:AT_ONCE]
    known = set(kept)
    in_order = [stem(word) for word in found if word in known]
    more = {kyrgyz_stem(word) for word in kept if not word.isascii()}.difference(in_order)
    return in_order + sorted(more)


def filed(event: Any, ticket: Ticket) -> None:
    """Reaction: a new ticket."""
    _write({ticket.id: _words_of([_facts(ticket)], _said([ticket.id]), [])[ticket.id]})


def said(event: Any, ticket: Ticket) -> None:
    """Reaction: somebody wrote."""
    message = db.session.get(Message, event.data["message_id"])
    if not _append(ticket.id, "internal" if message.is_note else "public", stems(message.body)):
        fill([ticket.id])


def handed_on(event: Any, ticket: Ticket) -> None:
    """Reaction: another team has it, for a reason between teams."""
    found = stems(_handover(event.data.get("reason"), event.data.get("answers")))
    if not _append(ticket.id, "internal", found):
        # The row of this hop is not written yet.
        fill([ticket.id])
        _append(ticket.id, "internal", found)


def changed(event: Any, ticket: Ticket) -> None:
    """Reaction: only the subject is searched for by its words."""
    if "subject" in event.data.get("changes", {}):
        db.session.flush()
        fill([ticket.id])


def fill(numbers: Sequence[int]) -> None:
    """Write the words of these tickets, whatever was held of them before; the caller commits."""
    for start in range(0, len(numbers), BATCH):
        batch = list(numbers[start:start + BATCH])
        facts = db.session.execute(sa.select(Ticket.id, Ticket.subject, Ticket.fields).where(Ticket.id.in_(batch)))
        hops = db.session.execute(sa.select(Handover.ticket_id, Handover.reason, Handover.answers)
                                  .where(Handover.ticket_id.in_(batch)).order_by(Handover.id))
        found = _words_of([tuple(row) for row in facts], _said(batch), [tuple(row) for row in hops])
        db.session.execute(sa.delete(TicketText).where(TicketText.ticket_id.in_(batch)))
        _write(found)


def missing() -> sa.Select:
    """The numbers of the tickets of which nothing is held, ascending."""
    held = sa.exists().where(TicketText.ticket_id == Ticket.id)
    return sa.select(Ticket.id).where(~held).order_by(Ticket.id)


def _facts(ticket: Ticket) -> tuple[int, str, dict[str, Any]]:
    return ticket.id, ticket.subject, ticket.fields


def _said(numbers: Sequence[int]) -> list[tuple[int, str, str]]:
    said = sa.select(Message.ticket_id, Message.kind, Message.body).where(Message.ticket_id.in_(numbers))
    return [tuple(row) for row in db.session.execute(said.order_by(Message.id))]


def _words_of(facts: Iterable[tuple[Any, ...]], said: Iterable[tuple[Any, ...]],
              hops: Iterable[tuple[Any, ...]]) -> dict[int, Words]:
    public: dict[int, list[str]] = defaultdict(list)
    internal: dict[int, list[str]] = defaultdict(list)
    for number, subject, fields in facts:
        public[number] += [subject, _texts(fields)]
    for number, kind, body in said:
        (internal if kind == "note" else public)[number].append(body)
    for number, reason, answers in hops:
        internal[number].append(_handover(reason, answers))
    return {number: Words(_within(public[number]), _within(internal[number])) for number in public}


def _handover(reason: str | None, answers: dict[str, Any] | None) -> str:
    return f"{reason or ''}\n{_texts(answers)}"


def _texts(answers: dict[str, Any] | None) -> str:
    return "\n".join(str(answer) for answer in (answers or {}).values() if isinstance(answer, str | int))


def _within(texts: list[str]) -> list[str]:
    """All the stems in order; of what is too much, the different ones of the subject and of what was said last."""
    every = [stems(text) for text in texts]
    if len({each for found in every for each in found}) <= MOST // 2 and sum(map(len, every)) <= LAST_POSITION:
        return [each for found in every for each in found]
    newest_first = dict.fromkeys(each for found in [every[0], *every[:0:-1]] for each in found)
    return list(newest_first)[:MOST // 2]


def _write(found: dict[int, Words]) -> None:
    """Words of tickets of which none are held."""
    if not found:
        return
    if is_sqlite():
        rows = [{"n": number, "p": " ".join(each.public), "i": " ".join(each.internal)}
                for number, each in found.items()]
        db.session.execute(sa.insert(TicketText.__table__), [{"ticket_id": number} for number in found])
        db.session.execute(_INTO_FTS, rows)
        return
    db.session.execute(sa.insert(TicketText.__table__), [
        {"ticket_id": number, "public": vector(each.public), "internal": vector(each.internal)}
        for number, each in found.items()])


_INTO_FTS = sa.text("INSERT INTO fts_tickets (rowid, public, internal) VALUES (:n, :p, :i)")


def _append(number: int, column: str, more: list[str]) -> bool:
    """Beside what is held; false if nothing is, or there is no room."""
    if not more:
        return True
    db.session.flush()
    statement = _longer_in_sqlite(column) if is_sqlite() else _longer_in_postgresql(column)
    text = " " + " ".join(more) if is_sqlite() else vector(more)
    return bool(db.session.execute(statement, {"number": number, "more": text}).rowcount)


def _longer_in_sqlite(column: str) -> Any:
    held = fts.c[column]
    return (sa.update(fts).where(fts.c.rowid == sa.bindparam("number"), sa.func.length(held) < LONG)
            .values({column: held + sa.bindparam("more", type_=sa.Text)}))


def _longer_in_postgresql(column: str) -> Any:
    table = TicketText.__table__
    more = sa.cast(sa.bindparam("more", type_=sa.Text), table.c[column].type)
    return (sa.update(table).where(table.c.ticket_id == sa.bindparam("number"),
                                   sa.func.length(table.c[column]) < MOST)
            .values({column: table.c[column].op("||")(more)}))


def vector(found: list[str]) -> str:
    """The text of a tsvector: each stem with its places."""
    places: dict[str, list[str]] = defaultdict(list)
    for place, each in enumerate(found[:LAST_POSITION], 1):
        if len(places[each]) < MOST_POSITIONS:
            places[each].append(str(place))
    return " ".join(f"'{each}':{','.join(where)}" for each, where in places.items())
