"""What mail asks of an agent on a ticket's page: one decides, who comes second is told, strangers find nothing."""

import pytest
import sqlalchemy as sa

from app.accounts.models import User
from app.channels.email.mail import Address
from app.core.db import db
from app.tickets import queries
from app.tickets.models import Mailed, TicketCc, TicketLink
from tests import factories, people

from .conftest import answer, mail, said

pytestmark = pytest.mark.slow
ASKS = ">Not sent<"


@pytest.fixture
def ticket(small, mailbox):
    made = factories.ticket(small.aigul, small.printer)
    db.session.commit()
    return made


@pytest.fixture
def cc(small, ticket, come):
    come(answer(ticket, cc=[Address("ally@x.example", "Ally")]))
    return db.session.scalars(sa.select(TicketCc)).one()


def test_who_is_let_in_follows_the_ticket_as_a_customer(small, ticket, cc, browser_of, come):
    agent = browser_of(small.agent)
    here = f"/tickets/{ticket.id}"
    assert "ally@x.example" in agent.get(here).text and "ally@x.example" not in browser_of(small.aigul).get(here).text
    assert agent.post(f"{here}/ccs/{cc.id}/approval").status_code == 303
    ally = db.session.scalars(sa.select(User).where(User.email == "ally@x.example")).one()
    assert ally.is_customer and [watch.user_id for watch in ticket.watches] == [ally.id]
    assert (cc.state, cc.decided_by_id) == ("approved", small.agent.id)
    assert queries.is_seen(ally, ticket.id) and come(answer(ticket, ally.email)).reason == "joined"
    assert "ally@x.example" not in agent.get(here).text.partition("<main")[2].partition("Want to be let in")[2]


def test_who_is_refused_stays_outside_also_when_named_again(small, ticket, cc, browser_of, come):
    agent = browser_of(small.agent)
    assert agent.post(f"/tickets/{ticket.id}/ccs/{cc.id}/refusal").status_code == 303
    come(answer(ticket, cc=[Address("ally@x.example")]))
    db.session.refresh(cc)
    assert cc.state == "refused" and ticket.watches == []
    assert db.session.scalar(sa.select(User.id).where(User.email == "ally@x.example")) is None


def test_of_two_who_decide_one_is_told(small, ticket, cc, browser_of):
    agent, rival = browser_of(small.agent), browser_of(small.rival)
    there = f"/tickets/{ticket.id}/ccs/{cc.id}"
    assert [agent.post(f"{there}/refusal").status_code, rival.post(f"{there}/approval").status_code] == [303, 409]
    assert ticket.watches == []


def test_a_switched_off_account_is_not_let_in(small, ticket, come, browser_of):
    gone = people.user("gone")
    gone.is_active = False
    come(answer(ticket, cc=[Address(gone.email)]))
    cc = db.session.scalars(sa.select(TicketCc)).one()
    assert browser_of(small.agent).post(f"/tickets/{ticket.id}/ccs/{cc.id}/approval").status_code == 403
    db.session.refresh(cc)
    assert cc.state == "waiting"


def test_only_the_staff_decides(small, ticket, cc, browser_of):
    other = factories.ticket(small.aigul, small.printer)
    for noun in ("approval", "refusal"):
        assert browser_of(small.aigul).post(f"/tickets/{ticket.id}/ccs/{cc.id}/{noun}").status_code == 403
        assert browser_of(small.expert).post(f"/tickets/{ticket.id}/ccs/{cc.id}/{noun}").status_code == 404
        assert browser_of(small.agent).post(f"/tickets/{other.id}/ccs/{cc.id}/{noun}").status_code == 404
        assert browser_of(small.agent).post(f"/tickets/{ticket.id}/ccs/{2**70}/{noun}").status_code == 404
    assert cc.state == "waiting"


@pytest.fixture
def proposed(small, ticket, come):
    """The number of a ticket that may belong to the first one."""
    return come(mail(small.aigul.email, subject=f"Re: [#{ticket.id}]")).ticket_id


