"""A reply of the agent's that came back, and a list of a team: words for the staff."""

from datetime import timedelta

from app.core import clock
from app.core.db import db
from app.tickets.models import OutgoingReply


def plant(plants, cast) -> None:
    now = clock.now()
    row = OutgoingReply(ticket_id=plants.tickets["printer"], author_id=cast["agent"].id, body="Words", state="back",
                        created_at=now, send_at=now + timedelta(seconds=10))
    db.session.add(row)
    db.session.flush()
    plants.things["outgoing-agent"] = {"number": row.ticket_id, "reply_id": row.id}
