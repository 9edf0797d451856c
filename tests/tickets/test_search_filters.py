"""Filters of the search: what each keeps; and nothing that can be typed is an error."""

import random
import string
from datetime import timedelta

import pytest

from app.core import clock
from app.core.db import db
from app.tickets import actions
from app.tickets.models import TicketAccess
from app.tickets.searching import find, language
from tests import factories, people

pytestmark = pytest.mark.slow


@pytest.fixture
def mixed(small):
    """Four tickets of the service desk, each with something of its own; a fifth went to the network."""
    made = [factories.ticket(small.aigul, small.printer, f"Printer {n}") for n in range(4)]
    made.append(factories.ticket(small.bakyt, small.printer, "Printer 4", channel="phone"))
    made[0].take(small.agent)
    actions.change_urgency(made[1], "high", "high", small.agent)
    made[1].request_type = factories.request_type("scanner", small.first)
    made[1].kind = "question"
    actions.tag(made[2], "vpn", small.agent)
    made[2].set_due(clock.now() + timedelta(hours=1))
    made[3].set_due(clock.now() - timedelta(hours=1))
    made[3].filed_at -= timedelta(days=10)
    made[3].updated_at -= timedelta(days=9)
    made[4].escalate(small.second, "Cable", small.agent)
    db.session.commit()
    return made


def kept(mixed, person, text: str) -> set[int]:
    page = find.find(language.read(text), person, clock.now()).page
    return {n for n, ticket in enumerate(mixed) if ticket.id in {row.id for row in page.rows}}


EVERYTHING = {0, 1, 2, 3, 4}
KEPT = [
    ("is:open", {0, 4}), ("is:new", {1, 2, 3}), ("is:active", EVERYTHING), ("is:ended", set()), ("is:mine", {0}),
    ("is:unassigned", {1, 2, 3, 4}), ("is:overdue", {3}), ("is:escalated", {4}), ("is:confidential", set()),
    ("is:closed", set()), ("-is:open", {1, 2, 3}), ("IS:OPEN", {0, 4}), ("статус:open", {0, 4}),
    ("team:network", {4}), ("team:net", {4}), ('team:"service-desk"', {0, 1, 2, 3}), ("группа:network", {4}),
    ("-team:network", {0, 1, 2, 3}), ("from:aigul", {0, 1, 2, 3}), ("from:AIG", {0, 1, 2, 3}),
    ("from:bakyt@jardam.example", {4}), ("from:me", set()), ("from:nobodyatall", set()), ("кимден:bakyt", {4}),
    ("assignee:agent", {0}), ("assignee:me", {0}), ("assignee:none", {1, 2, 3, 4}), ("-assignee:agent", {1, 2, 3, 4}),
    ("tag:vpn", {2}), ("tag:VPN", {2}), ("-tag:vpn", {0, 1, 3, 4}), ("type:scanner", {1}), ("kind:question", {1}),
    ("priority:P1", {1}), ("priority:1", {1}), ("channel:phone", {4}), ("level:2", {4}), ("level:1", {0, 1, 2, 3}),
    ("due:<2h", {2, 3}), ("due:<1min", {3}), ("due:>30min", {2}), ("due:<2h -is:overdue", {2}),
    ("filed:<7d", {0, 1, 2, 4}), ("filed:>7d", {3}), ("updated:>7d", {3}), ("department:office", EVERYTHING),
    ("department:warehouse", EVERYTHING),
    ("is:open team:network", {4}), ("printer is:mine", {0}), ("elephant is:mine", set()),
]


@pytest.mark.parametrize(("text", "numbers"), KEPT)
def test_a_filter_keeps(mixed, small, text, numbers):
    assert kept(mixed, small.agent, text) == numbers


@pytest.mark.parametrize("text", ["is:nonsense", "due:soon", "filed:", "level:x", "team:nowhere", "type:nothing",
                                  "tag:", "priority:P9", "kind:kind", "channel:pigeon", "is:", 'from:""', "priority:"])
def test_what_was_not_understood_is_named_and_the_rest_is_searched(mixed, small, browser_of, text):
    page = browser_of(small.agent).get("/tickets/search", query_string={"q": f"{text} is:mine"})
    assert page.status_code == 200
    assert page.text.count("data-row") == 1
    assert 'class="notice info"' in page.text


