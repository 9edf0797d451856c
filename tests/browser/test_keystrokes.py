"""How many keys the daily work costs. What is typed as text is free, a chord is one; `::` counts as two."""

import re

import pytest

from .test_journey import file

pytestmark = pytest.mark.browser


class Hand:
    """The keyboard of one window: counts what is pressed, and waits for the page where a key leads to one."""

    def __init__(self, window) -> None:
        self.window, self.pressed = window, 0

    def press(self, *keys: str) -> "Hand":
        for key in keys:
            self.window.page.keyboard.press(key)
            self.pressed += 1
        return self

    def go(self, key: str) -> "Hand":
        """A key that leads to another page."""
        with self.window.page.expect_navigation():
            self.press(key)
        self.window.page.wait_for_load_state()
        return self

    def say(self, text: str) -> "Hand":
        self.window.page.keyboard.type(text)
        return self


def until(window, script: str) -> None:
    for _try in range(400):
        if window.page.evaluate(script):
            return
        window.page.wait_for_timeout(25)
    raise AssertionError(f"never: {script}")


def fill_in(window) -> None:
    """Everything the form asks for, in words and choices."""
    for box in window.page.query_selector_all("main form.form textarea, main form.form input[type=text]"):
        if box.is_visible() and not box.input_value():
            box.fill("Restarted the switch twice; the fault came back after ten minutes.")
    for choice in window.page.query_selector_all("main form.form select"):
        if choice.is_visible() and not choice.input_value():
            choice.select_option(index=1)


def focus_box(window) -> None:
    window.page.locator("main form.form textarea >> nth=0").focus()


def number_of(window) -> str:
    return re.search(r"/tickets/(\d+)", window.page.url).group(1)


def test_filing_a_request_takes_two_actions_at_most(window_of):
    with window_of("employee") as employee:
        employee.open("/")
        hand = Hand(employee)
        assert employee.page.evaluate("document.activeElement.name") == "subject", "the box waits for words"
        hand.say("The printer on the second floor does not print")
        # What such a request is asked for appears while one types; it is text too.
        employee.page.wait_for_selector("main form select[name^=field]", state="attached")
        fill_in(employee)
        employee.page.focus("[name=subject]")
        hand.go("Enter")
        assert re.search(r"/tickets/\d+", employee.page.url) and hand.pressed <= 2
        assert "The printer on the second floor" in employee.page.inner_text("h1")


def test_the_next_ticket_is_taken_answered_and_resolved_in_eight_keys(window_of):
    with window_of("agent1") as agent:
        agent.open("/")
        hand = Hand(agent)
        hand.go("Shift+J")
        number = number_of(agent)
        if agent.page.locator("[data-shortcut=t]").count():
            hand.go("t")
        else:
            hand.pressed += 1
        hand.press("r", ":", ":")
        agent.page.wait_for_selector("[role=option]")
        hand.press("Enter")
        until(agent, "document.querySelector('#reply-body').value.length > 20")
        agent.page.evaluate("document.querySelector('#reply-body').value = "
                            "document.querySelector('#reply-body').value.replaceAll('[…]', '12')")
        with agent.page.expect_response(re.compile(r"/replies$")):
            hand.press("Control+Shift+Enter")
        assert hand.pressed <= 8
        await_status(agent, number, "Resolved")


def await_status(window, number: str, status: str) -> None:
    """A reply may be taken back for some seconds; then it goes, and what follows it with it."""
    for _try in range(60):
        window.open(f"/tickets/{number}")
        if window.page.inner_text(".page-head .badge >> nth=0").strip() == status:
            return
        window.page.wait_for_timeout(500)
    raise AssertionError(window.text)


def test_the_next_ticket_is_one_key_away(window_of):
    with window_of("agent1") as agent:
        agent.open("/")
        first = Hand(agent).go("Shift+J")
        seen = number_of(agent)
        again = Hand(agent).go("Shift+J")
        assert first.pressed == again.pressed == 1 and number_of(agent) != seen


def test_escalating_and_handing_back_take_two_keys_each(window_of):
    with window_of("employee") as employee:
        number = file(employee)
    with window_of("agent1") as agent:
        agent.open(f"/tickets/{number}")
        hand = Hand(agent).go("e")
        fill_in(agent)
        focus_box(agent)
        hand.go("Control+Enter")
        assert hand.pressed <= 2 and "/escalation" not in agent.page.url, agent.text
    with window_of("agent2") as expert:
        expert.open(f"/tickets/{number}")
        hand = Hand(expert).go("b")
        focus_box(expert)
        hand.say("Which of the two switches?")
        hand.go("Control+Enter")
        assert hand.pressed <= 2 and "/return" not in expert.page.url, expert.text


def test_a_whole_day_with_the_keyboard_alone(chromium, sample_desk):
    """Signed in by Tab, a ticket opened from the list, noted, let wait, gone on with, given away, and signed out."""
    context = chromium.new_context(locale="en-GB")
    page = context.new_page()
    page.set_default_timeout(10_000)
    base = f"http://127.0.0.1:{sample_desk.port}"
    keys = page.keyboard

    def tab_to(selector: str) -> None:
        for _try in range(80):
            if page.evaluate("s => document.activeElement.matches(s)", selector):
                return
            keys.press("Tab")
        raise AssertionError(f"no way to {selector}")

    def go(key: str) -> None:
        with page.expect_navigation():
            keys.press(key)
        page.wait_for_load_state()

    page.goto(base + "/session")
    tab_to("[name=email]")
    keys.type("agent1@jardam.example")
    tab_to("[name=password]")
    keys.type("jardam-sample")
    go("Enter")
    keys.press("g")
    go("q")
    keys.press("j")
    assert page.evaluate("document.activeElement.matches('a.row-link')")
    go("Enter")
    assert re.search(r"/tickets/\d+", page.url)
    keys.press("n")
    keys.type("Looked at it; the part is ordered.")
    with page.expect_response(re.compile(r"/notes$")):
        keys.press("Control+Enter")
    page.wait_for_selector(".message.note >> text=the part is ordered")
    go("a")
    assert page.url.endswith("/assignment")
    tab_to("select[name=assignee]")
    go("Control+Enter")
    keys.press("?")
    assert page.locator("dialog[open]").count() == 1
    keys.press("Escape")
    keys.press("Control+k")
    assert page.locator("dialog[open] [role=combobox]").count() == 1
    keys.press("Escape")
    go("u")
    context.close()
