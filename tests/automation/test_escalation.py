"""What the desk does by itself when a deadline passes: to the next level once, or a reason why not."""

import pytest
import sqlalchemy as sa

from app.automation import escalation
from app.core.db import db
from app.core.events import Event, events_of
from app.sla.sweep import sweep
from tests import factories, people
from tests.sla.conftest import at, office, ticket  # noqa: F401 - fixtures


@pytest.fixture
def late(office, ticket):  # noqa: F811
    """Answered in time, and to be solved by Wednesday at 10:00."""
    ticket.reply("Looking", office.agent, at("2026-03-02 10:10"))
    db.session.commit()
    return ticket


def pass_the_deadline():
    db.session.commit()
    return sweep(at("2026-03-04 10:00:05"))


def why_not(ticket):  # noqa: F811
    return [e.data["why"] for e in events_of("ticket", ticket.id) if e.kind == "automation.escalation_left_out"]


def test_it_goes_to_level_2_of_its_request_type_with_a_reason(office, late):  # noqa: F811
    pass_the_deadline()
    handover = late.handovers[0]
    assert (handover.to_team_id, handover.by_id) == (office.second.id, None)
    assert "resolution" in handover.reason and "100" in handover.reason
    assert (late.team_id, late.level, late.assignee_id) == (office.second.id, 2, None)


def test_the_announcement_stands_before_what_followed_from_it(late):
    pass_the_deadline()
    kinds = db.session.scalars(sa.select(Event.kind).where(Event.subject_id == late.id).order_by(Event.id)).all()
    assert kinds.index("sla.breached") < kinds.index("ticket.escalated")


def test_it_is_not_escalated_twice(late):
    pass_the_deadline()
    pass_the_deadline()
    assert late.hops == 1


def test_while_it_waits_it_stays_where_it_is(office, late):  # noqa: F811
    late.hold(office.waiting, office.agent, at("2026-03-04 10:00:02"))
    pass_the_deadline()
    assert (late.level, late.status, why_not(late)) == (1, "pending", ["waiting"])


def test_what_has_ended_stays_where_it_is(office, late):  # noqa: F811
    late.resolve(office.agent, at("2026-03-04 10:00:02"))
    pass_the_deadline()
    assert (late.level, why_not(late)) == (1, ["ended"])


def test_on_the_highest_level_there_is_nowhere_to_go(office, late):  # noqa: F811
    late.escalate(office.second, "Cable", office.agent, at("2026-03-03 10:00"))
    pass_the_deadline()
    assert (late.level, why_not(late)) == (2, ["no_team"])


def test_without_a_team_of_its_own_it_goes_to_the_same_speciality(office):  # noqa: F811
    stationery = people.team("stationery", 2)
    stationery.speciality = office.first.speciality = "supplies"
    lonely = factories.request_type("pens", office.first)
    asked = factories.ticket(office.aigul, lonely, at=at("2026-03-02 10:00"))
    assert escalation.next_team(asked) is stationery
    stationery.is_active = False
    db.session.flush()
    assert escalation.next_team(asked) is None


def test_a_warning_alone_moves_nothing(late):
    db.session.commit()
    sweep(at("2026-03-03 10:00:05"))
    assert (late.level, why_not(late)) == (1, [])


def test_the_promise_does_not_move_with_it(late):
    pass_the_deadline()
    assert late.due_at == at("2026-03-04 10:00")
