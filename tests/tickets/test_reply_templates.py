"""Reply templates: whose they are, what is put into them, and how they are kept."""

import re

import pytest
from flask import current_app
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core import clock
from app.core.db import db
from app.core.errors import Conflict, NotFound
from app.core.events import Event
from app.tickets.templating import actions, placeholders, queries
from app.tickets.templating.models import ReplyTemplate
from app.tickets.templating.placeholders import HOLE, PLACEHOLDERS, Case
from tests import factories, people
from tests.experiments.forms import fields

FORM = {"keyword": "pw", "names_en": "Password", "bodies_en": "Hello {requester.first_name}", "position": "10",
        "is_active": "y", "reach": "own", "seen": "44136fa355b3678a1146ad16f7e8649e"}


def template(keyword: str, *, owner=None, team=None, **bodies: str) -> ReplyTemplate:
    made = ReplyTemplate(keyword=keyword, names={"en": keyword.title()}, bodies=bodies or {"en": "Words"},
                         owner_id=owner.id if owner else None, team_id=team.id if team else None)
    db.session.add(made)
    db.session.flush()
    return made


@pytest.fixture
def ticket(small):
    return factories.ticket(small.aigul, small.printer, subject="Printer *3* [x](http://evil)")


def keywords(person, ticket, words=""):
    return [one.keyword for one in queries.offered(person, ReplyTemplate, ticket, words)]


def test_a_personal_one_is_nobody_elses(small, ticket):
    template("mine", owner=small.agent)
    theirs, admin = template("theirs", owner=small.rival), people.user("boss", administrator=True)
    assert keywords(small.agent, ticket) == ["mine"]
    for stranger in (small.agent, admin):
        with pytest.raises(NotFound):
            queries.reply_template(stranger, theirs.id)
        assert theirs not in queries.all_of(stranger, ReplyTemplate)


def test_a_teams_is_its_members_and_the_desks_everybodys(small, ticket):
    template("first", team=small.first)
    template("second", team=small.second)
    template("desk")
    assert keywords(small.agent, ticket) == ["first", "desk"]
    assert keywords(small.expert, ticket) == ["second", "desk"]


def test_what_fits_another_request_type_is_not_offered(small, ticket):
    template("other").request_types = ["network"]
    template("same").request_types = ["printer"]
    assert keywords(small.agent, ticket) == ["same"]


@pytest.mark.parametrize("words", ["pw", "зц", "PW", "Pw"])
def test_the_keyword_itself_comes_first_in_either_layout(small, ticket, words):
    template("pwnew").used_count = 50
    template("pw")
    assert keywords(small.agent, ticket, words)[0] == "pw"


def test_what_is_used_more_comes_first_and_what_does_not_meet_not_at_all(small, ticket):
    rare, often = template("wait-a"), template("wait-b")
    actions.used(often, clock.now())
    db.session.refresh(often)
    assert keywords(small.agent, ticket, "wait") == ["wait-b", "wait-a"]
    assert keywords(small.agent, ticket, "ait-a") == [rare.keyword]
    assert often.used_count == 1 and often.last_used_at is not None


def test_values_are_plain_text_and_what_has_none_leaves_a_hole(small, ticket):
    case = Case(ticket, small.agent, clock.now(), "ru")
    said = placeholders.filled("{ticket.number} {ticket.subject} {requester.first_name} {promise} {ticket.link}", case)
    assert said == (rf"#{ticket.number} Printer \*3\* \[x\](http://evil) {small.aigul.name.split()[0]} {HOLE} "
                    f"{current_app.config['BASE_URL']}/tickets/{ticket.number}")


def test_a_value_is_not_looked_at_again(small, ticket):
    ticket.subject = "{agent.name} {{ 7 + 7 }}"
    assert placeholders.filled("{ticket.subject}", Case(ticket, small.agent, clock.now(), "en")) == ticket.subject


@settings(max_examples=200, deadline=None)
@given(st.text(st.sampled_from("{}%#[] ab7*_.\n" + "agent.name"), max_size=60))
def test_nothing_that_is_stored_is_carried_out(text):
    """Whatever is written comes out as it is but for the names of the list, and what is unknown is said to be so."""
    said = placeholders.exampled(text)
    unknown = placeholders.unknown(text)
    assert not set(unknown) & set(PLACEHOLDERS)
    if not unknown and not any("{" + name + "}" in text for name in PLACEHOLDERS):
        assert said == text
    assert "49" not in said


@pytest.mark.parametrize("body", ["{{ 7*7 }}", "{% raw %}", "Hello {requester.nam}", "{config}"])
def test_an_unknown_placeholder_is_refused_and_what_was_typed_stays(small, browser_of, body):
    answer = browser_of(small.agent).post("/reply-templates/new", data=FORM | {"bodies_en": body})
    assert answer.status_code == 400
    assert db.session.query(ReplyTemplate).count() == 0
    assert "There is no placeholder {" in answer.text
    assert str(body.replace("{{", "{{")) in answer.text.replace("&#39;", "'")


