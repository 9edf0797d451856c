"""The clocks of a ticket told: to the staff with every reason, to the requester in plain words, as text and as data."""

import html
import re

import pytest

from app.calendars.queries import hours_of
from app.core.db import db
from app.core.i18n import LANGUAGES
from app.sla import actions, story
from app.sla.explain import explain
from app.sla.queries import clocks_of
from app.sla.reactions import spans_of
from app.sla.strip import strip
from app.sla.wording import exact
from app.tickets.models import Ticket
from tests import factories, people
from tests.sla.conftest import HOUR, at, policy, rule
from tests.sla.test_histories import EVERYTHING, TARGETS

pytestmark = pytest.mark.slow


def words(markup):
    return " ".join(html.unescape(markup).split())


@pytest.fixture
def browser_of(client):
    return lambda person: people.sign_in(client, person)


@pytest.fixture
def lived(office):
    """Filed, taken, waited for an answer, escalated, solved, opened again."""
    ticket = factories.ticket(office.aigul, office.printer, at=at("2026-03-02 10:00"))
    ticket.take(office.agent, at("2026-03-02 11:00"))
    ticket.reply("Which room?", office.agent, at("2026-03-02 11:30"))
    ticket.hold(office.waiting, office.agent, at("2026-03-02 12:00"))
    ticket.receive("Room 12", office.aigul, at("2026-03-03 10:00"))
    ticket.escalate(office.second, "Cable", office.agent, at("2026-03-03 11:00"))
    ticket.resolve(office.expert, at("2026-03-03 15:00"))
    ticket.reopen(office.aigul, at("2026-03-04 10:00"))
    db.session.commit()
    return ticket.number


def test_the_staff_reads_every_reason(office, lived, browser_of):
    page = words(browser_of(office.agent).get(f"/tickets/{lived}/clocks").text)
    assert "Policy “standard” (first version), working hours “office”. Chosen by the rule “standard”" in page
    assert "Mon 2 Mar 12:00 – Tue 3 Mar 10:00" in page and "Paused: requester" in page
    assert "Counted 7:00:00 of 18:00:00, 11:00:00 to spare. Pauses kept 7:00:00 of working time out." in page
    assert "The target is 18:00:00, of which 7:00:00 were used before; that leaves 11:00:00." in page
    assert "Network (level 2)" in page and "Service-Desk (level 1), Agent" in page


def test_the_requester_reads_the_same_without_names(office, lived, browser_of):
    page = words(browser_of(office.aigul).get(f"/tickets/{lived}/promise").text)
    assert "We promised to solve it within 18 hr of working time, counted from 2 Mar 2026, 10:00." in page
    assert "Solved at 3 Mar 2026, 15:00, in time: it was due 4 Mar 2026, 17:00." in page
    assert "Your request was opened again at 4 Mar 2026, 10:00." in page and "within 11 hr of working time" in page
    assert "Paused: requester" in page and "Working hours, over several days" in page
    inside = page[page.index("<main"):page.index("</main>")]
    assert not re.search("standard|Network|Service-Desk|Agent|level|Policy|rule", inside)


def test_the_levels_own_targets_are_not_for_the_requester(office, browser_of):
    inner = policy("inner", office.calendar, {one: TARGETS[one] | EVERYTHING for one in TARGETS})
    actions.set_rules([rule(inner)], None, at("2026-01-01 00:00"))
    ticket = factories.ticket(office.aigul, office.printer)
    number = ticket.number
    assert "Pick-up, level 1" in browser_of(office.agent).get(f"/tickets/{number}/clocks").text
    page = browser_of(office.aigul).get(f"/tickets/{number}/promise").text
    assert "The solution" in page and "Pick-up" not in page and "Hand-over" not in page


def test_as_data_every_second_is_there(office, lived, browser_of):
    told = browser_of(office.agent).get(f"/tickets/{lived}/clocks?format=json").json
    assert told["ticket"] == lived and [clock["target"] for clock in told["clocks"]] == [
        "resolution", "first_response", "resolution"], "what still runs comes first"
    for clock in told["clocks"]:
        assert sum(segment["counted_seconds"] for segment in clock["segments"]) == clock["used_seconds"]
        assert clock["left_seconds"] == clock["allowed_seconds"] - clock["used_seconds"]
    ended = told["clocks"][-1]
    assert (ended["state"], ended["used_seconds"], ended["paused_seconds"]) == ("met", 7 * HOUR, 7 * HOUR)
    assert ended["started_at"] == "2026-03-02T04:00:00+00:00" and ended["choice"]["facts"]["priority"] == "P3"
    assert [rule["state"] for rule in ended["choice"]["rules"]] == ["chosen"]
    assert told["clocks"][0]["choice"]["used_before_seconds"] == 7 * HOUR


