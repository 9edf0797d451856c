"""The whole mail behind a message: what its head says, all its words, its files, and the way to it as it came."""

from typing import Any

from flask import render_template, request
from flask_babel import gettext as _
from flask_login import current_user

from app.channels.email.head import MOST_BYTES, head_of, plain, words
from app.channels.email.models import InboundMail
from app.channels.email.reasons import known_loss
from app.core.access import asks
from app.core.files import size_of

from .. import bp, queries, showing
from ..models import Mailed, Message, Ticket

LONGEST = 20_000
"""Letters of one header that are shown."""


def _on(person: Any, number: int, message_id: int) -> Ticket:
    return queries.by_mail(person, number, message_id)[0]


@bp.get("/tickets/<int:number>/messages/<int:message_id>/mail")
@asks("ticket.read_notes", of=_on)
def message_mail_show(ticket):
    message = queries.by_mail(current_user, ticket.number, request.view_args["message_id"])[1]
    return render_template(
        "tickets/mail.html", ticket=ticket, message=message, seen=showing.shown(message, is_staff=True),
        parts=showing.whole(message), head=_head(message), size=size_of(message.mailed.mail.size_bytes),
        losses=known_loss(message.mailed.mail.said).splitlines(), files=showing.files(message, frozenset()))


def _head(message: Message) -> list[tuple[str, str]]:
    """What the head says, as it says so; nothing of it is proven but by what stands last."""
    mail = message.mailed.mail
    head = head_of(_beginning(mail))

    def said(name: str) -> str:
        return ", ".join(words(plain(value, LONGEST)) for value in head.fields.get(name, []))[:LONGEST]

    return [(_("Written by"), said("from")), (_("Written to"), said("to")), (_("Copy to"), said("cc")),
            (_("Answers go to"), said("reply-to")), (_("Written on"), said("date")), (_("Subject"), said("subject")),
            ("Message-ID", said("message-id")), (_("Came to"), mail.mailbox.address),
            (_("Its sender"), _proof(message.mailed))]


def _beginning(mail: InboundMail) -> bytes:
    """Empty where the bytes are gone: the page still says what is known."""
    try:
        with open(mail.file.path, "rb") as stream:
            return stream.read(MOST_BYTES)
    except OSError:
        return b""


def _proof(mailed: Mailed) -> str:
    """What the server in front of the mailbox says of the sender."""
    if mailed.proof == "proven":
        return _("Proven: the mail server vouches for it.")
    if mailed.proof == "failed":
        return _("False: the mail server says that somebody else sent it.")
    return _("Not proven: nobody vouches for it.")
