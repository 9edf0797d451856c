"""The first page is at most 60 KB in all, as Chromium receives it with an empty cache."""

import pytest

from .first_page import Received
from .test_accessibility import somebody

pytestmark = pytest.mark.browser
MOST = 60 * 1024


@pytest.mark.parametrize(("who", "path"), [("-", "/session"), ("employee", "/"), ("agent1", "/"), ("admin", "/")])
def test_the_first_page_is_small(sample_desk, chromium, who, path):
    window = somebody(sample_desk, chromium, who)
    received = Received(window.page.context, window.page)
    received.afresh()
    window.open(path)
    window.page.wait_for_timeout(700)
    window.page.context.close()
    assert window.complaints == []
    assert 10_000 < received.bytes <= MOST, received.of