def test_an_unknown_filter_is_named(mixed, small, browser_of):
    page = browser_of(small.agent).get("/tickets/search?q=colour:red printer").text
    assert "no filter “colour:”" in page


def test_what_is_not_there_is_no_news_for_who_does_not_work_here(mixed, small, browser_of):
    """Whether a team, a type or a person exists is not said to requesters."""
    aigul = browser_of(small.aigul)
    for key in ("team", "type", "department", "from", "assignee"):
        assert "notice" not in aigul.get("/tickets/search", query_string={"q": f"{key}:elephant"}).text


def test_a_requester_finds_people_by_name_alone(mixed, small):
    assert kept(mixed, small.aigul, "from:aigul") == {0, 1, 2, 3}
    assert kept(mixed, small.aigul, "from:aigul@jardam") == set()
    assert kept(mixed, small.aigul, "tag:vpn") == kept(mixed, small.aigul, "priority:P1") == set()


def test_the_search_and_the_queue_mean_the_same(mixed, small, browser_of):
    agent = browser_of(small.agent)
    pairs = (({"tag": "vpn"}, "tag:vpn"), ({"assignee": "me"}, "is:mine"), ({"type": "scanner"}, "type:scanner"))
    for queue, text in pairs:
        listed = agent.get("/queues/service-desk", query_string=queue).text.count("data-row")
        assert agent.get("/tickets/search", query_string={"q": text}).text.count("data-row") == listed == 1


PIECES = [
    *"\"'-:()*^{}+%\\;<>&|!«»“ \n\t\0\ud800", "NEAR", "AND", "OR", "NOT", "public:", "is:", "team:", "due:<",
    "filed:>", "--", "<->", ":*", "😀", "ж", "о̆", "١٢", "printer", "from:", "level:", "priority:p", "tag:", "9" * 25,
    "#1", "-is:open", "a*", "а*", "ß", "İ", "\u200d", "x" * 400, "is:open,", "🇰🇬", "assignee:none", "department:", '-"',
    "-:", "::", "updated:0000-00-00", "filed:<99999w", "due:>99999w",
]


def nonsense(seed: int) -> str:
    chance = random.Random(seed)
    pieces = [*PIECES, *(chance.choice(string.printable) for _ in range(20))]
    return chance.choice(["", " "]).join(chance.choice(pieces) for _ in range(chance.randint(1, 25)))


def test_nothing_that_can_be_typed_is_an_error(mixed, small):
    for seed in range(400):
        text = nonsense(seed)
        for person in (small.agent, small.aigul):
            try:
                find.find(language.read(text), person, clock.now())
            except Exception as error:
                raise AssertionError(f"{seed} {text!r}") from error


@pytest.mark.parametrize("page", ["/tickets/search", "/search"])
@pytest.mark.parametrize("text", ["", " ", '"', "*", "а*", "-", ":", "'); DROP TABLE tickets; --", "x" * 5000,
                                  "😀", "a " * 500, "is:open OR 1=1", '" OR ""="', "%00", "\x00",
                                  "public : secret", "the of"])
def test_the_pages_answer_anything(mixed, small, browser_of, page, text):
    assert browser_of(small.agent).get(page, query_string={"q": text}).status_code == 200


def test_a_query_language_of_the_database_is_only_words(mixed, small):
    hidden = mixed[0].note("hidden1", small.agent)
    assert hidden.is_note
    for text in ("internal:hidden1", 'internal : "hidden1"', "{internal}:hidden1", "hidden1 OR printer",
                 "x') OR hidden1", '"hidden1', "hidden1*", "NEAR(hidden1)"):
        assert kept(mixed, small.aigul, text) <= {0, 1, 2, 3}
        page = find.find(language.read(text.replace("printer", "")), small.aigul, clock.now()).page
        assert page.rows == []


def test_who_is_named_on_a_confidential_ticket_finds_it_by_its_state(mixed, small):
    kind = factories.request_type("complaint", small.first, is_confidential=True)
    secret = factories.ticket(small.aigul, kind, "Salary")
    secret.accesses[:] = [TicketAccess(user_id=small.expert.id)]
    db.session.commit()
    admin = people.user("admin", administrator=True)
    for person, seen in ((small.expert, 1), (small.aigul, 1), (small.agent, 0), (admin, 0)):
        assert len(find.find(language.read("is:confidential"), person, clock.now()).page.rows) == seen
