"""Somebody without an account finds an answer: types with a mistake, is offered the article, reads, says whether it
helped. With scripts and without."""

import re
from contextlib import contextmanager

import pytest

pytestmark = pytest.mark.browser


@pytest.fixture
def stranger(sample_desk, chromium):
    """Opens a window in which nobody is signed in."""

    @contextmanager
    def opened(**about):
        context = chromium.new_context(locale="en-GB", **about)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.base = f"http://127.0.0.1:{sample_desk.port}"
        yield page
        context.close()

    return opened


def some_article(page) -> tuple[str, str]:
    """Title and path of an article of the front page with a long word of small Latin letters."""
    page.goto(page.base + "/")
    assert page.url == page.base + "/kb"
    _await_index(page)
    page.goto(page.base + "/")
    links = page.locator(".article-line a").all()
    told = [(link.inner_text(), link.get_attribute("href")) for link in links]
    return next((title, path) for title, path in told if re.search(r"\b[a-z]{7,}\b", title))


def _await_index(page) -> None:
    """Words are repaired once the index of the new desk is built."""
    for _try in range(120):
        page.goto(page.base + "/kb/search?q=pasword")
        if "Showing results for" in page.inner_text("main"):
            return
        page.wait_for_timeout(500)
    pytest.fail("the index was not built in a minute")


def mistyped(title: str) -> str:
    """Its longest word with two letters the wrong way round."""
    word = max(re.findall(r"\b[a-z]{7,}\b", title), key=len)
    return word[:3] + word[4] + word[3] + word[5:]


def test_from_a_mistyped_word_to_an_answer(stranger):
    with stranger() as page:
        complaints = []
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        title, path = some_article(page)
        page.keyboard.type(mistyped(title), delay=20)
        page.wait_for_selector(".suggestion")
        assert page.get_attribute("[role=combobox]", "aria-expanded") == "true"
        offered = [option.inner_text() for option in page.locator(".suggestion").all()]
        place = offered.index(title)
        for _step in range(place + 1):
            page.keyboard.press("ArrowDown")
        chosen = page.get_attribute("[role=combobox]", "aria-activedescendant")
        assert page.inner_text(f"#{chosen}") == title
        with page.expect_navigation():
            page.keyboard.press("Enter")
        assert page.inner_text("h1") == title and path in page.url
        with page.expect_navigation():
            page.click(".vote button[value=no]")
        page.check("[name=reason][value=unclear]", force=True)
        page.fill("[name=comment]", "Which button?")
        with page.expect_navigation():
            page.click(".vote-why button")
        assert "will read it" in page.inner_text(".vote")
        with page.expect_navigation():
            page.click(".vote button[value=yes]")
        assert "You said that it helped" in page.inner_text(".vote")
        assert complaints == []


def test_escape_closes_and_enter_asks_for_the_page(stranger):
    with stranger() as page:
        title, _path = some_article(page)
        page.keyboard.type(mistyped(title))
        page.wait_for_selector(".suggestion")
        page.keyboard.press("Escape")
        assert page.locator(".suggestions").is_hidden()
        with page.expect_navigation():
            page.keyboard.press("Enter")
        assert "/kb/search?" in page.url and "Showing results for" in page.inner_text(".results")


def test_without_scripts_the_same_way_leads_there(stranger):
    with stranger(java_script_enabled=False) as page:
        title, path = some_article(page)
        page.fill("main [name=q]", mistyped(title))
        with page.expect_navigation():
            page.press("main [name=q]", "Enter")
        with page.expect_navigation():
            page.click(f".hit a[href^='{path}?']")
        with page.expect_navigation():
            page.click(".vote form[action$='/solved'] button")
        assert "You said that it helped" in page.inner_text(".vote")
        page.goto(page.base + "/kb/search?q=zzqxyqj")
        with page.expect_navigation():
            page.click(".nothing a.button")
        assert "/session?next=" in page.url and "zzqxyqj" in page.url
