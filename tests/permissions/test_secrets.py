"""By the side doors: searching, counting, guessing numbers, refused forms. What is not yours is not there."""

import re
from collections import Counter

import pytest
import sqlalchemy as sa

from app.accounts.models import User
from app.core.db import db
from app.kpi.measures import MEASURES
from app.tickets import queues
from app.tickets.models import Attachment, Ticket

from . import table
from .forms import form_of
from .grid import rows
from .identities import AS_STAFF, IDENTITIES
from .plants import secret

pytestmark = pytest.mark.slow

QUEUE_OF = {"agent": "network", "lead": "network", "rival": "accounts", "chief": "accounts", "admin": "network"}
PEOPLE = [who for who in IDENTITIES if who != "anonymous"]
NO_SUCH_NUMBER = 999_999
ROW = "data-row"


def person(door, who: str) -> User:
    return db.session.get(User, door.plants.people[who])


def seen_by(who: str) -> set[str]:
    return {ticket for ticket, letters in table.TICKETS.items() if letters[who] != "."}


def plain(text: str, *numbers: int) -> str:
    """A page without what differs each time, and without the numbers that were asked for."""
    text = re.sub(r'(csrf_token" value|nonce|content)="[^"]*"', "", text.partition("</html>")[0])
    for number in numbers:
        text = re.sub(rf"\b{number}\b", "N", text)
    return text


@pytest.mark.slow
@pytest.mark.parametrize("part", ["q", "tag"])
@pytest.mark.parametrize("who", QUEUE_OF)
def test_a_search_finds_no_word_that_is_not_for_its_reader(door, who, part):
    found = [(endpoint, word) for word in set(door.plants.secrets) - door.known_to(who)
             for endpoint, thing in (("queue_show", QUEUE_OF[who]), ("queue_mine", "-"), ("queue_escalated", "-"))
             if ROW in door.get(who, f"tickets.{endpoint}", thing, **{part: word}).text]
    assert found == []


def test_a_search_finds_what_is_for_its_reader(door):
    assert ROW in door.get("agent", "tickets.queue_show", "network", q=secret("printer", "subject")).text
    assert ROW in door.get("agent", "tickets.queue_show", "network", tag=secret("printer", "tag")).text
    assert ROW in door.get("first", "tickets.queue_escalated", q=secret("printer", "subject")).text


@pytest.mark.parametrize("who", QUEUE_OF)
def test_a_queue_counts_only_what_its_reader_sees(door, who):
    seen = [db.session.get(Ticket, door.plants.tickets[ticket]) for ticket in seen_by(who)]
    there = Counter(ticket.team.slug for ticket in seen if ticket.is_active)
    counted = {queue.team.slug: queue.waiting for queue in queues.desk_of(person(door, who)).queues}
    assert counted == {slug: there[slug] for slug in counted}
    assert door.get(who, "tickets.queue_show", QUEUE_OF[who]).text.count(ROW) == there[QUEUE_OF[who]]


@pytest.mark.parametrize("who", PEOPLE)
def test_a_foreign_ticket_looks_like_none(door, who):
    for ticket in set(table.TICKETS) - seen_by(who):
        number = door.plants.tickets[ticket]
        foreign = door.knock(who, "GET", f"/tickets/{number}")
        none = door.knock(who, "GET", f"/tickets/{NO_SUCH_NUMBER}")
        assert (foreign.status, plain(foreign.text, number)) == (none.status, plain(none.text, NO_SUCH_NUMBER))


@pytest.mark.parametrize(("who", "noun"), [
    *((who, noun) for who in ("agent", "lead", "admin") for noun in ("links", "merge")), ("first", "links")])
def test_a_foreign_number_can_neither_be_linked_nor_merged(door, who, noun):
    """The same words for a ticket of others as for one that does not exist."""
    page = f"/tickets/{door.plants.tickets['printer']}/{noun}"
    none = door.knock(who, "POST", page, {"number": NO_SUCH_NUMBER, "kind": "related"})
    for ticket in set(table.TICKETS) - seen_by(who):
        number = door.plants.tickets[ticket]
        foreign = door.knock(who, "POST", page, {"number": number, "kind": "related"})
        assert foreign.status == none.status == 400
        assert plain(foreign.text, number) == plain(none.text, NO_SUCH_NUMBER)


def test_an_agent_merges_into_no_ticket_where_they_are_the_requester(door):
    answer = door.post("agent", "tickets.merge_create", "printer", number=door.plants.tickets["own"])
    assert answer.status == 400


