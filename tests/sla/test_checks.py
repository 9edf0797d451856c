"""Which rules can never match: by what stands before them, or by where tickets land. And what versions changed."""

from random import Random

import pytest

from app.accounts.models import Team
from app.catalogue.models import IntakeRule, RequestType
from app.core.errors import Invalid
from app.sla import checks, lists, reach
from app.sla.actions import RuleWanted
from app.sla.book import Rule
from app.sla.models import SlaPolicy
from app.sla.vocabulary import EVERY_PRIORITY
from app.tickets.vocabulary import KINDS

POLICY = SlaPolicy(id=1, slug="standard", names={"en": "Standard"})


def rule(name, is_floor=False, **conditions):
    return RuleWanted(POLICY, {"en": name}, conditions, is_floor)


EVERYTHING = rule("everything")


@pytest.mark.parametrize(("rules", "reason"), [
    ([EVERYTHING, rule("urgent", priority=["P1"])], "“urgent” could never match: “everything” stands before it"),
    ([rule("urgent", priority=["P1", "P2"]), rule("first", priority=["P1"], kind=["incident"])],
     "“first” could never match: “urgent” stands before it"),
    ([rule("high", priority=["P1", "P2"]), rule("low", priority=["P3", "P4"]), EVERYTHING],
     "“everything” could never match: the rules before it take everything between them (“high”, “low”)"),
    ([rule("ours", is_from_customer=[False, None]), rule("theirs", is_from_customer=[True]), rule("late", team_id=[3])],
     "“late” could never match: the rules before it"),
    ([rule("first", priority=["P1"]), rule("incidents", kind=["incident"], priority=["P2", "P3", "P4"]),
      rule("again", kind=["incident"])], "“again” could never match"),
])
def test_a_rule_that_others_leave_nothing_is_refused(desk, rules, reason):
    with pytest.raises(Invalid) as refused:
        checks.refuse_idle(rules)
    assert reason in refused.value.message and "Change the order or the conditions." in refused.value.message


@pytest.mark.parametrize("rules", [
    [rule("urgent", priority=["P1"]), EVERYTHING],
    [rule("types", request_type_id=[1, 2]), rule("later types", request_type_id=[2, 3])],
    [rule("all known types", request_type_id=[1, 2, 3]), EVERYTHING],
    [rule("high", priority=["P1", "P2"]), rule("low", priority=["P3"]), EVERYTHING],
    [rule("law", is_floor=True), EVERYTHING, rule("law again", is_floor=True, priority=["P1"])],
])
def test_rules_that_have_something_left_are_taken(desk, rules):
    checks.refuse_idle(rules)


def test_a_floor_takes_nothing_from_the_rules_after_it():
    law = rule("law", is_floor=True)
    assert checks.place_for(rule("urgent", priority=["P1"]), [law, EVERYTHING]) == 1
    assert not checks.is_idle(EVERYTHING, [law]) and not checks.is_idle(law, [EVERYTHING])


def test_a_new_rule_stands_before_those_that_together_leave_it_nothing():
    split = [rule("high", priority=["P1", "P2"]), rule("low", priority=["P3", "P4"]), EVERYTHING]
    assert checks.place_for(rule("type", request_type_id=[7]), split[:2]) == 1
    assert checks.place_for(rule("incidents", kind=["incident"], priority=["P3"]), split) == 1


def a_rule(luck):
    wanted = {"priority": EVERY_PRIORITY, "kind": tuple(KINDS), "is_from_customer": (True, False, None),
              "team_id": (1, 2, 3), "department_id": (1, 2)}
    facts = luck.sample(list(wanted), luck.randint(0, 2))
    return rule(str(luck.random()), **{f: luck.sample(wanted[f], luck.randint(1, len(wanted[f]))) for f in facts})


def test_idle_is_exactly_what_no_ticket_reaches():
    """Against every ticket there can be; teams and departments that no rule names stand for those still to come."""
    luck = Random("idle rules")
    every = [{"priority": p, "kind": k, "is_from_customer": c, "team_id": t, "department_id": d}
             for p in EVERY_PRIORITY for k in KINDS for c in (True, False, None) for t in (1, 2, 3, 4)
             for d in (None, 1, 2, 3)]
    found = 0
    for _case in range(150):
        rules = [a_rule(luck) for _rule in range(luck.randint(2, 7))]
        asked = [Rule(0, 0, one.conditions) for one in rules]
        first = {next((place for place, one in enumerate(asked) if one.matches(ticket)), None) for ticket in every}
        for place in range(len(rules)):
            idle = checks.is_idle(rules[place], rules[:place])
            assert idle is (place not in first)
            found += idle
    assert found > 30


def test_what_a_removed_rule_chose_goes_to_the_rules_below():
    rules = [rule("urgent", priority=["P1"]), rule("other", priority=["P2"]), rule("incidents", kind=["incident"]),
             rule("law", is_floor=True), EVERYTHING, rule("never asked")]
    assert [one.names["en"] for one in lists.heirs(rules, 0)] == ["incidents", "everything"]
    assert lists.heirs([rule("urgent", priority=["P1"]), rule("other", priority=["P2"])], 0) == []


@pytest.fixture
def ways():
    teams = [Team(id=1, level=1, is_active=True, names={"en": "Service desk"}),
             Team(id=2, level=2, is_active=True, names={"en": "Network"}),
             Team(id=3, level=1, is_active=False, names={"en": "Old desk"})]
    types = [RequestType(id=1, kind="incident", team_id=1, is_active=True, names={"en": "Printer"}),
             RequestType(id=2, kind="question", team_id=3, is_active=True, names={"en": "Question"}),
             RequestType(id=3, kind="incident", team_id=1, is_active=False, names={"en": "Fax"})]
    return reach.Ways(types, teams, [])


@pytest.mark.parametrize(("conditions", "reason"), [
    ({"request_type_id": [3]}, "None of these request types is offered any more"),
    ({"team_id": [3]}, "None of these teams takes tickets any more"),
    ({"team_id": [2]}, "No such ticket ever lands there: it lands with Service desk"),
    ({"request_type_id": [1], "team_id": [2]}, "Choose one of these, or change the intake rules"),
    ({"request_type_id": [2], "team_id": [1]}, ""),
    ({"request_type_id": [1, 3]}, ""), ({"team_id": [1, 2]}, ""), ({"priority": ["P1"]}, ""), ({}, ""),
])
def test_conditions_that_no_ticket_can_meet(desk, ways, conditions, reason):
    found = reach.unmeetable(conditions, ways)
    assert reason in found and bool(found) is bool(reason)


def test_intake_rules_decide_where_tickets_land(desk, ways):
    ways.intake.append(IntakeRule(request_type_id=1, channel="phone", team_id=2))
    assert ways.landing_of(ways.types[0]) == {1, 2} and ways.landing_of(ways.types[1]) == {1}
    assert not reach.unmeetable({"request_type_id": [1], "team_id": [2]}, ways)
    ways.intake.append(IntakeRule(team_id=2))
    ways.intake.append(IntakeRule(team_id=1))
    assert ways.landing_of(ways.types[1]) == {2}
    assert reach.unmeetable({"team_id": [1]}, ways)


def test_what_probably_was_meant_otherwise(desk, ways):
    assert list(reach.doubts({"kind": ["question"], "request_type_id": [1]}, ways))[0].startswith(
        "Requests of these types are filed as another kind (Incident)")
    assert "Not offered any more, so nothing new is of this type: Fax." in reach.doubts(
        {"request_type_id": [1, 3]}, ways)
    assert not list(reach.doubts({"request_type_id": [1], "kind": ["incident"]}, ways))
