"""The verbs through the browser: taking, levels, states, what stands beside a ticket; refusals keep what was typed."""

import pytest
import sqlalchemy as sa

from app.core.db import db
from app.core.events import events_of
from app.tickets.models import Handover, Ticket, TicketLink
from tests import factories, people


@pytest.fixture
def ticket(small):
    made = factories.ticket(small.aigul, small.printer)
    db.session.commit()
    return made


def fresh(ticket) -> Ticket:
    return db.session.get(Ticket, ticket.id, populate_existing=True)


def act(browser, ticket, noun, **form):
    return browser.post(f"/tickets/{ticket.id}/{noun}", data=form)


def kinds(ticket) -> list[str]:
    return [event.kind.removeprefix("ticket.") for event in events_of("ticket", ticket.id)]


def test_the_second_taker_is_told_who_was_faster(small, ticket, browser_of):
    assert act(browser_of(small.agent), ticket, "assignment").status_code == 303
    second = act(browser_of(small.rival), ticket, "assignment")
    assert second.status_code == 409 and "Agent has already taken this ticket" in second.text
    assert fresh(ticket).assignee == small.agent


def test_taking_twice_is_harmless(small, ticket, browser_of):
    agent = browser_of(small.agent)
    assert [act(agent, ticket, "assignment").status_code for _ in range(2)] == [303, 303]
    assert kinds(ticket) == ["filed", "taken"]


def test_a_ticket_is_assigned_to_members_only_and_given_back(small, ticket, browser_of):
    agent = browser_of(small.agent)
    page = agent.get(f"/tickets/{ticket.id}/assignment").text
    assert "Rival" in page and "Expert" not in page
    assert act(agent, ticket, "assignment", assignee=small.rival.id).status_code == 303
    assert fresh(ticket).assignee == small.rival
    assert act(agent, ticket, "assignment", assignee=small.expert.id).status_code == 400
    assert act(agent, ticket, "assignment", assignee="").status_code == 303
    assert fresh(ticket).assignee is None


def test_an_administrator_assigns_but_does_not_take(small, ticket, browser_of):
    admin = browser_of(people.user("admin", administrator=True))
    assert act(admin, ticket, "assignment").status_code == 403
    assert act(admin, ticket, "assignment", assignee=small.agent.id).status_code == 303


@pytest.mark.parametrize("noun", ["assignment", "hold", "resumption", "escalation", "return", "move", "lead-notice",
                                  "resolution", "facts", "tags", "watchers", "links", "merge"])
def test_a_requester_cannot_do_the_agents_work(small, ticket, browser_of, noun):
    assert act(browser_of(small.aigul), ticket, noun).status_code == 403
    assert act(browser_of(small.expert), ticket, noun).status_code == 404
    assert kinds(ticket) == ["filed"]


def test_escalating_asks_for_what_level_2_needs(small, ticket, browser_of):
    small.printer.handover_fields = [{"key": "tried", "labels": people.names("What was tried"), "required": True}]
    db.session.commit()
    agent = browser_of(small.agent)
    page = agent.get(f"/tickets/{ticket.id}/escalation").text
    assert "What was tried" in page and f'selected value="{small.second.id}"' in page
    refused = act(agent, ticket, "escalation", team=small.second.id, reason="Remember me")
    assert refused.status_code == 400 and "Remember me" in refused.text
    act(agent, ticket, "escalation", team=small.second.id, reason="Cable", handover_tried="Restart")
    hop = db.session.scalars(sa.select(Handover)).one()
    assert (fresh(ticket).team, hop.reason, hop.answers) == (small.second, "Cable", {"tried": "Restart"})
    assert "Restart" in browser_of(small.expert).get(f"/tickets/{ticket.id}").text


@pytest.mark.parametrize("team", ["first", "", "999", "x"])
def test_escalating_leads_to_a_higher_level_only(small, ticket, browser_of, team):
    where = small.first.id if team == "first" else team
    assert act(browser_of(small.agent), ticket, "escalation", team=where, reason="Cable").status_code == 400
    assert fresh(ticket).team == small.first


def test_level_2_hands_back_with_a_reason_and_sees_the_ticket_no_more(small, ticket, browser_of):
    ticket.escalate(small.second, "Cable", small.agent)
    db.session.commit()
    expert = browser_of(small.expert)
    assert act(expert, ticket, "return", reason="").status_code == 400
    handed = act(expert, ticket, "return", reason="Which socket?")
    assert (handed.status_code, handed.location, fresh(ticket).team) == (303, "/queues", small.first)
    page = browser_of(small.agent).get(f"/tickets/{ticket.id}").text
    assert "Which socket?" in page and "Service-Desk → Network → Service-Desk" in page


