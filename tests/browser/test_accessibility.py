"""Every page a person meets, held against WCAG 2.2 AA by axe-core, in both themes, wide and narrow."""

from importlib.resources import files

import pytest

pytestmark = pytest.mark.browser
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
PAGES = {
    "employee": ["/", "/kb", "first article", "/kb/search?q=password", "/kb/search?q=zzqxyqj",
                 "/tickets/new", "/tickets/new/no-internet", "/tickets", "/notifications", "/profile"],
    "agent1": ["/", "/queues", "/queues/service-desk", "/queues/mine", "first ticket", "first ticket/escalation",
               "first article", "first article/feedback", "first ticket/facts",
               "first ticket/history", "first ticket/clocks", "first ticket/promise"],
    "lead": ["/kpi", "/kpi/filed/tickets"],
    "admin": ["/admin", "/admin/people", "/admin/teams", "/admin/departments", "/admin/settings", "/admin/outbox",
              "/admin/events", "/admin/request-types", "/admin/intake-rules", "/admin/calendars", "/admin/sla"],
}
LOOKS = {"wide, light": {"viewport": {"width": 1440, "height": 900}, "color_scheme": "light"},
         "narrow, dark": {"viewport": {"width": 360, "height": 780}, "color_scheme": "dark"}}


def address(window, path: str) -> str:
    if path.startswith("first article"):
        window.open("/kb")
        return window.page.get_attribute(".article-line a >> nth=0", "href") + path.removeprefix("first article")
    if not path.startswith("first ticket"):
        return path
    window.open("/queues/service-desk")
    return window.page.get_attribute(".row-link >> nth=0", "href") + path.removeprefix("first ticket")


def complaints(window) -> list[str]:
    """What axe finds, and whether the page is wider than its window."""
    window.page.evaluate(AXE)
    found = window.page.evaluate("tags => axe.run({runOnly: tags})", RULES)["violations"]
    wide = window.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return [f"{v['id']}: {v['nodes'][0]['html'][:160]}" for v in found] + (["scrolls sideways"] if wide > 0 else [])


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("who", PAGES)
def test_pages_are_for_everyone(window_of, who, look):
    with window_of(who, **LOOKS[look]) as window:
        wrong = {}
        for path in PAGES[who]:
            window.open(address(window, path))
            if found := complaints(window):
                wrong[path] = found
        assert wrong == {}
        assert window.complaints == []


@pytest.mark.parametrize("path", ["/session", "/kb", "/kb/search?q=password", "/kb/search"])
def test_the_pages_of_strangers(sample_desk, chromium, path):
    page = chromium.new_page()
    page.goto(f"http://127.0.0.1:{sample_desk.port}{path}")
    page.evaluate(AXE)
    found = page.evaluate("tags => axe.run({runOnly: tags})", RULES)["violations"]
    assert [(v["id"], v["nodes"][0]["html"]) for v in found] == []
