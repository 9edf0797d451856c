"""The page of figures: right numbers, each opening to its tickets, at a fixed cost."""

import re

import pytest
import sqlalchemy as sa

from app.core.db import db
from app.kpi import figures, refresh
from app.kpi.models import ALL_TEAMS, Fact, Month
from tests import factories, people
from tests.sla.conftest import at

pytestmark = pytest.mark.slow

NOW = at("2026-04-01 09:00")
MARCH = figures.Scope(ALL_TEAMS, "2026-03")


def numbers(scope=MARCH):
    return {name: (row.n, row.total) for name, row in figures.numbers(scope)["2026-03"].items()}


def snapshot():
    columns = (Fact.measure, Fact.ticket_id, Fact.team_id, Fact.month, Fact.until_month, Fact.at, Fact.value)
    facts = sorted(map(str, db.session.execute(sa.select(*columns))))
    months = sorted(map(str, db.session.execute(sa.select(*Month.__table__.columns))))
    return facts, months


def test_counts_of_a_month(quarter):
    refresh.refresh(NOW)
    found = numbers()
    assert {name: found[name][0] for name in ("filed", "resolved", "escalated", "handed_back", "reopened")} == {
        "filed": 5, "resolved": 3, "escalated": 1, "handed_back": 1, "reopened": 1}
    assert figures.backlog_by_month(MARCH)["2026-03"] == 2
    assert found["sla_resolution"] == (4, 3)


def test_business_time_without_nights_and_over_all_cycles(quarter):
    refresh.refresh(NOW)
    values = dict(db.session.execute(sa.select(Fact.ticket_id, Fact.value).where(Fact.measure == "resolution")).all())
    quick, _late, again = (ticket.id for ticket in quarter.tickets[:3])
    assert values[quick] == 3600
    assert values[again] == 2 * 3600 + 3600


def test_a_team_sees_its_own_share(quarter):
    refresh.refresh(NOW)
    second = figures.Scope(quarter.second.id, "2026-03")
    assert set(numbers(second)) & {"filed", "resolved", "handed_back"} == {"handed_back"}


def test_refreshing_twice_changes_nothing(quarter):
    refresh.refresh(NOW)
    before = snapshot()
    assert refresh.refresh(NOW) == 0
    refresh.rebuild(NOW)
    assert snapshot() == before


def test_step_by_step_equals_all_at_once(quarter):
    refresh.refresh(NOW)
    quarter.tickets[4].reply("Soon", quarter.agent, at("2026-03-04 10:00"))
    db.session.flush()
    refresh.refresh(NOW)
    quarter.tickets[4].resolve(quarter.agent, at("2026-04-01 08:00"))
    db.session.flush()
    refresh.refresh(NOW)
    step_by_step = snapshot()
    refresh.rebuild(NOW)
    assert snapshot() == step_by_step


def test_the_page_is_up_to_date_when_it_is_opened(quarter, browser_of):
    page = browser_of(quarter.admin).get("/kpi?month=2026-03").text
    assert re.search(rf"/kpi/filed/tickets\?month=2026-03&amp;team={ALL_TEAMS}\">5<", page)


@pytest.mark.parametrize(("measure", "count"), [("filed", 5), ("resolved", 3), ("stay", 2), ("reopened", 1)])
def test_each_number_opens_to_as_many_tickets(quarter, browser_of, measure, count):
    browser = browser_of(quarter.admin)
    browser.get("/kpi")
    page = browser.get(f"/kpi/{measure}/tickets?month=2026-03").text
    assert len(re.findall(r"<th scope=\"row\"><a href=\"/tickets/", page)) == count


def test_rows_that_are_not_the_readers_are_counted_but_not_shown(quarter, browser_of):
    lead = people.user("otherlead", leads=(people.team("supply"),))
    browser = browser_of(lead)
    browser.get("/kpi")
    page = browser.get("/kpi/filed/tickets?month=2026-03").text
    assert "5 of them are not yours to see" in page
    assert "Ticket 0" not in page


def test_figures_are_not_for_employees(quarter, browser_of):
    assert browser_of(quarter.aigul).get("/kpi").status_code == 404


@pytest.mark.parametrize("query", ["month=2026-13", "month=x", "team=x", "team=-1", "month=9999-99", "month=0000-01",
                                   "month=0001-06", "month=9999-12"])
def test_rubbish_in_the_address_is_refused(quarter, browser_of, query):
    assert browser_of(quarter.admin).get(f"/kpi?{query}").status_code == 400


def test_the_page_costs_the_same_with_more_tickets(quarter, browser_of, statements):
    browser = browser_of(quarter.admin)
    browser.get("/kpi?month=2026-03")
    with statements() as few:
        browser.get("/kpi?month=2026-03")
    for number in range(30):
        factories.ticket(quarter.aigul, quarter.printer, f"More {number}", at=at("2026-03-05 10:00"))
    browser.get("/kpi?month=2026-03")
    with statements() as many:
        browser.get("/kpi?month=2026-03")
    assert len(many) == len(few) <= 20
