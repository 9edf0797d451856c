"""Articles are written, reviewed, published, taken back."""

from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from app.core.db import db
from app.core.errors import Conflict, Invalid
from app.core.events import events_of
from app.kb import actions, families, queries
from app.kb.actions import Facts, Text
from app.kb.models import Article, ArticleUse
from app.search.models import IndexChange
from tests.people import team, user

NOW = datetime(2026, 11, 20, 6, tzinfo=UTC)


@pytest.fixture
def first(desk):
    return team("first")


@pytest.fixture
def asel(first):
    return user("asel", member=(first,))


@pytest.fixture
def customer(desk):
    return user("kanat", customer=True)


def text(body: str = "Switch it on.", title: str = "Printer") -> Text:
    return Text(title, body)


@pytest.fixture
def printer(asel):
    return actions.draft(text(), Facts("en", "public"), asel, NOW)


def kinds(article) -> list[str]:
    return [event.kind for event in events_of("article", article.id)]


def changes() -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(IndexChange))


def test_a_draft_is_seen_by_writers_only(printer, asel, customer):
    assert queries.by_slug(asel, "printer") is printer
    with pytest.raises(queries.NotFound):
        queries.by_slug(customer, "printer")
    assert printer.search_text == "" and changes() == 0


def test_published_it_is_read_and_found(printer, asel, customer):
    actions.publish(printer, asel, NOW)
    db.session.flush()
    assert queries.to_read(customer, "printer") is printer
    assert " switch " in printer.search_text and changes() == 1
    assert printer.review_on == date(2027, 5, 20)
    actions.publish(printer, asel, NOW)
    assert kinds(printer) == ["article.drafted", "article.published"]


def test_what_is_saved_later_readers_do_not_see(printer, asel):
    actions.publish(printer, asel, NOW)
    version = actions.save(printer, text("Kick it."), asel, NOW, seen_number=1)
    assert (version.number, printer.latest, printer.published.body) == (2, version, "Switch it on.")
    assert printer.has_unpublished_changes and changes() == 1


def test_nothing_new_is_no_version_and_a_stale_view_saves_nothing(printer, asel):
    assert actions.save(printer, text(), asel, NOW) is None
    actions.save(printer, text("Two"), asel, NOW, seen_number=1)
    assert actions.save(printer, text("Two"), asel, NOW, seen_number=1) is None
    with pytest.raises(Conflict):
        actions.save(printer, text("Three"), asel, NOW, seen_number=1)


def test_archived_nobody_finds_it(printer, asel, customer):
    actions.publish(printer, asel, NOW)
    actions.archive(printer, asel, NOW)
    db.session.flush()
    assert printer.search_text == "" and changes() == 2
    with pytest.raises(queries.NotFound):
        queries.to_read(customer, "printer")
    with pytest.raises(Conflict):
        actions.publish(printer, asel, NOW)
    actions.revive(printer, asel, NOW)
    assert (printer.state, printer.published) == ("draft", None)


def test_restored_an_old_version_is_the_newest(printer, asel):
    actions.save(printer, text("Two"), asel, NOW)
    assert actions.restore(printer, 1, asel, NOW).number == 3
    assert printer.latest.body == "Switch it on."
    assert actions.restore(printer, 1, asel, NOW) is None


def test_a_text_uses_files_of_its_own_family_only(printer, asel):
    from io import BytesIO

    from app.core import files

    other = actions.draft(text(title="Secret"), Facts("en", "staff"), asel, NOW)
    mine, foreign = (actions.attach(one, files.store(BytesIO(b"x"), "x.txt"), asel, NOW) for one in (printer, other))
    actions.save(printer, text(f"[a](/kb/files/{mine.id}) [b](/kb/files/{foreign.id})"), asel, NOW)
    used = db.session.scalars(sa.select(ArticleUse.article_file_id).where(ArticleUse.version_id == printer.latest_id))
    assert list(used) == [mine.id]


def test_translations_are_outdated_by_what_readers_of_the_original_see(printer, asel):
    actions.publish(printer, asel, NOW)
    russian = actions.draft(text("Включите.", "Принтер"), Facts("ru", "public"), asel, NOW, translation_of=printer)
    db.session.flush()

    def outdated():
        db.session.flush()
        return list(db.session.scalars(sa.select(Article.id).where(families.is_outdated())))

    assert russian.slug == "printer-2" and outdated() == []
    actions.save(printer, Text("Printer", "Switch it on!", is_minor=True), asel, NOW)
    actions.publish(printer, asel, NOW)
    assert outdated() == []
    actions.save(printer, text("Kick it."), asel, NOW)
    assert outdated() == []
    actions.publish(printer, asel, NOW)
    assert outdated() == [russian.id]
    actions.follow_original(russian, asel, NOW)
    assert outdated() == []
    with pytest.raises(Conflict):
        actions.draft(text(), Facts("ru", "public"), asel, NOW, translation_of=russian)


def test_who_reads_it_holds_for_all_languages_at_once(printer, asel, first, customer):
    russian = actions.draft(text(), Facts("ru", "public"), asel, NOW, translation_of=printer)
    for one in (printer, russian):
        actions.publish(one, asel, NOW)
    actions.change_facts(russian, Facts("ru", "teams", teams=[first]), asel, NOW)
    db.session.flush()
    assert (printer.visibility, [named.team for named in printer.teams]) == ("teams", [first])
    with pytest.raises(queries.NotFound):
        queries.to_read(customer, printer.slug)
    with pytest.raises(Invalid):
        actions.change_facts(printer, Facts("en", "teams"), asel, NOW)


def test_a_moment_ahead_publishes_what_was_meant_then(printer, asel):
    actions.publish_later(printer, NOW + timedelta(days=1), asel, NOW)
    actions.save(printer, text("Not meant."), asel, NOW)
    actions.publish_scheduled(printer, NOW + timedelta(days=1))
    assert (printer.published.body, printer.publish_at, printer.scheduled_id) == ("Switch it on.", None, None)
    with pytest.raises(Invalid):
        actions.publish_later(printer, NOW, asel, NOW)


def test_a_published_article_waits_for_review_where_readers_see_it(printer, asel):
    actions.ask_review(printer, asel, NOW)
    assert printer.state == "in_review"
    actions.send_back(printer, "Which button?", asel, NOW)
    assert (printer.state, printer.review_asked_at) == ("draft", None)
    actions.publish(printer, asel, NOW)
    with pytest.raises(Conflict):
        actions.ask_review(printer, asel, NOW)
    actions.save(printer, text("The green one."), asel, NOW)
    actions.ask_review(printer, asel, NOW)
    assert (printer.state, printer.review_asked_at) == ("published", NOW)


@pytest.mark.parametrize(("day", "months", "then"), [
    (date(2026, 8, 31), 6, date(2027, 2, 28)), (date(2026, 12, 31), 12, date(2027, 12, 31)),
    (date(2026, 11, 22), 1, date(2026, 12, 22)), (date(2027, 8, 31), 6, date(2028, 2, 29)),
])
def test_months_after(day, months, then):
    assert actions.months_after(day, months) == then
