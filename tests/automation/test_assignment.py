"""Tickets that come to a team un-owned get an owner by the team's rule: at once, or when somebody is there."""

import pytest
import sqlalchemy as sa

from app.accounts.models import Membership
from app.automation.assignment import reassign
from app.automation.assignment_jobs import waiting_statement
from app.core.db import db
from app.core.events import events_of
from app.core.outbox import OutboxRow
from app.tickets.models import Ticket
from tests import factories, people
from tests.accounts.test_absences import gone
from tests.sla.conftest import at
from tests.sla.test_sweep import explain
from tests.tickets.conftest import statements  # noqa: F401 - a fixture

from .conftest import filed, give_out, kinds, member_of, owner

pytestmark = pytest.mark.slow


def test_filed_and_given_in_one_breath_by_turns(crew):
    tickets = [filed(crew, f"2026-03-02 10:0{n}") for n in range(3)]
    assert [owner(ticket) for ticket in tickets] == ["Bakyt", "Cholpon", "Bakyt"]
    assert tickets[0].status == "open"
    event = next(e for e in events_of("ticket", tickets[0].id) if e.kind == "ticket.assigned")
    assert (event.actor_id, event.data["by_rule"]) == (None, "round_robin")
    assert event.occurred_at == at("2026-03-02 10:00")
    assert member_of(crew.first, crew.cholpon).assigned_at == at("2026-03-02 10:01")


def test_the_new_owner_is_told(crew):
    ticket = filed(crew)
    told = {row.event.kind for row in db.session.scalars(sa.select(OutboxRow).where(OutboxRow.kind == "notify"))}
    assert told == {"ticket.filed", "ticket.assigned"}
    assert owner(ticket) == "Bakyt"


def test_the_least_loaded_gets_it(crew):
    crew.first.assignment = "least_loaded"
    first = filed(crew)
    first.hold(crew.waiting, crew.bakyt, at("2026-03-02 10:05"))
    assert owner(filed(crew, "2026-03-02 10:10")) == "Cholpon"
    assert owner(filed(crew, "2026-03-02 10:20")) == "Bakyt"
    member_of(crew.first, crew.cholpon).weight = 300
    assert owner(filed(crew, "2026-03-02 10:30")) == "Cholpon"


def test_load_counts_the_tickets_of_all_teams(crew):
    crew.first.assignment = "least_loaded"
    crew.bakyt.memberships.append(Membership(team=crew.second))
    elsewhere = factories.ticket(crew.aigul, factories.request_type("cable", crew.second), at=at("2026-03-02 09:30"))
    elsewhere.take(crew.bakyt, at("2026-03-02 09:31"))
    assert owner(filed(crew)) == "Cholpon"


def test_a_manual_team_is_left_alone(crew):
    crew.first.assignment = "manual"
    ticket = filed(crew)
    assert give_out("2026-03-02 10:10") == 0
    assert owner(ticket) is None


def test_never_to_the_absent_the_full_the_weightless_or_the_switched_off(crew):
    gone(crew.bakyt, 2, 3)
    assert {owner(filed(crew, f"2026-03-02 10:{n}")) for n in range(10, 14)} == {"Cholpon"}
    member_of(crew.first, crew.cholpon).capacity = 4
    assert owner(filed(crew, "2026-03-02 11:00")) is None
    member_of(crew.first, crew.cholpon).capacity = None
    member_of(crew.first, crew.cholpon).weight = 0
    assert owner(filed(crew, "2026-03-02 11:10")) is None
    member_of(crew.first, crew.cholpon).weight = 100
    crew.cholpon.is_active = False
    assert owner(filed(crew, "2026-03-02 11:20")) is None


def test_nobody_works_on_the_own_request(crew):
    asked = [factories.ticket(crew.bakyt, crew.printer, at=at(f"2026-03-02 10:0{n}")) for n in range(2)]
    db.session.commit()
    assert [owner(ticket) for ticket in asked] == ["Cholpon", "Cholpon"]


def test_what_lands_at_night_is_given_in_the_morning_by_deadline(crew):
    member_of(crew.first, crew.bakyt).weight = 0
    member_of(crew.first, crew.cholpon).capacity = 1
    later = filed(crew, "2026-03-02 20:00")
    sooner = filed(crew, "2026-03-02 20:10", impact="high", urgency="high")
    assert sooner.queue_at < later.queue_at
    assert give_out("2026-03-03 08:59") == 0
    assert (owner(later), owner(sooner)) == (None, None)
    assert give_out("2026-03-03 09:00") == 1
    assert (owner(later), owner(sooner)) == (None, "Cholpon")
    sooner.resolve(crew.cholpon, at("2026-03-03 10:00"))
    assert give_out("2026-03-03 10:01") == 1
    assert owner(later) == "Cholpon"
    assert give_out("2026-03-03 10:02") == 0


