"""Rating, and following a low score up."""

from datetime import datetime

from flask_babel import gettext as _

from app.accounts.models import User
from app.core.db import claim, db
from app.core.errors import Conflict
from app.core.events import record

from ..models import Rating, Ticket
from .settings import ratings as settings


def give(rating: Rating, score: int, comment: str, given_by: str, now: datetime) -> None:
    """What the requester thinks; until the question runs out it may be said again. Raises Conflict after that.

    A comment once given stays where none comes: the page behind a link shows nothing that was said before.
    """
    if now >= rating.expires_at:
        raise Conflict(_("This question has run out; thank you all the same."))
    comment = comment or rating.comment
    if (rating.score, rating.comment) == (score, comment):
        return
    ticket = db.session.get_one(Ticket, rating.ticket_id)
    before, was_low = rating.score, rating.is_low
    rating.score, rating.comment, rating.given_by = score, comment, given_by
    rating.answered_at = rating.answered_at or now
    rating.is_low = score <= settings.low_score or rating.followed_up_at is not None
    record("ticket.rated", ticket, ticket.requester, now, rating_id=rating.id, score=score, before=before)
    if rating.is_low and not was_low:
        record("ticket.rated_low", ticket, ticket.requester, now, rating_id=rating.id, score=score)


def follow_up(rating: Rating, words: str, by: User, now: datetime) -> None:
    """Somebody saw to a low score. Of two who say so at once one wins; Conflict tells the other."""
    done = claim(Rating, Rating.id == rating.id, Rating.is_low, Rating.followed_up_at.is_(None),
                 followed_up_at=now, followed_up_by_id=by.id, follow_up=words)
    if not done:
        raise Conflict(_("Somebody has already seen to it."))
    record("ticket.rating_followed_up", db.session.get_one(Ticket, rating.ticket_id), by, now, rating_id=rating.id)
