"""A populated desk on the engine under test, not started yet."""

import os

import pytest

from tests.conftest import ENGINE

from .desk import Desk, database


@pytest.fixture
def engine_url():
    """A database of its own on PostgreSQL, None for SQLite."""
    with database(os.environ["TEST_POSTGRES_URL"] if ENGINE == "postgresql" else None) as url:
        yield url


@pytest.fixture
def own_desk(tmp_path, engine_url):
    """A desk with people and a request type."""
    made = Desk(tmp_path, engine_url).populate()
    yield made
    made.close()


@pytest.fixture
def sqlite_only():
    if ENGINE != "sqlite":
        pytest.skip("about SQLite")
