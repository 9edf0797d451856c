"""A low score with a comment on the ticket that has ended."""

from datetime import timedelta
from typing import Any

from app.accounts.models import User
from app.core import clock
from app.core.db import db
from app.tickets.models import Rating, Resolution
from app.tickets.ratings import actions, links


def plant(plants: Any, cast: dict[str, User]) -> None:
    """What the requester said of it is for the requester and the staff."""
    number = plants.tickets["ended"]
    resolution, now = db.session.query(Resolution).filter_by(ticket_id=number).one(), clock.now()
    rating = Rating(ticket_id=number, resolution_id=resolution.id, team_id=resolution.team_id,
                    agent_id=resolution.by_id, asked_at=now, expires_at=now + timedelta(days=1))
    db.session.add(rating)
    db.session.flush()
    actions.give(rating, 1, plants.said("ended", "rating"), "mail", now)
    plants.things |= {"ended-link": {"token": links.token_of(rating.id)}, "ended-rating": {"rating_id": rating.id}}
