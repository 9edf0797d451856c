"""The command palette finds what the person may open, and nothing else."""

from sqlalchemy import event

from app.core.db import db
from tests import people


def _lines(client, user, words: str = "") -> str:
    return people.sign_in(client, user).get("/palette", query_string={"q": words}).text


def test_places_of_the_administration_are_for_administrators(desk, client):
    assert "/admin/people" in _lines(client, people.user("root", administrator=True))
    assert 'role="option"' not in _lines(client, people.user("aigul"))


def test_people_are_found_by_who_works_with_them(desk, client):
    people.user("zarina")
    team = people.team("desk", 1)
    assert "Zarina" in _lines(client, people.user("bakyt", member=(team,)), "zari")
    assert "Zarina" not in _lines(client, people.user("aigul"), "zari")


def test_an_administrator_is_led_to_the_account(desk, client):
    zarina = people.user("zarina")
    assert f'href="/admin/people/{zarina.id}"' in _lines(client, people.user("root", administrator=True), "zari")


def test_it_costs_the_same_however_much_there_is(desk, client):
    agent = people.user("bakyt", member=(people.team("desk", 1),))
    people.user("person0")
    few = _queries(lambda: _lines(client, agent, "person"))
    for number in range(1, 12):
        people.user(f"person{number}")
    assert _queries(lambda: _lines(client, agent, "person")) == few


def _queries(act) -> int:
    act()
    statements = []

    def count(*about) -> None:
        statements.append(about[2])

    event.listen(db.engine, "before_cursor_execute", count)
    try:
        act()
    finally:
        event.remove(db.engine, "before_cursor_execute", count)
    return len(statements)
