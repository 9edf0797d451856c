"""What is understood of one mail: plain values, made in a process of its own, with no database behind them."""

from dataclasses import asdict, dataclass, field, fields
from typing import Any


@dataclass(frozen=True)
class Address:
    """Somebody in a header. `email` is lower case and a valid address; `name` is one clean line, '' for none."""

    email: str
    name: str = ""


@dataclass(frozen=True)
class Part:
    """One part beside the words: its bytes lie in `path`, its name is cleaned. `content_id` is without its brackets."""

    path: str
    name: str
    content_type: str
    size_bytes: int
    content_id: str = ""
    is_inline: bool = False


@dataclass(frozen=True)
class Bounce:
    """A delivery report (RFC 3464): of whom, for good or for now, and of which mail of ours."""

    recipient: str
    is_permanent: bool
    status: str
    diagnostic: str
    message_id: str
    """The Message-ID of the mail that did not arrive, without brackets; '' where the report does not say."""


@dataclass(frozen=True)
class Forwarded:
    """The first mail inside one that an agent forwarded."""

    sender: Address
    subject: str
    text: str
    html: str = ""


@dataclass(frozen=True)
class Mail:
    """One mail. `text` is what is new in it, `folded` what it quotes and its signature; together all its words.

    `html` and `folded_html` are the same as safe HTML ('' where the mail has none), in which pictures of the mail are
    `cid:` addresses. `automatic` is '' for what a person wrote, else the word that gave it away: auto_submitted, bulk,
    list, null_sender, out_of_office, own_loop, report. `proof` are the verdicts of the trusted hop: method -> result.
    `losses` are sentences in English about parts that could not be taken. `defects` go to the log.
    """

    message_id: str = ""
    in_reply_to: list[str] = field(default_factory=list)
    references: list[str] = field(default_factory=list)
    sender: Address | None = None
    reply_to: list[Address] = field(default_factory=list)
    to: list[Address] = field(default_factory=list)
    cc: list[Address] = field(default_factory=list)
    delivered_to: list[str] = field(default_factory=list)
    subject: str = ""
    sent_at: str = ""
    """ISO 8601 in UTC, '' where the header says nothing sensible."""
    text: str = ""
    folded: str = ""
    html: str = ""
    folded_html: str = ""
    parts: list[Part] = field(default_factory=list)
    automatic: str = ""
    bounce: Bounce | None = None
    forwarded: Forwarded | None = None
    proof: dict[str, str] = field(default_factory=dict)
    losses: list[str] = field(default_factory=list)
    defects: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """Plain values, for the way from one process to another."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> "Mail":
        """The inverse of `as_json`. Raises TypeError or KeyError for what is none."""
        nested: dict[str, Any] = {name: _people(values[name]) for name in ("reply_to", "to", "cc")}
        nested["sender"] = Address(**values["sender"]) if values["sender"] else None
        nested["parts"] = [Part(**part) for part in values["parts"]]
        nested["bounce"] = Bounce(**values["bounce"]) if values["bounce"] else None
        nested["forwarded"] = _forwarded(values["forwarded"]) if values["forwarded"] else None
        return cls(**{one.name: values[one.name] for one in fields(cls)} | nested)


def _people(values: list[dict[str, str]]) -> list[Address]:
    return [Address(**value) for value in values]


def _forwarded(values: dict[str, Any]) -> Forwarded:
    return Forwarded(**values | {"sender": Address(**values["sender"])})

