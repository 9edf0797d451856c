"""People: made, changed, invited; whose sign-ins end; what must not be."""

import re

import pytest
import sqlalchemy as sa

from app.accounts import links
from app.accounts.models import SignIn, User
from app.core import clock
from app.core.db import db
from app.core.events import events_of
from app.core.relay import relay
from tests import people

NEW = "/admin/people/new"


def path_of(user):
    return f"/admin/people/{user.id}"


def last(user):
    return events_of("user", user.id)[-1]


def is_signed_in(user):
    return db.session.scalar(sa.select(sa.exists().where(SignIn.user_id == user.id, SignIn.ended_at.is_(None))))


def test_new_person_is_made_and_told_of(root, place, save):
    office = str(place.office.id)
    assert save(NEW, name="Daniyar", email="Daniyar@Jardam.example", department_id=office).status_code == 302
    made = db.session.scalars(sa.select(User).where(User.email == "daniyar@jardam.example")).one()
    assert (made.name, made.department_id, made.is_active) == ("Daniyar", place.office.id, True)
    assert made.password_hash is None
    assert last(made).kind == "user.created"
    assert last(made).actor_id == place.root.id


def test_address_that_is_taken_is_refused_and_what_was_typed_stays(root, place, save):
    answer = save(NEW, name="Another Aigul", email="AIGUL@jardam.example")
    assert answer.status_code == 409
    assert "already" in answer.text and "Another Aigul" in answer.text


def test_change_is_told_with_old_and_new(place, save):
    save(path_of(place.aigul), name="Aigul T.", language="ky")
    assert last(place.aigul).data["changes"] == {"name": ["Aigul", "Aigul T."], "language": ["en", "ky"]}


def test_saving_nothing_tells_nothing(place, save):
    assert save(path_of(place.aigul)).status_code == 302
    assert events_of("user", place.aigul.id) == []


def test_aigul_becomes_lead_of_a_team_and_signs_in_anew(desk, place, save):
    elsewhere = people.sign_in(desk.test_client(), place.aigul)
    save(path_of(place.aigul), **{f"team_{place.first.id}": "lead"})
    db.session.refresh(place.aigul)
    assert place.aigul.led_team_ids == [place.first.id]
    assert elsewhere.get("/profile").status_code == 302


def test_new_name_ends_no_sign_in(desk, place, save):
    elsewhere = people.sign_in(desk.test_client(), place.aigul)
    save(path_of(place.aigul), name="Aigul T.")
    assert elsewhere.get("/profile").status_code == 200


def test_switching_off_ends_sign_ins_and_links(desk, place, save):
    people.sign_in(desk.test_client(), place.aigul)
    url = links.make(place.aigul, "invitation", clock.now())
    assert save(path_of(place.aigul), is_active=None).status_code == 302
    assert not is_signed_in(place.aigul)
    assert links.find(url.rpartition("/")[2], clock.now()) is None


def test_administrator_stays_signed_in_after_changing_the_own_account(root, place, save):
    people.user("second", administrator=True)
    assert save(path_of(place.root), is_administrator=None).status_code == 302
    assert root.get("/profile").status_code == 200
    assert root.get("/admin").status_code == 404


@pytest.mark.parametrize("left_out", ["is_administrator", "is_active"])
def test_only_administrator_cannot_be_dismissed(place, save, left_out):
    answer = save(path_of(place.root), **{left_out: None})
    assert answer.status_code == 409
    assert "only administrator" in answer.text
    db.session.refresh(place.root)
    assert place.root.is_administrator and place.root.is_active


def test_customer_works_in_no_team(place, save):
    assert save(path_of(place.bakyt), is_customer="y").status_code == 400
    assert save(path_of(place.root), is_customer="y").status_code == 400
    assert save(path_of(place.aigul), is_customer="y").status_code == 302


def test_second_of_two_savers_is_told_and_loses_nothing_typed(root, place, filled):
    mine, theirs = filled(path_of(place.aigul), name="Mine"), filled(path_of(place.aigul), name="Theirs")
    assert root.post(path_of(place.aigul), data=theirs).status_code == 302
    answer = root.post(path_of(place.aigul), data=mine)
    assert answer.status_code == 409
    assert 'value="Mine"' in answer.text
    db.session.refresh(place.aigul)
    assert place.aigul.name == "Theirs"


def test_link_is_shown_once_where_no_mail_leaves(root, desk, place):
    page = root.post(path_of(place.aigul) + "/invitation")
    path = re.search(r"http://127\.0\.0\.1:8000(/password/[\w-]+)", page.text)[1]
    assert path not in root.get(path_of(place.aigul)).text
    assert desk.test_client().get(path).status_code == 200
    assert path.rpartition("/")[2] not in str(last(place.aigul).data)


def test_with_a_relay_the_link_is_left_to_the_mail(root, place):
    relay.change(host="mail.jardam.example", sender="desk@jardam.example")
    assert root.post(path_of(place.aigul) + "/invitation").status_code == 302
    assert last(place.aigul).kind == "user.invited"


def test_people_are_found_by_a_part_of_name_or_address_in_any_case(root, place):
    place.aigul.name = "Айгүл Токтогулова"
    for text in ("aig", "AIGUL@", "айгүл", "ТОКТОГУЛОВА"):
        assert "Токтогулова" in root.get("/admin/people", query_string={"q": text}).text
    assert "Nobody found" in root.get("/admin/people", query_string={"q": "%_"}).text


def test_list_goes_on_by_pages_with_the_same_number_of_statements(root, place, statements):
    few = statements(lambda: root.get("/admin/people"))
    for number in range(60):
        people.user(f"person{number:02}", department=place.office, member=(place.first,))
    assert statements(lambda: root.get("/admin/people")) == few
    first = root.get("/admin/people").text
    further = root.get(re.search(r'rel="next" href="([^"]+)"', first)[1]).text
    assert "person10@" in first and "person10@" not in further and "person30@" in further


@pytest.mark.parametrize("mark", ["nonsense", "W10", "WyJhIiwgMV0"])
def test_made_up_page_marks_are_refused(root, mark):
    assert root.get("/admin/people", query_string={"after": mark}).status_code == 400


@pytest.mark.parametrize("number", [0, 999999, 2**40, 2**70])
def test_nobody_of_that_number(root, number):
    assert root.get(f"/admin/people/{number}").status_code == 404


def test_a_telephone_number_is_kept_as_digits(save, place):
    assert save(f"/admin/people/{place.aigul.id}", phone="+996 (555) 12-34-56").status_code == 302
    assert place.aigul.phone == "+996555123456"
