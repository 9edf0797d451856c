"""Every page a person meets, held against WCAG 2.2 AA by axe-core, in both themes, wide and narrow."""

from importlib.resources import files

import pytest

from tests.conftest import ENGINE

from .conftest import Window
from .pages import address_of, pages_of, speak

pytestmark = [pytest.mark.browser,
              pytest.mark.skipif(ENGINE == "postgresql", reason="what axe looks at is the same on either engine")]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
JUDGE = """async (tags) => (await axe.run({runOnly: tags, resultTypes: ["violations"]})).violations
    .map((one) => `${one.id}: ${one.nodes[0].html.slice(0, 160)}`)"""
PAGES = {
    "employee": ["/", "/kb", "first article", "/kb/search?q=password", "/kb/search?q=zzqxyqj",
                 "/tickets/new", "/tickets/new/no-internet", "/tickets", "/notifications", "/profile"],
    "agent1": ["/", "/notifications", "/notifications/settings", "/queues", "/queues/service-desk", "/queues/mine",
               "first ticket", "first ticket/escalation",
               "first article", "first article/feedback", "first ticket/facts",
               "first ticket/history", "first ticket/clocks", "first ticket/promise", "first ticket/split",
               "first ticket/print", "first ticket/macros", "/queues/all", "/queues/views", "/reply-templates",
               "/reply-templates/new", "/macros", "/profile/sending",
               "/calls/phone", "first ticket/calls/walk_in"],
    "lead": ["/kpi", "/kpi/filed/tickets", "/board/service-desk", "/teams/service-desk/reply-checklist"],
    "admin": ["/admin", "/admin/check", "/admin/people", "/admin/teams", "/admin/departments", "/admin/settings",
              "/admin/outbox", "/admin/events", "/admin/request-types", "/admin/intake-rules", "/admin/calendars",
              "/admin/sla", "/admin/ways", "/admin/ways/form"],
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


def violations(page) -> list[str]:
    """What axe finds on the page as it stands: only that travels here, not all it looked at."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    return page.evaluate(JUDGE, RULES)


def complaints(window) -> list[str]:
    """What axe finds, and whether the page is wider than its window."""
    found = violations(window.page)
    wide = window.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return found + (["scrolls sideways"] if wide > 0 else [])


@pytest.mark.slow
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
    assert violations(page) == []


LANGUAGES = ("en", "ru", "ky")
UNSEEN_FOCUS = """() => [...document.querySelectorAll(
        "a[href], button, input, select, textarea, summary, [tabindex='0']")]
    .filter((one) => one.checkVisibility() && !one.disabled).filter((one) => {
        one.focus({ focusVisible: true, preventScroll: true });
        if (document.activeElement !== one) return false;
        const seen = ([part, pseudo]) => { const style = part && getComputedStyle(part, pseudo);
            return style && style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1; };
        return ![[one], [one, "::after"], [one.nextElementSibling], [one.parentElement]].some(seen);
    }).map((one) => one.outerHTML.slice(0, 120))"""
MOVING = """() => [...document.querySelectorAll("*")].filter((one) => {
        const style = getComputedStyle(one);
        return [style.animationDuration, style.transitionDuration].join(",").split(",")
            .some((duration) => parseFloat(duration) > 0.011);
    }).map((one) => one.outerHTML.slice(0, 120))"""
SIDEWAYS = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


def judge(page) -> list[str]:
    """Both themes by axe; then how wide it is at 360 px, and at 720 px: 1440 px at 200 %."""
    wrong = []
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        wrong += [f"{theme}: {found}" for found in violations(page)]
    for width in (360, 720):
        page.set_viewport_size({"width": width, "height": 800})
        if (over := page.evaluate(SIDEWAYS)) > 0:
            wrong.append(f"scrolls sideways by {over} px at {width} px")
    page.set_viewport_size({"width": 1440, "height": 900})
    return wrong


def somebody(sample_desk, chromium, who) -> Window:
    """A window in which theme and language are changed without signing in again."""
    context = chromium.new_context(locale="en-GB", viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
    window = Window(context.new_page(), f"http://127.0.0.1:{sample_desk.port}")
    return window if who == "-" else window.sign_in(who)


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("who", ["-", "employee", "agent1", "lead", "admin"])
def test_the_main_pages_in_every_theme_and_language(sample_desk, chromium, who, language):
    window, wrong, titles = somebody(sample_desk, chromium, who), {}, {}
    speak(window.page, window.base, language)
    for name, _, address in pages_of(who):
        window.page.goto(address_of(window.page, window.base, address))
        found = judge(window.page)
        titles.setdefault(window.page.title(), []).append(name)
        if found:
            wrong[name] = found
    window.page.context.close()
    assert wrong == {}
    assert [names for names in titles.values() if len(names) > 1] == [], "pages that say the same in their title"
    assert all(title.split(" · ")[0].strip() for title in titles)
    assert window.complaints == []


@pytest.mark.slow
@pytest.mark.parametrize("who", ["-", "employee", "agent1", "lead", "admin"])
def test_focus_is_seen_and_nothing_moves_for_who_wants_rest(sample_desk, chromium, who):
    window, wrong = somebody(sample_desk, chromium, who), {}
    for name, _, address in pages_of(who):
        window.page.goto(address_of(window.page, window.base, address))
        moving = window.page.evaluate(MOVING)
        if found := moving + window.page.evaluate(UNSEEN_FOCUS):
            wrong[name] = found
    window.page.context.close()
    assert wrong == {}


def test_an_error_is_tied_to_its_field(window_of):
    with window_of("employee") as window:
        window.open("/tickets/new/no-internet").page.fill("[name=subject]", "No network")
        window.page.click("main form.form button.primary")
        window.page.wait_for_selector("[aria-invalid=true]")
        tied = window.page.evaluate("""() => [...document.querySelectorAll("[aria-invalid=true]")].map((one) =>
            (one.getAttribute("aria-describedby") ?? "").split(" ").some(
                (id) => document.getElementById(id)?.matches(".error")))""")
        assert tied and all(tied)
