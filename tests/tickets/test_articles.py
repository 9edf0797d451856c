"""Articles on a ticket: linked, sent, solved, written; and what is counted of them."""

from datetime import timedelta

import pytest

from app.core import clock
from app.core.db import db
from app.core.events import events_of
from app.kb import actions as kb
from app.tickets import actions, articles, queries
from app.tickets.models import Ticket
from tests import factories, people

from .articles import article, ways

pytestmark = pytest.mark.slow


@pytest.fixture
def ticket(small):
    return factories.ticket(small.aigul, small.printer)


@pytest.fixture
def paper(small):
    return article("Paper jam")


def kinds(ticket) -> list[str]:
    return [event.kind for event in events_of("ticket", ticket.id)][1:]


def test_a_link_is_kept_once_and_taken_away(small, ticket, paper):
    articles.link(ticket, paper, small.agent)
    articles.link(ticket, paper, small.agent)
    assert ways(ticket) == [("paper-jam", "linked")]
    articles.unlink(ticket, paper, small.agent)
    articles.unlink(ticket, paper, small.agent)
    assert ways(ticket) == [] and kinds(ticket) == ["ticket.article_linked", "ticket.article_unlinked"]


def test_what_was_sent_stays_sent(small, ticket, paper):
    articles.send(ticket, "See /kb/paper-jam.", small.agent)
    articles.link(ticket, paper, small.agent)
    articles.unlink(ticket, paper, small.agent)
    assert ways(ticket) == [("paper-jam", "sent")]


def test_reopened_it_was_not_the_solution(small, ticket, paper):
    toner = article("Toner")
    articles.link(ticket, toner, small.agent)
    for named in (paper, toner):
        articles.solve(ticket, named, small.agent)
    ticket.resolve(small.agent)
    ticket.receive("Still jammed", small.aigul)
    db.session.flush()
    assert ways(ticket) == [("paper-jam", "linked"), ("toner", "linked")]


@pytest.mark.parametrize("text", [
    "/kb/paper-jam", "Look at /kb/paper-jam.", "(http://127.0.0.1:8000/kb/paper-jam)", "**/kb/paper-jam**",
    "[Paper](http://127.0.0.1:8000/kb/paper-jam)", "http://127.0.0.1:8000/kb/paper-jam?s=1#s-two",
    "/kb/paper-jam and again /kb/paper-jam",
])
def test_links_to_articles_are_found_in_a_text(desk, text):
    desk.config["BASE_URL"] = "http://127.0.0.1:8000"
    assert articles.linked_in(text) == ["paper-jam"]


@pytest.mark.parametrize("text", [
    "https://vendor.example/kb/paper-jam", "/kb", "/kb/", "/kb/search?q=x", "/kb/files/1", "my/kb/paper-jam",
    "http://[/kb/paper-jam", "/tickets/1", "", "http://vendor.example/kb/kb/paper-jam",
])
def test_other_addresses_are_none(desk, text):
    assert articles.linked_in(text) == []


def test_a_text_full_of_links_is_cut(desk):
    assert len(articles.linked_in(" ".join(f"/kb/article-{n}" for n in range(500)))) == articles.MOST_LINKS


@pytest.mark.parametrize(("visibility", "who", "fine"), [
    ("public", "aigul", True), ("staff", "aigul", True), ("teams", "aigul", False), ("staff", "customer", False),
    ("teams", "expert", True),
])
def test_what_may_be_sent_is_what_all_may_read_to_whom_it_goes(small, visibility, who, fine):
    asked = people.user("customer", customer=True) if who == "customer" else getattr(small, who)
    named = article("Paper jam", visibility=visibility, teams=[small.second])
    ticket = factories.ticket(asked, small.printer)
    assert (articles.unreadable(ticket, "/kb/paper-jam") == []) is fine
    assert (articles.readable_outside(ticket, [named.id]) == {named.id}) is fine


def test_a_watcher_from_outside_counts_too(small, ticket):
    article("Paper jam", visibility="staff")
    actions.watch(ticket, people.user("customer", customer=True), small.agent)
    assert articles.unreadable(ticket, "/kb/paper-jam") == ["paper-jam"]


