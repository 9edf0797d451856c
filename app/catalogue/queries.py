"""What the catalogue offers and where a request lands."""

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from app.accounts.models import Team
from app.accounts.queries import one
from app.core.db import db
from app.core.errors import Invalid

from .models import IntakeRule, RequestType


def on_offer() -> list[RequestType]:
    """Request types people may choose, in the administrator's order."""
    statement = sa.select(RequestType).where(RequestType.is_active).order_by(RequestType.position, RequestType.id)
    return list(db.session.scalars(statement))


def all_of_them() -> list[RequestType]:
    """Every request type, those no longer offered too, with its teams."""
    statement = sa.select(RequestType).order_by(RequestType.position, RequestType.id)
    statement = statement.options(joinedload(RequestType.team), joinedload(RequestType.level2_team))
    return list(db.session.scalars(statement))


def request_type(slug: str) -> RequestType:
    """One to look at or to change. Raises NotFound."""
    return one(RequestType, RequestType.slug == slug)


def rules() -> list[IntakeRule]:
    """The intake rules in their order."""
    statement = sa.select(IntakeRule).order_by(IntakeRule.position, IntakeRule.id)
    return list(db.session.scalars(statement.options(joinedload(IntakeRule.team), joinedload(IntakeRule.request_type))))


def rule(rule_id: int) -> IntakeRule:
    """Raises NotFound."""
    return one(IntakeRule, IntakeRule.id == (rule_id if rule_id < 2**31 else 0))


def by_slug(slug: str) -> RequestType | None:
    return db.session.scalar(sa.select(RequestType).where(RequestType.slug == slug))


def landing_team(request_type: RequestType, department_id: int | None, channel: str) -> Team:
    """The team of the first intake rule that matches, else the type's own, else the first of level 1.

    Raises Invalid when the desk has no level-1 team at all.
    """
    rule = db.session.scalar(_matching(request_type, department_id, channel))
    if rule is not None:
        return rule.team
    if request_type.team is not None and request_type.team.is_active:
        return request_type.team
    return _first_of_level_1()


def _matching(request_type: RequestType, department_id: int | None, channel: str) -> sa.Select:
    def either(column, value):
        return sa.or_(column.is_(None), column == value)

    return (
        sa.select(IntakeRule)
        .join(Team, Team.id == IntakeRule.team_id)
        .where(
            either(IntakeRule.request_type_id, request_type.id),
            either(IntakeRule.department_id, department_id),
            either(IntakeRule.channel, channel),
            Team.is_active,
        )
        .order_by(IntakeRule.position, IntakeRule.id)
        .limit(1)
        .options(joinedload(IntakeRule.team))
    )


def _first_of_level_1() -> Team:
    team = db.session.scalar(sa.select(Team).where(Team.level == 1, Team.is_active).order_by(Team.id).limit(1))
    if team is None:
        raise Invalid("There is no team of level 1 to take requests.")
    return team