def test_what_nobody_handed_over_cannot_be_handed_back(small, ticket, browser_of):
    assert act(browser_of(small.agent), ticket, "return", reason="Why not").status_code == 409


def test_moving_stays_on_the_level(small, ticket, browser_of):
    other = people.team("front-desk")
    agent = browser_of(small.agent)
    assert act(agent, ticket, "move", team=small.second.id, reason="x").status_code == 400
    assert act(agent, ticket, "move", team=other.id, reason="Theirs").location == "/queues"
    assert fresh(ticket).team == other


def test_telling_the_lead_leaves_the_ticket_where_it_is(small, ticket, browser_of):
    agent = browser_of(small.agent)
    assert act(agent, ticket, "lead-notice", reason="It burns").status_code == 303
    assert (kinds(ticket), fresh(ticket).team) == (["filed", "lead_told"], small.first)
    assert f"{small.agent.name} told the lead" in agent.get(f"/tickets/{ticket.number}").text


def test_escalating_is_offered_only_where_a_team_stands_above(small, ticket, browser_of):
    address = f'href="/tickets/{ticket.number}/escalation"'
    assert address in browser_of(small.agent).get(f"/tickets/{ticket.number}").text
    act(browser_of(small.agent), ticket, "escalation", team=small.second.id, reason="Beyond us")
    assert address not in browser_of(small.expert).get(f"/tickets/{ticket.number}").text


def test_waiting_and_going_on(small, ticket, browser_of):
    agent = browser_of(small.agent)
    assert act(agent, ticket, "hold", reason="requester").status_code == 303
    again = act(agent, ticket, "hold", reason="requester")
    assert again.status_code == 409 and "already waiting" in again.text
    assert [act(agent, ticket, "resumption").status_code for _ in range(2)] == [303, 303]
    assert kinds(ticket) == ["filed", "held", "resumed"]


def test_resolving_twice_is_harmless_and_the_requester_opens_again(small, ticket, browser_of):
    agent, aigul = browser_of(small.agent), browser_of(small.aigul)
    assert [act(agent, ticket, "resolution").status_code for _ in range(2)] == [303, 303]
    assert "open again" in aigul.get(f"/tickets/{ticket.id}").text
    assert [act(aigul, ticket, "reopening").status_code for _ in range(2)] == [303, 303]
    assert kinds(ticket) == ["filed", "resolved", "reopened"]


def test_the_requester_cancels_and_that_is_the_end(small, ticket, browser_of):
    aigul = browser_of(small.aigul)
    assert aigul.get(f"/tickets/{ticket.id}/cancellation").status_code == 200
    assert act(aigul, ticket, "cancellation", reason="Found paper").status_code == 303
    assert act(browser_of(small.agent), ticket, "resolution").status_code == 409
    assert fresh(ticket).status == "cancelled"


def test_tags_come_and_go(small, ticket, browser_of):
    agent = browser_of(small.agent)
    act(agent, ticket, "tags", name="  Toner / Cyan ")
    assert [tag.name for tag in fresh(ticket).tags] == ["toner / cyan"]
    act(agent, ticket, "tags", name="vip")
    assert act(agent, ticket, "tags/vip/removal").status_code == 303
    assert [tag.name for tag in fresh(ticket).tags] == ["toner / cyan"]
    assert act(agent, ticket, "tags", name="").status_code == 400


def test_a_watcher_sees_and_answers_until_they_stop_watching(small, ticket, browser_of):
    agent, bakyt = browser_of(small.agent), browser_of(small.bakyt)
    assert bakyt.get(f"/tickets/{ticket.id}").status_code == 404
    assert act(agent, ticket, "watchers", person="bakyt@jardam.example").status_code == 303
    assert bakyt.get(f"/tickets/{ticket.id}").status_code == 200
    assert act(bakyt, ticket, "answers", body="Same here").status_code == 303
    assert act(bakyt, ticket, "watch/removal").location == "/tickets"
    assert bakyt.get(f"/tickets/{ticket.id}").status_code == 404


@pytest.mark.parametrize("named", ["", "nobody@nowhere.example"])
def test_an_unknown_watcher_is_asked_for_again(small, ticket, browser_of, named):
    assert act(browser_of(small.agent), ticket, "watchers", person=named).status_code == 400


