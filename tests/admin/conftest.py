"""A desk with an administrator, an employee and two teams, and what a browser would send for a form."""

from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from app.accounts import sign_in
from app.core.db import db
from tests import factories, people
from tests.experiments.forms import fields

HASHED = sign_in.hashed("correct horse battery")


@pytest.fixture
def place(desk):
    """Root keeps the desk; Aigul is an employee, Bakyt an agent of level 1, Cholpon leads level 2."""
    office = people.department("office")
    first, second = people.team("service-desk", 1), people.team("network", 2)
    found = SimpleNamespace(
        office=office, first=first, second=second,
        root=people.user("root", administrator=True), aigul=people.user("aigul", department=office),
        bakyt=people.user("bakyt", member=(first,)), cholpon=people.user("cholpon", leads=(second,)),
        printer=factories.request_type("printer", first, level2_team=second),
    )
    db.session.commit()
    return found


@pytest.fixture
def root(client, place):
    """The administrator's browser."""
    return people.sign_in(client, place.root)


@pytest.fixture
def filled(root):
    """What the form of an administrator's page would send, with changes; its action is the page's own address."""

    def take(path, **changes):
        sent = fields(root.get(path).text, path)
        return {name: value for name, value in (sent | changes).items() if value is not None}

    return take


@pytest.fixture
def save(root, filled):
    """Open a page, change some fields, send it."""

    def sent(path, **changes):
        return root.post(path, data=filled(path, **changes))

    return sent


@pytest.fixture
def statements(desk):
    """How many statements a call sends to the database."""

    def counted(call):
        db.session.commit()
        said = []

        def note(conn, cursor, statement, parameters, context, many):
            if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
                said.append(statement)

        sa.event.listen(sa.Engine, "before_cursor_execute", note)
        try:
            call()
        finally:
            sa.event.remove(sa.Engine, "before_cursor_execute", note)
        return len(said)

    return counted
