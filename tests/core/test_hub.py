"""The thread that wakes open streams goes on, whatever fails: nobody else would tell them anything."""

import socket

import pytest

from app.core import hub
from app.core.db import db
from app.core.events import record
from app.core.hub import Hub, Listener

JAM = "ticket:1"


@pytest.fixture
def place():
    """Room for one stream, left when the test is over."""
    places, listener = Hub(), Listener(frozenset({JAM}))
    yield places, listener
    places.leave(listener)


@pytest.mark.parametrize("failing", [1, 2])
def test_a_look_that_fails_is_made_again_and_nothing_is_missed(inside, printer, place, monkeypatch, failing):
    """The first look of the thread, before it knows anything, and a later one; nothing else happens after."""
    (places, listener), looks, read = place, [], hub.events_after

    def look(event_id):
        looks.append(event_id)
        if len(looks) == failing:
            raise TimeoutError("no connection is free")
        return read(event_id)

    monkeypatch.setattr(hub, "events_after", look)
    monkeypatch.setattr(hub, "LIVE_ECHOES", [lambda events: [(JAM, event.id) for event in events]])
    before = hub.newest()
    db.session.rollback()
    event = record("printer.jammed", printer)
    db.session.commit()
    assert places.enter(inside, before, 1, listener)
    assert listener.wait(10) == ({JAM: event.id}, set())


def test_a_browser_that_went_before_it_was_served_takes_no_place(inside, place):
    (places, listener), line = place, socket.socket()
    line.close()
    with pytest.raises((OSError, ValueError)):
        places.enter(inside, 0, 1, Listener(frozenset({JAM}), line=line))
    assert places.enter(inside, 0, 1, listener)