def test_it_is_kept_for_oneself_and_changed(small, browser_of):
    browser = browser_of(small.agent)
    assert browser.post("/reply-templates/new", data=FORM).status_code == 303
    made = db.session.query(ReplyTemplate).one()
    assert (made.keyword, made.owner_id, made.bodies) == ("pw", small.agent.id, {"en": FORM["bodies_en"]})
    page = browser.get(f"/reply-templates/{made.id}").text
    assert "Hello Aigul" in page
    assert browser_of(small.rival).get(f"/reply-templates/{made.id}").status_code == 404
    again = browser.post("/reply-templates/new", data=FORM)
    assert again.status_code == 409 and "already" in again.text
    browser.post(f"/reply-templates/{made.id}/removal")
    assert db.session.query(ReplyTemplate).one().is_active is False
    kinds = [event.kind for event in db.session.query(Event).filter_by(subject_type="reply_template")]
    assert kinds == ["reply_template.changed"] * 2


def test_what_was_changed_meanwhile_is_not_overwritten(small, browser_of):
    made = template("pw", owner=small.agent)
    answer = browser_of(small.agent).post(f"/reply-templates/{made.id}", data=FORM)
    assert answer.status_code == 409
    assert db.session.query(ReplyTemplate).one().bodies == {"en": "Words"}


@pytest.mark.parametrize("reach", ["desk", "team:0", "own:3", ""])
def test_an_agent_keeps_nothing_for_the_desk_or_for_another_team(small, browser_of, reach):
    reach = f"team:{small.second.id}" if reach == "team:0" else reach
    assert browser_of(small.agent).post("/reply-templates/new", data=FORM | {"reach": reach}).status_code == 400
    assert db.session.query(ReplyTemplate).count() == 0


def test_the_desks_are_read_by_agents_and_changed_by_administrators(small, browser_of):
    made = template("hi", en="Dear {requester.name}")
    agents = browser_of(small.agent)
    assert "Dear Aigul Sadykova" in agents.get(f"/reply-templates/{made.id}").text
    assert agents.post(f"/reply-templates/{made.id}", data=FORM).status_code == 403
    assert agents.post(f"/reply-templates/{made.id}/removal").status_code == 403
    assert browser_of(small.aigul).get("/reply-templates").status_code == 404
    assert browser_of(people.user("boss", administrator=True)).post(
        f"/reply-templates/{made.id}/removal").status_code == 303


def test_two_of_the_desk_have_not_one_keyword(small):
    template("hi")
    second = ReplyTemplate(keyword="hi", names={"en": "Hi"}, bodies={"en": "Hi"})
    with pytest.raises(Conflict):
        actions.save(second, actions.facts_of(second) | {"is_active": True, "position": 1, "request_types": []},
                     small.agent, clock.now())


def test_the_preview_shows_a_ticket_one_works_on_and_no_other(small, browser_of, ticket):
    browser = browser_of(small.agent)
    shown = browser.post("/reply-templates/preview", data=FORM | {"bodies_en": "About {ticket.subject}",
                                                                  "ticket": f"#{ticket.number}"})
    assert "About Printer *3* [x]" in shown.text
    other = browser_of(small.expert).post("/reply-templates/preview", data=FORM | {
        "bodies_en": "About {ticket.subject}", "ticket": str(ticket.number)})
    assert "About Printer" not in other.text and "no such ticket" in other.text


def test_the_list_costs_the_same_however_many_there_are(small, browser_of, statements):
    browser = browser_of(small.agent)

    def cost():
        with statements() as said:
            assert browser.get("/reply-templates").status_code == 200
        return len(said)

    template("one", team=small.first)
    first = cost()
    for number in range(12):
        template(f"more-{number}", team=small.first)
    assert cost() == first


def test_what_was_looked_at_is_saved_as_the_same_template(small, browser_of):
    """Without scripts, or by the button, the preview is the page drawn anew."""
    made, browser = template("pw", owner=small.agent), browser_of(small.agent)
    page = browser.get(f"/reply-templates/{made.id}").text
    sent = fields(page, f"/reply-templates/{made.id}") | {"names_en": "Otherwise"}
    again = browser.post(re.search(r'formaction="([^"]+)"', page)[1], data=sent).text
    assert browser.post(f"/reply-templates/{made.id}",
                        data=fields(again, f"/reply-templates/{made.id}")).status_code == 303
    assert [one.names for one in db.session.query(ReplyTemplate)] == [{"en": "Otherwise"}]
