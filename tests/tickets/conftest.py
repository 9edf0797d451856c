"""A small desk: two teams, their agents, two employees."""

from contextlib import contextmanager
from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from tests import factories, people


@pytest.fixture
def small(desk):
    """Level 1 (service desk) and level 2 (network), an agent each, employees Aigul and Bakyt."""
    office = people.department("office")
    first, second = people.team("service-desk", 1), people.team("network", 2)
    return SimpleNamespace(
        first=first, second=second, office=office,
        aigul=people.user("aigul", department=office), bakyt=people.user("bakyt", department=office),
        agent=people.user("agent", department=office, member=(first,)),
        rival=people.user("rival", department=office, member=(first,)),
        expert=people.user("expert", department=office, member=(second,)),
        printer=factories.request_type("printer", first, level2_team=second),
        waiting=factories.pending_reason("requester", waits_for_requester=True),
    )


@pytest.fixture
def browser_of(client):
    """Makes a browser in which somebody is signed in."""

    def signed_in(user):
        return people.sign_in(client.application.test_client(), user)

    return signed_in


@pytest.fixture
def statements(desk):
    """Collects the statements of what runs inside `with statements() as said:`, savepoints left out."""

    @contextmanager
    def collected():
        said = []

        def note(conn, cursor, statement, parameters, context, many):
            if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
                said.append(statement)

        sa.event.listen(sa.Engine, "before_cursor_execute", note)
        try:
            yield said
        finally:
            sa.event.remove(sa.Engine, "before_cursor_execute", note)

    return collected
