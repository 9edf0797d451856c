"""How well questions are answered: a part of what `bin/bench search` measures, enough to notice what breaks it."""

import random
import shutil

import pytest

from app.core.db import is_sqlite
from app.search import engine, folders, registry
from app.search.find import find
from app.search.library import Reader
from app.search.whoosh_index import WhooshIndex

from . import measuring, questions
from .shelf import Shelf

pytestmark = pytest.mark.slow
OTHERS = 1_000
LEAST = {("en", "ALL"): (0.80, 0.88), ("ru", "ALL"): (0.78, 0.86), ("ky", "intent"): (0.60, 0.78),
         ("en", "repair"): (0.90, 0.93), ("ru", "repair"): (0.90, 0.93), ("ky", "repair"): (0.90, 0.93),
         ("en", "intent"): (0.55, 0.70), ("ru", "intent"): (0.55, 0.70)}


@pytest.fixture(scope="module")
def scores(app, tmp_path_factory):
    """Of every second question of search-eval, among the articles they are about and a thousand others."""
    from pathlib import Path

    shared = Path(__file__).resolve().parents[3] / "shared"
    if not (shared / "search-eval").is_dir():
        pytest.skip("no ../shared beside this checkout")
    if not is_sqlite_app(app):
        pytest.skip("the bench measures PostgreSQL")
    try:
        held = questions.articles(shared)
    except OSError as error:
        pytest.skip(str(error))
    asked = questions.given(shared, held)[::2]
    with app.app_context():
        yield _measured(_some(held, asked), asked)


def is_sqlite_app(app):
    with app.app_context():
        return is_sqlite()


def _some(held, asked):
    wanted = {name for one in asked for name in one.expected}
    others = [one for one in held if one["id"] not in wanted and one["lang"] != "ky"]
    chosen = random.Random(5).sample(others, OTHERS)
    return [one for one in held if one["id"] in wanted or one["lang"] == "ky"] + chosen


def _measured(held, asked):
    documents = questions.documents(held)
    root, library = engine.root(), registry.library
    folder = folders.new(root)
    WhooshIndex.create(folder).fill(documents)
    folders.switch(root, folder)
    registry.library = Shelf(*documents)
    try:
        places = {one["id"]: number for number, one in enumerate(held, 1)}
        return measuring.measure(asked, places, lambda one: [
            hit.card.id for hit in find(one.text, Reader(one.language, frozenset({"public"}))).hits])
    finally:
        registry.library = library
        shutil.rmtree(root, ignore_errors=True)


@pytest.mark.parametrize("key", LEAST, ids=" ".join)
def test_questions_are_answered_as_well_as_they_were(scores, key):
    assert scores[key].mrr >= LEAST[key][0]
    assert scores[key].success >= LEAST[key][1]


def test_hardly_a_question_finds_nothing(scores):
    assert all(score.empty <= 0.01 for score in scores.values())
