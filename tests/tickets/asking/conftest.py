"""The small desk, with kinds of request that are told apart by their words."""

import pytest

from tests import factories
from tests.people import names
from tests.tickets.conftest import browser_of, small, statements

__all__ = ["browser_of", "small", "statements"]


def question(key: str, type: str = "text", required: bool = True, **about) -> dict:
    return {"key": key, "type": type, "labels": names(key.title()), "required": required, **about}


@pytest.fixture
def kinds(small):
    """Beside the printer: the network, where a room must be named; a complaint, in confidence; what is left."""
    small.network = factories.request_type("network", small.first, fields=[question("room")], position=1)
    small.complaint = factories.request_type("complaint", small.first, is_confidential=True, position=2)
    small.general = factories.request_type("general", small.first, kind="question", position=3)
    return small