def test_as_text_it_can_be_copied(office, lived, browser_of):
    answer = browser_of(office.agent).get(f"/tickets/{lived}/clocks?format=text")
    assert answer.mimetype == "text/plain"
    assert "  Mon 2 Mar 12:00 – Tue 3 Mar 10:00 | 22:00:00 | 0:00:00 | Paused: requester | Pending · " in answer.text
    assert "  - standard: Chosen: all of its conditions hold. It promises 18:00:00.\n" in answer.text


def test_the_page_says_what_lies_before_the_deadline(desk, office):
    from app.sla import telling

    ticket = factories.ticket(office.aigul, office.printer, at=at("2026-08-28 17:00"))
    with desk.test_request_context():
        account = story.account(ticket, at("2026-08-28 17:30"))
        first = account.stories[0]
        assert telling.outlook(first, account) == (
            "It is due 1 Sep 2026, 10:00: 1:30:00 of working time is left. "
            "Nothing counts until Tue 1 Sep 09:00 (Independence Day).")


def test_a_rule_that_did_not_choose_says_why_in_words(office, browser_of):
    urgent = policy("urgent", office.calendar)
    actions.set_rules([rule(urgent, priority=["P1", "P2"], request_type_id=[office.printer.id]), rule(office.policy)],
                      None, at("2026-01-01 00:00"))
    number = factories.ticket(office.aigul, office.printer).number
    page = words(browser_of(office.agent).get(f"/tickets/{number}/clocks").text)
    assert "Priority: P3. The rule asks for P1, P2." in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_can_be_read(office, lived, browser_of, language):
    office.agent.language = office.aigul.language = language
    db.session.commit()
    assert browser_of(office.agent).get(f"/tickets/{lived}/clocks").status_code == 200
    assert browser_of(office.agent).get(f"/tickets/{lived}/clocks?format=text").status_code == 200
    assert browser_of(office.aigul).get(f"/tickets/{lived}/promise").status_code == 200


def test_a_ticket_without_a_promise(office, browser_of):
    actions.set_rules([rule(office.policy, priority=["P1"])], None, at("2026-01-01 00:00"))
    number = factories.ticket(office.aigul, office.printer).number
    assert "Nothing is promised here" in browser_of(office.agent).get(f"/tickets/{number}/clocks").text
    assert "Nothing is promised here" in browser_of(office.aigul).get(f"/tickets/{number}/promise").text


def test_a_long_life_costs_no_more_queries(office, lived, statements):
    counts = []
    for rounds in (0, 20):
        ticket = db.session.get(Ticket, lived)
        for _round in range(rounds):
            ticket.take(office.agent)
            ticket.hold(office.waiting, office.agent)
            ticket.receive("Tried", office.aigul)
            ticket.assign(None, office.lead)
        db.session.commit()
        counts.append(statements(lambda: story.account(db.session.get(Ticket, lived), at("2026-03-05 10:00"))))
    assert counts[0] == counts[1] <= 16


def test_many_stretches_are_told_together_unless_each_is_asked_for(office, browser_of):
    number = factories.ticket(office.aigul, office.printer, at=at("2026-03-02 10:00")).number
    browser = browser_of(office.agent)
    short, long = (browser.get(f"/tickets/{number}/clocks{query}").text for query in ("", "?stretches=all"))
    assert "<td>Working hours, over several days</td>" in short
    assert "<td>Working hours, over several days</td>" not in long
    assert long.count("<tr") > short.count("<tr") + 100


def test_the_picture_is_as_long_as_its_segments(office, ticket):
    ticket.take(office.agent, at("2026-03-02 10:01"))
    [clock] = [clock for clock in clocks_of(ticket.id) if clock.target == "resolution"]
    told = explain(clock, spans_of(ticket.id), hours_of(clock.calendar_version_id), at("2026-03-03 10:00"))
    drawn = strip(told.segments, told.ahead)
    assert [bar.kind for bar in drawn.bars] == ["counted", "counted", "idle", "counted", "ahead", "idle", "ahead"]
    assert drawn.bars[0].width >= 0.5, "a minute can be seen"
    assert drawn.bars[-1].x + drawn.bars[-1].width == pytest.approx(100)
    assert drawn.now == pytest.approx(drawn.bars[4].x)


@pytest.mark.parametrize(("seconds", "text"), [(0, "0:00:00"), (97509, "27:05:09"), (-61, "-0:01:01")])
def test_a_length_to_the_second(seconds, text):
    assert exact(seconds) == text
