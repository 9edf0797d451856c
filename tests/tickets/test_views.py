"""Saved views: somebody's own or a team's; each reader finds in them what they may see, and no more."""

import io
import re
from datetime import UTC, datetime
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest
import sqlalchemy as sa

from app.accounts.models import Membership
from app.core.db import db
from app.tickets import actions, queues
from app.tickets.views import actions as view_actions
from app.tickets.views import export
from app.tickets.views.models import ListLayout, SavedView
from tests import factories, people

pytestmark = pytest.mark.slow

NOON = datetime(2026, 3, 2, 6, tzinfo=UTC)


def numbers(page: str) -> list[int]:
    return [int(n) for n in re.findall(r'class="number">(\d+)', page)]


@pytest.fixture
def desk_of_two(small, browser_of):
    """Three tickets of the service desk: one urgent, one of the agent's, one confidential and named to the agent."""
    small.urgent, small.taken = (factories.ticket(small.aigul, small.printer, name) for name in ("Urgent", "Taken"))
    actions.change_urgency(small.urgent, "high", "high", small.agent)
    small.taken.take(small.agent)
    small.secret = factories.ticket(small.aigul, factories.request_type("secret", small.first, is_confidential=True),
                                    "Secret")
    for access in list(small.secret.accesses):
        small.secret.accesses.remove(access)
    small.secret.accesses.append(actions.TicketAccess(user_id=small.agent.id))
    db.session.commit()
    small.browser, small.other = browser_of(small.agent), browser_of(small.rival)
    return small


def saved() -> SavedView:
    return db.session.scalar(sa.select(SavedView).order_by(SavedView.id.desc()))


def save(browser, query: str = "", **form):
    return browser.post(f"/queues/views?{query}", data={"name": "Mine", **form})


def test_a_list_is_saved_as_it_is_looked_at_and_opened_again(desk_of_two):
    page = desk_of_two.browser.get("/queues/all?priority=P1&sort=oldest").text
    offered = re.search(r'href="(/queues/views/new[^"]+)"', page)[1].replace("&amp;", "&")
    form = desk_of_two.browser.get(offered)
    action = re.search(r'action="(/queues/views\?[^"]+)"', form.text)[1].replace("&amp;", "&")
    answer = desk_of_two.browser.post(action, data={"name": "  Burning  ", "team": ""})
    assert (answer.status_code, answer.location) == (303, f"/queues/views/{saved().id}")
    assert (saved().name, saved().args, saved().scope, saved().team_id) == (
        "Burning", {"priority": ["P1"], "sort": "oldest"}, "all", None)
    opened = desk_of_two.browser.get(answer.location).text
    assert numbers(opened) == [desk_of_two.urgent.id]
    assert re.search(r'aria-current="page">Burning<', opened)
    assert "Burning" not in desk_of_two.other.get("/queues/views").text


def test_the_queue_of_one_team_is_saved_with_its_team(desk_of_two):
    page = desk_of_two.browser.get("/queues/service-desk?due=overdue").text
    offered = re.search(r'href="/queues/views/new\?([^"]+)"', page)[1].replace("&amp;", "&")
    save(desk_of_two.browser, offered)
    assert (saved().scope, saved().args) == ("all", {"due": "overdue", "team": ["service-desk"]})


def test_a_name_is_needed_and_what_was_chosen_stays(desk_of_two):
    answer = save(desk_of_two.browser, "priority=P1&list=mine", name=" ", is_start="y")
    assert answer.status_code == 400 and "Please fill this in" in answer.text
    assert "priority=P1" in answer.text and "list=mine" in answer.text and saved() is None


def test_a_view_of_a_team_shows_each_reader_what_they_may_see(desk_of_two):
    save(desk_of_two.browser, "list=all", name="Ours", team=str(desk_of_two.first.id))
    url = f"/queues/views/{saved().id}"
    assert desk_of_two.secret.id in numbers(desk_of_two.browser.get(url).text)
    seen = desk_of_two.other.get(url)
    assert sorted(numbers(seen.text)) == [desk_of_two.urgent.id, desk_of_two.taken.id] and "Secret" not in seen.text
    assert re.search(r"Ours.*?>2<", desk_of_two.other.get("/queues/views").text, re.DOTALL)


def test_me_in_a_shared_view_is_who_looks(desk_of_two):
    save(desk_of_two.browser, "assignee=me", name="My work", team=str(desk_of_two.first.id))
    url = f"/queues/views/{saved().id}"
    assert numbers(desk_of_two.browser.get(url).text) == [desk_of_two.taken.id]
    assert numbers(desk_of_two.other.get(url).text) == []


