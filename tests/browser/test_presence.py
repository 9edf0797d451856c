"""Who else is on a ticket's page, and who writes there."""

import pytest

from .test_journey import file

pytestmark = pytest.mark.browser

ANSWER = "form[action$='/answers'] textarea[name=body]"
SOMEONE = "#presence .someone"


def test_two_on_one_ticket_see_each_other_come_write_and_go(window_of):
    with window_of("employee") as employee, window_of("admin") as one, window_of("agent1") as other:
        number = file(employee)
        employee.open("/tickets")
        one.open(f"/tickets/{number}")
        other.open(f"/tickets/{number}")
        one.page.wait_for_selector(SOMEONE, timeout=2500)
        other.page.wait_for_selector(SOMEONE, timeout=2500)
        assert one.page.inner_text(SOMEONE).endswith("is here")
        other.page.click("#reply-body")
        other.page.keyboard.type("On my")
        one.page.wait_for_selector(f"{SOMEONE}.writes >> text=is writing a reply", timeout=2500)
        one.page.wait_for_selector(f"{SOMEONE}.writes", state="detached", timeout=15_000)
        assert one.page.inner_text(SOMEONE).endswith("is here")
        other.page.close()
        one.page.wait_for_selector(SOMEONE, state="detached", timeout=6000)
        assert one.complaints == []


def test_the_requester_sees_who_writes_a_reply_and_nothing_else(window_of):
    with window_of("employee") as employee, window_of("admin") as agent:
        number = file(employee)
        agent.open(f"/tickets/{number}")
        agent.page.wait_for_selector(f"{SOMEONE} >> text=who asked, is here", timeout=2500)
        assert not employee.page.query_selector(SOMEONE)
        agent.page.keyboard.press("n")
        agent.page.keyboard.type("He broke it")
        agent.page.wait_for_timeout(1500)
        assert not employee.page.query_selector(SOMEONE)
        agent.page.keyboard.press("Escape")
        agent.page.keyboard.press("r")
        agent.page.keyboard.type("We are")
        employee.page.wait_for_selector(f"{SOMEONE} >> text=is writing a reply", timeout=2500)
        employee.page.click(ANSWER)
        employee.page.keyboard.type("Thank")
        agent.page.wait_for_selector(f"{SOMEONE} >> text=who asked, is writing", timeout=2500)


def test_a_page_that_is_loaded_anew_has_not_left(window_of):
    with window_of("employee") as employee, window_of("admin") as agent:
        number = file(employee)
        agent.open(f"/tickets/{number}")
        agent.page.wait_for_selector(SOMEONE, timeout=2500)
        agent.page.evaluate("""() => { window.left = 0; new MutationObserver(() => {
            if (!document.querySelector("#presence .someone")) window.left += 1;
        }).observe(document.getElementById("presence"), { childList: true, subtree: true }); }""")
        employee.page.reload()
        employee.page.wait_for_timeout(3500)
        assert agent.page.evaluate("window.left") == 0
