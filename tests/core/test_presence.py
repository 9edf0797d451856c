"""Who is where: rows that stand only as long as somebody says so, and what each page may show of them."""

import time
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest

from app.core import presence
from app.core.presence import BEAT_SECONDS, LINGERS_SECONDS, STANDS_SECONDS, TYPING_SECONDS, Watcher

AIGUL, BAKYT = SimpleNamespace(id=1, name="Aigul"), SimpleNamespace(id=2, name="Bakyt")
NOW = 1_800_000_000.0


@pytest.fixture
def store(inside):
    return presence.store()


def names(store, now=NOW, place=7):
    return sorted((sight.name, sight.doing) for sight in store.at(place, now))


def come(store, person=AIGUL, topic="ticket:7", token="t1", held=True):
    store.come(token, [topic], person, NOW + STANDS_SECONDS, held)


def test_who_comes_is_there_until_the_row_runs_out(store):
    come(store)
    assert names(store) == [("Aigul", "")]
    assert names(store, place=8) == []
    assert names(store, NOW + STANDS_SECONDS) == []


def test_a_beat_keeps_the_rows_of_this_process_and_no_others(store):
    come(store)
    come(store, BAKYT, token="poll:2", held=False)
    store.beat(NOW + 20)
    assert names(store, NOW + 30) == [("Aigul", "")]
    assert names(store, NOW + 20 + STANDS_SECONDS) == []


def test_what_a_killed_process_left_is_swept_within_half_a_minute(store):
    come(store)
    store.process = "another"
    store.beat(NOW + STANDS_SECONDS + 1)
    with store.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM presences").scalar() == 0
    assert STANDS_SECONDS + BEAT_SECONDS / 2 <= 30


def test_who_leaves_lingers_for_the_time_of_a_page_load(store):
    come(store)
    store.leave("t1", NOW)
    assert names(store, NOW + LINGERS_SECONDS - 0.1) == [("Aigul", "")]
    assert names(store, NOW + LINGERS_SECONDS) == []
    store.beat(NOW + 1)
    assert names(store, NOW + LINGERS_SECONDS) == []


def test_typing_ends_by_itself_and_when_told(store):
    store.types(7, "ticket", AIGUL, "reply", NOW)
    assert names(store, NOW + TYPING_SECONDS - 0.1) == [("Aigul", "reply")]
    assert names(store, NOW + TYPING_SECONDS) == []
    store.types(7, "ticket", AIGUL, "note", NOW)
    assert names(store) == [("Aigul", "note")]
    store.types(7, "ticket", AIGUL, "", NOW)
    assert names(store) == []


def test_a_topic_without_presence_leaves_no_row(store):
    come(store, topic="queue:7")
    assert names(store) == []


def test_the_requesters_page_shows_who_writes_a_reply_and_nothing_else(store):
    come(store)
    store.types(7, "ticket", BAKYT, "note", NOW)
    assert presence.seen_on("request:7", store.at(7, NOW)) == []
    store.types(7, "ticket", BAKYT, "reply", NOW)
    assert [sight.name for sight in presence.seen_on("request:7", store.at(7, NOW))] == ["Bakyt"]


def test_a_mark_changes_with_the_others_only(store):
    come(store)
    before = presence.mark("ticket:7", store.at(7, NOW), AIGUL.id)
    store.types(7, "ticket", AIGUL, "reply", NOW)
    assert presence.mark("ticket:7", store.at(7, NOW), AIGUL.id) == before
    come(store, BAKYT, token="t2")
    assert presence.mark("ticket:7", store.at(7, NOW), AIGUL.id) != before


class TestWatcher:
    @pytest.fixture
    def watcher(self, store, monkeypatch):
        watcher = Watcher(store)
        monkeypatch.setattr(watcher._pulse, "changed", lambda: True)
        yield watcher
        watcher.close()

    def test_who_comes_and_goes_is_told_on_the_topics_that_show_it(self, store, watcher):
        watcher.look(NOW)
        come(store)
        assert watcher.look(NOW + 1) == {"ticket:7": {AIGUL.id}}
        store.leave("t1", NOW + 1)
        assert watcher.look(NOW + 2) == {}
        assert watcher.look(NOW + 4) == {"ticket:7": {AIGUL.id}}

    def test_a_note_makes_no_sound_on_the_requesters_page(self, store, watcher):
        watcher.look(NOW)
        store.types(7, "ticket", AIGUL, "note", NOW)
        assert set(watcher.look(NOW + 1)) == {"ticket:7"}
        store.types(7, "ticket", AIGUL, "reply", NOW + 1)
        assert set(watcher.look(NOW + 2)) == {"ticket:7", "request:7"}

    def test_what_runs_out_is_noticed_without_a_write(self, store, watcher, monkeypatch):
        store.types(7, "ticket", AIGUL, "reply", NOW)
        watcher.look(NOW)
        monkeypatch.setattr(watcher._pulse, "changed", lambda: False)
        assert watcher.look(NOW + 1) == {}
        assert set(watcher.look(NOW + TYPING_SECONDS + 0.1)) == {"ticket:7", "request:7"}


def test_nobody_is_shown_where_the_store_cannot_be_read(store, monkeypatch):
    come(store)
    with store.engine.connect() as connection:
        connection.exec_driver_sql("DROP TABLE presences")
    assert store.at(7, NOW) == []
    come(store)


def test_those_who_ask_first_at_once_share_one_engine_and_one_name(store, monkeypatch):
    fresh = presence.Store(store._url, store._folder)
    connect = fresh._connect
    monkeypatch.setattr(fresh, "_connect", lambda: time.sleep(0.05) or connect())
    with ThreadPoolExecutor(4) as threads:
        made = list(threads.map(lambda _n: (fresh.engine, fresh.process), range(4)))
    assert len(set(made)) == 1
    fresh.engine.dispose()
