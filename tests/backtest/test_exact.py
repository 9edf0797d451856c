"""Replaying what holds gives what is stored, to the second: random histories, the sample, the imported incidents."""

import random

import pytest
from hypothesis import HealthCheck, given, settings

from app.core.db import db
from app.importing import mapping as mappings
from app.importing import sample
from app.importing.event_import import import_events
from app.sla.book import live_book
from app.sla.models import SlaClock
from tests.importing.conftest import NOW as IMPORTED_AT
from tests.sla import test_histories as histories

from .conftest import differences

pytestmark = pytest.mark.slow


@pytest.mark.slow
@given(history=histories.steps, end=histories.ends)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_history(office, history, end):
    if len(live_book().lists) < 2:
        histories.desk_of_two_calendars(office)
    histories.live_through(office, history, end)
    assert differences() == []


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(5))
def test_long_histories(office, seed):
    histories.desk_of_two_calendars(office)
    dice = random.Random(seed)
    history = [(dice.choice(histories.COMMON), dice.choice(histories.WAITS)) for _step in range(200)]
    histories.live_through(office, history, "sweep")
    assert differences() == []


@pytest.mark.slow
def test_the_sample(desk):
    sample.load(IMPORTED_AT)
    assert differences(IMPORTED_AT) == []
    assert db.session.scalar(db.select(db.func.count()).select_from(SlaClock)) > 3000


@pytest.mark.slow
def test_the_incidents(desk, shared):
    import_events(shared / "history" / "incidents.csv", mappings.read(mappings.find("incidents")), IMPORTED_AT)
    assert differences(IMPORTED_AT) == []
    assert db.session.scalar(db.select(db.func.count()).select_from(SlaClock)) > 4000
