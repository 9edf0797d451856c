"""Numbers of tickets in what people write: # and a number leads to the ticket, for readers who may see it.

Whether a ticket is there at all is not told: for anybody else it stays the words that were typed. So it does in code,
in links, and in mail that came as HTML, which is shown as it came.
"""

import re
from collections.abc import Callable, Iterable
from typing import Any

import sqlalchemy as sa
from flask import url_for
from markupsafe import Markup

from app.core import markup
from app.core.db import db

from .models import Message, Ticket
from .queries import sees

NUMBER = re.compile(r"(?<![\w&#/])#([1-9][0-9]{0,17})(?!\w)")
MOST = 100
"""Different numbers looked up for one page; what is beyond stays words."""
CLOSED = ("a", "code", "pre")


def links_in(messages: Iterable[Message], person: Any) -> Callable[[Message, Markup], Markup]:
    """Puts links in the place of numbers in the HTML of these messages; one query, or none."""
    said = {message.id: _numbers(message) for message in messages}
    wanted = list(dict.fromkeys(number for numbers in said.values() for number in numbers))[:MOST]
    found = _seen(wanted, person) if wanted else {}

    def linked(message: Message, html: Markup) -> Markup:
        here = {number: found[number] for number in said.get(message.id, ()) if number in found}
        return _linked(html, here) if here else html

    return linked


def _numbers(message: Message) -> list[int]:
    if "#" not in message.body or (message.mailed is not None and message.mailed.html):
        return []
    return [int(number) for number in NUMBER.findall(message.body)]


def _seen(numbers: list[int], person: Any) -> dict[int, str]:
    """The addresses of those that this person may see."""
    kept = db.session.scalars(sa.select(Ticket.id).where(sees(person), Ticket.id.in_(numbers)))
    return {number: url_for("tickets.ticket_show", number=number) for number in kept}


def _linked(html: Markup, addresses: dict[int, str]) -> Markup:
    return markup.replaced(str(html), NUMBER, lambda number: _link(number, addresses), outside=CLOSED)


def _link(number: re.Match[str], addresses: dict[int, str]) -> str:
    address = addresses.get(int(number.group(1)))
    return f'<a href="{address}">{number.group()}</a>' if address else number.group()
