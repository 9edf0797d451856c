"""Intake rules in the browser: the first that matches decides, and an administrator sets their order."""

from app.catalogue import queries
from app.core.events import events_of

RULES = "/admin/intake-rules"


def add(root, **about):
    return root.post(RULES, data={"request_type_id": "", "department_id": "", "channel": ""} | about)


def test_rule_sends_a_department_to_its_team(root, place):
    assert add(root, department_id=str(place.office.id), team_id=str(place.second.id)).status_code == 302
    assert queries.landing_team(place.printer, place.office.id, "web") is place.second
    assert queries.landing_team(place.printer, None, "web") is place.first
    rule = queries.rules()[0]
    assert events_of("intake_rule", rule.id)[0].data["changes"]["rule"][1]["team_id"] == place.second.id


def test_rules_change_places_and_the_first_decides(root, place):
    add(root, team_id=str(place.second.id))
    add(root, team_id=str(place.first.id), channel="phone")
    assert queries.landing_team(place.printer, None, "phone") is place.second
    last = queries.rules()[-1]
    root.post(f"{RULES}/{last.id}/place", data={"way": "up"})
    assert queries.landing_team(place.printer, None, "phone") is place.first
    assert events_of("intake_rule", last.id)[-1].data["changes"] == {"position": [2, 1]}


def test_at_the_end_of_the_list_nothing_moves(root, place):
    add(root, team_id=str(place.second.id))
    only = queries.rules()[0]
    for way in ("up", "down"):
        assert root.post(f"{RULES}/{only.id}/place", data={"way": way}).status_code == 302
    assert len(events_of("intake_rule", only.id)) == 1


def test_removed_rule_decides_no_more_and_its_going_is_told(root, place):
    add(root, team_id=str(place.second.id))
    gone = queries.rules()[0].id
    assert root.post(f"{RULES}/{gone}/removal").status_code == 302
    assert queries.rules() == []
    assert events_of("intake_rule", gone)[-1].data["changes"]["rule"][1] is None
    assert root.post(f"{RULES}/{gone}/removal").status_code == 404


def test_senseless_rules_are_refused(root, place):
    for wrong in ({"team_id": ""}, {"team_id": "999999"}, {"team_id": str(place.first.id), "channel": "pigeon"}):
        assert add(root, **wrong).status_code == 400
    assert queries.rules() == []


def test_page_shows_the_rules_in_their_order_at_one_price(root, place, statements):
    add(root, team_id=str(place.second.id), department_id=str(place.office.id))
    few = statements(lambda: root.get(RULES))
    for _ in range(10):
        add(root, team_id=str(place.first.id), request_type_id=str(place.printer.id))
    assert statements(lambda: root.get(RULES)) == few
