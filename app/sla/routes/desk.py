"""What the desk has to choose from when rules are written, and what follows for their words and checks."""

from typing import Any

from app.accounts import queries as people
from app.catalogue import queries as catalogue

from ..reach import Ways

Offer = dict[str, list[Any]]


def offer() -> Offer:
    """Fact -> the things there are, with id and title."""
    return {"request_type_id": catalogue.all_of_them(), "team_id": people.teams(),
            "department_id": [department for _depth, department in people.tree(people.departments())]}


def ways(offered: Offer) -> Ways:
    return Ways(offered["request_type_id"], offered["team_id"], catalogue.rules())
