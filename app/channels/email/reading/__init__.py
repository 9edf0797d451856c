"""One mail, from its raw bytes to plain values, with a bound on everything.

It runs in a child of its own (`understanding.py` starts it), which has no desk, no database and no settings: nothing
here imports more than it needs.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Ours:
    """What the reader must know of the desk: its own addresses, the server whose Authentication-Results count
    (RFC 8601; '' for nobody's), and what X-Jardam-Loop says in our own mails (`references.signature("loop")`)."""

    addresses: frozenset[str] = frozenset()
    trusted_hop: str = ""
    loop_mark: str = ""