def test_a_proposal_is_joined(small, ticket, proposed, browser_of):
    agent = browser_of(small.agent)
    assert "May belong" in agent.get(f"/tickets/{proposed}").text
    answered = agent.post(f"/tickets/{proposed}/proposal/acceptance")
    assert answered.status_code == 303 and answered.location.endswith(f"/tickets/{ticket.id}")
    new = queries.by_number(small.agent, proposed)
    assert new.merged_into_id == ticket.id and "May belong" not in agent.get(f"/tickets/{proposed}").text
    assert agent.post(f"/tickets/{proposed}/proposal/acceptance").status_code == 409


def test_where_the_other_has_ended_it_becomes_its_follow_up(small, ticket, proposed, browser_of):
    ticket.resolve(small.agent)
    assert browser_of(small.agent).post(f"/tickets/{proposed}/proposal/acceptance").status_code == 303
    link = db.session.scalars(sa.select(TicketLink)).one()
    assert (link.ticket_id, link.other_id, link.kind) == (proposed, ticket.id, "follow_up_of")


def test_or_it_stands_by_itself(small, ticket, proposed, browser_of):
    agent, rival = browser_of(small.agent), browser_of(small.rival)
    assert agent.post(f"/tickets/{proposed}/proposal/dismissal").status_code == 303
    assert rival.post(f"/tickets/{proposed}/proposal/acceptance").status_code == 409
    assert rival.post(f"/tickets/{proposed}/proposal/dismissal").status_code == 409
    assert queries.by_number(small.agent, proposed).merged_into_id is None
    assert agent.post(f"/tickets/{ticket.id}/proposal/dismissal").status_code == 404


def test_a_proposal_shows_no_ticket_that_its_reader_may_not_see(small, mailbox, come, browser_of):
    secret = factories.ticket(small.bakyt, factories.request_type("cable", small.second), subject="Cable of the king")
    number = come(mail(small.aigul.email, subject=f"[#{secret.id}] please")).ticket_id
    agent = browser_of(small.agent)
    assert "king" not in agent.get(f"/tickets/{number}").text
    assert agent.post(f"/tickets/{number}/proposal/acceptance").status_code == 404


@pytest.fixture
def note(small, ticket, come, tmp_path):
    come(answer(ticket, small.agent.email, text="Tray 2", html="<p>Tray 2</p>"))
    return said(ticket, "note")[0]


def test_an_unsent_note_is_sent_in_its_writers_name_by_who_answers_for_it(small, ticket, note, browser_of):
    rival = browser_of(small.rival)
    there = f"/tickets/{ticket.id}/messages/{note.id}/sending"
    assert ASKS in rival.get(f"/tickets/{ticket.id}").text
    assert [rival.post(there).status_code, browser_of(small.agent).post(there).status_code] == [303, 409]
    (reply,) = said(ticket, "reply")
    assert (reply.body, reply.author_id, reply.entered_by_id, reply.format) == (
        "Tray 2", small.agent.id, small.rival.id, "text")
    assert reply.mailed.html == "<p>Tray 2</p>" and not db.session.get(Mailed, note.id).is_unsent
    assert ASKS not in rival.get(f"/tickets/{ticket.id}").text


def test_nobody_else_sends_it_and_nothing_else_is_sent(small, ticket, note, browser_of):
    there = f"/tickets/{ticket.id}/messages/{note.id}/sending"
    plain = ticket.note("Internal", small.agent)
    db.session.commit()
    assert browser_of(small.aigul).post(there).status_code == 403
    assert browser_of(small.expert).post(there).status_code == 404
    agent = browser_of(small.agent)
    for number in (plain.id, said(ticket)[0].id, 2**70):
        assert agent.post(f"/tickets/{ticket.id}/messages/{number}/sending").status_code == 404
    assert said(ticket, "reply") == []


def test_the_mail_as_it_came_is_for_the_staff(small, ticket, note, browser_of):
    first = said(ticket)[0].id
    got = browser_of(small.agent).get(f"/messages/{note.id}/mail")
    assert got.status_code == 200 and b"raw" in got.data and "attachment" in got.headers["Content-Disposition"]
    assert browser_of(small.aigul).get(f"/messages/{note.id}/mail").status_code == 404
    assert browser_of(small.expert).get(f"/messages/{note.id}/mail").status_code == 404
    assert browser_of(small.agent).get(f"/messages/{first}/mail").status_code == 404
