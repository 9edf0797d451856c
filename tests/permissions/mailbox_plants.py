"""A mailbox to which mail has come: where it is belongs to administrators, its secrets to nobody."""

import io

from app.channels.email import mailboxes
from app.channels.email.keep import keep
from app.channels.email.models import Mailbox
from app.core import clock
from app.core.db import db


def plant(plants, secret) -> None:
    hidden = {"client_secret": secret("mailbox", "client"), "refresh_token": secret("mailbox", "token")}
    mailbox = Mailbox(name="Help", address="help@jardam.example", way="imap", host=secret("mailbox", "host"),
                      user=secret("mailbox", "user"), sign_in="google", aliases=[], about={"client_id": "desk"},
                      secrets=mailboxes.sealed(hidden), last_error=secret("mailbox", "error"))
    db.session.add(mailbox)
    db.session.flush()
    mail = keep(io.BytesIO(b"From: zarina@jardam.example\r\n\r\nHello\r\n"), mailbox, clock.now()).mail
    mail.state, mail.reason = "dropped", "own_mail"
    plants.administrators |= {secret("mailbox", name) for name in ("host", "user", "error")}
    plants.nobodys |= {*hidden.values(), mailbox.secrets}
    plants.things["mailbox"] = {"mailbox_id": mailbox.id}
