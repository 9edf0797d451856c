"""Where imported articles go: categories, teams and owners by the words of the mapping, checked before anything is
stored."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.accounts.models import Team, User
from app.core.db import db
from app.core.events import record
from app.kb.actions import Facts
from app.kb.models import Category

from .article_folder import Wanted
from .article_mapping import Mapping
from .piece import MappingError


@dataclass
class Shelves:
    """Ids by slug and address; objects do not outlive a commit."""

    mapping: Mapping
    categories: dict[str, int]
    teams: dict[str, int]
    owners: dict[str, int]

    @classmethod
    def of(cls, mapping: Mapping, wanted: Iterable[Wanted]) -> "Shelves":
        """What the desk has. Raises MappingError for what is named and is not here."""
        shelves = cls(mapping, _ids(Category.slug, Category.id), _ids(Team.slug, Team.id),
                      _ids(User.email, User.id, User.is_active))
        for number, rule in enumerate(mapping.rules, 1):
            place = f"files[{number}]"
            _refuse_unknown(f"{place}.teams: there is no team", rule.teams, shelves.teams)
            _refuse_unknown(f"{place}.owner: there is nobody active with the address",
                            filter(None, [rule.owner]), shelves.owners)
            _refuse_unknown(f"{place}.category: neither the desk nor the mapping has a category",
                            filter(None, [rule.category]), shelves.categories | mapping.categories)
        for each in wanted:
            _refuse_unknown(f"{each.path}: neither the desk nor the mapping has a category",
                            filter(None, [each.category]), shelves.categories | mapping.categories)
        return shelves

    def make(self, by: User | None, now: datetime) -> None:
        """Make the categories of the mapping that are missing; the caller commits."""
        last = db.session.scalar(sa.select(sa.func.coalesce(sa.func.max(Category.position), 0)))
        for place, (slug, names) in enumerate(self.mapping.categories.items(), last + 1):
            if slug not in self.categories:
                category = Category(slug=slug, names=names, position=place)
                db.session.add(category)
                db.session.flush()
                record("article_category.changed", category, by, now)
                self.categories[slug] = category.id

    def facts(self, wanted: Wanted) -> Facts:
        rule = wanted.rule
        return Facts(
            language=wanted.language, visibility=rule.visibility,
            category=_one(Category, self.categories.get(wanted.category or "")),
            owner=_one(User, self.owners.get(rule.owner or "")),
            teams=[_one(Team, self.teams[slug]) for slug in rule.teams], tags=wanted.tags,
        )


def _ids(name: Any, number: Any, *conditions: Any) -> dict[str, int]:
    return {row[0]: row[1] for row in db.session.execute(sa.select(name, number).where(*conditions))}


def _one(model: Any, number: int | None) -> Any:
    return db.session.get_one(model, number) if number else None


def _refuse_unknown(what: str, names: Iterable[str], known: Any) -> None:
    for name in names:
        if name not in known:
            raise MappingError(f"{what} “{name}”")
