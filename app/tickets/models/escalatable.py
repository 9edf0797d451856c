"""Escalatable: from level to level with a handover, and back with a reason."""

from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from app.accounts.models import Team, User
from app.core import clock
from app.core.errors import Conflict, Invalid

from .related import TicketAccess
from .spells import Handover


class Escalatable:
    """Hops between teams; each is a row and an event, the customer's promise does not move."""

    def escalate(self, to: Team, reason: str, by: User | None, at: datetime | None = None,
                 answers: dict[str, Any] | None = None) -> None:
        """Functional escalation (ITIL) to a team of a higher level. Raises Conflict when the ticket has ended."""
        if to.level <= self.level:
            raise Invalid(_("Escalation leads to a higher level; %(team)s is on level %(level)s.",
                            team=to.title, level=to.level))
        self._hop("escalation", "ticket.escalated", to, reason, by, at, answers or {})

    def hand_back(self, reason: str, by: User | None, at: datetime | None = None) -> None:
        """Return it to the team that escalated it. Raises Conflict when nobody did."""
        origin = self.escalated_by_team
        if origin is None:
            raise Conflict(_("Nobody handed this ticket over, so it cannot be handed back."))
        self._hop("return", "ticket.handed_back", origin, reason, by, at, {})

    def move(self, to: Team, reason: str, by: User | None, at: datetime | None = None) -> None:
        """To another team of the same level."""
        if to.level != self.level:
            raise Invalid(_("Moving stays on the level; escalate or hand back instead."))
        self._hop("move", "ticket.moved", to, reason, by, at, {})

    def tell_lead(self, reason: str, by: User, at: datetime | None = None) -> None:
        """Hierarchic escalation by hand: the leads of the team are told, the ticket stays where it is."""
        if self.is_ended:
            raise Conflict(_("This ticket has ended."))
        self._tell("ticket.lead_told", by, at, reason=reason)

    def _hop(self, kind: str, event_kind: str, to: Team, reason: str, by: User | None, at: datetime | None,
             answers: dict[str, Any]) -> None:
        if self.is_ended:
            raise Conflict(_("This ticket has ended."))
        if to.id == self.team_id:
            raise Invalid(_("The ticket is already with this team."))
        moment = at or clock.now()
        origin = self.team
        self._tell(event_kind, by, moment,
                   {"team_id": to.id, "level": to.level, "assignee_id": None, **self._status_after_hop()},
                   reason=reason, answers=answers)
        self.team = to
        self._hang(Handover(kind=kind, from_team=origin, to_team=to, reason=reason, answers=answers,
                            by_id=by.id if by else None, at=moment), "handovers")
        self._name_team(to)

    def _status_after_hop(self) -> dict[str, Any]:
        return {} if self.status == "open" else {"status": "open"}

    def _name_team(self, team: Team) -> None:
        """Who hands a confidential ticket over names the team that gets it."""
        if self.is_confidential and all(access.team_id != team.id for access in self.accesses):
            self.accesses.append(TicketAccess(team_id=team.id))

    @property
    def escalated_by_team(self) -> Team | None:
        """The team to which a hand-back would go: who last escalated to the present level."""
        escalations = [h for h in self.handovers if h.kind == "escalation"]
        if not escalations or self.level <= escalations[-1].from_team.level:
            return None
        return escalations[-1].from_team

    @property
    def hops(self) -> int:
        """How often the ticket changed hands between teams."""
        return len(self.handovers)

    @property
    def returns(self) -> int:
        return sum(handover.kind == "return" for handover in self.handovers)
