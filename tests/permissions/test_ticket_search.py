"""The search of tickets, and of the desk: every planted word, everybody. Hits, snippets, notes and the way back from a
number tell nobody what is not theirs."""

import pytest

from app.accounts.models import User
from app.core import clock
from app.core.db import db
from app.tickets.searching import find, language

from . import table
from .door import Door
from .identities import AS_STAFF, IDENTITIES
from .plants import secret

pytestmark = pytest.mark.slow

PEOPLE = [who for who in IDENTITIES if who != "anonymous"]
PAGES = ("tickets.search_show", "home.search_show")
ROW = 'class="number">'
PUBLIC, INTERNAL = ("subject", "body", "field", "reply"), ("note", "reason", "answer")
"""What is held of a ticket, for everybody who sees it and for its staff. Files, former subjects and what a lead was
told are not searched for."""


def rows(door: Door, who: str, text: str) -> list[str]:
    """The tickets that a search finds: the pages show no others."""
    names = {number: ticket for ticket, number in door.plants.tickets.items()}
    person = db.session.get(User, door.plants.people[who])
    return [names[row.id] for row in find.find(language.read(text), person, clock.now()).page.rows]


def foreign(door: Door, who: str) -> list[str]:
    return sorted(set(door.plants.secrets) - door.known_to(who))


@pytest.mark.parametrize("who", PEOPLE)
def test_no_word_is_found_that_is_not_for_its_reader(door, who):
    """Plain, as a tag, as a beginning; and on the pages themselves one word of each kind."""
    for word in foreign(door, who):
        for text in (word, f"tag:{word}", f"from:{word}"):
            assert rows(door, who, text) == [], text
    for word in foreign(door, who)[::12]:
        for page in PAGES:
            assert ROW not in door.get(who, page, q=word).text


@pytest.mark.parametrize("who", PEOPLE)
def test_leaving_a_foreign_word_out_leaves_out_nothing(door, who):
    """Else what is missing would tell where the word stands."""
    everything = rows(door, who, "-nowhere")
    for word in foreign(door, who)[::3]:
        assert rows(door, who, f'-"{word}"') == everything, word


@pytest.mark.parametrize("who", PEOPLE)
def test_every_word_that_is_searched_for_is_found_by_who_may_read_it(door, who):
    for words, kinds, may in ((door.plants.public, PUBLIC, "".join(sorted(AS_STAFF)) + "RFWM"),
                              (door.plants.internal, INTERNAL, "".join(AS_STAFF))):
        for word, ticket in words.items():
            if word in {secret(ticket, kind) for kind in kinds}:
                assert rows(door, who, word) == [ticket] * (table.TICKETS[ticket][who] in may), word


@pytest.mark.parametrize("who", PEOPLE)
def test_the_pages_tell_no_more_than_their_reader_may_know(door, who):
    for text in ("q7", "subject body note", "-nowhere", "is:confidential", "team:network from:a", "tag:x -tag:y"):
        for page in PAGES:
            answer = door.get(who, page, q=text)
            assert answer.status == 200
            assert door.told(answer) <= door.known_to(who), text
            assert answer.wrote == []


@pytest.mark.parametrize("who", PEOPLE)
def test_a_number_leads_only_to_what_is_seen(door, who):
    for ticket, number in door.plants.tickets.items():
        for page in PAGES:
            answer = door.get(who, page, q=f"#{number}")
            seen = table.TICKETS[ticket][who] != "."
            assert (answer.status, answer.location) == ((302, f"/tickets/{number}") if seen else (200, "")), ticket
            assert seen or answer.text.count(ROW) == 0
