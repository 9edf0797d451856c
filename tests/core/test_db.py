"""Moments are aware and in UTC; on SQLite who reads waits for nobody and who writes never loses an update."""

import sqlite3
import threading
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import OperationalError, StatementError

from app.core import clock
from app.core.db import UtcDateTime, claim, db, is_reading, reading, write_ahead
from app.core.lease import Lease
from app.core.settings import SettingRow
from tests.conftest import ENGINE

from .conftest import at_once

sqlite_only = pytest.mark.skipif(ENGINE != "sqlite", reason="PostgreSQL locks rows, not the file")
aware = st.datetimes(min_value=datetime(1, 1, 2), max_value=datetime(9999, 12, 30),
                     timezones=st.sampled_from([UTC, ZoneInfo("Asia/Bishkek"), timezone(timedelta(hours=-11))]))


def stored(moment):
    """What comes back of a moment that went through the database."""
    lease = Lease(name="moment", expires_at=moment)
    db.session.add(lease)
    db.session.flush()
    db.session.expire(lease)
    found = lease.expires_at
    db.session.delete(lease)
    db.session.flush()
    return found


@pytest.mark.parametrize("zone", [UTC, ZoneInfo("Asia/Bishkek"), ZoneInfo("America/New_York")])
def test_moment_comes_back_in_utc_to_the_microsecond(desk, zone):
    moment = datetime(2026, 11, 1, 1, 30, 0, 123456, tzinfo=zone)
    assert stored(moment) == moment.astimezone(UTC)
    assert stored(moment).tzinfo is UTC


@given(aware)
def test_binding_moves_to_utc_and_changes_no_moment(moment):
    bound = UtcDateTime().process_bind_param(moment, None)
    assert bound.timestamp() == moment.timestamp() and bound.utcoffset() == timedelta(0)


def test_naive_moment_is_refused(desk):
    with pytest.raises(StatementError, match="naive"), db.session.begin_nested():
        stored(datetime(2026, 11, 1, 12))


def test_no_moment_stays_none():
    column = UtcDateTime()
    assert (column.process_bind_param(None, None), column.process_result_value(None, None)) == (None, None)


def test_clock_is_aware_and_a_clock_s_moments_are_whole_seconds():
    now = clock.now()
    assert now.tzinfo is UTC
    assert clock.whole_second(now).microsecond == 0 and now - clock.whole_second(now) < timedelta(seconds=1)


def test_reading_ends_with_its_block_also_when_it_breaks():
    with pytest.raises(RuntimeError), reading():
        assert is_reading()
        raise RuntimeError
    assert not is_reading()


# A real file and several connections

@contextmanager
def writer(patience_ms):
    """A connection that may write; gives up after so many milliseconds."""
    with db.engine.connect() as connection:
        connection.connection.driver_connection.execute(f"PRAGMA busy_timeout={patience_ms}")
        with connection.begin():
            yield connection


SET = "INSERT INTO settings (name, value) VALUES ('trial.count', '%d') ON CONFLICT (name) DO UPDATE SET value = '%d'"
COUNT = "SELECT value FROM settings WHERE name = 'trial.count'"


@sqlite_only
@pytest.mark.real
def test_reader_sees_what_was_committed_while_another_writes(inside):
    with writer(0) as first:
        first.exec_driver_sql(SET % (1, 1))
        with reading(), db.engine.connect() as other, other.begin():
            assert other.exec_driver_sql(COUNT).scalar() is None
    with reading(), db.engine.connect() as other, other.begin():
        assert other.exec_driver_sql(COUNT).scalar() == 1


@sqlite_only
@pytest.mark.real
def test_writer_takes_the_lock_when_it_begins_not_when_it_first_writes(inside):
    with writer(0), pytest.raises(OperationalError, match="locked"), writer(0):
        pass


@sqlite_only
@pytest.mark.real
def test_readers_do_not_keep_a_writer_waiting(inside):
    with db.engine.connect() as snapshot:
        with reading():
            transaction = snapshot.begin()
        assert snapshot.exec_driver_sql(COUNT).scalar() is None
        with writer(0) as first:
            first.exec_driver_sql(SET % (2, 2))
        assert snapshot.exec_driver_sql(COUNT).scalar() is None
        transaction.rollback()


@pytest.mark.real
def test_no_update_is_lost_between_reading_and_writing(own):
    """Each reads a number and writes the next one; locking is the database's, on PostgreSQL by the row."""
    with own.app_context():
        db.session.add(SettingRow(name="trial.count", value=0))
        db.session.commit()

    def count():
        for _ in range(20):
            row = db.session.get(SettingRow, "trial.count", with_for_update=True, populate_existing=True)
            row.value += 1
            db.session.commit()

    at_once(own, *[count] * 4)
    with own.app_context():
        assert db.session.get(SettingRow, "trial.count").value == 80


@pytest.mark.real
def test_of_many_who_claim_a_row_one_gets_it(own):
    with own.app_context():
        db.session.add(Lease(name="prize", expires_at=clock.now()))
        db.session.commit()

    def grab():
        got = claim(Lease, Lease.name == "prize", Lease.owner.is_(None), owner="me")
        db.session.commit()
        return got

    assert at_once(own, *[grab] * 8).count(True) == 1


def test_claim_of_what_is_not_there_fails(desk):
    assert claim(Lease, Lease.name == "prize", owner="me") is False


def test_claim_sees_what_this_transaction_has_just_made(desk):
    db.session.add(Lease(name="prize", expires_at=clock.now()))
    assert claim(Lease, Lease.name == "prize", Lease.owner.is_(None), owner="me") is True


@sqlite_only
def test_opening_a_file_that_another_is_just_opening_waits_for_it(tmp_path):
    first = sqlite3.connect(tmp_path / "new.db", isolation_level=None, check_same_thread=False)
    second = sqlite3.connect(tmp_path / "new.db", isolation_level=None, timeout=0)
    first.execute("BEGIN EXCLUSIVE")
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        write_ahead(second, seconds=0)
    release = threading.Timer(0.1, lambda: first.execute("COMMIT"))
    release.start()
    write_ahead(second)
    release.join()
    assert second.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    first.close()
    second.close()
