"""What leaves the process leaves at least once, in its order, and never holds the others up."""

import signal
from datetime import timedelta

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError

from app.core import clock, outbox
from app.core.db import db
from app.core.outbox import LEASE_SECONDS, MAX_ATTEMPTS, OutboxRow, PermanentFailure, drain, enqueue
from app.core.registries import HANDLERS
from app.core.settings import SettingRow

from .conftest import at_once, process

NOW = clock.now()


def soon(**later):
    return clock.now() + timedelta(**(later or {"seconds": 1}))


def note(number, kind="note", **about):
    """The id of a new row, committed."""
    row = enqueue(kind, number=number, **about)
    db.session.commit()
    return row.id


def now_of(row_id):
    """The row as it stands; the drain lets go of every object it finds."""
    return db.session.get(OutboxRow, row_id, populate_existing=True)


def handler(monkeypatch, handle):
    monkeypatch.setitem(HANDLERS, "note", handle)


@pytest.fixture
def broken(monkeypatch):
    """The handler refuses whatever number is in this set; the rest is written down."""
    refused, given_to = {1}, []

    def handle(row, now):
        if row.payload["number"] in refused:
            raise OSError("the relay is down")
        given_to.append(row.payload["number"])

    handler(monkeypatch, handle)
    return refused, given_to


def test_row_is_delivered_once(desk, delivered):
    row_id = note(1)
    assert (drain(soon(), "me"), drain(soon(), "me")) == (1, 0)
    row = now_of(row_id)
    assert delivered == [1]
    assert (row.state, row.attempts, row.leased_until) == ("done", 1, None)


def test_what_is_rolled_back_is_never_sent(desk, delivered):
    enqueue("note", number=1)
    db.session.rollback()
    assert drain(soon(), "me") == 0


def test_what_is_for_later_waits(desk, delivered):
    note(1, at=soon(hours=1))
    assert drain(soon(), "me") == 0
    assert drain(soon(hours=2), "me") == 1


def test_handler_sits_in_no_transaction(desk, monkeypatch):
    held = []
    handler(monkeypatch, lambda row, now: held.append((db.session().in_transaction(), row.payload, row.event)))
    note(1)
    drain(soon(), "me")
    assert held == [(False, {"number": 1}, None)]


def test_lane_keeps_its_order_and_lanes_do_not_wait_for_each_other(desk, delivered):
    for number, lane in enumerate(["a", "a", "b", "", ""], 1):
        note(number, lane=lane)
    drain(soon(), "me")
    assert delivered == [1, 3, 4, 5]
    drain(soon(), "me")
    assert delivered[-1] == 2


def test_failure_holds_up_its_own_lane_only(desk, broken):
    refused, given_to = broken
    note(1, lane="a"), note(2, lane="a"), note(3, lane="b")
    drain(soon(), "me")
    drain(soon(), "me")
    assert given_to == [3]
    refused.clear()
    drain(soon(minutes=1), "me")
    drain(soon(minutes=1), "me")
    assert given_to == [3, 1, 2]


def test_dead_letter_frees_its_lane(desk, monkeypatch, delivered):
    def refuse_first(row, now):
        if row.payload["number"] == 1:
            raise PermanentFailure("no such address")
        delivered.append(row.payload["number"])

    handler(monkeypatch, refuse_first)
    first = note(1, lane="a")
    note(2, lane="a")
    drain(soon(), "me")
    drain(soon(), "me")
    first = now_of(first)
    assert (first.state, first.last_error) == ("dead", "PermanentFailure: no such address")
    assert delivered == [2]


def test_failed_row_waits_longer_each_time_and_dies_in_the_end(desk, broken):
    row_id, now, waits = note(1), soon(), []
    for _ in range(MAX_ATTEMPTS):
        assert drain(now, "me") == 1
        row = now_of(row_id)
        waits.append(row.available_at - now)
        assert drain(now, "me") == 0
        now = max(now, row.available_at)
    assert (row.state, row.attempts, row.last_error) == ("dead", MAX_ATTEMPTS, "OSError: the relay is down")
    assert waits[:3] == sorted(waits[:3]) and waits[0] >= timedelta(seconds=5)
    assert drain(now + timedelta(days=9), "me") == 0


