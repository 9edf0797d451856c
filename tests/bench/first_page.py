"""`bin/bench first-page`: when the first page can be used on a slow machine and line.

Chromium with a CPU 4 times slower, 1.6 Mbit/s and 150 ms, an empty cache; the page can be used when it is read and all
its modules have run. The limit is a second; the bytes are those that came over the line."""

import statistics
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser.conftest import CHROMIUM, QUIET
from tests.browser.first_page import INTERACTIVE, Received
from tests.browser.pages import sign_in
from tests.experiments.desk import Desk

ROUNDS = 5
LIMIT_MS, LIMIT_BYTES = 1000, 60 * 1024
PAGES = (("-", "/session"), ("employee", "/"), ("agent1", "/"))


def main(_sizes: list[int]) -> int:
    """Print the table; 1 if a page is over its limits."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as started:
        desk = Desk(Path(folder))
        desk.instance.mkdir(parents=True)
        desk.start("--sample", wait=False)
        try:
            desk.await_health(120)
            browser = started.chromium.launch(executable_path=CHROMIUM, args=QUIET)
            print(f"{'page':20} {'median ms':>10} {'worst':>6} {'bytes':>7}  limit {LIMIT_MS} ms, {LIMIT_BYTES} bytes")
            over = [_is_over(browser, f"http://127.0.0.1:{desk.port}", *page) for page in PAGES]
            return int(any(over))
        finally:
            desk.close()


def _is_over(browser, base: str, who: str, path: str) -> bool:
    context = browser.new_context(locale="en-GB")
    page = context.new_page()
    sign_in(page, base, who)
    page.goto(base + path)
    received = Received(context, page)
    received.slow_down()
    times = []
    for _ in range(ROUNDS):
        page.goto("about:blank")
        received.afresh()
        page.goto(base + path)
        times.append(page.evaluate(INTERACTIVE))
        page.wait_for_timeout(500)
    middle = statistics.median(times)
    print(f"{who + ' ' + path:20} {middle:>10.0f} {max(times):>6.0f} {received.bytes:>7}", flush=True)
    context.close()
    return middle > LIMIT_MS or received.bytes > LIMIT_BYTES
