"""Other ways in: forms of another site, other verbs, addresses that lead away."""

import pytest

from . import desk_table, table
from .forms import form_of
from .plants import PASSWORD

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("errors_drawn_once")]

GROUPS = (*table.GROUPS, *desk_table.GROUPS)
FIRST = {route.endpoint: cell.thing for group in GROUPS for cell in group.cells() if (route := cell.route)}
"""endpoint -> one thing it can be tried on."""

AWAY = ["https://evil.example/", "//evil.example/", "/\\evil.example", "\\\\evil.example", "/\t/evil.example",
        "https:evil.example", "javascript:alert(1)", "http://localhost@evil.example/", "/%0d%0aLocation:https://evil.example",
        " //evil.example", "////evil.example", "/..//evil.example", "evil.example"]


IN_NOBODYS_NAME = {"channels.form_create", "notifications.off_create"}
"""The web form stands in frames of other sites, where browsers send no cookie: it takes no token and knows nobody.
What switches mails off is asked by mail programs (RFC 8058): the signature in the address is what allows it."""


def posts(app) -> list[str]:
    return sorted({rule.endpoint for rule in app.url_map.iter_rules() if "POST" in rule.methods} - IN_NOBODYS_NAME)


def test_every_form_must_bring_its_token(door):
    """Without it nothing is done, whoever sends it: the answer is 400 and no statement has written."""
    door.app.config["WTF_CSRF_ENABLED"] = True
    try:
        sent = {endpoint: form_of(endpoint, door.plants, FIRST[endpoint]) for endpoint in posts(door.app)}
        tried = {(endpoint, who): door.post(who, endpoint, FIRST[endpoint], **form)
                 for endpoint, form in sent.items() for who in ("admin", "agent", "anonymous")}
    finally:
        door.app.config["WTF_CSRF_ENABLED"] = False
    assert {key: answer.status for key, answer in tried.items() if answer.status != 400} == {}
    assert [key for key, answer in tried.items() if answer.wrote] == []


def test_a_token_of_another_session_is_none(door):
    door.app.config["WTF_CSRF_ENABLED"] = True
    try:
        answer = door.post("aigul", "accounts.language_change", language="ru", csrf_token="ImFiYyI.aaaa.bbbb")
    finally:
        door.app.config["WTF_CSRF_ENABLED"] = False
    assert answer.status == 400


@pytest.mark.parametrize("verb", ["PUT", "PATCH", "DELETE", "TRACE", "PROPFIND"])
def test_no_address_takes_another_verb(door, verb):
    taken = [endpoint for endpoint in door.app.view_functions
             if door.knock("admin", verb, door.url(endpoint, FIRST[endpoint])).status != 405]
    assert taken == []


def test_a_form_cannot_pretend_to_another_verb(door):
    answer = door.post("aigul", "tickets.ticket_create", _method="DELETE", request_type="printer", subject="Words",
                       body="Words")
    assert answer.status == 303


def test_asking_what_an_address_takes_tells_nothing(door):
    for endpoint in door.app.view_functions:
        answer = door.knock("admin", "OPTIONS", door.url(endpoint, FIRST[endpoint]))
        assert answer.status in (200, 400, 405)
        assert not door.told(answer) and not answer.wrote


@pytest.mark.parametrize("target", AWAY)
@pytest.mark.parametrize(("who", "method", "endpoint", "form"), [
    ("aigul", "GET", "accounts.session_new", {}),
    ("aigul", "POST", "accounts.language_change", {"language": "ru"}),
    ("anonymous", "POST", "accounts.language_change", {"language": "ru"}),
    ("anonymous", "POST", "accounts.session_create", {"email": "aigul@jardam.example", "password": PASSWORD}),
    ("admin", "POST", "notifications.mail_test", {}),
])
def test_next_never_leads_away(door, who, method, endpoint, form, target):
    ask = door.get if method == "GET" else door.post
    answer = ask(who, endpoint, **form, next=target)
    assert answer.status in (302, 303)
    assert answer.location in ("/", "/admin")


def test_next_leads_to_a_page_of_the_desk(door):
    assert door.get("aigul", "accounts.session_new", next="/tickets?state=ended").location == "/tickets?state=ended"


def test_a_forged_host_is_in_no_link(door):
    """Addresses that are sent out are made from the configured one, never from the Host a browser names."""
    url = door.url("admin.invitation_create", "zarina")
    answer = door.knock("admin", "POST", url, headers={"Host": "evil.example"})
    assert "evil.example" not in answer.text