@given(st.integers(1, 60))
def test_back_off_is_at_least_doubled_and_capped(attempts):
    seconds = outbox.backoff(attempts).total_seconds()
    least = min(5 * 2 ** (attempts - 1), 3600)
    assert least <= seconds <= least * 1.2


def test_kind_nobody_handles_is_kept_for_a_later_version(desk):
    row_id = note(1, kind="carrier_pigeon")
    drain(soon(), "me")
    row = now_of(row_id)
    assert (row.state, row.attempts) == ("waiting", 1)
    assert "carrier_pigeon" in row.last_error


def test_dead_row_can_be_tried_again_once(desk, monkeypatch, broken):
    refused, given_to = broken
    row_id = note(1)
    db.session.execute(sa.update(OutboxRow).values(state="dead", attempts=12))
    assert outbox.retry(row_id, NOW) is True
    assert outbox.retry(row_id, NOW) is False
    db.session.commit()
    refused.clear()
    drain(soon(), "me")
    row = now_of(row_id)
    assert (given_to, row.state, row.attempts) == ([1], "done", 1)


def test_delivered_row_is_not_tried_again(desk, delivered):
    row = note(1)
    drain(soon(), "me")
    assert outbox.retry(row, NOW) is False


def test_what_a_handler_writes_stands_or_falls_with_its_row(desk, monkeypatch):
    def half_done(row, now):
        db.session.add(SettingRow(name=f"trial.{row.payload['number']}", value=1))
        db.session.flush()
        if row.payload["number"] == 1:
            raise OSError("too early")

    handler(monkeypatch, half_done)
    note(1), note(2)
    drain(soon(), "me")
    assert db.session.get(SettingRow, "trial.1") is None
    assert db.session.get(SettingRow, "trial.2") is not None


def test_handler_that_breaks_the_session_harms_only_its_row(desk, monkeypatch, delivered):
    def twice(row, now):
        if row.payload["number"] == 1:
            db.session.add_all([SettingRow(name="trial.same", value=1), SettingRow(name="trial.same", value=2)])
        else:
            delivered.append(row.payload["number"])

    handler(monkeypatch, twice)
    bad = note(1)
    note(2)
    drain(soon(), "me")
    assert delivered == [2]
    bad = now_of(bad)
    assert bad.state == "waiting" and "IntegrityError" in bad.last_error


def test_error_text_is_stored_whatever_is_in_it(desk, monkeypatch, caplog):
    caplog.set_level("CRITICAL")  # a report with half a character in it cannot travel between pytest's processes

    def fail(row, now):
        raise PermanentFailure("550 \0 \udcff " + "x" * 5000)

    handler(monkeypatch, fail)
    row_id = note(1)
    drain(soon(), "me")
    row = now_of(row_id)
    assert row.state == "dead" and row.last_error.startswith("PermanentFailure: 550  ? xxx")


def test_same_key_is_refused_for_ever(desk, delivered):
    note(1, key="mail:1:2")
    drain(soon(), "me")
    outbox.sweep_done(soon(days=365))
    with pytest.raises(IntegrityError), db.session.begin_nested():
        enqueue("note", key="mail:1:2", number=2)
        db.session.flush()


def test_delivered_rows_are_forgotten_but_for_their_keys(desk, broken):
    note(1), note(2), note(3, key="once")
    drain(soon(), "me")
    assert outbox.sweep_done(soon(days=-1)) == 0
    assert outbox.sweep_done(soon(days=1)) == 1
    assert sorted(db.session.scalars(sa.select(OutboxRow.payload["number"].as_integer()))) == [1, 3]


# A holder that died, and one that is only slow

