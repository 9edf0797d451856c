"""What was written when a session had ended or a page was too old: kept for its writer, sent by a click."""

import html
import io
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.accounts import sign_in
from app.core import kept
from tests import people

WORDS = "The printer on the second floor is <b>warm</b>"
HERE = {"Sec-Fetch-Site": "same-origin"}


PASSWORD = "correct horse battery"


@pytest.fixture(autouse=True)
def two(desk):
    """Two people who have passwords; the desk asks forms for their tokens."""
    secret = sign_in.hasher.hash(PASSWORD)
    for name in ("aigul", "bakyt"):
        people.user(name).password_hash = secret


class Person:
    """A browser without scripts."""

    def __init__(self, desk, name: str) -> None:
        self.desk, self.name, self.browser = desk, name, desk.test_client()

    def sign_in(self, **also):
        token = self.token(self.browser.get("/session").text)
        return self.browser.post("/session", data={
            "email": f"{self.name}@jardam.example", "password": PASSWORD, "csrf_token": token} | also)

    def token(self, page: str) -> str:
        return re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)[1]

    def own_token(self) -> str:
        return self.browser.get("/session/form-token").json["token"]

    def write(self, token: str, headers=HERE, **fields):
        return self.browser.post("/profile", data={"name": WORDS, "csrf_token": token} | fields, headers=headers)


@pytest.fixture
def aigul(desk):
    person = Person(desk, "aigul")
    person.sign_in()
    return person


def kept_in(page: str) -> str:
    found = re.search(r'name="kept"[^>]*value="([^"]*)"', page)
    return found[1] if found else ""


def test_who_was_signed_out_finds_it_again_after_signing_in(aigul):
    token = aigul.own_token()
    aigul.browser.delete_cookie("jardam")
    page = aigul.write(token)
    assert page.status_code == 401 and WORDS not in html.unescape(page.text)
    back = aigul.browser.post("/session", data={
        "email": "aigul@jardam.example", "password": PASSWORD, "csrf_token": aigul.token(page.text),
        "kept": kept_in(page.text)})
    assert back.status_code == 200 and WORDS in html.unescape(back.text)
    assert 'action="/profile"' in back.text
    fresh = aigul.token(back.text.split("data-kept-page")[1])
    assert "data-kept-page" not in aigul.write(fresh).text


def test_a_wrong_password_loses_nothing(aigul):
    token = aigul.own_token()
    aigul.browser.delete_cookie("jardam")
    page = aigul.write(token)
    again = aigul.browser.post("/session", data={
        "email": "aigul@jardam.example", "password": "wrong wrong wrong", "csrf_token": aigul.token(page.text),
        "kept": kept_in(page.text)})
    assert again.status_code == 401 and kept_in(again.text) == kept_in(page.text) != ""


def test_somebody_else_sees_nothing_of_it(aigul, desk):
    token = aigul.own_token()
    aigul.browser.delete_cookie("jardam")
    page = aigul.write(token)
    bakyt = Person(desk, "bakyt")
    answer = bakyt.sign_in(kept=kept_in(page.text))
    assert answer.status_code == 302
    told = bakyt.browser.get("/").text
    assert "the second floor" not in told and "somebody else" in told


def test_a_page_of_an_earlier_session_is_still_good(aigul):
    """Signed out and in again in another tab: the first tab sends as if nothing had been."""
    token = aigul.own_token()
    aigul.browser.post("/session/end", data={"csrf_token": token})
    aigul.sign_in()
    assert "data-kept-page" not in aigul.write(token).text


def test_a_page_drawn_for_somebody_else_sends_nothing(aigul, desk):
    token = aigul.own_token()
    bakyt = Person(desk, "bakyt")
    bakyt.sign_in()
    answer = bakyt.write(token)
    assert answer.status_code == 400 and "the second floor" not in answer.text
    assert answer.headers[kept.REFUSED] == "person"


def test_a_page_that_is_too_old_is_drawn_again_with_what_was_typed(aigul):
    """The password has changed since: the token is signed and names her, and is no longer good."""
    token = aigul.own_token()
    with aigul.browser.session_transaction() as session:
        session["csrf_token"] = "1.other"
    answer = aigul.write(token)
    assert answer.status_code == 400 and WORDS in html.unescape(answer.text)
    assert answer.headers[kept.REFUSED] == "token" and "Send it now" in answer.text


