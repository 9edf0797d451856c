"""Who comes near what is not out: right after the readers changed, and with a fixed number of queries."""

from io import BytesIO

import pytest
import sqlalchemy as sa

from app.core import files
from app.core.db import db
from app.kb import actions
from app.kb.actions import Facts, Text
from app.kb.settings import settings
from tests.people import sign_in, team, user

pytestmark = pytest.mark.slow


@pytest.fixture
def cast(desk):
    first, other = team("first"), team("other")
    return {"first": first, "other": other, "asel": user("asel", member=(first,)),
            "beka": user("beka", member=(other,)), "aigul": user("aigul"), "kanat": user("kanat", customer=True),
            "admin": user("admin", administrator=True)}


@pytest.fixture
def printer(cast):
    made = actions.draft(Text("Printer", "old secret"), Facts("en", "public"), cast["asel"])
    kept = actions.attach(made, files.store(BytesIO(b"plan"), "plan.txt"), None)
    actions.save(made, Text("Printer", f"[plan](/kb/files/{kept.id})"), cast["asel"])
    actions.publish(made, cast["asel"])
    made.plan = f"/kb/files/{kept.id}"
    return made


def statuses(client, cast, url: str) -> dict[str, int]:
    return {who: sign_in(client, cast[who]).get(url).status_code for who in ("kanat", "aigul", "beka", "asel", "admin")}


@pytest.mark.parametrize(("visibility", "readers"), [
    ("public", {"kanat", "aigul", "beka", "asel", "admin"}), ("staff", {"aigul", "beka", "asel", "admin"}),
    ("teams", {"asel", "admin"})])
def test_a_file_follows_the_readers_at_once(client, cast, printer, visibility, readers):
    plan = printer.plan
    actions.change_facts(printer, Facts("en", visibility, teams=[cast["first"]]), cast["admin"])
    for url in (plan, "/kb/printer"):
        assert {who for who, status in statuses(client, cast, url).items() if status == 200} == readers


@pytest.mark.parametrize("page", ["edit", "facts", "versions", "versions/1", "versions/2/differences"])
def test_what_is_behind_it_is_the_writers_at_once(client, cast, printer, page):
    assert statuses(client, cast, f"/kb/printer/{page}") == {
        "kanat": 404, "aigul": 404, "beka": 200, "asel": 200, "admin": 200}
    actions.change_facts(printer, Facts("en", "teams", teams=[cast["first"]]), cast["admin"])
    assert statuses(client, cast, f"/kb/printer/{page}") == {
        "kanat": 404, "aigul": 404, "beka": 404, "asel": 200, "admin": 200}
    assert "Printer" not in sign_in(client, cast["beka"]).get("/kb/manage").text


def test_a_stranger_s_file_is_opened_by_no_text(client, cast, printer):
    plan = printer.plan
    actions.change_facts(printer, Facts("en", "staff"), cast["admin"])
    bait = actions.draft(Text("Bait", f"[plan]({plan})"), Facts("en", "public"), cast["asel"])
    actions.publish(bait, cast["asel"])
    assert sign_in(client, cast["kanat"]).get(plan).status_code == 404


def test_without_an_account(client, printer):
    plan = printer.plan
    assert client.get(plan).status_code == 200
    settings.change(is_public=False)
    assert client.get(plan).status_code == 302


@pytest.mark.parametrize("noun", ["publication", "archiving", "schedule/removal", "return", "schedule"])
def test_where_leads_publish_agents_do_not(client, cast, printer, noun):
    settings.change(agents_publish=False)
    agent = sign_in(client, cast["asel"])
    assert agent.post(f"/kb/printer/{noun}").status_code == 403
    lead = sign_in(client, user("lead", leads=(cast["other"],)))
    assert lead.post(f"/kb/printer/{noun}").status_code != 403


def test_a_list_asks_the_same_number_of_questions_however_long(client, cast):
    agent = sign_in(client, cast["asel"])

    def asked(show: str) -> int:
        db.session.commit()
        counted = []
        sa.event.listen(db.engine, "before_cursor_execute", lambda *about: counted.append(about[2]))
        agent.get(f"/kb/manage?show={show}")
        return len(counted)

    actions.draft(Text("One", "x"), Facts("en", "staff", owner=cast["asel"]), cast["asel"])
    few = asked("all")
    for number in range(30):
        facts = Facts("en", "staff", owner=user(f"owner{number}"))
        made = actions.draft(Text(f"More {number}", "x"), facts, cast["asel"])
        actions.draft(Text(f"Ещё {number}", "x"), Facts("ru", "staff"), cast["asel"], translation_of=made)
    assert asked("all") == few


def test_a_long_list_is_read_page_by_page(client, cast):
    for number in range(30):
        actions.draft(Text(f"Article {number:02}", "x"), Facts("en", "staff"), cast["asel"])
    agent = sign_in(client, cast["asel"])
    page = agent.get("/kb/manage?show=drafts").text
    onwards = page.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    both = page + agent.get(onwards).text
    assert [number for number in range(30) if f"Article {number:02}" not in both] == []
    assert agent.get("/kb/manage?show=stale&after=rubbish").status_code == 400
