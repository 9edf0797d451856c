"""The pages: nobody saves what was not shown, everybody sees what is theirs to see."""

import re

import pytest
import sqlalchemy as sa

from app.accounts.absence_models import Absence
from app.attention import housekeeping
from app.core.db import db
from app.tickets.models import Ticket

from .conftest import DAY, NOW

pytestmark = pytest.mark.slow

TOMORROW = NOW + DAY


def entered(cast, **about):
    return {"starts_on": "2026-03-03", "ends_on": "2026-03-05", "reason": "leave", "order_number": "17-k", "note": "",
            "tickets": str(cast.bakyt.id), "approvals": "", "passes_tickets": "pass"} | about


def hidden(response, name):
    return re.search(rf'name="{name}"[^>]*value="([^"]*)"', response.text)[1]


def shown_and_saved(browser, address, fields):
    """What a person does: look at what goes to whom, then save."""
    first = browser.post(address, data=fields | {"seen": hidden(browser.get(address), "seen")})
    assert first.status_code == 200, first.text
    return browser.post(address, data=fields | {name: hidden(first, name) for name in ("seen", "shown")})


def own(person):
    return f"/absences/people/{person.id}"


@pytest.fixture(autouse=True)
def noon(at):
    at(NOW)


def test_aigul_sees_what_goes_to_whom_and_only_then_saves(cast, browser_of, ticket_of):
    ticket_of(cast.aigul, "Broken printer")
    ticket_of(cast.bakyt, "Of Bakyt")
    browser = browser_of(cast.aigul)
    first = browser.post(own(cast.aigul), data=entered(cast))
    assert first.status_code == 200
    assert "What goes to whom" in first.text and "Broken printer" in first.text
    assert "goes to Bakyt" in first.text and "1 active now, 2 then" in first.text
    assert db.session.scalar(sa.select(sa.func.count(Absence.id))) == 0
    saved = browser.post(own(cast.aigul), data=entered(cast) | {"shown": hidden(first, "shown")})
    absence = db.session.scalar(sa.select(Absence))
    assert saved.status_code == 303 and saved.location == f"/absences/{absence.id}"
    assert (absence.user_id, absence.order_number, absence.deputy_id("tickets")) == (
        cast.aigul.id, "17-k", cast.bakyt.id)


def test_what_was_changed_after_the_preview_is_shown_again(cast, browser_of):
    browser = browser_of(cast.aigul)
    first = browser.post(own(cast.aigul), data=entered(cast))
    other = browser.post(own(cast.aigul), data=entered(cast, ends_on="2026-03-06") | {"shown": hidden(first, "shown")})
    assert other.status_code == 200 and "What goes to whom" in other.text
    assert db.session.scalar(sa.select(sa.func.count(Absence.id))) == 0


def test_what_is_due_before_the_return_stands_first(cast, browser_of, ticket_of):
    late, soon, never = (ticket_of(cast.aigul, name) for name in ("Later", "Sooner", "Whenever"))
    late.set_due(NOW + 20 * DAY)
    soon.set_due(NOW + 2 * DAY)
    shown = browser_of(cast.aigul).post(own(cast.aigul), data=entered(cast)).text
    assert shown.index("Sooner") < shown.index("Later") < shown.index("Whenever")
    assert "1 due before the return" in shown and shown.count("<strong class=\"small\">before the return") == 1


def test_no_deputy_and_too_much_for_one_are_warned_of(cast, browser_of, ticket_of):
    for name in ("One", "Two"):
        ticket_of(cast.aigul, name)
    cast.bakyt.memberships[0].capacity, cast.bakyt.memberships[0].weight = 1, 50
    browser = browser_of(cast.aigul)
    assert "2 active tickets would have nobody" in browser.post(own(cast.aigul), data=entered(cast, tickets="")).text
    over = browser.post(own(cast.aigul), data=entered(cast)).text
    assert "Bakyt would have 2 active tickets; the desk gives at most 1" in over
    assert "at most 1<" in over and "50 % of a full share" in over


