"""Everything by its name: opened by Ctrl+K, walked by arrows, in the wrong layout too."""

import pytest

from .test_accessibility import violations

pytestmark = pytest.mark.browser
CHOSEN = "#palette-list [aria-selected=true] .what"


def opened(window, path: str = "/profile"):
    window.open(path)
    window.page.keyboard.press("Control+k")
    window.page.wait_for_selector("#palette[open]")
    return window.page


@pytest.mark.parametrize("typed", ["notif", "тщеша", "ntfc"])
def test_a_page_is_three_letters_and_enter_away(window_of, typed):
    with window_of("agent1") as window:
        page = opened(window)
        page.keyboard.type(typed)
        assert page.inner_text(CHOSEN) == "Notifications"
        with page.expect_navigation():
            page.keyboard.press("Enter")
        assert page.url == window.base + "/notifications"
        assert window.complaints == []


def test_a_ticket_is_found_by_its_number(window_of):
    with window_of("agent1") as window:
        window.open("/queues/service-desk")
        number = window.page.locator("[data-row] a.row-link").first.get_attribute("href").split("/")[-1].split("?")[0]
        page = opened(window)
        page.keyboard.type(number)
        page.wait_for_selector(f"#palette-list [href='/tickets/{number}']")


def test_a_button_of_the_page_is_pressed_and_shows_its_key(window_of):
    with window_of("agent1") as window:
        window.open("/profile")
        window.page.evaluate("""() => { document.querySelector("main").insertAdjacentHTML("beforeend",
            '<button data-shortcut="Y">Zebra</button>');
            document.querySelector("[data-shortcut=Y]").onclick = () => { window.pressed = true; }; }""")
        window.page.click("[data-palette]")
        window.page.keyboard.type("zebra")
        assert window.page.inner_text("#palette-list [aria-selected=true] kbd") == "Shift Y"
        window.page.keyboard.press("Enter")
        assert window.page.evaluate("window.pressed") and not window.page.is_visible("#palette")


def test_who_types_before_the_places_are_there_finds_them_all_the_same(window_of):
    with window_of("admin") as window:
        held = []
        window.page.route("**/palette?q=", lambda route: held.append(route))
        page = opened(window)
        page.keyboard.type("mailb")
        page.wait_for_timeout(500)
        assert len(held) == 1
        held[0].continue_()
        page.wait_for_selector("#palette-list [href='/admin/mailboxes']")


def test_it_is_for_everyone_and_escape_leaves(window_of):
    for width, theme in ((1440, "light"), (360, "dark")):
        with window_of("admin", viewport={"width": width, "height": 780}, color_scheme=theme) as window:
            page = opened(window, "/admin")
            page.keyboard.type("pe")
            page.wait_for_function("document.querySelectorAll('#palette-list [role=option]').length > 2")
            assert violations(page) == []
            assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
            page.keyboard.press("Escape")
            page.keyboard.press("Escape")
            assert not page.is_visible("#palette")


def test_what_somebody_may_not_open_is_not_there(window_of):
    with window_of("employee") as window:
        page = opened(window)
        page.wait_for_timeout(500)
        listed = page.inner_text("#palette-list")
        assert "My requests" in listed and "Queues" not in listed and "Teams" not in listed