def test_a_token_nobody_can_read_loses_nothing_of_who_is_signed_in(aigul):
    """Only on the word of the browser that the page was ours: no other site can make it say so."""
    assert WORDS in html.unescape(aigul.write("x").text)
    assert WORDS not in html.unescape(aigul.write("x", headers={}).text)


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}])
def test_another_site_can_have_nothing_kept(aigul, headers):
    token = aigul.own_token()
    aigul.browser.delete_cookie("jardam")
    assert kept_in(aigul.write(token, headers=headers).text) == ""


@pytest.mark.parametrize("token", ["", "x", "IjEi.aaaa.bbbb"])
def test_without_our_own_token_nothing_is_kept(aigul, token):
    aigul.browser.delete_cookie("jardam")
    answer = aigul.write(token)
    assert answer.status_code == 400 and kept_in(answer.text) == "" and WORDS not in answer.text


def test_a_token_of_a_stranger_keeps_nothing(aigul, desk):
    stranger = desk.test_client()
    token = stranger.get("/session/form-token").json["token"]
    answer = stranger.post("/profile", data={"name": WORDS, "csrf_token": token}, headers=HERE)
    assert answer.status_code == 401 and kept_in(answer.text) == ""


def test_passwords_are_never_kept_and_files_are_named_as_lost(aigul, desk):
    with aigul.browser.session_transaction() as session:
        token, session["csrf_token"] = aigul.own_token(), "1.other"
    answer = aigul.write(token, password="hunter22", old="hunter21", client_secret="hunter20",
                         files=(io.BytesIO(b"x"), "a.txt"))
    assert "hunter" not in answer.text and "choose them again" in answer.text


def test_what_only_sounds_like_a_secret_is_kept(aigul, desk):
    """The answer given to a caller, the keyword of a template, the folder of a mailbox, the keys of questions."""
    fields = {"told": "Restart it", "keyword": "printer", "folder": "INBOX", "questions-0-key": "room"}
    with desk.test_request_context("/profile", method="POST", data=fields | {"csrf_token": aigul.own_token()}):
        assert dict(kept.of_request().fields) == fields


def test_too_much_is_not_kept_in_a_page(aigul, desk):
    for form in ({"body": "x" * kept.MOST_BYTES}, {f"f{n}": "1" for n in range(kept.MOST_FIELDS + 2)}):
        with desk.test_request_context("/profile", method="POST", data=form | {"csrf_token": aigul.own_token()}):
            assert kept.of_request() is None


def test_the_largest_text_of_a_message_fits(aigul, desk):
    with desk.test_request_context("/profile", method="POST", data={
            "body": "ж" * 100_000, "csrf_token": aigul.own_token()}):
        assert kept.unsealed(kept.sealed(kept.of_request())).fields == [("body", "ж" * 100_000)]


@pytest.mark.parametrize("path", ["//evil.example/", "https://evil.example/", "/nowhere", "/tickets/1", "/\\evil", ""])
def test_it_is_sent_to_forms_of_this_desk_only(desk, path):
    with desk.test_request_context("/"):
        written = kept.Written(path, [("body", "x")], 1, False, kept.clock.now().timestamp())
        assert kept.unsealed(kept.sealed(written)) is None


def test_it_is_kept_for_a_day(desk, monkeypatch):
    with desk.test_request_context("/"):
        old = (kept.clock.now() - kept.KEPT_FOR).timestamp() - 1
        assert kept.unsealed(kept.sealed(kept.Written("/profile", [], 1, False, old))) is None
        assert kept.unsealed(kept.sealed(kept.Written("/profile", [], 1, False, old + 60))) is not None


@given(st.text(max_size=200))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
def test_what_we_have_not_sealed_opens_to_nothing(desk, rubbish):
    with desk.test_request_context("/"):
        assert kept.unsealed(rubbish) is None and kept.owner_of(rubbish) is None


def test_a_script_is_told_where_the_page_goes_on(aigul):
    token = aigul.own_token()
    answer = aigul.browser.post("/language", data={"language": "ru", "csrf_token": token, "next": "/tickets"},
                                headers={kept.SENT_BY_SCRIPT: "page"})
    assert (answer.status_code, answer.headers[kept.ONWARD], answer.data) == (204, "/tickets", b"")
    assert "Location" not in answer.headers


def test_the_token_for_a_page_says_who_is_signed_in(aigul, desk):
    assert desk.test_client().get("/session/form-token").json["person"] is None
    assert aigul.browser.get("/session/form-token").json["person"] > 0
