"""Where the words stand in what a person may read of a ticket."""

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from markupsafe import Markup, escape

from app.accounts.models import User
from app.core.db import db
from app.search.stems import kyrgyz_stem, stem
from app.search.text import WORD, fold

from .. import queries
from ..models import Message, Ticket
from .language import Sought

NEWEST = 30
"""Messages of a ticket that are looked at."""
LETTERS = 4000
"""Of a message."""
LOOKED_AT = 200_000
"""Letters of a page; what comes after is shown without."""
AROUND = 90


def of(numbers: Sequence[int], wanted: Iterable[Sought], person: User) -> dict[int, Markup]:
    """For each of these tickets the place in a message that holds most of the words; nothing where only the subject
    has them."""
    marks, best, left = Marks(wanted), {}, LOOKED_AT
    for number, body in _readable(numbers, person):
        left -= len(body)
        if left < 0:
            break
        count, snippet = marks.show(body)
        if count > best.get(number, (0, None))[0]:
            best[number] = (count, snippet)
    return {number: snippet for number, (_count, snippet) in best.items()}


def _readable(numbers: Sequence[int], person: User) -> list[Any]:
    """Messages that this person reads, notes only as staff; the newest of each ticket first, in one query."""
    if not numbers:
        return []
    staff = sa.select(Ticket.id).where(Ticket.id.in_(numbers), queries.reads_as_staff(person))
    place = sa.func.row_number().over(partition_by=Message.ticket_id, order_by=Message.id.desc()).label("place")
    body = sa.func.substr(Message.body, 1, LETTERS).label("body")
    read = sa.select(Message.ticket_id, body, place).where(
        Message.ticket_id.in_(numbers), sa.or_(Message.kind != "note", Message.ticket_id.in_(staff))).subquery()
    newest = sa.select(read.c.ticket_id, read.c.body).where(read.c.place <= NEWEST)
    return list(db.session.execute(newest.order_by(read.c.place, read.c.ticket_id)))


class Marks:
    """Finds what was sought in a text and marks it."""

    def __init__(self, wanted: Iterable[Sought]) -> None:
        wanted = list(wanted)
        self._stems = frozenset(each for sought in wanted for each in sought.stems)
        self._beginnings = tuple(sought.beginning for sought in wanted if sought.beginning)

    def show(self, text: str) -> tuple[int, Markup]:
        """How many different words the best stretch of a text holds, and that stretch, safe, the words marked."""
        text = " ".join(text.split())
        hits = [(match.start(), match.end(), held) for match in WORD.finditer(text)
                if (held := self._held(match[0])) is not None]
        if not hits:
            return 0, Markup("")
        first, count = max(((start, len({each for at, _end, each in hits if start <= at < start + 2 * AROUND}))
                            for start, _end, _held in hits[:50]), key=lambda one: one[1])
        return count, self._marked(text, max(0, first - AROUND), first + 2 * AROUND, hits)

    def _held(self, word: str) -> str | None:
        folded = fold(word)
        for each in (stem(folded), kyrgyz_stem(folded)):
            if each in self._stems:
                return each
        return next((each for each in self._beginnings if folded.startswith(each)), None)

    @staticmethod
    def _marked(text: str, start: int, end: int, hits: Iterable[tuple[int, int, str]]) -> Markup:
        start = text.find(" ", start, start + 20) + 1 if start else 0
        end = len(text) if end >= len(text) else max(text.rfind(" ", start, end), start + AROUND)
        parts, at = [Markup("… ") if start else Markup("")], start
        for since, until, _held in hits:
            if since >= at and until <= end:
                parts += [escape(text[at:since]), Markup("<mark>"), escape(text[since:until]), Markup("</mark>")]
                at = until
        return Markup("").join([*parts, escape(text[at:end]), Markup(" …") if end < len(text) else Markup("")])
