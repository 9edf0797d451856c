"""The pages on which articles are written."""

from datetime import timedelta
from io import BytesIO

import pytest
import sqlalchemy as sa

from app.core import clock
from app.core.db import db
from app.kb import actions
from app.kb.actions import Facts, Text
from app.kb.models import Article, ArticleFile, ArticleVersion, Category
from app.kb.settings import settings
from tests.people import names, sign_in, team, user

pytestmark = pytest.mark.slow

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00"


@pytest.fixture
def first(desk):
    return team("first")


@pytest.fixture
def asel(first):
    return user("asel", member=(first,))


@pytest.fixture
def writer(client, asel):
    return sign_in(client, asel)


@pytest.fixture
def printer(asel):
    return actions.draft(Text("Printer", "Switch it **on**."), Facts("en", "public", owner=asel), asel)


SELECTS = {"category_id": "", "owner_id": "", "template": ""}


def article(slug: str = "printer") -> Article:
    return db.session.scalar(sa.select(Article).where(Article.slug == slug))


def test_who_reads_it_must_be_said(writer):
    answer = writer.post("/kb/new", data=SELECTS | {"title": "Printer", "language": "en"})
    assert answer.status_code == 400 and "Please say who may read it." in answer.text
    assert 'value="Printer"' in answer.text and article() is None


def test_an_article_begins_from_an_outline_in_its_language(writer, asel):
    answer = writer.post("/kb/new", data=SELECTS | {"title": "Принтер", "language": "ru", "template": "how-to",
                                                    "visibility": "staff", "owner_id": asel.id})
    assert answer.location.endswith("/kb/printer/edit")
    made = article()
    assert (made.visibility, made.language, made.owner) == ("staff", "ru", asel)
    assert "## Прежде чем начать" in made.latest.body
    assert "Прежде чем начать" in writer.get("/kb/printer/edit").text


def test_teams_must_be_named_and_nobody_shuts_themselves_out(writer, first):
    other = team("other")
    said = SELECTS | {"title": "Printer", "language": "en", "visibility": "teams"}
    assert "Please name at least one team." in writer.post("/kb/new", data=said).text
    assert "You would shut yourself out" in writer.post("/kb/new", data=said | {"teams": other.id}).text
    assert writer.post("/kb/new", data=said | {"teams": first.id}).status_code == 303


def test_saving_makes_versions_and_a_stale_form_keeps_what_was_typed(writer, printer, asel):
    form = {"title": "Printer", "body": "Mine", "seen_number": 1}
    actions.save(printer, Text("Printer", "Theirs"), asel)
    answer = writer.post("/kb/printer/versions", data=form)
    assert answer.status_code == 409 and ">\r\nMine</textarea>" in answer.text and 'value="2"' in answer.text
    assert article().latest.body == "Theirs"
    assert writer.post("/kb/printer/versions", data=form | {"seen_number": 2}).status_code == 303
    assert (article().latest.body, article().latest.number) == ("Mine", 3)


def test_an_empty_text_is_refused_and_the_title_stays(writer, printer):
    answer = writer.post("/kb/printer/versions", data={"title": "Scanner", "body": "  ", "seen_number": 1})
    assert answer.status_code == 400 and 'value="Scanner"' in answer.text


def test_preview_writes_nothing(writer, printer):
    answer = writer.post("/kb/printer/preview", data={"title": "x", "body": "# Loud <script>", "part": "1"})
    assert '<h2 id="s-loud-script">Loud &lt;script&gt;</h2>' in answer.text and "<form" not in answer.text
    whole = writer.post("/kb/printer/preview", data={"title": "x", "body": "typed"})
    assert "<p>typed</p>" in whole.text and "typed</textarea>" in whole.text
    assert article().latest.number == 1


def test_saved_and_published_at_once(writer, printer):
    answer = writer.post("/kb/printer/publication", data={"title": "Printer", "body": "New", "seen_number": 1})
    assert answer.status_code == 303
    assert (article().state, article().published.body) == ("published", "New")


