"""Signing in: who gets in, what a stranger learns, how guessing is slowed, what ends a sign-in."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.accounts import housekeeping, sign_in
from app.accounts.models import Attempt, SignIn
from app.core import clock
from app.core.db import db
from app.core.events import events_of
from tests import people

from .conftest import PASSWORD


def enter(client, email="aigul@jardam.example", password=PASSWORD, **about):
    return client.post("/session", data={"email": email, "password": password, **about})


def plain(response, email):
    """The page without what differs by nature: the address typed back, and the form's token, which holds the second."""
    return re.sub(r'name="csrf_token" value="[^"]+"', "", response.text.replace(email, ""))


def test_aigul_signs_in_and_is_known(client, aigul):
    assert enter(client).location == "/"
    assert "Aigul" in client.get("/").text
    assert [event.kind for event in events_of("user", aigul.id)] == ["user.signed_in"]


def test_address_is_taken_in_any_case(client, aigul):
    assert enter(client, email=" Aigul@Jardam.Example ").status_code == 302


def test_letter_composed_in_another_way_is_the_same_password(client, aigul):
    aigul.password_hash = sign_in.hashed("пароль на й")
    assert enter(client, password="пароль на и\u0306").status_code == 302


def test_known_and_unknown_accounts_look_the_same(client, aigul):
    known, unknown = enter(client, password="wrong"), enter(client, email="nobody@jardam.example", password="wrong")
    assert known.status_code == unknown.status_code == 401
    assert plain(known, "aigul@jardam.example") == plain(unknown, "nobody@jardam.example")


def test_unknown_account_costs_one_hash_like_a_known_one(client, aigul, monkeypatch):
    compared = []
    real = type(sign_in.hasher).verify
    monkeypatch.setattr(type(sign_in.hasher), "verify", lambda *a: (compared.append(a[1]), real(*a))[1])
    enter(client, password="wrong")
    enter(client, email="nobody@jardam.example", password="wrong")
    assert len(compared) == 2


def test_account_without_password_takes_none(client, aigul):
    aigul.password_hash = None
    assert enter(client, password="").status_code == 400
    assert enter(client).status_code == 401


def test_inactive_account_is_like_an_unknown_one(client, aigul):
    aigul.is_active = False
    assert enter(client).status_code == 401


def test_eleventh_try_on_an_account_is_braked_even_when_right(client, aigul):
    for _ in range(sign_in.TRIES_PER_ACCOUNT):
        assert enter(client, password="wrong").status_code == 401
    answer = enter(client)
    assert answer.status_code == 429
    assert "too many tries" in answer.text


def test_unknown_account_is_braked_in_the_same_way(client, aigul):
    for _ in range(sign_in.TRIES_PER_ACCOUNT):
        enter(client, email="nobody@jardam.example", password="wrong")
    assert enter(client, email="nobody@jardam.example").status_code == 429
    assert enter(client).status_code == 302


def test_one_address_is_braked_over_many_accounts(client, aigul):
    db.session.add_all(Attempt(key="sign_in@127.0.0.1", at=clock.now()) for _ in range(sign_in.TRIES_PER_ADDRESS))
    assert enter(client).status_code == 429


def test_brake_lets_go_after_a_quarter_of_an_hour(client, aigul):
    past = clock.now() - timedelta(minutes=16)
    db.session.add_all(Attempt(key=sign_in.account_key(aigul.email), at=past) for _ in range(20))
    assert enter(client).status_code == 302


def test_right_password_forgives_the_wrong_ones_before(client, aigul):
    for _ in range(sign_in.TRIES_PER_ACCOUNT - 1):
        enter(client, password="wrong")
    enter(client)
    assert not db.session.scalar(sa.select(sa.func.count()).where(Attempt.key == sign_in.account_key(aigul.email)))


