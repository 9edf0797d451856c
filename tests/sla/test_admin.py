"""Policies and rules in the browser: every save is a new version, and what makes no sense is refused with a reason."""

import html

import pytest
from flask import g

from app.core import clock
from app.core.db import db
from app.core.events import events_of
from app.sla import queries
from tests import factories, people
from tests.experiments.forms import fields
from tests.sla.conftest import HOUR

pytestmark = pytest.mark.slow

POLICY = "/admin/sla/policies/standard"


@pytest.fixture
def page(root):
    """What a browser would send back from the page of a policy, unchanged."""
    return lambda path=POLICY: fields(root.get(path).text, path.partition("?")[0])


def filed(office, **about):
    """A ticket of a request that begins now, and so reads the settings anew."""
    g.pop("settings", None)
    return factories.ticket(office.aigul, office.printer, **about)


def text(response):
    return html.unescape(response.text)


def test_a_saved_policy_is_a_new_version_and_the_old_one_stays(root, office, page):
    assert root.post(POLICY, data=page() | {"P3_resolution": "6:30"}).status_code == 303
    old, new = office.policy.versions
    assert (old.targets["P3"]["resolution"], new.targets["P3"]["resolution"]) == (18 * HOUR, 6.5 * HOUR)
    assert new.by.name == "Root"
    assert events_of("sla_policy", office.policy.id)[-1].data["targets"]["P3"]["resolution"] == 6.5 * HOUR
    ticket = filed(office)
    assert [c.allowed_seconds for c in queries.clocks_of(ticket.id)] == [2 * HOUR, 6.5 * HOUR]


def test_saving_nothing_new_makes_no_version(root, office, page):
    root.post(POLICY, data=page())
    assert len(office.policy.versions) == 1


def test_a_version_may_be_planned_for_a_day(root, office, page):
    root.post(POLICY, data=page() | {"P1_resolution": "1:00", "holds_from": "2999-01-01"})
    assert office.policy.versions[-1].valid_from.isoformat() == "2998-12-31T18:00:00+00:00"
    assert queries.in_force(office.policy, clock.now()) is office.policy.versions[0]
    assert "to come" in root.get(POLICY).text


def test_actions_are_kept_once_each(root, office, page):
    row = {"rows-0-share": "80", "rows-0-target": "resolution", "rows-0-action": "notify_lead"}
    double = {name.replace("0", "1", 1): value for name, value in row.items()}
    rest = {name: "" for name in page() if name.endswith("-share")}
    assert root.post(POLICY, data=page() | rest | row | double).status_code == 303
    assert office.policy.versions[-1].actions == [{"target": "resolution", "share": 80, "action": "notify_lead"}]


@pytest.mark.parametrize("odd", [{"rows-0-target": "x"}, {"rows-0-target": ""}, {"rows-0-action": "x"}])
def test_a_row_of_a_target_or_an_act_that_there_is_not_is_refused(root, office, page, odd):
    row = {"rows-0-share": "80", "rows-0-target": "resolution", "rows-0-action": "notify_lead"}
    for address in (POLICY, POLICY.replace("/sla/", "/sla/backtests/")):
        assert root.post(address, data=page() | row | odd).status_code == 400
    assert len(office.policy.versions) == 1


def test_senseless_targets_are_refused_and_what_was_typed_stays(root, office, page):
    for typed, reason in (("0:00", "A target of zero cannot be kept"), ("4 hours", "Write hours and minutes"),
                          ("99999:00", "At most 10000 hours")):
        answer = root.post(POLICY, data=page() | {"P2_resolution": typed})
        assert answer.status_code == 400 and reason in text(answer) and f'value="{typed}"' in answer.text
    assert len(office.policy.versions) == 1


def test_a_policy_that_promises_nothing_is_refused(root, office, page):
    empty = {name: "" for name in page() if name[:2] in ("P1", "P2", "P3", "P4")}
    answer = root.post(POLICY, data=page() | empty)
    assert answer.status_code == 400 and "promises nothing" in text(answer)


def test_a_day_that_is_over_is_refused(root, office, page):
    answer = root.post(POLICY, data=page() | {"holds_from": "2020-01-01", "P1_resolution": "1:00"})
    assert answer.status_code == 400 and "This day is over" in text(answer)


def test_the_second_to_save_is_told(root, office, page):
    stale = page()
    root.post(POLICY, data=page() | {"P1_resolution": "3:00"})
    answer = root.post(POLICY, data=stale | {"P1_resolution": "2:00"})
    assert answer.status_code == 409 and 'value="2:00"' in answer.text
    assert office.policy.versions[-1].targets["P1"]["resolution"] == 3 * HOUR


