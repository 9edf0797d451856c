"""The administrator makes a draft, tries it, opens what flipped, activates it or throws it away."""

import re

import pytest

from app.backtest import jobs
from app.backtest.models import Backtest, Flip
from app.core import clock
from app.core.db import db
from app.sla.models import SlaPolicyVersion, SlaRuleList
from tests import people
from tests.sla.conftest import HOUR, at

from .test_trial import solved

pytestmark = pytest.mark.slow


def fields_of(page):
    """What a browser would send for the page's edit form."""
    form = re.search(r'<form class="form".*?</form>', page, re.S)[0]
    values = {}
    for tag in re.findall(r"<input[^>]*>", form):
        kept = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        if "name" in kept and kept.get("type") not in ("checkbox", "submit"):
            values[kept["name"]] = kept.get("value", "")
        elif "name" in kept and "checked" in tag:
            values.setdefault(kept["name"], kept.get("value", "y"))
    for name, options in re.findall(r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', form, re.S):
        chosen = re.search(r'<option selected value="([^"]*)"', options) or re.search(r'value="([^"]*)"', options)
        values[name] = chosen[1]
    for name, text in re.findall(r'<textarea[^>]*name="([^"]*)"[^>]*>(.*?)</textarea>', form, re.S):
        values[name] = text.strip()
    return values


def tried(number):
    """What the job does, in this process."""
    begun = []
    jobs.start_waiting(clock.now(), lambda *found: begun.append(found))
    assert [backtest_id for backtest_id, _runner in begun] == [number]
    assert jobs.run(*begun[0]) == "done"
    db.session.expire_all()
    return db.session.get(Backtest, number)


@pytest.fixture
def drafted(office, root):
    """A draft of the standard policy with four hours for the resolution of P3, made in its form."""
    typed = fields_of(root.get("/admin/sla/policies/standard").text)
    answer = root.post("/admin/sla/backtests/policies/standard", data=typed | {"P3_resolution": "4:00"})
    assert answer.status_code == 303, answer.text
    return db.session.scalar(db.select(Backtest))


def page_of(backtest, more=""):
    return f"/admin/sla/backtests/{backtest.id}{more}"


def test_the_form_of_a_policy_has_the_button(office, root):
    assert 'formaction="/admin/sla/backtests/policies/standard"' in root.get("/admin/sla/policies/standard").text


def test_a_draft_is_no_version(drafted, office, root):
    assert db.session.scalar(db.select(db.func.count()).select_from(SlaPolicyVersion)) == 1
    assert drafted.content["targets"]["P3"]["resolution"] == 4 * HOUR
    assert "18:00 → 4:00" in root.get(page_of(drafted)).text


def test_what_makes_no_sense_comes_back_with_what_was_typed(office, root):
    typed = fields_of(root.get("/admin/sla/policies/standard").text)
    answer = root.post("/admin/sla/backtests/policies/standard", data=typed | {"P3_resolution": "0:00"})
    assert answer.status_code == 400
    assert 'value="0:00"' in answer.text
    assert db.session.scalar(db.select(Backtest)) is None


def test_from_trial_to_the_ticket(drafted, office, ticket, root):
    solved(office, ticket)
    assert root.post(page_of(drafted, "/trial"), data={"since": "2026-03-01", "until": "2026-03-31"}).status_code == 303
    assert root.get(page_of(drafted, "/progress")).json == {"state": "waiting", "done": 0, "total": 0}
    tried(drafted.id)
    page = root.get(page_of(drafted)).text
    assert "Missed only by the draft" in page
    shown = root.get(page_of(drafted, "/tickets?way=worse")).text
    assert f"/tickets/{ticket.id}" in shown
    assert f"/tickets/{ticket.id}" not in root.get(page_of(drafted, "/tickets?way=better")).text


def test_of_a_confidential_ticket_only_the_number(drafted, office, ticket, root):
    solved(office, ticket)
    ticket.is_confidential = True
    root.post(page_of(drafted, "/trial"), data={"since": "2026-03-01", "until": "2026-03-31"})
    tried(drafted.id)
    shown = root.get(page_of(drafted, "/tickets")).text
    assert f"#{ticket.id}" in shown
    assert f"/tickets/{ticket.id}" not in shown and ticket.subject not in shown
    assert "due " not in shown, "nor when it was due"


@pytest.mark.parametrize("typed", [{}, {"since": "2026-03-31", "until": "2026-03-01"}, {"since": "x", "until": "y"},
                                   {"since": "0001-01-01", "until": "9999-12-31"}])
def test_days_that_make_no_period(drafted, root, typed):
    assert root.post(page_of(drafted, "/trial"), data=typed).status_code == 400
    db.session.expire_all()
    assert drafted.state == "draft"


def test_activated_from_a_date(drafted, office, root):
    seen = fields_of(root.get(page_of(drafted)).text[root.get(page_of(drafted)).text.index('id="activation"'):])
    answer = root.post(page_of(drafted, "/activation"), data=seen | {"holds_from": "2099-01-01"})
    assert answer.status_code == 303, answer.text
    db.session.expire_all()
    newest = office.policy.versions[-1]
    assert (newest.targets["P3"]["resolution"], newest.valid_from) == (4 * HOUR, at("2099-01-01 00:00"))
    assert drafted.state == "activated"


def test_what_changed_since_the_draft_is_said_before_it_is_replaced(drafted, office, root):
    typed = fields_of(root.get("/admin/sla/policies/standard").text)
    assert root.post("/admin/sla/policies/standard", data=typed | {"P3_resolution": "9:00"}).status_code == 303
    answer = root.post(page_of(drafted, "/activation"), data={"seen": drafted.seen})
    assert answer.status_code == 409
    assert "Somebody else has changed this meanwhile" in answer.text
    db.session.expire_all()
    assert office.policy.versions[-1].targets["P3"]["resolution"] == 9 * HOUR
    again = fields_of(answer.text[answer.text.index('id="activation"'):])
    assert root.post(page_of(drafted, "/activation"), data=again).status_code == 303


def test_thrown_away_with_what_flipped(drafted, office, ticket, root):
    solved(office, ticket)
    root.post(page_of(drafted, "/trial"), data={"since": "2026-03-01", "until": "2026-03-31"})
    tried(drafted.id)
    assert root.post(page_of(drafted, "/removal")).status_code == 303
    assert db.session.scalar(db.select(Backtest)) is None
    assert db.session.scalar(db.select(Flip)) is None
    assert db.session.scalar(db.select(db.func.count()).select_from(SlaPolicyVersion)) == 1


def test_what_is_being_tried_is_not_activated(drafted, root):
    root.post(page_of(drafted, "/trial"), data={"since": "2026-03-01", "until": "2026-03-31"})
    assert root.post(page_of(drafted, "/activation"), data={"seen": drafted.seen}).status_code == 409
    assert root.post(page_of(drafted, "/trial"), data={"since": "2026-03-01", "until": "2026-03-31"}).status_code == 409


def test_a_draft_of_the_calendar(office, root):
    typed = fields_of(root.get("/admin/calendars/office").text)
    assert root.post("/admin/sla/backtests/calendars/office", data=typed | {"day_5": "10:00-14:00"}).status_code == 303
    draft = db.session.scalar(db.select(Backtest))
    page = root.get(page_of(draft)).text
    assert "Saturday: – → 10:00–14:00" in page
    part = page[page.index('id="activation"'):]
    assert root.post(page_of(draft, "/activation"), data=fields_of(part)).status_code == 303
    db.session.expire_all()
    assert office.calendar.versions[-1].week["5"] == [["10:00", "14:00"]]


def test_a_draft_of_the_rules_is_changed_and_activated(office, root):
    assert root.post("/admin/sla/backtests/rules/new", data={
        "names-en": "VIP", "names_en": "VIP", "policy_id": office.policy.id, "priority": "P1"}).status_code == 303
    draft = db.session.scalar(db.select(Backtest))
    assert [rule["conditions"] for rule in draft.content] == [{"priority": ["P1"]}, {}]
    assert root.post(page_of(draft, "/rules/1/removal")).status_code == 303
    assert root.post(page_of(draft, "/rules/7/removal")).status_code == 409
    part = (page := root.get(page_of(draft)).text)[page.index('id="activation"'):]
    assert root.post(page_of(draft, "/activation"), data=fields_of(part)).status_code == 303
    newest = db.session.scalar(db.select(SlaRuleList).order_by(SlaRuleList.valid_from.desc()))
    assert [rule.conditions for rule in newest.rules] == [{"priority": ["P1"]}]


def test_a_draft_of_a_team(office, ticket, root):
    solved(office, ticket)
    typed = fields_of(root.get("/admin/teams/service-desk").text)
    answer = root.post("/admin/teams/service-desk/draft", data=typed | {
        "assignment": "round_robin", f"weight_{office.agent.id}": "0"})
    assert answer.status_code == 303, answer.text
    draft = db.session.scalar(db.select(Backtest))
    page = root.get(page_of(draft)).text
    assert "By hand → In turn" in page
    root.post(page_of(draft, "/trial"), data={"since": "2026-03-01", "until": "2026-03-31"})
    result = tried(draft.id).result
    assert result["people"] == [[office.lead.id, [0, 1]], [office.agent.id, [1, 0]]]
    shown = root.get(page_of(draft, "/tickets")).text
    assert f"/tickets/{ticket.id}" in shown and "<td>Lead</td>" in shown
    ticket.is_confidential = True
    db.session.commit()
    shown = root.get(page_of(draft, "/tickets")).text
    assert f"#{ticket.id}" in shown and "<td>Lead</td>" not in shown, "nor whose it was, nor when it came"
    part = (page := root.get(page_of(draft)).text)[page.index('id="activation"'):]
    assert root.post(page_of(draft, "/activation"), data=fields_of(part)).status_code == 303
    db.session.expire_all()
    assert office.first.assignment == "round_robin"


def test_the_list_costs_the_same_however_long(drafted, root, statements):
    root.get("/admin/sla/backtests")
    few = statements(lambda: root.get("/admin/sla/backtests"))
    for _draft in range(10):
        root.post("/admin/sla/backtests/rules")
    assert statements(lambda: root.get("/admin/sla/backtests")) == few


def test_nobody_else_finds_it(drafted, office, client):
    people.sign_in(client, office.lead)
    assert client.get(page_of(drafted)).status_code == 404
    assert client.post(page_of(drafted, "/activation")).status_code == 404
