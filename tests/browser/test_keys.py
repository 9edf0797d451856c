"""The keyboard: walking, selecting, going up and to places, sending; on a Cyrillic layout, and switched off."""

import pytest

pytestmark = pytest.mark.browser
FOCUSED = "document.activeElement.closest('[data-row]')?.querySelector('.row-link')?.getAttribute('href') ?? ''"


def row(window, place: int) -> str:
    return window.page.locator("[data-row] .row-link").nth(place).get_attribute("href")


def test_rows_are_walked_opened_and_left(window_of):
    with window_of("agent1") as window:
        window.open("/queues/service-desk")
        for key, place in (("j", 0), ("j", 1), ("k", 0)):
            window.page.keyboard.press(key)
            assert window.page.evaluate(FOCUSED) == row(window, place)
        opened = row(window, 0)
        with window.page.expect_navigation():
            window.page.keyboard.press("Enter")
        assert window.page.url.endswith(opened)
        with window.page.expect_navigation():
            window.page.keyboard.press("u")
        assert "/queues" in window.page.url


@pytest.mark.parametrize(("second", "place"), [("h", "/"), ("q", "/queues"), ("m", "/queues/mine"), ("k", "/kb"),
                                               ("n", "/notifications")])
def test_places_are_two_keys_away(window_of, second, place):
    with window_of("agent1") as window:
        window.open("/profile")
        window.page.keyboard.press("g")
        with window.page.expect_navigation():
            window.page.keyboard.press(second)
        assert window.page.url == window.base + place


def _type(window, key: str, code: str, shift: bool = False) -> None:
    window.page.evaluate("""([key, code, shiftKey]) => document.activeElement.dispatchEvent(
        new KeyboardEvent("keydown", {key, code, shiftKey, bubbles: true, cancelable: true}))""", [key, code, shift])


def test_a_cyrillic_layout_has_the_same_keys(window_of):
    with window_of("agent1") as window:
        window.open("/queues/service-desk")
        _type(window, "о", "KeyJ")
        assert window.page.evaluate(FOCUSED) == row(window, 0)
        _type(window, ",", "Slash", shift=True)
        assert window.page.is_visible("dialog#shortcuts[open]")


def test_upper_case_means_shift(window_of):
    with window_of("agent1") as window:
        window.open("/profile")
        window.page.evaluate("""() => { window.pressed = []; for (const key of ["Y", "y"]) {
            const button = document.createElement("button"); button.dataset.shortcut = key;
            button.onclick = () => pressed.push(key); document.querySelector("main").append(button); } }""")
        for key in ("y", "Shift+Y"):
            window.page.keyboard.press(key)
        _type(window, "Н", "KeyY", shift=True)
        assert window.page.evaluate("pressed") == ["y", "Y", "Y"]


def test_a_form_is_sent_from_inside_and_esc_leaves_it(window_of):
    with window_of("agent1") as window:
        window.open("/profile")
        window.page.evaluate("""() => { window.sent = []; document.querySelector("main").insertAdjacentHTML("beforeend",
            `<form id="f"><textarea id="t"></textarea><button name="a">a</button>
             <button class="primary" name="b">b</button><button data-send-and name="c">c</button></form>`);
            document.getElementById("f").addEventListener("submit", (event) => {
                event.preventDefault(); sent.push(event.submitter.name); }); }""")
        window.page.focus("#t")
        window.page.keyboard.press("Control+Enter")
        window.page.keyboard.press("Control+Shift+Enter")
        assert window.page.evaluate("sent") == ["b", "c"]
        window.page.keyboard.type("gh?")
        assert window.page.input_value("#t") == "gh?"
        window.page.keyboard.press("Escape")
        assert window.page.evaluate("document.activeElement === document.body")


def test_single_keys_can_be_switched_off(window_of):
    with window_of("agent1") as window:
        window.open("/queues/service-desk")
        window.page.keyboard.press("?")
        window.page.keyboard.press("j")
        assert window.page.evaluate(FOCUSED) == ""
        window.page.check("[data-shortcuts-off]")
        window.page.click("#shortcuts .button")
        window.page.keyboard.press("j")
        assert window.page.evaluate(FOCUSED) == ""


def test_an_employee_is_told_of_own_keys_only(window_of):
    with window_of("employee") as window:
        window.open("/profile")
        window.page.keyboard.press("?")
        said = window.page.inner_text("#shortcuts")
        assert "File a request" in said and "Escalate" not in said and "Saved views" not in said
