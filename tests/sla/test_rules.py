"""Rules in the browser: which policy is chosen, in which order, from when on, and what the law sets beside it."""

import html
from zoneinfo import ZoneInfo

import pytest
from flask import g

from app.core import clock
from app.core.db import db
from app.core.i18n import desk
from app.sla import queries
from app.sla.book import live_book
from tests import factories, people
from tests.experiments.forms import fields
from tests.sla.conftest import HOUR, policy

pytestmark = pytest.mark.slow


def filed(office, **about):
    """A ticket of a request that begins now, and so reads the settings anew."""
    g.pop("settings", None)
    return factories.ticket(office.aigul, office.printer, **about)


def text(response):
    return html.unescape(response.text)


def add(root, chosen, **conditions):
    return root.post("/admin/sla/rules", data={"names_en": chosen.slug, "policy_id": chosen.id, **conditions})


def order():
    return [rule.title for rule in queries.rules(clock.now())]


def test_a_new_rule_stands_before_the_one_that_takes_everything(root, office):
    urgent = policy("urgent", office.calendar)
    assert add(root, urgent, priority=["P1", "P2"]).status_code == 303
    assert order() == ["urgent", "standard"]
    assert queries.rules(clock.now())[0].conditions == {"priority": ["P1", "P2"]}
    ticket = filed(office, impact="high", urgency="high")
    assert queries.clocks_of(ticket.id)[0].rule_id == queries.rules(clock.now())[0].id


def test_a_rule_that_could_never_match_is_refused(root, office):
    answer = add(root, policy("other", office.calendar))
    assert answer.status_code == 400
    assert "“standard” could never match: “other” stands before it" in text(answer)
    assert order() == ["standard"]


def test_rules_change_places_unless_one_would_be_idle(root, office):
    urgent, printers = policy("urgent", office.calendar), policy("printers", office.calendar)
    add(root, urgent, priority=["P1"])
    add(root, printers, request_type_id=[office.printer.id])
    assert order() == ["urgent", "printers", "standard"]
    first = queries.rules(clock.now())[0]
    root.post(f"/admin/sla/rules/{first.id}/place", data={"way": "down"})
    assert order() == ["printers", "urgent", "standard"]
    last = queries.rules(clock.now())[-1]
    assert root.post(f"/admin/sla/rules/{last.id}/place", data={"way": "up"}).status_code == 400


def test_old_lists_are_kept_and_old_rules_refused(root, office):
    add(root, policy("urgent", office.calendar), priority=["P1"])
    gone = queries.rules(clock.now())[0].id
    assert root.post(f"/admin/sla/rules/{gone}/removal").status_code == 303
    assert order() == ["standard"]
    assert root.post(f"/admin/sla/rules/{gone}/removal").status_code == 409
    assert root.post("/admin/sla/rules/999999/removal").status_code == 404
    assert [len(rules) for _since, rules in live_book().lists] == [1, 2, 1]


def test_the_page_costs_the_same_with_many_policies_and_rules(root, office, statements):
    few = statements(lambda: root.get("/admin/sla"))
    for number in range(8):
        add(root, policy(f"more-{number}", office.calendar), request_type_id=[office.printer.id], priority=["P1"],
            team_id=[office.first.id], kind=[["incident", "question", "problem", "service_request"][number % 4]])
    assert statements(lambda: root.get("/admin/sla")) == few


def edit(root, rule, **changes):
    path = f"/admin/sla/rules/{rule.id}"
    return root.post(path, data=fields(root.get(path).text, path) | changes)


def rule_named(name):
    return next(rule for rule in queries.rules(clock.now()) if rule.title == name)


def test_a_rule_is_changed_in_its_place(root, office):
    add(root, policy("urgent", office.calendar), priority=["P1"])
    old = rule_named("urgent")
    assert edit(root, old, names_en="Very urgent", priority=["P1", "P2"], kind=["incident"]).status_code == 303
    new = rule_named("Very urgent")
    assert new.conditions == {"priority": ["P1", "P2"], "kind": ["incident"]} and new.position == 0
    assert order() == ["Very urgent", "standard"]
    changes = text(root.get("/admin/sla/lists"))
    assert "Very urgent" in changes and "Root" in changes


