"""Who may do what to an article they see. Permission -> questions that must all be answered yes."""

from typing import Any

from app.accounts.policy import is_administrator, is_agent
from app.core.policy import any_of, public, rules

from .settings import settings

READERS = ("teams", "staff", "public")
"""The fewest first."""


def writes(person: Any, article: Any) -> bool:
    """As the query: agents what is not kept to other teams; whose it is and the administrator always."""
    if person.is_administrator:
        return True
    if not person.is_agent or article is None:
        return person.is_agent
    return (article.visibility != "teams" or article.owner_id == person.id
            or any(named.team_id in person.team_ids for named in article.teams))


def would_write(person: Any, facts: Any) -> bool:
    """Whether the person could still edit an article of which these facts hold."""
    owns = facts.owner is not None and facts.owner.id == person.id
    return (person.is_administrator or facts.visibility != "teams" or owns
            or any(team.id in person.team_ids for team in facts.teams))


def may_hold_for_all(person: Any, article: Any, facts: Any, relatives: Any) -> bool:
    """Who reads an article and where it stands hold for all its languages, so whoever changes them writes all of these;
    to more readers than before what is published is given by those who may publish."""
    is_as_before = (facts.visibility == article.visibility and facts.category == article.category
                    and _teams(facts) == _named(article))
    if is_as_before:
        return True
    family = [article, *relatives]
    opens = any(one.is_published for one in family) and _is_wider(article, facts)
    return all(writes(person, one) for one in family) and (not opens or may_publish(person, article))


def _is_wider(article: Any, facts: Any) -> bool:
    before, now = READERS.index(article.visibility), READERS.index(facts.visibility)
    return now > before or (now == before and not _teams(facts) <= _named(article))


def _teams(facts: Any) -> set[int]:
    return {team.id for team in facts.teams} if facts.visibility == "teams" else set()


def _named(article: Any) -> set[int]:
    return {named.team_id for named in article.teams} if article.visibility == "teams" else set()


def writes_version(person: Any, version: Any) -> bool:
    """Old versions are for who may edit the article."""
    return writes(person, version.article)


def may_publish(person: Any, article: Any) -> bool:
    """Leads and administrators; every agent, where the desk has said so."""
    return person.is_administrator or person.is_lead or (person.is_agent and settings.agents_publish)


rules({
    "article.read": [public],
    "article.vote": [public],
    "article.list": [any_of(is_agent, is_administrator)],
    "article.write": [any_of(is_agent, is_administrator), writes],
    "article.version": [any_of(is_agent, is_administrator), writes_version],
    "article.publish": [writes, may_publish],
})
