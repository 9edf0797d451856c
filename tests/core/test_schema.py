"""The schema is brought up to date by whoever starts first, once, and never taken back."""

import subprocess

import pytest
import sqlalchemy as sa

from app import create_app
from app.core import schema
from app.core.db import db
from app.core.lease import Lease

from .conftest import process, race

PREPARE = "from app import create_app; from app.core import schema; app = create_app(); app.app_context().push()"


@pytest.fixture
def stands_at(inside):
    """Writes another revision into the database."""

    def write(revision):
        db.session.execute(sa.text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision})
        db.session.commit()

    return write


def test_database_at_the_head_is_left_alone(inside):
    assert schema.current() == schema.head()
    assert schema.bring_up_to_date() is False


def test_database_of_a_newer_desk_is_refused_with_advice(inside, stands_at):
    stands_at("9999_future")
    with pytest.raises(schema.Refused, match="newer Jardam .*9999_future.*backup"):
        schema.bring_up_to_date()
    assert schema.current() == "9999_future"


@pytest.mark.real
def test_of_processes_that_start_at_once_one_makes_the_schema(empty):
    assert sorted(race(PREPARE, "print(schema.bring_up_to_date())", empty)) == ["False", "False", "True"]
    app = create_app(empty)
    with app.app_context():
        assert schema.current() == schema.head()
        assert db.session.query(Lease).all() == []
        db.session.remove()
        db.engine.dispose()


@pytest.mark.real
def test_who_comes_second_waits_and_finds_it_done(empty):
    app = create_app(empty)
    with app.app_context():
        with schema.one_at_a_time():
            second = process(f"{PREPARE}\nprint('ready', flush=True)\nprint(schema.bring_up_to_date())", empty)
            assert second.stdout.readline() == "ready\n"
            with pytest.raises(subprocess.TimeoutExpired):
                second.wait(1)
            schema.upgrade(directory=str(schema.FOLDER))
        assert second.communicate(timeout=20)[0] == "False\n"
        db.engine.dispose()


@pytest.mark.real
def test_lock_is_free_again_after_a_migration_that_broke(inside, stands_at, monkeypatch):
    def broken(directory):
        raise RuntimeError("half-way")

    stands_at(schema.known()[-1])
    monkeypatch.setattr(schema, "upgrade", broken)
    for _ in range(2):
        with pytest.raises(RuntimeError):
            schema.bring_up_to_date()
    with schema.one_at_a_time():
        pass
