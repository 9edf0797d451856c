"""An import from end to end: counts, silence, running again, being killed, and the real incidents."""

import pytest
import sqlalchemy as sa

from app.accounts.models import User
from app.core.db import db
from app.core.events import Event, events_of
from app.core.outbox import OutboxRow
from app.importing import event_import
from app.importing.event_import import import_events
from app.importing.event_log import BadLog
from app.importing.models import Import, ImportedCase
from app.tickets.models import Ticket
from tests.importing.conftest import NOW

pytestmark = pytest.mark.slow

LOG = (
    "1,Accepted+In Progress,Adam,0", "1,Queued+Awaiting Assignment,Adam,5", "1,Accepted+In Progress,Åse,9",
    "1,Completed+Resolved,Åse,20", "1,Completed+Closed,Siebel,90",
    "2,Completed+In Call,Adam,1",
    "3,Queued+Awaiting Assignment,Adam,2", "3,Accepted+In Progress,Adam,3", "3,Completed+Closed,Adam,4",
    "3,Unmatched+Unmatched,Siebel,5", "3,Accepted+Wait - User,Adam,6",
)


@pytest.fixture
def take(desk, incidents):
    def run(path, **more):
        return import_events(path, incidents, NOW, **more)

    return run


def count(model, *conditions):
    return db.session.scalar(sa.select(sa.func.count()).select_from(model).where(*conditions))


def everything():
    return {table.name: count(table) for table in db.metadata.sorted_tables}


def ticket(ref):
    return db.session.scalar(sa.select(Ticket).where(Ticket.source_ref == ref))


def test_file_and_desk_agree(take, log_file):
    found = take(log_file(*LOG))
    assert found.agrees
    assert (found.desk.cases, found.desk.events, found.desk.completed, found.desk.gone_on) == (3, 11, 2, 1)
    assert found.desk.handed_over == 1
    assert found.not_understood == {"Unmatched+Unmatched": 1}


def test_the_ticket_stands_as_its_events_say(take, log_file):
    take(log_file(*LOG))
    first = ticket("1")
    assert (first.status, first.level, first.origin) == ("closed", 2, "bpi-2013-incidents")
    assert [h.kind for h in first.handovers] == ["escalation"]
    assert first.messages[0].kind == "incoming"
    facts = {}
    for event in events_of("ticket", first.id):
        for fact, (old, new) in event.data.get("changes", {}).items():
            assert facts.get(fact) == old
            facts[fact] = new
    assert facts == {fact: getattr(first, fact) for fact in facts}


def test_nothing_is_sent_and_nobody_can_sign_in(take, log_file):
    take(log_file(*LOG))
    assert count(OutboxRow) == 0
    people = db.session.scalars(sa.select(User)).all()
    assert {person.name for person in people} == {"Imported requester", "Adam", "Åse", "Siebel"}
    assert all(p.password_hash is None and p.email.endswith(".invalid") and not p.memberships for p in people)


def test_the_second_run_adds_nothing(take, log_file):
    path = log_file(*LOG)
    take(path)
    before = everything()
    found = take(path)
    assert everything() == before
    assert found.agrees and found.added == 0


def test_a_run_killed_half_way_is_completed_by_the_next(take, log_file):
    path = log_file(*LOG)

    def kill(done, total):
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        take(path, progress=kill, batch=1)
    db.session.rollback()
    assert count(Ticket) == 2
    assert db.session.scalar(sa.select(Import.ended_at)) is None
    found = take(path)
    assert found.agrees and found.added == 1
    assert (count(Ticket), count(Import), count(ImportedCase)) == (3, 1, 3)


def test_the_reconciliation_is_kept(take, log_file):
    take(log_file(*LOG))
    [run] = db.session.scalars(sa.select(Import)).all()
    assert run.ended_at is not None
    assert run.result["agrees"] is True
    assert run.result["desk"]["events"] == 11


def test_rows_added_to_a_known_case_are_refused_by_name_and_new_cases_taken(take, log_file):
    take(log_file(*LOG[:6]))
    found = take(log_file(*LOG, "2,Accepted+In Progress,Adam,30", name="longer.csv"))
    assert found.refused == {"2": "1 rows were taken, the file has 2"}
    assert not found.agrees
    assert (found.added, count(Ticket)) == (1, 3)


def test_a_changed_row_of_a_known_case_is_told(take, log_file):
    take(log_file(*LOG))
    found = take(log_file(*LOG[:5], "2,Completed+In Call,Eva,1", *LOG[6:]))
    assert found.refused == {"2": "its rows have changed"}


def test_a_bad_file_leaves_nothing_behind(take, log_file):
    before = everything()
    path = log_file(*LOG)
    path.write_text(path.read_text() + "4,Queued,Adam,soon\n")
    with pytest.raises(BadLog, match="line 13, column end_timestamp"):
        take(path)
    assert everything() == before


def test_names_that_look_alike_stay_apart(take, log_file):
    take(log_file("1,Accepted+In Progress,Åse,0", "1,Accepted+In Progress,Ase,1", "1,Accepted+In Progress,ase,2"))
    names = db.session.scalars(sa.select(User.name).where(User.name != "Imported requester")).all()
    assert sorted(names) == ["Ase", "ase", "Åse"]


def test_what_somebody_else_took_meanwhile_stops_the_run(take, log_file, monkeypatch):
    path = log_file(*LOG)
    take(path)
    monkeypatch.setattr(event_import, "_known", lambda source: {})
    with pytest.raises(BadLog, match="another import"):
        take(path)
    assert count(Ticket) == 3


@pytest.mark.slow
def test_the_real_incidents(take, shared):
    found = take(shared / "history" / "incidents.csv")
    assert found.agrees
    assert (found.desk.cases, found.desk.events) == (4834, 45314)
    assert (found.desk.completed, found.desk.gone_on) == (4833, 365)
    assert found.desk.ends["Completed+In Call"] == 1053
    before = everything()
    assert take(shared / "history" / "incidents.csv").added == 0
    assert everything() == before
    assert count(Event, Event.kind == "ticket.reopened") >= 365