def test_where_only_leads_publish_an_agent_asks_for_a_review(writer, client, printer, first):
    settings.change(agents_publish=False)
    page = writer.get("/kb/printer/edit").text
    assert "Save and publish" not in page and "Save and ask for a review" in page
    assert writer.post("/kb/printer/publication").status_code == 403
    asked = writer.post("/kb/printer/review", data={"title": "Printer", "body": "New", "seen_number": 1})
    assert asked.status_code == 303
    assert article().state == "in_review"
    lead = sign_in(client, user("lead", leads=(first,)))
    assert "Printer" in lead.get("/kb/manage?show=review").text
    assert lead.post("/kb/printer/return", data={"reason": ""}).status_code == 400
    assert lead.post("/kb/printer/return", data={"reason": "Which button?"}).status_code == 303
    assert "Which button?" in lead.get("/kb/printer/edit").text
    assert article().state == "draft"


def test_publishing_later_on_the_readers_own_clock(writer, printer):
    day = (clock.now() + timedelta(days=3)).date()
    answer = writer.post("/kb/printer/schedule", data={"day": day.isoformat(), "time": "09:30"})
    assert answer.status_code == 303
    assert (article().publish_at.date(), article().publish_at.hour, article().publish_at.minute) == (day, 3, 30)
    past = writer.post("/kb/printer/schedule", data={"day": "2020-01-01", "time": "09:30"})
    assert past.status_code == 400 and "must lie ahead" in past.text and 'value="2020-01-01"' in past.text
    assert writer.post("/kb/printer/schedule/removal").status_code == 303
    assert article().publish_at is None


def test_archived_and_brought_back(writer, printer, asel):
    actions.publish(printer, asel)
    assert writer.post("/kb/printer/archiving").status_code == 303
    assert writer.get("/kb/printer").status_code == 404
    assert "Printer" in writer.get("/kb/manage?show=archived").text
    assert writer.post("/kb/printer/revival").status_code == 303
    assert article().state == "draft"


def test_versions_are_compared_and_restored(writer, printer, asel):
    actions.save(printer, Text("Printer", "Switch it off."), asel)
    assert writer.get("/kb/printer/versions").status_code == 200
    page = writer.get("/kb/printer/versions/2/differences").text
    assert "<del>" in page and "<ins>" in page and "Switch it" in page
    assert "<strong>on</strong>" in writer.get("/kb/printer/versions/1").text
    assert writer.get("/kb/printer/versions/9").status_code == 404
    assert writer.get("/kb/printer/versions/1/differences?with=99999999999999999999").status_code == 404
    assert writer.post("/kb/printer/versions/1/restoration").status_code == 303
    assert (article().latest.number, article().latest.body) == (3, "Switch it **on**.")


def test_a_change_of_readers_acts_at_once(writer, printer, asel, first):
    actions.publish(printer, asel)
    page = writer.get("/kb/printer/facts").text
    seen = page.split('name="seen" type="hidden" value="')[1].split('"')[0]
    said = SELECTS | {"seen": seen, "language": "en", "visibility": "teams", "teams": first.id,
                      "tags": "Paper, toner,"}
    assert writer.post("/kb/printer/facts", data=said).status_code == 303
    assert (article().visibility, [tag.name for tag in article().tags]) == ("teams", ["paper", "toner"])
    assert writer.post("/kb/printer/facts", data=said).status_code == 409


def test_a_translation_stands_beside_its_original(writer, printer, asel, first):
    category = Category(slug="devices", names=names("Devices"))
    actions.change_facts(printer, Facts("en", "teams", category, asel, [first], ["paper"]), asel)
    actions.publish(printer, asel)
    answer = writer.post("/kb/printer/translations", data={"language": "ky"})
    assert answer.location.endswith("/kb/printer-2/original")
    made = article("printer-2")
    assert (made.visibility, made.category.slug, [one.team for one in made.teams]) == ("teams", "devices", [first])
    actions.save(printer, Text("Printer", "Kick it."), asel)
    actions.publish(printer, asel)
    page = writer.get("/kb/printer-2/original").text
    assert "Kick it." in page and "<ins>" in page
    assert "Printer" in writer.get("/kb/manage?show=outdated").text
    assert writer.post("/kb/printer-2/original/check").status_code == 303
    assert "Nothing here" in writer.get("/kb/manage?show=outdated").text
    assert writer.post("/kb/printer/translations", data={"language": "xx"}).status_code == 400
    assert writer.post("/kb/printer/translations", data={"language": "ky"}).status_code == 409


