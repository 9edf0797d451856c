"""The knowledge base of the sample as data: reads data/articles.toml and the texts beside it, and checks both. Pure."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from app.importing.sample.content import DATA, ContentError, SampleContent
from app.importing.sample.content_shapes import LANGUAGES, Text


@dataclass(frozen=True)
class Words:
    """What an article says in one language."""

    title: str
    body: str

    @property
    def before(self) -> str:
        """What it said before its last part was added."""
        return self.body.rpartition("\n## ")[0].strip() or self.body


@dataclass(frozen=True)
class Said:
    """What a reader found wanting."""

    reason: str
    comment: str


@dataclass(frozen=True)
class SampleCategory:
    slug: str
    name: Text


@dataclass(frozen=True)
class SampleArticle:
    key: str
    category: str
    languages: tuple[str, ...]
    """The original first."""
    owner: str
    made_days: int
    texts: Mapping[str, Words]
    visibility: str = "staff"
    teams: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    request_types: tuple[str, ...] = ()
    renewed_days: int | None = None
    outdated: tuple[str, ...] = ()
    states: Mapping[str, str] = field(default_factory=dict)
    review_days: int | None = None
    reads: int = 0
    helpful: int = 0
    unhelpful: tuple[Said, ...] = ()


@dataclass(frozen=True)
class Asked:
    """Something people searched for: what they were shown, opened, typed next, filed."""

    words: str
    language: str
    times: int
    article: str | None = None
    shows: tuple[str, ...] = ()
    filed_type: str | None = None
    filed_times: int = 0
    instead: str | None = None


@dataclass(frozen=True)
class Knowledge:
    categories: tuple[SampleCategory, ...]
    articles: tuple[SampleArticle, ...]
    searches: tuple[Asked, ...]


@cache
def load() -> Knowledge:
    raw = tomllib.loads((DATA / "articles.toml").read_text("utf-8"))
    return Knowledge(
        tuple(SampleCategory(row["slug"], Text(**row["name"])) for row in raw["categories"]),
        tuple(_article(row) for row in raw["articles"]), tuple(_asked(row) for row in raw["searches"]))


def _article(row: dict[str, Any]) -> SampleArticle:
    listed = {key: tuple(value) if isinstance(value, list) else value for key, value in row.items()}
    unhelpful = tuple(Said(**said) for said in listed.pop("unhelpful", ()))
    texts = {language: _words(row["key"], language) for language in row["languages"]}
    visibility = "teams" if "teams" in row else listed.pop("visibility", "staff")
    return SampleArticle(**listed, texts=texts, unhelpful=unhelpful, visibility=visibility)


def _words(key: str, language: str) -> Words:
    title, _, body = (DATA / "articles" / f"{key}.{language}.md").read_text("utf-8").partition("\n")
    return Words(title.removeprefix("# ").strip(), body.strip())


def _asked(row: dict[str, Any]) -> Asked:
    filed = row.pop("filed", {})
    shows = tuple(row.pop("shows", ()))
    return Asked(**row, shows=shows, filed_type=filed.get("type"), filed_times=filed.get("times", 0))


def mistakes(knowledge: Knowledge, content: SampleContent) -> Iterator[str]:
    """A sentence for each reference that leads nowhere."""
    slugs = {"category": {each.slug for each in knowledge.categories},
             "owner": {each.slug for each in content.organisation.people},
             "team": {each.slug for each in content.organisation.teams},
             "request type": {each.slug for each in content.request_types},
             "article": {each.key for each in knowledge.articles}, "language": set(LANGUAGES)}
    for where, kind, slug in _references(knowledge):
        if slug is not None and slug not in slugs[kind]:
            yield f"{where}: there is no {kind} {slug!r}"


def _references(knowledge: Knowledge) -> Iterator[tuple[str, str, str | None]]:
    for article in knowledge.articles:
        yield article.key, "category", article.category
        yield article.key, "owner", article.owner
        for kind, found in (("team", article.teams), ("request type", article.request_types),
                            ("language", article.languages)):
            yield from ((article.key, kind, slug) for slug in found)
    for asked in knowledge.searches:
        yield asked.words, "article", asked.article
        yield asked.words, "request type", asked.filed_type
        yield from ((asked.words, "article", key) for key in asked.shows)


def checked(content: SampleContent) -> Knowledge:
    """Raises ContentError where the files contradict themselves."""
    knowledge = load()
    if found := list(mistakes(knowledge, content)):
        raise ContentError("\n".join(found))
    return knowledge
