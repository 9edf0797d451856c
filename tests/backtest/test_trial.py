"""What a draft would have made of the past."""

from copy import deepcopy

import pytest

from app.backtest.drafts import Gone
from app.core.db import db
from app.sla import actions
from app.sla.book import live_book
from app.sla.forms import policy_facts
from app.sla.sweep import sweep as sweep_committed
from app.tickets import actions as ticket_actions
from tests import factories
from tests.sla.conftest import HOUR, OFFICE, at, calendar, policy

from .conftest import NOW

pytestmark = pytest.mark.slow


def sweep(now):
    db.session.commit()
    sweep_committed(now)


def content_of(policy, **about):
    """What a draft of the policy holds: as it stands, but for what is given."""
    facts = policy_facts(policy, policy.versions[-1])
    kept = ("calendar_id", "targets", "reopen_floor_percent", "actions")
    return {**{name: deepcopy(facts[name]) for name in kept}, **about}


def with_target(policy, seconds, target="resolution", priority="P3"):
    content = content_of(policy)
    content["targets"][priority][target] = seconds
    return content


def solved(office, ticket, moment="2026-03-02 15:00"):
    ticket.take(office.agent, at("2026-03-02 10:30"))
    ticket.reply("Try again", office.agent, at("2026-03-02 11:00"))
    ticket.resolve(office.agent, at(moment))


def test_the_live_policy_as_a_draft_changes_nothing(office, ticket, attempt):
    solved(office, ticket, "2026-03-05 15:00")
    sweep(NOW)
    result, rows = attempt("policy", office.policy.id, content_of(office.policy))
    assert (result["tickets"], result["touched"], rows) == (1, 0, [])
    for before, after in result["targets"].values():
        assert before == after
    assert all(before == after for before, after in result["days"].values())
    assert result["targets"]["resolution"][0]["missed"] == 1


def test_a_stricter_target_is_missed_where_the_old_one_was_kept(office, ticket, attempt):
    solved(office, ticket)
    result, rows = attempt("policy", office.policy.id, with_target(office.policy, 4 * HOUR))
    assert result["targets"]["resolution"] == [
        {"met": 1, "missed": 0, "open": 0, "none": 0}, {"met": 0, "missed": 1, "open": 0, "none": 0}]
    assert [(row["ticket_id"], row["before"], row["after"], row["is_worse"]) for row in rows] == [
        (ticket.id, "met", "missed", True)]
    assert rows[0]["due_before"] == at("2026-03-04 10:00")
    assert rows[0]["due_after"] == at("2026-03-02 14:00")
    assert result["flips"] == {"better": 0, "worse": 1}
    assert result["teams"] == {str(office.first.id): [0, 1]}
    assert result["priorities"] == {"P3": [0, 1]}
    assert [hour for hour, count in enumerate(result["hours"][1]) if count] == [14]


def test_a_milder_target_keeps_what_was_missed(office, ticket, attempt):
    solved(office, ticket, "2026-03-05 15:00")
    result, rows = attempt("policy", office.policy.id, with_target(office.policy, 45 * HOUR))
    assert [(row["before"], row["after"], row["is_worse"]) for row in rows] == [("missed", "met", False)]
    assert result["flips"] == {"better": 1, "worse": 0}


def test_a_deadline_that_has_passed_unanswered_counts_as_missed(office, ticket, attempt):
    result, _rows = attempt("policy", office.policy.id, with_target(office.policy, 4000 * HOUR))
    before, after = result["targets"]["resolution"]
    assert (before["missed"], after["open"]) == (1, 1)


def test_a_calendar_that_never_closes(office, ticket, attempt):
    solved(office, ticket, "2026-03-03 15:00")
    always = {"zone": "Asia/Bishkek", "week": {str(day): [["00:00", "24:00"]] for day in range(7)}, "country": None,
              "overrides": {}}
    result, rows = attempt("calendar", office.calendar.id, always)
    assert result["touched"] == 1
    assert [(row["target"], row["after"], row["due_after"]) for row in rows] == [
        ("resolution", "missed", at("2026-03-03 04:00"))]


def test_the_calendar_as_it_is_changes_nothing(office, ticket, attempt):
    same = {"zone": "Asia/Bishkek", "week": OFFICE, "country": "KG", "overrides": {}}
    result, rows = attempt("calendar", office.calendar.id, same)
    assert (result["touched"], rows) == (0, [])


def test_rules_that_choose_another_policy(office, ticket, attempt):
    """A policy younger than the past is tried on it all the same."""
    solved(office, ticket)
    strict = policy("strict", office.calendar, {"P3": {"resolution": HOUR}})
    rules = [{"policy_id": strict.id, "names": {}, "conditions": {"priority": ["P3"]}, "is_floor": False},
             {"policy_id": office.policy.id, "names": {}, "conditions": {}, "is_floor": False}]
    result, rows = attempt("rules", None, rules)
    assert [(row["target"], row["after"]) for row in rows] == [("resolution", "missed")]
    assert result["targets"]["first_response"][1] == {"met": 0, "missed": 0, "open": 0, "none": 0}