def test_a_view_of_a_team_is_gone_for_who_has_left_it(desk_of_two, browser_of):
    save(desk_of_two.browser, name="Ours", team=str(desk_of_two.first.id))
    url = f"/queues/views/{saved().id}"
    small = desk_of_two
    small.agent.memberships = []
    db.session.flush()
    small.agent.memberships = [Membership(team=small.second)]
    db.session.commit()
    left = browser_of(small.agent)
    assert left.get(url).status_code == 404 and "Ours" not in left.get("/queues/views").text
    assert left.post(f"{url}/removal").status_code == 404
    assert small.other.get(url).status_code == 200


def test_only_a_team_of_ones_own_can_be_chosen(desk_of_two):
    assert save(desk_of_two.browser, team=str(desk_of_two.second.id)).status_code == 400
    assert saved() is None


def test_a_lead_changes_what_the_team_shares_and_a_colleague_does_not(desk_of_two, browser_of):
    lead = browser_of(people.user("lead", leads=(desk_of_two.first,)))
    save(desk_of_two.browser, name="Ours", team=str(desk_of_two.first.id))
    view_id, form = saved().id, {"name": "All of ours", "team": str(desk_of_two.first.id)}
    assert desk_of_two.other.post(f"/queues/views/{view_id}", data=form).status_code == 403
    assert lead.post(f"/queues/views/{view_id}", data=form).status_code == 303
    assert (saved().name, saved().owner_id) == ("All of ours", desk_of_two.agent.id)
    assert lead.post(f"/queues/views/{view_id}/removal").status_code == 303 and saved() is None


def test_a_view_that_is_looked_at_otherwise_can_be_saved_so(desk_of_two):
    save(desk_of_two.browser, "priority=P1")
    view_id = saved().id
    changed = desk_of_two.browser.get(f"/queues/all?view={view_id}&priority=P1&waits=us").text
    assert "Save the changes to this view" in changed and "As it was saved" in changed
    assert "Save the changes" not in desk_of_two.browser.get(f"/queues/views/{view_id}").text
    action = re.search(r'action="(/queues/views/\d+/filter[^"]+)"', changed)[1].replace("&amp;", "&")
    assert desk_of_two.browser.post(action).status_code == 303
    assert saved().args == {"priority": ["P1"], "waits": "us"}


def test_ones_queues_begin_with_the_view_one_chose_until_it_is_gone(desk_of_two):
    save(desk_of_two.browser, "priority=P1", is_start="y")
    assert numbers(desk_of_two.browser.get("/queues").text) == [desk_of_two.urgent.id]
    assert len(numbers(desk_of_two.other.get("/queues").text)) == 2
    desk_of_two.browser.post(f"/queues/views/{saved().id}/removal")
    assert len(numbers(desk_of_two.browser.get("/queues").text)) == 3
    save(desk_of_two.browser, "priority=P1")
    desk_of_two.browser.post(f"/queues/views/{saved().id}/start")
    assert numbers(desk_of_two.browser.get("/queues").text) == [desk_of_two.urgent.id]
    desk_of_two.browser.post("/queues/start/removal")
    assert len(numbers(desk_of_two.browser.get("/queues").text)) == 3


def test_nobody_makes_more_views_than_are_counted_on_one_page(desk_of_two, monkeypatch):
    monkeypatch.setattr(view_actions, "MOST", 1)
    assert save(desk_of_two.browser).status_code == 303
    refused = save(desk_of_two.browser)
    assert refused.status_code == 409 and "already" in refused.text


@pytest.mark.parametrize("view_id", ["0", "999999", "9" * 25])
def test_a_view_that_is_not_there_is_not_found(desk_of_two, view_id):
    assert desk_of_two.browser.get(f"/queues/views/{view_id}").status_code == 404
    assert numbers(desk_of_two.browser.get(f"/queues/all?view={view_id}").text)


def test_columns_and_density_are_kept_for_the_person_and_for_the_view(desk_of_two):
    browser = desk_of_two.browser
    layout = {"columns": ["tags", "team"], "density": "compact", "next": "/queues/mine"}
    answer = browser.post("/queues/layout", data=layout)
    assert (answer.status_code, answer.location) == (303, "/queues/mine")
    kept = db.session.get(ListLayout, desk_of_two.agent.id)
    assert (kept.columns, kept.density) == (["tags", "team"], "compact")
    page = browser.get("/queues/mine").text
    assert 'class="queue compact n2"' in page and 'class="cell team"' in page and 'class="cell waits"' not in page
    save(browser, name="Wide")
    browser.post(f"/queues/layout?view={saved().id}", data={"columns": ["age"], "density": "comfortable"})
    assert 'class="queue comfortable n1"' in browser.get(f"/queues/views/{saved().id}").text
    assert 'class="queue compact n2"' in browser.get("/queues/mine").text
    assert 'class="queue comfortable n4"' in desk_of_two.other.get("/queues").text


