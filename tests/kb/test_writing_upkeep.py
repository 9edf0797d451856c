"""What the desk does by itself with articles: publishing at a moment, reminding owners, telling on the start page."""

from datetime import UTC, date, datetime, timedelta

import pytest

from app.accounts import absence_actions
from app.accounts.absence_checks import Plan
from app.core.db import db
from app.core.events import events_of
from app.kb import actions, housekeeping
from app.kb.actions import Facts, Text
from app.kb.models import Article
from app.notifications import audience, delivery, messages
from tests.people import sign_in, team, user

NOW = datetime(2026, 11, 20, 20, tzinfo=UTC)
"""In Bishkek it is the 21st already."""


@pytest.fixture
def first(desk):
    return team("first")


@pytest.fixture
def asel(first):
    return user("asel", member=(first,))


@pytest.fixture
def printer(asel):
    return actions.draft(Text("Printer", "Switch it on."), Facts("en", "public", owner=asel), asel, NOW)


def kinds(article) -> list[str]:
    return [event.kind for event in events_of("article", article.id)]


def test_published_at_its_moment_and_once(printer, asel):
    actions.publish_later(printer, NOW + timedelta(hours=1), asel, NOW)
    db.session.commit()
    assert housekeeping.publish_due(NOW) == 0
    assert housekeeping.publish_due(NOW + timedelta(hours=1)) == 1
    assert housekeeping.publish_due(NOW + timedelta(hours=2)) == 0
    found = db.session.get(Article, printer.id)
    assert (found.state, found.publish_at, found.published_at) == ("published", None, NOW + timedelta(hours=1))
    assert kinds(found).count("article.published") == 1


def test_archived_before_its_moment_it_stays_archived(printer, asel):
    actions.publish_later(printer, NOW + timedelta(hours=1), asel, NOW)
    actions.archive(printer, asel, NOW)
    db.session.commit()
    assert housekeeping.publish_due(NOW + timedelta(hours=2)) == 0


def test_the_owner_is_reminded_once_for_each_date(printer, asel):
    actions.publish(printer, asel, NOW)
    printer.review_on = date(2026, 11, 21)
    db.session.commit()
    assert [housekeeping.remind_owners(NOW + timedelta(hours=hour)) for hour in (0, 1, 48)] == [1, 0, 0]
    actions.confirm_reviewed(printer, asel, date(2026, 12, 1), NOW)
    db.session.commit()
    assert housekeeping.remind_owners(NOW) == 0
    assert housekeeping.remind_owners(datetime(2026, 12, 1, tzinfo=UTC)) == 1
    assert kinds(printer).count("article.review_due") == 2


def test_drafts_and_archived_ones_remind_nobody(printer, asel):
    printer.review_on = date(2026, 1, 1)
    db.session.commit()
    assert housekeeping.remind_owners(NOW) == 0


def due(article):
    return actions.record("article.review_due", article, None, NOW)


def test_the_owner_is_told_and_reads_what_it_is_about(printer, asel):
    actions.publish(printer, asel, NOW)
    event = due(printer)
    assert audience.audience_of(event, printer) == [asel]
    letter = delivery.letter_of(asel, event)
    assert "Printer" in letter.subject and "/kb/printer/edit" in letter.text
    printer.owner = user("bakyt")
    assert delivery.letter_of(asel, event) is None and audience.audience_of(event, printer) == []


def test_while_the_owner_is_away_the_deputy_is_told(printer, asel, first):
    beka, stranger = user("beka", member=(first,)), user("stranger")
    plan = Plan(asel, date(2026, 11, 16), date(2026, 11, 30), deputies={"tickets": beka.id})
    absence_actions.announce(plan, asel, datetime(2026, 11, 10, tzinfo=UTC))
    actions.publish(printer, asel, NOW)
    event = due(printer)
    event.recorded_at = NOW
    assert audience.audience_of(event, printer) == [beka]
    assert "Asel" in messages.article_due(beka, printer, event).text
    assert stranger not in audience.audience_of(event, printer)


def test_the_start_page_says_what_waits(client, printer, asel, first):
    lead = user("lead", leads=(first,))
    actions.publish(printer, asel)
    printer.review_on = date(2026, 1, 1)
    actions.save(printer, Text("Printer", "New"), asel)
    actions.ask_review(printer, asel)
    page = sign_in(client, lead).get("/").text
    assert "1 article waits for a review" in page and "due for a look" not in page
    assert "1 article of yours is due for a look" in sign_in(client, asel).get("/").text
    assert "article" not in sign_in(client, user("aigul")).get("/").text.split("<main")[1].split("request")[0]
