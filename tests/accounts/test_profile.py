"""The own page: what a person changes, the new password, where they are signed in."""

import sqlalchemy as sa

from app.accounts import sign_in
from app.accounts.models import SignIn
from app.core import clock
from app.core.db import db
from app.core.events import events_of
from tests import people

from .conftest import PASSWORD

NEW = "a longer new password"


def change(client, old=PASSWORD, new=NEW, again=None):
    return client.post("/profile/password", data={"old": old, "password": new, "again": again or new})


def test_aigul_changes_her_name_and_it_is_told_from_what_to_what(client, aigul):
    people.sign_in(client, aigul)
    answer = client.post("/profile", data={"name": "Aigul T.", "language": "ky", "time_zone": "Asia/Bishkek"})
    assert answer.location == "/profile"
    told = events_of("user", aigul.id)[-1].data
    assert told == {"changes": {"name": ["Aigul", "Aigul T."], "language": ["en", "ky"]}}


def test_saving_nothing_tells_nothing(client, aigul):
    people.sign_in(client, aigul)
    client.post("/profile", data={"name": "Aigul", "language": "en", "time_zone": "Asia/Bishkek"})
    assert events_of("user", aigul.id) == []


def test_unknown_zone_is_refused_and_what_was_typed_stays(client, aigul):
    people.sign_in(client, aigul)
    answer = client.post("/profile", data={"name": "Typed name", "language": "en", "time_zone": "Mars/Base"})
    assert answer.status_code == 400
    assert "Typed name" in answer.text
    db.session.refresh(aigul)
    assert aigul.name == "Aigul"


def test_who_has_chosen_nothing_is_shown_what_the_desk_speaks(client, aigul):
    aigul.language = aigul.time_zone = None
    page = people.sign_in(client, aigul).get("/profile").text
    assert 'selected value="Asia/Bishkek"' in page


def test_own_rights_cannot_be_changed_here(client, aigul):
    people.sign_in(client, aigul)
    client.post("/profile", data={"name": "Aigul", "language": "en", "time_zone": "Asia/Bishkek",
                                  "is_administrator": "y", "email": "other@jardam.example"})
    db.session.refresh(aigul)
    assert (aigul.is_administrator, aigul.email) == (False, "aigul@jardam.example")


def test_new_password_needs_the_old_one(client, aigul):
    people.sign_in(client, aigul)
    answer = change(client, old="wrong")
    assert answer.status_code == 400
    assert "not your present password" in answer.text


def test_short_or_differing_passwords_are_refused(client, aigul):
    people.sign_in(client, aigul)
    assert "At least 10 characters" in change(client, new="short").text
    assert "The two passwords differ" in change(client, again="something else").text


def test_new_password_ends_every_other_sign_in_and_keeps_this_one(client, desk, aigul):
    elsewhere = people.sign_in(desk.test_client(), aigul)
    people.sign_in(client, aigul)
    with client.session_transaction() as held:
        before = held["_user_id"]
    assert change(client).status_code == 302
    assert client.get("/profile").status_code == 200
    assert elsewhere.get("/profile").status_code == 302
    with client.session_transaction() as held:
        assert held["_user_id"] != before
    db.session.refresh(aigul)
    assert sign_in.is_right(NEW, aigul.password_hash)


def test_guessing_the_old_password_is_braked(client, aigul):
    people.sign_in(client, aigul)
    for _ in range(sign_in.TRIES_PER_ACCOUNT):
        change(client, old="wrong")
    assert change(client).status_code == 429


def test_aigul_ends_a_sign_in_elsewhere(client, desk, aigul):
    elsewhere = people.sign_in(desk.test_client(), aigul)
    found = db.session.scalars(sa.select(SignIn)).one()
    people.sign_in(client, aigul).post(f"/profile/sign-ins/{found.id}/end")
    assert elsewhere.get("/profile").status_code == 302


def test_sign_ins_of_others_are_not_there(client, admin, aigul):
    sign_in.begin(aigul, clock.now(), "", "")
    db.session.commit()
    found = db.session.scalars(sa.select(SignIn).where(SignIn.user_id == aigul.id)).one()
    assert people.sign_in(client, admin).post(f"/profile/sign-ins/{found.id}/end").status_code == 404
    assert client.post(f"/profile/sign-ins/{2**64}/end").status_code == 404
