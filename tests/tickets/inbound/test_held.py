"""Held mail: who finds it, what may be decided, once; and the administrator's log of every mail."""

import pytest
import sqlalchemy as sa

from app.accounts.models import User
from app.channels.email.models import InboundMail, Mailbox
from app.core.db import db
from app.core.events import Event
from app.tickets.models import Message, TicketCc
from tests import factories, people

from .conftest import answer, mail, said, tickets

pytestmark = pytest.mark.slow

STRANGER = "zoe@x.example"


@pytest.fixture
def take(come):
    """Takes in again what an agent has decided about."""
    return lambda row, understood: come(understood, row_id=row.id)


@pytest.fixture
def held(small, mailbox, come):
    return come(mail(STRANGER, subject="Hello", text="May I come in?"))


@pytest.fixture
def network(small):
    """The mailbox of the second team."""
    made = Mailbox(name="Network", address="net@desk.example", way="pipe", team_id=small.second.id)
    db.session.add(made)
    db.session.commit()
    return made


def fresh(row) -> InboundMail:
    return db.session.get(InboundMail, row.id, populate_existing=True)


def finds(browser, row) -> bool:
    return f"/mail/held/{row.id}\"" in browser.get("/mail/held").text


def test_it_waits_for_level_1_and_the_menu_counts_it(small, held, browser_of):
    agent = browser_of(small.agent)
    page = agent.get("/mail/held").text
    assert "Hello" in page and STRANGER in page
    assert "May I come in?" in agent.get(f"/mail/held/{held.id}").text
    raw = agent.get(f"/mail/held/{held.id}/raw")
    assert raw.status_code == 200 and "attachment" in raw.headers["Content-Disposition"]
    assert not finds(browser_of(small.expert), held)


def test_a_teams_mailbox_is_the_teams(small, network, come, browser_of):
    row = come(mail(STRANGER), to=network)
    boss = people.user("boss", administrator=True)
    assert [finds(browser_of(who), row) for who in (small.expert, small.agent, boss)] == [True, False, True]
    assert browser_of(small.agent).get(f"/mail/held/{row.id}").status_code == 404


def test_what_may_belong_to_a_ticket_concerns_who_works_on_it(small, mailbox, come, browser_of):
    cable = factories.ticket(small.aigul, factories.request_type("cable", small.second))
    row = come(answer(cable, STRANGER))
    assert finds(browser_of(small.expert), row) and finds(browser_of(small.agent), row)
    assert "Add it to the ticket" in browser_of(small.expert).get(f"/mail/held/{row.id}").text
    assert "Add it to the ticket" not in browser_of(small.agent).get(f"/mail/held/{row.id}").text


def test_what_may_belong_to_a_confidential_ticket_is_for_its_people_alone(small, mailbox, come, browser_of):
    secret = factories.ticket(small.aigul, factories.request_type("secret", small.second, is_confidential=True))
    row = come(answer(secret, STRANGER, subject="The dismissal"))
    boss = people.user("boss", administrator=True)
    assert [finds(browser_of(who), row) for who in (small.expert, small.agent, boss)] == [True, False, False]
    log = browser_of(boss).get("/admin/mail").text
    assert STRANGER not in log and "dismissal" not in log
    assert browser_of(boss).get(f"/admin/mail/{row.id}/raw").status_code == 404
    assert browser_of(boss).post(f"/admin/mail/{row.id}/retry").status_code == 404


def test_people_who_are_no_agents_find_no_such_page(small, held, browser_of):
    aigul = browser_of(small.aigul)
    for url in ("/mail/held", f"/mail/held/{held.id}", f"/mail/held/{held.id}/raw", "/admin/mail",
                f"/admin/mail/{held.id}/raw"):
        assert aigul.get(url).status_code == 404
    for noun in ("ticket", "joining", "refusal"):
        assert aigul.post(f"/mail/held/{held.id}/{noun}").status_code == 404
    assert "/mail/held" not in aigul.get("/").text and fresh(held).state == "held"


def test_filing_it_makes_a_customer_and_tells_them(small, held, browser_of, take, postbox, deliver):
    assert browser_of(small.agent).post(f"/mail/held/{held.id}/ticket").status_code == 303
    assert (fresh(held).state, fresh(held).reason) == ("waiting", "let_in") and tickets() == []
    row = take(held, mail(STRANGER, subject="Hello", text="May I come in?"))
    (ticket,) = tickets()
    assert (row.state, row.reason, row.ticket_id) == ("taken", "let_in", ticket.id)
    assert ticket.requester.email == STRANGER and ticket.requester.is_customer
    assert ticket.filed_by_id == small.agent.id and said(ticket)[0].body == "May I come in?"
    deliver()
    assert len(postbox.to(ticket.requester)) == 1


def test_a_machine_that_is_let_in_is_not_answered(small, mailbox, come, browser_of, take, postbox, deliver):
    robot = mail("robot@x.example", automatic="bulk")
    row = come(robot)
    browser_of(small.agent).post(f"/mail/held/{row.id}/ticket")
    take(row, robot)
    deliver()
    assert postbox.to(tickets()[0].requester) == [] and tickets()[0].requester.email == "robot@x.example"


def test_what_names_no_sender_becomes_the_agents_own(small, mailbox, come, browser_of, take):
    nameless = mail(None)
    row = come(nameless)
    assert row.reason == "no_sender"
    browser_of(small.agent).post(f"/mail/held/{row.id}/ticket")
    take(row, nameless)
    assert tickets()[0].requester_id == small.agent.id


