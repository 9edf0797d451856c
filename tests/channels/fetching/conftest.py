"""Mailboxes that are fetched, and mails to lie in them."""

import secrets
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from app.channels.email import mailboxes
from app.channels.email.fetching import rounds
from app.channels.email.models import InboundMail, Mailbox
from app.core.db import db

from .dovecot import PASSWORD, dovecot, trusted

__all__ = ["dovecot", "trusted"]
NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


def mail(name, body="Hello", more=""):
    """A mail whose Message-ID is its name."""
    return (f"From: Aigul <aigul@jardam.example>\r\nTo: help@jardam.example\r\nSubject: {name}\r\n"
            f"Message-ID: <{name}@mail.example>\r\n{more}\r\n{body}\r\n").encode()


def set_up(way="imap", password=PASSWORD, **about):
    """A mailbox that takes everything that lies there."""
    made = Mailbox(name="Help", way=way, **{"aliases": [], "about": {}, "address": "help@jardam.example", **about})
    made.secrets = mailboxes.sealed({"password": password})
    db.session.add(made)
    db.session.commit()
    return made


@pytest.fixture
def user():
    """Somebody on the server with no mail yet."""
    return f"u{secrets.token_hex(4)}@jardam.example"


@pytest.fixture
def box(desk, dovecot, user):
    return set_up(host="127.0.0.1", port=dovecot.port, security="none", user=user)


def ask(box, now=NOW):
    """One round; what it brought and what was wrong."""
    box_id = box.id
    db.session.commit()
    answer = rounds.ask(box_id, now)
    db.session.refresh(box)
    return answer


def subjects():
    return list(db.session.scalars(sa.select(InboundMail.subject).order_by(InboundMail.id)))
