"""A request of the web form, confirmed by whose address it is, becomes a ticket."""

from datetime import datetime

from app.accounts.customers import customer_of
from app.catalogue import queries as catalogue
from app.catalogue.models import RequestType
from app.channels.form.models import FormRequest
from app.channels.form.settings import form as settings
from app.core.errors import Conflict

from . import actions


def choosable() -> list[RequestType]:
    """What an administrator may offer outside. Nothing confidential: until it is confirmed a request waits where no
    named people guard it."""
    return [kind for kind in catalogue.on_offer() if not kind.is_confidential]


def offered() -> list[RequestType]:
    """What strangers may ask for; the first there is, where nothing was chosen."""
    kinds = choosable()
    return [kind for kind in kinds if kind.id in settings.request_types] or kinds[:1]


def choices() -> list[tuple[str, str]]:
    """The same as a list to choose from."""
    return [(str(kind.id), kind.title) for kind in offered()]


def receive(request: FormRequest, now: datetime) -> int:
    """File it for whose address it is, who becomes a customer if unknown; returns the number of the ticket."""
    requester = customer_of(request.email, request.name, now)
    kinds = offered()
    kind = next((kind for kind in kinds if kind.id == request.request_type_id), kinds[0] if kinds else None)
    if kind is None:
        raise Conflict()
    asked = actions.Request(kind, request.subject, request.body, requester, "form", format="text")
    return actions.file(asked, requester, now).number