def crash(row, now):
    raise SystemExit


def test_crashed_holder_is_followed_by_another_when_the_lease_has_run_out(desk, monkeypatch):
    handler(monkeypatch, crash)
    row_id = note(1)
    begun = soon()
    with pytest.raises(SystemExit):
        drain(begun, "first")
    db.session.rollback()
    given_to = []
    handler(monkeypatch, lambda row, now: given_to.append(row.leased_by))
    assert drain(begun + timedelta(seconds=LEASE_SECONDS - 1), "second") == 0
    assert drain(begun + timedelta(seconds=LEASE_SECONDS + 1), "second") == 1
    row = now_of(row_id)
    assert (given_to, row.state, row.attempts) == (["second"], "done", 2)


def test_row_that_kills_its_process_each_time_dies_at_last(desk, monkeypatch):
    handler(monkeypatch, crash)
    row_id, now = note(1), soon()
    for _ in range(MAX_ATTEMPTS):
        with pytest.raises(SystemExit):
            drain(now, "me")
        db.session.rollback()
        now += timedelta(seconds=LEASE_SECONDS + 1)
    drain(now, "me")
    row = now_of(row_id)
    assert row.state == "dead" and "the process ended" in row.last_error


@pytest.mark.parametrize("end", [lambda: None, lambda: 1 / 0], ids=["done late", "failed late"])
def test_late_holder_keeps_nothing_of_what_another_has_done(desk, monkeypatch, end):
    """The first one takes so long that a second one, in the meantime, takes the row over and delivers it."""
    begun = soon()

    def slow(row, now):
        if row.leased_by == "first":
            assert drain(begun + timedelta(seconds=LEASE_SECONDS + 1), "second") == 1
            db.session.merge(SettingRow(name="trial.late", value="first"))
            end()
        else:
            db.session.add(SettingRow(name="trial.late", value=row.leased_by))

    handler(monkeypatch, slow)
    row_id = note(1)
    drain(begun, "first")
    row = now_of(row_id)
    assert (row.state, row.attempts, row.last_error) == ("done", 2, None)
    assert db.session.get(SettingRow, "trial.late").value == "second"


def test_row_deleted_under_the_drain_is_passed_over(desk, monkeypatch, delivered):
    note(1)
    monkeypatch.setattr(outbox, "_due", lambda now, limit: [10**9, 1])
    assert drain(soon(), "me") in (0, 1)


# Several at once, each with a connection of its own

@pytest.mark.real
def test_drains_at_once_deliver_each_row_once_and_keep_the_lanes(own, delivered):
    with own.app_context():
        for number in range(40):
            enqueue("note", lane=f"lane {number % 4}" if number % 2 else "", number=number)
        db.session.commit()

    def work(owner):
        return lambda: sum(drain(soon(), owner, limit=5) for _ in range(25))

    assert sum(at_once(own, *(work(f"drain {n}") for n in range(4)))) == 40
    assert sorted(delivered) == list(range(40))
    for lane in (1, 3):
        assert [n for n in delivered if n % 2 and n % 4 == lane] == list(range(lane, 40, 4))


CHILD = """
from app import create_app
from app.core import clock, outbox
from app.core.registries import HANDLERS
import sys, time, os
def hang(row, now):
    print("taken", flush=True)
    time.sleep(60)
app = create_app()
HANDLERS["note"] = hang
with app.app_context():
    outbox.drain(clock.now(), "child")
"""


@pytest.mark.real
def test_killed_process_loses_nothing(own, own_environ, delivered):
    with own.app_context():
        enqueue("note", number=1)
        db.session.commit()
    child = process(CHILD, own_environ)
    assert child.stdout.readline() == "taken\n"
    child.send_signal(signal.SIGKILL)
    child.communicate()
    with own.app_context():
        assert drain(soon(), "me") == 0
        assert drain(soon(seconds=LEASE_SECONDS + 5), "me") == 1
    assert delivered == [1]
