"""The guard before every view, and the questions behind it."""

from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

import pytest

from app.core import policy
from app.core.access import asks
from app.core.errors import NotFound
from app.core.policy import RULES, any_of, may, none_of
from tests import people

BOB, AIGUL = SimpleNamespace(name="bob"), SimpleNamespace(name="aigul")


def is_bob(person, subject):
    return person.name == "bob"


def owns(person, subject):
    return subject == person.name


@pytest.fixture
def trial(monkeypatch):
    """Permissions of a room that only tests know."""
    monkeypatch.setattr(policy, "RULES", dict(RULES))
    policy.rules({"trial.read": [lambda p, s: True], "trial.write": [is_bob, owns]})


def test_all_questions_must_be_answered_yes(trial):
    assert may(BOB, "trial.write", "bob")
    assert not may(BOB, "trial.write", "aigul") and not may(AIGUL, "trial.write", "aigul")


def test_undeclared_permission_is_a_mistake_not_a_yes(trial):
    with pytest.raises(KeyError):
        may(BOB, "trial.wirte", "bob")


def test_permission_without_a_question_is_refused(trial):
    with pytest.raises(ValueError, match=r"trial\.all"):
        policy.rules({"trial.all": []})


def test_permission_is_declared_once(trial):
    with pytest.raises(ValueError, match=r"trial\.write"):
        policy.rules({"trial.write": [is_bob]})


def test_either_and_neither():
    assert any_of(is_bob, owns)(AIGUL, "aigul") and not any_of(is_bob, owns)(AIGUL, "bob")
    assert none_of(is_bob, owns)(AIGUL, "bob") and not none_of(is_bob, owns)(AIGUL, "aigul")
    assert not any_of()(BOB, None) and none_of()(BOB, None)


# In front of views

def found(person, name):
    if name == "foreign":
        raise NotFound()
    return f"{name} for {person.name}"


@pytest.fixture
def own_routes(own, monkeypatch):
    """A desk with routes for trying: one that anybody may read, one to write, one that forgot to ask."""
    monkeypatch.setattr(policy, "RULES", RULES | {"trial.kind": [lambda p, s: p.name == "Bob"],
                                                  "trial.subject": [lambda p, s: s.startswith("bob")]})
    own.add_url_rule("/trial/open", "open", asks("public")(lambda: "open"))
    own.add_url_rule("/trial/page", "page", asks("signed_in")(lambda: "page"), methods=["GET", "POST"])
    own.add_url_rule("/trial/kind", "kind", asks("trial.kind")(lambda: "kind"))
    own.add_url_rule("/trial/<name>", "thing", asks("trial.subject", of=found)(lambda thing: thing),
                     methods=["GET", "POST"])
    own.add_url_rule("/forgotten", "forgotten", lambda: "secret")
    return own


@pytest.fixture
def stranger(own_routes):
    return own_routes.test_client()


@pytest.fixture
def aigul(own_routes):
    with own_routes.app_context():
        return people.sign_in(own_routes.test_client(), people.user("aigul"))


def test_stranger_who_reads_is_asked_to_sign_in_and_brought_back(stranger):
    answer = stranger.get("/trial/page?a=1&b=%D0%B6")
    assert answer.status_code == 302
    parts = urlsplit(answer.location)
    assert (parts.path, parse_qs(parts.query)["next"]) == ("/session", ["/trial/page?a=1&b=%D0%B6"])
    assert stranger.head("/trial/page").status_code == 302


def test_stranger_who_writes_gets_401_and_a_page_that_says_so(stranger):
    answer = stranger.post("/trial/page")
    assert answer.status_code == 401
    assert "nothing was saved" in answer.text


def test_stranger_learns_nothing_of_what_exists(stranger):
    assert stranger.get("/trial/foreign").status_code == stranger.get("/trial/bob").status_code == 302


def test_open_page_is_open(stranger):
    assert stranger.get("/trial/open").text == "open"


def test_who_is_signed_in_comes_in(aigul):
    assert aigul.get("/trial/page").text == "page"
    assert aigul.post("/trial/page").text == "page"


def test_page_of_another_kind_of_person_does_not_exist(aigul):
    assert aigul.get("/trial/kind").status_code == 404


def test_foreign_thing_does_not_exist_and_own_thing_may_still_be_refused(aigul):
    assert aigul.post("/trial/foreign").status_code == 404
    assert aigul.post("/trial/aigul").status_code == 403
    assert aigul.post("/trial/bob").text == "bob for Aigul"


@pytest.mark.parametrize("method", ["get", "post"])
def test_route_that_forgot_to_ask_is_not_served(aigul, stranger, method):
    assert aigul.open("/forgotten", method=method.upper()).status_code in (404, 405)
    assert "secret" not in stranger.get("/forgotten").text


def test_unknown_address_is_not_found_for_everybody(aigul, stranger):
    assert aigul.get("/nowhere").status_code == stranger.get("/nowhere").status_code == 404


def test_person_who_was_put_out_is_a_stranger(own_routes, aigul):
    with own_routes.app_context():
        from app.accounts.models import User
        from app.core.db import db

        db.session.query(User).update({"is_active": False})
        db.session.commit()
    assert aigul.get("/trial/page").status_code == 302
