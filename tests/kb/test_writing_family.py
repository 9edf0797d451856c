"""Who owns a translation, and who may not publish, opens nothing of others to more readers."""

import pytest

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
            "beka": user("beka", member=(other,)), "admin": user("admin", administrator=True)}


@pytest.fixture
def printer(cast):
    """Translated by Beka while all agents read it, then kept to the other team."""
    made = actions.draft(Text("Printer", "switch it on"), Facts("en", "staff", owner=cast["asel"]), cast["asel"])
    actions.publish(made, cast["asel"])
    facts = Facts("ru", "staff", owner=cast["beka"])
    actions.draft(Text("Принтер", "включите"), facts, cast["beka"], translation_of=made)
    kept = Facts("en", "teams", owner=cast["asel"], teams=[cast["first"]])
    actions.change_facts(made, kept, cast["asel"])
    actions.save(made, Text("Quixotry", "marzipan"), cast["asel"])
    actions.publish(made, cast["asel"])
    db.session.commit()
    return made


def changed(browser, slug: str, **values):
    form = {"category_id": "", "owner_id": "", "tags": "", "language": "en"} | values
    seen = browser.get(f"/kb/{slug}/facts").text.split('name="seen"')[1].split('value="')[1].split('"')[0]
    return browser.post(f"/kb/{slug}/facts", data=form | {"seen": seen})


def test_who_translated_reads_the_original_no_longer(client, cast, printer):
    beka = sign_in(client, cast["beka"])
    assert beka.get("/kb/printer/edit").status_code == 404
    pages = [beka.get(f"/kb/printer-2/{noun}") for noun in ("edit", "facts", "versions", "original")]
    assert [page.status_code for page in pages] == [200, 200, 200, 404]
    assert not any(word in page.text for page in pages for word in ("Quixotry", "marzipan"))
    assert beka.post("/kb/printer-2/translations", data={"language": "ky"}).status_code == 404
    assert beka.post("/kb/printer-2/original/check").status_code == 404


def test_who_translated_gives_the_original_to_nobody_else(client, cast, printer):
    beka = sign_in(client, cast["beka"])
    assert changed(beka, "printer-2", language="ru", visibility="public", owner_id=cast["beka"].id).status_code == 403
    db.session.expire_all()
    assert printer.visibility == "teams"


def test_who_translated_still_changes_what_is_of_the_translation_alone(client, cast, printer):
    beka = sign_in(client, cast["beka"])
    answer = changed(beka, "printer-2", language="ru", visibility="teams", teams=[cast["first"].id],
                     owner_id=cast["beka"].id, tags="paper")
    assert answer.status_code == 303


@pytest.mark.parametrize(("visibility", "code"), [("public", 403), ("staff", 303)])
def test_where_leads_publish_agents_give_what_is_published_to_no_more_readers(client, cast, visibility, code):
    settings.change(agents_publish=False)
    made = actions.draft(Text("Scanner", "x"), Facts("en", "staff"), cast["asel"])
    actions.publish(made, cast["admin"])
    db.session.commit()
    assert changed(sign_in(client, cast["asel"]), "scanner", visibility=visibility, tags="paper").status_code == code


def test_a_version_nobody_counts_to_is_not_there(client, cast, printer):
    asel = sign_in(client, cast["asel"])
    assert asel.get(f"/kb/printer/versions/1/differences?with=-{'9' * 20}").status_code == 404


def test_a_team_that_is_not_offered_is_refused(client, cast, printer):
    answer = changed(sign_in(client, cast["asel"]), "printer", visibility="teams", teams=[999])
    assert answer.status_code == 400 and "999" in answer.text
