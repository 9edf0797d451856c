"""Whether what is stored follows from what happened is asked by a command, and said clock by clock."""

import pytest
import sqlalchemy as sa

from app.core.db import db
from app.importing import mapping as mappings
from app.importing.event_import import import_events
from app.sla.models import SlaClock
from app.tickets import actions as ticket_actions
from app.tickets.models import Ticket
from tests.importing.conftest import NOW, log_file  # noqa: F401 - a fixture
from tests.sla.conftest import at

from .conftest import differences
from .test_trial import solved

pytestmark = pytest.mark.slow


def test_all_is_as_it_is_stored(desk, office, ticket):
    solved(office, ticket)
    db.session.commit()
    done = desk.test_cli_runner().invoke(args=["backtest", "verify"])
    assert (done.exit_code, done.output) == (0, "1 tickets replayed: every clock comes out as it is stored\n")


@pytest.mark.parametrize(("fact", "value"), [("due_at", at("2026-03-04 10:01")), ("used_seconds", 1),
                                             ("outcome", "missed"), ("paused_seconds", 5)])
def test_what_does_not_follow_is_named(desk, office, ticket, fact, value):
    solved(office, ticket)
    db.session.execute(sa.update(SlaClock).where(SlaClock.target == "resolution").values({fact: value}))
    db.session.commit()
    done = desk.test_cli_runner().invoke(args=["backtest", "verify"])
    assert done.exit_code == 1
    assert f"ticket {ticket.id}, resolution 1: {fact} is {value}" in done.output


def test_a_clock_that_is_missing(office, ticket):
    db.session.execute(sa.delete(SlaClock).where(SlaClock.target == "first_response"))
    assert differences() == [f"ticket {ticket.id}, first_response 1: clock is none, replayed there"]


def test_only_of_a_period(desk, office, ticket):
    db.session.execute(sa.delete(SlaClock))
    db.session.commit()
    runner = desk.test_cli_runner()
    assert runner.invoke(args=["backtest", "verify", "--to", "2026-03-02"]).exit_code == 0
    assert runner.invoke(args=["backtest", "verify", "--from", "2026-03-02", "--to", "2026-03-03"]).exit_code == 1


def test_an_imported_ticket_that_went_on_here(office, log_file):  # noqa: F811
    """Its past stays under the policy of the import, what happened since under the rules of the desk."""
    path = log_file("a,Accepted+In Progress,Anna,0", "a,Accepted+In Progress,Anna,30", "b,Accepted+In Progress,Anna,5")
    db.session.commit()
    import_events(path, mappings.read(mappings.find("incidents")), NOW)
    imported = db.session.scalars(sa.select(Ticket).where(Ticket.origin != "live").order_by(Ticket.id)).all()
    ticket_actions.change_urgency(imported[0], "high", "high", office.agent, NOW)
    imported[1].resolve(office.agent, NOW)
    db.session.commit()
    clocks = db.session.scalars(sa.select(SlaClock).order_by(SlaClock.ticket_id)).all()
    assert {clock.rule_id is None for clock in clocks} == {True, False}
    assert differences(NOW) == []
