"""What the first page costs: the bytes Chromium really receives, and when the page can be used."""

from typing import Any

SLOW_LINE = {"offline": False, "latency": 150, "downloadThroughput": 1_600_000 / 8, "uploadThroughput": 750_000 / 8}
SLOWER_CPU = 4


class Received:
    """Adds up what comes over the line for a page: headers and packed bodies, in bytes."""

    def __init__(self, context: Any, page: Any) -> None:
        self.bytes, self.of, self._urls = 0, {}, {}
        self.session = context.new_cdp_session(page)
        self.session.send("Network.enable")
        self.session.on("Network.responseReceived", self._begun)
        self.session.on("Network.loadingFinished", self._finished)

    def _begun(self, said: dict[str, Any]) -> None:
        self._urls[said["requestId"]] = said["response"]["url"]

    def _finished(self, said: dict[str, Any]) -> None:
        self.bytes += int(said["encodedDataLength"])
        self.of[self._urls.get(said["requestId"], "")] = int(said["encodedDataLength"])

    def afresh(self) -> None:
        """Forget what came, and everything the browser has kept but its cookies."""
        self.session.send("Network.clearBrowserCache")
        self.bytes, self.of = 0, {}

    def slow_down(self) -> None:
        self.session.send("Network.emulateNetworkConditions", SLOW_LINE)
        self.session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER_CPU})


INTERACTIVE = "performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd"
"""Milliseconds from the click to where all modules have run: they are deferred, so they run before this."""
