"""A real SMTP server in this process that takes mail, or refuses it as a test says."""

import socket
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from aiosmtpd.controller import Controller

from app.core.db import db
from app.core.relay import relay

CUT = "cut"


class Postbox:
    """`letters` holds what was taken, in order; `on_data` and `on_rcpt` the answers to come, '' for yes."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.envelopes: list[tuple[str, list[str]]] = []
        self.cut: list[EmailMessage] = []
        self.on_rcpt: list[str] = []
        self.on_data: list[str] = []
        self.goodbye = "221 Bye"
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.controller: Controller | None = None

    def open(self, **about) -> None:
        self.controller = Controller(self, hostname="127.0.0.1", port=self.port, **about)
        self.controller.start()

    def close(self) -> None:
        if self.controller is not None:
            self.controller.stop()
            self.controller = None

    async def handle_RCPT(self, server, session, envelope, address, options):
        answer = self.on_rcpt.pop(0) if self.on_rcpt else ""
        if not answer:
            envelope.rcpt_tos.append(address)
        return answer or "250 OK"

    async def handle_DATA(self, server, session, envelope):
        answer = self.on_data.pop(0) if self.on_data else ""
        message = message_from_bytes(envelope.content, policy=policy.default)
        if answer == CUT:
            self.cut.append(message)
            server.transport.abort()
            return "250 never heard"
        if not answer:
            self.letters.append(message)
            self.envelopes.append((envelope.mail_from, envelope.rcpt_tos))
        return answer or "250 OK"

    async def handle_QUIT(self, server, session, envelope):
        return self.goodbye

    def to(self, user) -> list[EmailMessage]:
        """What was taken for one person."""
        return [letter for letter in self.letters if letter["To"].addresses[0].addr_spec == user.email]


@pytest.fixture
def postbox(desk):
    """The relay of the desk, open."""
    box = Postbox()
    box.open()
    relay.change(host="127.0.0.1", port=box.port, security="none", sender="help@jardam.example")
    db.session.commit()
    yield box
    box.close()


def text_of(letter: EmailMessage) -> str:
    return letter.get_body(("plain",)).get_content()


def html_of(letter: EmailMessage) -> str:
    return letter.get_body(("html",)).get_content()
