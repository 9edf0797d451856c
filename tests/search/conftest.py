"""The index of the desk under test: none at first, none afterwards."""

import shutil

import pytest

from app.search import engine, rebuild
from app.search.upkeep import Upkeep


@pytest.fixture
def keeper(desk, monkeypatch):
    """The leader's part of keeping the index, on a desk that has none yet."""
    monkeypatch.setattr(rebuild, "PAUSE_SECONDS", 0)
    shutil.rmtree(engine.root(), ignore_errors=True)
    yield Upkeep()
    shutil.rmtree(engine.root(), ignore_errors=True)


@pytest.fixture
def kept(keeper, now):
    """The same with an index that was built."""
    keeper.look_after(now)
    return keeper


@pytest.fixture
def now():
    from app.core import clock

    return clock.now()
