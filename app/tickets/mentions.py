"""Agents call each other in what they write: @ and an address, or @ and what stands before the @ of the address, where
that means one person among those who may read it. What is code or quoted calls nobody.

The message keeps what was typed; who is called is written with it, and the page shows the name instead.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from markupsafe import Markup, escape

from app.accounts.models import Membership, User
from app.core import markup
from app.core.db import db
from app.core.events import record

from . import policy
from .models import Mention, Message, Ticket

CALL = re.compile(r"(?<![\w.@/+%-])@(\w(?:[\w.+%-]{0,100}\w)?(?:@\w[\w-]{0,60}(?:\.[\w-]{1,60}){0,8})?)")
MOST = 20
"""People called in one message."""
LITERAL = ("code", "pre")


@dataclass
class Called:
    """Whom a message calls; `deaf` may not read it, `unclear` are words that mean several people."""

    people: dict[int, User] = field(default_factory=dict)
    deaf: dict[int, User] = field(default_factory=dict)
    unclear: list[str] = field(default_factory=list)


def written(event: Any, ticket: Ticket) -> None:
    """Reaction: somebody wrote. Whom an agent called is written down, and told."""
    message, author = db.session.get(Message, event.data["message_id"]), db.session.get(User, event.actor_id or 0)
    people = called(message, ticket, author).people
    if people:
        db.session.add_all(Mention(message_id=message.id, user_id=user_id) for user_id in people)
        record("ticket.mentioned", ticket, author, event.occurred_at, message_id=message.id,
               people=", ".join(person.name for person in people.values()))


def called(message: Message, ticket: Ticket, author: User | None) -> Called:
    """Whom this person calls by the message; only who works on the ticket calls, and only such people are called."""
    found = Called()
    if "@" not in message.body or author is None or not policy.reads_notes(author, ticket):
        return found
    words = _words(message)
    meant = _meant(words) if words else {}
    for word in words:
        _sort(found, word, [person for person in meant[word] if person.id != author.id], ticket)
    return found


def _sort(found: Called, word: str, meant: list[User], ticket: Ticket) -> None:
    reading = [person for person in meant if policy.reads_notes(person, ticket)]
    if len(reading) == 1:
        found.people[reading[0].id] = reading[0]
    elif reading or len(meant) > 1:
        found.unclear.append(word)
    elif meant and meant[0].id != ticket.requester_id:
        found.deaf[meant[0].id] = meant[0]


def _words(message: Message) -> list[str]:
    """What stands behind each @, once, in lower case."""
    if message.format == "text":
        said = [line for line in message.body.splitlines() if not line.startswith(">")]
    else:
        said = markup.said_in(message.body)
    return list(dict.fromkeys(word.lower() for run in said for word in CALL.findall(run)))[:MOST]


def _meant(words: list[str]) -> dict[str, list[User]]:
    """The active people of these addresses, and those of the staff whose address begins so."""
    staff = sa.or_(User.is_administrator, User.id.in_(sa.select(Membership.user_id)))
    begins = [User.email.startswith(f"{word}@", autoescape=True) for word in words if "@" not in word]
    condition = sa.or_(User.email.in_(words), sa.and_(staff, sa.or_(sa.false(), *begins)))
    meant: dict[str, list[User]] = defaultdict(list)
    for person in db.session.scalars(sa.select(User).where(User.is_active, condition).order_by(User.id)):
        for name in _names(person):
            meant[name].append(person)
    return meant


def _names(person: User) -> tuple[str, str]:
    """By what a person may be called."""
    return person.email, person.email.partition("@")[0]


def warnings(message: Message, ticket: Ticket, author: User) -> list[str]:
    """What to say to the author about calls that reach nobody."""
    found = called(message, ticket, author)
    deaf = [_("%(name)s does not work on this ticket, cannot read this, and was not told.", name=person.name)
            for person in found.deaf.values()]
    return deaf + [_("@%(word)s may mean several people, so nobody was told; write the whole address.", word=word)
                   for word in found.unclear]


def names_in(messages: Iterable[Message]) -> Callable[[Message, Markup], Markup]:
    """Puts names in the place of calls in the HTML of these messages; one query, or none. What came by mail stays as
    it came."""
    ids = [message.id for message in messages if "@" in message.body and message.format == "markdown"]
    names: dict[int, dict[str, str]] = defaultdict(dict)
    if ids:
        rows = db.session.execute(sa.select(Mention.message_id, User.email, User.name).join(
            User, User.id == Mention.user_id).where(Mention.message_id.in_(ids)))
        for message_id, email, name in rows:
            names[message_id] |= {email: name, email.partition("@")[0]: name}
    return lambda message, html: _named(html, names[message.id]) if message.id in names else html


def _named(html: Markup, names: dict[str, str]) -> Markup:
    return markup.replaced(str(html), CALL, lambda call: _name(call, names), outside=LITERAL)


def _name(call: re.Match[str], names: dict[str, str]) -> str:
    name = names.get(call.group(1).lower())
    return f"<mark>@{escape(name)}</mark>" if name else call.group()
