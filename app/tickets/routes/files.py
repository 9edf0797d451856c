"""Attachments: rights of their message, always as a download unless a picture is asked for inline."""

from app.core.access import asks
from app.core.sending import sent

from .. import bp, queries


def _found(person, attachment_id: int):
    return queries.attachment(person, attachment_id)


@bp.get("/attachments/<int:attachment_id>")
@asks("ticket.read", of=_found)
def attachment_show(attachment):
    return sent(attachment.file)
