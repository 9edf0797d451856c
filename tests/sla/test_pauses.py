"""The auditor's page: findings kept as events come in, sums that add up, who sees what, and the file."""

import csv
import io
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.core import clock
from app.core.db import db
from app.kpi import refresh
from app.sla import pauses
from app.sla.pause_findings import PauseFinding
from app.sla.settings import sla as settings
from app.tickets import actions as ticket_actions
from app.tickets.models import Ticket
from tests import factories, people
from tests.sla.conftest import HOUR, at

pytestmark = pytest.mark.slow

NOW = at("2026-03-31 12:00")
MARCH = {"first": "2026-03-01", "last": "2026-03-31"}


def found(**conditions):
    rows = db.session.scalars(sa.select(PauseFinding).filter_by(**conditions).order_by(PauseFinding.since))
    return [(row.kind, row.act, row.seconds, row.saved) for row in rows]


def unasked(office, start="2026-03-02 11:00", hours=2, **about):
    """A ticket of Aigul's, paused by the agent without a question for so many hours, and resolved right after."""
    moment = at(start)
    ticket = factories.ticket(about.get("asker", office.aigul), office.printer, "Paper jam", at=moment)
    ticket.take(about.get("by", office.agent), moment)
    ticket.hold(office.waiting, about.get("by", office.agent), moment)
    ticket.resume(about.get("by", office.agent), moment + timedelta(hours=hours))
    ticket.resolve(about.get("by", office.agent), moment + timedelta(hours=hours, minutes=1))
    db.session.commit()
    return ticket


def test_a_finding_is_kept_and_goes_when_the_history_explains_it(office, ticket):
    ticket.hold(office.waiting, office.agent, at("2026-03-02 11:00"))
    refresh.refresh(NOW)
    assert found() == [("no_question", "hold", None, False)]
    ticket.reply("Which printer?", office.agent, at("2026-03-02 11:10"))
    refresh.refresh(NOW)
    assert found() == []


def test_it_is_found_once_however_often_it_is_looked_at(office):
    unasked(office)
    for _time in range(2):
        refresh.refresh(NOW)
        refresh.rebuild(NOW)
    assert found() == [("no_question", "hold", 2 * HOUR, False)]


def test_a_deadline_that_was_met_only_thanks_to_a_pause(office, ticket):
    ticket.hold(office.waiting, office.agent, at("2026-03-02 11:00"))
    ticket.resume(office.agent, at("2026-03-03 11:00"))
    ticket.resolve(office.agent, at("2026-03-04 10:00:01"))
    refresh.refresh(NOW)
    assert found() == [("no_question", "hold", 9 * HOUR, True)]


def test_a_priority_lowered_before_the_deadline_is_judged_by_the_terms_before(office):
    ticket = factories.ticket(office.aigul, office.printer, at=at("2026-03-02 10:00"), impact="high")
    assert ticket.priority == "P2"
    ticket_actions.change_urgency(ticket, "low", "low", office.agent, at("2026-03-03 09:45"))
    ticket.resolve(office.agent, at("2026-03-03 10:30"))
    refresh.refresh(NOW)
    assert found() == [("just_before_due", "priority", 36 * HOUR, True)], "45 hours instead of nine"


def test_the_past_of_an_event_log_is_judged_by_its_deadlines_only(office):
    ticket = unasked(office)
    db.session.execute(sa.update(Ticket).values(origin="incidents"))
    refresh.rebuild(NOW)
    assert found() == []
    ticket.reopen(office.aigul, at("2026-03-02 14:00"))
    ticket.receive("It jams again", office.aigul, at("2026-03-02 14:00"))
    refresh.refresh(NOW)
    assert found() == [("no_question", "hold", 2 * HOUR, False)], "it has messages after all"


def test_another_measure_reads_all_histories_again(office):
    moment = at("2026-03-02 11:00")
    ticket = factories.ticket(office.aigul, office.printer, at=moment)
    ticket.hold(office.waiting, office.agent, moment)
    ticket.resume(office.agent, moment + timedelta(minutes=20))
    db.session.commit()
    refresh.refresh(NOW)
    assert len(found()) == 1
    settings.change(audit_grace_minutes=30)
    refresh.refresh(NOW)
    assert found() == []
    assert refresh.refresh(NOW) == 0
    settings.change(audit_grace_minutes=15)
    office.waiting.waits_for_requester = False
    refresh.refresh(NOW)
    assert found() == [], "nobody is waited for"


