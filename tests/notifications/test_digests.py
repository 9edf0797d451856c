"""What stands in a digest."""

import re
from datetime import date, timedelta

import pytest

from app.accounts import absences
from app.accounts.absence_models import Absence, Deputy
from app.core import clock
from app.core.db import db
from app.core.events import record
from app.notifications import messages
from tests import factories, people
from tests.postbox import html_of, text_of
from tests.sla.conftest import at

pytestmark = pytest.mark.slow


@pytest.fixture
def digest(small, deliver, postbox):
    """The one mail that Agent gets of all that happened so far."""

    def one():
        deliver()
        deliver(clock.now() + timedelta(minutes=3))
        (letter,) = postbox.to(small.agent)
        return letter

    return one


@pytest.fixture
def requests(small, deliver):
    """Makes requests that Agent has taken, of which nothing is left to be told."""

    def make(*subjects):
        made = [factories.ticket(small.aigul, small.printer, subject=subject) for subject in subjects]
        for ticket in made:
            ticket.take(small.agent)
        deliver()
        return made

    return make


def announce(ticket, share=100, due="2026-03-02 12:00", target="resolution", is_late=False):
    return record("sla.breached" if share >= 100 else "sla.warned", ticket, target=target, cycle=1, share=share,
                  is_late=is_late, due=at(due).isoformat(), actions=[{"action": "notify_assignee"}])


def leave(ticket, by):
    """The ticket goes to a team of which Agent sees nothing."""
    ticket.move(people.team("branch"), "Cable", by)


def listed(letter):
    """The numbers of the tickets in the order of the text."""
    return [int(number) for number in re.findall(r"^#(\d+)", text_of(letter), re.M)]


def test_tickets_stand_in_the_order_of_their_deadlines(requests, digest):
    first, second, third = requests("One", "Two", "Three")
    announce(first, due="2026-03-02 12:00")
    announce(second, due="2026-03-01 12:00")
    announce(third, 75, due="2026-03-01 18:00")
    letter = digest()
    assert letter["Subject"] == "3 tickets: 2 deadlines have passed"
    assert listed(letter) == [second.number, third.number, first.number]
    assert "The deadline of the resolution has passed. The deadline: 1 March 2026, 12:00." in text_of(letter)
    for ticket in (first, second, third):
        link = f"http://127.0.0.1:8000/tickets/{ticket.number}"
        assert link in text_of(letter)
        assert f'<a href="{link}">#{ticket.number} {ticket.subject}</a>' in html_of(letter)


def test_of_one_target_the_last_share_speaks_and_each_target_for_itself(requests, digest):
    (ticket,) = requests("One")
    for share in (50, 75, 100):
        announce(ticket, share)
    announce(ticket, 50, target="first_response")
    letter = digest()
    assert letter["Subject"] == f"#{ticket.number} One: 1 deadline has passed"
    assert re.findall("^- (.*?)[.]", text_of(letter), re.M) == [
        "The deadline of the resolution has passed", "50 % of the time for the first response is used"]


def test_what_was_announced_late_is_marked(requests, digest):
    first, second = requests("One", "Two")
    announce(first, is_late=True)
    announce(second)
    letter = digest()
    late, in_time = re.findall("^- .*$", text_of(letter), re.M)
    assert "Announced late." in late
    assert "late" not in in_time
    assert "fell due while the desk could not announce it" in text_of(letter)
    assert html_of(letter).count("<strong>Announced late.</strong>") == 1


def test_nothing_is_said_of_lateness_where_there_is_none(requests, digest):
    for ticket in requests("One", "Two"):
        announce(ticket)
    assert "late" not in text_of(digest())


def test_of_a_confidential_ticket_the_number_only(small, requests, digest):
    small.printer.is_confidential = True
    first, second = requests("Harassment", "My boss")
    announce(first)
    announce(second)
    letter = digest()
    assert listed(letter) == [first.number, second.number]
    for secret in ("Harassment", "boss"):
        assert secret not in letter["Subject"] + text_of(letter) + html_of(letter)


