"""The one filter of lists: what stands in an address is what it means, and what is none of our words is left out."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from app.core.db import db
from app.tickets import actions, queues
from app.tickets.filter import SORTS, TicketFilter
from app.tickets.models import Ticket
from tests import factories, people

NOON = datetime(2026, 3, 2, 6, tzinfo=UTC)
"""Noon in Bishkek."""
WHO = type("Person", (), {"id": 7})()

word = st.text(max_size=45) | st.sampled_from((
    "open pending closed P1 P4 p1 me none 0 12 007 us requester overdue hour today 7 30 slack oldest activity email "
    f"web service-desk -x {'x' * 61} İ").split() + [" two  words "])
addresses = st.lists(st.tuples(st.sampled_from(
    ["status", "priority", "assignee", "waits", "due", "type", "tag", "team", "level", "channel", "age", "q", "sort",
     "person_id", "after", "view"]), word), max_size=12)


@settings(deadline=None)
@given(addresses)
def test_what_a_filter_says_of_itself_means_the_same_filter(pairs):
    wanted = TicketFilter.from_args(MultiDict(pairs), WHO)
    assert TicketFilter.from_args(MultiDict(wanted.args()), WHO) == wanted
    assert TicketFilter.of(wanted.args(), WHO) == wanted


@settings(deadline=None)
@given(addresses)
def test_whatever_is_typed_a_statement_can_be_made_of_it_in_which_it_does_not_stand(pairs):
    wanted = TicketFilter.from_args(MultiDict([*pairs, ("q", "x'; DROP TABLE tickets")]), WHO)
    text = str(sa.select(Ticket.id).where(*wanted.conditions(NOON)))
    assert "DROP TABLE" not in text


def test_what_is_none_of_our_words_is_left_out():
    args = {"status": "closed", "priority": "P9", "assignee": "007", "waits": "them", "due": "never", "age": "2",
            "sort": "id; --", "level": "x", "channel": "pigeon", "team": "../x", "person_id": "1"}
    assert TicketFilter.from_args(MultiDict(args), WHO) == TicketFilter(7)


def test_one_word_of_several_can_be_taken_away():
    wanted = TicketFilter.of({"status": ["new", "open"], "waits": "us", "sort": "oldest"}, WHO)
    assert wanted.without("status", "new") == {"status": ["open"], "waits": "us", "sort": "oldest"}
    assert wanted.without("waits", "") == {"status": ["new", "open"], "sort": "oldest"}


def test_an_order_narrows_nothing():
    assert not TicketFilter.of({"sort": "newest"}, WHO).is_narrow
    assert TicketFilter.of({"age": "7"}, WHO).is_narrow


def test_strangers_and_teams_of_others_are_left_out():
    wanted = TicketFilter.of({"assignee": "12", "team": ["network", "service-desk"]}, WHO)
    assert wanted.within([3], ["service-desk"]) == TicketFilter(7, team=("service-desk",))
    assert wanted.within([12], ["network"]) == TicketFilter(7, assignee="12", team=("network",))


@pytest.fixture
def mixed(small):
    """Four tickets of the service desk, filed 40, 5, 2 and 0 days before."""
    made = [factories.ticket(small.aigul, small.printer, f"Subject {n}", at=NOON - timedelta(days=days))
            for n, days in enumerate((40, 5, 2, 0))]
    made[0].take(small.agent, NOON)
    made[0].reply("Try again", small.agent, NOON)
    made[1].take(small.rival, NOON)
    actions.change_urgency(made[2], "high", "high", small.agent)
    made[3].requester_id, made[3].channel = small.bakyt.id, "phone"
    for ticket, due in zip(made, (-1, 0.5, 3, 30), strict=True):
        ticket.set_due(NOON + timedelta(hours=due))
    db.session.commit()
    return made


MEANINGS = [
    ({"status": ["new", "open"]}, {0, 1, 2, 3}), ({"status": ["new"]}, {2, 3}), ({"priority": ["P1", "P2"]}, {2}),
    ({"assignee": "rival"}, {1}), ({"waits": "us"}, {1, 2, 3}), ({"waits": "requester"}, {0}),
    ({"due": "overdue"}, {0}),
    ({"due": "hour"}, {1}), ({"due": "today"}, {0, 1, 2}), ({"age": "3"}, {0, 1}), ({"age": "30"}, {0}),
    ({"channel": ["phone"]}, {3}), ({"level": ["2"]}, set()), ({"level": ["1", "2"]}, {0, 1, 2, 3}),
    ({"team": ["service-desk"]}, {0, 1, 2, 3}), ({"team": ["network"]}, set()), ({"q": "bakyt"}, {3}),
]


@pytest.mark.parametrize(("args", "kept"), MEANINGS)
def test_each_part_narrows(small, mixed, args, kept):
    if args.get("assignee") == "rival":
        args = {"assignee": str(small.rival.id)}
    wanted = TicketFilter.of(args, small.agent)
    found = queues.first(queues.in_all_teams(small.agent), wanted, NOON, 50)
    assert {row.id for row in found} == {mixed[n].id for n in kept}


@pytest.mark.parametrize(("order", "expected"), [
    ("slack", (0, 1, 2, 3)), ("oldest", (0, 1, 2, 3)), ("newest", (3, 2, 1, 0)), ("priority", (2, 0, 1, 3)),
])
def test_each_order(small, mixed, order, expected):
    wanted = TicketFilter.of({"sort": order}, small.agent)
    found = queues.first(queues.in_all_teams(small.agent), wanted, NOON, 50)
    assert [row.id for row in found] == [mixed[n].id for n in expected]


@pytest.mark.parametrize("order", SORTS)
def test_pages_of_each_order_follow_each_other_without_gap_or_repetition(small, monkeypatch, order):
    monkeypatch.setattr(queues, "PAGE_SIZE", 3)
    for n in range(10):
        ticket = factories.ticket(small.aigul, small.printer, at=NOON - timedelta(days=n // 3))
        ticket.set_due(NOON + timedelta(hours=n // 4))
    db.session.commit()
    wanted, seen, mark = TicketFilter.of({"sort": order}, small.agent), [], None
    while mark is not None or not seen:
        page = queues.page(queues.in_all_teams(small.agent), wanted, mark, NOON)
        seen += [row.id for row in page.rows]
        mark = page.after
        if mark is None:
            break
    assert seen == [row.id for row in queues.first(queues.in_all_teams(small.agent), wanted, NOON, 50)]
    assert len(seen) == len(set(seen)) == 10


def test_a_list_of_all_teams_holds_what_the_queues_of_each_hold(small):
    both = people.user("both", member=(small.first, small.second))
    mine, theirs, other = (factories.ticket(small.aigul, factories.request_type(name, team)) for name, team in (
        ("a", small.first), ("b", small.second), ("c", people.team("third", 2))))
    secret = factories.ticket(small.aigul, factories.request_type("secret", small.first, is_confidential=True))
    for access in list(secret.accesses):
        secret.accesses.remove(access)
    db.session.commit()
    wanted = TicketFilter(both.id)
    found = {row.id for row in queues.first(queues.in_all_teams(both), wanted, NOON, 50)}
    assert found == {mine.id, theirs.id} and not {other.id, secret.id} & found
    admin = people.user("admin", administrator=True)
    found = {row.id for row in queues.first(queues.in_all_teams(admin), wanted, NOON, 50)}
    assert found == {mine.id, theirs.id, other.id}
