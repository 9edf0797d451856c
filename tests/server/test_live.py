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
    listener = live.Listener(frozenset({"request:1"}))
    stream = live.Stream(listener, since=7)
    assert next(stream).startswith(":")
    listener.tell("request:1", 7)
    assert next(stream) == ": still here\n\n"
    listener.tell("request:1", 8)
    assert '"id": 8' in next(stream)


def test_of_a_burst_a_stream_tells_the_newest():
    listener = live.Listener(frozenset({"request:1"}))
    stream = live.Stream(listener, since=0)
    next(stream)
    for event_id in (3, 5, 4):
        listener.tell("request:1", event_id)
    told = next(stream)
    assert told.count("event: news") == 1
    assert '"id": 5' in told


def test_who_comes_oneself_stirs_nothing():
    listener = live.Listener(frozenset({"ticket:1"}), user_id=7)
    listener.stir("ticket:1", {7})
    assert listener.wait(0) == ({}, set())
    listener.stir("ticket:1", {7, 8})
    assert listener.wait(0) == ({}, {"ticket:1"})


class Listener:
    """An open stream, read line by line."""

    def __init__(self, person: Person, query: str) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", person.desk.port, timeout=10)
        cookies = "; ".join(f"{name}={value}" for name, value in person.cookies.items())
        self.connection.request("GET", f"/live?{query}", headers={"Cookie": cookies})
        self.answer = self.connection.getresponse()
        if self.answer.status == 200:
            assert self.answer.readline().startswith(b": ")

    def next(self, wanted: str = "news") -> dict:
        """What comes next of that kind."""
        kind = ""
        while True:
            line = self.answer.readline().decode()
            assert line, "the stream ended"
            if line.startswith("event: "):
                kind = line[7:].strip()
            if line.startswith("data: ") and kind == wanted:
                return json.loads(line[6:])

    def close(self) -> None:
        self.answer.close()
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

    def test_who_comes_writes_and_goes_is_heard_by_who_may_see_it(self, served: Desk):
        agent, other, employee = (Person(served, name).sign_in() for name in ("agent0", "agent1", "employee0"))
        number = employee.file("Printer").number
        staff, outside = Listener(agent, f"topic=ticket:{number}"), Listener(employee, f"topic=request:{number}")
        assert staff.next("presence") == {"topic": f"ticket:{number}"}
        second = Listener(other, f"topic=ticket:{number}")
        staff.next("presence")
        assert "Agent1 is here" in agent.get(f"/tickets/{number}/presence").text
        assert other.post(f"/tickets/{number}/typing", doing="note").status == 204
        staff.next("presence")
        assert "someone" not in employee.get(f"/tickets/{number}/presence").text
        assert other.post(f"/tickets/{number}/typing", doing="reply").status == 204
        assert outside.next("presence") == {"topic": f"request:{number}"}
        assert "Agent1 is writing a reply" in employee.get(f"/tickets/{number}/presence").text
        assert other.post(f"/tickets/{number}/typing", doing="").status == 204
        second.close()
        until = time.monotonic() + 10
        while "Agent1" in agent.get(f"/tickets/{number}/presence").text:
            assert time.monotonic() < until
            staff.next("presence")

    def test_the_rows_of_a_killed_desk_are_gone_by_themselves(self, served: Desk):
        agent, other = Person(served, "agent0").sign_in(), Person(served, "agent1").sign_in()
        number = served.file_many(1)[0]
        listener = Listener(other, f"topic=ticket:{number}")
        assert "Agent1 is here" in agent.get(f"/tickets/{number}/presence").text
        served.kill()
        listener.close()
        served.start()
        until = time.monotonic() + 30
        while "Agent1" in agent.get(f"/tickets/{number}/presence").text:
            assert time.monotonic() < until
            time.sleep(0.5)

    def test_a_browser_without_a_stream_is_seen_too_and_told_of_others(self, served: Desk):
        agent, other = Person(served, "agent0").sign_in(), Person(served, "agent1").sign_in()
        number = served.file_many(1)[0]
        alone = json.loads(agent.get(f"/live/news?topic=ticket:{number}").text)["here"]
        assert "Agent0 is here" in other.get(f"/tickets/{number}/presence").text
        other.get(f"/live/news?topic=ticket:{number}")
        assert json.loads(agent.get(f"/live/news?topic=ticket:{number}").text)["here"] != alone


@pytest.mark.real
def test_a_place_is_free_as_soon_as_its_browser_has_gone(tmp_path, engine_url):
    desk = Desk(tmp_path, engine_url, JARDAM_WORKERS="1", JARDAM_THREADS="4").populate()
    try:
        desk.start()
        employee = Person(desk, "employee0").sign_in()
        topic = f"topic=request:{employee.file('Printer').number}"
        streams = [Listener(employee, topic) for _ in range(3)]
        assert Listener(employee, topic).answer.status == 204
        streams[0].close()
        until = time.monotonic() + live.PING_SECONDS / 2
        while Listener(employee, topic).answer.status != 200:
            assert time.monotonic() < until
            time.sleep(0.1)
    finally:
        desk.close()


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