def test_who_counts_on_the_absent_deputy_is_named(cast, browser_of, away):
    away(cast.bakyt, days=1, tickets=cast.aigul)
    warned = browser_of(cast.aigul).post(own(cast.aigul), data=entered(cast, tickets=str(cast.chynara.id)))
    assert "would have nobody from" not in warned.text
    warned = browser_of(cast.aigul).post(own(cast.aigul), data=entered(cast, tickets=""))
    assert "Tickets of Bakyt would have nobody from" in warned.text


def test_a_lead_sees_whose_escalations_go_where(cast, browser_of, ticket_of):
    ticket_of(cast.aigul)
    about = entered(cast, escalations=str(cast.aigul.id), tickets="")
    shown = browser_of(cast.lead).post(own(cast.lead), data=about).text
    assert re.search(r"Escalations</th>.*Service-Desk.*1 active.*Aigul", shown, re.S)


def test_a_refusal_stands_at_its_field_and_what_was_typed_stays(cast, browser_of):
    refused = browser_of(cast.aigul).post(own(cast.aigul), data=entered(
        cast, ends_on="2026-03-01", order_number="18-k"))
    assert refused.status_code == 400
    assert "The last day lies before the first" in refused.text and 'value="18-k"' in refused.text
    refused = browser_of(cast.aigul).post(own(cast.aigul), data=entered(cast, starts_on="soon"))
    assert refused.status_code == 400 and 'value="17-k"' in refused.text


def test_changing_and_the_second_saver(cast, browser_of, away):
    absence = away(cast.aigul, tickets=cast.bakyt)
    address = f"/absences/{absence.id}/change"
    lead, aigul = browser_of(cast.lead), browser_of(cast.aigul)
    seen = hidden(aigul.get(address), "seen")
    assert shown_and_saved(lead, address, entered(cast, ends_on="2026-03-09")).status_code == 303
    stale = aigul.post(address, data=entered(cast, ends_on="2026-03-07") | {"seen": seen})
    assert stale.status_code == 409 and "Somebody else has changed this meanwhile" in stale.text


def test_cancelling(cast, browser_of, away):
    absence = away(cast.aigul)
    assert browser_of(cast.aigul).post(f"/absences/{absence.id}/cancellation").status_code == 303
    assert absence.cancelled_at == NOW


def test_coming_back_early_and_taking_everything_back(cast, browser_of, away, ticket_of, at):
    printer, scanner = ticket_of(cast.aigul), ticket_of(cast.aigul, "Scanner")
    absence = away(cast.aigul, tickets=cast.bakyt)
    housekeeping.turn_over(at(TOMORROW))
    browser = browser_of(cast.aigul)
    early = browser.post(f"/absences/{absence.id}/taking-back")
    assert early.status_code == 409 and "still absent" in early.text
    assert "You are announced as absent until Mar 5, 2026" in browser.get("/").text
    at(TOMORROW + DAY)
    assert browser.post(f"/absences/{absence.id}/return").status_code == 303
    assert "2 tickets of yours are still with your deputy" in browser.get("/").text
    page = browser.get(f"/absences/{absence.id}").text
    assert "Take all 2 back" in page and "Jardam assigned the ticket to Bakyt, on behalf of Aigul" in page
    browser.post(f"/absences/{absence.id}/taking-back", data={"ticket": scanner.number})
    assert db.session.get(Ticket, scanner.id).assignee_id == cast.aigul.id
    assert db.session.get(Ticket, printer.id).assignee_id == cast.bakyt.id
    browser.post(f"/absences/{absence.id}/taking-back")
    assert db.session.get(Ticket, printer.id).assignee_id == cast.aigul.id
    assert "still with your deputy" not in browser.get("/").text


def test_the_deputy_is_told_on_the_first_page(cast, browser_of, away, at):
    away(cast.aigul, tickets=cast.bakyt, approvals=cast.bakyt)
    said = browser_of(cast.bakyt).get("/").text
    assert "You will stand in for Aigul from Mar 3, 2026 to Mar 5, 2026: Tickets, Approvals." in said
    at(TOMORROW)
    said = browser_of(cast.bakyt).get("/").text
    assert "You stand in for Aigul until Mar 5, 2026: Tickets, Approvals." in said
    assert "You stand in" not in browser_of(cast.chynara).get("/").text