@pytest.mark.parametrize("state", ["draft", "archived", "missing"])
def test_what_is_not_published_cannot_be_opened(small, ticket, state):
    if state != "missing":
        made = article("Paper jam", publish=state == "archived")
        if state == "archived":
            kb.archive(made, None)
    assert articles.unreadable(ticket, "/kb/paper-jam") == ["paper-jam"]


def test_each_reader_sees_of_a_ticket_what_they_may_read(small, ticket):
    for title, team in (("Ours", small.first), ("Theirs", small.second)):
        articles.link(ticket, article(title, visibility="teams", teams=[team]), small.agent)
    assert [one.article.slug for one in articles.held(small.agent, ticket)] == ["ours"]
    assert [one.article.slug for one in articles.held(small.expert, ticket)] == ["theirs"]


def test_only_tickets_one_works_with_are_named_and_counted(small, paper):
    mine, theirs = (factories.ticket(small.bakyt, kind) for kind in (
        small.printer, factories.request_type("cable", small.second)))
    own = factories.ticket(small.agent, small.printer)
    for one in (mine, theirs, own):
        articles.link(one, paper, small.agent)
        articles.solve(one, paper, small.agent)
    actions.watch(theirs, small.agent, small.expert)
    db.session.flush()
    used = articles.used_on(small.agent, paper)
    assert ([use.ticket for use in used.uses], used.total) == ([mine], 1)
    assert used.uses[0].ways == {"linked", "solved"}
    assert articles.used_on(small.aigul, paper).total == 0
    assert articles.used_on(people.user("admin", administrator=True), paper).total == 3


def test_a_confidential_ticket_is_named_to_those_named_on_it(small, paper):
    kind = factories.request_type("complaint", small.first, is_confidential=True)
    ticket = factories.ticket(small.bakyt, kind)
    articles.link(ticket, paper, small.agent)
    db.session.flush()
    assert articles.used_on(small.agent, paper).total == 1
    assert articles.used_on(people.user("admin", administrator=True), paper).total == 0


def test_the_condition_of_the_staff_says_what_the_policy_says(small):
    """`reads_as_staff` is `policy.reads_notes` asked of many."""
    from app.tickets import policy

    quiet = factories.request_type("complaint", small.first, is_confidential=True)
    cast = [small.aigul, small.agent, small.rival, small.expert, people.user("admin", administrator=True)]
    made = [factories.ticket(who, kind) for who in cast for kind in (small.printer, quiet)]
    made[0].escalate(small.second, "Cable", small.agent)
    made[2].assign(small.rival, None)
    actions.watch(made[4], small.expert, small.agent)
    db.session.flush()
    for who in cast:
        seen = set(db.session.scalars(db.select(Ticket).where(queries.reads_as_staff(who))))
        assert seen == {one for one in made if policy.reads_notes(who, one)}, who.name


def test_uses_are_counted_by_way(small, paper):
    toner = article("Toner")
    for _n in range(2):
        ticket = factories.ticket(small.aigul, small.printer)
        articles.send(ticket, "/kb/paper-jam", small.agent)
    articles.solve(ticket, paper, small.agent)
    db.session.flush()
    assert articles.uses([paper.id, toner.id]) == {
        paper.id: {"sent": 2, "linked": 0, "solved": 1}, toner.id: {"sent": 0, "linked": 0, "solved": 0}}
    assert articles.uses([paper.id], clock.now() + timedelta(days=1))[paper.id]["sent"] == 0
    assert articles.uses([]) == {}


def test_solved_tickets_on_which_no_article_came_up(small, paper):
    quiet = factories.request_type("complaint", small.first, is_confidential=True)
    plain, used, again, secret, waiting = (factories.ticket(small.aigul, kind) for kind in (
        small.printer, small.printer, small.printer, quiet, small.printer))
    for one in (plain, used, again, secret):
        one.resolve(small.agent)
    again.reopen(small.aigul)
    articles.link(used, paper, small.agent)
    db.session.flush()
    now = clock.now()
    found = db.session.scalars(articles.solved_without(now - timedelta(hours=1), now + timedelta(hours=1))).all()
    assert found == [plain]
    assert db.session.scalars(articles.solved_without(now + timedelta(hours=1), now + timedelta(hours=2))).all() == []