def test_what_went_out_of_sight_is_not_listed(small, requests, deliver, digest):
    first, second, third = requests("One", "Two", "Three")
    for ticket in (first, second, third):
        announce(ticket)
    deliver()
    leave(second, small.rival)
    letter = digest()
    assert listed(letter) == [first.number, third.number]
    assert letter["Subject"] == "2 tickets: 2 deadlines have passed"


def test_where_one_thing_is_left_it_is_the_ordinary_letter(small, requests, deliver, digest):
    first, second = requests("One", "Two")
    announce(first)
    announce(second)
    deliver()
    leave(second, small.rival)
    assert digest()["Subject"] == f"A deadline has passed: #{first.number} One"


def test_a_ticket_that_has_ended_since_says_so(small, requests, deliver, digest):
    first, second = requests("One", "Two")
    announce(first)
    announce(second)
    deliver()
    second.resolve(small.agent)
    assert text_of(digest()).count("It has ended since.") == 1


def test_in_the_language_and_zone_of_the_reader(small, requests, digest):
    small.agent.language, small.agent.time_zone = "ru", "Europe/Berlin"
    for ticket in requests("Принтер", "Сканер"):
        announce(ticket)
    letter = digest()
    assert "2 марта 2026 г., 07:00" in text_of(letter)
    assert '<html lang="ru">' in html_of(letter)


def test_a_subject_cannot_become_markup_or_template(requests, digest):
    for ticket in requests("<script>alert(1)</script> {{ 7 * 7 }}", "Two"):
        announce(ticket)
    letter = digest()
    assert "<script>" not in html_of(letter)
    assert "{{ 7 * 7 }}" in html_of(letter)


def test_a_long_digest_is_cut_and_counts_the_rest(requests, digest, monkeypatch):
    monkeypatch.setattr(messages, "MOST_LISTED", 3)
    for number, ticket in enumerate(requests(*(f"Printer {number}" for number in range(5)))):
        announce(ticket, due=f"2026-03-0{5 - number} 12:00")
    letter = digest()
    assert len(listed(letter)) == 3
    assert "Printer 4" in text_of(letter)
    assert "Printer 0" not in text_of(letter)
    assert letter["Subject"] == "5 tickets: 5 deadlines have passed"
    assert "And 2 more tickets." in text_of(letter)
    assert "And 2 more tickets." in html_of(letter)


def test_what_the_desk_assigned_or_escalated_stands_among_it(small, requests, digest):
    first, second = requests("One", "Two")
    first.assign(None, small.agent)
    first.assign(small.agent, None)
    second.note("Tagged by a rule", None)
    letter = digest()
    assert letter["Subject"] == "2 tickets: what is new"
    assert "- Jardam assigned the ticket to Agent." in text_of(letter)


def test_a_deputy_reads_in_whose_place_and_who_is_away_gets_nothing(small, requests, postbox, deliver):
    absence = Absence(user_id=small.agent.id, starts_on=date(2026, 1, 1), ends_on=date(2099, 1, 1),
                      starts_at=at("2026-01-01 00:00"), ends_at=at("2099-01-01 00:00"), reason="leave",
                      made_at=clock.now(), deputies=[Deputy(kind="tickets", deputy_id=small.rival.id)])
    tickets = requests("One", "Two")
    db.session.add(absence)
    absences.renew()
    for ticket in tickets:
        announce(ticket)
    deliver()
    deliver(clock.now() + timedelta(minutes=3))
    (letter,) = postbox.to(small.rival)
    assert text_of(letter).count("You stand in for Agent.") == 2
    assert postbox.to(small.agent) == []


def test_on_the_desk_a_late_one_is_marked_too(small, requests, deliver, browser_of):
    first, second = requests("One", "Two")
    announce(first, is_late=True)
    announce(second)
    deliver()
    page = browser_of(small.agent).get("/notifications").text
    assert page.count("The deadline of the resolution has passed (announced late)") == 1
    assert page.count("The deadline of the resolution has passed") == 2