def test_a_pasted_picture_is_kept_and_only_readers_of_the_published_text_open_it(writer, client, printer, asel):
    answer = writer.post("/kb/printer/files", data={"files": (BytesIO(PNG), "shot.png")},
                         headers={"Accept": "application/json"})
    kept = answer.json["files"][0]
    assert answer.status_code == 201 and kept["name"] == "shot.png" and kept["is_picture"]
    shown = writer.get(kept["url"] + "?inline")
    assert shown.status_code == 200 and shown.headers["Content-Disposition"].startswith("inline")
    assert "sandbox" in shown.headers["Content-Security-Policy"]
    reader = sign_in(client, user("kanat", customer=True))
    assert reader.get(kept["url"]).status_code == 404
    actions.save(article(), Text("Printer", f"![shot]({kept['url']})"), asel)
    assert reader.get(kept["url"]).status_code == 404
    actions.publish(article(), asel)
    assert reader.get(kept["url"]).status_code == 200
    actions.save(article(), Text("Printer", "Without"), asel)
    assert reader.get(kept["url"]).status_code == 200
    actions.publish(article(), asel)
    assert reader.get(kept["url"]).status_code == 404


def test_files_without_scripts(writer, printer):
    assert writer.post("/kb/printer/files", data={}).status_code == 400
    answer = writer.post("/kb/printer/files", data={"files": (BytesIO(b"hello"), "list.txt")})
    assert answer.status_code == 303
    kept = db.session.scalar(sa.select(ArticleFile))
    assert f"[list.txt](/kb/files/{kept.id})" in writer.get("/kb/printer/edit").text


def test_still_right(writer, printer, asel):
    actions.publish(printer, asel)
    day = (clock.now() + timedelta(days=100)).date()
    assert writer.post("/kb/printer/confirmation", data={"next_on": day.isoformat()}).status_code == 303
    assert article().review_on == day
    assert writer.post("/kb/printer/confirmation", data={"next_on": "2020-01-01"}).status_code == 400


@pytest.mark.parametrize("show", ["all", "mine", "drafts", "review", "stale", "outdated", "archived", "nonsense"])
def test_every_list_opens(writer, printer, show):
    assert writer.get(f"/kb/manage?show={show}").status_code == 200


def test_what_is_due_for_a_look_comes_first_come_first(writer, printer, asel):
    scanner = actions.draft(Text("Scanner", "x"), Facts("en", "public"), asel)
    day = clock.now().date()
    for one, days in ((printer, 3), (scanner, 9)):
        actions.publish(one, asel)
        one.review_on = day - timedelta(days=days)
    page = writer.get("/kb/manage?show=stale").text
    assert page.index("Scanner") < page.index("Printer")


def test_categories(client, printer, asel):
    admin = sign_in(client, user("admin", administrator=True))
    page = admin.get("/admin/article-categories/new").text
    seen = page.split('name="seen" type="hidden" value="')[1].split('"')[0]
    said = {"seen": seen, "slug": "devices", "position": 1, "parent_id": "", "names_en": "Devices",
            "names_ky": "Түзмөктөр"}
    assert admin.post("/admin/article-categories/new", data=said).status_code == 303
    assert admin.post("/admin/article-categories/new", data=said).status_code == 409
    devices = db.session.scalar(sa.select(Category))
    assert admin.post("/admin/article-categories/new", data=said | {
        "slug": "printers", "parent_id": devices.id}).status_code == 303
    printers = db.session.scalar(sa.select(Category).where(Category.slug == "printers"))
    assert printers.parent_id == devices.id
    assert admin.post("/admin/article-categories/devices/removal").status_code == 409
    actions.change_facts(printer, Facts("en", "public", printers), asel)
    assert admin.post("/admin/article-categories/printers/removal").status_code == 409
    actions.change_facts(printer, Facts("en", "public"), asel)
    assert admin.post("/admin/article-categories/printers/removal").status_code == 303
    assert admin.get("/admin/article-categories").status_code == 200
    assert db.session.scalar(sa.select(sa.func.count()).select_from(ArticleVersion)) == 1
