"""Things tests need, filled with what does not matter."""

from typing import Any

from app.accounts.models import Team, User
from app.catalogue.models import RequestType
from app.core.db import db
from app.tickets import actions
from app.tickets.models import PendingReason, Ticket

from .people import names


def request_type(slug: str, team: Team, **about: Any) -> RequestType:
    made = RequestType(slug=slug, names=names(slug), descriptions={}, fields=about.pop("fields", []),
                       handover_fields=about.pop("handover_fields", []), authority={}, team=team, **about)
    db.session.add(made)
    db.session.flush()
    return made


def ticket(requester: User, kind: RequestType, subject: str = "Printer", body: str = "It does not print",
           at: Any = None, by: User | None = None, **about: Any) -> Ticket:
    return actions.file(actions.Request(kind, subject, body, requester, **about), by or requester, at)


def pending_reason(slug: str = "requester", pauses: bool = True, **about: Any) -> PendingReason:
    made = PendingReason(slug=slug, names=names(slug), pauses=pauses, **about)
    db.session.add(made)
    db.session.flush()
    return made