def test_a_rule_that_would_leave_another_nothing_is_not_saved_and_what_was_typed_stays(root, office):
    add(root, policy("urgent", office.calendar), priority=["P1"])
    answer = edit(root, rule_named("urgent"), names_en="For all", priority=[])
    assert answer.status_code == 400 and "“standard” could never match" in text(answer)
    assert 'value="For all"' in answer.text and order() == ["urgent", "standard"]


def test_a_change_beside_a_rule_does_not_disturb_who_edits_it(root, office):
    add(root, policy("urgent", office.calendar), priority=["P1"])
    opened = rule_named("urgent")
    add(root, policy("printers", office.calendar), request_type_id=[office.printer.id])
    assert edit(root, opened, names_en="Urgent!").status_code == 303
    assert order() == ["Urgent!", "printers", "standard"]


def test_the_second_to_change_a_rule_is_told_and_may_keep_it_as_a_new_one(root, office):
    add(root, policy("urgent", office.calendar), priority=["P1"])
    opened = rule_named("urgent")
    edit(root, opened, names_en="First")
    answer = edit(root, opened, names_en="Second", priority=["P2"])
    assert answer.status_code == 409 and "changed or removed this rule meanwhile" in text(answer)
    assert 'value="Second"' in answer.text and 'action="/admin/sla/rules"' in answer.text
    assert order() == ["First", "standard"]


def test_conditions_that_nothing_can_meet_are_refused(root, office):
    answer = add(root, policy("network", office.calendar), team_id=[office.second.id])
    assert answer.status_code == 400
    assert "This rule could never match. No such ticket ever lands there: it lands with Service-Desk" in text(answer)
    office.printer.is_active = False
    factories.request_type("cable", office.first)
    db.session.commit()
    answer = add(root, policy("printers", office.calendar), request_type_id=[office.printer.id])
    assert answer.status_code == 400 and "None of these request types is offered any more" in text(answer)


def test_a_rule_may_ask_whether_a_customer_filed_it(root, office):
    customers, ours = policy("customers", office.calendar), policy("ours", office.calendar)
    add(root, customers, is_from_customer="customer")
    outside = people.user("outside", customer=True)
    g.pop("settings", None)
    assert queries.clocks_of(factories.ticket(outside, office.printer).id)[0].rule_id == rule_named("customers").id
    assert queries.clocks_of(filed(office).id)[0].rule_id == rule_named("standard").id
    assert "Filed for: a customer" in text(root.get("/admin/sla"))
    answer = add(root, ours, is_from_customer="inside")
    assert answer.status_code == 400 and "take everything between them (“customers”, “ours”)" in text(answer)


def test_a_promise_stays_when_a_customer_becomes_an_employee(root, office):
    add(root, policy("customers", office.calendar), is_from_customer="customer")
    outside = people.user("outside", customer=True)
    g.pop("settings", None)
    ticket = factories.ticket(outside, office.printer)
    outside.is_customer = False
    ticket.change({"priority": "P1"}, office.agent)
    db.session.flush()
    assert {one.rule_id for one in queries.clocks_of(ticket.id)} == {rule_named("customers").id}


def test_what_the_law_sets_stands_apart_and_is_noted_at_milder_policies(root, office):
    law = policy("law", office.calendar, {"P3": {"resolution": 6 * HOUR}})
    assert add(root, law, is_floor="y", priority=["P3"]).status_code == 303
    assert [(rule.title, rule.is_floor) for rule in queries.rules(clock.now())] == [("standard", False), ("law", True)]
    shown = text(root.get("/admin/sla"))
    assert "“law” is stricter: P3, Resolution 6:00" in shown and "law (set by law)" in shown
    assert "never chosen" not in shown
    assert [one.allowed_seconds for one in queries.clocks_of(filed(office).id)] == [2 * HOUR, 6 * HOUR]


