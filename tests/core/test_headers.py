"""What every answer carries, and what may be kept of it where."""

import re

import pytest

from tests import people


def test_page_is_one_person_s_and_runs_only_our_scripts(client):
    headers = client.get("/session").headers
    assert headers["Cache-Control"] == "private, no-store"
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy and "frame-ancestors 'none'" in policy
    assert (headers["X-Content-Type-Options"], headers["X-Frame-Options"]) == ("nosniff", "DENY")


def test_static_file_under_its_fingerprint_is_kept_for_ever(client):
    address = re.search(r'href="(/static/css/every\.css\?v=\w+)"', client.get("/session").text)[1]
    assert client.get(address).headers["Cache-Control"] == "public, max-age=31536000, immutable"


def test_sheets_that_are_needed_at_once_travel_as_one(client):
    whole = client.get("/static/css/every.css")
    assert whole.mimetype == "text/css" and whole.text.index("@layer reset, base") < whole.text.index(".button")
    assert client.get("/static/css/every.css", headers={"If-None-Match": whole.headers["ETag"]}).status_code == 304
    assert client.get("/static/css/base.css").text in whole.text


@pytest.mark.parametrize("address", ["/static/css/base.css", "/static/css/base.css?v=0", "/static/icons.svg?v="])
def test_static_file_under_another_name_is_asked_for_again(client, address):
    assert client.get(address).headers["Cache-Control"] == "no-cache"


def test_missing_static_file_is_a_page_and_kept_nowhere(client):
    people.sign_in(client, people.user("aigul"))
    for address in ("/static/nothing.css", "/static/../../app/__init__.py", "/static/%2e%2e/cli.py"):
        answer = client.get(address)
        assert (answer.status_code, answer.headers["Cache-Control"]) == (404, "private, no-store")


@pytest.mark.parametrize(("cookie", "shown"), [("dark", ' data-theme="dark"'), ("light", ' data-theme="light"'),
                                               ("auto", ""), ('"><script>', ""), ("dark x", "")])
def test_theme_of_the_cookie_is_one_of_ours(client, cookie, shown):
    client.set_cookie("theme", cookie)
    page = client.get("/session").text
    assert f'<html lang="en"{shown}>' in page and "<script>" not in page


@pytest.mark.parametrize("value", ["rubbish", "eyJhIjoxfQ.rubbish.rubbish", "\x7f"])
def test_forged_session_is_none(client, value):
    client.set_cookie("jardam", value)
    assert client.get("/").status_code == 302
