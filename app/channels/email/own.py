"""The addresses of the desk itself: what comes from them is our own mail come back."""

from email.utils import parseaddr

import sqlalchemy as sa

from app.core.db import db
from app.core.relay import relay

from .models import Mailbox


def own_addresses() -> frozenset[str]:
    """Of all mailboxes, those switched off too, with their aliases; and what we send from. In lower case."""
    boxes = db.session.execute(sa.select(Mailbox.address, Mailbox.aliases)).all()
    named = [address for box, aliases in boxes for address in (box, *aliases)]
    return frozenset(address.lower() for address in (*named, parseaddr(relay.sender)[1]) if address)


def untagged(address: str) -> str:
    """The mailbox of an address: what stands behind a plus leads to the same one nearly everywhere."""
    local, _at, domain = address.rpartition("@")
    return f"{local.partition('+')[0] or local}@{domain}"


def is_among(address: str, addresses: frozenset[str]) -> bool:
    """Whether it is one of these, under any tag."""
    return address in addresses or untagged(address) in addresses
