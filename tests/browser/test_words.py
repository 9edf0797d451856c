"""Reply templates, articles, colleagues and tickets while typing; macros by keyboard."""

import re

import pytest

pytestmark = pytest.mark.browser


def open_ticket(window, where="/queues/mine") -> str:
    """The first ticket of the list; its address."""
    window.open(where)
    address = window.page.get_attribute("a.row-link", "href")
    window.open(address)
    return address


def until(window, script: str) -> None:
    """Asks the page until it says yes; wait_for_function would need what the policy forbids."""
    for _try in range(200):
        if window.page.evaluate(script):
            return
        window.page.wait_for_timeout(25)
    raise AssertionError(f"never: {script}")


def text(window, box="reply") -> str:
    return window.page.input_value(f"#{box}-body")


def test_two_signs_a_keyword_and_enter_say_it_all(window_of):
    with window_of("agent1") as window:
        open_ticket(window)
        keys = window.page.keyboard
        keys.press("r")
        keys.type("::pw")
        keys.press("Enter")
        until(window, "document.querySelector('#reply-body').value.includes('1. ')")
        said = text(window)
        assert "::" not in said and not said.startswith("\n")
        until(window, "Object.values(localStorage).some((kept) => kept.includes('1. '))")
        with window.page.expect_response(re.compile("/replies$")) as answered:
            keys.press("Control+Enter")
        assert answered.value.status < 400
        assert [said for said in window.complaints if "Content Security Policy" in said] == []


def test_arrows_choose_escape_closes_and_a_hole_is_where_the_cursor_goes(window_of):
    with window_of("agent1") as window:
        open_ticket(window)
        keys = window.page.keyboard
        keys.press("r")
        keys.type("::")
        window.page.wait_for_selector("[role=option]")
        assert window.page.get_attribute("#reply-body", "aria-activedescendant") == "choice-1"
        keys.press("ArrowDown")
        assert window.page.get_attribute("[aria-selected=true]", "id") == "choice-2"
        keys.press("Escape")
        assert window.page.query_selector("[role=option]") is None and text(window) == "::"
        keys.press("Enter")
        assert text(window) == "::\n"
        keys.type("::wait")
        window.page.wait_for_selector("[role=option] .mono:text-is('::wait')")
        keys.press("Tab")
        until(window, "document.querySelector('#reply-body').value.includes('[…]')")
        keys.type("X")
        assert "[…]" in text(window) and ": X\n" in text(window)
        keys.press("Control+Z")
        keys.press("Control+Z")
        assert "::wait" in text(window)


def test_on_a_cyrillic_layout(window_of):
    """The keys of ::hi write ЖЖрш, and № stands where # does."""
    with window_of("agent1") as window:
        address = open_ticket(window)
        keys = window.page.keyboard
        window.page.evaluate("document.dispatchEvent(new KeyboardEvent('keydown', "
                             "{ key: 'к', code: 'KeyR', bubbles: true, cancelable: true }))")
        window.page.focus("#reply-body")
        keys.insert_text("Ж")
        keys.insert_text("Ж")
        keys.insert_text("рш")
        keys.press("Enter")
        until(window, "document.querySelector('#reply-body').value.length > 40")
        assert "ЖЖ" not in text(window)
        window.page.fill("#reply-body", "")
        keys.insert_text(f"№{address.rsplit('/', 1)[1][:1]}")
        window.page.wait_for_selector("[role=option]")
        keys.press("Enter")
        assert re.fullmatch(r"#\d+", text(window))


def test_a_note_calls_a_colleague_and_an_article_becomes_a_link(window_of):
    with window_of("agent1") as window:
        open_ticket(window)
        keys = window.page.keyboard
        keys.press("n")
        keys.type("ask @")
        window.page.wait_for_selector("[role=option]")
        keys.press("Enter")
        assert re.fullmatch(r"ask @[\w.]+ ", text(window, "note"))
        keys.type("see ??vpn")
        window.page.wait_for_selector("[role=option] .name")
        keys.press("Enter")
        assert re.search(r"see \[.+\]\(http://[^)]+/kb/[\w-]+\)", text(window, "note"))


def test_a_macro_by_keyboard_is_seen_before_it_is_run(window_of):
    with window_of("agent1") as window:
        address = open_ticket(window, "/queues/all?status=open")
        number = address.rsplit("/", 1)[1]
        window.page.keyboard.press("m")
        window.page.wait_for_url(f"**/tickets/{number}/macros")
        for _line in range(10):
            if "urgent" in window.page.evaluate("document.activeElement.innerText"):
                break
            window.page.keyboard.press("j")
        window.page.keyboard.press("Enter")
        window.page.wait_for_url(f"**/tickets/{number}/macros/*")
        assert "P1" in window.text and "outage" in window.text
        assert window.page.evaluate("document.activeElement.innerText").startswith("Run it")
        window.page.keyboard.press("Enter")
        window.page.wait_for_url(f"**/tickets/{number}")
        assert "outage" in window.text and "P1" in window.text
        assert window.complaints == []


def test_the_preview_follows_what_is_typed(window_of):
    with window_of("agent1") as window:
        window.open("/reply-templates/new")
        window.page.fill("[name=keyword]", "mine")
        window.page.fill("[name=names_en]", "Mine")
        window.page.fill("[name=bodies_en]", "Hello **{requester.first_name}**")
        window.page.wait_for_selector("#preview strong:text-is('Aigul')")
        window.page.type("[name=bodies_en]", " and {nobody}")
        window.page.click("main .form-actions button.primary")
        window.page.wait_for_selector("text=There is no placeholder {nobody} here.")
        assert window.page.input_value("[name=bodies_en]").endswith("and {nobody}")


def test_without_scripts_a_template_goes_behind_what_was_typed(window_of):
    with window_of("agent1") as scripted:
        address = open_ticket(scripted)
        state = scripted.page.context.storage_state()
        context = scripted.page.context.browser.new_context(java_script_enabled=False, storage_state=state)
        page = context.new_page()
        page.goto(scripted.base + address)
        page.fill("#reply-body", "First of all:")
        page.click("[name=take]")
        page.click("section:has-text('::pw') [name=template] >> nth=0")
        assert page.input_value("#reply-body").startswith("First of all:\n\n")
        assert "1. " in page.input_value("#reply-body")
        context.close()
