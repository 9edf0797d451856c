"""Organisations and people as clients: who sees the pages, what stands on them, and that nothing leaks by them."""

from datetime import UTC, datetime

import pytest

from app.accounts import clients, customers
from app.core.db import db
from app.core.errors import Conflict, Invalid
from app.core.events import events_of
from tests import factories, people
from tests.tickets.conftest import browser_of, small, statements

pytestmark = pytest.mark.slow

__all__ = ["browser_of", "small", "statements"]
NOW = datetime(2026, 11, 2, 4, 0, tzinfo=UTC)


@pytest.fixture
def company(small):
    """A client with two people, who asked both teams."""
    lead = people.user("lead", department=small.office, leads=(small.first,))
    made = clients.create({"name": "Алтын-Таш ЖЧК", "domains": ["altyn.example"], "notes": "Pays **late**",
                           "is_active": True}, lead, NOW)
    first = customers.customer_of("nurlan@altyn.example", "Nurlan", NOW)
    second = customers.customer_of("gulnara@altyn.example", "Gulnara", NOW)
    ours = factories.ticket(first, small.printer, "Ours", "said-on-ours")
    theirs = factories.ticket(second, factories.request_type("cable", small.second), "Theirs", "said-on-theirs")
    theirs.note("noted-on-theirs", small.expert)
    db.session.commit()
    return type("Company", (), {"slug": made.slug, "lead": lead, "first": first, "second": second, "ours": ours,
                                "theirs": theirs, "id": made.id})


def test_the_short_name_is_latin_and_free(company, small):
    assert company.slug == "altyn-tash-zhchk"
    again = clients.create({"name": "Алтын Таш ЖЧК", "domains": [], "notes": "", "is_active": True}, small.agent, NOW)
    assert again.slug == "altyn-tash-zhchk-2"
    assert clients.create({"name": "New", "domains": [], "notes": "", "is_active": True}, small.agent, NOW).slug \
        == "new-2"


def test_who_writes_from_its_domain_belongs_to_it(company):
    assert company.first.organisation_id == company.id
    assert customers.customer_of("x@other.example", "X", NOW).organisation_id is None
    assert customers.customer_of("x@sub.altyn.example", "X", NOW).organisation_id is None


def test_a_domain_belongs_to_one_client(company, small):
    with pytest.raises(Conflict):
        clients.create({"name": "Other", "domains": ["altyn.example"], "notes": "", "is_active": True}, small.agent,
                       NOW)


@pytest.mark.parametrize("text", ["x", "a b.example", "http://x.example", "x@y@z.example", "-", "a..b", "x" * 300])
def test_what_is_no_domain_is_refused(text):
    with pytest.raises(Invalid):
        clients.domains_in(text + ", good.example" if text != "a b.example" else "a, b.example")


def test_domains_are_read_as_people_write_them():
    assert clients.domains_in("@A.example, b.example;\nc.example A.EXAMPLE") == ["a.example", "b.example", "c.example"]
    assert clients.domains_in("") == []


def test_the_page_gathers_what_the_reader_may_see(company, browser_of, small):
    page = browser_of(small.agent).get(f"/clients/{company.slug}").text
    assert "said-on-ours" in page and "Pays <strong>late</strong>" in page
    assert "said-on-theirs" not in page and "Theirs" not in page
    page = browser_of(small.expert).get(f"/clients/{company.slug}").text
    assert "said-on-theirs" in page and "noted-on-theirs" in page and "said-on-ours" not in page


def test_the_page_of_a_person(company, browser_of, small):
    page = browser_of(small.expert).get(f"/clients/people/{company.second.id}").text
    assert "said-on-theirs" in page and "gulnara@altyn.example" in page
    assert "said-on-theirs" not in browser_of(small.agent).get(f"/clients/people/{company.second.id}").text


def test_not_for_who_is_no_agent(company, browser_of, small):
    for path in ("/clients", f"/clients/{company.slug}", f"/clients/people/{company.first.id}", "/clients/new",
                 f"/clients/{company.slug}/edit"):
        assert browser_of(small.aigul).get(path).status_code == 404
        assert browser_of(company.first).get(path).status_code == 404
        assert browser_of(small.agent).get(path.replace(company.slug, "nobody").replace(
            str(company.first.id), "999999999999")).status_code in (200, 404)


