"""Everybody at every door: the status that the table promises, and no secret that is not for this person's eyes."""

import pytest

from . import desk_table, reading_table, table, writing_table
from .forms import form_of
from .grid import Cell
from .identities import IDENTITIES, NO, REASONS

GROUPS = (*table.GROUPS, *desk_table.GROUPS)
CELLS = [cell for group in GROUPS for cell in group.cells()]
GETS_THAT_WRITE = {"kpi.figures_show": "takes in the newest events before it shows the figures"}


def test_every_route_stands_in_the_table(app):
    assert set(app.view_functions) - {cell.route.endpoint for cell in CELLS} == set(), "has no line in the tables"


def test_the_table_names_no_route_that_is_gone(app):
    assert {cell.route.endpoint for cell in CELLS} - set(app.view_functions) == set()


def test_every_letter_has_a_reason():
    assert {cell.letter for cell in CELLS} - set(REASONS) - set(NO) == set()


@pytest.mark.slow
@pytest.mark.usefixtures("errors_drawn_once")
@pytest.mark.parametrize("who", IDENTITIES)
def test_walk(door, who):
    """All cells of one person; a GET changes nothing; and what should be readable was read somewhere."""
    wrong, read = [], set()
    for cell in CELLS:
        if cell.who == who and cell.route.endpoint in door.app.view_functions:
            answer = _knock(door, cell)
            told = door.told(answer)
            read |= told
            wrong += _judged(cell, answer, told - door.known_to(who))
    assert not wrong, "\n".join(wrong)
    optional = door.plants.agents | reading_table.written_by(door.plants, who) | \
        writing_table.may_come_upon(door.plants, who)
    assert read - optional == door.readable_by(who)


def _knock(door, cell: Cell):
    url = door.url(cell.route.endpoint, cell.thing)
    if _method(door, cell) == "GET":
        return door.knock(cell.who, "GET", url)
    return door.knock(cell.who, "POST", url, form_of(cell.route.name, door.plants, cell.thing))


def _method(door, cell: Cell) -> str:
    rules = door.app.url_map.iter_rules(cell.route.endpoint)
    return "GET" if any("GET" in rule.methods for rule in rules) else "POST"


def _judged(cell: Cell, answer, leaked: set[str]):
    """What is wrong with an answer, in words."""
    if answer.status not in cell.statuses:
        yield f"{cell}: {answer.status} instead of {cell.statuses} {answer.text if answer.status == 500 else ''}"
    if cell.letter == "s" and answer.status == 302 and not answer.location.startswith("/session?next="):
        yield f"{cell}: sent to {answer.location}"
    if leaked:
        yield f"{cell}: tells {sorted(leaked)}"
    if answer.method == "GET" and answer.wrote and cell.route.endpoint not in GETS_THAT_WRITE:
        yield f"{cell}: writes {answer.wrote[0]}"
