"""What readers did with the articles of the sample: opened them, judged them, searched, filed, were sent them."""

import hashlib
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any

import sqlalchemy as sa

from app.accounts.models import User
from app.catalogue.models import RequestType
from app.core.db import db
from app.importing.models import SampleRow
from app.importing.sample.articles_content import Asked, Knowledge, SampleArticle
from app.importing.sample.articles_telling import Told
from app.importing.sample.desk import Desk
from app.importing.sample.ledger import ORIGIN
from app.importing.sample.people import People
from app.kb.models import Article, ArticleRead, ArticleVote
from app.search.find import folded
from app.search.models import SearchEntry
from app.tickets.models import Resolution, Ticket, TicketArticle

SEED = "jardam-articles"
LATELY = timedelta(days=60)
"""In which the searches happened."""
MONTHS = 4
"""For so many there are readings."""
SENT_SHARE = 0.35
"""Of the solved tickets of a type, so many were answered with its article."""
WAYS = ("search", "suggestion", "link", "browsing")
WEIGHTS = (50, 20, 18, 12)


class Readers:
    """One telling; every draw is the same for the same moment."""

    def __init__(self, knowledge: Knowledge, told: Told, people: People, desk: Desk, now: datetime) -> None:
        self.knowledge = knowledge
        self.told = {key: article for key, article in told.items() if article.is_published}
        self.people = people
        self.desk = desk
        self.now = now
        self.luck = Random(SEED)  # noqa: S311 - a story told alike each time
        self.asked = 0

    def write(self) -> None:
        """Everything in a few statements; the caller commits."""
        links = list(self._sent())
        searches = list(self._searches())
        for model, rows in ((ArticleRead, list(self._reads())), (ArticleVote, list(self._votes())),
                            (SearchEntry, searches), (TicketArticle, links),
                            (SampleRow, [{"table_name": "searches", "row_key": row["token"]} for row in searches])):
            if rows:
                db.session.execute(sa.insert(model), rows)

    # Readings and votes

    def _published(self) -> Iterator[tuple[SampleArticle, list[Article]]]:
        """Each article with its languages."""
        for wanted in self.knowledge.articles:
            found = [self.told[wanted.key, language] for language in wanted.languages
                     if (wanted.key, language) in self.told]
            if found:
                yield wanted, found

    def _reads(self) -> Iterator[dict[str, Any]]:
        for wanted, articles in self._published():
            since = max(self.now - timedelta(days=30 * MONTHS), max(each.published_at for each in articles))
            for _number in range(wanted.reads * MONTHS):
                [way] = self.luck.choices(WAYS, WEIGHTS)
                yield {"article_id": self.luck.choice(articles).id, "at": self._between(since), "way": way,
                       "is_staff": self.luck.random() < 0.25}

    def _votes(self) -> Iterator[dict[str, Any]]:
        for wanted, articles in self._published():
            since = max(self.now - timedelta(days=90), max(each.published_at for each in articles))
            for number in range(wanted.helpful):
                yield self._vote(articles[number % len(articles)], number, since, is_helpful=True)
            for number, said in enumerate(wanted.unhelpful, wanted.helpful):
                article = articles[number % len(articles)]
                yield self._vote(article, number, since, is_helpful=False, reason=said.reason, comment=said.comment)

    def _vote(self, article: Article, number: int, since: datetime, is_helpful: bool, reason: str | None = None,
              comment: str = "") -> dict[str, Any]:
        voter = hashlib.sha256(f"{SEED}:{article.id}:{number}".encode()).hexdigest()
        return {"article_id": article.id, "version_id": article.published_id, "voter": voter, "is_helpful": is_helpful,
                "reason": reason, "comment": comment, "at": self._between(since)}

    def _between(self, since: datetime) -> datetime:
        return since + (self.now - since) * self.luck.random()

    # Searches

    def _searches(self) -> Iterator[dict[str, Any]]:
        used: set[int] = set()
        for asked in self.knowledge.searches:
            filed = self._filed(asked, used)
            used.update(ticket.id for ticket in filed)
            for number in range(asked.times):
                yield from self._search(asked, filed[number] if number < len(filed) else None)

    def _filed(self, asked: Asked, used: set[int]) -> Sequence[Any]:
        """Tickets that came after such a search: late ones of the type, of people who speak the language."""
        if asked.filed_type is None:
            return ()
        found = db.session.execute(
            sa.select(Ticket.id, Ticket.filed_at, Ticket.requester_id).join(User, User.id == Ticket.requester_id)
            .where(Ticket.origin == ORIGIN, Ticket.request_type_id == self._type(asked.filed_type).id,
                   Ticket.filed_at > self.now - LATELY, User.is_customer.is_(False))
            .order_by(sa.case((User.language == asked.language, 0), else_=1), Ticket.filed_at.desc(), Ticket.id)
        ).all()
        return [row for row in found if row.id not in used][:asked.filed_times]

    def _type(self, slug: str) -> RequestType:
        return self.desk.types[slug]

    def _search(self, asked: Asked, ticket: Any) -> Iterator[dict[str, Any]]:
        at = (ticket.filed_at - timedelta(minutes=self.luck.randint(3, 25)) if ticket
              else self._between(self.now - LATELY))
        person = ticket.requester_id if ticket else self._somebody(asked.language)
        first = self._entry(asked, asked.words, at, person)
        last = first
        if asked.instead and self.luck.random() < 0.6:
            last = self._entry(asked, asked.instead, at + timedelta(seconds=40), person) | {"follows": first["token"]}
            yield first
        last["ticket_id"] = ticket.id if ticket else None
        self._open(asked, last)
        yield last

    def _somebody(self, language: str) -> int:
        speakers = [user.id for user in self.people.users.values()
                    if user.language == language and not user.is_customer and not user.is_agent]
        return self.luck.choice(speakers)

    def _entry(self, asked: Asked, words: str, at: datetime, person_id: int) -> dict[str, Any]:
        self.asked += 1
        shown = self._shown(asked)
        return {
            "token": hashlib.md5(f"{SEED}:{self.now}:{self.asked}".encode(), usedforsecurity=False).hexdigest(),
            "at": at, "place": self.luck.choices(("page", "filing"), (70, 30))[0], "words": words,
            "folded": folded(words, asked.language), "language": asked.language, "found": len(shown), "shown": shown,
            "person_id": person_id, "is_staff": False, "follows": None, "clicked_id": None, "clicked_place": None,
            "clicked_at": None, "solved_at": None, "ticket_id": None,
        }

    def _shown(self, asked: Asked) -> list[int]:
        """What was found, own language first."""
        keys = (asked.article, *asked.shows) if asked.article else asked.shows
        found = [article for key in keys for (name, _), article in self.told.items() if name == key]
        return [article.id for article in sorted(found, key=lambda each: each.language != asked.language)]

    def _open(self, asked: Asked, entry: dict[str, Any]) -> None:
        if asked.article is None or not entry["shown"] or self.luck.random() > 0.8:
            return
        seconds = self.luck.randint(4, 40)
        entry |= {"clicked_id": entry["shown"][0], "clicked_place": 1,
                  "clicked_at": entry["at"] + timedelta(seconds=seconds)}
        if entry["place"] == "filing" and self.luck.random() < 0.5:
            entry["solved_at"] = entry["at"] + timedelta(seconds=seconds + 60)

    # What was sent on tickets

    def _sent(self) -> Iterator[dict[str, Any]]:
        """Solved tickets that were answered with an article: those who read it could."""
        for wanted, articles in self._published():
            types = [self._type(slug).id for slug in wanted.request_types]
            for row in self._solved(types) if wanted.visibility != "teams" else ():
                article = next((each for each in articles if each.language == row.language), None)
                if article and row.at > article.published_at and self.luck.random() < SENT_SHARE:
                    way = "solved" if self.luck.random() < 0.3 else "sent"
                    yield {"ticket_id": row.id, "article_id": article.id, "way": way, "by_id": row.by_id, "at": row.at}

    def _solved(self, types: list[int]) -> Sequence[Any]:
        return db.session.execute(
            sa.select(Ticket.id, Resolution.at, Resolution.by_id, User.language)
            .join(Resolution, Resolution.ticket_id == Ticket.id).join(User, User.id == Ticket.requester_id)
            .where(Ticket.origin == ORIGIN, Ticket.request_type_id.in_(types), Resolution.ended_at.is_(None),
                   Ticket.is_confidential.is_(False), User.is_customer.is_(False))
            .order_by(Ticket.id)
        ).all()
