"""Which rule chose, and why the earlier ones did not: by the list and the facts of that moment."""

from dataclasses import replace

import pytest
import sqlalchemy as sa

from app.core.db import db
from app.sla import actions, queries, rebuild
from app.sla.book import FixedBook, live_book
from app.sla.choice import choices
from app.sla.models import SlaClock
from app.tickets import actions as ticket_actions
from tests import factories, people
from tests.sla.conftest import HOUR, at, clock_of, policy, rule
from tests.sla.test_histories import recorded


def choice_of(ticket, target="resolution", cycle=1):
    db.session.flush()
    return choices(ticket.id, queries.clocks_of(ticket.id), recorded(ticket), live_book())[target, cycle]


def said(choice):
    """Each verdict in short."""
    return [(verdict.state, verdict.fact, verdict.value) for verdict in choice.verdicts]


@pytest.fixture
def listed(office):
    """Three rules: P1 of a department, then P1, then the rest; and a law for everybody."""
    office.quick = policy("quick", office.calendar, {"P1": {"resolution": HOUR}})
    office.urgent = policy("urgent", office.calendar, {one: {"resolution": 6 * HOUR} for one in ("P1", "P3")})
    office.sales = people.department("sales")
    actions.set_rules([rule(office.quick, priority=["P1"], department_id=[office.sales.id]),
                       rule(office.urgent, priority=["P1"]), rule(office.policy)], None, at("2026-01-01 00:00"))
    return office


@pytest.fixture
def filed(listed):
    return factories.ticket(listed.aigul, listed.printer, at=at("2026-03-02 10:00"))


def test_the_first_condition_that_does_not_hold_is_named(filed):
    choice = choice_of(filed)
    assert said(choice) == [("unmet", "priority", "P3"), ("unmet", "priority", "P3"), ("chosen", "", None)]
    assert [verdict.rule.id for verdict in choice.verdicts][-1] == clock_of(filed).rule_id
    assert (choice.asked.moment, choice.allowance.promised) == (at("2026-03-02 10:00"), 18 * HOUR)


def test_another_condition_of_the_same_rule(listed, filed):
    ticket_actions.change_urgency(filed, "high", "high", listed.agent, at("2026-03-02 11:00"))
    choice = choice_of(filed)
    assert said(choice) == [("unmet", "department_id", None), ("chosen", "", None)], "later rules were not asked"
    assert choice.asked.moment == at("2026-03-02 11:00")


def test_what_was_over_keeps_the_rule_that_chose_it(listed, filed):
    filed.reply("Looking", listed.agent, at("2026-03-02 10:30"))
    ticket_actions.change_urgency(filed, "high", "high", listed.agent, at("2026-03-02 11:00"))
    assert said(choice_of(filed, "first_response"))[-1][0] == "chosen"
    assert choice_of(filed, "first_response").asked.facts["priority"] == "P3"


def test_what_new_terms_do_not_speak_of_keeps_its_rule(listed, filed):
    ticket_actions.change_urgency(filed, "high", "high", listed.agent, at("2026-03-02 11:00"))
    choice = choice_of(filed, "first_response")
    assert (len(choice.verdicts), choice.asked.facts["priority"]) == (3, "P3"), "“urgent” promises no first response"


def test_a_list_made_later_does_not_speak_of_what_was_chosen_before(listed, filed):
    before = choice_of(filed)
    actions.set_rules([rule(listed.urgent)], None, at("2026-03-02 12:00"))
    assert choice_of(filed) == before
    later = factories.ticket(listed.aigul, listed.printer, at=at("2026-03-02 13:00"))
    assert said(choice_of(later)) == [("chosen", "", None)]


def test_the_team_is_the_one_where_it_landed(listed):
    quick = rule(listed.quick, team_id=[listed.second.id])
    actions.set_rules([quick, rule(listed.policy)], None, at("2026-02-01 00:00"))
    ticket = factories.ticket(listed.aigul, listed.printer, at=at("2026-03-02 10:00"))
    ticket.escalate(listed.second, "Cable", listed.agent, at("2026-03-02 10:30"))
    ticket_actions.change_urgency(ticket, "high", "high", listed.agent, at("2026-03-02 11:00"))
    assert said(choice_of(ticket)) == [("unmet", "team_id", listed.first.id), ("chosen", "", None)]


def test_a_policy_that_begins_later_is_idle(office):
    soon = actions.create_policy("soon", people.names("soon"), actions.Promised(
        office.calendar, {"P3": {"resolution": HOUR}}, valid_from=at("2026-06-01 00:00")), None, at("2026-01-01 00:00"))
    actions.set_rules([rule(soon), rule(office.policy)], None, at("2026-01-01 00:00"))
    ticket = factories.ticket(office.aigul, office.printer, at=at("2026-03-02 10:00"))
    assert said(choice_of(ticket)) == [("idle", "", None), ("chosen", "", None)]


@pytest.mark.parametrize(("hours", "states"), [(10, ["overruled", "law"]), (30, ["chosen", "milder"])])
def test_the_law_is_named_where_it_is_stricter(office, hours, states):
    law = policy("law", office.calendar, {"P3": {"resolution": hours * HOUR}})
    actions.set_rules([rule(office.policy), replace(rule(law), is_floor=True)], None, at("2026-01-01 00:00"))
    ticket = factories.ticket(office.aigul, office.printer, at=at("2026-03-02 10:00"))
    assert [verdict.state for verdict in choice_of(ticket).verdicts] == states
    assert [verdict.seconds for verdict in choice_of(ticket).verdicts] == [18 * HOUR, hours * HOUR]
    assert [verdict.state for verdict in choice_of(ticket, "first_response").verdicts] == ["chosen", "silent"]


def test_where_only_the_law_speaks(office):
    law = policy("law", office.calendar)
    actions.set_rules([rule(office.policy, priority=["P1"]), replace(rule(law), is_floor=True)], None,
                      at("2026-01-01 00:00"))
    ticket = factories.ticket(office.aigul, office.printer, at=at("2026-03-02 10:00"))
    assert [verdict.state for verdict in choice_of(ticket).verdicts] == ["unmet", "law"]


def test_opened_again_the_allowance_says_what_was_used_before(office, ticket):
    ticket.resolve(office.agent, at("2026-03-02 13:00"))
    ticket.reopen(office.aigul, at("2026-03-03 10:00"))
    allowance = choice_of(ticket, cycle=2).allowance
    assert (allowance.promised, allowance.used_before, allowance.allowed) == (18 * HOUR, [3 * HOUR], 15 * HOUR)
    assert not allowance.is_floored


def test_opened_again_late_it_gets_the_floor(office, ticket):
    ticket.resolve(office.agent, at("2026-03-05 10:00"))
    ticket.reopen(office.aigul, at("2026-03-06 10:00"))
    allowance = choice_of(ticket, cycle=2).allowance
    assert allowance.is_floored and allowance.floor == allowance.allowed == 4.5 * HOUR


def test_an_import_names_the_policy_itself(office, ticket):
    timers = rebuild.fold(ticket.id, recorded(ticket), FixedBook(office.policy.id, live_book()), is_silent=True)
    db.session.execute(sa.delete(SlaClock).where(SlaClock.ticket_id == ticket.id))
    db.session.add_all(timers.clocks)
    choice = choice_of(ticket)
    assert (choice.verdicts, choice.allowance.promised) == ([], 18 * HOUR)
