"""What the page of a ticket says of satisfaction: the question to whoever asked, the answer to the staff."""

from datetime import datetime
from typing import Any

from flask import render_template

from app.core.policy import may

from ..models import Ticket
from . import queries
from .forms import RatingForm
from .vocabulary import SCORES


def on_ticket(ticket: Ticket, viewer: Any, now: datetime) -> str:
    """Silent where nobody was asked; never a score chosen beforehand."""
    if ticket.status not in ("resolved", "closed"):
        return ""
    rating = queries.of_ticket(ticket)
    if rating is None:
        return ""
    if may(viewer, "ticket.rate", ticket):
        return render_template("tickets/_rating_panel.html", ticket=ticket, rating=rating, scores=SCORES,
                               form=RatingForm(formdata=None), is_open=now < rating.expires_at)
    if rating.score is None or not may(viewer, "ticket.read_notes", ticket):
        return ""
    return render_template("tickets/_rating_given.html", rating=rating, scores=SCORES)
