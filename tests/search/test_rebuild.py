"""Building anew: whatever happens meanwhile is in the index afterwards."""

import pytest
import sqlalchemy as sa

from app.core.db import db, is_sqlite
from app.kb import actions
from app.kb.actions import Text
from app.search import engine, locks, rebuild
from app.search.backend import Unusable
from app.search.models import IndexChange
from app.search.postgres_models import IndexDocument
from tests.search.test_upkeep import answered, asel, found, waiting, written  # noqa: F401 - a fixture

pytestmark = pytest.mark.slow


def meanwhile(*deeds):
    """Something to do after each batch was read and before it is written."""
    todo = list(deeds)

    def look():
        if todo:
            todo.pop(0)()
        return True

    return look


@pytest.fixture
def three(kept, now):
    """Three articles in the index, which is built anew one by one."""
    made = [written(f"Printer {word}", f"It is {word}.") for word in ("white", "black", "green")]
    kept.take_in(now)
    return made


@pytest.fixture
def one_by_one(monkeypatch):
    monkeypatch.setattr(rebuild, "BATCH", 1)


def reword(article, word):
    actions.save(article, Text(f"Printer {word}", f"It is {word}."), None)
    actions.publish(article, None)
    db.session.commit()


def test_what_changes_after_it_was_read_is_in_the_new_index(three, kept, asel, one_by_one, now):  # noqa: F811
    def change():
        reword(three[0], "violet")
        assert kept.take_in(now) == 1
        assert found("violet", asel) == ["Printer violet"]
        assert waiting() == 1

    def look_again():
        assert kept.take_in(now) == 0
        assert waiting() == 1

    rebuild.run(meanwhile(change, look_again))
    assert kept.take_in(now) == 1
    assert found("violet", asel) == ["Printer violet"]
    assert answered("white", asel) == []
    assert waiting() == 0


def test_what_is_archived_meanwhile_is_not_in_the_new_index(three, kept, one_by_one, now):
    def change():
        actions.archive(three[0], None)
        db.session.commit()
        kept.take_in(now)

    rebuild.run(meanwhile(lambda: None, change))
    kept.take_in(now)
    assert engine.backend().count() == 2


def test_what_a_leader_that_died_had_taken_in_is_taken_in_again(three, kept, asel, one_by_one, now):  # noqa: F811
    def change():
        reword(three[0], "violet")
        kept.take_in(now)

    rebuild.run(meanwhile(change))
    assert type(kept)().take_in(now) == 1
    assert found("violet", asel) == ["Printer violet"]


def test_the_old_index_answers_until_the_new_one_is_whole(three, kept, asel, one_by_one):  # noqa: F811
    seen = []

    def look():
        seen.append(engine.backend().count())
        assert found("green", asel) == ["Printer green"]

    assert rebuild.run(meanwhile(look, look, look)) == 3
    assert seen == [3, 3, 3]


def test_only_one_builds(three, monkeypatch):
    monkeypatch.setattr(rebuild, "WAIT_SECONDS", 0)
    with locks.alone(locks.REBUILDING):
        assert rebuild.begin() is False
        with pytest.raises(rebuild.Busy):
            rebuild.run()
    assert rebuild.begin() is True


def test_a_builder_that_is_sent_away_changes_nothing(three, kept, asel, one_by_one, now):  # noqa: F811
    answers = iter([True, False])
    with pytest.raises((rebuild.Leaving, Unusable)):
        rebuild.run(lambda: next(answers))
    assert found("white", asel) == ["Printer white"]
    assert not locks.is_held(locks.REBUILDING)
    assert rebuild.run() == 3


def test_nothing_of_older_indexes_stays(three, kept, one_by_one):
    answers = iter([True, False])
    with pytest.raises((rebuild.Leaving, Unusable)):
        rebuild.run(lambda: next(answers))
    rebuild.run()
    rebuild.run()
    if is_sqlite():
        assert len([path for path in engine.root().iterdir() if path.is_dir()]) <= 2
    else:
        assert len(db.session.scalars(sa.select(IndexDocument.generation).distinct()).all()) == 1


def test_the_command_says_how_many_and_check_whether_all_is_there(three, kept, desk):
    runner = desk.test_cli_runner()
    assert "3 documents" in runner.invoke(args=["search", "rebuild"]).output
    done = runner.invoke(args=["search", "check"])
    assert (done.exit_code, "all 3" in done.output) == (0, True)
    written("Printer yellow")
    db.session.execute(sa.delete(IndexChange))
    db.session.commit()
    done = runner.invoke(args=["search", "check"])
    assert (done.exit_code, "3 documents of 4" in done.output) == (1, True)
