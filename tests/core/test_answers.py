"""How errors are answered: with the right status, in the reader's language, and also when the database is gone."""

import errno
import io
import shutil
import sqlite3
from pathlib import Path

import psycopg.errors
import pytest
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import DataError, IntegrityError, OperationalError, ProgrammingError
from sqlalchemy.exc import TimeoutError as NoConnection
from sqlalchemy.orm.exc import StaleDataError

from app.core import answers
from app.core.access import asks
from app.core.db import db
from app.core.errors import Conflict, Invalid, NotAllowed, TooMany
from app.core.settings import SettingRow
from tests import people
from tests.conftest import ENGINE

from .conftest import Servers

pytestmark = pytest.mark.slow

sqlite_only = pytest.mark.skipif(ENGINE != "sqlite", reason="PostgreSQL locks rows, not the file")


def sqlite_error(kind, name):
    error = kind("said by SQLite")
    error.sqlite_errorname, error.sqlite_errorcode = name, getattr(sqlite3, name)
    return error


def wrapped(kind, original):
    return kind("SELECT 1", {}, original)


def sqlite_says(name):
    return wrapped(OperationalError, sqlite_error(sqlite3.OperationalError, name))


RAISED = {
    "invalid": (Invalid("Not a date."), 400), "not allowed": (NotAllowed("Closed."), 403),
    "conflict": (Conflict("Bakyt was faster."), 409), "too many": (TooMany("Wait."), 429),
    "stale": (StaleDataError(), 409), "overflow": (OverflowError("too large"), 400),
    "disk full": (OSError(errno.ENOSPC, "No space left"), 507), "quota": (OSError(errno.EDQUOT, "Quota"), 507),
    "no file": (FileNotFoundError(errno.ENOENT, "No file"), 500), "bug": (ZeroDivisionError("secret detail"), 500),
    "no connection": (NoConnection("QueuePool limit"), 503),
    "SQLite full": (sqlite_says("SQLITE_FULL"), 507),
    "SQLite locked": (sqlite_says("SQLITE_BUSY"), 503),
    "SQLite read-only": (sqlite_says("SQLITE_READONLY_DBMOVED"), 503),
    "SQLite no table": (sqlite_says("SQLITE_ERROR"), 500),
    "SQLite twice": (wrapped(IntegrityError, sqlite_error(sqlite3.IntegrityError, "SQLITE_CONSTRAINT_UNIQUE")), 409),
    "SQLite NULL": (wrapped(IntegrityError, sqlite_error(sqlite3.IntegrityError, "SQLITE_CONSTRAINT_NOTNULL")), 500),
    "PostgreSQL full": (wrapped(OperationalError, psycopg.errors.DiskFull("x")), 507),
    "PostgreSQL gone": (wrapped(OperationalError, psycopg.errors.AdminShutdown("x")), 503),
    "PostgreSQL deadlock": (wrapped(OperationalError, psycopg.errors.DeadlockDetected("x")), 503),
    "PostgreSQL standby": (wrapped(sa.exc.InternalError, psycopg.errors.ReadOnlySqlTransaction("x")), 503),
    "PostgreSQL twice": (wrapped(IntegrityError, psycopg.errors.UniqueViolation("x")), 409),
    "PostgreSQL NULL in full_name": (wrapped(IntegrityError, psycopg.errors.NotNullViolation("full_name")), 500),
    "PostgreSQL NUL": (wrapped(DataError, psycopg.errors.DataError("cannot contain NUL")), 400),
    "PostgreSQL no table": (wrapped(ProgrammingError, psycopg.errors.UndefinedTable("x")), 500),
}


@pytest.fixture
def raising(own):
    """A desk whose page /raise/<name> raises what the name says, for writing and for reading."""

    def fail(name):
        raise RAISED[name][0]

    own.add_url_rule("/raise/<name>", "raise", asks("public")(fail), methods=["GET", "POST"])
    return own


@pytest.fixture
def browser(raising):
    return raising.test_client()


@pytest.mark.parametrize("name", RAISED)
def test_error_has_its_status_and_a_page(browser, name):
    answer = browser.post(f"/raise/{name}")
    assert answer.status_code == RAISED[name][1]
    assert f"Error {answer.status_code}" in answer.text and "secret detail" not in answer.text
    assert answer.headers.get("Retry-After") == ("5" if answer.status_code == 503 else None)
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_page_says_what_the_verb_said(browser):
    assert "Bakyt was faster." in browser.get("/raise/conflict").text


def test_page_speaks_the_reader_s_language(browser):
    assert '<html lang="ky"' in browser.get("/nowhere", headers={"Accept-Language": "ky"}).text


