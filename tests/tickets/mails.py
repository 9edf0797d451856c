"""Messages as they look that came by mail, made by hand: no mail is read here."""

import io
from itertools import count

from app.channels.email.models import InboundMail, Mailbox
from app.core import clock, files
from app.core.db import db
from app.tickets.models import Attachment, Mailed, Message

PNG = bytes.fromhex("89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
                    "0000000d49444154789c6360000000000500010d0a2db40000000049454e44ae426082")
RAW = (b"From: =?utf-8?b?0JDQudCz0YPQu9GM?= <aigul@jardam.example>\r\nTo: help@desk.example\r\n"
       b"Cc: Bakyt <b@x.example>\r\n"
       b"Date: Mon, 5 Oct 2026 10:20:00 +0600\r\nSubject: Printer\r\nMessage-ID: <first@x.example>\r\n\r\nIt prints.")
_numbers = count(1)


def mailbox(**about) -> Mailbox:
    made = Mailbox(name="Help", address=f"help{next(_numbers)}@desk.example", way="pipe", **about)
    db.session.add(made)
    db.session.flush()
    return made


def come(ticket, author, body="It prints.", kind="incoming", box=None, raw=RAW, said="", **about) -> Message:
    """A message that came by mail; `about` is what is kept of how it looked."""
    now = clock.now()
    box = box or mailbox()
    mail = InboundMail(mailbox=box, key=f"{next(_numbers):064}", file=files.store(io.BytesIO(raw), "mail.eml"),
                       size_bytes=len(raw), came_at=now, retry_at=now, state="taken", reason="joined", said=said)
    message = Message(ticket_id=ticket.id, kind=kind, author_id=author.id, channel="email", body=body, format="text",
                      created_at=now)
    db.session.add_all([mail, message])
    db.session.flush()
    message.mailed = Mailed(mail_id=mail.id, **about)
    db.session.commit()
    return message


def attach(message, content=PNG, name="plan.png", content_id="") -> int:
    kept = Attachment(message=message, file=files.store(io.BytesIO(content), name), content_id=content_id)
    db.session.add(kept)
    db.session.commit()
    return kept.id
