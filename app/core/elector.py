"""Of all processes of the desk one holds a lease; this thread holds it for its process and runs what comes with it."""

import logging
import os
import secrets
import socket
import threading
import time
from collections.abc import Callable
from typing import Protocol

from flask import Flask
from sqlalchemy.exc import DBAPIError

from . import lease
from .db import db
from .pulse import Pulse
from .steady import ticks

log = logging.getLogger(__name__)

RENEW_SECONDS = 5.0
TICK_SECONDS = 0.2
KEEP_SECONDS = 1.0


class Office(Protocol):
    """What the holder of the lease runs."""

    def nudge(self) -> None:
        """Something was committed: look whether there is work."""

    def keep_time(self) -> None:
        """Asked every second: what is planned must not wait for a clock that was set back."""

    def stop(self) -> None:
        """End at once; what is under way may finish by itself."""


class Elector(threading.Thread):
    """Tries for the lease every 5 s. `open_office(elector)` is called when it is won, its `stop` when it is lost."""

    def __init__(self, app: Flask, name: str, open_office: Callable[["Elector"], Office]) -> None:
        super().__init__(name=f"elector of {name}", daemon=True)
        self.app = app
        self.lease_name = name
        self.owner = f"{socket.gethostname()[:40]}:{os.getpid()}:{secrets.token_hex(4)}"
        self.stopping = False
        self._open_office = open_office
        self._office: Office | None = None
        self._held_until = 0.0
        self._renew_at = 0.0
        self._keep_at = 0.0

    @property
    def holds(self) -> bool:
        """Whether the lease is surely still ours, judged by this machine's own steady clock."""
        return not self.stopping and ticks() < self._held_until

    def run(self) -> None:
        with self.app.app_context():
            pulse = Pulse(db.engine)
        while not self.stopping:
            self._turn(pulse)
            time.sleep(TICK_SECONDS)
        self._close_office()
        self._resign()
        pulse.close()

    def _turn(self, pulse: Pulse) -> None:
        """One tick; whatever the database does to it, the next tick comes."""
        try:
            if ticks() >= self._renew_at:
                self._renew()
            self._open_or_close()
            self._keep_time()
            if self._office is not None and pulse.changed():
                self._office.nudge()
        except Exception:
            log.exception("the elector stumbled")
            self._open_or_close()

    def _renew(self) -> None:
        asked = ticks()
        self._renew_at = asked + RENEW_SECONDS
        try:
            with self.app.app_context():
                held = lease.hold(self.lease_name, self.owner)
        except DBAPIError as error:
            log.warning("the lease could not be renewed: %s", error.orig)
            return
        self._held_until = asked + lease.TTL_SECONDS if held else 0.0

    def _keep_time(self) -> None:
        if self._office is not None and ticks() >= self._keep_at:
            self._keep_at = ticks() + KEEP_SECONDS
            self._office.keep_time()

    def _open_or_close(self) -> None:
        if self.holds and self._office is None:
            log.info("%s holds the lease %s", self.owner, self.lease_name)
            self._office = self._open_office(self)
        elif not self.holds and self._office is not None:
            log.warning("%s lost the lease %s", self.owner, self.lease_name)
            self._close_office()

    def _close_office(self) -> None:
        if self._office is not None:
            self._office.stop()
            self._office = None

    def _resign(self) -> None:
        """So that the next process need not wait until the lease runs out."""
        try:
            with self.app.app_context():
                lease.release(self.lease_name, self.owner)
        except DBAPIError as error:
            log.warning("the lease could not be given back: %s", error.orig)

    def retire(self, patience_seconds: float = 2.0) -> None:
        """Stop, and wait a little for the lease to be given back."""
        self.stopping = True
        if self.is_alive():
            self.join(patience_seconds)
