"""The page of a list of work: what a row says, what it costs, and that all of it works as plain links and forms."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from app.core import clock
from app.core.db import db, is_sqlite
from app.tickets import actions, queues
from app.tickets.filter import TicketFilter
from app.tickets.models import Ticket
from app.tickets.views.wording import COLUMNS
from tests import factories, people

pytestmark = pytest.mark.slow

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def numbers(page: str) -> list[int]:
    return [int(n) for n in re.findall(r'class="number">(\d+)', page)]


def row(page: str, ticket: Ticket) -> str:
    """The words of one row."""
    found = re.search(rf'<li class="row[^"]*" id="row-{ticket.id}".*?</li>', page, re.DOTALL)[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", found))


def test_a_row_says_who_waits_since_when(small, browser_of):
    asked, answered = (factories.ticket(small.aigul, small.printer, at=clock.now() - timedelta(hours=3, minutes=1))
                       for _n in range(2))
    answered.reply("Which room?", small.agent, clock.now() - timedelta(minutes=20, seconds=5))
    db.session.commit()
    page = browser_of(small.agent).get("/queues").text
    assert "Waits for us 3 h" in row(page, asked) and "Waits for requester 20 min" in row(page, answered)


def test_every_column_that_can_be_chosen_is_drawn(small, browser_of):
    ticket = factories.ticket(small.aigul, small.printer, at=clock.now() - timedelta(days=2, hours=1))
    ticket.take(small.agent)
    actions.tag(ticket, "toner", small.rival)
    db.session.commit()
    agent = browser_of(small.agent)
    agent.post("/queues/layout", data={"columns": list(COLUMNS), "density": "compact"})
    page = agent.get("/queues").text
    assert 'class="queue compact n12"' in page
    said = row(page, ticket)
    for word in ("Aigul", "Agent", "Office", "printer", "Service-Desk", "toner", "Age: 2 d", "Last activity: 0 min"):
        assert word in said


def test_the_filters_used_most_are_links_that_set_and_take_away(small, browser_of):
    factories.ticket(small.aigul, small.printer)
    db.session.commit()
    agent = browser_of(small.agent)
    page = agent.get("/queues/all?priority=P4").text
    assert 'class="pill" href="/queues/all?priority=P4&amp;waits=us"' in page
    page = agent.get("/queues/all?priority=P4&waits=us").text
    assert 'class="pill" href="/queues/all?priority=P4" aria-current="true"' in page
    assert re.search(r'class="tag" href="/queues/all\?waits=us"', page) and numbers(page)


def test_a_filter_holds_over_pages_orders_and_exports(small, browser_of, monkeypatch):
    monkeypatch.setattr(queues, "PAGE_SIZE", 1)
    for _n in range(3):
        factories.ticket(small.aigul, small.printer)
    db.session.commit()
    page = browser_of(small.agent).get("/queues/service-desk?priority=P4&sort=newest").text
    older = re.search(r'rel="next" href="([^"]+)"', page)[1]
    assert "priority=P4" in older and "sort=newest" in older and older.startswith("/queues/service-desk?")
    assert "/queues/service-desk?priority=P4&amp;sort=oldest" in page
    assert "/queues/export?format=csv&amp;priority=P4&amp;sort=newest&amp;team=service-desk&amp;list=all" in page


def test_what_a_form_leaves_empty_leaves_the_address(small, browser_of):
    agent = browser_of(small.agent)
    sent = agent.get("/queues/all?q=toner&assignee=&waits=us&due=&sort=slack")
    assert (sent.status_code, sent.location) == (302, "/queues/all?waits=us&q=toner")
    assert agent.get(sent.location).status_code == 200


def test_who_is_no_colleague_is_no_filter(small, browser_of):
    factories.ticket(small.aigul, small.printer)
    db.session.commit()
    page = browser_of(small.agent).get(f"/queues/all?assignee={small.expert.id}&team=network").text
    assert "Expert" not in page and len(numbers(page)) == 1
    page = browser_of(small.agent).get(f"/queues/all?assignee={small.rival.id}").text
    assert "Rival" in page and "Nothing fits" in page


def test_a_row_can_be_selected_and_the_rows_are_one_part_of_the_page(small, browser_of):
    ticket = factories.ticket(small.aigul, small.printer)
    db.session.commit()
    page = browser_of(small.agent).get("/queues").text
    assert '<div id="queue-rows" data-part>' in page
    assert f'<span class="row-check"><input type="checkbox" name="tickets" value="{ticket.id}" form="bulk"' in page
    assert f'data-live="queue:{small.first.id} agent:{small.agent.id}"' in page


def test_who_works_in_no_team_reads_so(small, browser_of):
    admin = browser_of(people.user("admin", administrator=True))
    assert "Nothing waits here" in admin.get("/queues").text
    head = people.user("helper", member=(people.team("gone"),))
    head.memberships[0].team.is_active = False
    db.session.commit()
    assert "You work in no team" in browser_of(head).get("/queues").text


@pytest.mark.parametrize("url", ["/queues", "/queues/all?waits=us", "/queues/service-desk"])
def test_a_list_costs_as_much_with_many_rows_and_all_columns(small, browser_of, statements, url):
    agent = browser_of(small.agent)
    agent.post("/queues/layout", data={"columns": list(COLUMNS), "density": "compact"})

    def asked() -> int:
        db.session.commit()
        with statements() as said:
            assert agent.get(url).status_code == 200
        return len(said)

    def fill(count: int) -> None:
        for n in range(count):
            ticket = factories.ticket(people.user(f"u{len(numbers(agent.get(url).text))}-{n}", department=small.office),
                                      small.printer, at=NOON)
            ticket.set_due(NOON + timedelta(hours=n))
            actions.tag(ticket, f"tag{n}", small.agent)

    fill(2)
    few = asked()
    fill(40)
    assert asked() == few <= 17


def plan(statement: sa.Select) -> str:
    compiled = statement.compile(db.engine, compile_kwargs={"literal_binds": True})
    return "\n".join(step[3] for step in db.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {compiled}"))


def test_the_list_of_all_teams_is_read_from_its_index_in_order(small):
    """Neither a scan nor a sort: a page costs the same at any number of tickets."""
    if not is_sqlite():
        pytest.skip("PostgreSQL's plan depends on its statistics")
    both = people.user("both", member=(small.first, small.second))
    for person in (both, people.user("admin", administrator=True)):
        wanted = TicketFilter(person.id)
        steps = plan(queues.listed(queues.in_all_teams(person), wanted, NOON)
                     .order_by(*(column for column, _way in wanted.order)).limit(51))
        assert "tickets USING INDEX ix_tickets_queues" in steps
        assert "TEMP B-TREE" not in steps
