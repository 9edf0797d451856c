"""Searching: a page of results with an address of its own, and the few lines while somebody types."""

from dataclasses import dataclass
from typing import Any

from flask import render_template, request, url_for

from app.core.access import asks
from app.core.markup import clean_line
from app.search import log
from app.search.find import MOST, Hit, Results, Wanted, find, suggest

from .. import bp, queries, reads, shelves
from ..models import Category
from . import _readers
from ._readers import for_readers, me, my_language

LONGEST = 300
"""Characters of a question; what is beyond is left out and the page says so."""
SIZE = 10
SUGGESTED = 5
NARROWED = 8


@dataclass(frozen=True)
class Question:
    """What was asked, as the address says it: the same for everybody who opens it."""

    words: str
    is_cut: bool
    category: Category | None
    language: str | None
    literal: bool
    page: int
    token: str | None

    @property
    def wanted(self) -> Wanted:
        return Wanted((self.page - 1) * SIZE, SIZE, self.category.id if self.category else None, self.language,
                      self.literal)

    def address(self, **other: Any) -> str:
        """The address of the same question with something else about it; the first page needs no number."""
        parts: dict[str, Any] = {
            "q": self.words, "category": self.category.slug if self.category else None, "language": self.language,
            "literal": 1 if self.literal else None, "page": None, "s": self.token, **other}
        return url_for("kb.search_list", **parts)


def _question(categories: list[Category]) -> Question:
    words, slug = clean_line(request.args.get("q", "")), request.args.get("category")
    return Question(
        words[:LONGEST].strip(), len(words) > LONGEST, next((one for one in categories if one.slug == slug), None),
        _readers.chosen_language(), request.args.get("literal") == "1",
        _readers.whole(request.args.get("page"), 1, MOST // SIZE, 1), _readers.asked_token())


@bp.get("/kb/search")
@for_readers
@asks("public")
def search_list():
    """Nothing asked: the front of it. Something asked: what was found, or where to go instead."""
    _readers.brake(_readers.PAGES)
    person, tree = me(), shelves.shelves(me())
    categories = [shelf.category for top in tree for shelf in (top, *top.below)]
    question = _question(categories)
    if not question.words:
        return render_template("kb/search.html", question=question, results=None, shelves=tree)
    results = find(question.words, queries.reader(person, my_language()), question.wanted)
    token = question.token or _noted(question, results)
    return render_template(
        "kb/search.html", question=question, results=results, token=token, shelves=tree, lines=_lines(results.hits),
        categories=_filled(categories, results, question),
        names={one.id: one for one in categories}, pages=min(-(-results.total // SIZE), MOST // SIZE))


def _filled(categories: list[Category], results: Results, question: Question) -> list[tuple[Category, int]]:
    """The categories with most of the hits, as they stand on the front page; the chosen one in any case."""
    filled = [one for one in categories if results.categories.get(one.id)]
    most = sorted(filled, key=lambda one: -results.categories[one.id])[:NARROWED]
    return [(one, results.categories[one.id]) for one in filled if one in most or one is question.category]


def _noted(question: Question, results: Results) -> str | None:
    """Remember the search. Another page of it, or a part, is the same search: it comes with its token."""
    if not reads.is_person(request):
        return None
    return log.note(question.words, results.total, [hit.card.id for hit in results.hits], results.shown_for, "page",
                    my_language(), me(), log.visitor(), request.args.get("follows"))


def _lines(hits: list[Hit]) -> list[tuple[str, Hit]]:
    """Each hit with the short name of its article."""
    slugs = shelves.addresses([hit.card.id for hit in hits], me())
    return [(slugs[hit.card.id], hit) for hit in hits if hit.card.id in slugs]


@bp.get("/kb/suggestions")
@for_readers
@asks("public")
def suggestion_list():
    """A piece of a page: the best few for what is typed so far."""
    _readers.brake(_readers.PARTS)
    words = clean_line(request.args.get("q", ""))[:LONGEST].strip()
    hits = suggest(words, queries.reader(me(), my_language()), SUGGESTED) if words else []
    token = _told(words, hits) if words else None
    return render_template("kb/_suggestions.html", lines=_lines(hits), token=token, words=words)


def _told(words: str, hits: list[Hit]) -> str | None:
    """The log itself sees that one word more is the same search."""
    if not reads.is_person(request):
        return None
    return log.note(words, len(hits), [hit.card.id for hit in hits], None, "typing", my_language(), me(), log.visitor())
