"""Deputised: who acts on a ticket for somebody who is absent does so on behalf of that person, in every event."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import format_date
from flask_babel import gettext as _

from app.accounts import absences
from app.accounts.absence_checks import last_day
from app.accounts.absence_models import Absence
from app.accounts.models import User
from app.core import clock
from app.core.db import db
from app.core.errors import Conflict

from .passed import AbsenceTicket


class Deputised:
    """Asked by `core.events.record` for each event of a ticket that does not say for whom it was done."""

    def stood_in_for(self, by: Any, at: datetime) -> int | None:
        """The absent person whose deputy for tickets acts here: the assignee, or who was when the absence began.

        Asks the database only where somebody does stand in for somebody. What a requester does is the requester's own.
        """
        absent = absences.stands_in_for(by.id, "tickets", at)
        if not absent or by.id == self.requester_id:
            return None
        return self.assignee_id if self.assignee_id in absent else self._passed_by(absent, at)

    def _passed_by(self, absent: list[int], at: datetime) -> int | None:
        passed = (sa.select(Absence.user_id).join(AbsenceTicket, AbsenceTicket.absence_id == Absence.id)
                  .where(AbsenceTicket.ticket_id == self.id, AbsenceTicket.taken_back_at.is_(None),
                         Absence.user_id.in_(absent), Absence.starts_at <= at, Absence.ends_at > at))
        with db.session.no_autoflush:
            return db.session.scalar(passed.order_by(Absence.starts_at.desc()).limit(1))


def refuse_absent(to: User, by: User | None, at: datetime | None) -> None:
    """Nothing new for who is absent: raises Conflict naming who stands in. By hand, and where nobody stands in, it is
    allowed; the desk itself never does it."""
    moment = at or clock.now()
    away = absences.away(to.id, moment)
    if away is None:
        return
    until = format_date(last_day(away.ends_at, to))
    deputy_id = absences.deputy_of(to.id, "tickets", moment)
    if deputy_id is not None:
        raise Conflict(_("%(name)s is absent until %(day)s; %(deputy)s stands in.", name=to.name, day=until,
                         deputy=db.session.get_one(User, deputy_id).name))
    if by is None:
        raise Conflict(_("%(name)s is absent until %(day)s, and nobody stands in.", name=to.name, day=until))
