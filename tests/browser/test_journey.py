"""A ticket's whole way through a real browser: the first line of what must hold."""

import re
from contextlib import ExitStack

import pytest

pytestmark = pytest.mark.browser


def status(window) -> str:
    window.page.reload()
    return window.page.inner_text(".page-head .badge >> nth=0").strip()


def figures(lead) -> dict[str, int]:
    """This month's counts as the page of figures shows them."""
    lead.open("/kpi")
    row = lead.page.locator("table >> nth=0").locator("tbody tr >> nth=0").locator("td")
    names = ("filed", "resolved", "backlog", "", "", "", "", "escalated", "handed_back", "reopened")
    texts = row.all_inner_texts()
    return {name: int(re.sub(r"\D", "", text) or 0) for name, text in zip(names, texts, strict=True) if name}


def file(employee) -> str:
    employee.open("/tickets/new/no-internet")
    employee.page.fill("[name=subject]", "No network on the third floor")
    employee.page.fill("[name=body]", "Since this morning, in all rooms.")
    for choice in employee.page.query_selector_all("main select[required], main select[aria-required=true]"):
        choice.select_option(index=1)
    for line in employee.page.query_selector_all("main input[type=text][required]:not([name=subject])"):
        line.fill("B-214")
    employee.send("main form.ask .form-actions button >> nth=0")
    return re.search(r"/tickets/(\d+)", employee.page.url).group(1)


def escalate(agent, number: str) -> None:
    agent.open(f"/tickets/{number}/escalation")
    for box in agent.page.query_selector_all("main form.form textarea, main form.form input[type=text]"):
        box.fill("Restarted the switch, the fault came back.")
    agent.send("main form.form button[type=submit]")


def hand_back(expert, number: str) -> None:
    expert.open(f"/tickets/{number}/return")
    expert.page.fill("main form.form textarea", "Which of the two switches?")
    expert.send("main form.form button[type=submit]")


def reply(agent, number: str, text: str, then: str = "") -> None:
    agent.open(f"/tickets/{number}")
    agent.page.fill("form[action$='/replies'] textarea[name=body]", text)
    if then:
        agent.page.check(f"form[action$='/replies'] [name=then][value={then}]", force=True)
    agent.press("replies")


def answer(employee, number: str, text: str) -> None:
    employee.open(f"/tickets/{number}")
    employee.page.fill("form[action$='/answers'] textarea[name=body]", text)
    employee.press("answers")


def clock(agent, number: str) -> str:
    """The resolution clock as the agent sees it."""
    agent.open(f"/tickets/{number}")
    return agent.page.inner_text(".clock >> nth=1").lower()


def test_a_ticket_goes_through_two_levels_and_back(window_of):
    with ExitStack() as windows:
        employee, agent, expert, lead = (windows.enter_context(window_of(who)) for who in
                                         ("employee", "agent1", "agent2", "lead"))
        before = figures(lead)
        number = file(employee)
        assert "No network on the third floor" in employee.text

        agent.open(f"/tickets/{number}")
        agent.press("assignment")
        assert status(agent) == "Open"
        reply(agent, number, "We are looking into it.")
        reply(agent, number, "Which rooms?", then="wait")
        assert status(agent) == "Pending"
        assert "paused" in clock(agent, number)

        answer(employee, number, "301 to 309.")
        assert status(agent) == "Open"
        assert "paused" not in clock(agent, number)

        escalate(agent, number)
        hand_back(expert, number)
        escalate(agent, number)
        expert.open(f"/tickets/{number}")
        expert.press("resolution")
        assert status(expert) == "Resolved"

        answer(employee, number, "It is gone again.")
        agent.open(f"/tickets/{number}")
        assert status(agent) == "Open"
        agent.press("resolution")
        assert status(agent) == "Resolved"

        after = figures(lead)
        grown = {name: after[name] - before[name] for name in after}
        assert grown == {"filed": 1, "resolved": 1, "backlog": 0, "escalated": 2, "handed_back": 1, "reopened": 1}
        for window in (employee, agent, expert, lead):
            # Who was left on the page of a ticket that went to another team finds nothing there any more.
            assert [said for said in window.complaints if f"/tickets/{number}" not in said or "404" not in said] == []

