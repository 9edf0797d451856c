"""A call and a walk-in in a real browser: how many keys it takes beside the words themselves."""

import re

import pytest

pytestmark = pytest.mark.browser

PERSON = "employee@jardam"


class Keyboard:
    """Counts every key that is not part of a text; a chord is one."""

    def __init__(self, window) -> None:
        self.window, self.pressed = window, []

    def press(self, key: str) -> None:
        self.pressed.append(key)
        self.window.page.keyboard.press(key)

    def goes_on(self, key: str) -> None:
        """Press what leads to another page."""
        with self.window.page.expect_navigation():
            self.press(key)

    def write(self, text: str) -> None:
        self.window.page.keyboard.type(text)


def focus(window) -> str:
    return window.page.evaluate("document.activeElement.name || ''")


def await_focus(window, name: str) -> None:
    window.page.wait_for_selector(f"[name={name}]:focus")


def call(window, key: str, text: str, last: str) -> Keyboard:
    """From any page to a filed ticket, by the keyboard alone."""
    keys = Keyboard(window)
    keys.goes_on(key)
    assert focus(window) == "person"
    keys.write(PERSON)
    keys.press("Enter")
    await_focus(window, "body")
    keys.write(text)
    keys.goes_on(last)
    return keys


def test_a_phone_call_takes_three_keys(window_of):
    with window_of("agent1") as agent:
        keys = call(agent.open("/queues"), "p", "The monitor flickers.\nSince Monday.", "Control+Enter")
        assert keys.pressed == ["p", "Enter", "Control+Enter"]
        assert re.search(r"/tickets/\d+$", agent.page.url)
        assert agent.page.inner_text("h1") == "The monitor flickers."
        assert "written down by" in agent.text and "Phone call" in agent.page.inner_text("main")
        assert agent.complaints == []


def test_a_walk_in_solved_at_once_takes_three_keys(window_of):
    with window_of("agent1") as agent:
        keys = call(agent.open("/"), "w", "Forgot the password.", "Control+Shift+Enter")
        assert len(keys.pressed) == 3
        assert agent.page.inner_text(".page-head .badge >> nth=0").strip() == "Resolved"


def test_a_call_on_a_ticket_takes_two_keys(window_of):
    with window_of("agent1") as agent:
        call(agent.open("/"), "p", "No sound.", "Control+Enter")
        number = agent.page.url.rsplit("/", 1)[1]
        keys = Keyboard(agent)
        keys.goes_on("p")
        assert agent.page.url.endswith(f"/tickets/{number}/calls/phone") and focus(agent) == "body"
        keys.write("It is the left speaker.")
        keys.goes_on("Control+Enter")
        assert keys.pressed == ["p", "Control+Enter"]
        assert "It is the left speaker." in agent.text and agent.page.url.endswith(f"/tickets/{number}")


def test_the_list_is_walked_with_the_arrows_and_shows_what_is_under_way(window_of):
    with window_of("agent1") as agent:
        call(agent.open("/"), "p", "Something open.", "Control+Enter")
        number = agent.page.url.rsplit("/", 1)[1]
        agent.open("/calls/phone").page.fill("[name=person]", PERSON)
        agent.page.wait_for_selector("#callers [role=option]")
        assert agent.page.get_attribute("[name=person]", "aria-expanded") == "true"
        assert agent.page.get_attribute("[name=person]", "aria-activedescendant") == "callers-0"
        agent.page.keyboard.press("ArrowDown")
        assert agent.page.get_attribute("[name=person]", "aria-activedescendant") == "callers-1"
        agent.page.keyboard.press("ArrowUp")
        agent.page.keyboard.press("Enter")
        await_focus(agent, "body")
        agent.page.wait_for_selector(f"[data-open] a[href='/tickets/{number}/calls/phone']")
        assert agent.page.is_hidden("#callers")


def test_somebody_new_is_entered_without_the_mouse(window_of):
    with window_of("agent1") as agent:
        agent.open("/calls/phone")
        assert agent.page.is_hidden("[name=address]")
        agent.page.keyboard.type("Nurlan Newcomer")
        agent.page.wait_for_selector("#callers [data-enter]")
        agent.page.keyboard.press("Enter")
        await_focus(agent, "address")
        agent.page.keyboard.press("Tab")
        agent.page.keyboard.type("+996 555 987654")
        agent.page.focus("[name=body]")
        agent.page.keyboard.type("Do you repair bicycles?")
        with agent.page.expect_navigation():
            agent.page.keyboard.press("Control+Enter")
        assert "Nurlan Newcomer" in agent.text
        agent.open("/calls/phone").page.fill("[name=person]", "0555 98")
        agent.page.wait_for_selector("#callers [data-name='Nurlan Newcomer']")


def test_an_employee_has_no_such_keys(window_of):
    with window_of("employee") as employee:
        employee.open("/tickets").page.keyboard.press("p")
        employee.page.wait_for_timeout(200)
        assert employee.page.url.endswith("/tickets")
