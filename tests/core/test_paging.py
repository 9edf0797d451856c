"""Pages by keyset: each row once, in order, wherever a page begins; a mark nobody gave out is refused."""

import base64
import itertools
import json
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from app.core.db import db
from app.core.errors import Invalid
from app.core.events import Event
from app.core.paging import page
from tests import people

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
NEWEST_FIRST = [(Event.occurred_at, "desc"), (Event.id, "desc")]
subjects = itertools.count(1)
ways = st.sampled_from(["asc", "desc"])
several = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)


def some_events(facts):
    """Events of a new subject with these (kind, minutes after noon); returns the select of them."""
    subject = next(subjects)
    db.session.add_all(Event(kind=kind, subject_type="page", subject_id=subject, data={}, recorded_at=NOON,
                             occurred_at=NOON + timedelta(minutes=minutes)) for kind, minutes in facts)
    db.session.flush()
    return sa.select(Event).where(Event.subject_type == "page", Event.subject_id == subject)


def walk(statement, keys, size):
    """All pages, one after the other."""
    pages, mark = [], None
    while not pages or mark:
        pages.append(page(statement, keys, mark, size))
        mark = pages[-1].after
        assert len(pages) <= 31, "the walk turns in a circle"
    return pages


@several
@given(st.lists(st.tuples(st.sampled_from(["а.б", "a'b", "Ё", "z%"]), st.integers(0, 3)), max_size=30),
       st.tuples(ways, ways, ways), st.integers(1, 7))
def test_walking_the_pages_gives_every_row_once_and_in_order(desk, facts, directions, size):
    keys = list(zip((Event.kind, Event.occurred_at, Event.id), directions, strict=True))
    statement = some_events(facts)
    ordered = statement.order_by(*(c.desc() if way == "desc" else c.asc() for c, way in keys))
    pages = walk(statement, keys, size)
    assert [row for one in pages for row in one.rows] == list(db.session.scalars(ordered))
    assert [len(one.rows) for one in pages[:-1]] == [size] * (len(pages) - 1)
    assert [one.is_first for one in pages] == [True] + [False] * (len(pages) - 1)


def test_empty_list_is_one_empty_page(desk):
    found = page(some_events([]), NEWEST_FIRST, None)
    assert (found.rows, found.after, found.is_first) == ([], None, True)


def test_full_last_page_leads_to_no_empty_one(desk):
    assert page(some_events([("a", 1)] * 3), NEWEST_FIRST, None, size=3).after is None


def test_rows_that_come_or_go_between_pages_move_no_others(desk):
    statement = some_events([("a", minutes) for minutes in range(6)])
    first = page(statement, NEWEST_FIRST, None, size=2)
    db.session.execute(sa.delete(Event).where(Event.id == first.rows[1].id))
    db.session.add(Event(kind="a", subject_type="page", subject_id=first.rows[0].subject_id, data={},
                         occurred_at=NOON + timedelta(hours=1), recorded_at=NOON))
    second = page(statement, NEWEST_FIRST, first.after, size=2)
    assert [row.occurred_at for row in second.rows] == [NOON + timedelta(minutes=m) for m in (3, 2)]


def forged(values):
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


RUBBISH = ["%", "ъ", "====", "AAAA", "\0", "null", forged(None), forged({}), forged([]), forged([1]), forged([1, 2]),
           forged([NOON.isoformat(), "1"]), forged([NOON.isoformat(), True]), forged([NOON.isoformat(), None]),
           forged([NOON.isoformat(), 2**63]), forged([NOON.isoformat(), 10**4000]), forged([NOON.isoformat(), 1.0]),
           forged(["2026-11-20T12:00:00", 1]), forged(["0001-01-01T00:00:00+14:00", 1]),
           forged([NOON.isoformat(), 1, 1]), base64.urlsafe_b64encode(b"[" * 6000).decode()]


@pytest.mark.parametrize("mark", RUBBISH, ids=range(len(RUBBISH)))
def test_mark_nobody_gave_out_is_refused(desk, mark):
    with pytest.raises(Invalid):
        page(some_events([("a", 1)]), NEWEST_FIRST, mark)


@pytest.mark.parametrize("text", ["a\0b", "\ud800"])
def test_mark_with_text_no_database_takes_is_refused(desk, text):
    with pytest.raises(Invalid):
        page(some_events([("a", 1)]), [(Event.kind, "asc"), (Event.id, "asc")], forged([text, 1]))


json_like = st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.datetimes().map(str),
                         lambda inner: st.lists(inner, max_size=3), max_leaves=4)


@several
@given(st.text(min_size=1) | st.binary(min_size=1).map(lambda b: base64.urlsafe_b64encode(b).decode())
       | json_like.map(forged) | st.lists(json_like, min_size=2, max_size=2).map(forged))
@example(forged(["9999-12-31T23:59:59-14:00", 1]))
def test_no_mark_whatsoever_breaks_the_page(desk, mark):
    with db.session.begin_nested(), suppress(Invalid):
        page(some_events([("a", 1)]), NEWEST_FIRST, mark)


def test_rubbish_in_the_address_is_answered_with_400(client):
    people.sign_in(client, people.user("aigul"))
    assert client.get("/notifications?after=rubbish").status_code == 400
