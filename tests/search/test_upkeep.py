"""The index follows what is written, and is built anew when it is of no use; searches answer all the while."""

import shutil
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.core.db import db, is_sqlite
from app.kb import actions
from app.kb.actions import Text
from app.kb.queries import reader
from app.search import engine, folders, locks, rebuild
from app.search.find import find
from app.search.models import IndexChange
from app.search.postgres_models import IndexState
from app.search.upkeep import PATIENCE, STUBBORN, state
from tests import people
from tests.kb import readers

pytestmark = pytest.mark.slow


@pytest.fixture
def asel(desk):
    return people.user("asel", administrator=True)


@pytest.fixture
def whoosh(kept):
    """The folder of the index in use."""
    if not is_sqlite():
        pytest.skip("about Whoosh's files")
    return folders.current(engine.root())


def written(title, body=""):
    """An article, published and committed."""
    made = readers.article(title, body)
    db.session.commit()
    return made


def found(text, asel):
    """The titles, best first; from the index, not from the database."""
    results = find(text, reader(asel, "en"))
    assert results.from_index
    return [hit.card.title for hit in results.hits]


def answered(text, asel):
    """The titles, from wherever."""
    return [hit.card.title for hit in find(text, reader(asel, "en")).hits]


def waiting():
    return db.session.scalar(sa.select(sa.func.count()).select_from(IndexChange))


def test_an_article_is_found_after_one_turn(kept, asel, now):
    written("Printer stands still", "The toner is empty.")
    db.session.commit()
    assert kept.take_in(now) == 1
    assert found("toner", asel) == ["Printer stands still"]
    assert waiting() == 0


def test_what_changed_is_found_as_it_is_now(kept, asel, now):
    made = written("Printer stands still", "The toner is empty.")
    kept.take_in(now)
    actions.save(made, Text("Scanner stands still", "The lamp is dark."), asel)
    actions.publish(made, asel)
    db.session.commit()
    kept.take_in(now)
    assert found("lamp", asel) == ["Scanner stands still"]
    assert answered("toner", asel) == []
    assert engine.backend().count() == 1


def test_what_is_archived_is_out_after_one_turn(kept, asel, now):
    made = written("Printer stands still")
    kept.take_in(now)
    actions.archive(made, asel)
    db.session.commit()
    kept.take_in(now)
    assert engine.backend().count() == 0


def test_a_crowd_comes_in_over_several_turns(kept, monkeypatch, now):
    monkeypatch.setattr("app.search.upkeep.BATCH", 2)
    for n in range(5):
        written(f"Printer {n}")
    assert [kept.take_in(now) for _turn in range(4)] == [2, 2, 1, 0]
    assert engine.backend().count() == 5


def test_while_another_process_writes_the_turn_is_left_out(kept, now):
    written("Printer stands still")
    with locks.alone(locks.WRITING) as is_ours:
        assert is_ours
        assert kept.take_in(now) == 0
    assert kept.take_in(now) == 1


def test_without_an_index_the_rows_wait_until_it_is_built(keeper, asel, now, caplog):
    written("Printer stands still", "The toner is empty.")
    for _turn in range(3):
        assert keeper.take_in(now) == 0
    assert waiting() == 1
    assert len([line for line in caplog.messages if "cannot take in" in line]) == 1
    assert answered("toner", asel) == ["Printer stands still"]
    keeper.look_after(now)
    assert keeper.take_in(now) == 1
    assert found("toner", asel) == ["Printer stands still"]


def rubbish(folder):
    for path in folder.iterdir():
        if path.is_file():
            path.write_bytes(b"\x93rubbish\x00" * 50)


