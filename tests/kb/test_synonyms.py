"""Words that mean the same, as the administrator edits them."""

from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from app.core.db import db
from app.core.events import Event
from app.search.models import SynonymGroup
from app.search.synonyms_admin import trial
from tests import people
from tests.tickets.conftest import statements  # noqa: F401 - a fixture

pytestmark = pytest.mark.slow
PAGE = "/admin/synonyms"


@pytest.fixture
def admin(client):
    return people.sign_in(client, people.user("admin", administrator=True))


def groups():
    return list(db.session.scalars(sa.select(SynonymGroup).order_by(SynonymGroup.id)))


def add(browser, *words):
    seen = _seen(browser.get(PAGE))
    return browser.post(PAGE, data={"words": "\n".join(words), "seen": seen})


def _seen(page):
    return page.text.partition('name="seen"')[2].partition('value="')[2].partition('"')[0]


def test_a_group_is_added_changed_and_removed(admin):
    assert add(admin, "printer", " МФУ ", "", "printer").status_code == 302
    (group,) = groups()
    assert group.words == ["printer", "МФУ"]
    address = f"{PAGE}/{group.id}"
    answer = admin.post(address, data={"words": "printer\nпринтер", "seen": _seen(admin.get(address))})
    assert answer.status_code == 302
    assert groups()[0].words == ["printer", "принтер"]
    assert "Remove this group?" in admin.get(f"{address}/removal").text
    assert admin.post(f"{address}/removal").status_code == 302
    assert groups() == []
    kinds = db.session.scalars(sa.select(Event.kind).where(Event.subject_type == "synonym_group").order_by(Event.id))
    assert list(kinds) == ["synonym_group.added", "synonym_group.changed", "synonym_group.removed"]


@pytest.mark.parametrize(("words", "said"), [
    (["printer"], "two different words"), (["Printer", "printer!"], "two different words"),
    (["…", "!"], "two different"),
    (["a" * 61, "printer"], "too long"), (["one two three four five six", "printer"], "more than 5 words"),
    ([f"w{number}" for number in range(21)], "20 words or phrases"), (["VPN", "tunnel"], "another group already")])
def test_what_makes_no_sense_is_refused_and_stays_on_the_page(admin, words, said):
    add(admin, "vpn", "remote access")
    answer = add(admin, *words)
    assert answer.status_code in (400, 409)
    assert said in answer.text
    assert words[0].replace("!", "!") in answer.text
    assert len(groups()) == 1


def test_a_group_keeps_its_own_words(admin):
    add(admin, "vpn", "remote access")
    address = f"{PAGE}/{groups()[0].id}"
    seen = _seen(admin.get(address))
    assert admin.post(address, data={"words": "VPN\nremote access\ntunnel", "seen": seen}).status_code == 302
    assert groups()[0].words == ["VPN", "remote access", "tunnel"]


def test_the_second_of_two_who_change_it_is_told(admin):
    add(admin, "vpn", "remote access")
    address = f"{PAGE}/{groups()[0].id}"
    seen = _seen(admin.get(address))
    admin.post(address, data={"words": "vpn\ntunnel", "seen": seen})
    answer = admin.post(address, data={"words": "vpn\nmine", "seen": seen})
    assert answer.status_code == 409
    assert "mine" in answer.text
    assert groups()[0].words == ["vpn", "tunnel"]


def test_no_more_groups_than_can_be_read_at_once(admin, monkeypatch):
    monkeypatch.setattr("app.search.synonyms_admin.actions.MOST_GROUPS", 1)
    add(admin, "vpn", "remote access")
    assert add(admin, "printer", "МФУ").status_code == 409
    assert len(groups()) == 1


def test_the_list_pages_at_a_fixed_cost_and_finds_a_word(admin, statements):  # noqa: F811
    add(admin, "vpn", "remote access")
    admin.get(PAGE)
    with statements() as few:
        admin.get(PAGE)
    for number in range(30):
        add(admin, f"word{number}", f"other{number}")
    with statements() as many:
        page = admin.get(PAGE).text
    assert len(many) == len(few)
    assert page.count("/removal") == 25
    assert 'rel="next"' in page
    found = admin.get(f"{PAGE}?q=Remote ACCESS").text
    assert "vpn · remote access" in found
    assert "word1" not in found
    assert "No group has this word" in admin.get(f"{PAGE}?q=nothing").text


@pytest.mark.parametrize("question", ["printer", "а*", "\"", "🙂", "the of", "x " * 500, ""])
def test_any_question_can_be_tried_and_nothing_is_saved(admin, question):
    answer = admin.post(f"{PAGE}/trial", data={"words": "printer\nМФУ", "question": question})
    assert answer.status_code == 200
    assert "МФУ" in answer.text
    assert groups() == []


def test_the_trial_shows_what_the_words_would_change(admin):
    """On whatever index there is; without one it says so."""
    add(admin, "vpn", "tunnel")
    address = f"{PAGE}/{groups()[0].id}/trial"
    answer = admin.post(address, data={"words": "vpn\ntunnel\nremote access", "question": "remote access"})
    assert answer.status_code == 200
    assert "What “remote access” finds" in answer.text
    assert groups()[0].words == ["vpn", "tunnel"]


def test_places_now_and_then(admin):
    now, then = ([SimpleNamespace(id=number) for number in ids] for ids in ((1, 2), (3, 1)))
    assert [(one.card.id, one.now, one.then) for one in trial._compared(now, then)] == [
        (3, None, 1), (1, 1, 2), (2, 2, None)]
