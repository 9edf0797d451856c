"""What may be asked about clocks, policies and rules."""

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from app.accounts.models import Team, User
from app.accounts.queries import one
from app.core import versions
from app.core.db import db
from app.core.errors import NotFound
from app.core.paging import Page, page
from app.tickets.models import Ticket

from .models import SlaClock, SlaPolicy, SlaPolicyVersion, SlaRule, SlaRuleList

_WITH_POLICIES = (selectinload(SlaRuleList.rules).joinedload(SlaRule.policy),)


def clocks_of(ticket_id: int) -> list[SlaClock]:
    """All clocks of a ticket, by cycle."""
    statement = sa.select(SlaClock).where(SlaClock.ticket_id == ticket_id)
    return list(db.session.scalars(statement.order_by(SlaClock.cycle, SlaClock.target)))


def policies() -> list[SlaPolicy]:
    """All policies with their versions, by slug."""
    versions = selectinload(SlaPolicy.versions)
    statement = sa.select(SlaPolicy).order_by(SlaPolicy.slug).options(
        versions.joinedload(SlaPolicyVersion.calendar), versions.joinedload(SlaPolicyVersion.by))
    return list(db.session.scalars(statement))


def policy(slug: str) -> SlaPolicy:
    """Locked against other savers. Raises NotFound."""
    return one(SlaPolicy, SlaPolicy.slug == slug)


def in_force(policy: SlaPolicy, now: datetime) -> SlaPolicyVersion:
    """The version that holds now; before the first one, the first one."""
    return versions.in_force(policy.versions, now)


def policy_version(slug: str, version_id: int) -> SlaPolicyVersion:
    """One version of a policy. Raises NotFound."""
    found = next((version for version in policy(slug).versions if version.id == version_id), None)
    if found is None:
        raise NotFound()
    return found


def levels() -> set[int]:
    """Levels of support that the desk has teams for."""
    return set(db.session.scalars(sa.select(Team.level).where(Team.is_active).distinct()))


def people_by_email(addresses: Iterable[str]) -> list[User]:
    """The active people behind these addresses."""
    return list(db.session.scalars(sa.select(User).where(User.email.in_(addresses), User.is_active)))


def people_by_id(ids: Iterable[int]) -> list[User]:
    return list(db.session.scalars(sa.select(User).where(User.id.in_(ids))))


def rule_list(now: datetime) -> SlaRuleList | None:
    """The list of rules that holds; None before the first one."""
    statement = sa.select(SlaRuleList).where(SlaRuleList.valid_from <= now)
    return db.session.scalar(statement.order_by(SlaRuleList.valid_from.desc()).limit(1).options(*_WITH_POLICIES))


def planned_lists(now: datetime) -> list[SlaRuleList]:
    """Lists that are to hold later, the next one first."""
    statement = sa.select(SlaRuleList).where(SlaRuleList.valid_from > now).order_by(SlaRuleList.valid_from)
    return list(db.session.scalars(statement.options(*_WITH_POLICIES)))


def a_list(list_id: int) -> SlaRuleList:
    """Raises NotFound."""
    statement = sa.select(SlaRuleList).where(SlaRuleList.id == (list_id if list_id < 2**31 else 0))
    found = db.session.scalar(statement.options(*_WITH_POLICIES))
    if found is None:
        raise NotFound()
    return found


def all_lists(mark: str | None) -> Page:
    """A page of all lists, the newest first."""
    keys = ((SlaRuleList.valid_from, "desc"), (SlaRuleList.id, "desc"))
    return page(sa.select(SlaRuleList).options(joinedload(SlaRuleList.by), *_WITH_POLICIES), keys, mark)


def list_before(later: SlaRuleList) -> SlaRuleList | None:
    """The list that held until this one."""
    statement = sa.select(SlaRuleList).where(SlaRuleList.valid_from < later.valid_from)
    return db.session.scalar(statement.order_by(SlaRuleList.valid_from.desc()).limit(1).options(*_WITH_POLICIES))


def rules(now: datetime) -> list[SlaRule]:
    """The rules that hold, in their order."""
    holding = rule_list(now)
    return list(holding.rules) if holding else []


def rule(rule_id: int) -> SlaRule:
    """A rule of any list. Raises NotFound."""
    found = db.session.get(SlaRule, rule_id) if rule_id < 2**31 else None
    if found is None:
        raise NotFound()
    return found


def chosen_by(rule: SlaRule, since: datetime) -> int:
    """How many tickets that were filed since then have a clock by this rule, as it stands in whichever list."""
    of_the_policy = db.session.execute(sa.select(SlaRule.id, SlaRule.conditions).where(
        SlaRule.policy_id == rule.policy_id, SlaRule.is_floor == rule.is_floor))
    same = [rule_id for rule_id, conditions in of_the_policy if conditions == rule.conditions]
    clocks = sa.select(SlaClock.ticket_id).join(Ticket, Ticket.id == SlaClock.ticket_id)
    clocks = clocks.where(Ticket.filed_at >= since, SlaClock.rule_id.in_(same)).distinct()
    return db.session.scalar(sa.select(sa.func.count()).select_from(clocks.subquery()))