def test_verb_an_address_does_not_take_is_refused_with_those_it_takes(browser):
    answer = browser.get("/session/end")
    assert answer.status_code == 405 and "POST" in answer.headers["Allow"]


def test_form_without_its_token_is_400(raising, browser):
    raising.config["WTF_CSRF_ENABLED"] = True
    answer = browser.post("/session", data={"email": "a@b.example"})
    assert answer.status_code == 400 and "out of date" in answer.text


def test_form_sent_after_the_session_ended_says_so(raising, browser):
    raising.config["WTF_CSRF_ENABLED"] = True
    answer = browser.post("/profile", data={"name": "Aigul"})
    assert answer.status_code == 400 and "You are not signed in, so nothing was saved." in answer.text


@pytest.mark.parametrize("data", [{"email": "x" * 5000}, {"file": (io.BytesIO(b"x" * 5000), "big.txt")}],
                         ids=["field", "file"])
def test_too_much_at_once_is_413(raising, browser, data):
    raising.config["MAX_CONTENT_LENGTH"] = raising.config["MAX_FORM_MEMORY_SIZE"] = 1000
    answer = browser.post("/session", data=data)
    assert answer.status_code == 413 and "Too large" in answer.text


def test_longest_text_fits_a_form_in_any_alphabet(own):
    from app.tickets.forms import LONGEST_BODY

    assert LONGEST_BODY * len("%F0%9F%96%A8") < own.config["MAX_FORM_MEMORY_SIZE"]


def test_number_beyond_every_bound_is_no_bug(own):
    with own.app_context():
        signed_in = people.sign_in(own.test_client(), people.user("aigul"))
    assert signed_in.get(f"/tickets/{10**30}").status_code in (400, 404)


# With a database that is really locked, full or gone

@pytest.fixture
def impatient(own):
    """Connections give up waiting at once."""
    with own.app_context():
        event.listen(db.engine, "connect", lambda connection, _: connection.execute("PRAGMA busy_timeout=20"))
    return own


@sqlite_only
@pytest.mark.real
def test_locked_database_is_503_for_writers_and_nothing_for_readers(impatient):
    with impatient.app_context():
        browser, engine = people.sign_in(impatient.test_client(), people.user("aigul")), db.engine
    with engine.connect() as other, other.begin():
        answer = browser.post("/language", data={"language": "ru"})
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
        assert "Aigul" in answer.text
        assert browser.get("/").status_code == 200
    assert browser.post("/language", data={"language": "ru"}).status_code == 302


@sqlite_only
@pytest.mark.real
def test_full_database_is_507(own):
    def fill():
        db.session.execute(sa.text("PRAGMA max_page_count=1"))
        db.session.add_all(SettingRow(name=f"trial.{n}", value="x" * 4000) for n in range(500))
        db.session.commit()

    own.add_url_rule("/fill", "fill", asks("public")(fill), methods=["POST"])
    answer = own.test_client().post("/fill")
    assert answer.status_code == 507 and "disk space" in answer.text


def destroy(app):
    """The database is gone and does not come back."""
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
        if ENGINE != "sqlite":
            return Servers().say(f"DROP DATABASE {db.engine.url.database} WITH (FORCE)")
        path = Path(db.engine.url.database)
        shutil.rmtree(path, ignore_errors=True)
        for left in path.parent.glob(path.name + "*"):
            left.unlink()
        path.mkdir()


@pytest.fixture
def without_database(own):
    with own.app_context():
        browser = people.sign_in(own.test_client(), people.user("aigul"))
    destroy(own)
    yield browser
    if ENGINE != "sqlite":
        with own.app_context():
            Servers().make(db.engine.url.database)


@pytest.mark.real
@pytest.mark.parametrize("way", ["get", "post"])
def test_page_is_drawn_without_any_database(without_database, way):
    answer = getattr(without_database, way)("/profile", headers={"Accept-Language": "ru"})
    assert answer.status_code == 503 and answer.headers["Retry-After"] == "5"
    assert '<html lang="ru"' in answer.text and "503" in answer.text


@pytest.mark.real
def test_health_says_so_too(without_database):
    answer = without_database.get("/healthz")
    assert answer.status_code == 503 and answer.json["database"] == "does not answer"


def test_page_that_cannot_be_drawn_is_answered_barely(browser, monkeypatch):
    def broken(*args, **values):
        raise RuntimeError("no templates today")

    monkeypatch.setattr(answers, "render_template", broken)
    answer = browser.get("/raise/bug")
    assert answer.status_code == 500 and "<h1>Something broke</h1>" in answer.text
