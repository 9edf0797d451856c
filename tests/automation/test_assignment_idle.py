"""What nobody begins goes back to the queue after so much of the team's working time, and on to somebody else."""

import pytest
import sqlalchemy as sa

from app.automation.models import Trust
from app.core.db import db
from app.core.events import events_of
from app.tickets import timeline
from tests.sla.conftest import at
from tests.tickets.conftest import statements  # noqa: F401 - a fixture

from .conftest import filed, give_out, kinds, member_of, owner, unown_idle

pytestmark = pytest.mark.slow

HOUR = 3600


@pytest.fixture
def idle(crew):
    """Begun within two hours of working time, or taken back."""
    crew.first.unown_after_seconds = 2 * HOUR
    db.session.commit()
    return crew


def watched(ticket):
    db.session.commit()
    return db.session.scalar(sa.select(Trust.unown_at).where(Trust.ticket_id == ticket.id))


def test_it_goes_to_somebody_else_and_the_history_says_why(idle):
    ticket = filed(idle)
    assert unown_idle("2026-03-02 11:59:59") == 0
    assert owner(ticket) == "Bakyt"
    assert unown_idle("2026-03-02 12:00") == 1
    assert owner(ticket) == "Cholpon"
    events = events_of("ticket", ticket.id)[-3:]
    assert [event.kind for event in events] == ["automation.unowned", "ticket.unassigned", "ticket.assigned"]
    assert [event.actor_id for event in events] == [None] * 3
    assert events[1].data["why"] == "not_begun"
    assert timeline.sentence(events[0]) == "Bakyt had not begun the ticket in the team's time"
    assert watched(ticket) == at("2026-03-02 14:00")


def test_it_is_taken_back_once(idle):
    ticket = filed(idle)
    assert (unown_idle("2026-03-02 12:00"), unown_idle("2026-03-02 12:00")) == (1, 0)
    assert kinds(ticket).count("automation.unowned") == 1


def test_only_working_time_counts(idle):
    ticket = filed(idle, "2026-03-02 17:00")
    assert watched(ticket) == at("2026-03-03 10:00")
    assert unown_idle("2026-03-03 09:59") == 0


def test_round_the_clock_without_a_calendar(idle):
    idle.first.calendar_id = None
    assert watched(filed(idle, "2026-03-01 23:00")) == at("2026-03-02 01:00")


@pytest.mark.parametrize("begin", [
    lambda ticket, who: ticket.note("Looking", who, at("2026-03-02 10:30")),
    lambda ticket, who: ticket.reply("Looking", who, at("2026-03-02 10:30")),
    lambda ticket, who: ticket.change({"subject": "No paper"}, who, at("2026-03-02 10:30")),
])
def test_what_was_begun_stays(idle, begin):
    ticket = filed(idle)
    begin(ticket, idle.bakyt)
    assert unown_idle("2026-03-02 18:00") == 0
    assert owner(ticket) == "Bakyt"
    assert watched(ticket) is None


def test_what_others_do_is_no_beginning(idle):
    ticket = filed(idle)
    ticket.receive("Any news?", idle.aigul, at("2026-03-02 10:30"))
    ticket.note("Bakyt, please", idle.cholpon, at("2026-03-02 10:40"))
    assert unown_idle("2026-03-02 12:00") == 1


def test_what_waits_has_the_whole_time_when_it_goes_on(idle):
    ticket = filed(idle)
    ticket.hold(idle.waiting, idle.cholpon, at("2026-03-02 10:30"))
    assert unown_idle("2026-03-02 12:00") == 0
    ticket.receive("Here", idle.aigul, at("2026-03-02 13:30"))
    assert unown_idle("2026-03-02 14:00") == 0
    assert watched(ticket) == at("2026-03-02 15:30")
    assert unown_idle("2026-03-02 15:30") == 1


def test_given_by_hand_in_a_manual_team_it_only_goes_back(idle):
    idle.first.assignment = "manual"
    ticket = filed(idle)
    ticket.assign(idle.bakyt, idle.cholpon, at("2026-03-02 10:10"))
    assert unown_idle("2026-03-02 12:10") == 1
    assert owner(ticket) is None
    assert give_out("2026-03-02 12:11") == 0


def test_who_took_it_is_not_hurried(idle):
    idle.first.assignment = "manual"
    taken, assigned = filed(idle), filed(idle)
    taken.take(idle.bakyt, at("2026-03-02 10:10"))
    assigned.assign(idle.bakyt, idle.bakyt, at("2026-03-02 10:10"))
    assert unown_idle("2026-03-03 18:00") == 0


def test_with_nobody_else_it_waits_for_somebody_else(idle):
    member_of(idle.first, idle.cholpon).weight = 0
    ticket = filed(idle)
    assert unown_idle("2026-03-02 12:00") == 1
    assert owner(ticket) is None
    assert give_out("2026-03-02 12:01") == 0
    member_of(idle.first, idle.cholpon).weight = 100
    assert give_out("2026-03-02 12:02") == 1
    assert owner(ticket) == "Cholpon"


def test_what_has_moved_on_or_ended_is_forgotten(idle):
    ended, escalated, given = filed(idle), filed(idle), filed(idle)
    ended.resolve(idle.cholpon, at("2026-03-02 10:30"))
    escalated.escalate(idle.second, "Cable", idle.cholpon, at("2026-03-02 10:30"))
    given.take(idle.cholpon, at("2026-03-02 10:30")) if given.assignee_id is None else None
    given.assign(idle.cholpon, idle.aigul, at("2026-03-02 10:40"))
    assert unown_idle("2026-03-02 12:00") == 0
    assert [watched(ticket) for ticket in (ended, escalated)] == [None, None]
    assert watched(given) == at("2026-03-02 12:40")


def test_a_longer_time_holds_for_what_is_watched_already(idle):
    ticket = filed(idle)
    idle.first.unown_after_seconds = 4 * HOUR
    assert unown_idle("2026-03-02 12:00") == 0
    assert watched(ticket) == at("2026-03-02 14:00")
    idle.first.unown_after_seconds = None
    assert unown_idle("2026-03-02 14:00") == 0
    assert owner(ticket) == "Bakyt"


def test_looking_costs_one_statement_when_nothing_is_due(idle, statements):  # noqa: F811
    for _n in range(20):
        filed(idle)
    with statements() as said:
        assert unown_idle("2026-03-02 11:00") == 0
    assert len(said) == 1
