"""The list of work as an agent uses it: narrowed, saved, laid out, and kept fresh, by keyboard and on a phone."""

import pytest

from .pages import speak
from .test_accessibility import LOOKS, complaints
from .test_journey import file

pytestmark = pytest.mark.browser

MENUS = ("more-filters", "order-menu", "layout-menu", "list-menu")


def subjects(window) -> list[str]:
    return window.page.eval_on_selector_all("#queue-rows .row-link", "all => all.map(one => one.textContent.trim())")


def unfold(window) -> None:
    """On a phone what narrows a list lies behind one button."""
    if window.page.is_visible("[popovertarget=list-tools]") and not window.page.is_visible("#list-tools"):
        window.page.click("[popovertarget=list-tools]")


def test_a_list_is_narrowed_saved_and_found_again_with_v(window_of):
    with window_of("agent1") as window:
        page = window.open("/queues/all").page
        every = len(subjects(window))
        page.click(".pills >> text=Nobody yet")
        page.wait_for_url("**/queues/all?assignee=none")
        assert 0 < len(subjects(window)) < every
        page.fill("#narrowing [name=q]", "a")
        page.press("#narrowing [name=q]", "Enter")
        page.wait_for_url("**/queues/all?assignee=none&q=a")
        page.click("[popovertarget=list-menu]")
        page.click("text=Save as a view")
        page.fill("[name=name]", "Free and about a")
        page.click("main .primary")
        page.wait_for_url("**/queues/views/*")
        shown = subjects(window)
        page.keyboard.press("v")
        page.wait_for_url("**/queues/views")
        page.click("text=Free and about a")
        page.wait_for_url("**/queues/views/*")
        assert subjects(window) == shown
        assert window.complaints == []


def test_columns_and_density_are_chosen_in_a_menu(window_of):
    with window_of("agent1") as window:
        page = window.open("/queues/all").page
        height = "document.querySelector('#queue-rows .row').getBoundingClientRect().height"
        assert 36 <= page.evaluate(height) <= 40
        page.click("[popovertarget=layout-menu]")
        page.check("#layout-menu [value=compact]")
        page.check("#layout-menu [value=type]")
        page.click("#layout-menu .primary")
        page.wait_for_selector(".queue.compact .cell.type")
        assert page.evaluate(height) <= 31
        assert window.complaints == []


def test_what_comes_in_appears_by_itself(window_of):
    with window_of("agent1") as agent, window_of("employee") as employee:
        agent.open("/queues/all?sort=newest")
        number = file(employee)
        agent.page.wait_for_selector(f"#row-{number}", timeout=6000)
        assert "Waits for us 0 min" in agent.page.inner_text(f"#row-{number}")


def test_a_file_of_the_list_does_not_lock_the_page(window_of):
    with window_of("agent1") as window:
        page = window.open("/queues/all").page
        for kind in ("CSV", "XLSX"):
            page.click("[popovertarget=list-menu]")
            with page.expect_download() as download:
                page.click(f"text=Export as {kind}")
            assert download.value.suggested_filename.endswith(kind.lower())
            page.keyboard.press("Escape")
        page.click(".pills >> text=Mine")
        page.wait_for_url("**assignee=me")


@pytest.mark.slow
@pytest.mark.parametrize("look", LOOKS)
def test_the_menus_of_a_list_are_for_everyone(window_of, look):
    with window_of("agent1", **LOOKS[look]) as window:
        wrong = {}
        for path in ("/queues/all?waits=us&priority=P4", "/queues/views", "/queues/views/new"):
            window.open(path)
            for menu in MENUS if "all" in path else ("",):
                if menu:
                    unfold(window)
                    window.page.click(f"[popovertarget={menu}]")
                    box = window.page.locator(f"#{menu}").bounding_box()
                    width = window.page.viewport_size["width"]
                    assert box["x"] >= 0 and box["x"] + box["width"] <= width, (menu, box)
                if found := complaints(window):
                    wrong[path, menu] = found
                window.page.keyboard.press("Escape")
        assert wrong == {}


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "ru", "ky"])
@pytest.mark.parametrize("width", [360, 390, 1440])
def test_a_list_begins_on_the_first_screen_and_no_word_of_its_frame_is_cut(window_of, language, width):
    with window_of("lead", viewport={"width": width, "height": 844}) as window:
        page = window.open("/queues/all").page
        speak(page, window.base, language)
        assert page.evaluate("document.querySelector('[data-row]').getBoundingClientRect().top") <= 290
        assert page.evaluate(UNREADABLE) == []
        if width < 800:
            assert page.evaluate("document.querySelector('[data-row]').getBoundingClientRect().top") <= 220


UNREADABLE = """() => {
  const cut = (shown, text) => {
    const pen = document.createElement('canvas').getContext('2d'), look = getComputedStyle(shown);
    pen.font = look.font;
    const place = shown.clientWidth - parseFloat(look.paddingLeft) - parseFloat(look.paddingRight);
    return pen.measureText(text).width > place + 1;
  };
  const wide = (shown) => shown.offsetParent && shown.scrollWidth > shown.clientWidth + 1;
  const words = [...document.querySelectorAll('.nav > ul .label, .nav-more-button span')]
    .flatMap((label) => label.textContent.split(' ').filter((word) => label.clientWidth && cut(label, word)));
  const box = document.querySelector('#narrowing [name=q]');
  const why = [...document.querySelectorAll('.queue:not(.compact) .why')].filter(wide).map((line) => line.textContent);
  return [...words, ...(cut(box, box.placeholder) ? [box.placeholder] : []), ...why];
}"""
"""Words of the bar under the thumb that are broken, a placeholder that does not fit, reasons of rows that are cut."""
