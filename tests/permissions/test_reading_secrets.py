"""By the side doors of the knowledge base: searching, half words, mistyped words, counts, lists, what has just changed.
All of it with an index and without one."""

import re
import shutil

import pytest
import sqlalchemy as sa

from app.core import clock
from app.core.db import db
from app.kb import actions
from app.kb.actions import Facts
from app.kb.models import Article
from app.search import engine, rebuild
from app.search.aside import aside
from app.search.upkeep import Upkeep

from .identities import IDENTITIES
from .reading_plants import COMMON, RARE
from .reading_table import ARTICLES

pytestmark = pytest.mark.slow
FINDING = ("kb.search_list", "kb.suggestion_list")
LISTS = ("kb.portal", "kb.sitemap_show")


@pytest.fixture(autouse=True)
def nothing_remembered():
    yield
    aside.forget()


@pytest.fixture(scope="module", params=["index", "no index"], autouse=True)
def index(request, door):
    """The desk with an index that knows all articles, and with none."""
    shutil.rmtree(engine.root(), ignore_errors=True)
    if request.param == "index":
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(rebuild, "PAUSE_SECONDS", 0)
            Upkeep().look_after(clock.now())
        db.session.commit()
    yield request.param
    shutil.rmtree(engine.root(), ignore_errors=True)


def leaks(door, who, endpoint, **query):
    """What an answer tells that is not for this person; a link tells that there is an article."""
    answer = door.get(who, endpoint, **query)
    assert answer.status == 200, answer.text[:300]
    linked = {name for name, readers in ARTICLES.items() if not readers[who]
              and f"/kb/{door.plants.things[f'article-{name}']['slug']}" in answer.text}
    return [(endpoint, query, leak) for leak in (door.told(answer) - door.known_to(who)) | linked]


@pytest.mark.parametrize("who", IDENTITIES)
def test_who_asks_for_everything_finds_what_is_theirs(door, who):
    text = door.get(who, "kb.search_list", q=COMMON).text
    found = {name for name in ARTICLES if f"/kb/{door.plants.things[f'article-{name}']['slug']}" in text}
    assert found == {name for name, readers in ARTICLES.items() if readers[who]}
    assert int(re.search(r"(\d+) articles?</p>|(\d+) articles?\s", text)[0].split()[0]) == len(found)


@pytest.mark.parametrize("who", IDENTITIES)
def test_half_and_mistyped_words_hint_at_nothing(door, who):
    words = [typed for word in RARE.values()
             for typed in (word, word[:-1], word[:6], word[0] + word[2] + word[1] + word[3:])]
    leaked = [leak for endpoint in FINDING for word in words for leak in leaks(door, who, endpoint, q=word)]
    assert leaked == []


def test_who_may_read_it_is_told_the_right_word(door, index):
    text = door.get("aigul", "kb.search_list", q="quetzalcoatlis").text
    assert "quetzalcoatlus" in text or index == "no index"


@pytest.mark.parametrize("who", IDENTITIES)
def test_lists_and_relatives_name_nothing_else(door, who):
    leaked = [leak for endpoint in LISTS for leak in leaks(door, who, endpoint)]
    page = door.get(who, "kb.article_show", "article-public")
    assert leaked == [] and not door.told(page) - door.known_to(who)


@pytest.mark.parametrize("who", ["anonymous", "customer"])
def test_what_was_public_a_moment_ago_is_gone_everywhere(door, who):
    """The index still knows it as public."""
    slug, rare = door.plants.things["article-public"]["slug"], RARE["public"]
    article = db.session.scalar(sa.select(Article).where(Article.slug == slug))
    actions.change_facts(article, Facts("en", "staff", article.category), None, clock.now())
    db.session.commit()
    try:
        for endpoint, query in [*((endpoint, {}) for endpoint in LISTS), *(
                (endpoint, {"q": word}) for endpoint in FINDING for word in (COMMON, rare[:-1], rare[:6]))]:
            answer = door.get(who, endpoint, **query)
            assert f"/kb/{slug}" not in answer.text, (endpoint, query)
            assert rare not in answer.text and not {word for word in door.told(answer) if "public" in word}
        assert door.get(who, "kb.article_show", "article-public").status in (302, 404)
        assert door.get(who, "kb.category_show", "shelf-public").status in (302, 404)
    finally:
        db.session.execute(sa.update(Article).where(Article.slug == slug).values(visibility="public"))
        db.session.commit()
