"""What hangs on a message that came by mail: how the mail looked, its files, whom it named, what it lost."""

from flask_babel import gettext as _

from app.channels.email.mail import Mail
from app.channels.email.reasons import known_loss
from app.core.db import db
from app.core.markup import clean_line, clean_text

from .. import forms
from ..models import Attachment, Mailed, Message, Ticket
from . import ccs
from .case import Case, Files

LONGEST_SUBJECT = forms.LONGEST_SUBJECT
LONGEST_BODY = forms.LONGEST_BODY


def body_of(mail: Mail) -> str:
    """The new words, as long as a message may be; the rest stands with what is folded (`hang`)."""
    return clean_text(mail.text)[:LONGEST_BODY]


def subject_of(mail: Mail, *others: str) -> str:
    """The subject of a new ticket: one line, never empty."""
    lines = (clean_line(text) for text in (*others, mail.subject, mail.text[:1000].strip().partition("\n")[0]))
    return next((line[:LONGEST_SUBJECT] for line in lines if line), None) or _("A mail without a subject")


def hang(case: Case, message: Message, ticket: Ticket, is_unsent: bool = False) -> None:
    """Keep all of the mail with its message. What could not be taken is written into the ticket."""
    mail = case.mail
    beyond = clean_text(mail.text)[LONGEST_BODY:]
    db.session.add(Mailed(
        message_id=message.id, mail_id=case.row.id, html=mail.html, folded=clean_text(f"{beyond}\n{mail.folded}"),
        folded_html=mail.folded_html, automatic=mail.automatic, is_unsent=is_unsent,
        proof="" if case.proof == "silent" else case.proof))
    attach(message, case.arrival.files)
    if not mail.automatic:
        ccs.name(case, ticket)
    note_losses(case, ticket)


def attach(message: Message, files: Files) -> None:
    """The parts, in their order; a picture keeps the name by which the mail's HTML calls it."""
    for part, file in files:
        db.session.add(Attachment(message=message, file=file, content_id=part.content_id[:255]))


def note_losses(case: Case, ticket: Ticket) -> None:
    """No part is left out in silence."""
    lost = [*case.mail.losses, *known_loss(case.row.said).splitlines()]
    if lost:
        ticket.note(_("Not all of this mail could be taken. The whole mail is kept as it came.")
                    + "\n\n" + "\n".join(f"- {clean_line(line)}" for line in lost), None, case.now)
