"""A person at a browser: cookies, forms' tokens, redirects not followed. Nothing is retried behind one's back."""

import http.client
import re
import secrets
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from .desk import PASSWORD, Desk
from .forms import fields


@dataclass
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def location(self) -> str:
        return urlsplit(self.headers.get("location", "")).path

    @property
    def number(self) -> int | None:
        """The ticket to which a verb that was done leads."""
        found = re.fullmatch(r"/tickets/(\d+)", self.location)
        return int(found[1]) if self.status in (302, 303) and found else None


class Person:
    """Somebody signed in (after `sign_in`) on a desk."""

    def __init__(self, desk: Desk, name: str, timeout_seconds: float = 30) -> None:
        self.desk = desk
        self.email = f"{name}@jardam.example"
        self.timeout_seconds = timeout_seconds
        self.cookies: dict[str, str] = {}
        self.token = ""

    def get(self, path: str) -> Answer:
        return self._send("GET", path, None, {})

    def post(self, path: str, files: list[tuple[str, bytes]] | None = None, **fields: object) -> Answer:
        fields = {"csrf_token": self.token} | fields
        if files:
            kind, body = _multipart(fields, files)
        else:
            kind, body = "application/x-www-form-urlencoded", urlencode(fields).encode()
        return self._send("POST", path, body, {"Content-Type": kind})

    def sign_in(self) -> "Person":
        self.token = _token(self.get("/session").text)
        answer = self.post("/session", email=self.email, password=PASSWORD)
        assert answer.status in (302, 303), (answer.status, answer.text[:2000])
        self.token = _token(self.get("/tickets/new/printer").text)
        return self

    def file(self, subject: str, submission: str = "", **about: object) -> Answer:
        return self.post("/tickets", request_type="printer", subject=subject, body="It does not print",
                         submission=submission or secrets.token_hex(16), **about)

    def say(self, number: int, verb: str, text: str, **about: object) -> Answer:
        """Write on a ticket through the composer of its page: verb is replies, notes or answers."""
        action = f"/tickets/{number}/{verb}"
        return self.post(action, **fields(self.get(f"/tickets/{number}").text, action) | {"body": text} | about)

    def _send(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Answer:
        """On a connection of its own: what a killed server leaves half-open is nobody's excuse."""
        connection = http.client.HTTPConnection("127.0.0.1", self.desk.port, timeout=self.timeout_seconds)
        try:
            cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
            connection.request(method, path, body, headers | {"Cookie": cookies, "Connection": "close"})
            answer = connection.getresponse()
            content = answer.read()
        finally:
            connection.close()
        self._keep(answer.headers.get_all("Set-Cookie") or [])
        return Answer(answer.status, {name.lower(): value for name, value in answer.headers.items()}, content)

    def _keep(self, cookies: list[str]) -> None:
        for cookie in cookies:
            name, _equals, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value


def _token(page: str) -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert found, page[:2000]
    return found[1]


def _multipart(fields: dict[str, object], files: list[tuple[str, bytes]]) -> tuple[str, bytes]:
    edge = secrets.token_hex(16)
    parts = [f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
             for name, value in fields.items()]
    for name, content in files:
        head = f'--{edge}\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n\r\n'
        parts.append(head.encode() + content + b"\r\n")
    return f"multipart/form-data; boundary={edge}", b"".join(parts) + f"--{edge}--\r\n".encode()
