"""Mail that waits for an agent's word: who may decide about which, and what may be decided."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import joinedload

from app.accounts.models import Team, User
from app.catalogue.models import RequestType, RequestTypeAccess
from app.channels.email.models import InboundMail, Mailbox
from app.core.db import claim, db
from app.core.errors import Conflict, Invalid, NotFound
from app.core.markup import clean_line
from app.core.policy import may

from .. import queries
from ..models import Ticket

SHOWN = 99
"""More than this is not counted in the menu."""


def concerning(person: Any) -> sa.Select:
    """The held mails about which this person may decide, to be ordered and paged."""
    return _of_office(person).where(InboundMail.state == "held")


def _of_office(person: Any) -> sa.Select:
    return (sa.select(InboundMail).join(Mailbox, Mailbox.id == InboundMail.mailbox_id)
            .outerjoin(Ticket, Ticket.id == InboundMail.ticket_id).where(_concerns(person))
            .options(joinedload(InboundMail.mailbox)))


def _concerns(person: Any) -> Any:
    """What came to the mailbox of an own team, or to one of the whole desk for who works on level 1; what may belong to
    a ticket on which one works. If that ticket is confidential, nobody else: the mail may be as well. So may all that
    comes to a mailbox whose requests are confidential: it is for those who would see them."""
    if not person.is_authenticated:
        return sa.false()
    of_desk = sa.true() if person.is_administrator else sa.and_(
        Mailbox.team_id.is_(None), _works_on_level_1(person))
    in_office = sa.or_(Mailbox.team_id.in_(person.team_ids), sa.and_(~_is_confidential(), of_desk),
                       _is_confidential(_is_named(person)))
    is_open = sa.or_(Ticket.id.is_(None), ~Ticket.is_confidential)
    return sa.or_(sa.and_(is_open, in_office), sa.and_(Ticket.id.is_not(None), queries.reads_as_staff(person)))


def _is_confidential(*conditions: Any) -> Any:
    """Whether the mailbox makes confidential requests, of a type for which this holds."""
    return sa.exists().where(RequestType.id == Mailbox.request_type_id, RequestType.is_confidential, *conditions)


def _is_named(person: Any) -> Any:
    """Whether the type names this person, or lands in an own team."""
    whom = sa.or_(RequestTypeAccess.user_id == person.id, RequestTypeAccess.team_id.in_(person.team_ids))
    return sa.or_(RequestType.team_id.in_(person.team_ids),
                  sa.and_(RequestType.team_id.is_(None), _works_on_level_1(person)),
                  sa.exists().where(RequestTypeAccess.request_type_id == RequestType.id, whom))


def closed_mailboxes(person: Any) -> set[int]:
    """Those whose mail is confidential also while no ticket is made of it, and not for this person's eyes."""
    is_own = sa.func.coalesce(Mailbox.team_id, 0).in_(person.team_ids)
    return set(db.session.scalars(sa.select(Mailbox.id).where(
        _is_confidential(sa.not_(_is_named(person))), sa.not_(is_own))))


def _works_on_level_1(person: Any) -> Any:
    return sa.exists().where(Team.id.in_(person.team_ids), Team.level == 1)


def count(person: Any) -> int | None:
    """How many wait, for the menu; None for none."""
    if not (person.is_agent or person.is_administrator):
        return None
    some = concerning(person).with_only_columns(InboundMail.id).limit(SHOWN).subquery()
    return db.session.scalar(sa.select(sa.func.count()).select_from(some)) or None


def of(person: Any, mail_id: int) -> InboundMail:
    """One of them. Raises NotFound for what is not this person's to decide, and Conflict for what another has decided
    meanwhile: two agents may look at one mail."""
    found = db.session.scalar(_of_office(person).where(InboundMail.id == mail_id)) if mail_id < 2**63 else None
    if found is None or found.state != "held" and found.settled_by_id is None:
        raise NotFound()
    if found.state != "held":
        raise _too_late()
    return found


def _too_late() -> Conflict:
    return Conflict(_("Somebody has decided about this mail already."))


def proposed(person: Any, mail: InboundMail) -> Ticket | None:
    """The ticket to which this person may add it."""
    if mail.ticket_id is None:
        return None
    ticket = db.session.scalar(queries.visible_to(person).where(Ticket.id == mail.ticket_id))
    return ticket if ticket is not None and may(person, "ticket.note", ticket) else None


def let_in(mail: InboundMail, by: User, now: datetime) -> None:
    """Have it filed as a new ticket; that happens when it is taken in, a moment later."""
    _refuse_switched_off(mail)
    _decide(mail, by, now, state="waiting", reason="let_in", said="", ticket_id=None)


def add(mail: InboundMail, by: User, now: datetime) -> None:
    """Have it added to the proposed ticket."""
    if proposed(by, mail) is None:
        raise NotFound()
    _refuse_switched_off(mail)
    _decide(mail, by, now, state="waiting", reason="added", said="")


def refuse(mail: InboundMail, by: User, now: datetime, said: str) -> None:
    """Leave it out. The mail as it came is kept."""
    _decide(mail, by, now, state="dropped", reason="refused", said=clean_line(said)[:500], settled_at=now)


def _refuse_switched_off(mail: InboundMail) -> None:
    sender = sa.select(User.is_active).where(User.email == mail.sender)
    if db.session.scalar(sender) is False:
        raise Invalid(_("The account of its sender is switched off."))


def _decide(mail: InboundMail, by: User, now: datetime, **values: Any) -> None:
    """Of two who decide at once one does, and the other is told."""
    if not claim(InboundMail, InboundMail.id == mail.id, InboundMail.state == "held", settled_by_id=by.id, attempts=0,
                 retry_at=now, **values):
        raise _too_late()