def one_segment(folder):
    """Only a few bytes in the middle of one file, its size and all else unchanged."""
    path = max(folder.glob("*.seg"), key=lambda each: each.stat().st_size)
    content = bytearray(path.read_bytes())
    content[len(content) // 2:len(content) // 2 + 8] = b"rubbish!"
    path.write_bytes(content)


def emptied(folder):
    for path in folder.iterdir():
        path.unlink()


def other_version(folder):
    (folder.parent / "CURRENT").write_text("0-abcdef12")


def of_other_data(folder):
    (folder / rebuild.ORIGIN).write_text("somewhere else")


@pytest.mark.parametrize("damage", [
    rubbish, one_segment, emptied, other_version, of_other_data, shutil.rmtree,
    pytest.param(lambda folder: shutil.rmtree(folder.parent), id="all_of_it"),
])
def test_a_damaged_index_is_built_anew_and_searches_go_on(kept, asel, now, damage):
    if not is_sqlite():
        pytest.skip("about Whoosh's files")
    written("Printer stands still", "The toner is empty.")
    kept.take_in(now)
    before = folders.current(engine.root())
    damage(before)
    assert answered("toner", asel) == ["Printer stands still"]
    kept.look_after(now)
    assert folders.current(engine.root()) != before
    assert found("toner", asel) == ["Printer stands still"]
    kept.look_after(now)
    assert len([path for path in engine.root().iterdir() if path.is_dir()]) <= 2


def test_an_index_in_use_is_left_alone(whoosh, kept, now):
    written("Printer stands still")
    kept.take_in(now)
    for _look in range(PATIENCE + 1):
        kept.look_after(now)
    assert folders.current(engine.root()) == whoosh


def test_an_index_that_lacks_something_for_a_while_is_built_anew(kept, asel, now):
    written("Scanner stands still")
    kept.take_in(now)
    written("Printer stands still", "The toner is empty.")
    db.session.execute(sa.delete(IndexChange))
    db.session.commit()
    for _look in range(PATIENCE - 1):
        kept.look_after(now)
    assert engine.backend().count() == 1
    kept.look_after(now)
    assert found("toner", asel) == ["Printer stands still"]


def test_an_index_that_holds_nothing_is_built_anew_at_once(kept, asel, now):
    written("Printer stands still", "The toner is empty.")
    db.session.execute(sa.delete(IndexChange))
    db.session.commit()
    kept.look_after(now)
    assert found("toner", asel) == ["Printer stands still"]


def test_an_index_that_is_only_behind_is_not(kept, now):
    written("Printer stands still")
    for _look in range(PATIENCE + 1):
        kept.look_after(now)
    assert engine.backend().count() == 0


def test_after_a_restore_the_index_is_built_of_what_came_back(kept, asel, now):
    written("Printer stands still", "The toner is empty.")
    kept.take_in(now)
    db.session.execute(sa.delete(IndexState))
    db.session.commit()
    kept.look_after(now)
    assert found("toner", asel) == ["Printer stands still"]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(IndexState)) == 1


def test_a_file_in_the_place_of_the_folder_stops_nobody(whoosh, kept, asel, now, caplog):
    written("Printer stands still", "The toner is empty.")
    shutil.rmtree(engine.root())
    engine.root().write_text("in the way")
    try:
        for _turn in range(3):
            assert kept.take_in(now) == 0
            kept.look_after(now)
        assert answered("toner", asel) == ["Printer stands still"]
        assert state()[0] is None and state()[1] is not None
        assert len([line for line in caplog.messages if "cannot be built" in line]) == 1
    finally:
        engine.root().unlink()
    kept.look_after(now)
    assert kept.take_in(now) == 1
    assert found("toner", asel) == ["Printer stands still"]


def test_an_index_that_takes_nothing_in_for_long_is_built_anew(whoosh, kept, asel, now):
    """Whoosh's own lock is held by somebody who does not write."""
    written("Printer stands still", "The toner is empty.")
    kept.failures = STUBBORN
    kept.look_after(now)
    assert folders.current(engine.root()) != whoosh
    assert found("toner", asel) == ["Printer stands still"]


def test_the_administrator_and_monitors_see_how_search_is(kept, asel, now, client):
    people.sign_in(client, asel)
    written("Printer stands still")
    kept.take_in(now)
    assert "The index holds 1 article." in client.get("/admin").text
    assert client.get("/healthz").json["search"] == "current"
    db.session.add(IndexChange(document_id=1, changed_at=now - timedelta(minutes=5)))
    assert "The index is behind since" in client.get("/admin").text
    assert client.get("/healthz").json["search"].startswith("behind since")
    other_version(engine.root() / "any") if is_sqlite() else db.session.execute(sa.delete(IndexState))
    assert "There is no index" in client.get("/admin").text
    assert client.get("/healthz").json["search"] == "no index: the database answers"
