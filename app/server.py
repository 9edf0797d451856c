"""Serves the desk: web workers and, in one of them, the elected scheduler. Started by `python wsgi.py`."""

import argparse
import contextlib
import ctypes
import errno
import gc
import logging
import os
import socket
import sys
import time
from typing import Any, NoReturn

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.workers.gthread import ThreadWorker

from app import create_app, jobs
from app.core import clock, durability, live, schema
from app.core.config import ConfigError
from app.core.db import db
from app.core.elector import Elector
from app.importing import sample

PATIENCE_SECONDS = 3
"""How long open requests may take to finish after SIGTERM; streams end at once."""
M_ARENA_MAX = -8
PORT_PATIENCE_SECONDS = 4
"""Workers of a desk whose parent was killed leave the port within this time."""


REFUSALS = (ConfigError, durability.Refused, schema.Refused, sample.Refused, OSError)


def make_app() -> Flask:
    """The application for any WSGI server and for the flask commands; a wrong setting ends the process by name."""
    try:
        return create_app()
    except (ConfigError, OSError) as error:
        refuse(error)


def main(arguments: list[str] | None = None) -> None:
    """Prepare the instance, then serve until told to stop. What is wrong is one line on stderr and status 2."""
    options = _options(arguments)
    share_arenas()
    try:
        app = create_app({**os.environ, **_as_settings(options)})
        configure_log(app)
        _await_port(app.config["JARDAM_HOST"], app.config["JARDAM_PORT"])
        notes = prepare(app, options.sample)
    except REFUSALS as error:
        refuse(error)
    Desk(app, notes).run()


def share_arenas() -> None:
    """Hundreds of threads that mostly wait need no heap each: two in all halve what an open stream costs. Of this
    only the C library of most Linux systems knows."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).mallopt(M_ARENA_MAX, 2)


def refuse(error: Exception) -> NoReturn:
    """One line that says what is wrong; a file that cannot be used most often means the wrong instance folder."""
    if isinstance(error, OSError):
        error = ConfigError(f"JARDAM_INSTANCE: cannot use {error.filename}: {error.strerror}")
    print(f"jardam: {error}", file=sys.stderr)
    sys.exit(2)


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/run", description="Serve the help desk.")
    parser.add_argument("--sample", action="store_true", help="load the sample organisation first, if it is not there")
    parser.add_argument("--port", help="the port to listen on (or JARDAM_PORT; 8000)")
    parser.add_argument("--host", help="the address to listen on (or JARDAM_HOST; 127.0.0.1)")
    return parser.parse_args(arguments)


def _as_settings(options: argparse.Namespace) -> dict[str, str]:
    given = {"JARDAM_PORT": options.port, "JARDAM_HOST": options.host}
    return {name: value for name, value in given.items() if value is not None}


def configure_log(app: Flask) -> None:
    """One line per message on stderr; the scheduler's and gunicorn's chatter only when debugging."""
    level = app.config["JARDAM_LOG_LEVEL"].upper()
    logging.basicConfig(level=level, stream=sys.stderr, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    if level != "DEBUG":
        for chatty in ("apscheduler", "alembic"):
            logging.getLogger(chatty).setLevel("ERROR")


def _await_port(host: str, port: int) -> None:
    """Raises ConfigError when somebody else keeps listening there."""
    deadline = time.monotonic() + PORT_PATIENCE_SECONDS
    while (error := _port_error(host, port)) is not None:
        if time.monotonic() > deadline or error.errno != errno.EADDRINUSE:
            raise ConfigError(f"JARDAM_PORT: cannot listen on {host}:{port}: {error.strerror}. "
                              f"Is the desk running already? Another port: bin/run --port {port % 65535 + 1}")
        time.sleep(0.2)


def _port_error(host: str, port: int) -> OSError | None:
    try:
        family, kind, _, _, address = socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        return error
    return None


def prepare(app: Flask, sample: bool) -> list[str]:
    """A database that keeps its promises, at the newest schema; returns what to tell whoever started the desk."""
    with app.app_context():
        durability.check()
        schema.bring_up_to_date()
        notes = _load_sample() if sample else []
        db.session.remove()
        db.engine.dispose()
    return notes


def _load_sample() -> list[str]:
    began = time.monotonic()
    print("Loading the sample organisation, unless it is here …", flush=True)
    try:
        lines = sample.load(clock.now())
    except sample.Refused as error:
        db.session.rollback()
        return ["", f"The sample organisation was not loaded: {error}", ""]
    print(f"It is here after {time.monotonic() - began:.0f} s.", flush=True)
    return ["", "Sign in as:", *lines, ""]


class DeskWorker(ThreadWorker):
    """A web worker that ends its streams as soon as it is asked to stop."""

    def handle_exit(self, sig: int, frame: Any) -> None:
        stop_soon()
        super().handle_exit(sig, frame)

    def handle_quit(self, sig: int, frame: Any) -> None:
        stop_soon()
        super().handle_quit(sig, frame)


def stop_soon() -> None:
    """Plain flags: a signal handler must not take a lock. Their threads look several times a second."""
    live.hub.stopping = True
    for elector in electors:
        elector.stopping = True


electors: list[Elector] = []
"""The elector of this process, if it has one."""


class Desk(BaseApplication):
    """Gunicorn, set up in code: the app is loaded once and shared by the workers copy-on-write."""

    def __init__(self, app: Flask, notes: list[str]) -> None:
        self.app = app
        self.notes = notes
        super().__init__()

    def load(self) -> Flask:
        return self.app

    def load_config(self) -> None:
        for name, value in {**_limits(self.app.config), **self._hooks()}.items():
            self.cfg.set(name, value)

    def _hooks(self) -> dict[str, Any]:
        return {"when_ready": self._announce, "pre_fork": _before_fork, "post_worker_init": self._begin,
                "worker_exit": _end}

    def _announce(self, _arbiter: Any) -> None:
        host, port = self.app.config["JARDAM_HOST"], self.app.config["JARDAM_PORT"]
        for line in [*self.notes, f"Jardam serves {self.app.config['BASE_URL']} (listening on {host}:{port}; "
                                  "Ctrl-C ends it)"]:
            print(line, flush=True)

    def _begin(self, _worker: Any) -> None:
        if self.app.config["JARDAM_ROLE"] == "all":
            electors.append(jobs.elector(self.app))
            electors[0].start()


def _limits(config: dict[str, Any]) -> dict[str, Any]:
    """Gunicorn's settings. No `max_requests`: it would cut streams. Proxies are judged by the app, not here."""
    level = config["JARDAM_LOG_LEVEL"]
    return {
        "bind": f"{config['JARDAM_HOST']}:{config['JARDAM_PORT']}",
        "workers": config["JARDAM_WORKERS"],
        "threads": config["JARDAM_THREADS"],
        "worker_connections": config["JARDAM_THREADS"] + 500,
        "worker_class": DeskWorker,
        "preload_app": True,
        "timeout": 60,
        "graceful_timeout": PATIENCE_SECONDS,
        "keepalive": 5,
        "limit_request_line": 8190,
        "control_socket_disable": True,
        "forwarded_allow_ips": "",
        "accesslog": "-" if level == "debug" else None,
        "loglevel": "info" if level == "debug" else "warning",
        "proc_name": "jardam",
    }


def _before_fork(_arbiter: Any, _worker: Any) -> None:
    """What exists now is shared by all workers for as long as nobody touches it, the collector included."""
    gc.collect()
    gc.freeze()


def _end(_arbiter: Any, _worker: Any) -> None:
    stop_soon()
    for elector in electors:
        elector.retire()