def test_a_policy_that_no_rule_names_is_marked(root, office):
    policy("forgotten", office.calendar)
    db.session.commit()
    assert "never chosen: no rule names it" in text(root.get("/admin/sla"))


def test_removing_asks_first_and_says_what_would_change(root, office):
    add(root, policy("urgent", office.calendar), priority=["P1"])
    filed(office, impact="high", urgency="high")
    db.session.commit()
    add(root, policy("printers", office.calendar), request_type_id=[office.printer.id], priority=["P2"])
    urgent = rule_named("urgent")
    asked = text(root.get(f"/admin/sla/rules/{urgent.id}/removal"))
    assert "Remove the rule “urgent”?" in asked and "1 ticket" in asked
    assert "Such tickets would be for the rule “standard” (policy “standard”)" in asked
    assert order() == ["urgent", "printers", "standard"]
    assert root.post(f"/admin/sla/rules/{urgent.id}/removal").status_code == 303
    assert order() == ["printers", "standard"]
    last = text(root.get(f"/admin/sla/rules/{rule_named('standard').id}/removal"))
    assert "nothing would be promised for what is filed from then on" in last


def test_rules_are_planned_from_a_day_and_thrown_away(root, office):
    plans = "/admin/sla/plans"
    today = clock.now().astimezone(ZoneInfo(desk.time_zone)).date()
    assert "Choose a day from tomorrow on" in text(root.post(plans, data={"holds_from": str(today)}))
    assert root.post(plans, data={"holds_from": "2020-01-01"}).status_code == 400
    made = root.post(plans, data={"holds_from": "2999-01-01"})
    assert made.status_code == 303
    assert root.post(plans, data={"holds_from": "2999-01-01"}).status_code == 409
    [planned] = queries.planned_lists(clock.now())
    page = f"/admin/sla/lists/{planned.id}"
    assert made.location == page and "These rules are planned" in text(root.get(page))
    added = root.post("/admin/sla/rules", data={"names_en": "urgent", "policy_id": policy("u", office.calendar).id,
                                                "priority": ["P1"], "list": planned.id})
    [planned] = queries.planned_lists(clock.now())
    assert added.location == f"/admin/sla/lists/{planned.id}"
    assert [rule.title for rule in planned.rules] == ["urgent", "standard"] and order() == ["standard"]
    root.post(f"/admin/sla/rules/{planned.rules[0].id}/place", data={"way": "up"})
    [planned] = queries.planned_lists(clock.now())
    assert "other rules hold" in text(root.get("/admin/sla"))
    assert root.post(f"/admin/sla/lists/{planned.id}/removal").status_code == 303
    assert not queries.planned_lists(clock.now())


def test_a_list_that_holds_or_held_is_kept_and_an_old_one_is_used_again(root, office):
    add(root, policy("urgent", office.calendar), priority=["P1"])
    newer, older = queries.all_lists(None).rows
    for one in (newer, older):
        assert root.post(f"/admin/sla/lists/{one.id}/removal").status_code == 409
    assert "New: urgent" in text(root.get("/admin/sla/lists"))
    assert "Use these rules again" in text(root.get(f"/admin/sla/lists/{older.id}"))
    assert "Use these rules again" not in text(root.get(f"/admin/sla/lists/{newer.id}"))
    assert root.post(f"/admin/sla/lists/{older.id}/restoration").status_code == 303
    assert order() == ["standard"] and len(queries.all_lists(None).rows) == 3
    assert "Removed: urgent" in text(root.get("/admin/sla/lists"))


def test_the_history_of_lists_costs_the_same_with_many(root, office, statements):
    few = statements(lambda: root.get("/admin/sla/lists"))
    for number in range(6):
        add(root, policy(f"more-{number}", office.calendar), request_type_id=[office.printer.id],
            kind=["incident"], priority=[["P1", "P2", "P3"][number % 3]])
    assert statements(lambda: root.get("/admin/sla/lists")) <= few + 2
