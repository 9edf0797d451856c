"""A provider of tokens on this machine, and the server that judges them for Dovecot."""

import dataclasses
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl

import pytest

from app.channels.email.fetching import oauth


class Provider:
    """Gives access-1, access-2 … and refresh-1, refresh-2 … ; `answers` come first, as (status, values)."""

    def __init__(self, port: int = 0) -> None:
        self.asked: list[dict[str, str]] = []
        self.answers: list[tuple[int, dict]] = []
        self.people: dict[str, str] = {}
        self.server = ThreadingHTTPServer(("127.0.0.1", port), type("Handler", (Handler,), {"provider": self}))
        self.url = f"http://127.0.0.1:{self.server.server_port}/token"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def answer(self, asked: dict[str, str]) -> tuple[int, dict]:
        self.asked.append(asked)
        if self.answers:
            return self.answers.pop(0)
        number = len(self.asked)
        return 200, {"access_token": f"access-{number}", "refresh_token": f"refresh-{number}", "expires_in": 3600}

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


class Handler(BaseHTTPRequestHandler):
    provider: Provider

    def do_POST(self):
        raw = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        self.reply(*self.provider.answer(dict(parse_qsl(raw))))

    def do_GET(self):
        """Whose token it is."""
        email = self.provider.people.get(self.headers.get("Authorization", "").removeprefix("Bearer "))
        self.reply(200 if email else 401, {"email": email} if email else {"error": "invalid_token"})

    def reply(self, status: int, values: dict) -> None:
        body = json.dumps(values).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_about):
        pass


@pytest.fixture
def provider(monkeypatch):
    """Where the desk asks for tokens of Google and Microsoft in this test."""
    server = Provider()
    for name, real in oauth.PROVIDERS.items():
        monkeypatch.setitem(oauth.PROVIDERS, name, dataclasses.replace(real, token_url=server.url))
    monkeypatch.setattr(oauth, "_tokens", {})
    monkeypatch.setattr(oauth, "_renewed", {})
    yield server
    server.close()
