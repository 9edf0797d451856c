"""Mailboxes: which there are, to which a mail belongs, setting them up and changing them."""

import json
from datetime import datetime
from email.utils import parseaddr
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from app.accounts.models import User
from app.accounts.queries import one
from app.core import sealing
from app.core.db import db
from app.core.edits import Facts, changes
from app.core.errors import Conflict, Invalid
from app.core.events import record
from app.core.relay import relay

from . import mailbox_events as _kinds  # noqa: F401 - they belong to the catalogue
from .models import InboundMail, Mailbox
from .own import untagged

COLUMNS = ("name", "address", "aliases", "way", "is_active", "host", "port", "security", "sign_in", "user", "about",
           "folder", "afterwards", "moved_to", "team_id", "request_type_id", "trusted_hop")
PLACE = ("way", "host", "user", "folder")
"""What says which folder is read: another one is read from its beginning."""
NOWHERE = "desk@localhost"
"""The address of the pipe's mailbox while the desk does not know its own."""
HIDDEN = ["•••", "•••"]


def every() -> list[Mailbox]:
    """All mailboxes with their teams, those that are read first."""
    found = sa.select(Mailbox).options(joinedload(Mailbox.team))
    return list(db.session.scalars(found.order_by(Mailbox.is_active.desc(), Mailbox.address)))


def by_id(mailbox_id: int) -> Mailbox:
    """Raises NotFound."""
    return one(Mailbox, Mailbox.id == (mailbox_id if mailbox_id < 2**31 else 0))


def by_address(address: str) -> Mailbox | None:
    """The mailbox that has this address, or that it is an alias of, under any tag."""
    return _by_addresses([address])


def for_recipients(addresses: list[str]) -> Mailbox:
    """The mailbox of the first address that is one of ours, else the one of the pipe, made when there is none yet."""
    return _by_addresses(addresses) or _of_the_pipe() or _make_for_the_pipe()


def _by_addresses(addresses: list[str]) -> Mailbox | None:
    ours: dict[str, Mailbox] = {}
    for mailbox in db.session.scalars(sa.select(Mailbox).order_by(Mailbox.is_active.desc(), Mailbox.id)):
        for address in (mailbox.address, *mailbox.aliases):
            ours.setdefault(address.lower(), mailbox)
    named = (name for address in map(str.lower, addresses) for name in (address, untagged(address)))
    return next((ours[name] for name in named if name in ours), None)


def _of_the_pipe() -> Mailbox | None:
    found = sa.select(Mailbox).where(Mailbox.way == "pipe").order_by(Mailbox.is_active.desc(), Mailbox.id)
    return db.session.scalar(found.limit(1))


def _make_for_the_pipe() -> Mailbox:
    """Of several processes that need it first at the same moment one makes it."""
    address = _own_address()
    try:
        with db.session.begin_nested():
            db.session.add(Mailbox(name="flask mail ingest", address=address, way="pipe", aliases=[], about={}))
    except IntegrityError:
        pass
    else:
        record("mailbox.created", by_address(address), name=address)
    return by_address(address)


def _own_address() -> str:
    """The address under which the desk writes, unless it is a person's."""
    address = parseaddr(relay.sender)[1].lower()
    is_a_person = db.session.scalar(sa.select(sa.exists().where(User.email == address)))
    return NOWHERE if is_a_person or not address else address


def has_mail(mailbox: Mailbox) -> bool:
    """Whether any mail ever came: then the mailbox stays, for the mail's sake."""
    return bool(db.session.scalar(sa.select(sa.exists().where(InboundMail.mailbox_id == mailbox.id))))


def facts(mailbox: Mailbox) -> Facts:
    """What an administrator may change; secrets are not among it."""
    return {name: getattr(mailbox, name) for name in COLUMNS}


def secrets(mailbox: Mailbox) -> dict[str, str]:
    """What is sealed, opened: password, or client_secret and refresh_token."""
    return json.loads(sealing.opened(mailbox.secrets) or "{}")


def sealed(opened: dict[str, str]) -> str:
    """Secrets as they are stored."""
    kept = {name: value for name, value in opened.items() if value}
    return sealing.seal(json.dumps(kept)) if kept else ""


def change(mailbox: Mailbox, wanted: Facts, given: dict[str, str], by: Any, now: datetime) -> None:
    """For a new mailbox too. `given` are secrets newly given; others stay. Raises Conflict or Invalid for what must
    not be: an address that is a person's or another mailbox's, and a password sent to a server it was not given for."""
    changed = changes(facts(mailbox) if mailbox.id else {}, wanted)
    _refuse_taken(mailbox, wanted)
    kept = _kept_secrets(mailbox, wanted, given)
    if given:
        changed["secrets"] = HIDDEN
    if not changed:
        return
    for name, value in wanted.items():
        setattr(mailbox, name, value)
    mailbox.secrets = sealed(kept | given)
    _begin_anew(mailbox, changed)
    db.session.add(mailbox)
    is_new = mailbox.id is None
    db.session.flush()
    kind = "mailbox.created" if is_new else "mailbox.changed"
    record(kind, mailbox, by=by, at=now, name=mailbox.address, changes=changed)


def _kept_secrets(mailbox: Mailbox, wanted: Facts, given: dict[str, str]) -> dict[str, str]:
    """What was given for one server is not shown to another."""
    stored = secrets(mailbox) if mailbox.secrets else {}
    if stored and not given and not same_server(mailbox, wanted):
        raise Invalid(_("The server is another one now: please give the password again."))
    return stored if same_server(mailbox, wanted) else {}


def same_server(mailbox: Mailbox, wanted: Facts) -> bool:
    """Whether these are still the server and the sign-in for which the secrets were given, and nobody can listen who
    could not before."""
    is_open = wanted["security"] == "none" != mailbox.security
    return not is_open and (mailbox.host, mailbox.sign_in) == (wanted["host"], wanted["sign_in"])


def _begin_anew(mailbox: Mailbox, changed: dict[str, Any]) -> None:
    """What was just set right is tried at once; another folder is read from its beginning."""
    mailbox.failures, mailbox.last_error, mailbox.retry_at = 0, "", None
    if not set(PLACE).isdisjoint(changed):
        mailbox.uid_validity, mailbox.last_uid, mailbox.well_at, mailbox.asked_at = None, 0, None, None


def _refuse_taken(mailbox: Mailbox, wanted: Facts) -> None:
    addresses = [wanted["address"], *wanted["aliases"]]
    person = db.session.scalar(sa.select(User.email).where(User.email.in_(addresses)).limit(1))
    if person is not None:
        raise Conflict(_("%(email)s is the address of a person. What comes there would be theirs.", email=person))
    for other in db.session.scalars(sa.select(Mailbox).where(Mailbox.id != (mailbox.id or 0))):
        if taken := {other.address, *other.aliases} & set(addresses):
            raise Conflict(_("%(email)s belongs to another mailbox already.", email=min(taken)))


def remove(mailbox: Mailbox, by: Any, now: datetime) -> None:
    """Only one to which no mail ever came. Raises Conflict otherwise."""
    if has_mail(mailbox):
        raise Conflict(_("Mail has come here, so the mailbox stays. Switch it off instead."))
    record("mailbox.removed", mailbox, by=by, at=now, name=mailbox.address)
    db.session.delete(mailbox)


def connect(mailbox: Mailbox, given: dict[str, str], by: Any, now: datetime) -> None:
    """Keep what a provider gave after its owner agreed."""
    mailbox.secrets = sealed(secrets(mailbox) | given)
    _begin_anew(mailbox, {})
    record("mailbox.connected", mailbox, by=by, at=now, name=mailbox.address)
