"""Whether any ticket can meet the conditions of a rule, as request types, teams and intake rules stand now."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from app.accounts.models import Team
from app.catalogue.models import IntakeRule, RequestType
from app.tickets.vocabulary import KINDS

Conditions = dict[str, list[Any]]


@dataclass(frozen=True)
class Ways:
    """What decides where a request lands."""

    types: list[RequestType]
    teams: list[Team]
    """By level."""
    intake: list[IntakeRule]
    """In their order."""

    def landing_of(self, kind: RequestType) -> set[int]:
        """Ids of the teams in which a request of this type may land, whoever files it and however it comes."""
        active = {team.id for team in self.teams if team.is_active}
        found = set()
        for rule in self.intake:
            if rule.team_id in active and rule.request_type_id in (None, kind.id):
                found.add(rule.team_id)
                if rule.department_id is None and rule.channel is None:
                    return found
        usual = kind.team_id if kind.team_id in active else self._first_of_level_1()
        return found | ({usual} if usual is not None else set())

    def _first_of_level_1(self) -> int | None:
        return min((team.id for team in self.teams if team.is_active and team.level == 1), default=None)


def unmeetable(conditions: Conditions, ways: Ways) -> str:
    """Why no ticket can meet the conditions as things stand, in a sentence that says what to change; else ""."""
    types = _on_offer(conditions, ways)
    if not types and "request_type_id" in conditions:
        return _("None of these request types is offered any more, so nothing new can match. Choose others, or offer "
                 "them again.")
    wanted = set(conditions.get("team_id", ()))
    if not wanted:
        return ""
    if not any(team.id in wanted and team.is_active for team in ways.teams):
        return _("None of these teams takes tickets any more, so nothing new can match. Choose others.")
    landing = set().union(*(ways.landing_of(kind) for kind in types))
    if landing and not landing & wanted:
        return _("No such ticket ever lands there: it lands with %(teams)s, and what is handed over later does not "
                 "count. Choose one of these, or change the intake rules.", teams=_titles(ways.teams, landing))
    return ""


def doubts(conditions: Conditions, ways: Ways) -> Iterator[str]:
    """What probably was meant otherwise, though it can match."""
    kinds, types = conditions.get("kind"), _on_offer(conditions, ways)
    if kinds and "request_type_id" in conditions and not any(kind.kind in kinds for kind in types):
        yield _("Requests of these types are filed as another kind (%(kinds)s), so the rule matches only once "
                "somebody changes their kind.", kinds=", ".join(sorted({str(KINDS[one.kind]) for one in types})))
    gone = [kind for kind in ways.types if not kind.is_active and kind.id in conditions.get("request_type_id", ())]
    if gone and types:
        yield _("Not offered any more, so nothing new is of this type: %(types)s.",
                types=", ".join(kind.title for kind in gone))


def _on_offer(conditions: Conditions, ways: Ways) -> list[RequestType]:
    wanted = conditions.get("request_type_id")
    return [kind for kind in ways.types if kind.is_active and (wanted is None or kind.id in wanted)]


def _titles(teams: Iterable[Team], ids: set[int]) -> str:
    return ", ".join(team.title for team in teams if team.id in ids)