def test_two_policies_cannot_share_a_short_name(root, office, page):
    answer = root.post("/admin/sla/policies/new", data=page() | {"seen": ""})
    assert answer.status_code in (400, 409)
    assert len(queries.policies()) == 1


def test_pages_show_what_is_promised(root, office):
    shown = text(root.get("/admin/sla"))
    assert "0:30 / – / 4:00" in shown and "Every ticket" in shown
    assert root.get("/admin/sla/policies/new").status_code == 200
    assert root.get("/admin/sla/policies/nothing").status_code == 404


def test_nobody_else_gets_in(office, client):

    people.sign_in(client, office.lead)
    assert client.get("/admin/sla").status_code == 404
    assert client.post(POLICY, data={}).status_code == 404
    db.session.rollback()


def rows(*told):
    """Rows of what happens on the way, (share, target, action, detail), in place of those that are there."""
    names = ("share", "target", "action", "detail")
    return {f"rows-{place}-{name}": str(value) for place, row in enumerate(told)
            for name, value in zip(names, (*row, "")[:4], strict=True)}


def without_rows(typed):
    return {name: value for name, value in typed.items() if not name.startswith("rows-")}


EVERY_ACTION = [
    (50, "resolution", "notify_team"), (60, "next_response", "notify_deputy"), (75, "resolution", "notify_named",
                                                                              "Lead@jardam.example"),
    (80, "handover", "reassign", "agent@jardam.example"), (90, "handover", "reassign"),
    (100, "pickup", "tell_head", "2"), (100, "resolution", "raise_priority"), (120, "resolution", "add_tag", "LATE"),
    (150, "resolution", "add_note", "Half the time again."), (300, "first_response", "notify_chain"),
]


def test_actions_know_whom_and_what_and_nothing_else(root, office, page):
    assert root.post(POLICY, data=without_rows(page()) | rows(*EVERY_ACTION)).status_code == 303
    stored = {(a["target"], a["share"]): {k: v for k, v in a.items() if k not in ("target", "share")}
              for a in office.policy.versions[-1].actions}
    assert stored == {
        ("resolution", 50): {"action": "notify_team"}, ("next_response", 60): {"action": "notify_deputy"},
        ("resolution", 75): {"action": "notify_named", "user_id": office.lead.id},
        ("handover", 80): {"action": "reassign", "user_id": office.agent.id}, ("handover", 90): {"action": "reassign"},
        ("pickup", 100): {"action": "tell_head", "step": 2}, ("resolution", 100): {"action": "raise_priority"},
        ("resolution", 120): {"action": "add_tag", "tag": "late"},
        ("resolution", 150): {"action": "add_note", "text": "Half the time again."},
        ("first_response", 300): {"action": "notify_chain"},
    }
    shown = text(root.get(POLICY))
    for sentence in ("At 75 % of the time for the resolution: tell Lead",
                     "At 80 % of the time for the hand-over: give it to Agent",
                     "At 100 % of the time for the pick-up: escalate to the head of the team's department",
                     "At 120 % of the time for the resolution: add the tag “late”"):
        assert sentence in shown
    assert root.post(POLICY, data=page()).status_code == 303
    assert len(office.policy.versions) == 2


@pytest.mark.parametrize(("row", "reason"), [
    ((75, "resolution", "notify_named"), "Write the e-mail address of the person who is told"),
    ((75, "resolution", "notify_named", "nobody@jardam.example"), "Nobody here has the address nobody@jardam.example"),
    ((75, "resolution", "notify_named", "Lead"), "“Lead” is not an e-mail address"),
    ((75, "resolution", "reassign", "aigul@jardam.example"), "Aigul works in no team"),
    ((75, "resolution", "tell_head"), "Write how many steps up the chain, 1 to 5"),
    ((75, "resolution", "tell_head", "9" * 5000), "Write how many steps up the chain, 1 to 5"),
    ((75, "resolution", "tell_head", "6"), "Write how many steps up the chain, 1 to 5"),
    ((75, "resolution", "add_tag"), "Write the tag, at most 40 characters"),
    ((75, "resolution", "add_tag", "x" * 41), "Write the tag, at most 40 characters"),
    ((75, "resolution", "add_note"), "Write the text of the note"),
    ((301, "resolution", "notify_lead"), "A whole number from 1 to 300 is needed"),
    ((-5, "resolution", "notify_lead"), "A whole number from 1 to 300 is needed"),
])
def test_a_row_that_lacks_something_is_refused_with_what_it_lacks(root, office, page, row, reason):
    answer = root.post(POLICY, data=without_rows(page()) | rows(row))
    assert answer.status_code == 400 and f"Row 1: {reason}" in text(answer)
    assert len(row) < 4 or f'value="{row[3]}"' in answer.text
    assert len(office.policy.versions) == 1


