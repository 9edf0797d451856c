"""The clocks in a browser: deadlines before saving as the form is filled in, and the account copied as text."""

import pytest

pytestmark = pytest.mark.browser


def first_ticket(window) -> str:
    window.open("/queues/service-desk")
    return window.page.get_attribute(".row-link >> nth=0", "href")


def choose(window, extent: str) -> None:
    for name in ("impact", "urgency"):
        with window.page.expect_response("**/facts/promise?*"):
            window.page.select_option(f"[name={name}]", extent)


def test_the_new_deadlines_follow_the_form_and_nothing_is_saved(window_of):
    with window_of("agent1") as window:
        address = first_ticket(window)
        window.open(f"{address}/facts")
        assert window.page.locator("[data-without-scripts]").count() == 0, "the button is for browsers without scripts"
        was = window.page.input_value("[name=impact]"), window.page.input_value("[name=urgency]")
        other, priority = ("low", "p4") if was == ("high", "high") else ("high", "p1")
        choose(window, other)
        window.page.wait_for_selector(f"[data-preview] .badge.{priority}")
        window.open(f"{address}/facts")
        assert window.page.locator("[data-preview] .badge").count() == 0, "nothing was saved"
        assert window.complaints == []


def test_the_account_is_copied_as_text(window_of):
    with window_of("agent1", permissions=["clipboard-read", "clipboard-write"]) as window:
        window.open(f"{first_ticket(window)}/clocks")
        window.page.click("[data-copy]")
        window.page.wait_for_selector("[data-copy] >> text=Copied")
        assert "Policy “" in window.page.evaluate("navigator.clipboard.readText()")
        assert window.complaints == []
