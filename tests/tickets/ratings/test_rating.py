"""Rating by link and on the page: looking rates nothing, a low score reaches the lead, once."""

from datetime import timedelta

import pytest

from app.core import clock
from app.core.db import db
from app.core.errors import Conflict, NotFound
from app.core.events import events_of
from app.notifications.models import Notification
from app.tickets.ratings import actions, links, queries
from tests import people

from .conftest import LATER

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def _now(monkeypatch):
    """The pages are opened an hour after the question was put."""
    monkeypatch.setattr(clock, "now", lambda: LATER + timedelta(hours=1))


def address(asked, score=""):
    return f"/rate/{links.token_of(asked.rating().id)}{score}"


def kinds(asked):
    return [event.kind for event in events_of("ticket", asked.number)]


def test_a_scanner_that_opens_every_link_rates_nothing(asked, client):
    for score in ("", "?score=1", "?score=5", "?score=6", "?score=x"):
        assert client.get(address(asked, score)).status_code == 200
        assert client.head(address(asked, score)).status_code == 200
    assert asked.rating().score is None
    assert "ticket.rated" not in kinds(asked)


def test_nothing_is_chosen_beforehand_but_what_was_clicked(asked, client, browser_of):
    assert " checked" not in client.get(address(asked)).text
    assert client.get(address(asked, "?score=4")).text.count(" checked") == 1
    assert " checked" not in browser_of(asked.small.aigul).get(f"/tickets/{asked.number}").text


def test_by_link_without_signing_in(asked, client):
    answer = client.post(address(asked), data={"score": "4", "comment": "Quick!"})
    assert "You said: Good." in answer.text
    rating = asked.rating()
    assert (rating.score, rating.comment, rating.given_by, rating.is_low) == (4, "Quick!", "mail", False)
    [event] = [event for event in events_of("ticket", asked.number) if event.kind == "ticket.rated"]
    assert (event.actor_id, event.data["score"]) == (asked.small.aigul.id, 4)


def test_the_page_behind_the_link_speaks_the_language_of_the_mail(asked, client):
    asked.small.aigul.language = "ky"
    db.session.commit()
    assert '<html lang="ky"' in client.get(address(asked)).text
    assert '<html lang="ky"' in client.post(address(asked), data={"score": "4"}).text
    assert '<html lang="ky"' in client.post(address(asked), data={"score": "9"}).text


def test_a_link_tells_the_number_only(asked, client):
    page = client.get(address(asked)).text
    assert str(asked.number) in page
    assert "Printer" not in page and "does not print" not in page


@pytest.mark.parametrize("change", [lambda t: t[:-1] + ("0" if t[-1] != "0" else "1"), lambda t: "9" + t,
                                    lambda t: t.partition(".")[0], lambda t: t.upper() + "A", lambda t: "x" * 3000])
def test_a_link_that_we_did_not_sign_is_not_there(asked, client, change):
    wrong = change(links.token_of(asked.rating().id))
    assert client.get(f"/rate/{wrong}").status_code == 404
    assert client.post(f"/rate/{wrong}", data={"score": "5"}).status_code == 404
    assert asked.rating().score is None


def test_without_a_choice_nothing_is_stored_and_the_comment_survives(asked, client):
    answer = client.post(address(asked), data={"comment": "words that must not be lost"})
    assert answer.status_code == 400
    assert "words that must not be lost" in answer.text
    assert client.post(address(asked), data={"score": "6"}).status_code == 400
    assert asked.rating().score is None


def test_after_it_ran_out(asked, client, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: LATER + timedelta(days=15))
    assert client.get(address(asked)).status_code == 410
    assert client.post(address(asked), data={"score": "5"}).status_code == 410
    assert asked.rating().score is None


def test_on_the_page_only_by_who_asked(asked, browser_of):
    small = asked.small
    for other in (small.agent, small.bakyt, asked.lead):
        assert browser_of(other).post(f"/tickets/{asked.number}/rating", data={"score": "5"}).status_code in (403, 404)
    assert asked.rating().score is None
    assert browser_of(small.aigul).post(f"/tickets/{asked.number}/rating", data={"score": "5"}).status_code == 303
    assert (asked.rating().score, asked.rating().given_by) == (5, "portal")
    assert "Very good" in browser_of(small.agent).get(f"/tickets/{asked.number}").text


