"""What happened is written down once and stays as it was written."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
import time_machine
from sqlalchemy.exc import DBAPIError

from app.core import events
from app.core.db import db
from app.core.events import KINDS, Event, Kind, events_of, history, record
from app.core.outbox import OutboxRow
from app.core.registries import REACTIONS
from tests import people

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture
def reactions(monkeypatch):
    """What reacted to "printer.jammed", in order."""
    seen = []
    monkeypatch.setitem(REACTIONS, "printer.jammed", [lambda e, s: seen.append(("first", e.kind, s.id)),
                                                      lambda e, s: seen.append(("second", e.kind, s.id))])
    return seen


@pytest.fixture
def told(monkeypatch, printer):
    """The kind now has an audience."""
    monkeypatch.setitem(KINDS, "printer.jammed", Kind("it jammed", audience="everybody"))


def outbox():
    return list(db.session.scalars(sa.select(OutboxRow).where(OutboxRow.kind == "notify")))


def test_event_says_who_did_what_when_and_for_whom(desk, printer):
    aigul, bakyt = people.user("aigul"), people.user("bakyt")
    with time_machine.travel(NOON + timedelta(days=2), tick=False):
        event = record("printer.jammed", printer, by=aigul, at=NOON, on_behalf_of_id=bakyt.id, sheets=3)
    db.session.flush()
    assert (event.subject_type, event.subject_id, event.kind) == ("printer", 7, "printer.jammed")
    assert (event.actor_id, event.on_behalf_of_id, event.data) == (aigul.id, bakyt.id, {"sheets": 3})
    assert (event.occurred_at, event.recorded_at) == (NOON, NOON + timedelta(days=2))


def test_the_desk_itself_has_no_actor(desk, printer):
    assert record("printer.jammed", printer).actor_id is None


def test_unknown_kind_is_refused_and_leaves_nothing(desk, printer):
    with pytest.raises(KeyError):
        record("printer.exploded", printer)
    assert events_of("printer", 7) == []


def test_a_kind_is_declared_once(monkeypatch, printer):
    with pytest.raises(ValueError, match=r"printer\.jammed"):
        events.catalogue({"printer.jammed": Kind("again")})


@pytest.mark.parametrize("change", [{"kind": "printer.fixed"}, {"data": {}}, {"occurred_at": NOON}])
def test_an_event_cannot_be_changed(desk, printer, change):
    event = record("printer.jammed", printer, sheets=3)
    db.session.flush()
    with pytest.raises(DBAPIError, match="append-only"), db.session.begin_nested():
        db.session.execute(sa.update(Event).where(Event.id == event.id).values(**change))


def test_an_event_cannot_be_changed_through_its_object_either(desk, printer):
    event = record("printer.jammed", printer)
    db.session.commit()
    with pytest.raises(DBAPIError, match="append-only"), db.session.begin_nested():
        event.kind = "printer.fixed"
        db.session.flush()


def test_rolled_back_change_leaves_no_event(desk, printer, told):
    record("printer.jammed", printer)
    db.session.rollback()
    assert (events_of("printer", 7), outbox()) == ([], [])


def test_new_subject_gets_its_number_first(desk, printer, monkeypatch):
    monkeypatch.setattr(people.Team, "event_subject", "team", raising=False)
    made = people.Team(slug="printers", names={"en": "Printers"}, level=1)
    db.session.add(made)
    assert record("printer.jammed", made).subject_id == made.id is not None


def test_reactions_run_in_their_order(desk, printer, reactions):
    record("printer.jammed", printer)
    assert reactions == [("first", "printer.jammed", 7), ("second", "printer.jammed", 7)]


def test_what_has_an_audience_waits_in_the_lane_of_its_subject(desk, printer, told):
    event = record("printer.jammed", printer)
    db.session.flush()
    assert [(row.lane, row.event_id) for row in outbox()] == [("printer:7", event.id)]


def test_what_has_no_audience_tells_nobody(desk, printer):
    record("printer.jammed", printer)
    assert outbox() == []


def test_the_past_is_written_in_silence(desk, printer, told, reactions):
    with history() as past:
        event = record("printer.jammed", printer, at=NOON)
    assert (past, reactions, outbox()) == ([event], [], [])
    assert events_of("printer", 7) == [event]


def test_after_the_past_the_present_speaks_again(desk, printer, told, reactions):
    with pytest.raises(RuntimeError), history():
        raise RuntimeError
    record("printer.jammed", printer)
    assert len(reactions) == 2 and len(outbox()) == 1


def test_history_reads_in_the_order_of_happening(desk, printer):
    later = record("printer.jammed", printer, at=NOON)
    first = record("printer.jammed", printer, at=NOON - timedelta(hours=4))
    same = record("printer.jammed", printer, at=NOON)
    assert events_of("printer", 7) == [first, later, same]


def test_naive_moment_is_refused(desk, printer):
    record("printer.jammed", printer, at=datetime(2026, 11, 20, 12))
    with pytest.raises(sa.exc.StatementError, match="naive"):
        db.session.flush()
