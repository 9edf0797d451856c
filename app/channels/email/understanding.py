"""Understanding a mail in a process of its own, with a limit on time and memory: one that kills its reader costs only
itself. The reader knows nothing of the desk; it is started anew when it is gone, and now and then."""

import json
import selectors
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

from .mail import Mail
from .reading import Ours, limits
from .reading.proof import proven

__all__ = ["NotUnderstood", "Ours", "Understander", "proven"]

READER = Path(__file__).parent / "reading" / "child.py"
SECONDS = 10.0
MAILS_PER_READER = 300
LARGE_BYTES = 5 * 1024 * 1024
"""After a mail of this size a reader holds memory that it would not give back."""
_ANSWER_BYTES = 64 * 1024 * 1024
_CHUNK = 1 << 20


class NotUnderstood(Exception):
    """A mail that the reader could not read. `reason` is too_large, too_slow, too_much_memory or crashed."""

    def __init__(self, reason: str, said: str = "") -> None:
        super().__init__(f"{reason}: {said}" if said else reason)
        self.reason, self.said = reason, said


class Understander:
    """The reader, for one mail after another. Use it as a context manager, or `close` it."""

    def __init__(self) -> None:
        self._reader: subprocess.Popen[bytes] | None = None
        self._read = 0
        self._lock = threading.Lock()

    def __enter__(self) -> "Understander":
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def understand(self, raw: Path, scratch: Path, ours: Ours) -> Mail:
        """The mail in the file `raw`; its parts are written to the folder `scratch`, which the caller removes.

        Raises NotUnderstood. OSError for a file that cannot be read is the caller's own, and so it is raised.
        """
        size = raw.stat().st_size
        if size > limits.RAW_BYTES:
            raise NotUnderstood("too_large", f"{size} bytes")
        with self._lock:
            mail = self._ask(_question(raw, scratch, ours), scratch.absolute())
            self._read += 1
            if self._read >= MAILS_PER_READER or size > LARGE_BYTES:
                self._stop()
            return mail

    def close(self) -> None:
        """Let the reader go."""
        with self._lock:
            self._stop()

    def _ask(self, question: bytes, scratch: Path) -> Mail:
        """Whatever goes wrong, the next mail gets a reader that has seen nothing of this one."""
        try:
            mail = _mail_in(self._answer(question))
            _see_to_paths(mail, scratch)
            return mail
        except BaseException:
            self._stop()
            raise

    def _answer(self, question: bytes) -> bytes:
        try:
            reader = self._told(question)
        except BrokenPipeError:
            # It was gone before it saw this mail.
            self._stop()
            reader = self._told(question)
        return _line_of(reader, time.monotonic() + SECONDS)

    def _told(self, question: bytes) -> subprocess.Popen[bytes]:
        reader = self._started()
        reader.stdin.write(question)
        reader.stdin.flush()
        return reader

    def _started(self) -> subprocess.Popen[bytes]:
        if self._reader is None or self._reader.poll() is not None:
            self._stop()
            self._reader = subprocess.Popen(  # noqa: S603 - our own program, no shell
                [sys.executable, "-I", "-X", "utf8", str(READER)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL)
        return self._reader

    def _stop(self) -> None:
        reader, self._reader, self._read = self._reader, None, 0
        if reader is not None:
            reader.kill()
            reader.communicate()


def _question(raw: Path, scratch: Path, ours: Ours) -> bytes:
    asked = {"raw": str(raw.absolute()), "scratch": str(scratch.absolute()), "addresses": sorted(ours.addresses),
             "trusted_hop": ours.trusted_hop, "loop_mark": ours.loop_mark}
    return json.dumps(asked).encode() + b"\n"


def _see_to_paths(mail: Mail, scratch: Path) -> None:
    """A reader that a mail has taken over must not get at other files of this machine."""
    if any(Path(part.path).parent != scratch or Path(part.path).is_symlink() for part in mail.parts):
        raise NotUnderstood("crashed", "a file lies elsewhere")


def _line_of(reader: subprocess.Popen[bytes], until: float) -> bytes:
    """What the reader answers, if it does so in time."""
    found, size = [], 0
    with selectors.DefaultSelector() as selector:
        selector.register(reader.stdout, selectors.EVENT_READ)
        while not found or not found[-1].endswith(b"\n"):
            if not selector.select(max(until - time.monotonic(), 0)):
                raise NotUnderstood("too_slow", f"more than {SECONDS:.0f} seconds")
            found.append(reader.stdout.read1(_CHUNK))
            size += len(found[-1])
            if not found[-1]:
                raise NotUnderstood("crashed", f"the reader ended with {reader.wait()}")
            if size > _ANSWER_BYTES:
                raise NotUnderstood("crashed", "the answer has no end")
    return b"".join(found)


def _mail_in(answer: bytes) -> Mail:
    try:
        said: dict[str, Any] = json.loads(answer)
        if "mail" in said:
            return Mail.from_json(said["mail"])
        reason, words = str(said["error"]), str(said.get("said", ""))
    except (ValueError, KeyError, TypeError) as error:
        raise NotUnderstood("crashed", f"the answer made no sense: {error}") from error
    raise NotUnderstood(reason, words)