def test_the_page_of_assignment_marks_who_is_absent_and_refuses_naming_the_deputy(cast, browser_of, away, ticket_of,
                                                                                   at):
    printer = ticket_of(cast.chynara)
    away(cast.aigul, tickets=cast.bakyt)
    at(TOMORROW)
    browser, address = browser_of(cast.lead), f"/tickets/{printer.number}/assignment"
    assert "Aigul (absent until Mar 5, 2026, deputy: Bakyt)" in browser.get(address).text
    refused = browser.post(address, data={"assignee": cast.aigul.id})
    assert refused.status_code == 409 and "Bakyt stands in" in refused.text


# Who sees what

def test_team_mates_see_when_and_who_but_not_why(cast, browser_of, away):
    absence = away(cast.aigul, tickets=cast.bakyt, reason="illness", note="Back pain", order_number="17-k")
    for address in ("/absences", f"/absences/{absence.id}"):
        mate, lead = browser_of(cast.chynara).get(address).text, browser_of(cast.lead).get(address).text
        assert "Aigul" in mate and "Bakyt" in mate and "Illness" not in mate and "Back pain" not in mate
        assert "Illness" in lead
    assert browser_of(cast.chynara).post(f"/absences/{absence.id}/cancellation").status_code == 403


def test_other_teams_find_nothing(cast, browser_of, away):
    absence = away(cast.aigul)
    browser = browser_of(cast.stranger)
    assert "Aigul" not in browser.get("/absences").text
    assert browser.get(f"/absences/{absence.id}").status_code == 404
    assert browser.get(own(cast.aigul)).status_code == 404


def test_a_deputy_from_elsewhere_sees_the_absence(cast, browser_of, away):
    away(cast.aigul, approvals=cast.stranger)
    assert "Aigul" in browser_of(cast.stranger).get("/absences").text


@pytest.mark.parametrize(("who", "code"), [("aigul", 200), ("lead", 200), ("head", 200), ("admin", 200),
                                           ("bakyt", 404), ("stranger", 404), ("asker", 404), ("customer", 404)])
def test_who_may_announce_for_aigul(cast, browser_of, who, code):
    assert browser_of(getattr(cast, who)).get(own(cast.aigul)).status_code == code


def test_customers_have_no_absences(cast, browser_of):
    browser = browser_of(cast.customer)
    assert [browser.get(address).status_code for address in ("/absences", own(cast.customer), "/absences/new")] == [
        404, 404, 404]
    assert browser_of(cast.admin).get(own(cast.customer)).status_code == 404


def test_a_lead_announces_for_a_member_and_both_stand_in_the_event(cast, browser_of):
    assert shown_and_saved(browser_of(cast.lead), own(cast.aigul), entered(cast)).status_code == 303
    absence = db.session.scalar(sa.select(Absence))
    assert (absence.user_id, absence.by_id) == (cast.aigul.id, cast.lead.id)


def test_the_list_of_people_leads_to_the_form(cast, browser_of):
    browser = browser_of(cast.lead)
    assert f'<option value="{cast.aigul.id}">Aigul' in browser.get("/absences").text
    assert browser.get(f"/absences/new?person={cast.aigul.id}").location == own(cast.aigul)
    assert browser.get("/absences/new?person=x").location == own(cast.lead)


def test_the_list_costs_the_same_for_many(cast, browser_of, away, statements):
    browser, counts = browser_of(cast.lead), []
    for person in (cast.aigul, cast.bakyt, cast.chynara):
        away(person, tickets=cast.lead)
        browser.get("/absences")
        with statements() as said:
            browser.get("/absences")
        counts.append(len(said))
    assert len(set(counts)) == 1


def test_what_is_over_stands_under_the_past(cast, browser_of, away, at):
    away(cast.aigul)
    at(NOW + 9 * DAY)
    browser = browser_of(cast.bakyt)
    assert "Aigul" not in browser.get("/absences").text
    assert "Aigul" in browser.get("/absences?state=past").text
