"""A bad line to an IMAP server: cuts the connection at some command, or answers NO or BAD in the server's stead."""

import random
import socket
import threading
import time
from contextlib import suppress

KINDS = ("cut", "cut_answer", "no", "bad")


class Flaps:
    """Listens on `port`; one command in `one_in` goes wrong while it `is_on`. `always` names what happens each time."""

    def __init__(self, server_port: int, dice: random.Random, always: str = "", one_in: int = 30) -> None:
        self.is_on, self.troubles, self.calls = True, 0, []
        self._server_port, self._dice, self._always, self._one_in = server_port, dice, always, one_in
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]

    def __enter__(self) -> "Flaps":
        threading.Thread(target=self._listen, daemon=True).start()
        return self

    def __exit__(self, *_about) -> None:
        self._listener.close()

    def _listen(self) -> None:
        while True:
            try:
                client, _address = self._listener.accept()
            except OSError:
                return
            self.calls.append(time.monotonic())
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        server = socket.create_connection(("127.0.0.1", self._server_port))
        line = _Line(client, server)
        threading.Thread(target=line.answers, daemon=True).start()
        try:
            for command in client.makefile("rb"):
                self._pass_on(line, command)
        except OSError:
            pass
        finally:
            line.cut()

    def _pass_on(self, line: "_Line", command: bytes) -> None:
        kind = self._trouble()
        if kind == "cut":
            line.cut()
        elif kind == "cut_answer":
            line.rest = self._dice.randrange(0, 300)
            line.server.sendall(command)
        elif kind in ("no", "bad"):
            tag = command.split(b" ", 1)[0]
            line.client.sendall(tag + b" " + kind.upper().encode() + b" [UNAVAILABLE] Try again later\r\n")
        else:
            line.server.sendall(command)

    def _trouble(self) -> str:
        if not self.is_on or not self._always and self._dice.randrange(self._one_in):
            return ""
        self.troubles += 1
        return self._always or self._dice.choice(KINDS)


class _Line:
    """One connection on both sides; of the answers `rest` bytes may pass, then it is cut."""

    def __init__(self, client: socket.socket, server: socket.socket) -> None:
        self.client, self.server = client, server
        self.rest: int | None = None

    def answers(self) -> None:
        try:
            while chunk := self.server.recv(4096):
                if self.rest is not None:
                    chunk, self.rest = chunk[: self.rest], max(self.rest - len(chunk), 0)
                self.client.sendall(chunk)
                if self.rest == 0:
                    break
        except OSError:
            pass
        self.cut()

    def cut(self) -> None:
        for end in (self.client, self.server):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