def test_a_layout_of_other_columns_is_refused_and_one_of_a_colleagues_view_changes_nothing(desk_of_two):
    assert desk_of_two.browser.post("/queues/layout", data={"columns": ["salary"], "density": "x"}).status_code == 400
    save(desk_of_two.browser, team=str(desk_of_two.first.id))
    desk_of_two.other.post(f"/queues/layout?view={saved().id}", data={"columns": ["age"], "density": "compact"})
    assert saved().columns == ["waits", "due", "requester", "assignee"] and saved().density == "comfortable"
    assert db.session.get(ListLayout, desk_of_two.rival.id) is None


def test_counting_all_lists_takes_as_many_statements_for_many_views_as_for_one(desk_of_two, statements):
    def asked() -> int:
        db.session.commit()
        with statements() as said:
            assert desk_of_two.browser.get("/queues/views").status_code == 200
        return len(said)

    save(desk_of_two.browser, "priority=P1")
    few = asked()
    for n in range(20):
        save(desk_of_two.browser, "waits=us&q=x", name=f"View {n}", team=str(desk_of_two.first.id) if n % 2 else "")
    assert asked() == few


def export_of(browser, query: str = "") -> str:
    answer = browser.get(f"/queues/export?format=csv&{query}")
    assert answer.status_code == 200 and answer.mimetype == "text/csv"
    assert re.fullmatch(r'attachment; filename="tickets-[0-9-]+\.csv"', answer.headers["Content-Disposition"])
    return answer.text


def test_an_export_holds_what_the_list_shows_in_its_order_and_columns(desk_of_two):
    desk_of_two.browser.post("/queues/layout", data={"columns": ["waits", "assignee", "level"], "density": "compact"})
    head, *rows = export_of(desk_of_two.browser, "sort=newest&waits=us").splitlines()
    assert head.lstrip("\ufeff") == "Number,Priority,Status,Subject,Who waits,Waits since,Assignee,Level"
    ours = [desk_of_two.secret, desk_of_two.taken, desk_of_two.urgent]
    assert [row.split(",")[0] for row in rows] == [str(ticket.id) for ticket in ours]
    assert rows[1].startswith(f"{desk_of_two.taken.id},P4,Open,Taken,Waits for us,") and rows[1].endswith(",Agent,1")


def test_an_export_holds_nothing_that_is_hidden_from_its_reader(desk_of_two):
    desk_of_two.taken.note("A note of ours", desk_of_two.agent)
    db.session.commit()
    text = export_of(desk_of_two.other)
    assert "Secret" not in text and "Secret" in export_of(desk_of_two.browser) and "A note of ours" not in text


def test_tags_of_own_requests_are_in_no_list_and_no_export(desk_of_two):
    own = factories.ticket(desk_of_two.agent, desk_of_two.printer, "Own")
    for ticket in (own, desk_of_two.taken):
        actions.tag(ticket, f"word{ticket.id}", desk_of_two.rival)
    desk_of_two.browser.post("/queues/layout", data={"columns": ["tags"], "density": "compact"})
    for text in (export_of(desk_of_two.browser), desk_of_two.browser.get("/queues/all").text):
        assert f"word{desk_of_two.taken.id}" in text and f"word{own.id}" not in text


def test_a_subject_is_never_a_formula(desk_of_two):
    desk_of_two.taken.subject = '=HYPERLINK("http://evil")'
    db.session.commit()
    assert "'=HYPERLINK" in export_of(desk_of_two.browser)
    book = ZipFile(io.BytesIO(desk_of_two.browser.get("/queues/export?format=xlsx").data))
    sheet = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))
    assert not [each for each in sheet.iter() if each.tag.endswith("}f")]
    assert '=HYPERLINK("http://evil")' in [each.text for each in sheet.iter() if each.tag.endswith("}t")]


def test_an_export_says_when_it_is_cut(desk_of_two, monkeypatch):
    monkeypatch.setattr(export, "MOST", 2)
    *_rows, last = export_of(desk_of_two.browser).splitlines()
    assert last.strip('"').startswith("Only the first 2 tickets are here") and len(_rows) == 3


def test_counts_stop_at_the_cap_and_say_so(desk_of_two, monkeypatch):
    monkeypatch.setattr(queues, "COUNT_CAP", 2)
    assert "2+" in desk_of_two.browser.get("/queues/views").text
