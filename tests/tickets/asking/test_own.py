"""A person's own requests in plain words: what waits for them, what is done about it, found by their words."""

import pytest

from app.core import clock
from app.core.db import db
from tests import factories

pytestmark = pytest.mark.slow


@pytest.fixture
def three(small):
    """One under way, one that waits for its requester, one that ended; and somebody else's."""
    made = [factories.ticket(small.aigul, small.printer, subject=f"{word} matter")
            for word in ("Open", "Held", "Ended")]
    made[1].hold(small.waiting, small.agent)
    made[2].cancel("", small.agent)
    factories.ticket(small.bakyt, small.printer, subject="Foreign matter")
    db.session.commit()
    return made


def listed(page: str) -> set[str]:
    return {word for word in ("Open", "Held", "Ended", "Foreign") if f"{word} matter" in page}


def test_each_state_has_its_page(small, three, browser_of):
    aigul = browser_of(small.aigul)
    page = aigul.get("/tickets").text
    assert listed(page) == {"Open", "Held"} and "One request waits for your answer" in page
    assert listed(aigul.get("/tickets?state=waiting").text) == {"Held"}
    assert listed(aigul.get("/tickets?state=ended").text) == {"Ended"}
    assert listed(aigul.get("/tickets?state=nonsense").text) == {"Open", "Held"}
    assert "waits for your answer" not in browser_of(small.bakyt).get("/tickets").text


def test_what_waits_comes_first_at_home(small, three, browser_of):
    factories.ticket(small.aigul, small.printer, subject="Newest matter")
    db.session.commit()
    page = browser_of(small.aigul).get("/").text
    assert page.index("Held matter") < page.index("Newest matter")


def test_own_requests_are_searched_in_all_their_states(small, three, browser_of):
    three[0].reply("Look under the carpet", small.agent)
    three[0].note("Whisper about the carpet", small.agent)
    db.session.commit()
    aigul = browser_of(small.aigul)
    assert listed(aigul.get("/tickets?q=matter").text) == {"Open", "Held", "Ended"}
    assert listed(aigul.get("/tickets?q=carpets").text) == {"Open"}
    assert listed(aigul.get(f"/tickets?q={three[2].id}").text) == {"Ended"}
    for words in ("whisper", "foreign", "-", "99999999999999999999", '"', "from:bakyt"):
        assert listed(aigul.get("/tickets", query_string={"q": words}).text) == set(), words


def test_the_page_says_what_happens_now_and_who_does_it(small, three, browser_of):
    aigul, number = browser_of(small.aigul), three[0].id
    assert "It waits for the first free person of “Service-Desk”" in aigul.get(f"/tickets/{number}").text
    three[0].take(small.agent)
    db.session.commit()
    assert "Agent of “Service-Desk” works on it." in aigul.get(f"/tickets/{number}").text
    waiting = aigul.get(f"/tickets/{three[1].id}").text
    assert "We wait for your answer" in waiting and 'href="#reply-body"' in waiting
    three[0].resolve(small.agent)
    db.session.commit()
    solved = aigul.get(f"/tickets/{number}").text
    assert "We think that it is solved" in solved and "/confirmation" in solved and "/reopening" in solved
    assert "Nobody works on it" in aigul.get(f"/tickets/{three[2].id}").text


def test_a_watcher_is_not_asked_for_an_answer(small, three, browser_of):
    from app.tickets import actions

    actions.watch(three[1], small.bakyt, small.agent, clock.now())
    db.session.commit()
    page = browser_of(small.bakyt).get(f"/tickets/{three[1].id}").text
    assert "We wait for your answer" not in page and "/confirmation" not in page


def test_yes_it_works_ends_it_and_no_opens_it_again(small, three, browser_of):
    aigul = browser_of(small.aigul)
    for ticket in three[:2]:
        ticket.resolve(small.agent)
    db.session.commit()
    assert aigul.post(f"/tickets/{three[0].id}/confirmation").status_code == 303
    assert aigul.post(f"/tickets/{three[1].id}/reopening").status_code == 303
    db.session.expire_all()
    assert (three[0].status, three[1].status) == ("closed", "open")
    assert aigul.post(f"/tickets/{three[0].id}/confirmation").status_code == 303, "a double click is harmless"
    assert aigul.post(f"/tickets/{three[1].id}/confirmation").status_code == 409
    assert browser_of(small.agent).post(f"/tickets/{three[1].id}/confirmation").status_code == 403
    assert browser_of(small.bakyt).post(f"/tickets/{three[1].id}/confirmation").status_code == 404


def test_the_list_costs_the_same_however_long_it_is(small, three, browser_of, statements):
    aigul = browser_of(small.aigul)

    def cost() -> int:
        with statements() as said:
            aigul.get("/tickets")
        return len(said)

    few = cost()
    for _ in range(20):
        factories.ticket(small.aigul, small.printer).hold(small.waiting, small.agent)
    db.session.commit()
    assert cost() == few <= 14
