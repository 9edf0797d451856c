"""Teams: levels, members, leads, how they escalate and share their work."""

import pytest
import sqlalchemy as sa

from app.accounts.models import Team
from app.core.db import db
from app.core.events import events_of
from tests import people
from tests.sla.conftest import calendar

pytestmark = pytest.mark.slow

NEW, DESK, NETWORK = "/admin/teams/new", "/admin/teams/service-desk", "/admin/teams/network"


def test_new_team_with_members_by_address(place, save):
    assert save(NEW, names_en="Vehicles", slug="vehicles", level="2", speciality="cars",
                added="aigul@jardam.example, Bakyt@jardam.example").status_code == 302
    made = db.session.scalars(sa.select(Team).where(Team.slug == "vehicles")).one()
    assert (made.level, [user.name for user in made.members]) == (2, ["Aigul", "Bakyt"])
    assert events_of("team", made.id)[-1].data["changes"]["level"] == [None, 2]


def test_third_level_is_a_row(place, save):
    assert save(NEW, names_en="Makers", slug="makers", level="3").status_code == 302


def test_member_becomes_lead_and_leaves(desk, place, save):
    role = f"member_{place.bakyt.id}"
    elsewhere = people.sign_in(desk.test_client(), place.bakyt)
    save(DESK, **{role: "lead"})
    db.session.refresh(place.bakyt)
    assert place.bakyt.is_lead
    assert elsewhere.get("/profile").status_code == 302
    save(DESK, **{role: ""})
    db.session.refresh(place.bakyt)
    assert not place.bakyt.is_agent


def test_unknown_address_is_named_and_nothing_is_stored(place, save):
    answer = save(DESK, speciality="phones", added="ghost@jardam.example")
    assert answer.status_code == 400
    assert "ghost@jardam.example" in answer.text and "phones" in answer.text
    db.session.refresh(place.first)
    assert place.first.speciality == ""


def test_customer_is_not_taken_into_a_team(place, save):
    people.user("guest", customer=True)
    assert save(DESK, added="guest@jardam.example").status_code == 400


def test_last_team_of_level_1_stays(place, save):
    assert save(DESK, is_active=None).status_code == 409
    assert save(DESK, level="2").status_code == 409
    people.team("second-desk", 1)
    assert save(DESK, is_active=None).status_code == 302


def test_short_name_is_one_and_latin(place, save):
    assert save(NEW, names_en="Network again", slug="network").status_code == 409
    for wrong in ("Имя", "a b", "-a", "a/b", ""):
        assert save(NEW, names_en="X", slug=wrong).status_code == 400


def test_level_is_a_small_whole_number(place, save):
    for wrong in ("0", "-1", "10", "1.5", "two", ""):
        assert save(NEW, names_en="X", slug="x", level=wrong).status_code == 400


def test_name_in_one_language_is_enough_but_in_none_is_not(place, save):
    assert save(NEW, slug="x").status_code == 400
    assert save(NEW, slug="x", names_ky="Адистер").status_code == 302


def test_second_of_two_savers_is_told(root, place, filled):
    mine, theirs = filled(DESK, speciality="mine"), filled(DESK, speciality="theirs")
    assert root.post(DESK, data=theirs).status_code == 302
    answer = root.post(DESK, data=mine)
    assert answer.status_code == 409
    assert 'value="mine"' in answer.text
    db.session.refresh(place.first)
    assert place.first.speciality == "theirs"


def test_told_and_looked_the_second_saver_may_save(root, place, filled):
    mine = filled(DESK, speciality="mine")
    root.post(DESK, data=filled(DESK, speciality="theirs"))
    refused = root.post(DESK, data=mine).text
    again = mine | {"seen": refused.split('name="seen" type="hidden" value="')[1][:32]}
    assert root.post(DESK, data=again).status_code == 302
    db.session.refresh(place.first)
    assert place.first.speciality == "mine"


def test_list_of_teams_costs_the_same_however_many(root, place, statements):
    few = statements(lambda: root.get("/admin/teams"))
    for number in range(20):
        people.user(f"agent{number}", member=(people.team(f"team-{number}", 2),))
    assert statements(lambda: root.get("/admin/teams")) == few


def test_how_a_team_escalates_and_shares_its_work(place, save):
    hours = calendar()
    assert save(DESK, department_id=str(place.office.id), escalates_to_id=str(place.second.id),
                calendar_id=str(hours.id), assignment="round_robin", unown_after="1:30").status_code == 302
    desk = db.session.get(Team, place.first.id)
    assert (desk.department_id, desk.escalates_to_id, desk.calendar_id) == (place.office.id, place.second.id, hours.id)
    assert (desk.assignment, desk.unown_after_seconds) == ("round_robin", 5400)
    changed = events_of("team", desk.id)[-1].data["changes"]
    assert changed["assignment"] == ["manual", "round_robin"]
    assert changed["unown_after_seconds"] == [None, 5400]
    assert save(DESK, department_id="", escalates_to_id="", calendar_id="", unown_after="").status_code == 302
    db.session.refresh(desk)
    assert (desk.department_id, desk.escalates_to_id, desk.calendar_id, desk.unown_after_seconds) == (None,) * 4


