"""The articles of the sample: written, translated, published over the year before a moment."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.core.db import db
from app.importing.sample.articles_content import Knowledge, SampleArticle
from app.importing.sample.ledger import ORIGIN, remember
from app.importing.sample.people import People, free_slug
from app.kb import actions
from app.kb.actions import Facts, Text
from app.kb.models import Article, Category
from app.search.models import IndexChange

REVIEW = timedelta(days=45)
"""Until the first of the reviews that lie ahead; the others follow a week apart."""
WEEK = timedelta(days=7)

Told = dict[tuple[str, str], Article]
"""(key, language) -> article."""


def tell(knowledge: Knowledge, people: People, now: datetime) -> Told:
    """Make them all; the caller commits and stands inside `history()`."""
    categories = _categories(knowledge)
    told: Told = {}
    for place, wanted in enumerate(knowledge.articles):
        writing = Writing(wanted, people, categories[wanted.category], now, place)
        told.update(((wanted.key, article.language), article) for article in writing.write())
    db.session.add_all(IndexChange(document_id=article.id, changed_at=now)
                       for article in told.values() if article.is_published)
    return told


def _categories(knowledge: Knowledge) -> dict[str, Category]:
    made = {wanted.slug: Category(slug=free_slug(Category, wanted.slug), names=vars(wanted.name), position=place)
            for place, wanted in enumerate(knowledge.categories, 1)}
    db.session.add_all(made.values())
    db.session.flush()
    remember(*made.values())
    return made


@dataclass
class Writing:
    """One article in all its languages."""

    wanted: SampleArticle
    people: People
    category: Category
    now: datetime
    place: int

    def write(self) -> Iterator[Article]:
        """The original, then its translations, each a day after the one before."""
        original = None
        written = []
        for day, language in enumerate(self.wanted.languages):
            article = self._draft(language, original, self._made + timedelta(days=day))
            original = original or article
            written.append(article)
        if self.wanted.renewed_days is not None:
            self._renew(written)
        return iter(written)

    @property
    def _made(self) -> datetime:
        return self.now - timedelta(days=self.wanted.made_days, hours=self.place % 7)

    @property
    def _owner(self):
        return self.people.users[self.wanted.owner]

    def _draft(self, language: str, original: Article | None, at: datetime) -> Article:
        words = self.wanted.texts[language]
        body = words.body if self.wanted.renewed_days is None else words.before
        article = actions.draft(Text(words.title, body), self._facts(language), self._owner, at,
                                translation_of=original, origin=ORIGIN)
        state = self.wanted.states.get(language, "published")
        if state == "published":
            actions.publish(article, self._owner, at + timedelta(hours=2))
        elif state == "in_review":
            actions.ask_review(article, self._owner, at + timedelta(hours=2))
        if article.review_on and article.review_on < self.now.date():
            article.reminded_on = article.review_on
        return article

    def _facts(self, language: str) -> Facts:
        wanted = self.wanted
        ahead = REVIEW + self.place * WEEK if wanted.review_days is None else timedelta(days=wanted.review_days)
        return Facts(language, wanted.visibility, self.category, self._owner,
                     [self.people.teams[slug] for slug in wanted.teams], wanted.tags, (self.now + ahead).date())

    def _renew(self, written: list[Article]) -> None:
        """The original is changed; translations follow it, but for those that are to be behind."""
        at = self.now - timedelta(days=self.wanted.renewed_days)
        for article in written:
            if article.language not in self.wanted.outdated:
                words = self.wanted.texts[article.language]
                actions.save(article, Text(words.title, words.body, "+ 1"), self._owner, at)
                actions.publish(article, self._owner, at)
                actions.follow_original(article, self._owner, at)
