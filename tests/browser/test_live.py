"""A page says when something new happened on it, and changes only when its reader asks."""

import pytest

from .test_journey import file, reply

pytestmark = pytest.mark.browser

OFFER = "[data-live] a"


def test_the_requester_hears_of_a_reply_without_losing_what_is_typed(window_of, tmp_path):
    with window_of("employee") as employee, window_of("admin") as agent:
        number = file(employee)
        assert not employee.page.is_visible(OFFER)
        employee.page.fill("form[action$='/answers'] textarea[name=body]", "And the printer")
        reply(agent, number, "We are on our way")
        employee.page.wait_for_selector(OFFER, timeout=5000)
        assert "We are on our way" not in employee.text
        assert employee.page.input_value("form[action$='/answers'] textarea[name=body]") == "And the printer"
        employee.page.screenshot(path=tmp_path / "live.png")
        employee.page.click(OFFER)
        employee.page.wait_for_selector("text=We are on our way")
        assert employee.page.input_value("form[action$='/answers'] textarea[name=body]") == "And the printer"
        assert not employee.page.is_visible(OFFER)
        assert employee.complaints == []


def test_a_note_is_not_heard_by_the_requester(window_of):
    with window_of("employee") as employee, window_of("admin") as agent:
        number = file(employee)
        agent.open(f"/tickets/{number}")
        with agent.page.expect_navigation():
            agent.page.evaluate("""() => { const form = document.querySelector("form[action$='/notes']");
                form.querySelector("textarea").value = "He broke it"; form.submit(); }""")
        employee.page.wait_for_timeout(2500)
        assert not employee.page.is_visible(OFFER)
