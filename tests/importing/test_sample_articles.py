"""The knowledge base of the sample: what is in it, who reads it, what was asked, what is missing."""

import re
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from app.accounts.models import User
from app.core.db import db
from app.importing import sample
from app.importing.sample import articles_content, content
from app.importing.sample import tickets as telling
from app.kb import families, queries
from app.kb.models import Article, ArticleRead, ArticleVote
from app.search.models import IndexChange, SearchEntry
from app.tickets.models import Ticket, TicketArticle
from tests.conftest import rolled_back

pytestmark = pytest.mark.slow

NOON = datetime(2026, 3, 4, 6, tzinfo=UTC)


@pytest.fixture(scope="module")
def loaded(app):
    """A sample with few tickets, shared by the tests that only look."""
    with rolled_back(app), pytest.MonkeyPatch.context() as patch:
        patch.setattr(telling, "COUNT", 400)
        patch.setattr(telling, "OPEN_GOAL", 20)
        sample.load(NOON)
        yield


def articles(*conditions):
    return list(db.session.scalars(sa.select(Article).where(*conditions).order_by(Article.id)))


def person(address):
    return db.session.scalar(sa.select(User).where(User.email == address))


def readable(address):
    return {article.slug for article in articles(queries.reads(person(address)))}


def test_the_data_agree_with_themselves():
    assert not list(articles_content.mistakes(articles_content.load(), content.load()))


def test_a_reference_that_leads_nowhere_is_named():
    knowledge = articles_content.load()
    broken = articles_content.Knowledge((), knowledge.articles[:1], ())
    assert list(articles_content.mistakes(broken, content.load())) == ["vpn: there is no category 'computers'"]


@pytest.mark.parametrize("wanted", articles_content.load().articles, ids=lambda wanted: wanted.key)
def test_each_text_is_a_help_article(wanted):
    for words in wanted.texts.values():
        assert 5 < len(words.title) < 100 and 110 <= len(words.body.split()) <= 320
        assert re.search(r"^(\d\. |- |\|)", words.body, re.MULTILINE), "no steps"


def test_three_languages_and_every_state(loaded):
    assert Counter(article.language for article in articles()) == {"ru": 18, "en": 12, "ky": 11}
    assert {article.state for article in articles()} == {"published", "draft", "in_review"}
    assert {article.visibility for article in articles()} == {"public", "staff", "teams"}


def test_one_translation_is_behind_its_original(loaded):
    behind = articles(families.is_outdated())
    assert [(article.language, families.original_of(article).slug) for article in behind] == [
        ("ky", "working-from-home-connect-through-the-vpn")]


def test_one_is_overdue_and_nobody_is_reminded_again(loaded):
    overdue = articles(Article.review_on < NOON.date())
    assert [article.title for article in overdue] == ["Почтовый ящик переполнен"]
    assert overdue[0].reminded_on is not None


def test_each_reads_what_is_theirs(loaded):
    runbook = "runbook-a-whole-floor-without-network"
    customer, employee, network = (readable(f"{name}@jardam.example") for name in ("customer", "employee", "agent2"))
    assert customer < employee < network and len(customer) == 8
    assert runbook in network and runbook not in employee


def test_readers_have_spoken(loaded):
    assert db.session.scalar(sa.select(sa.func.count()).select_from(ArticleRead)) > 1000
    votes = Counter(db.session.scalars(sa.select(ArticleVote.is_helpful)))
    assert votes[True] > 200 and votes[False] > 8
    late = sa.select(sa.func.count()).select_from(ArticleRead).where(ArticleRead.at > NOON)
    assert db.session.scalar(late) == 0


def test_searches_tell_of_gaps(loaded):
    entries = list(db.session.scalars(sa.select(SearchEntry)))
    assert all(NOON - timedelta(days=61) < entry.at < NOON for entry in entries)
    nothing = [entry for entry in entries if not entry.found]
    assert {"электронная подпись", "иш сапар акчасы"} <= {entry.words for entry in nothing}
    assert any(entry.found and not entry.clicked_id and not entry.ticket_id for entry in entries)
    tokens = {entry.token for entry in entries}
    assert {entry.follows for entry in entries if entry.follows} <= tokens


def test_a_search_that_led_to_a_ticket_is_its_requester_s_and_just_before(loaded):
    pairs = db.session.execute(sa.select(SearchEntry, Ticket).join(Ticket, Ticket.id == SearchEntry.ticket_id)).all()
    assert pairs
    for entry, ticket in pairs:
        assert entry.person_id == ticket.requester_id
        assert timedelta() < ticket.filed_at - entry.at <= timedelta(minutes=30)


def test_solved_tickets_name_the_article_that_was_sent(loaded):
    sent = db.session.execute(sa.select(TicketArticle, Ticket).join(Ticket, Ticket.id == TicketArticle.ticket_id)).all()
    assert {link.way for link, _ticket in sent} == {"sent", "solved"}
    assert all(link.at <= NOON and not ticket.is_confidential for link, ticket in sent)


def test_the_index_hears_of_what_is_published(loaded):
    waiting = set(db.session.scalars(sa.select(IndexChange.document_id)))
    assert waiting == {article.id for article in articles(Article.state == "published")}
