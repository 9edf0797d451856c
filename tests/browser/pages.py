"""The 25 main pages: what is promised of "every main page" is checked on these.

The same table stands in docs/design.md; bin/shots draws them, test_accessibility.py judges them."""

from typing import Any, NamedTuple


class Page(NamedTuple):
    """One page: its name, whose sign-in of the sample opens it ("-" for nobody's), and its address.

    An address may begin with `ticket`, `request` or `article`: the first of the agent's queue, of the employee's
    requests, of the portal."""

    name: str
    who: str
    address: str


PAGES = (
    Page("Sign-in", "-", "/session"),
    Page("Start page of an employee", "employee", "/"),
    Page("Ask", "employee", "/tickets/new"),
    Page("Filing form", "employee", "/tickets/new/no-internet"),
    Page("My requests", "employee", "/tickets"),
    Page("A request", "employee", "request"),
    Page("Knowledge base", "employee", "/kb"),
    Page("An article", "employee", "article"),
    Page("Profile", "employee", "/profile"),
    Page("Start page of an agent", "agent1", "/"),
    Page("Queues", "agent1", "/queues"),
    Page("A queue", "agent1", "/queues/service-desk"),
    Page("A ticket", "agent1", "ticket"),
    Page("Escalation", "agent1", "ticket/escalation"),
    Page("History of a ticket", "agent1", "ticket/history"),
    Page("Clocks of a ticket", "agent1", "ticket/clocks"),
    Page("A phone call", "agent1", "/calls/phone"),
    Page("Search", "agent1", "/search?q=password"),
    Page("Notifications", "agent1", "/notifications"),
    Page("Editor of an article", "lead", "/kb/new"),
    Page("Workload board", "lead", "/board/service-desk"),
    Page("Figures", "lead", "/kpi"),
    Page("Administration", "admin", "/admin"),
    Page("People", "admin", "/admin/people"),
    Page("Promises", "admin", "/admin/sla"),
)

LISTS = {"ticket": ("/queues/service-desk", "[data-row] a.row-link"),
         "request": ("/tickets?state=ended", "main [data-row] a[href^='/tickets/']"),
         "article": ("/kb", ".article-line a")}
"""Where the first of each is found."""


def pages_of(who: str) -> list[Page]:
    return [page for page in PAGES if page.who == who]


def sign_in(page: Any, base: str, who: str) -> None:
    """As somebody of the sample; "-" stays a stranger."""
    if who != "-":
        page.goto(base + "/session")
        page.fill("[name=email]", f"{who}@jardam.example")
        page.fill("[name=password]", "jardam-sample")
        with page.expect_navigation():
            page.click("main button[type=submit]")


def speak(page: Any, base: str, language: str) -> None:
    """Change to a language (en, ru, ky), as the person would."""
    page.goto(base + "/session" if page.url == "about:blank" else page.url)
    page.click("[popovertarget=languages]")
    with page.expect_navigation():
        page.click(f"#languages [value={language}]")


def address_of(page: Any, base: str, address: str) -> str:
    """The address itself, or the one that stands first in a list."""
    first, _, rest = address.partition("/")
    if not first:
        return base + address
    where, link = LISTS[first]
    page.goto(base + where)
    found = page.locator(link).first.get_attribute("href")
    return base + found.split("?")[0] + ("/" + rest if rest else "")
