"""What became of a mail, in a word that is kept and a sentence for people."""

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l


@dataclass(frozen=True)
class Reason:
    """The state a mail is in for this reason, and whether trying it again may come out otherwise."""

    state: str
    words: Any
    may_retry: bool = False


REASONS: dict[str, Reason] = {
    "filed": Reason("taken", _l("A new request of somebody known here.")),
    "proposed": Reason("taken", _l("A new request that may belong to another ticket: an agent says.")),
    "forwarded": Reason("taken", _l("An agent forwarded it: filed for who wrote it first.")),
    "joined": Reason("taken", _l("An answer: it names a mail of ours, and its sender takes part.")),
    "followed_up": Reason("taken", _l("An answer to a ticket that had ended: a follow-up.")),
    "replied": Reason("taken", _l("A reply of the staff, for whom the trusted server vouches.")),
    "noted": Reason("taken", _l("An answer of the staff to what only the staff reads: a note.")),
    "unsent": Reason("taken", _l("It says it is of the staff and cannot be sent as it is: a note on the ticket.")),
    "automatic": Reason("taken", _l("An automatic answer: kept on the ticket, changes nothing.")),
    "automatic_filed": Reason("taken", _l("Automatic mail of somebody known here: filed, not answered.")),
    "unreadable": Reason("taken", _l("It could not be understood: filed with the mail as it came.")),
    "bounced": Reason("taken", _l("A mail of ours came back for good: the address is marked.")),
    "let_in": Reason("taken", _l("An agent had it filed.")),
    "added": Reason("taken", _l("An agent added it to the ticket.")),
    "unknown_sender": Reason("held", _l("Nobody here has this address."), may_retry=True),
    "stranger": Reason("held", _l("It may belong to a ticket, and nobody here has this address."), may_retry=True),
    "forged": Reason("held", _l("It names a mail of ours, and the trusted server says that its sender is false."),
                     may_retry=True),
    "switched_off": Reason("held", _l("The account of its sender is switched off."), may_retry=True),
    "no_sender": Reason("held", _l("It does not say who sent it, or names several."), may_retry=True),
    "automatic_unknown": Reason("held", _l("Automatic mail, and nobody here has this address."), may_retry=True),
    "unreadable_unknown": Reason("held", _l("It could not be understood, and nobody here has this address."),
                                 may_retry=True),
    "own_mail": Reason("dropped", _l("It comes from one of our own addresses."), may_retry=True),
    "own_loop": Reason("dropped", _l("Our own mail came back to us.")),
    "double": Reason("dropped", _l("The same mail came by another of our addresses.")),
    "staff_automatic": Reason("dropped", _l("An automatic answer of somebody of the staff.")),
    "bounce_for_now": Reason("dropped", _l("A mail of ours is late; its server goes on trying.")),
    "bounce_elsewhere": Reason("dropped", _l("A report about a mail that we did not send to that address.")),
    "refused": Reason("dropped", _l("An agent left it out.")),
}
"""Every word that `InboundMail.reason` may hold once a mail is settled."""

ASKED = ("let_in", "added")
"""What an agent may ask for a held mail; it waits with this word until it is taken in."""


@dataclass(frozen=True)
class Outcome:
    """What is decided about one mail. `ticket_id` is the ticket it is on, or may belong to."""

    reason: str
    ticket_id: int | None = None
    said: str = ""

    @property
    def state(self) -> str:
        return REASONS[self.reason].state


ERROR = "! "
"""How a line of `InboundMail.said` begins that tells of a try that failed."""


def known_loss(said: str) -> str:
    """What was lost when a waiting mail was brought, without what went wrong in trying it."""
    return "\n".join(line for line in said.splitlines() if not line.startswith(ERROR))
