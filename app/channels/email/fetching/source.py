"""Where mail is fetched from, as plain values: nothing of the database is touched while a server is talked to."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from app.channels.email import mailboxes
from app.channels.email.models import Mailbox
from app.core.steady import ticks


@dataclass(frozen=True)
class Source:
    """A mailbox as it was set when the round began, its secrets open."""

    id: int
    address: str
    way: str
    host: str = ""
    port: int = 993
    security: str = "tls"
    sign_in: str = "password"
    user: str = ""
    folder: str = "INBOX"
    afterwards: str = "mark"
    moved_to: str = ""
    uid_validity: int | None = None
    last_uid: int = 0
    about: dict[str, str] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict, repr=False)

    @property
    def since(self) -> datetime | None:
        """Mail that had come before is left alone; None: all of it is taken."""
        written = self.about.get("since")
        return datetime.fromisoformat(written) if written else None


FIELDS = ("id", "address", "way", "host", "port", "security", "sign_in", "user", "folder", "afterwards", "moved_to",
          "uid_validity", "last_uid", "about")


def source(mailbox: Mailbox) -> Source:
    """The mailbox as plain values."""
    return Source(**{name: getattr(mailbox, name) for name in FIELDS}, secrets=mailboxes.secrets(mailbox))


class Moments:
    """What time it is while a round goes on: the moment it was given, and what has passed since."""

    def __init__(self, now: datetime, seconds: float) -> None:
        self._began, self._at, self._seconds = now, ticks(), seconds

    def now(self) -> datetime:
        return self._began + timedelta(seconds=ticks() - self._at)

    @property
    def are_over(self) -> bool:
        """Whether the round has had its time; what is left comes in the next."""
        return ticks() - self._at > self._seconds


@dataclass
class Tally:
    """What a round brought. `left` are mails that could not be taken, with the reason of the first."""

    new: int = 0
    known: int = 0
    left: int = 0
    trouble: Exception | None = None
    is_done: bool = True
    """Whether nothing waits there any more, as far as was seen."""

    def count(self, is_new: bool) -> None:
        self.new += is_new
        self.known += not is_new

    def leave(self, error: Exception) -> None:
        self.left += 1
        self.trouble = self.trouble or error
