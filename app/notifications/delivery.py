"""Handlers of the outbox: an event becomes notifications and waiting mail; waiting mail is written and handed over.

Both look at what holds when they run, so that nobody is told of what is no longer theirs to see. Nothing is written
while the reading goes on, and no transaction is open while the relay is talked to.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.accounts import links
from app.accounts.absence_models import Absence
from app.accounts.models import User
from app.channels.email import return_address
from app.channels.email.envelope import Letter, Sealed, envelope
from app.channels.email.send import Route, route, write_and_send
from app.core import outbox, relay
from app.core.db import db, reading
from app.core.events import Event
from app.core.outbox import OutboxRow
from app.kb.models import Article
from app.tickets.models import KnownIssue, Ticket

from . import bundles, choices, messages, rhythm
from .audience import audience_of, name_of, named_in, place_of, told_in_words
from .models import Notification
from .timing import Waiting, waiting
from .topics import APP, CHANNELS, MAIL, NEVER, TOPICS, topic_of

SUBJECTS = {"ticket": Ticket, "user": User, "absence": Absence, "article": Article, "known_issue": KnownIssue}
ASKED_AGAIN = ("article", "known_issue")
"""Subjects of which a mail goes only to whom they still concern; of an absence a former deputy is told too."""
PURPOSES = {"invitation": "invitation", "password_reset": "reset"}
"""Audience -> purpose of the link that its message carries."""


@dataclass(frozen=True)
class Told:
    """One way in which one person is told; what is gathered, in the mail of a later moment."""

    user_id: int
    channel: str
    ticket_id: int | None = None
    waiting: Waiting | None = None
    not_before: datetime | None = None


def notify(row: OutboxRow, now: datetime) -> None:
    """Tell everybody whom the event concerns, in the ways they chose, by mail where mail can go. Twice is harmless."""
    with reading():
        told = _told(row.event, now)
        db.session.rollback()
    event = db.session.get(Event, row.event.id)
    known = db.session.execute(sa.select(Notification.user_id, Notification.channel)
                               .where(Notification.event_id == event.id)).all()
    # In the order in which bundles are to be locked.
    for one in sorted(told, key=lambda one: one.user_id):
        if (one.user_id, one.channel) not in known:
            _tell(one, event, now)


def _told(event: Event, now: datetime) -> list[Told]:
    subject = db.session.get(SUBJECTS[event.subject_type], event.subject_id)
    if subject is None:
        return []
    told_of = _told_of_ticket if event.subject_type == "ticket" else _told_by_mail
    return told_of(event, subject, now)


def _told_by_mail(event: Event, subject: Any, now: datetime) -> list[Told]:
    """Of what is no ticket: no list on the desk and no bundle holds it, so its mail itself waits for a calm moment."""
    people = audience_of(event, subject)
    wishes, told = choices.wishes_of(people), []
    for person in people:
        topic = topic_of(event, person)
        calm = now if topic.passes else rhythm.calm(person, wishes.rhythm(person), now)
        if wishes.way(person, topic, MAIL) != NEVER and gets_mail(person, event):
            told.append(Told(person.id, MAIL, not_before=calm if calm > now else None))
    return told


def _told_of_ticket(event: Event, ticket: Ticket, now: datetime) -> list[Told]:
    people = [(person, place) for person in audience_of(event, ticket)
              if (place := place_of(person, event, ticket)) is not None]
    wishes = choices.wishes_of([person for person, _place in people], {place for _person, place in people})
    in_words, named = told_in_words(event, ticket), named_in(event)
    told = []
    for person, place in people:
        topic = topic_of(event, person, place)
        ways = [channel for channel in CHANNELS if wishes.wants(person, topic, channel, place)
                and not (person.id in named and wishes.wants(person, TOPICS["mentions"], channel, place))]
        told += [Told(person.id, APP, place.id)] * (APP in ways)
        if MAIL in ways and person.id not in in_words and gets_mail(person, event):
            told.append(Told(person.id, MAIL, place.id, waiting(person, event, place, topic, wishes, now)))
    return told


def gets_mail(person: User, event: Event) -> bool:
    """Whether mail of this reaches the person: of a flood none goes out, and to an address from which all comes back
    only what may let its owner sign in again."""
    reaches = person.bounced_at is None or name_of(event) in PURPOSES
    is_braked = "is_unmailed" in event.data or event.data.get("unmailed_to") == person.id
    return reaches and not is_braked and can_be_mailed(person)


def can_be_mailed(person: User | None) -> bool:
    """Whether mail can leave the desk and has somewhere to go: people made by an import have no address, and mail to a
    mailbox of the desk would come back."""
    return person is not None and person.is_active and relay.is_set() and bool(person.email) \
        and not person.email.endswith(".invalid") and not return_address.is_own(person.email)


def _tell(one: Told, event: Event, now: datetime) -> None:
    waits = one.waiting
    db.session.add(Notification(event_id=event.id, user_id=one.user_id, channel=one.channel,
                                ticket_id=one.ticket_id, created_at=now,
                                bundle_id=bundles.gather(one.user_id, waits.until, waits.bundle) if waits else None))
    if one.channel == MAIL and waits is None:
        outbox.enqueue("mail", lane=_lane(one, event), key=f"mail:{event.id}:{one.user_id}", event=event,
                       at=one.not_before, user_id=one.user_id)


def _lane(one: Told, event: Event) -> str:
    """A lane of its own: while a relay is down the desk's own notifications go on. Mail about a ticket goes in order,
    to whom it may be; what is no ticket may wait for the calm of one reader, and holds up no other."""
    lane = f"mail:{event.subject_type}:{event.subject_id}"
    return lane if event.subject_type == "ticket" else f"{lane}:{one.user_id}"


def mail(row: OutboxRow, now: datetime) -> None:
    """Write the mail to one person and hand it to the relay; nothing goes to who has lost sight of the ticket."""
    write_and_send(_written, row, _link(row, now), now=now)


def _link(row: OutboxRow, now: datetime) -> str:
    """A link that works once, committed before it leaves; '' for what carries none."""
    purpose = PURPOSES.get(name_of(row.event))
    person = db.session.get(User, row.payload["user_id"]) if purpose is not None else None
    if person is None:
        return ""
    link = links.make(person, purpose, now)
    db.session.commit()
    return link


def _written(row: OutboxRow, link: str, now: datetime) -> tuple[Sealed, Route] | None:
    person = recipient(row)
    letter = letter_of(person, row.event, link) if person is not None else None
    if letter is None:
        return None
    # A new link makes another mail of it: with the same Message-ID readers would keep the first, whose link is void.
    # Of others the event says to whom an answer goes, also when the row is forgotten.
    reference = f"{row.id}.{row.attempts}" if link else f"{row.id}.e{row.event_id}"
    return envelope(letter, (person.name, person.email), reference, now), route()


def recipient(row: OutboxRow) -> User | None:
    """Whom a row's mail is for, if mail can go there. Raises OSError while there is no relay: it waits for one."""
    if not relay.is_set():
        raise OSError("no relay is set")
    person = db.session.get(User, row.payload["user_id"])
    is_account = row.event_id is not None and name_of(row.event) in PURPOSES
    return person if can_be_mailed(person) and (person.bounced_at is None or is_account) else None


def letter_of(person: User, event: Event, link: str = "") -> Letter | None:
    """What the person reads of one event; None for what is gone, or no longer theirs to see."""
    about = link or _as_known(person, event)
    return messages.MESSAGES[name_of(event)](person, about, event) if about is not None else None


def _as_known(person: User, event: Event) -> Any:
    """What the event is about, as this person may know of it now; None if not at all."""
    subject = db.session.get(SUBJECTS[event.subject_type], event.subject_id)
    if subject is not None and event.subject_type == "ticket":
        return place_of(person, event, subject)
    if subject is not None and event.subject_type in ASKED_AGAIN and person not in audience_of(event, subject):
        return None
    return subject