@pytest.fixture
def audited(office, monkeypatch):
    """Two of the service desk by two people, one of them twice found; one of the network team; the end of March."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    o = office
    o.rival = people.user("rival", member=(o.first,))
    o.other_lead = people.user("other-lead", leads=(o.second,))
    o.chief = people.user("chief")
    o.office = people.department("office", head=o.chief)
    o.bakyt = people.user("bakyt", department=o.office)
    o.admin = people.user("admin", administrator=True)
    o.one = unasked(o, hours=3)
    o.two = unasked(o, "2026-03-10 09:00", by=o.rival, asker=o.bakyt)
    o.three = factories.ticket(o.aigul, o.printer, "Cable", at=at("2026-03-11 09:00"))
    o.three.escalate(o.second, "Cable", o.agent, at("2026-03-11 09:05"))
    o.three.hold(o.waiting, o.expert, at("2026-03-12 10:00"))
    o.three.resume(o.expert, at("2026-03-12 12:00"))
    o.old = unasked(o, "2026-01-12 11:00")
    refresh.refresh(NOW)
    db.session.commit()
    return o


def scope(**about):
    return pauses.Scope(at(f"{MARCH['first']} 12:00").date(), at(f"{MARCH['last']} 12:00").date(), **about)


def seen(person, **about):
    return [row.ticket_id for row in pauses.page(scope(**about), person, NOW, None).rows]


def test_everybody_sees_what_they_answer_for(audited):
    o = audited
    assert seen(o.admin) == [o.three.id, o.two.id, o.one.id]
    assert seen(o.lead) == [o.two.id, o.one.id]
    assert seen(o.other_lead) == [o.three.id]
    assert seen(o.chief) == [o.two.id]
    assert seen(o.agent) == []


def test_own_requests_and_confidential_ones_are_left_out(audited):
    o = audited
    o.one.requester_id = o.lead.id
    o.two.is_confidential = True
    db.session.commit()
    assert seen(o.lead) == [] and seen(o.admin) == [o.three.id, o.one.id]


def test_the_sums_add_up_and_narrow(audited):
    o, asked = audited, (audited.admin, NOW)
    assert (pauses.total(scope(), *asked).n, pauses.total(scope(), *asked).seconds) == (3, 7 * HOUR)
    assert pauses.by_kind(scope(), *asked)["no_question"].seconds == 7 * HOUR
    by_team = pauses.by_team(scope(), *asked)
    assert {key: each.seconds for key, each in by_team.items()} == {o.first.id: 5 * HOUR, o.second.id: 2 * HOUR}
    assert [(each.title, each.n, each.seconds) for each in pauses.by_person(scope(), *asked)] == [
        ("Agent", 1, 3 * HOUR), ("Expert", 1, 2 * HOUR), ("Rival", 1, 2 * HOUR)]
    assert seen(o.admin, team=o.second.id) == [o.three.id]
    assert seen(o.admin, by=o.rival.id) == [o.two.id]
    assert seen(o.admin, kind="just_before_due") == []


def test_a_pause_of_this_minute_is_not_judged_yet(audited):
    o = audited
    fresh = factories.ticket(o.aigul, o.printer, at=NOW)
    fresh.hold(o.waiting, o.agent, NOW)
    db.session.commit()
    refresh.refresh(NOW)
    assert fresh.id not in seen(o.admin)
    later = NOW + timedelta(minutes=15)
    assert pauses.page(scope(), o.admin, later, None).rows[0].ticket_id == fresh.id
    [row] = [row for row in pauses.page(scope(), o.admin, later, None).rows if row.ticket_id == fresh.id]
    assert pauses.length(row, later) == 15 * 60
    assert pauses.total(scope(), o.admin, later).lasting == 1


def test_the_page_opens_to_the_tickets(audited, client):
    page = people.sign_in(client, audited.lead).get("/pauses", query_string=MARCH).text
    assert f'href="/tickets/{audited.one.id}"' in page and f'href="/tickets/{audited.one.id}/clocks"' in page
    assert "Nobody had asked" in page and "5 hr" in page and "Network" not in page


def test_without_a_period_the_last_thirty_days_are_shown(audited, client):
    page = people.sign_in(client, audited.admin).get("/pauses").text
    assert 'value="2026-03-02"' in page and 'value="2026-03-31"' in page
    assert f'href="/tickets/{audited.one.id}"' in page and f'href="/tickets/{audited.old.id}"' not in page


def test_nothing_found_is_said(audited, client):
    page = people.sign_in(client, audited.admin).get("/pauses?first=2025-01-01&last=2025-02-01").text
    assert "Nothing was found" in page


@pytest.mark.parametrize(("query", "said"), [
    ("first=yesterday", "Not a valid date value."), ("first=2026-03-02&last=2026-03-01", "The end lies before"),
    ("first=2020-01-01", "Choose a year at most."), ("first=0001-01-01&last=0001-01-02", "Choose a day of our time."),
    ("team=99999", "Not a valid choice"), ("team=%E2%80%A8", "Not a valid choice"),
    ("kind=x", "Not a valid choice"), ("last=9999-12-31", "Choose a day"),
    ("by=x", "Not a valid integer"),
])
def test_a_period_that_makes_no_sense_is_refused_and_stays_in_its_field(audited, client, query, said):
    browser = people.sign_in(client, audited.admin)
    answer = browser.get(f"/pauses?{query}")
    assert answer.status_code == 400 and said in answer.text
    assert query.split("&")[0].split("=")[1] in answer.text or "team" in query
    assert browser.get(f"/pauses.csv?{query}").status_code == 400


def test_a_team_of_others_cannot_be_chosen(audited, client):
    browser = people.sign_in(client, audited.lead)
    assert browser.get(f"/pauses?team={audited.first.id}").status_code == 200
    assert browser.get(f"/pauses?team={audited.second.id}").status_code == 400


def test_the_page_is_for_those_who_read_figures(audited, client):
    for person in (audited.agent, audited.aigul):
        assert people.sign_in(client, person).get("/pauses").status_code == 404
        assert client.get("/pauses.csv").status_code == 404


def test_the_file_has_the_same_rows_and_no_formula(audited, client):
    audited.one.subject = '=HYPERLINK("http://evil","x")'
    db.session.commit()
    answer = people.sign_in(client, audited.lead).get("/pauses.csv", query_string=MARCH)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="pauses-2026-03-01-2026-03-31.csv"'
    head, *rows = csv.reader(io.StringIO(answer.text.removeprefix("\ufeff")))
    assert [row[0] for row in rows] == [str(audited.two.id), str(audited.one.id)]
    assert dict(zip(head, rows[1], strict=True)) == {
        "Ticket": str(audited.one.id), "Subject": '\'=HYPERLINK("http://evil","x")',
        "What was found": "Nobody had asked", "What was done": "Set to wait",
        "Reason to wait": "requester",
        "From (Asia/Bishkek)": "2026-03-02 11:00:00",
        "To (Asia/Bishkek)": "2026-03-02 14:00:00", "Seconds of working time": "10800", "Who": "Agent",
        "Team": "Service-Desk", "Deadline met only by this": "No"}


def test_pages_follow_each_other(audited):
    for n in range(30):
        unasked(audited, f"2026-03-{3 + n % 4:02} {9 + n // 4:02}:00", hours=1)
    refresh.refresh(NOW)
    first = pauses.page(scope(), audited.admin, NOW, None)
    second = pauses.page(scope(), audited.admin, NOW, first.after)
    numbers = [row.id for row in first.rows + second.rows]
    assert len(numbers) == len(set(numbers)) == 33 and second.after is None


def test_the_page_asks_as_much_at_any_size(audited, client, statements):
    browser = people.sign_in(client, audited.admin)

    few = statements(lambda: browser.get("/pauses", query_string=MARCH))
    for n in range(30):
        unasked(audited, f"2026-03-{3 + n % 4:02} {9 + n // 4:02}:00", hours=1)
    refresh.refresh(NOW)
    assert statements(lambda: browser.get("/pauses", query_string=MARCH)) == few <= 18


def test_removing_a_ticket_removes_what_was_found(audited):
    db.session.execute(sa.delete(Ticket).where(Ticket.id == audited.two.id))
    assert seen(audited.admin) == [audited.three.id, audited.one.id]
