"""What is looked at before a reply leaves. Pure: a reply and what is known around it -> findings; no database.

A finding says what, why and where. Grave ones are shown once before the reply leaves; the others only stand there.
Quoted lines, code and addresses are somebody else's words: nothing is found in them.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from app.core.registries import CHECKS

_QUOTED = re.compile(r"^[ \t]*>.*$", re.M)
_CODE = re.compile(r"```.*?(?:```|\Z)|`[^`\n]+`", re.S)
_ADDRESS = re.compile(r"https?://[^\s<>\"]+|(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}|"
                      r"(?<![\w/])/(?:kb|tickets)/[^\s<>)\"']*")
"""With bounds, as all patterns here: what they look at may come from anybody, and be a hundred thousand letters."""
_LINK = re.compile(r"\]\([^()\s]*\)")


@dataclass(frozen=True)
class Finding:
    """`check` names the check, `at` is the place in the text at which `excerpt` stands."""

    check: str
    sentence: Any
    excerpt: str = ""
    at: int = 0
    is_grave: bool = True


@dataclass(frozen=True)
class Reply:
    """What is about to be said, and what its checks may ask about."""

    text: str
    people: tuple[str, ...] = ()
    """Whom it may greet: the requester first, then those who read along."""
    languages: frozenset[str] = frozenset()
    """In which the requester wrote or reads; empty: not known."""
    has_files: bool = False
    is_last: bool = False
    """Whether the ticket is resolved with it."""
    is_somebody: Callable[[str], bool] = lambda name: False
    """Whether a person of the desk has this name."""
    may_open: Callable[[int, int | None], bool] = lambda ticket, message: True
    """Whether all who get the reply may open this ticket, and this message of it."""
    colleagues: tuple[str, ...] = ()
    """Whose replies to this ticket are about to leave."""
    own_words: str = field(init=False, default="")
    """The text with blanks for what is quoted, code or an address: every place stays where it is."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "own_words", masked(self.text))


def masked(text: str) -> str:
    for pattern in (_CODE, _QUOTED, _ADDRESS, _LINK):
        text = pattern.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)
    return text


def found(reply: Reply, but: Iterable[str] = ()) -> list[Finding]:
    """Everything the checks find, but for those left out; the grave first, then in the order of the text."""
    findings = [finding for finding in _all(reply) if finding.check not in frozenset(but)]
    return sorted(findings, key=lambda finding: (not finding.is_grave, finding.at))


def _all(reply: Reply) -> Iterator[Finding]:
    for check in CHECKS["reply"]:
        yield from check(reply)
