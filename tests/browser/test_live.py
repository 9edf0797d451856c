"""What happens on a page shows itself in it, and leaves alone what its reader is about."""

import pytest

from .test_journey import file, reply

pytestmark = pytest.mark.browser

OFFER = "[data-live-offer]"
ANSWER = "form[action$='/answers'] textarea[name=body]"
REPLY = "#reply-body"
SENT_MS = 25_000
"""A reply can be taken back for some seconds before it leaves."""


def seen(window) -> list[str]:
    return window.page.eval_on_selector_all("[name=seen_message_id]", "all => all.map(one => one.value)")


def newest(window) -> str:
    return window.page.eval_on_selector_all("#conversation .message", "all => all.at(-1).id").removeprefix("m")


def answer(employee, words: str) -> None:
    employee.page.fill(ANSWER, words)
    employee.send("form[action$='/answers'] button.primary")


def note(agent, words: str) -> None:
    agent.page.evaluate("document.querySelector('[data-composer=note]').open = true")
    agent.page.fill("form[action$='/notes'] textarea[name=body]", words)
    agent.send("form[action$='/notes'] button.submit")


def test_a_reply_appears_and_what_is_being_typed_stays(window_of):
    with window_of("employee") as employee, window_of("admin") as agent:
        number = file(employee)
        employee.page.click(ANSWER)
        employee.page.keyboard.type("And the printer")
        before = seen(employee)
        reply(agent, number, "We are on our way")
        employee.page.wait_for_selector("#conversation >> text=We are on our way", timeout=SENT_MS)
        assert employee.page.input_value(ANSWER) == "And the printer"
        assert employee.page.evaluate("document.activeElement.name") == "body"
        assert "New message from" in employee.page.inner_text("[data-live-words]")
        employee.page.wait_for_function("([id]) => document.querySelector('[name=seen_message_id]').value === id",
                                        arg=[newest(employee)])
        assert seen(employee) != before
        employee.send("form[action$='/answers'] button.primary")
        assert employee.text.index("We are on our way") < employee.text.index("And the printer")
        assert "Nothing was sent yet" not in employee.text
        assert employee.complaints == []


def test_the_state_in_the_head_follows(window_of):
    with window_of("employee") as employee, window_of("agent1") as agent:
        agent.open(f"/tickets/{file(employee)}")
        agent.press("assignment")
        employee.page.wait_for_selector("#head >> text=We are on it", timeout=4000)


def test_what_was_not_on_the_screen_is_not_taken_as_read(window_of):
    """A reply goes out stale only if its writer has had the newer message before their eyes."""
    with window_of("employee") as employee, window_of("admin", viewport={"width": 900, "height": 500}) as agent:
        number = file(employee)
        agent.open(f"/tickets/{number}")
        for n in range(6):
            agent.open(f"/tickets/{number}")
            note(agent, f"Step {n}\n\n" * 12)
        agent.open(f"/tickets/{number}")
        agent.page.evaluate("scrollTo(0, 0)")
        before = seen(agent)
        answer(employee, "It burns now")
        agent.page.wait_for_selector("[data-live-down]", timeout=4000)
        assert agent.page.inner_text("[data-live-down]") == "1 new message ↓"
        assert agent.page.evaluate("scrollY") == 0
        assert seen(agent) == before
        agent.page.click("[data-live-down]")
        agent.page.wait_for_selector("[data-live-down]", state="hidden")
        agent.page.wait_for_function("([id]) => document.querySelector('[name=seen_message_id]').value === id",
                                     arg=[newest(agent)])


def test_what_came_after_the_press_is_held_back(window_of):
    with window_of("employee") as employee, window_of("admin") as agent:
        number = file(employee)
        agent.open(f"/tickets/{number}")
        agent.page.context.set_offline(True)
        agent.page.fill(REPLY, "Please restart it")
        agent.page.click("form[action$='/replies'] button.primary")
        answer(employee, "It works again, thank you")
        agent.page.context.set_offline(False)
        agent.page.wait_for_selector("text=Nothing was sent yet", timeout=20_000)
        assert agent.page.input_value(REPLY) == "Please restart it"
        assert "It works again" in agent.text


def test_a_note_is_not_heard_by_the_requester(window_of):
    with window_of("employee") as employee, window_of("admin") as agent:
        number = file(employee)
        asked = []
        employee.page.on("request", lambda request: asked.append(request.url))
        note(agent.open(f"/tickets/{number}"), "He broke it")
        reply(agent, number, "We are on our way")
        employee.page.wait_for_selector("#conversation >> text=We are on our way", timeout=SENT_MS)
        assert "He broke it" not in employee.page.content()
        assert sum(url.endswith(f"/tickets/{number}") for url in asked) == 1


def test_a_new_ticket_appears_in_the_queue_but_not_under_the_hand(window_of):
    with window_of("employee") as employee, window_of("admin") as agent:
        number = file(employee)
        agent.open(f"/tickets/{number}")
        agent.page.click("#head a.back")
        agent.page.wait_for_selector("#queue-rows")
        row = "#queue-rows a[href$='/tickets/{}']"
        agent.page.mouse.move(2, 2)
        second = file(employee)
        agent.page.wait_for_selector(row.format(second), timeout=4000)
        agent.page.keyboard.press("j")
        third = file(employee)
        agent.page.wait_for_selector(OFFER, timeout=6000)
        assert not agent.page.query_selector(row.format(third))
        agent.page.click(OFFER)
        agent.page.wait_for_selector(row.format(third))
        assert not agent.page.is_visible(OFFER)
        assert agent.complaints == []