def test_adding_it_to_the_ticket_gives_its_sender_words_and_no_eyes(small, mailbox, come, browser_of, take):
    ticket = factories.ticket(small.aigul, small.printer)
    words = answer(ticket, STRANGER, text="It is me, from home")
    row = come(words)
    assert row.reason == "stranger"
    assert browser_of(small.agent).post(f"/mail/held/{row.id}/joining").status_code == 303
    assert take(row, words).reason == "added"
    message, zoe = said(ticket)[-1], db.session.scalars(sa.select(User).where(User.email == STRANGER)).one()
    assert (message.body, message.author_id, message.entered_by_id) == (words.text, zoe.id, small.agent.id)
    assert ticket.requester_id == small.aigul.id and ticket.watches == [] and ticket.filed_by_id is None
    assert browser_of(zoe).get(f"/tickets/{ticket.id}").status_code == 404
    assert db.session.scalars(sa.select(TicketCc.address)).one() == STRANGER


def test_added_to_what_has_ended_it_is_a_note(small, mailbox, come, browser_of, take):
    ticket = factories.ticket(small.aigul, small.printer)
    words = answer(ticket, STRANGER)
    row = come(words)
    ticket.cancel("", small.agent)
    browser_of(small.agent).post(f"/mail/held/{row.id}/joining")
    assert take(row, words).reason == "added" and said(ticket)[-1].kind == "note" and len(tickets()) == 1


def test_an_agent_who_has_lost_the_ticket_adds_nothing(small, mailbox, come, browser_of, take):
    ticket = factories.ticket(small.aigul, small.printer)
    words = answer(ticket, STRANGER)
    row = come(words)
    browser_of(small.agent).post(f"/mail/held/{row.id}/joining")
    small.agent.memberships = []
    db.session.commit()
    again = take(row, words)
    assert (again.state, again.reason) == ("held", "stranger") and len(said(ticket)) == 1


def test_nothing_is_added_to_a_ticket_one_does_not_work_on(small, mailbox, come, browser_of):
    cable = factories.ticket(small.aigul, factories.request_type("cable", small.second))
    row = come(answer(cable, STRANGER))
    assert browser_of(small.agent).post(f"/mail/held/{row.id}/joining").status_code == 404
    assert fresh(row).state == "held"


def test_leaving_it_out_keeps_it_with_a_reason(small, held, browser_of):
    assert browser_of(small.agent).post(f"/mail/held/{held.id}/refusal", data={"said": "Adverts"}).status_code == 303
    row = fresh(held)
    assert (row.state, row.reason, row.said, row.settled_by_id) == ("dropped", "refused", "Adverts", small.agent.id)


@pytest.mark.parametrize("second", ["ticket", "refusal"])
def test_of_two_who_decide_one_is_told(small, held, browser_of, second):
    agent, rival = browser_of(small.agent), browser_of(small.rival)
    assert agent.post(f"/mail/held/{held.id}/refusal").status_code == 303
    assert rival.post(f"/mail/held/{held.id}/{second}").status_code == 409
    assert fresh(held).settled_by_id == small.agent.id


def test_a_switched_off_sender_cannot_be_filed_for(small, mailbox, come, browser_of):
    gone = people.user("gone")
    gone.is_active = False
    row = come(mail(gone.email))
    assert browser_of(small.agent).post(f"/mail/held/{row.id}/ticket").status_code == 400
    assert fresh(row).state == "held"


def test_the_list_costs_the_same_however_long(small, mailbox, come, browser_of, statements):
    agent = browser_of(small.agent)

    def cost(url):
        db.session.commit()
        with statements() as made:
            assert agent.get(url).status_code == 200
        return len(made)

    come(mail(STRANGER))
    one = cost("/mail/held")
    for number in range(10):
        come(mail(f"n{number}@x.example"))
    assert cost("/mail/held") == one


# The administrator's log


@pytest.fixture
def boss(small):
    return people.user("boss", administrator=True)


def test_the_log_shows_every_mail_with_its_reason_and_ticket(small, held, boss, come, browser_of):
    come(mail(small.aigul.email, subject="No paper"))
    come(mail("help@desk.example", subject="Echo"))
    browser = browser_of(boss)
    page = browser.get("/admin/mail").text
    assert all(word in page for word in ("Hello", "No paper", "Echo", "own addresses", f"/tickets/{tickets()[0].id}"))
    assert "Echo" not in browser.get("/admin/mail?state=taken").text
    assert "No paper" in browser.get(f"/admin/mail?sender={small.aigul.email}").text
    assert "Echo" not in browser.get(f"/admin/mail?sender={small.aigul.email}").text
    assert browser.get(f"/admin/mail/{held.id}/raw").status_code == 200


def test_the_log_costs_the_same_however_long(small, mailbox, boss, come, browser_of, statements):
    browser = browser_of(boss)

    def cost():
        db.session.commit()
        with statements() as made:
            assert browser.get("/admin/mail").status_code == 200
        return len(made)

    come(mail(small.aigul.email))
    one = cost()
    for _number in range(8):
        come(mail(small.aigul.email))
    assert cost() == one


def test_what_may_come_out_otherwise_is_tried_again(small, held, boss, come, browser_of):
    people.user("zoe").email = STRANGER
    browser = browser_of(boss)
    assert browser.post(f"/admin/mail/{held.id}/retry").status_code == 303
    assert browser.post(f"/admin/mail/{held.id}/retry").status_code == 409
    assert come(mail(STRANGER), row_id=held.id).reason == "filed"
    assert browser.post(f"/admin/mail/{held.id}/retry").status_code == 409
    assert db.session.scalar(sa.select(sa.func.count(Message.id))) == 1
    assert db.session.scalar(sa.select(Event.id).where(Event.kind == "ticket.filed")) is not None