@pytest.mark.parametrize("who", IDENTITIES)
def test_walking_the_numbers_of_files_finds_one_s_own(door, who):
    """Every file of the desk is planted, so whatever opens has a line in the table."""
    letters = rows(table.FILES.rights)
    mine = {door.plants.things[name]["attachment_id"] for name, right in letters.items() if right[who] not in ".s"}
    last = db.session.scalar(sa.select(sa.func.max(Attachment.id)))
    opened = {n for n in range(1, last + 2) if door.knock(who, "GET", f"/attachments/{n}").status == 200}
    assert opened == mine


@pytest.mark.slow
@pytest.mark.parametrize("who", PEOPLE)
def test_walking_the_topics_hears_one_s_own(door, who):
    plants = door.plants
    names = {number: ticket for ticket, number in plants.tickets.items()}
    heard = {f"{topic}:{names[number]}" for topic in ("ticket", "request") for number in names
             if door.get(who, "live.news_show", topic=f"{topic}:{number}").status == 200}
    assert heard == {f"request:{ticket}" for ticket in seen_by(who)} | {
        f"ticket:{ticket}" for ticket in seen_by(who) if table.TICKETS[ticket][who] in AS_STAFF}
    agents = {name: door.get(who, "live.news_show", topic=f"agent:{plants.people[name]}").status for name in PEOPLE}
    assert [name for name, status in agents.items() if status == 200] == [who]


@pytest.mark.parametrize("topic", ["ticket", "ticket:", "ticket:x", "ticket:99999999999999999999", "user:1", "", ":1"])
def test_a_topic_that_is_none_is_not_there(door, topic):
    assert door.get("admin", "live.news_show", topic=topic).status == 404


def test_one_foreign_topic_among_one_s_own_spoils_all(door):
    own, foreign = (f"request:{door.plants.tickets[name]}" for name in ("printer", "sealed"))
    assert door.get("aigul", "live.news_show", topic=own).status == 200
    assert door.get("aigul", "live.news_show", topic=[own, foreign]).status == 404


@pytest.mark.parametrize("who", ["lead", "chief", "manager", "admin"])
def test_figures_open_only_to_tickets_their_reader_sees(door, who):
    """The number is of all, its rows are one's own: the others are counted, not named."""
    shown = set()
    for measure in MEASURES:
        for team in ("0", *(str(person(door, name).memberships[0].team_id) for name in ("agent", "rival", "first"))):
            answer = door.get(who, "kpi.figure_tickets", measure=measure, team=team)
            assert answer.status == 200
            assert door.told(answer) <= door.known_to(who)
            shown |= door.told(answer) if measure == "filed" and team == "0" else set()
    assert shown == {secret(ticket, "subject") for ticket in seen_by(who)}


@pytest.mark.parametrize("who", ["customer", "aigul", "manager"])
def test_only_agents_find_people(door, who):
    """For whoever is no agent the field of the person is not there, so nobody is found and the request is their own."""
    form = form_of("tickets.ticket_create", door.plants, "-")
    answer = door.post(who, "tickets.ticket_create", **form, person=secret("person", "name"))
    assert answer.status == 303
    unclear = door.post(who, "tickets.ticket_create", **(form | {"subject": ""}), person="person")
    assert unclear.status == 400
    assert not door.told(unclear)


def test_an_agent_finds_people_by_a_part_of_the_name(door):
    form = form_of("tickets.ticket_create:behalf", door.plants, "-") | {"person": "a"}
    assert "dastan@jardam.example" in door.post("agent", "tickets.ticket_create", **form).text


def test_nobody_files_with_fields_of_their_own_making(door):
    """The fields of a form that this person does not get are ignored."""
    form = form_of("tickets.ticket_create", door.plants, "-")
    url, extra = door.url("tickets.ticket_create"), {"requester_id": door.plants.people["admin"], "priority": "P1",
                                                     "impact": "high", "urgency": "high", "channel": "phone"}
    plain, forged = (door.filed("aigul", url, form | more) for more in ({}, extra))
    assert forged == plain
    assert plain["requester_id"] == door.plants.people["aigul"]


def test_who_lost_sight_of_a_ticket_is_no_longer_reminded_of_it(door):
    answer = door.get("bakyt", "notifications.notification_list")
    assert f"/tickets/{door.plants.tickets['quiet']}" not in answer.text


@pytest.mark.parametrize("form", [{}, {"body": "Late", "seen_message_id": "0"}], ids=["empty", "stale"])
@pytest.mark.parametrize("who", PEOPLE)
def test_a_refused_form_tells_no_more_than_the_page(door, who, form):
    groups = (table.STAFF, table.WORKING, table.ANSWERING, table.CANCELLING)
    told = {str(cell): leak for group in groups for cell in group.cells()
            if cell.who == who and cell.letter not in ".sx" and cell.route.endpoint.endswith("_create")
            and (leak := door.told(door.post(who, cell.route.endpoint, cell.thing, **form)) - door.known_to(who))}
    assert told == {}
