"""Sending with a second look and a way back, by the keyboard."""

import pytest
import sqlalchemy as sa

from app.accounts.models import User
from app.tickets.models import Message, OutgoingReply, Ticket

playwright = pytest.importorskip("playwright.sync_api")

pytestmark = pytest.mark.browser
BODY = "form[action$='/replies'] textarea[name=body]"


@pytest.fixture
def open_ticket(sample_desk):
    """A ticket of the team of agent1 that can be answered, with nothing going out on it."""
    with sample_desk.inside() as session:
        agent = session.scalar(sa.select(User).where(User.email == "agent1@jardam.example"))
        number = session.scalar(sa.select(Ticket.id).where(
            Ticket.team_id.in_(agent.team_ids), Ticket.status == "open", Ticket.requester_id != agent.id,
            ~Ticket.is_confidential, ~sa.exists().where(OutgoingReply.ticket_id == Ticket.id)).limit(1))
    yield number
    undo_seconds(sample_desk, 0)


def undo_seconds(desk, count: int) -> None:
    with desk.inside() as session:
        session.execute(sa.update(User).where(User.email == "agent1@jardam.example").values(
            undo_seconds=count, checks_off=["language"]))
        session.commit()


def said(desk, number: int, words: str) -> int:
    with desk.inside() as session:
        return session.scalar(sa.select(sa.func.count(Message.id)).where(
            Message.ticket_id == number, Message.kind == "reply", Message.body.contains(words)))


def write(agent, number: int, words: str) -> None:
    agent.open(f"/tickets/{number}")
    agent.page.focus(BODY)
    agent.page.keyboard.type(words)


def test_z_takes_the_reply_back(window_of, sample_desk, open_ticket):
    undo_seconds(sample_desk, 30)
    with window_of("agent1") as agent:
        write(agent, open_ticket, "We will come tomorrow at ten.")
        agent.page.keyboard.press("Control+Enter")
        agent.page.wait_for_selector("#going-out .pale")
        playwright.expect(agent.page.locator("[data-countdown]")).to_contain_text("2", timeout=20_000)
        with agent.page.expect_navigation():
            agent.page.keyboard.press("z")
        assert agent.page.input_value(BODY) == "We will come tomorrow at ten."
        assert "You took the reply back" in agent.text
        agent.press("removal")
        assert agent.page.input_value(BODY) == ""
        assert agent.complaints == []
    assert said(sample_desk, open_ticket, "tomorrow at ten") == 0


def test_it_leaves_by_itself(window_of, sample_desk, open_ticket):
    undo_seconds(sample_desk, 2)
    with window_of("agent1") as agent:
        write(agent, open_ticket, "The fitter comes on Friday.")
        agent.page.keyboard.press("Control+Enter")
        agent.page.wait_for_selector("#going-out .pale")
        playwright.expect(agent.page.locator("[data-countdown]")).to_have_count(0, timeout=20_000)
        for _look in range(40):
            if said(sample_desk, open_ticket, "fitter comes on Friday"):
                break
            agent.page.wait_for_timeout(250)
        agent.page.reload()
        assert "The fitter comes on Friday." in agent.text and agent.page.query_selector("#going-out") is None
    assert said(sample_desk, open_ticket, "fitter comes on Friday") == 1


def test_what_is_grave_is_asked_once_by_the_keyboard(window_of, sample_desk, open_ticket):
    with window_of("agent1") as agent:
        write(agent, open_ticket, "Hello {name}, it is done today.")
        agent.page.wait_for_selector("[data-check=placeholder]")
        agent.page.keyboard.press("Control+Enter")
        agent.page.wait_for_selector(".reply-check.asks")
        assert "Send it anyway" in agent.page.inner_text("form[action$='/replies'] .actions .primary")
        assert said(sample_desk, open_ticket, "{name}, it is done") == 0
        with agent.page.expect_navigation():
            agent.page.keyboard.press("Control+Enter")
    assert said(sample_desk, open_ticket, "{name}, it is done") == 1


def test_the_desk_asks_too_when_the_page_was_too_slow(window_of, sample_desk, open_ticket):
    """The answer comes in the place of the page; one more press sends."""
    with window_of("agent1") as agent:
        write(agent, open_ticket, "Hello {nobody}, it is done today.")
        agent.page.keyboard.press("Control+Enter")
        agent.page.wait_for_selector("[data-check=placeholder]")
        assert agent.page.input_value(BODY) == "Hello {nobody}, it is done today."
        agent.page.focus(BODY)
        with agent.page.expect_navigation():
            agent.page.keyboard.press("Control+Enter")
    assert said(sample_desk, open_ticket, "{nobody}, it is done") == 1


def test_one_chord_sends_and_resolves(window_of, sample_desk, open_ticket):
    with window_of("agent1") as agent:
        write(agent, open_ticket, "Replaced the cable, it works.")
        with agent.page.expect_navigation():
            agent.page.keyboard.press("Control+Shift+Enter")
        assert "Resolved" in agent.page.inner_text(".page-head")


def test_without_scripts_it_is_asked_and_taken_back_too(window_of, sample_desk, open_ticket):
    undo_seconds(sample_desk, 30)
    button = "form[action$='/replies'] .actions .primary"
    with window_of("agent1", java_script_enabled=False) as agent:
        agent.open(f"/tickets/{open_ticket}")
        agent.page.fill(BODY, "Hello {plain}, it is done today.")
        agent.send(button)
        assert agent.page.input_value(BODY) == "Hello {plain}, it is done today."
        assert "Send it anyway" in agent.page.inner_text(button)
        agent.send(button)
        agent.send("[data-undo]")
        assert agent.page.input_value(BODY) == "Hello {plain}, it is done today."
        agent.press("removal")
    assert said(sample_desk, open_ticket, "{plain}") == 0
