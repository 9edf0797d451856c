"""The small desk with a mailbox, and mail that comes in as it was understood."""

import io
from itertools import count
from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from app.channels.email import intake, references
from app.channels.email.mail import Address, Mail
from app.channels.email.models import InboundMail, Mailbox
from app.channels.email.settings import mail as settings
from app.core import clock, files
from app.core.db import db
from app.core.events import Event
from app.tickets.models import Message, Ticket
from tests.notifications.conftest import deliver
from tests.postbox import postbox
from tests.tickets.conftest import browser_of, small, statements

__all__ = ["browser_of", "deliver", "postbox", "small", "statements"]
DOMAIN = "desk.example"
PROVEN = {"dmarc": "pass"}
FORGED = {"dmarc": "fail"}
_numbers = count(1)


class Reader:
    """Stands where the process stands that understands mail: it has understood what the test says."""

    def __init__(self, understood):
        self.understood = understood

    def understand(self, raw, scratch, ours):
        if isinstance(self.understood, Exception):
            raise self.understood
        return self.understood


@pytest.fixture
def mailbox(small):
    made = Mailbox(name="Help", address="help@desk.example", aliases=["support@desk.example"], way="pipe",
                   trusted_hop="mx.desk.example")
    db.session.add(made)
    db.session.flush()
    return made


def keep(mailbox, raw=b"Subject: raw\r\n\r\nraw", at=None, sender="", **about) -> int:
    """A mail as it waits; returns its number."""
    now = at or clock.now()
    row = InboundMail(mailbox=mailbox, key=f"{next(_numbers):064}", file=files.store(io.BytesIO(raw), "mail.eml"),
                      size_bytes=len(raw), came_at=now, retry_at=now, sender=sender, **about)
    db.session.add(row)
    db.session.commit()
    return row.id


@pytest.fixture
def come(desk, mailbox):
    """Brings a mail in and takes it in; returns its row."""

    def taken(understood, at=None, to=None, row_id=None, **about):
        now = at or clock.now()
        mail_id = row_id or keep(to or mailbox, at=now, **about)
        db.session.commit()
        with desk.app_context():
            intake.take_in_one(mail_id, now, Reader(understood))
        db.session.expire_all()
        return db.session.get(InboundMail, mail_id)

    return taken


def mail(sender="aigul@jardam.example", **about) -> Mail:
    """A mail of somebody, with a Message-ID of its own."""
    known = {"message_id": f"m{next(_numbers)}@elsewhere.example", "subject": "Printer", "text": "It does not print",
             "to": [Address("help@desk.example")], "sender": Address(sender, "Somebody") if sender else None}
    return Mail(**known | about)


def signed(ticket, row="") -> str:
    """A Message-ID of a mail that this desk sent about the ticket; without a row, of the one that told it was filed."""
    number = ticket if isinstance(ticket, int) else ticket.id
    filed = sa.select(sa.func.min(Event.id)).where(Event.subject_type == "ticket", Event.subject_id == number)
    row = row or f"1.e{db.session.scalar(filed) or 1}"
    return references.message_id(references.reference(row, number), DOMAIN).strip("<>")


def answer(ticket, sender="aigul@jardam.example", **about) -> Mail:
    return mail(sender, **{"in_reply_to": [signed(ticket)], "subject": "Re: Printer", "text": "Still not"} | about)


def said(ticket, kind=None) -> list[Message]:
    found = sa.select(Message).where(Message.ticket_id == ticket.id).order_by(Message.id)
    return list(db.session.scalars(found if kind is None else found.where(Message.kind == kind)))


def tickets() -> list[Ticket]:
    return list(db.session.scalars(sa.select(Ticket).order_by(Ticket.id)))


@pytest.fixture
def welcome(small):
    """A desk that takes in whoever writes."""
    settings.change(unknown_senders="accept")
    db.session.commit()
    return SimpleNamespace()
