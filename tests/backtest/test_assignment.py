"""Who got what came to a team, and who would have got it."""

import pytest

from app.accounts import actions as accounts
from app.accounts.models import Membership
from app.backtest import past
from app.backtest.assignment import arrivals_of
from app.core.db import db
from tests import factories, people
from tests.sla.conftest import at

pytestmark = pytest.mark.slow


def read(ticket):
    """The ticket's past, as a backtest sees it."""
    db.session.commit()
    [[found]] = past.batches(past.Period())
    return found


def content_of(team, **about):
    return accounts.team_facts(team) | about


def test_a_ticket_that_is_taken_and_solved(office, ticket):
    ticket.take(office.agent, at("2026-03-02 10:30"))
    ticket.resolve(office.agent, at("2026-03-02 12:00"))
    [arrival] = arrivals_of(read(ticket), office.first.id)
    assert (arrival.landing.at, arrival.landing.until) == (at("2026-03-02 10:00"), at("2026-03-02 12:00"))
    assert (arrival.taken_by_id, arrival.landing.requester_id) == (office.agent.id, office.aigul.id)


def test_each_visit_is_an_arrival(office, ticket):
    ticket.take(office.agent, at("2026-03-02 10:30"))
    ticket.escalate(office.second, "Cable", office.agent, at("2026-03-02 11:00"))
    ticket.take(office.expert, at("2026-03-02 12:00"))
    ticket.hand_back("Socket?", office.expert, at("2026-03-02 13:00"))
    found = read(ticket)
    assert [(one.landing.at, one.landing.until, one.taken_by_id) for one in arrivals_of(found, office.first.id)] == [
        (at("2026-03-02 10:00"), at("2026-03-02 11:00"), office.agent.id), (at("2026-03-02 13:00"), None, None)]
    assert [one.taken_by_id for one in arrivals_of(found, office.second.id)] == [office.expert.id]


def test_what_waits_is_no_load(office, ticket):
    ticket.hold(office.waiting, office.agent, at("2026-03-02 11:00"))
    ticket.resume(office.agent, at("2026-03-03 11:00"))
    [arrival] = arrivals_of(read(ticket), office.first.id)
    assert arrival.landing.until == at("2026-03-02 11:00")


@pytest.fixture
def three(office):
    """Two agents and a lead in the team, three tickets that the first agent took."""
    other = people.user("other", member=(office.first,))
    for minute in (0, 1, 2):
        ticket = factories.ticket(office.aigul, office.printer, at=at(f"2026-03-02 10:0{minute}"))
        ticket.take(office.agent, at(f"2026-03-02 10:3{minute}"))
    db.session.flush()
    return other


def test_in_turn(office, three, attempt):
    result, rows = attempt("team", office.first.id, content_of(office.first, assignment="round_robin"))
    assert (result["tickets"], result["landings"], result["differing"]) == (3, 3, 2)
    assert dict(map(tuple, ((one, tuple(both)) for one, both in result["people"]))) == {
        office.agent.id: (3, 1), office.lead.id: (0, 1), three.id: (0, 1)}
    assert {row["before_id"] for row in rows} == {office.agent.id}
    assert {row["after_id"] for row in rows} == {office.lead.id, three.id}


def test_by_hand_the_desk_gives_nobody_anything(office, three, attempt):
    result, _rows = attempt("team", office.first.id, content_of(office.first))
    assert result["nobody"] == [0, 3]


def test_weights_of_the_draft(office, three, attempt):
    shares = {str(office.agent.id): [0, None], str(office.lead.id): [0, None], str(three.id): [100, 2]}
    result, _rows = attempt("team", office.first.id,
                            content_of(office.first, assignment="least_loaded", shares=shares))
    assert (dict(map(tuple, ((one, tuple(both)) for one, both in result["people"])))[three.id],
            result["nobody"]) == ((0, 2), [0, 1])


def test_nothing_is_given_to_who_left(office, three, attempt):
    facts = content_of(office.first, assignment="round_robin")
    three.is_active = False
    result, _rows = attempt("team", office.first.id, facts)
    assert three.id not in dict(map(tuple, ((one, tuple(both)) for one, both in result["people"])))
    assert db.session.get(Membership, (office.first.id, three.id)) is not None
