"""Several tickets at once, by the keyboard: selected, assigned, and taken back."""

import re

import pytest

pytestmark = pytest.mark.browser
LIST = "/queues/all?sort=newest"


def marked(page) -> list[str]:
    return page.eval_on_selector_all(".row-check input:checked", "boxes => boxes.map(box => box.value)")


def assignees(page, numbers: list[str]) -> list[str]:
    return [page.inner_text(f"#row-{number} .assignee .text") for number in numbers]


def test_three_are_selected_assigned_and_taken_back_without_a_mouse(window_of):
    with window_of("agent1") as window:
        page = window.open(LIST).page
        for key in "jxjxjx":
            page.keyboard.press(key)
        chosen = marked(page)
        assert len(chosen) == 3
        before = assignees(page, chosen)
        page.keyboard.press("a")
        page.wait_for_selector("#bulk-dialog[open]")
        with page.expect_navigation():
            page.keyboard.press("Control+Enter")
        assert re.search(r"\d ticket", page.inner_text(".bulk.done"))
        assert len(set(assignees(page, chosen))) == 1
        with page.expect_navigation():
            page.keyboard.press("z")
        assert "as they were" in page.inner_text(".bulk.done") or "as it was" in page.inner_text(".bulk.done")
        assert assignees(page, chosen) == before
        assert window.complaints == []


def test_all_of_the_page_and_none(window_of):
    with window_of("agent1") as window:
        page = window.open(LIST).page
        rows = page.locator("[data-row]").count()
        page.keyboard.press("Shift+X")
        assert len(marked(page)) == rows
        assert page.is_visible(".bulk[role=toolbar]")
        page.keyboard.press("Escape")
        assert marked(page) == []
        assert not page.is_visible(".bulk[role=toolbar]")


def test_with_nothing_selected_a_key_means_the_row_one_is_on(window_of):
    with window_of("agent1") as window:
        page = window.open(LIST).page
        page.keyboard.press("j")
        here = page.evaluate("document.activeElement.closest('[data-row]').id")
        page.keyboard.press("h")
        page.wait_for_selector("#bulk-dialog[open]")
        assert [f"row-{number}" for number in marked(page)] == [here]
        page.keyboard.press("Escape")
        assert not page.is_visible("#bulk-dialog")
        assert len(marked(page)) == 1


def test_a_list_that_was_drawn_anew_has_nothing_selected(window_of):
    with window_of("agent1") as window:
        page = window.open(LIST).page
        page.keyboard.press("j")
        page.keyboard.press("x")
        page.evaluate("""document.dispatchEvent(new CustomEvent("live:news", { detail: { id: 1e12 } }))""")
        page.click("[data-live-offer]")
        page.wait_for_function("!document.querySelector('.bulk[role=toolbar]').checkVisibility()")
        page.wait_for_timeout(1500)
        page.keyboard.press("j")
        page.keyboard.press("h")
        page.wait_for_selector("#bulk-dialog[open]")
        assert len(marked(page)) == 1


def test_without_javascript_a_page_asks(window_of):
    with window_of("agent1") as window:
        page = window.open(LIST).page
        cookies = page.context.cookies()
        plain = page.context.browser.new_context(java_script_enabled=False)
        plain.add_cookies(cookies)
        still = plain.new_page()
        still.goto(window.base + LIST)
        still.locator(".row-check input[name=tickets]").first.check()
        still.click(".bulk [value=tag]")
        still.fill("[name=name]", "toner")
        still.click("#bulk-ask .button.primary")
        assert "1 ticket was tagged." in still.inner_text(".bulk.done")
        still.click("[data-undo]")
        assert "1 ticket is again as it was." in still.inner_text(".bulk.done")
        plain.close()
