"""Troubles announced to everybody: by whom, to whom, "me too", and the end; and nothing of the ticket behind."""

import re

import pytest
import sqlalchemy as sa

from app.core import clock
from app.core.db import db
from app.core.errors import Invalid
from app.core.events import Event
from app.tickets import actions
from app.tickets.asking import known
from app.tickets.models import Affected, KnownIssue, Ticket
from tests import factories, people

pytestmark = pytest.mark.slow
PLANTED = "Plantedword"
TOLD = known.Told({"en": "Torrents are slow", "ru": "Медленная сеть"}, {"en": "We exchange a switch."})


@pytest.fixture
def outage(kinds):
    ticket = factories.ticket(kinds.aigul, kinds.printer, subject=f"{PLANTED} torrents", body=f"{PLANTED} of Aigul")
    db.session.commit()
    return ticket


@pytest.fixture
def issue(kinds, outage):
    made = known.announce(outage, TOLD, kinds.agent, clock.now())
    db.session.commit()
    return made


def announced(browser, ticket, **form):
    return browser.post(f"/tickets/{ticket.id}/announcement", data={"titles_en": "Torrents are slow", **form})


def test_staff_announces_and_everybody_reads_it_on_the_start_page(kinds, outage, browser_of):
    agent = browser_of(kinds.agent)
    assert "/announcement" in agent.get(f"/tickets/{outage.id}").text
    assert agent.get(f"/tickets/{outage.id}/announcement").status_code == 200
    assert announced(agent, outage, texts_en="<b>We</b> work", expected="2030-01-02").status_code == 303
    page = browser_of(kinds.bakyt).get("/").text
    assert "Torrents are slow" in page and "&lt;b&gt;We&lt;/b&gt; work" in page and "2030" in page
    assert PLANTED not in page and "Aigul" not in page and f"/tickets/{outage.id}" not in page


def test_without_a_word_it_is_not_announced(kinds, outage, browser_of):
    answer = announced(browser_of(kinds.agent), outage, titles_en=" ", texts_en="Remember me")
    assert answer.status_code == 400 and "at least one language" in answer.text and "Remember me" in answer.text
    assert db.session.scalars(sa.select(KnownIssue)).all() == []


def test_saying_it_better_keeps_those_who_have_it(kinds, outage, issue, browser_of):
    known.join(issue, kinds.bakyt, clock.now())
    db.session.commit()
    page = browser_of(kinds.agent).get(f"/tickets/{outage.id}/announcement").text
    assert 'value="Torrents are slow"' in page and "We exchange a switch." in page
    announced(browser_of(kinds.agent), outage, titles_en="The network is slow")
    [only] = db.session.scalars(sa.select(KnownIssue))
    assert (only.title, known.count(only)) == ("The network is slow", 1)


def test_who_only_asks_announces_nothing(kinds, outage, browser_of):
    assert announced(browser_of(kinds.aigul), outage).status_code == 403
    assert announced(browser_of(kinds.bakyt), outage).status_code == 404
    assert announced(browser_of(kinds.expert), outage).status_code == 404


def test_what_is_confidential_is_never_announced(kinds, browser_of):
    ticket = factories.ticket(kinds.aigul, kinds.complaint)
    db.session.commit()
    assert announced(browser_of(kinds.agent), ticket).status_code == 403
    with pytest.raises(Invalid):
        known.announce(ticket, TOLD, kinds.agent, clock.now())


def test_what_becomes_confidential_is_no_longer_shown(kinds, outage, issue, browser_of):
    facts = {"impact": "low", "urgency": "low", "request_type_id": kinds.complaint.id}
    actions.correct(outage, facts, kinds.agent)
    db.session.commit()
    bakyt = browser_of(kinds.bakyt)
    assert "Torrents are slow" not in bakyt.get("/").text
    assert bakyt.post(f"/known-issues/{issue.id}/affected").status_code == 404


def test_customers_read_only_what_is_meant_for_them(kinds, outage, issue, browser_of):
    customer = browser_of(people.user("customer", customer=True))
    assert "Torrents are slow" not in customer.get("/").text
    assert customer.post(f"/known-issues/{issue.id}/affected").status_code == 404
    announced(browser_of(kinds.agent), outage, is_for_customers="y")
    assert "Torrents are slow" in customer.get("/").text