def test_without_a_calendar_the_team_works_round_the_clock(crew):
    crew.first.calendar_id = None
    assert owner(filed(crew, "2026-03-01 03:00")) == "Bakyt"


def test_a_night_of_tickets_is_shared_evenly(crew):
    crew.first.assignment = "least_loaded"
    member_of(crew.first, crew.bakyt).capacity = 30
    tickets = [factories.ticket(crew.aigul, crew.printer, at=at("2026-03-02 20:00")) for _n in range(70)]
    db.session.commit()
    assert give_out("2026-03-03 09:00") == 70
    owners = [owner(ticket) for ticket in tickets]
    assert (owners.count("Bakyt"), owners.count("Cholpon")) == (30, 40)


def test_one_whom_nobody_may_get_does_not_hold_up_the_others(crew):
    """More requests of Bakyt, who alone is there, than one batch holds; then one of Aigul."""
    member_of(crew.first, crew.cholpon).weight = 0
    for _n in range(60):
        factories.ticket(crew.bakyt, crew.printer, at=at("2026-03-02 20:00"))
    last = filed(crew, "2026-03-02 20:01")
    assert give_out("2026-03-03 09:00") == 1
    assert owner(last) == "Bakyt"


def test_hops_land_too(crew):
    ticket = filed(crew)
    crew.second.assignment = "least_loaded"
    ticket.escalate(crew.second, "Cable", crew.bakyt, at("2026-03-02 10:10"))
    assert owner(ticket) == "Expert"
    ticket.hand_back("Socket?", crew.expert, at("2026-03-02 10:20"))
    assert owner(ticket) == "Cholpon"
    assert ticket.team_id == crew.first.id
    ticket.move(people.team("other-desk", 1), "Theirs", crew.cholpon, at("2026-03-02 10:30"))
    assert owner(ticket) is None
    ticket.move(crew.first, "Ours", crew.cholpon, at("2026-03-02 10:40"))
    assert owner(ticket) == "Bakyt"


def test_what_is_opened_again_lands_with_the_team_that_handed_it_over(crew):
    ticket = filed(crew)
    ticket.escalate(crew.second, "Cable", crew.bakyt, at("2026-03-02 10:10"))
    ticket.take(crew.expert, at("2026-03-02 10:15"))
    ticket.resolve(crew.expert, at("2026-03-02 10:20"))
    ticket.receive("Still broken", crew.aigul, at("2026-03-02 11:00"))
    assert owner(ticket) == "Cholpon"
    assert kinds(ticket)[-2:] == ["ticket.reopened", "ticket.assigned"]


def test_opened_again_it_stays_with_who_solved_it(crew):
    ticket = filed(crew)
    ticket.resolve(crew.bakyt, at("2026-03-02 10:20"))
    ticket.receive("Still broken", crew.aigul, at("2026-03-02 11:00"))
    assert owner(ticket) == "Bakyt"


def test_what_somebody_gave_back_goes_to_somebody_else_only(crew):
    ticket = filed(crew)
    ticket.assign(None, crew.bakyt, at("2026-03-02 10:10"))
    assert owner(ticket) == "Cholpon"
    ticket.assign(None, crew.cholpon, at("2026-03-02 10:20"))
    assert owner(ticket) == "Bakyt"
    member_of(crew.first, crew.cholpon).weight = 0
    ticket.assign(None, crew.bakyt, at("2026-03-02 10:30"))
    assert give_out("2026-03-02 10:31") == 0
    member_of(crew.first, crew.cholpon).weight = 100
    assert give_out("2026-03-02 10:32") == 1
    assert owner(ticket) == "Cholpon"


def test_a_confidential_ticket_is_given_to_the_named_only(crew):
    crew.printer.is_confidential = True
    ticket = filed(crew)
    assert owner(ticket) == "Bakyt"
    ticket.escalate(crew.second, "Cable", crew.bakyt, at("2026-03-02 10:10"))
    crew.second.assignment = "round_robin"
    assert give_out("2026-03-02 10:20") == 1
    assert owner(ticket) == "Expert"
    hidden = filed(crew, "2026-03-02 20:00")
    hidden.accesses.clear()
    assert give_out("2026-03-03 09:00") == 0
    assert not reassign(hidden, at("2026-03-03 09:00"))


