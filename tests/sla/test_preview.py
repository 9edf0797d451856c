"""Old and new deadline before saving: what is shown is what then happens, and showing it writes nothing."""

import html
import random
from contextlib import suppress
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.core.db import db
from app.core.errors import DeskError
from app.sla import actions, queries
from app.sla.models import SlaClock, Span
from app.sla.preview import policy_names, preview
from app.tickets import actions as ticket_actions
from app.tickets.correction import Correction
from tests import factories, people
from tests.sla.conftest import HOUR, at, clock_of, policy, rule
from tests.sla.test_histories import COMMON, VERBS, WAITS, desk_of_two_calendars, state

FACTS = ("kind", "request_type_id", "impact", "urgency")


def correction(ticket, **facts):
    return Correction(ticket, {fact: getattr(ticket, fact) for fact in FACTS} | facts)


def foreseen(ticket, moment, **facts):
    db.session.flush()
    return preview(ticket, correction(ticket, **facts).changes, moment)


def words(markup):
    return " ".join(html.unescape(markup).split())


def test_another_priority_shows_old_and_new(office, ticket):
    resolution = foreseen(ticket, at("2026-03-02 11:00"), impact="high", urgency="high")[-1]
    assert resolution.is_moved and not resolution.is_late_at_once
    assert resolution.old.clock.due_at == at("2026-03-04 10:00")
    assert resolution.new.clock.due_at == at("2026-03-02 14:00")


def test_a_deadline_that_would_have_passed_is_said(office, ticket):
    ticket.reply("Looking", office.agent, at("2026-03-02 11:00"))
    [resolution] = foreseen(ticket, at("2026-03-02 15:00"), impact="high", urgency="high")
    assert resolution.is_late_at_once and resolution.new.clock.due_at == at("2026-03-02 14:00")


def test_the_same_facts_move_nothing(ticket):
    assert [each.is_moved for each in foreseen(ticket, at("2026-03-02 11:00"))] == [False, False]


def test_what_is_over_is_not_spoken_of(office, ticket):
    ticket.reply("Looking", office.agent, at("2026-03-02 10:30"))
    assert [each.new.clock.target for each in foreseen(ticket, at("2026-03-02 11:00"))] == ["resolution"]
    ticket.resolve(office.agent, at("2026-03-02 11:30"))
    assert foreseen(ticket, at("2026-03-02 12:00"), impact="high") == []


def test_a_pause_shows_what_would_be_left(office, ticket):
    ticket.reply("Which room?", office.agent, at("2026-03-02 10:05"))
    ticket.hold(office.waiting, office.agent, at("2026-03-02 12:00"))
    [resolution] = foreseen(ticket, at("2026-03-05 12:00"), impact="high", urgency="high")
    assert (resolution.old.text, resolution.new.text) == ("paused, 16 hr left", "paused, 2 hr left")


def test_another_request_type_names_the_policies(office, ticket):
    other = factories.request_type("phone", office.first, impact="medium", urgency="medium")
    quick = policy("quick", office.calendar, {"P3": {"resolution": HOUR}})
    actions.set_rules([rule(quick, request_type_id=[other.id]), rule(office.policy)], None, at("2026-03-01 00:00"))
    outlooks = foreseen(ticket, at("2026-03-02 10:30"), request_type_id=other.id)
    assert [each.is_moved for each in outlooks] == [False, True], "“quick” promises no first response"
    assert sorted(policy_names(outlooks).values()) == ["quick", "standard"]


def test_what_was_not_promised_before_is_new(office):
    actions.set_rules([rule(office.policy, priority=["P1"])], None, at("2026-01-01 00:00"))
    ticket = factories.ticket(office.aigul, office.printer, at=at("2026-03-02 10:00"))
    [resolution] = foreseen(ticket, at("2026-03-02 11:00"), impact="high", urgency="high")
    assert resolution.old is None and resolution.new.clock.due_at == at("2026-03-02 14:00")


