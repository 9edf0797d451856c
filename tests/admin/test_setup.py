"""The first visit: one administrator, a desk that works at once, and no second time."""

import os
import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import make_url

from app import create_app
from app.accounts.models import Team, User
from app.catalogue.queries import landing_team, on_offer
from app.core import schema
from app.core.db import db
from app.core.events import Event
from app.core.i18n import desk as desk_settings
from app.tickets.queries import pending_reasons
from tests import people

FORM = {"name": "Root", "email": "Root@jardam.example", "password": "correct horse battery",
        "again": "correct horse battery", "desk_name": "Help at Ala-Too", "language": "ky", "time_zone": "Asia/Bishkek"}


@pytest.mark.parametrize("path", ["/", "/session", "/profile", "/admin", "/password/forgotten"])
def test_before_the_first_user_every_page_leads_to_setup(client, path):
    assert client.get(path).location == "/setup"


def test_setup_makes_the_administrator_and_signs_them_in(client):
    assert client.post("/setup", data=FORM).location == "/admin"
    root = db.session.scalars(sa.select(User)).one()
    assert (root.email, root.is_administrator, root.language) == ("root@jardam.example", True, "ky")
    assert client.get("/").status_code == 200
    assert (desk_settings.name, desk_settings.language) == ("Help at Ala-Too", "ky")


def test_desk_works_at_once(client):
    client.post("/setup", data=FORM)
    root = db.session.scalars(sa.select(User)).one()
    assert [(team.slug, team.level) for team in db.session.scalars(sa.select(Team))] == [
        ("service-desk", 1), ("specialists", 2)]
    assert root.is_lead
    assert {landing_team(kind, None, "web").slug for kind in on_offer()} == {"service-desk"}
    assert [(reason.slug, reason.pauses) for reason in pending_reasons()] == [
        ("requester", True), ("supplier", True), ("date", True), ("internal", False)]


def test_standard_names_are_there_in_every_language(client):
    client.post("/setup", data=FORM)
    for thing in (*db.session.scalars(sa.select(Team)), *on_offer(), *pending_reasons()):
        assert set(thing.names) == {"en", "ru", "ky"} and all(thing.names.values())


def test_there_is_no_setup_once_there_is_a_user(client):
    people.user("aigul")
    assert client.get("/setup").status_code == 404
    assert client.post("/setup", data=FORM).status_code == 404


@pytest.mark.parametrize(("wrong", "said"), [
    ({"password": "short", "again": "short"}, "At least 10 characters"),
    ({"again": "another password"}, "The two passwords differ"),
    ({"email": "root"}, "not an e-mail address"),
    ({"password": "root@jardam.example", "again": "root@jardam.example"}, "must not be your e-mail"),
    ({"desk_name": " "}, "Please fill this in"),
    ({"time_zone": "Nowhere"}, "Not a valid choice"),
])
def test_refused_setup_keeps_what_was_typed_and_makes_nothing(client, wrong, said):
    answer = client.post("/setup", data=FORM | wrong)
    assert answer.status_code == 400
    assert said in answer.text
    assert 'value="Root"' in answer.text
    assert not db.session.scalar(sa.select(sa.func.count()).select_from(User))


def test_password_stands_in_no_event(client):
    client.post("/setup", data=FORM)
    assert all("horse" not in str(event.data) for event in db.session.scalars(sa.select(Event)))


@contextmanager
def empty_database(engine_url):
    """What the environment says of a database that nobody has used: SQLite needs no word."""
    if engine_url is None:
        yield {}
        return
    url, name = make_url(engine_url), f"jardam_setup_{os.getpid()}"
    server = sa.create_engine(url.set(database="postgres"), isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
        yield {"DATABASE_URL": url.set(database=name).render_as_string(hide_password=False)}
        connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
    server.dispose()


@pytest.fixture
def fresh(tmp_path, database_url):
    """An app on a database of its own, for threads that really race."""
    with empty_database(database_url) as environ:
        made = create_app(environ | {"JARDAM_INSTANCE": str(tmp_path)}, TESTING=True, WTF_CSRF_ENABLED=False)
        with made.app_context():
            schema.bring_up_to_date()
        yield made
        with made.app_context():
            db.engine.dispose()


@pytest.mark.real
def test_of_many_setups_at_once_one_makes_the_administrator(fresh):
    def try_it(number):
        return fresh.test_client().post("/setup", data=FORM | {"email": f"root{number}@jardam.example"}).status_code

    with ThreadPoolExecutor(6) as pool:
        codes = sorted(pool.map(try_it, range(6)))
    assert codes[0] == 302
    assert set(codes[1:]) <= {404, 409}
    with fresh.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(User)) == 1
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Team)) == 2


def test_robots_are_asked_to_stay_away(client):
    people.user("aigul")
    assert "Disallow: /" in client.get("/robots.txt").text
    assert re.search(r"favicon\.svg", client.get("/favicon.ico").location)
