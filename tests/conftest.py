"""The desk under test: a real database (SQLite, or PostgreSQL given by TEST_POSTGRES_URL), each test rolled back."""

import os
import shutil
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.engine import make_url

from app import create_app
from app.core import schema
from app.core.db import db
from app.search import engine as search
from app.search.aside import aside

ENGINE = os.environ.get("TEST_ENGINE", "sqlite")


def pytest_collection_modifyitems(config, items):
    """What drives a browser or processes of its own depends on the machine too: it is tried twice more before it counts
    as failed, and the report names it (R). What touches no database runs on SQLite's turn only, and so do the browser's
    tests but for the whole journeys: what they try are scripts and pages, the same on both engines."""
    if ENGINE != "sqlite":
        apart = [item for item in items if not _touches_a_database(item)]
        config.hook.pytest_deselected(items=apart)
        items[:] = [item for item in items if _touches_a_database(item)]
    for item in items:
        if item.get_closest_marker("browser") or item.get_closest_marker("real"):
            item.add_marker(pytest.mark.flaky(reruns=2))


def _touches_a_database(item):
    if item.get_closest_marker("browser"):
        return "journey" in item.nodeid
    own = any(item.get_closest_marker(name) for name in ("real", "long"))
    return own or "app" in getattr(item, "fixturenames", ("app",))


class Browser(FlaskClient):
    """A browser whose every request has an application context and a session of its own, as in real life: a view
    that forgets to commit is found out. What the test itself made is committed before."""

    def open(self, *args, **kwargs):
        db.session.commit()
        with self.application.app_context():
            response = super().open(*args, **kwargs)
        db.session.expire_all()
        return response


@pytest.fixture(scope="session")
def database_url(tmp_path_factory):
    """A fresh database of the engine under test, dropped afterwards."""
    if ENGINE == "sqlite":
        yield None
        return
    url = make_url(os.environ["TEST_POSTGRES_URL"]).set(drivername="postgresql+psycopg")
    name = f"jardam_test_{os.getpid()}"
    admin = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {name}")
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    yield url.set(database=name).render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def app(tmp_path_factory, database_url):
    """One app for the session, its schema made by the migrations."""
    instance = tmp_path_factory.mktemp("instance")
    environ = {"JARDAM_INSTANCE": str(instance)} | ({"DATABASE_URL": database_url} if database_url else {})
    app = create_app(environ, TESTING=True, SERVER_NAME=None)
    app.test_client_class = Browser
    with app.app_context():
        schema.bring_up_to_date()
    yield app
    with app.app_context():
        db.engine.dispose()
    shutil.rmtree(instance, ignore_errors=True)


@contextmanager
def rolled_back(app):
    """Within it everything that is written, commits included, goes through one connection and is undone at the end."""
    with app.app_context():
        engines = db._app_engines[app]
        engine = engines[None]
        connection = engine.connect()
        outer = connection.begin()
        engines[None] = connection
        db.session.session_factory.configure(join_transaction_mode="create_savepoint")
        try:
            yield connection
        finally:
            db.session.remove()
            aside.forget()
            shutil.rmtree(search.root(), ignore_errors=True)
            engines[None] = engine
            db.session.session_factory.configure(join_transaction_mode="conditional_savepoint")
            outer.rollback()
            connection.close()


@pytest.fixture
def desk(app):
    """The app with everything a test writes rolled back afterwards, commits included."""
    with rolled_back(app):
        yield app


@pytest.fixture
def client(desk):
    """A browser of somebody not signed in; forms' tokens are not asked for (one test of their own does)."""
    desk.config["WTF_CSRF_ENABLED"] = False
    yield desk.test_client()
    desk.config["WTF_CSRF_ENABLED"] = True


@pytest.fixture
def shared() -> Path:
    """The folder of shared material beside the checkout; a test that needs it is skipped where it is absent."""
    folder = Path(__file__).resolve().parents[2] / "shared"
    if not folder.is_dir():
        pytest.skip("no ../shared beside this checkout")
    return folder
