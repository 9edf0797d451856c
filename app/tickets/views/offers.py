"""What the filter of a list offers somebody: request types, the teams and the colleagues they have to do with."""

from dataclasses import dataclass
from typing import Any, NamedTuple

import sqlalchemy as sa

from app.accounts.models import Membership, Team, User
from app.catalogue.models import RequestType
from app.core.db import db
from app.core.i18n import localized


class Type(NamedTuple):
    """A request type: how an address calls it, its title, and whether it is still offered."""

    slug: str
    title: str
    is_active: bool


@dataclass(frozen=True)
class Offers:
    """Names by which a list is narrowed and worded, in the reader's language."""

    types: dict[int, Type]
    teams: dict[int, Team]
    """All of the desk: a ticket may have been handed to any of them."""
    own_teams: list[Team]
    """Those whose queues this person may open, as far as they take requests."""
    slugs: frozenset[str]
    """Of all whose queues this person may open: one that takes none any more still has its tickets."""
    people: dict[int, str]
    """Who works in these teams."""

    @property
    def type_names(self) -> dict[str, str]:
        """Slug -> title, those no longer offered too."""
        return {kind.slug: kind.title for kind in self.types.values()}


def offers(person: User) -> Offers:
    """Three queries, whatever the size of the desk."""
    kinds = db.session.execute(sa.select(RequestType.id, RequestType.slug, RequestType.names, RequestType.is_active)
                               .order_by(RequestType.position, RequestType.id))
    teams = {team.id: team for team in db.session.scalars(sa.select(Team).order_by(Team.level, Team.id))}
    open_ones = [team for team in teams.values() if person.is_administrator or team.id in person.team_ids]
    own = [team for team in open_ones if team.is_active]
    return Offers({kind.id: Type(kind.slug, localized(kind.names), kind.is_active) for kind in kinds}, teams, own,
                  frozenset(team.slug for team in open_ones), _colleagues(own))


def _colleagues(teams: list[Team]) -> dict[int, str]:
    works = sa.select(Membership.user_id).where(Membership.team_id.in_([team.id for team in teams]))
    found: Any = sa.select(User.id, User.name).where(User.is_active, User.id.in_(works)).order_by(User.name, User.id)
    return {row.id: row.name for row in db.session.execute(found)}