def stored(ticket):
    """All rows of clocks and spans as the database has them."""
    return [[tuple(row) for row in db.session.execute(sa.select(*sa.inspect(kind).columns)
                                                      .where(kind.ticket_id == ticket.id).order_by(kind.id))]
            for kind in (SlaClock, Span)]


def foresees_what_happens(office, ticket, moment, impact, urgency):
    before = stored(ticket)
    outlooks = foreseen(ticket, moment, impact=impact, urgency=urgency)
    assert not db.session.new and not db.session.dirty
    assert stored(ticket) == before, "looking writes nothing"
    ticket_actions.change_urgency(ticket, impact, urgency, office.agent, moment)
    db.session.flush()
    running = [clock for clock in queries.clocks_of(ticket.id) if clock.stopped_at is None]
    assert by_target(each.new.clock for each in outlooks) == by_target(running)


def by_target(clocks):
    return sorted(map(state, clocks), key=lambda facts: (facts["target"], facts["cycle"]))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(6))
def test_what_is_shown_is_what_happens(office, seed):
    """At random moments of random histories, with two calendars, a law and a new version in between."""
    desk_of_two_calendars(office)
    dice, moment = random.Random(seed), at("2026-03-02 10:00:00.5")
    ticket = factories.ticket(office.aigul, office.printer, at=moment)
    for _step in range(40):
        moment += timedelta(seconds=dice.choice(WAITS), microseconds=137)
        with suppress(DeskError):
            VERBS[dice.choice(COMMON)](office, ticket, moment)
        db.session.flush()
        moment += timedelta(seconds=dice.choice(WAITS[:4]))
        foresees_what_happens(office, ticket, moment, *dice.choices(("low", "medium", "high"), k=2))


def filed_now(office):
    ticket = factories.ticket(office.aigul, office.printer)
    db.session.commit()
    return ticket.number


def written():
    return [db.session.scalar(sa.text(f"SELECT count(*) FROM {table}")) for table in ("events", "sla_clocks", "spans")]


@pytest.fixture
def agent(office, client):
    return people.sign_in(client, office.agent)


def test_the_page_of_facts_shows_the_deadlines_before_anything_is_typed(office, agent):
    page = words(agent.get(f"/tickets/{filed_now(office)}/facts").text)
    assert "Due after saving" in page and page.count(">stays<") == 2


def test_the_deadlines_are_asked_for_while_the_form_is_filled_in(office, agent):
    number = filed_now(office)
    before = written()
    part = words(agent.get(f"/tickets/{number}/facts/promise?impact=high&urgency=high").text)
    assert "<html" not in part and "P1" in part and ">stays<" not in part
    assert written() == before


@pytest.mark.parametrize("query", ["impact=huge", "kind=", "request_type_id=x", "urgency=P1"])
def test_nonsense_in_the_address_is_refused(office, agent, query):
    assert agent.get(f"/tickets/{filed_now(office)}/facts/promise?{query}").status_code == 400


def test_a_request_type_that_is_none_harms_nothing(office, agent):
    number = filed_now(office)
    assert agent.get(f"/tickets/{number}/facts/promise?request_type_id={'9' * 40}").status_code == 200


def test_without_scripts_a_button_shows_them_and_keeps_what_was_typed(office, agent):
    number = filed_now(office)
    before = written()
    form = {"subject": "Other words", "kind": "incident", "request_type_id": office.printer.id, "impact": "high",
            "urgency": "high", "version": 1}
    answer = agent.post(f"/tickets/{number}/facts/preview", data=form)
    page = words(answer.text)
    assert answer.status_code == 200 and 'value="Other words"' in page and "P1" in page and ">stays<" not in page
    assert written() == before
    assert clock_of(db.session.get(ticket_actions.Ticket, number)).allowed_seconds == 18 * HOUR


def test_a_refused_form_still_shows_the_deadlines_of_what_is_right(office, agent):
    number = filed_now(office)
    form = {"subject": "", "kind": "nonsense", "request_type_id": "x", "impact": "high", "urgency": "high"}
    answer = agent.post(f"/tickets/{number}/facts/preview", data=form)
    assert answer.status_code == 400 and "Please fill this in." in answer.text and "P1" in answer.text
