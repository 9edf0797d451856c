"""docs/design.md lists the pages that are tested, and no others."""

import re

from tests.browser.pages import PAGES

from . import source


def test_the_25_main_pages_are_those_of_the_document():
    text = (source.ROOT / "docs/design.md").read_text(encoding="utf-8").split("## The 25 main pages")[1]
    listed = re.findall(r"^\| ([^|]+) \| ([\w-]+) \| `([^`]+)` \|$", text, re.M)
    assert listed == [tuple(page) for page in PAGES] and len(listed) == 25
