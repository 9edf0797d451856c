"""Queues and one's own requests: order, paging, filters, the same number of statements whatever the size."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from werkzeug.datastructures import MultiDict

from app.core.db import db, is_sqlite
from app.core.errors import Invalid
from app.tickets import actions, queries, queues
from app.tickets.filter import TicketFilter
from app.tickets.models import Ticket
from tests import factories

pytestmark = pytest.mark.slow

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def fill(small, count: int) -> list[Ticket]:
    """Tickets of the service desk; the later filed, the sooner due."""
    made = []
    for n in range(count):
        ticket = factories.ticket(small.aigul, small.printer, f"Subject {n}", at=NOON)
        ticket.set_due(NOON + timedelta(hours=count - n))
        made.append(ticket)
    db.session.commit()
    return made


def numbers(page: str) -> list[int]:
    return [int(n) for n in re.findall(r'class="number">(\d+)', page)]


def test_what_is_due_next_comes_first_and_what_is_never_due_last(small, browser_of):
    made = fill(small, 3)
    never = factories.ticket(small.aigul, small.printer)
    db.session.commit()
    page = browser_of(small.agent).get("/queues/service-desk").text
    assert numbers(page) == [made[2].id, made[1].id, made[0].id, never.id]


def test_pages_follow_each_other_without_gap_or_repetition(small, browser_of):
    made = fill(small, 60)
    agent, url, seen = browser_of(small.agent), "/queues/service-desk", []
    while url:
        page = agent.get(url).text
        seen += numbers(page)
        older = re.search(r'rel="next" href="([^"]+)"', page)
        url = older[1].replace("&amp;", "&") if older else None
    assert seen == [ticket.id for ticket in reversed(made)]


@pytest.mark.parametrize("mark", ["x", "W10", "WyJhIiwxXQ", "WzEsMl0"])
def test_a_mark_nobody_gave_out_is_refused(small, browser_of, mark):
    fill(small, 1)
    assert browser_of(small.agent).get(f"/queues/service-desk?after={mark}").status_code == 400


def test_ended_tickets_leave_the_queue(small, browser_of):
    first, second = fill(small, 2)
    first.resolve(small.agent)
    db.session.commit()
    assert numbers(browser_of(small.agent).get("/queues/service-desk").text) == [second.id]


def test_a_queue_of_others_does_not_exist(small, browser_of):
    assert browser_of(small.agent).get("/queues/network").status_code == 404
    assert browser_of(small.aigul).get("/queues/service-desk").status_code in (403, 404)
    assert browser_of(small.aigul).get("/queues").status_code in (403, 404)


def test_a_confidential_ticket_stands_in_the_queue_of_who_is_named(small, browser_of):
    secret = factories.ticket(small.aigul, factories.request_type("secret", small.first, is_confidential=True))
    for access in list(secret.accesses):
        secret.accesses.remove(access)
    secret.accesses.append(queries.TicketAccess(user_id=small.agent.id))
    db.session.commit()
    assert numbers(browser_of(small.agent).get("/queues/service-desk").text) == [secret.id]
    assert numbers(browser_of(small.rival).get("/queues/service-desk").text) == []


FILTERS = [
    ({"status": "open"}, {1}), ({"priority": "P1"}, {2}), ({"assignee": "me"}, {1}), ({"assignee": "none"}, {0, 2, 3}),
    ({"type": "scanner"}, {3}), ({"tag": "toner"}, {0}), ({"q": "subject 2"}, {2}), ({"q": "СУБЪЕКТ"}, {3}),
    ({"q": "100%"}, set()), ({"status": "open", "assignee": "none"}, set()), ({"status": "nonsense"}, {0, 1, 2, 3}),
]


@pytest.mark.parametrize(("args", "kept"), FILTERS)
def test_the_filter_narrows(small, browser_of, args, kept):
    made = fill(small, 4)
    made[1].take(small.agent)
    actions.change_urgency(made[2], "high", "high", small.agent)
    made[3].request_type = factories.request_type("scanner", small.first)
    made[3].subject = "Субъект"
    actions.tag(made[0], "Toner", small.agent)
    db.session.commit()
    page = browser_of(small.agent).get("/queues/service-desk", query_string=args).text
    assert set(numbers(page)) == {made[n].id for n in kept}


def test_a_number_finds_its_ticket(small, browser_of):
    made = fill(small, 3)
    page = browser_of(small.agent).get("/queues/service-desk", query_string={"q": f"#{made[1].id}"}).text
    assert numbers(page) == [made[1].id]


def test_the_parts_of_a_filter_stand_in_the_address_and_can_be_taken_away(small):
    wanted = TicketFilter.from_args(MultiDict({"status": "open", "q": "x", "priority": "P9"}), small.agent)
    assert wanted.args() == {"status": ["open"], "q": "x"}
    assert wanted.without("q", "") == {"status": ["open"]}


def test_ones_own_queues_hold_what_is_assigned_and_what_was_escalated(small, browser_of):
    made = fill(small, 3)
    made[0].take(small.agent)
    made[1].escalate(small.second, "Cable", small.agent)
    db.session.commit()
    agent = browser_of(small.agent)
    assert numbers(agent.get("/queues/mine").text) == [made[0].id]
    assert numbers(agent.get("/queues/escalated").text) == [made[1].id]
    assert numbers(browser_of(small.expert).get("/queues/network").text) == [made[1].id]


def test_counts_stop_at_the_cap(small, monkeypatch):
    monkeypatch.setattr(queues, "COUNT_CAP", 2)
    fill(small, 5)
    [queue] = queues.desk_of(small.agent).queues
    assert (queue.team, queue.waiting) == (small.first, 3)


def test_ones_own_requests_are_listed_under_way_and_ended(small, browser_of):
    first, second = fill(small, 2)
    watched = factories.ticket(small.bakyt, small.printer)
    actions.watch(watched, small.aigul, small.aigul)
    first.resolve(small.agent)
    db.session.commit()
    aigul = browser_of(small.aigul)
    assert numbers(aigul.get("/tickets").text) == [watched.id, second.id]
    assert numbers(aigul.get("/tickets?state=ended").text) == [first.id]


@pytest.mark.parametrize("url", ["/queues/service-desk", "/queues", "/queues/mine", "/tickets"])
def test_lists_ask_as_much_at_any_size(small, browser_of, statements, url):
    agent = browser_of(small.agent)

    def asked() -> int:
        db.session.commit()
        with statements() as said:
            assert agent.get(url).status_code == 200
        return len(said)

    for ticket in fill(small, 3):
        ticket.take(small.agent)
    few = asked()
    for ticket in fill(small, 60):
        ticket.take(small.agent)
    assert asked() == few <= 15


def plan(statement: sa.Select) -> str:
    compiled = statement.compile(db.engine, compile_kwargs={"literal_binds": True})
    return "\n".join(row[3] for row in db.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {compiled}"))


def test_a_queue_is_read_from_its_index_in_order(small):
    """Neither a scan nor a sort: a page costs the same at any number of tickets."""
    if not is_sqlite():
        pytest.skip("PostgreSQL's plan depends on its statistics")
    condition = queries.sees_in_team(small.agent, small.first.id)
    steps = plan(queues.rows(condition, queries.is_active()).order_by(Ticket.queue_at, Ticket.id).limit(51))
    assert "tickets USING INDEX ix_tickets_queue (team_id=?)" in steps
    assert "SCAN tickets" not in steps and "TEMP B-TREE" not in steps


def test_a_mark_of_another_kind_of_list_is_refused(small):
    fill(small, 60)
    condition = queries.sees_in_team(small.agent, small.first.id)
    mark = queues.page(condition, TicketFilter(small.agent.id), None, NOON).after
    with pytest.raises(Invalid):
        queues.asked(small.aigul, False, mark)