def test_each_member_carries_a_share(place, save):
    who = place.bakyt.id
    save(DESK, **{f"weight_{who}": "50", f"capacity_{who}": "12"}, added="aigul@jardam.example")
    db.session.expire_all()
    shares = {m.user.name: (m.weight, m.capacity) for m in place.first.memberships}
    assert shares == {"Bakyt": (50, 12), "Aigul": (100, None)}
    assert events_of("team", place.first.id)[-1].data["changes"]["shares"] == [
        {str(who): [100, None]}, {str(who): [50, 12], str(place.aigul.id): [100, None]}]
    assert save(DESK, **{f"weight_{who}": "0", f"capacity_{who}": ""}).status_code == 302
    db.session.expire_all()
    assert {(m.weight, m.capacity) for m in place.first.memberships} == {(0, None), (100, None)}


@pytest.mark.parametrize(("field", "wrong"), [
    ("weight", "-1"), ("weight", "501"), ("weight", ""), ("weight", "half"),
    ("capacity", "0"), ("capacity", "-3"), ("capacity", "10000"), ("capacity", "many"),
])
def test_a_share_that_cannot_be_is_refused_at_its_field(place, save, field, wrong):
    name = f"{field}_{place.bakyt.id}"
    answer = save(DESK, speciality="phones", **{name: wrong})
    assert answer.status_code == 400
    assert f'id="{name}-error"' in answer.text and f'href="#{name}"' in answer.text and 'value="phones"' in answer.text


@pytest.mark.parametrize("wrong", ["0", "0:00", "-1", "1:75", "99999", "soon"])
def test_a_time_that_cannot_be_is_refused_at_its_field(place, save, wrong):
    answer = save(DESK, unown_after=wrong)
    assert answer.status_code == 400
    assert 'id="unown_after-error"' in answer.text


def test_no_such_choice(place, save):
    for field in ("department_id", "escalates_to_id", "calendar_id", "assignment"):
        assert save(DESK, **{field: "4711"}).status_code == 400


@pytest.fixture
def chained(place, save):
    """Service desk (1) → network (2) → makers (3)."""
    makers = people.team("makers", 3)
    place.first.escalates_to_id, place.second.escalates_to_id = place.second.id, makers.id
    db.session.commit()
    return makers


def refusal(answer):
    assert answer.status_code == 400
    return answer.text


def test_a_chain_that_returns_to_itself_is_named(place, chained, save):
    text = refusal(save("/admin/teams/makers", escalates_to_id=str(place.second.id)))
    assert "This chain returns to itself: Makers → Network → Makers." in text
    assert save("/admin/teams/makers", escalates_to_id=str(chained.id)).status_code == 400
    db.session.refresh(chained)
    assert chained.escalates_to_id is None


def test_a_team_cannot_escalate_to_itself(chained, save):
    text = refusal(save("/admin/teams/makers", escalates_to_id=str(chained.id)))
    assert "This chain returns to itself: Makers → Makers." in text


def test_escalation_leads_upwards(place, chained, save):
    other = people.team("servers", 2)
    db.session.commit()
    text = refusal(save(NETWORK, escalates_to_id=str(other.id)))
    assert "Network (level 2) → Servers (level 2): escalation leads to a higher level." in text


@pytest.mark.parametrize(("path", "level", "chain"), [
    ("/admin/teams/makers", "2", "Network (level 2) → Makers (level 2)"),
    (NETWORK, "3", "Network (level 3) → Makers (level 3)"),
    (NETWORK, "1", "Service-Desk (level 1) → Network (level 1)"),
])
def test_another_level_must_not_break_the_chain(place, chained, save, path, level, chain):
    assert chain in refusal(save(path, level=level))


def test_a_team_to_which_others_escalate_goes_on_taking_requests(place, chained, save):
    text = refusal(save("/admin/teams/makers", is_active=None))
    assert "Network (level 2) → Makers (level 3): a team that takes no requests" in text
    assert save(NETWORK, escalates_to_id="").status_code == 302
    assert save("/admin/teams/makers", is_active=None).status_code == 302
    assert "Makers" not in save(NETWORK).text


def test_the_list_shows_chain_and_assignment(place, chained, root):
    place.first.assignment = "least_loaded"
    page = root.get("/admin/teams").text
    assert "Network → Makers" in page and "To whoever carries least" in page


def test_the_page_of_a_team_costs_the_same_however_many_members(root, place, statements):
    few = statements(lambda: root.get(DESK))
    for number in range(20):
        people.user(f"agent{number}", member=(place.first,))
    assert statements(lambda: root.get(DESK)) == few
