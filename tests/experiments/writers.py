"""People who keep writing while things happen to the desk."""

import http.client
import secrets
import threading
import time

from .browser import Answer, Person

NO_ANSWER = (OSError, http.client.HTTPException)


class Writer(threading.Thread):
    """Files one request after the other. A form without an answer, or told to wait, is sent again: the same form."""

    def __init__(self, person: Person, limit: int = 10**9, attach: bytes = b"") -> None:
        super().__init__(daemon=True)
        self.person = person
        self.limit = limit
        self.attach = attach
        self.filed: dict[int, str] = {}
        self.odd: list[tuple[int, str]] = []
        """Answers that were neither done nor "not now"."""
        self.later = 0
        """How often the answer was 503 or 507."""
        self.longest_seconds = 0.0
        self.stopping = False

    def run(self) -> None:
        for n in range(self.limit):
            if self.stopping:
                return
            self._file(f"{self.person.email} {n}", secrets.token_hex(16))

    def _file(self, subject: str, submission: str) -> None:
        while not self.stopping:
            answer = self._try(subject, submission)
            if answer is not None and answer.number:
                self.filed[answer.number] = subject
                return
            time.sleep(0.05)

    def _try(self, subject: str, submission: str) -> Answer | None:
        began = time.monotonic()
        files = [("proof.bin", self.attach)] if self.attach else None
        try:
            answer = self.person.file(subject, submission, files=files)
        except NO_ANSWER:
            return None
        self.longest_seconds = max(self.longest_seconds, time.monotonic() - began)
        if answer.status in (503, 507):
            self.later += 1
        elif not answer.number:
            self.odd.append((answer.status, answer.text[:500]))
        return answer


def start(people: list[Person], **about) -> list[Writer]:
    """A writer for each person, writing."""
    writers = [Writer(person, **about) for person in people]
    for writer in writers:
        writer.start()
    return writers


def stop(writers: list[Writer]) -> dict[int, str]:
    """End them; returns all that was acknowledged."""
    for writer in writers:
        writer.stopping = True
    return finish(writers)


def finish(writers: list[Writer]) -> dict[int, str]:
    """Wait until each has written what it had to; returns all that was acknowledged."""
    for writer in writers:
        writer.join(120)
        assert not writer.is_alive()
    return {number: subject for writer in writers for number, subject in writer.filed.items()}


def acknowledged(writers: list[Writer]) -> int:
    return sum(len(writer.filed) for writer in writers)