def test_links_are_shown_from_both_ends_and_only_to_who_sees_the_other(small, ticket, browser_of):
    agent, expert = browser_of(small.agent), browser_of(small.expert)
    other = factories.ticket(small.bakyt, small.printer, "The other printer")
    db.session.commit()
    assert act(agent, ticket, "links", number=f"#{other.id}", kind="caused_by").status_code == 303
    assert "cause of" in agent.get(f"/tickets/{other.id}").text
    ticket.escalate(small.second, "Cable", small.agent)
    db.session.commit()
    assert "The other printer" not in expert.get(f"/tickets/{ticket.id}").text
    held = db.session.scalars(sa.select(TicketLink)).one()
    act(agent, ticket, f"links/{held.id}/removal")
    assert db.session.scalars(sa.select(TicketLink)).all() == []


@pytest.mark.parametrize("noun", ["links", "merge"])
@pytest.mark.parametrize("number", ["", "x", "999999", "99999999999999999999"])
def test_a_ticket_that_is_not_there_cannot_be_linked_or_merged_into(small, ticket, browser_of, noun, number):
    answer = act(browser_of(small.agent), ticket, noun, number=number, kind="related")
    assert answer.status_code == 400 and fresh(ticket).status == "new"


def test_a_foreign_ticket_looks_like_none(small, ticket, browser_of):
    """The sentence is the same as for a number nobody has, so links cannot be used to ask what exists."""
    foreign = factories.ticket(small.bakyt, factories.request_type("net", small.second))
    db.session.commit()
    answer = act(browser_of(small.agent), ticket, "links", number=foreign.id, kind="related")
    assert answer.status_code == 400 and f"There is no ticket {foreign.id}, or it is not yours to see" in answer.text


def test_a_link_of_another_ticket_cannot_be_removed_from_here(small, ticket, browser_of):
    one, two = (factories.ticket(small.bakyt, small.printer) for _ in range(2))
    held = TicketLink(ticket_id=one.id, other_id=two.id, kind="related")
    db.session.add(held)
    db.session.commit()
    assert act(browser_of(small.agent), ticket, f"links/{held.id}/removal").status_code == 404


def test_merging_leads_on_to_the_original_and_shows_its_conversation_there(small, ticket, browser_of):
    agent = browser_of(small.agent)
    original = factories.ticket(small.bakyt, small.printer, "Original")
    ticket.note("only here", small.agent)
    db.session.commit()
    assert act(agent, ticket, "merge", number=original.id).status_code == 303
    assert "only here" in agent.get(f"/tickets/{original.id}").text
    aigul = browser_of(small.aigul)
    said = act(aigul, ticket, "answers", body="Any news?")
    assert said.location.startswith(f"/tickets/{ticket.id}#m")
    assert "Any news?" in agent.get(f"/tickets/{original.id}").text
    assert "Any news?" in aigul.get(f"/tickets/{ticket.id}").text
    assert aigul.get(f"/tickets/{original.id}").status_code == 404


def test_the_requesters_history_holds_public_lines_only(small, ticket, browser_of):
    agent = browser_of(small.agent)
    act(agent, ticket, "tags", name="vip")
    act(agent, ticket, "assignment")
    act(agent, ticket, "escalation", team=small.second.id, reason="She broke it herself")
    mine = browser_of(small.aigul).get(f"/tickets/{ticket.id}/history").text
    theirs = agent.get(f"/tickets/{ticket.id}/history").text
    assert "Agent took the ticket" in mine and "Agent escalated from Service-Desk to Network" in mine
    assert "vip" not in mine and "broke it herself" not in mine
    assert "vip" in theirs and "broke it herself" in theirs and "Assignee: Agent → –" in theirs


@pytest.mark.parametrize("language", ["en", "ru", "ky"])
def test_every_page_is_drawn_in_every_language(small, ticket, browser_of, language):
    small.agent.language = language
    ticket.escalate(small.second, "Cable", small.agent)
    ticket.hand_back("Socket?", small.expert)
    db.session.commit()
    agent, here = browser_of(small.agent), f"/tickets/{ticket.id}"
    nouns = ["", "/history", "/assignment", "/hold", "/escalation", "/move", "/lead-notice", "/cancellation", "/facts",
             "/watchers", "/links", "/merge", "/return"]
    urls = [*(here + noun for noun in nouns), "/tickets", "/tickets/new", "/tickets/new/printer", "/queues"]
    assert {url: agent.get(url).status_code for url in urls} == dict.fromkeys(urls, 200)
