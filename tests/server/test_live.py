"""Live news: who hears of what, that it comes soon and from other processes, and what a stream may not cost."""

import http.client
import json
import time
from types import SimpleNamespace

import pytest

from app.core import clock, live
from tests import factories, people
from tests.experiments.browser import Person
from tests.experiments.desk import Desk


@pytest.fixture
def heard(desk):
    """A desk with a ticket of Aigul's in the queue of the service desk; `heard` says what an event is heard on."""
    first = people.team("service-desk")
    aigul, bakyt = people.user("aigul"), people.user("bakyt")
    agent, stranger = people.user("agent", member=(first,)), people.user("expert", member=(people.team("network", 2),))
    ticket = factories.ticket(aigul, factories.request_type("printer", first))

    def by(verb):
        before = live.newest()
        verb()
        return {topic for topic, _id in live.echoes(live.events_after(before))}

    return SimpleNamespace(app=desk, by=by, first=first, aigul=aigul, bakyt=bakyt, agent=agent, stranger=stranger,
                           ticket=ticket)


def test_a_reply_is_heard_by_requester_staff_and_queue(heard):
    number, team = heard.ticket.number, heard.first.id
    topics = heard.by(lambda: heard.ticket.reply("Try again", heard.agent, clock.now()))
    assert topics == {f"ticket:{number}", f"request:{number}", f"queue:{team}"}


def test_a_note_makes_no_sound_for_the_requester(heard):
    topics = heard.by(lambda: heard.ticket.note("He broke it", heard.agent, clock.now()))
    assert f"request:{heard.ticket.number}" not in topics
    assert f"ticket:{heard.ticket.number}" in topics


def test_taking_is_heard_by_who_took_it(heard):
    topics = heard.by(lambda: heard.ticket.take(heard.agent, clock.now()))
    assert f"agent:{heard.agent.id}" in topics


@pytest.mark.parametrize(("topic", "who"), [
    ("request", {"aigul", "agent"}), ("ticket", {"agent"}), ("queue", {"agent"}),
])
def test_who_may_listen(heard, topic, who):
    from app.tickets.live import TOPICS

    number = heard.first.id if topic == "queue" else heard.ticket.number
    people_there = ("aigul", "bakyt", "agent", "stranger")
    assert {name for name in people_there if TOPICS[topic](getattr(heard, name), number)} == who


def test_after_a_long_absence_there_is_news_on_everything(desk, monkeypatch):
    monkeypatch.setattr(live, "LONGEST_LOOK_BACK", 10)
    assert live._missed(frozenset({"request:1"}), since=5, start=16) == [("request:1", 16)]
    assert live._missed(frozenset({"request:1"}), since=6, start=16) == []


def test_what_the_page_shows_already_is_no_news():
    stream = live.Stream(frozenset({"request:1"}), since=7, heard=live.hub.rung, missed=[])
    assert next(stream).startswith("retry:")
    live.hub.ring([("request:1", 7)])
    assert next(stream) == ": still here\n\n"
    live.hub.ring([("request:1", 8)])
    assert '"id": 8' in next(stream)


class Listener:
    """An open stream, read line by line."""

    def __init__(self, person: Person, query: str) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", person.desk.port, timeout=10)
        cookies = "; ".join(f"{name}={value}" for name, value in person.cookies.items())
        self.connection.request("GET", f"/live?{query}", headers={"Cookie": cookies})
        self.answer = self.connection.getresponse()
        if self.answer.status == 200:
            assert self.answer.readline() == b"retry: 5000\n"

    def next(self) -> dict:
        while True:
            line = self.answer.readline()
            assert line, "the stream ended"
            if line.startswith(b"data: "):
                return json.loads(line[6:])

    def close(self) -> None:
        self.connection.close()


@pytest.mark.real
class TestStreams:
    @pytest.fixture
    def served(self, own_desk):
        own_desk.start()
        return own_desk

    def test_news_come_within_two_seconds_from_any_process(self, served: Desk):
        agent, employee = Person(served, "agent0").sign_in(), Person(served, "employee0").sign_in()
        number = employee.file("Printer").number
        listeners = [Listener(employee, f"topic=request:{number}") for _ in range(6)]
        began = time.monotonic()
        assert agent.say(number, "replies", "Coming").status == 303
        assert [listener.next()["topic"] for listener in listeners] == [f"request:{number}"] * 6
        assert time.monotonic() - began < 2.5

    def test_what_happened_since_the_page_was_drawn_is_caught_up(self, served: Desk):
        employee = Person(served, "employee0").sign_in()
        number = employee.file("Printer").number
        assert Listener(employee, f"topic=request:{number}&since=0").next()["topic"] == f"request:{number}"

    def test_the_ticket_of_another_is_not_there(self, served: Desk):
        number = Person(served, "employee0").sign_in().file("Printer").number
        other = Person(served, "employee1").sign_in()
        assert other.get(f"/live?topic=request:{number}").status == 404
        assert other.get("/live?topic=nonsense").status == 404
        assert other.get("/live").status == 404
        assert other.get(f"/live/news?topic=request:{number}").status == 404

    def test_a_browser_without_a_stream_asks(self, served: Desk):
        employee = Person(served, "employee0").sign_in()
        number = employee.file("Printer").number
        first = json.loads(employee.get(f"/live/news?topic=request:{number}&since=0").text)
        assert first["news"] == [f"request:{number}"]
        again = json.loads(employee.get(f"/live/news?topic=request:{number}&since={first['since']}").text)
        assert again["news"] == []


@pytest.mark.real
def test_over_the_cap_there_is_no_stream_but_pages_go_on(tmp_path, engine_url):
    desk = Desk(tmp_path, engine_url, JARDAM_WORKERS="1", JARDAM_THREADS="10").populate()
    try:
        desk.start()
        employee = Person(desk, "employee0").sign_in()
        topic = f"topic=request:{employee.file('Printer').number}"
        streams = [Listener(employee, topic) for _ in range(12)]
        assert [stream.answer.status for stream in streams] == [200] * 9 + [204] * 3
        assert employee.get("/tickets").status == 200
        for stream in streams:
            stream.close()
    finally:
        desk.close()
