"""What the page of a ticket says about being told of it."""

from datetime import datetime

from flask import render_template

from app.accounts.models import User
from app.tickets import policy
from app.tickets.models import Ticket

from . import choices


def on_ticket(ticket: Ticket, viewer: User, now: datetime) -> str:
    """A button that mutes it, for whoever would be told."""
    if not (policy.takes_part(viewer, ticket) or policy.works_on(viewer, ticket) or policy.handed_over(viewer, ticket)):
        return ""
    return render_template("notifications/_mute.html", ticket=ticket, is_muted=choices.is_muted(viewer, ticket))