def test_a_ticket_can_be_given_away_only_once_at_a_moment(root, office, page):
    twice = [(100, "resolution", "escalate_level"), (100, "resolution", "reassign", "agent@jardam.example")]
    answer = root.post(POLICY, data=without_rows(page()) | rows(*twice))
    assert answer.status_code == 400 and "can be given away only once" in text(answer)
    same = [(100, "resolution", "escalate_level")] * 2 + [(110, "resolution", "reassign")]
    assert root.post(POLICY, data=without_rows(page()) | rows(*same)).status_code == 303
    assert [a["action"] for a in office.policy.versions[-1].actions] == ["escalate_level", "reassign"]


def test_next_responses_and_the_levels_have_times_of_their_own(root, office, page):
    typed = {"P3_next_response": "4:00", "P3_pickup-1": "1:00", "P3_handover-2": "8:00"}
    root.post(POLICY, data=page() | typed)
    assert office.policy.versions[-1].targets["P3"] == {
        "first_response": 2 * HOUR, "next_response": 4 * HOUR, "resolution": 18 * HOUR, "pickup:1": HOUR,
        "handover:2": 8 * HOUR}
    shown = text(root.get(POLICY))
    assert "P3, Pick-up, level 1: – → 1:00" in shown and "P3, Next response: – → 4:00" in shown
    office.second.level = 3
    db.session.commit()
    assert {"P3_handover-2", "P3_handover-3"} < page().keys()


@pytest.mark.parametrize(("typed", "doubt"), [
    ({"P3_handover-1": "20:00"}, "P3: “Hand-over or solution, level 1” (20:00) is longer than the resolution time"),
    ({"P1_first_response": "3:00"}, "P1 has more time than P2 for “First response”"),
])
def test_odd_times_are_saved_and_doubted(root, office, page, typed, doubt):
    answer = root.post(POLICY, data=page() | typed)
    assert answer.status_code == 303 and len(office.policy.versions) == 2
    assert doubt in text(root.get("/admin/sla"))


def test_zero_is_refused_between_levels_too(root, office, page):
    answer = root.post(POLICY, data=page() | {"P2_pickup-1": "0:00"})
    assert answer.status_code == 400 and "A target of zero cannot be kept. Leave it empty" in text(answer)


def test_a_planned_version_is_opened_changed_and_thrown_away(root, office, page):
    root.post(POLICY, data=page() | {"P1_resolution": "1:00", "holds_from": "2999-01-01"})
    planned = office.policy.versions[-1]
    assert page()["P1_resolution"] == "4:00" and "another version holds" in text(root.get(POLICY))
    opened = page(f"{POLICY}?version={planned.id}")
    assert (opened["P1_resolution"], opened["holds_from"]) == ("1:00", "2999-01-01")
    root.post(POLICY, data=opened | {"P1_resolution": "2:00"})
    assert [v.targets["P1"]["resolution"] for v in office.policy.versions] == [4 * HOUR, 2 * HOUR]
    removal = f"{POLICY}/versions/{office.policy.versions[-1].id}/removal"
    assert root.post(removal).status_code == 303 and root.post(removal).status_code == 404
    assert len(office.policy.versions) == 1


def test_a_version_that_holds_or_held_is_never_thrown_away(root, office, page):
    root.post(POLICY, data=page() | {"P1_resolution": "3:00"})
    for version in office.policy.versions:
        assert root.post(f"{POLICY}/versions/{version.id}/removal").status_code == 409
    assert len(office.policy.versions) == 2


def test_an_older_version_is_used_again_as_the_next_one(root, office, page):
    root.post(POLICY, data=page() | {"P1_resolution": "3:00"})
    old = office.policy.versions[0]
    assert "once more" in text(root.get(f"{POLICY}?version={old.id}"))
    assert root.get(f"{POLICY}?version={'9' * 5000}").status_code == 200
    assert root.get(f"{POLICY}?version=999999").status_code == 404
    root.post(POLICY, data=page(f"{POLICY}?version={old.id}"))
    assert [v.targets["P1"]["resolution"] for v in office.policy.versions] == [4 * HOUR, 3 * HOUR, 4 * HOUR]