def test_an_imported_ticket_is_left_alone(crew):
    ticket = filed(crew, "2026-03-02 20:00")
    ticket.origin = "otrs"
    assert give_out("2026-03-03 09:00") == 0
    ticket.escalate(crew.second, "Cable", crew.bakyt, at("2026-03-03 09:10"))
    ticket.hand_back("Socket?", crew.expert, at("2026-03-03 09:20"))
    assert owner(ticket) is None


def test_what_waits_is_not_given_out(crew):
    ticket = filed(crew, "2026-03-02 20:00")
    ticket.hold(crew.waiting, crew.bakyt, at("2026-03-02 20:30"))
    assert give_out("2026-03-03 09:00") == 0
    ticket.receive("Here", crew.aigul, at("2026-03-03 09:10"))
    assert give_out("2026-03-03 09:11") == 1


def test_who_was_faster_keeps_it(crew):
    ticket = filed(crew, "2026-03-02 20:00")
    db.session.execute(sa.update(Ticket).where(Ticket.id == ticket.id).values(assignee_id=crew.cholpon.id),
                       execution_options={"synchronize_session": False})
    assert ticket.assignee_id is None
    assert not ticket.entrust(crew.bakyt, at("2026-03-03 09:00"))
    assert owner(ticket) == "Cholpon"
    assert "ticket.assigned" not in kinds(ticket)


def test_reassigning_gives_it_to_somebody_else(crew):
    ticket = filed(crew)
    assert reassign(ticket, at("2026-03-02 20:00"))
    assert owner(ticket) == "Cholpon"
    assert not reassign(ticket, at("2026-03-02 20:10"), leaving=crew.bakyt.id)
    assert owner(ticket) == "Cholpon"
    ticket.cancel("No need", crew.aigul, at("2026-03-02 20:20"))
    assert not reassign(ticket, at("2026-03-02 20:30"))


def test_reassigning_in_a_manual_team_asks_the_least_loaded(crew):
    crew.first.assignment = "manual"
    ticket, busy = filed(crew), filed(crew)
    ticket.assign(crew.bakyt, crew.expert, at("2026-03-02 10:10"))
    busy.assign(crew.cholpon, crew.expert, at("2026-03-02 10:10"))
    dinara = people.user("dinara", member=(crew.first,))
    assert reassign(ticket, at("2026-03-02 10:20"))
    assert owner(ticket) == dinara.name
    assert events_of("ticket", ticket.id)[-1].data["by_rule"] == "least_loaded"


def test_a_batch_costs_the_same_however_many_wait(crew, statements):  # noqa: F811
    member_of(crew.first, crew.cholpon).weight = 0
    db.session.commit()

    def cost():
        db.session.commit()
        with statements() as said:
            assert give_out("2026-03-03 09:00") == 0
        return len(said)

    factories.ticket(crew.bakyt, crew.printer, at=at("2026-03-02 20:00"))
    few = cost()
    for _n in range(30):
        factories.ticket(crew.bakyt, crew.printer, at=at("2026-03-02 20:00"))
    assert cost() == few


def test_what_waits_is_one_range_of_an_index(crew):
    """Of what is active: by team or by (no) assignee, as the planner likes; never through what has ended."""
    one = {column.name: getattr(filed(crew), column.name) for column in Ticket.__table__.columns if column.name != "id"}
    rows = [one | {"assignee_id": crew.cholpon.id, "status": "open" if n % 10 else "closed",
                   "team_id": crew.first.id if n % 2 else crew.second.id} for n in range(5000)]
    db.session.execute(sa.insert(Ticket.__table__), rows)
    db.session.execute(sa.text("ANALYZE tickets"))
    plan = explain(waiting_statement(crew.first.id).limit(50))
    assert "ix_tickets_queue" in plan or "ix_tickets_assignee" in plan, plan


@pytest.mark.parametrize("mode", ["round_robin", "least_loaded"])
def test_filing_costs_a_fixed_number_of_statements(crew, statements, mode):  # noqa: F811
    crew.first.assignment = mode

    def cost():
        db.session.commit()
        with statements() as said:
            filed(crew)
        return len(said)

    few = cost()
    for n in range(10):
        people.user(f"more{n}", member=(crew.first,))
    assert cost() <= few + 1