def test_me_too_files_nothing_shows_nothing_more_and_counts_once(kinds, outage, issue, browser_of):
    bakyt = browser_of(kinds.bakyt)
    for _click in range(2):
        assert bakyt.post(f"/known-issues/{issue.id}/affected").status_code == 303
    assert db.session.scalars(sa.select(Affected.user_id)).all() == [kinds.bakyt.id]
    assert db.session.scalar(sa.select(sa.func.count(Ticket.id))) == 1
    assert bakyt.get(f"/tickets/{outage.id}").status_code == 404
    page = bakyt.get("/").text
    assert "You have it too" in page and f"/known-issues/{issue.id}/affected/removal" in page
    bakyt.post(f"/known-issues/{issue.id}/affected/removal")
    assert known.count(issue) == 0


def test_agents_see_how_many_have_it(kinds, outage, issue, browser_of):
    agent = browser_of(kinds.agent)
    assert "Nobody has said" in agent.get(f"/tickets/{outage.id}").text
    for n in range(known.MANY):
        known.join(issue, people.user(f"someone{n}"), clock.now())
    db.session.commit()
    page = agent.get(f"/tickets/{outage.id}").text
    assert f"{known.MANY} people are affected" in page and "is the impact set high enough" in page
    assert "people are affected" not in browser_of(kinds.aigul).get(f"/tickets/{outage.id}").text


@pytest.mark.parametrize("way", ["resolve", "end", "cancel", "merge"])
def test_the_end_of_the_ticket_is_the_end_of_the_announcement(kinds, outage, issue, browser_of, way):
    known.join(issue, kinds.bakyt, clock.now())
    db.session.commit()
    agent = browser_of(kinds.agent)
    if way == "resolve":
        agent.post(f"/tickets/{outage.id}/resolution")
    elif way == "end":
        agent.post(f"/tickets/{outage.id}/announcement/removal")
    elif way == "cancel":
        agent.post(f"/tickets/{outage.id}/cancellation", data={"reason": "x"})
    else:
        original = factories.ticket(kinds.aigul, kinds.printer)
        actions.merge(outage, original, kinds.agent)
        db.session.commit()
    db.session.refresh(issue)
    assert issue.ended_at is not None
    assert db.session.scalar(sa.select(sa.func.count()).where(Event.kind == "known_issue.ended")) == 1
    assert "This is over since" in browser_of(kinds.bakyt).get("/").text
    assert "Torrents are slow" not in browser_of(kinds.rival).get("/").text


def test_it_is_suggested_to_who_types_its_words(kinds, outage, issue, browser_of):
    bakyt = browser_of(kinds.bakyt)

    def suggested(words: str) -> str:
        return bakyt.get("/tickets/suggestions", query_string={"q": words}).text

    assert f'formaction="/known-issues/{issue.id}/affected"' in suggested("My torrent")
    assert all("Torrents are slow" in suggested(words) for words in ("сеть медленная", "exchange the switch"))
    assert "Torrents are slow" not in suggested("Paper for the copier")
    for words in (PLANTED, f"{PLANTED} torrents", "Aigul"):
        page = suggested(words)
        assert f"{PLANTED} torrents" not in page and "of Aigul" not in page and f"/tickets/{outage.id}" not in page


def test_own_requests_under_way_are_suggested_and_nobody_elses(kinds, outage, browser_of):
    ended = factories.ticket(kinds.aigul, kinds.printer, subject=f"{PLANTED} ended")
    ended.resolve(kinds.agent)
    db.session.commit()
    own = browser_of(kinds.aigul).get("/tickets/suggestions", query_string={"q": f"{PLANTED} torrents again"}).text
    assert "You asked about this already" in own and re.findall(r'href="/tickets/(\d+)"', own) == [str(outage.id)]
    for person in (kinds.bakyt, kinds.agent, kinds.expert):
        other = browser_of(person).get("/tickets/suggestions", query_string={"q": f"{PLANTED} torrents again"}).text
        assert PLANTED not in other and "/tickets/" not in other


def test_the_start_page_costs_the_same_with_many_announcements(kinds, issue, browser_of, statements):
    bakyt = browser_of(kinds.bakyt)

    def cost() -> int:
        with statements() as said:
            assert bakyt.get("/").status_code == 200
        return len(said)

    few = cost()
    for n in range(4):
        known.announce(factories.ticket(kinds.aigul, kinds.printer, subject=str(n)), TOLD, kinds.agent, clock.now())
    db.session.commit()
    assert cost() == few
