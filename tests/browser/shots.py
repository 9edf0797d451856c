"""`bin/shots FOLDER`: the main pages as pictures, wide and narrow, light and dark.

Without --url a sample desk of its own is served for as long as it takes. Asks for Chromium and the test packages."""

import argparse
import re
import tempfile
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser.conftest import CHROMIUM, QUIET
from tests.experiments.desk import Desk

from .pages import PAGES, address_of, pages_of, sign_in, speak

WIDTHS = {1440: 900, 390: 844}
THEMES = ("light", "dark")


def main() -> None:
    """Draw them all; prints each file."""
    parser = argparse.ArgumentParser(prog="bin/shots", description="Screenshots of the main pages of docs/design.md.")
    parser.add_argument("folder", type=Path, help="where the pictures go")
    parser.add_argument("--url", help="a desk with the sample organisation that runs already")
    parser.add_argument("--lang", default="en", choices=["en", "ru", "ky"])
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    with _served(options.url) as base, sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        for who in dict.fromkeys(page.who for page in PAGES):
            for path in _shots_of(browser, base, who, options):
                print(path, flush=True)
        browser.close()


@contextmanager
def _served(url: str | None):
    if url:
        yield url.rstrip("/")
        return
    with tempfile.TemporaryDirectory() as folder:
        desk = Desk(Path(folder))
        desk.instance.mkdir(parents=True)
        desk.start("--sample", wait=False)
        try:
            desk.await_health(120)
            yield f"http://127.0.0.1:{desk.port}"
        finally:
            desk.close()


def _shots_of(browser, base: str, who: str, options: argparse.Namespace):
    """One sign-in for all pictures of one person."""
    context = browser.new_context(locale="en-GB", reduced_motion="reduce", viewport={"width": 1440, "height": 900})
    page = context.new_page()
    sign_in(page, base, who)
    speak(page, base, options.lang)
    for name, _who, address in pages_of(who):
        page.goto(address_of(page, base, address))
        for width, height in WIDTHS.items():
            page.set_viewport_size({"width": width, "height": height})
            for theme in THEMES:
                page.emulate_media(color_scheme=theme)
                path = options.folder / f"{re.sub(r'[^a-z]+', '-', name.lower())}-{width}-{theme}.png"
                page.screenshot(path=path, full_page=True)
                yield path
    context.close()


if __name__ == "__main__":
    main()