def test_nothing_of_the_session_before_survives_signing_in(client, aigul):
    with client.session_transaction() as before:
        before["planted"] = "by somebody else"
    enter(client)
    with client.session_transaction() as after:
        assert "planted" not in after


def test_each_sign_in_has_a_token_of_its_own_and_the_one_before_ends(client, aigul):
    enter(client)
    with client.session_transaction() as first:
        old = first["_user_id"]
    client.post("/session/end")
    enter(client)
    with client.session_transaction() as second:
        assert second["_user_id"] != old
    assert db.session.scalars(sa.select(SignIn).where(SignIn.token_hash == sign_in.digest(old))).one().ended_at


def test_cookie_kept_from_before_signing_out_is_worthless(client, aigul):
    enter(client)
    with client.session_transaction() as held:
        kept = dict(held)
    client.post("/session/end")
    with client.session_transaction() as again:
        again.update(kept)
    assert client.get("/profile").status_code == 302


def test_token_itself_is_not_stored(client, aigul):
    enter(client)
    with client.session_transaction() as held:
        assert held["_user_id"] not in db.session.scalars(sa.select(SignIn.token_hash)).all()


@pytest.mark.parametrize("target", [
    "//evil.example", "/\\evil.example", "//evil.example/profile", "/\\evil.example/profile", "//127.0.0.1/profile",
    "https://evil.example", "javascript:alert(1)", "\\\\evil.example",
    "/\t/evil.example", "///evil.example", "evil.example", "/%0d%0aSet-Cookie:x", "",
])
def test_next_never_leads_outside(client, aigul, target):
    assert enter(client, next=target).location == "/"


def test_next_leads_on_inside(client, aigul):
    assert enter(client, next="/profile?a=b").location == "/profile?a=b"


def test_stranger_is_sent_to_sign_in_and_back(client, aigul):
    assert client.get("/profile").location == "/session?next=/profile"
    assert 'value="/profile"' in client.get("/session?next=/profile").text


def test_form_without_its_token_is_refused(desk, aigul):
    answer = desk.test_client().post("/session", data={"email": aigul.email, "password": PASSWORD})
    assert answer.status_code == 400
    assert db.session.scalar(sa.select(sa.func.count()).select_from(SignIn)) == 0


def test_remembering_is_a_choice(client, aigul):
    assert "Expires" not in enter(client).headers["Set-Cookie"]
    client.post("/session/end")
    assert "Expires" in enter(client, remember="y").headers["Set-Cookie"]


def test_what_nobody_needs_is_forgotten(desk, aigul):
    now = clock.now()
    db.session.add_all([Attempt(key="x", at=now - timedelta(days=2)), Attempt(key="x", at=now)])
    sign_in.begin(aigul, now - timedelta(days=200), "", "")
    assert housekeeping.forget(now) == 2
    assert db.session.scalar(sa.select(sa.func.count()).select_from(SignIn)) == 0


def test_language_is_kept_for_a_stranger_and_for_a_person(client, aigul):
    client.post("/language", data={"language": "ru", "next": "/session"})
    assert 'lang="ru"' in client.get("/session").text
    people.sign_in(client, aigul).post("/language", data={"language": "ky", "next": "//evil.example"})
    db.session.refresh(aigul)
    assert aigul.language == "ky"


def test_unknown_language_is_refused(client, aigul):
    assert client.post("/language", data={"language": "xx"}).status_code == 400


def test_a_whole_house_may_sign_in_from_one_address(client, aigul):
    for _person in range(sign_in.TRIES_PER_ADDRESS + 1):
        client.delete_cookie("jardam")
        assert enter(client).status_code == 302
    assert db.session.query(Attempt).count() == 0


def test_owning_an_account_does_not_help_to_guess_others(client, aigul):
    for _try in range(3):
        enter(client, email="bakyt@jardam.example", password="a guess")
        client.delete_cookie("jardam")
        enter(client)
    assert db.session.query(Attempt).filter_by(key="sign_in@127.0.0.1").count() == 3
