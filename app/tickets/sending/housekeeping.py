"""What the desk does by itself with replies that wait to leave; run by the scheduler and by whoever opens the ticket.

Each reply is a transaction of its own. A process that dies in one leaves the reply waiting, for the next.
"""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm.exc import StaleDataError

from app.accounts.models import User
from app.core import files
from app.core.db import claim, db, reading
from app.core.files import StoredFile
from app.core.i18n import desk

from ..models import Attachment, OutgoingReply
from ..models.outgoing import outgoing_files
from . import outgoing, queries

log = logging.getLogger(__name__)
KEPT = timedelta(days=2)
"""For so long it is remembered what became of a reply: a form may be sent twice, and somebody may press Undo late."""


def send_due(now: datetime) -> int:
    """Send what is due; returns how many left or came back."""
    with reading():
        ids = queries.due(now)
        db.session.rollback()
    return send_all(ids, now)


def send_all(ids: Iterable[int], now: datetime) -> int:
    return sum(_one(row_id, now) for row_id in ids)


def _one(row_id: int, now: datetime) -> bool:
    """A ticket that somebody is changing meanwhile is tried again with the next tick; a bug is written down, and the
    reply goes back to its author."""
    try:
        with force_locale(_language_of(row_id)):
            sent = outgoing.send(row_id, now)
        db.session.commit()
        return sent
    except (OperationalError, StaleDataError):
        db.session.rollback()
        return False
    except Exception:
        db.session.rollback()
        log.exception("outgoing reply %s could not be sent", row_id)
        return _failed(row_id, now)


def _language_of(row_id: int) -> str:
    author = sa.select(User.language).join(OutgoingReply, OutgoingReply.author_id == User.id)
    return db.session.scalar(author.where(OutgoingReply.id == row_id)) or desk.language


def _failed(row_id: int, now: datetime) -> bool:
    with force_locale(_language_of(row_id)):
        mine = claim(OutgoingReply, OutgoingReply.id == row_id, OutgoingReply.state == "waiting", state="sent")
        if mine:
            outgoing.give_back(row_id, _("The desk could not send it; this is our mistake."), now)
    db.session.commit()
    return mine


def forget(now: datetime) -> int:
    """Drop what has long left or was thrown away, with files that hang on nothing; what came back stays."""
    old = db.session.scalars(sa.select(OutgoingReply).where(
        OutgoingReply.state.in_(("sent", "done")), OutgoingReply.ended_at < now - KEPT).limit(500)).all()
    loose: list[StoredFile] = []
    for row in old:
        held, row.files = list(row.files), []
        db.session.delete(row)
        db.session.flush()
        loose += [file for file in held if not _hangs(file)]
    for file in loose:
        db.session.delete(file)
    db.session.commit()
    for file in loose:
        files.discard(file)
    return len(old)


def _hangs(file: StoredFile) -> bool:
    attached = sa.exists().where(Attachment.file_id == file.id)
    going_out = sa.exists().where(outgoing_files.c.file_id == file.id)
    return bool(db.session.scalar(sa.select(sa.or_(attached, going_out))))
