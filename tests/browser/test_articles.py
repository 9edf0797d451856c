"""Knowledge where the work is, in a real browser: answered before filing, and sent from beside the reply."""

import re
import time
from contextlib import ExitStack

import pytest

from .test_journey import file

expect = pytest.importorskip("playwright.sync_api").expect
pytestmark = pytest.mark.browser
TYPO = "the pritner does not prnt"
BESIDE = "#articles form[data-search]"


def await_index(window) -> None:
    """The sample has just been loaded: words are repaired once the index holds its articles."""
    for _second in range(90):
        if "<details" in window.page.request.get(f"{window.base}/tickets/suggestions?q={TYPO}").text():
            return
        time.sleep(1)
    pytest.fail("the articles were never found")


def test_an_article_answers_before_anything_is_filed(window_of):
    with window_of("employee") as employee:
        await_index(employee)
        employee.open("/tickets/new/printer")
        assert employee.page.locator("text=Look for an answer first").count() == 0
        employee.page.type("[name=subject]", TYPO)
        employee.page.fill("[name=body]", "Since this morning.")
        employee.page.wait_for_selector("details.answer")
        expect(employee.page.locator("#answers [role=status]")).not_to_be_empty()
        employee.page.focus("[name=subject]")
        for key in ("ArrowDown", "Enter"):
            employee.page.keyboard.press(key)
        employee.page.wait_for_selector("details.answer[open] .article-body")
        employee.send("details.answer[open] button[formaction]")
        assert "Thank you" in employee.text and "Nothing was filed" in employee.text

        employee.send("form[action*='/tickets/new/'] button")
        assert employee.page.input_value("[name=subject]") == TYPO
        assert employee.page.input_value("[name=body]") == "Since this morning."
        assert employee.complaints == []


def test_own_words_go_along_to_the_form(window_of):
    with window_of("employee") as employee:
        employee.open("/tickets/new")
        employee.page.type("#subject", "Wi-Fi & VPN?")
        employee.page.click(".kinds > summary")
        employee.page.wait_for_selector("a.tile[href*='subject=Wi-Fi']")
        employee.send("a.tile[href*='/no-internet']")
        assert employee.page.input_value("[name=subject]") == "Wi-Fi & VPN?"
        assert employee.complaints == []


def test_an_agent_sends_an_article_from_beside_the_reply(window_of):
    with ExitStack() as windows:
        employee, agent = (windows.enter_context(window_of(who)) for who in ("employee", "agent1"))
        number = file(employee)
        await_index(employee)
        agent.open(f"/tickets/{number}")
        agent.page.fill("#reply-body", "Please look here:")
        agent.page.evaluate("document.querySelector('#articles').scrollIntoView()")
        agent.page.wait_for_selector(BESIDE)
        agent.page.fill(f"{BESIDE} input", "printer does not print")
        agent.page.press(f"{BESIDE} input", "Enter")
        agent.page.wait_for_selector("#articles h3:text-matches('found')")
        agent.page.click("#articles a[data-insert][href*='/link'] >> nth=0")
        expect(agent.page.locator("#reply-body")).to_have_value(re.compile("/kb/"))
        written = agent.page.input_value("#reply-body")
        assert written.startswith("Please look here:\n\n[")
        agent.press("replies")
        agent.page.evaluate("document.querySelector('#articles').scrollIntoView()")
        agent.page.wait_for_selector("#articles .facts:has-text('sent')")

        slug = re.search(r"/kb/([a-z0-9-]+)\)", written)[1]
        employee.open(f"/tickets/{number}")
        employee.send(f"main a[href$='/kb/{slug}'] >> nth=0")
        assert employee.page.locator("main h1").count() == 1
        assert employee.complaints == [] and agent.complaints == []