def test_a_low_score_tells_the_lead_once_and_stays_until_seen_to(asked, client, browser_of, deliver):
    client.post(address(asked), data={"score": "1", "comment": "Nobody came"})
    client.post(address(asked), data={"score": "2", "comment": "Nobody came for days"})
    deliver(LATER + timedelta(hours=2))
    told = db.session.query(Notification).filter_by(user_id=asked.lead.id, channel="app").all()
    assert [one.event.kind for one in told if one.event.kind.startswith("ticket.rat")] == ["ticket.rated_low"]
    lead = browser_of(asked.lead)
    assert "Nobody came for days" in lead.get("/ratings").text
    follow_up = f"/ratings/{asked.rating().id}/follow-up"
    assert lead.post(follow_up, data={"words": " "}).status_code == 400
    assert lead.post(follow_up, data={"words": "Called her"}).status_code == 303
    assert lead.post(follow_up, data={"words": "Again"}).status_code == 409
    assert (asked.rating().follow_up, queries.low_ones(asked.lead)) == ("Called her", [])


def test_the_page_behind_the_link_shows_nothing_that_was_said_and_loses_nothing(asked, client):
    client.post(address(asked), data={"score": "4", "comment": "only for the desk"})
    assert "only for the desk" not in client.get(address(asked)).text
    client.post(address(asked), data={"score": "5"})
    assert (asked.rating().score, asked.rating().comment) == (5, "only for the desk")


def test_who_thinks_better_of_it_closes_the_follow_up(asked):
    actions.give(asked.rating(), 1, "", "mail", LATER)
    actions.give(asked.rating(), 4, "", "mail", LATER)
    assert not asked.rating().is_low


def test_the_list_is_for_who_answers_for_the_team(asked, browser_of):
    actions.give(asked.rating(), 1, "secret-comment", "mail", LATER)
    small = asked.small
    other_lead = people.user("chief", department=small.office, leads=(small.second,))
    for person in (small.aigul, small.bakyt, small.agent, small.expert):
        assert browser_of(person).get("/ratings").status_code == 404
    assert "secret-comment" not in browser_of(other_lead).get("/ratings").text
    follow_up = f"/ratings/{asked.rating().id}/follow-up"
    assert browser_of(other_lead).post(follow_up, data={"words": "x"}).status_code == 404
    assert "secret-comment" in browser_of(asked.lead).get("/ratings").text


def test_a_low_score_one_gave_oneself_is_not_ones_own_to_see_to(asked):
    actions.give(asked.rating(), 1, "", "mail", LATER)
    asked.ticket().requester_id = asked.lead.id
    db.session.flush()
    with pytest.raises(NotFound):
        queries.to_follow_up(asked.lead, asked.rating().id)


def test_the_response_rate_stands_beside_the_score_and_few_answers_are_no_score(asked, solve, browser_of):
    now = LATER + timedelta(hours=1)
    of_teams = queries.sums(asked.lead, 90, now)
    assert (of_teams[asked.small.first.id].asked, of_teams[asked.small.first.id].response_percent) == (1, 0)
    actions.give(asked.rating(), 5, "", "mail", LATER)
    one = queries.sums(asked.lead, 90, now)[asked.small.first.id]
    assert (one.answered, one.response_percent, one.satisfied_percent) == (1, 100, None)
    page = browser_of(asked.lead).get("/ratings").text
    assert "not enough data" in page and "1 of 1 questions" in page


def test_the_share_of_satisfied():
    some = queries.Sum(20, {1: 1, 2: 0, 3: 1, 4: 2, 5: 4})
    assert (some.answered, some.response_percent, some.satisfied_percent) == (8, 40, 75)


def test_late_answers_are_refused_by_the_verb_too(asked):
    with pytest.raises(Conflict):
        actions.give(asked.rating(), 5, "", "mail", LATER + timedelta(days=14))


def test_the_lead_of_the_team_that_solved_it_is_told_wherever_it_is_now(asked, deliver):
    small, other_lead = asked.small, people.user("chief", department=asked.small.office, leads=(asked.small.second,))
    asked.ticket().reopen(small.aigul, LATER)
    asked.ticket().escalate(small.second, "Beyond us", small.agent, LATER)
    actions.give(asked.rating(), 1, "", "mail", LATER)
    deliver(LATER + timedelta(hours=2))
    told = [one.user_id for one in db.session.query(Notification).filter_by(channel="app")
            if one.event.kind == "ticket.rated_low"]
    assert told == [asked.lead.id]
    assert [len(queries.low_ones(person)) for person in (asked.lead, other_lead)] == [1, 0]
