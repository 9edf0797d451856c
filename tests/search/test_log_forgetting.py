"""What the log of searches forgets, and when."""

from datetime import timedelta

import sqlalchemy as sa

from app.core import clock
from app.core.db import db
from app.search import housekeeping
from app.search.models import SearchEntry
from app.search.settings import settings
from tests import people

NOW = clock.now()


def entry(token, person, days):
    db.session.add(SearchEntry(token=token * 32, at=NOW - timedelta(days=days), place="page", words="vpn",
                               language="en", person_id=person.id, visitor="v" * 32))
    db.session.flush()


def left():
    rows = db.session.execute(sa.select(SearchEntry.token, SearchEntry.person_id, SearchEntry.visitor)
                              .order_by(SearchEntry.token))
    return {token[0]: (person_id is not None, visitor is not None) for token, person_id, visitor in rows}


def test_first_the_person_is_forgotten_and_then_the_search(desk):
    aigul = people.user("aigul")
    for token, days in (("a", 29), ("b", 31), ("c", 399), ("d", 401)):
        entry(token, aigul, days)
    assert housekeeping.forget(NOW) == 3
    assert left() == {"a": (True, True), "b": (False, False), "c": (False, False)}
    assert housekeeping.forget(NOW) == 0


def test_the_administrator_says_after_how_long(desk):
    settings.change(person_days=5, keep_days=30)
    aigul = people.user("aigul")
    for token, days in (("a", 4), ("b", 6), ("c", 31)):
        entry(token, aigul, days)
    housekeeping.forget(NOW)
    assert left() == {"a": (True, True), "b": (False, False)}