def test_the_rules_as_they_are_change_nothing(office, ticket, attempt):
    rules = [{"policy_id": office.policy.id, "names": {}, "conditions": {}, "is_floor": False}]
    result, rows = attempt("rules", None, rules)
    assert (result["touched"], rows) == (0, [])


def test_a_floor_set_by_law_in_a_draft(office, ticket, attempt):
    solved(office, ticket)
    law = policy("law", office.calendar, {"P3": {"resolution": HOUR}})
    rules = [{"policy_id": office.policy.id, "names": {}, "conditions": {}, "is_floor": False},
             {"policy_id": law.id, "names": {}, "conditions": {}, "is_floor": True}]
    _result, rows = attempt("rules", None, rules)
    assert [(row["target"], row["after"], row["due_after"]) for row in rows] == [
        ("resolution", "missed", at("2026-03-02 11:00"))]


def test_other_shares_tell_other_people(office, ticket, attempt):
    """Half of the resolution's time, which is used up on Tuesday at 10:00, tells the lead, not the assignee."""
    ticket.take(office.agent, at("2026-03-02 10:30"))
    ticket.reply("Try again", office.agent, at("2026-03-02 11:00"))
    sweep(at("2026-03-03 10:30"))
    ticket.resolve(office.agent, at("2026-03-03 12:00"))
    content = content_of(office.policy, actions=[{"target": "resolution", "share": 50, "action": "notify_lead"}])
    result, _rows = attempt("policy", office.policy.id, content)
    told = {person_id: total for person_id, total, _fullest in result["people"]}
    assert told == {office.agent.id: [1, 0], office.lead.id: [0, 1]}
    assert result["days"] == {"2026-03-03": [1, 1]}


def test_what_the_desk_would_be_asked_to_do(office, ticket, attempt):
    ticket.take(office.agent, at("2026-03-02 10:30"))
    content = content_of(office.policy, actions=[{"target": "resolution", "share": 50, "action": "raise_priority"}])
    result, _rows = attempt("policy", office.policy.id, content)
    assert result["acts"]["raise_priority"] == [0, 1]


def test_a_pause_is_as_long_in_the_draft(office, ticket, attempt):
    """What people did stays: eight hours of waiting move the draft's deadline too."""
    ticket.hold(office.waiting, office.agent, at("2026-03-02 11:00"))
    ticket.resume(office.agent, at("2026-03-03 10:00"))
    ticket.resolve(office.agent, at("2026-03-03 11:30"))
    _result, rows = attempt("policy", office.policy.id, with_target(office.policy, 2 * HOUR))
    assert [(row["after"], row["due_after"]) for row in rows] == [("missed", at("2026-03-03 11:00"))]


def test_a_change_of_priority_counts_where_the_deadline_passed(office, ticket, attempt):
    ticket_actions.change_urgency(ticket, "high", "high", office.agent, at("2026-03-02 12:00"))
    ticket.resolve(office.agent, at("2026-03-02 17:00"))
    result, _rows = attempt("policy", office.policy.id, content_of(office.policy))
    assert result["priorities"] == {"P1": [2, 2]}


def test_only_tickets_filed_in_the_period(office, ticket, attempt):
    factories.ticket(office.aigul, office.printer, at=at("2026-03-10 10:00"))
    period = (at("2026-03-02 10:00"), at("2026-03-10 10:00"))
    result, _rows = attempt("policy", office.policy.id, content_of(office.policy), period=period)
    assert result["tickets"] == 1


def test_a_draft_of_what_is_gone(office, attempt):
    with pytest.raises(Gone):
        attempt("policy", office.policy.id + 99, content_of(office.policy))


def test_nothing_but_reading(office, ticket, attempt):
    """Neither the draft's promises nor its clocks are left in the desk's own book or rows."""
    solved(office, ticket)
    before = live_book()
    attempt("policy", office.policy.id, with_target(office.policy, HOUR))
    assert live_book() is before
    assert -1 not in before.by_id
    assert not db.session.dirty and not db.session.new


def test_an_older_version_is_tried_against_all_of_the_past(office, ticket, attempt):
    """The draft holds throughout, also where another version held at the time."""
    solved(office, ticket)
    milder = actions.Promised(office.calendar, {"P3": {"resolution": 45 * HOUR}})
    actions.change_policy(office.policy, milder, None, at("2026-03-05 09:00"))
    result, rows = attempt("policy", office.policy.id, content_of(office.policy))
    assert result["touched"] == 1
    assert rows == []
    assert result["targets"]["resolution"][1]["met"] == 1


def test_another_calendar_is_not_touched(office, ticket, attempt):
    other = calendar("other")
    content = {"zone": "UTC", "week": OFFICE, "country": None, "overrides": {}}
    result, _rows = attempt("calendar", other.id, content)
    assert result["touched"] == 0