def seen_in(page):
    """What the form knows of the stored values."""
    return page.split('name="seen"')[1].split('value="')[1].split('"')[0]


def test_leads_change_clients_agents_do_not(company, browser_of, small):
    sent = {"name": "Another", "domains": "altyn.example", "notes": "", "is_active": "y"}
    assert browser_of(small.agent).post("/clients/new", data=sent).status_code in (403, 404)
    lead = browser_of(company.lead)
    assert lead.post("/clients/new", data=sent).status_code in (400, 409)
    seen = seen_in(lead.get("/clients/new").text)
    made = lead.post("/clients/new", data=sent | {"domains": "another.example", "seen": seen})
    assert made.status_code == 303 and made.location.endswith("/clients/another")
    refused = lead.post("/clients/new", data={"name": "", "domains": "no domain", "notes": "words that survive"})
    assert refused.status_code == 400 and "words that survive" in refused.text


def test_two_who_save_at_once(company, browser_of):
    lead = browser_of(company.lead)
    seen = seen_in(lead.get(f"/clients/{company.slug}/edit").text)
    sent = {"name": "First", "domains": "altyn.example", "notes": "", "is_active": "y", "seen": seen}
    assert lead.post(f"/clients/{company.slug}/edit", data=sent).status_code == 303
    assert lead.post(f"/clients/{company.slug}/edit", data=sent | {"name": "Second"}).status_code == 409


def test_a_person_is_put_under_a_client(company, browser_of, small):
    customer = customers.customer_of("x@other.example", "X", NOW)
    db.session.commit()
    lead = browser_of(company.lead)
    path = f"/clients/people/{customer.id}/organisation"
    assert lead.post(path, data={"organisation": "nobody"}).status_code == 404
    assert lead.post(path, data={"organisation": company.slug}).status_code == 303
    assert customer.organisation_id == company.id
    assert browser_of(small.aigul).post(path, data={"organisation": ""}).status_code == 404


def test_who_belongs_to_what_is_no_longer_a_client_stays_there(company, browser_of):
    clients.organisation(company.slug).is_active = False
    db.session.commit()
    lead, path = browser_of(company.lead), f"/clients/people/{company.first.id}"
    assert f'<option selected value="{company.slug}"' in lead.get(path).text
    assert lead.post(f"{path}/organisation", data={"organisation": company.slug}).status_code == 303
    assert company.first.organisation_id == company.id


def test_mail_may_go_there_again(company, browser_of, small):
    company.first.bounced_at, company.first.bounce_reason = NOW, "550 no such user"
    db.session.commit()
    agent = browser_of(small.agent)
    assert "550 no such user" in agent.get(f"/clients/people/{company.first.id}").text
    for _twice in range(2):
        assert agent.post(f"/clients/people/{company.first.id}/reachable").status_code == 303
    assert company.first.bounced_at is None
    assert [event.kind for event in events_of("user", company.first.id)].count("user.mail_arrives") == 1


def test_search_finds_people_and_organisations(company, browser_of, small):
    page = browser_of(small.agent).get("/clients?q=алтын").text
    assert "Алтын-Таш ЖЧК" in page
    assert "Nurlan" in browser_of(small.agent).get("/clients?q=nurl").text
    assert "Nurlan" not in browser_of(small.agent).get("/clients?q=%25").text


def test_the_number_of_statements_does_not_grow(company, browser_of, small, statements):
    agent = browser_of(small.agent)

    def asked():
        with statements() as said:
            assert agent.get(f"/clients/{company.slug}").status_code == 200
        return len(said)

    before = asked()
    for n in range(12):
        customer = customers.customer_of(f"p{n}@altyn.example", f"P {n}", NOW)
        factories.ticket(customer, small.printer, f"Subject {n}", "Words").reply("Answer", small.agent)
    db.session.commit()
    assert asked() == before
