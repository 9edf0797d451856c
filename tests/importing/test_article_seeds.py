"""The two seed texts, taken in by the mapping of the documentation, are found among thousands of other articles by
questions as people ask them: seed_questions.tsv holds language, beginnings or parts of titles that answer, question."""

from pathlib import Path
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from flask_login import AnonymousUserMixin

from app.core import clock
from app.core.db import db
from app.importing import article_folder, article_mapping
from app.importing.article_import import import_articles
from app.kb.models import Article, ArticleVersion
from app.search import rebuild
from app.search.find import find, search_text
from app.search.library import Reader
from tests.conftest import rolled_back
from tests.search import questions

ROOT = Path(__file__).resolve().parents[2]
MAPPING = ROOT / "docs" / "examples" / "seeds.toml"
SEEDS = ROOT.parent / "shared" / "seeds"
LEAST = {"ky": 0.9, "ru": 0.9}
"""Of the questions, this share finds its article among the first five."""

pytestmark = [pytest.mark.slow,
              pytest.mark.skipif(not SEEDS.is_dir(), reason="no ../shared/seeds beside this checkout")]


@pytest.fixture(scope="module")
def gathered():
    return article_folder.gather(SEEDS, article_mapping.read(MAPPING))


def test_an_article_for_each_heading(gathered):
    languages = [wanted.language for wanted in gathered.wanted]
    assert (languages.count("ky"), languages.count("ru")) == (9, 37)
    assert not gathered.left
    assert len({wanted.title for wanted in gathered.wanted}) == 46


def test_menus_news_and_people_are_left_out(gathered):
    everything = "\n".join(f"{wanted.title}\n{wanted.body}" for wanted in gathered.wanted)
    for unwanted in ("Лефлер", "226-69-00", "Сегодня воскресенье", "Внимание! Сайт", "Рекоменд", "Попробуйте бесплатно",
                     "Зарегистрируйтесь", "Добавить комментарий", "адрес email", "PROS CONS"):
        assert unwanted not in everything


def test_nothing_else_is_lost(gathered):
    """Each long line of the sources stands in an article, but for those the mapping names."""
    everything = {line.strip("- ") for wanted in gathered.wanted for line in wanted.body.splitlines()}
    for path in sorted(SEEDS.glob("00*.txt")):
        lines = [" ".join(line.split()).lstrip("• ") for line in path.read_text("utf-8").splitlines()]
        lost = [line for line in lines if len(line) > 230 and line not in everything]
        assert not lost


def asked():
    lines = (Path(__file__).parent / "seed_questions.tsv").read_text("utf-8").splitlines()
    return [SimpleNamespace(language=language, titles=titles.split("|"), text=text)
            for language, titles, text in (line.split("\t") for line in lines)]


@pytest.fixture(scope="module")
def found(app):
    """(question, titles of the first five) among the articles of search-eval."""
    try:
        documents = questions.documents(questions.articles(ROOT.parent / "shared"))
    except OSError as error:
        pytest.skip(f"search-eval cannot be built here: {error}")
    with rolled_back(app), pytest.MonkeyPatch.context() as patch:
        patch.setattr(rebuild, "PAUSE_SECONDS", 0)
        _publish(documents)
        import_articles(SEEDS, article_mapping.read(MAPPING), None, clock.now())
        rebuild.run()
        yield [(one, [hit.card.title for hit in _find(one).hits[:5]]) for one in asked()]


def _publish(documents):
    now = clock.now()
    about = {"version": 1, "visibility": "public", "state": "published", "created_at": now, "updated_at": now}
    db.session.execute(sa.insert(Article), [
        about | {"id": one.id, "slug": f"a{one.id}", "language": one.language,
                 "search_text": search_text(one.title, one.body, one.language)} for one in documents])
    db.session.execute(sa.insert(ArticleVersion), [
        {"id": one.id, "article_id": one.id, "number": 1, "title": one.title[:200], "body": one.body,
         "plain": one.body, "created_at": now} for one in documents])
    db.session.execute(sa.update(Article).values(published_id=Article.id, latest_id=Article.id))
    if db.session.get_bind().dialect.name == "postgresql":
        for table in ("articles", "article_versions"):
            db.session.execute(sa.text(f"SELECT setval('{table}_id_seq', {len(documents)})"))
    db.session.commit()


def _find(one):
    return find(one.text, Reader(one.language, frozenset({"public"}), AnonymousUserMixin()))


@pytest.mark.long
@pytest.mark.parametrize("language", ["ky", "ru"])
def test_questions_find_their_article_among_the_first_five(found, language):
    mine = [(one, titles) for one, titles in found if one.language == language]
    missed = [f"{one.text}: {titles}" for one, titles in mine
              if not any(part in title for part in one.titles for title in titles)]
    assert len(mine) >= 25
    assert 1 - len(missed) / len(mine) >= LEAST[language], "\n".join(missed)
