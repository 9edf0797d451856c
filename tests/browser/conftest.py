"""A desk with the sample organisation, and real Chromium windows of the people who work on it."""

import os
import re
import shutil
from contextlib import contextmanager

import pytest
import sqlalchemy as sa

from app.accounts.models import User
from tests.conftest import ENGINE
from tests.experiments.desk import Desk, database

playwright = pytest.importorskip("playwright.sync_api")
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
         "--no-first-run"]
PASSWORD = "jardam-sample"


@pytest.fixture(scope="session")
def sample_desk(tmp_path_factory):
    """Served from an instance of its own, as `bin/run --sample` does."""
    with database(os.environ["TEST_POSTGRES_URL"] if ENGINE == "postgresql" else None) as url:
        desk = Desk(tmp_path_factory.mktemp("sample"), url)
        desk.instance.mkdir(parents=True)
        desk.start("--sample", wait=False)
        desk.await_health(90)
        with desk.inside() as session:
            # What is sent is sent: the tests of taking back say so where they want the time for it.
            session.execute(sa.update(User).values(undo_seconds=0))
            session.commit()
        yield desk
        desk.close()


@pytest.fixture(scope="session")
def chromium():
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine")
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield Watched(browser)
        browser.close()


class Watched:
    """Chromium, of whose windows all are listened to: what breaks the content security policy is remembered."""

    LISTEN = """addEventListener("securitypolicyviolation", (event) => console.error(
        `Content Security Policy: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`))"""

    def __init__(self, browser) -> None:
        self.browser, self.violations = browser, []

    def __getattr__(self, name: str):
        return getattr(self.browser, name)

    def new_context(self, **about):
        context = self.browser.new_context(**about)
        context.add_init_script(self.LISTEN)
        context.on("console", self._hear)
        return context

    def new_page(self, **about):
        return self.new_context(**about).new_page()

    def _hear(self, said) -> None:
        if "Content Security Policy" in said.text or "Content-Security-Policy" in said.text:
            self.violations.append(f"{said.page.url if said.page else ''}: {said.text}")


@pytest.fixture(autouse=True)
def nothing_breaks_the_policy(request):
    """Whatever a browser test is about: it fails at its end if any of its windows broke the policy."""
    yield
    if "chromium" in request.fixturenames:
        watched = request.getfixturevalue("chromium")
        broken, watched.violations = watched.violations, []
        assert broken == []


class Window:
    """One person's browser window; remembers what the console complained about."""

    def __init__(self, page, base: str) -> None:
        self.page, self.base, self.complaints = page, base, []
        page.set_default_timeout(10_000)
        page.on("console", lambda said: self._hear(said) if said.type == "error" else None)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _hear(self, said) -> None:
        self.complaints.append(f"{said.text} {said.location.get('url', '')}")

    def open(self, path: str) -> "Window":
        """A page that is just leading somewhere by itself aborts what is opened by hand: then it is opened again."""
        for left in (2, 1, 0):
            try:
                self.page.goto(self.base + path)
                break
            except playwright.Error as error:
                if not left or "ERR_ABORTED" not in str(error):
                    raise
                self.page.wait_for_load_state()
        return self

    def sign_in(self, who: str) -> "Window":
        self.open("/session")
        self.page.fill("[name=email]", f"{who}@jardam.example")
        self.page.fill("[name=password]", PASSWORD)
        return self.send("main button[type=submit]")

    def send(self, button: str) -> "Window":
        """Click what leads to another page and wait for that page."""
        with self.page.expect_navigation():
            self.page.click(button)
        return self

    def press(self, action: str, noun: str = "") -> "Window":
        """Send the form of a verb: the button in the form that posts to …/noun."""
        return self.send(f"form[action$='/{noun or action}'] button:not([name])")

    @property
    def text(self) -> str:
        return self.page.inner_text("main")


@pytest.fixture(scope="session")
def signed_in():
    """Cookies of whoever has signed in to the sample before, by name."""
    return {}


@pytest.fixture
def window_of(sample_desk, chromium, signed_in):
    """Opens a window in which somebody of the sample is signed in, in English. Who has signed in before comes with the
    same cookies, as long as they hold."""
    base = f"http://127.0.0.1:{sample_desk.port}"

    @contextmanager
    def opened(who: str, **about):
        context = chromium.new_context(locale="en-GB", **about)
        context.add_cookies(signed_in.get(who, []))
        window = Window(context.new_page(), base)
        spoken = language_spoken(context, base)
        if spoken is None:
            window.sign_in(who)
        if spoken != "en":
            if window.page.url == "about:blank":
                window.open("/profile")
            window.page.click("[popovertarget=languages]")
            window.send("#languages [value=en]")
            signed_in[who] = context.cookies()
        yield window
        context.close()

    return opened


def language_spoken(context, base: str) -> str | None:
    """In which language the desk speaks to whom these cookies belong; None where they are nobody's any more."""
    answer = context.request.get(f"{base}/profile", max_redirects=0)
    return re.search(r'<html lang="(\w+)"', answer.text())[1] if answer.status == 200 else None
