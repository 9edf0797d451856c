"""What becomes of a mail: one page of data. The first line that fits decides.

Sender: `ours` is an address of the desk; `nobody` no single address; `unknown` an address that nobody here has, `new`
both on a desk that takes such people in; `inactive` of an account that is switched off; `part` takes part in the
ticket (asked for it, had it filed, watches it); `staff` works on the ticket; `known` is anybody else with an account.
Reference: `signed` names a mail of ours about a ticket that exists; `hinted` is a number in the subject or the answer
to a mail we stored; `none`.
Nature: `loop` is our own mail come back, `bounce` a report that a mail did not arrive, `automatic` whatever no person
wrote, `unreadable` what could not be understood, `inside` the staff's answer to what only the staff was told,
`forward` what an agent forwards, `person` the rest.
Proof: `proven` or `failed` is what the trusted hop says of the sender, `silent` that it says nothing.
"""

from dataclasses import dataclass, field

ANY: frozenset[str] = frozenset()
SENDERS = ("ours", "nobody", "unknown", "new", "inactive", "part", "staff", "known")
REFERENCES = ("signed", "hinted", "none")
NATURES = ("loop", "bounce", "automatic", "unreadable", "inside", "forward", "person")
PROOFS = ("proven", "failed", "silent")


@dataclass(frozen=True)
class Line:
    """One line: the words that each of the four may be (none named: any), and what becomes of such a mail."""

    becomes: str
    sender: frozenset[str] = field(default=ANY)
    reference: frozenset[str] = field(default=ANY)
    nature: frozenset[str] = field(default=ANY)
    proof: frozenset[str] = field(default=ANY)

    def fits(self, sender: str, reference: str, nature: str, proof: str) -> bool:
        pairs = ((self.sender, sender), (self.reference, reference), (self.nature, nature), (self.proof, proof))
        return all(not asked or found in asked for asked, found in pairs)


def _line(becomes: str, sender: str = "", reference: str = "", nature: str = "", proof: str = "") -> Line:
    return Line(becomes, *(frozenset(words.split()) for words in (sender, reference, nature, proof)))


TABLE = (
    _line("bounce", nature="bounce"),
    _line("own_mail", sender="ours"),
    _line("own_loop", nature="loop"),
    _line("unreadable_unknown", sender="nobody unknown inactive", nature="unreadable"),
    _line("unreadable", nature="unreadable"),
    _line("no_sender", sender="nobody"),
    _line("switched_off", sender="inactive"),

    _line("forged", "part", "signed", "person forward automatic", "failed"),
    _line("joined", "part", "signed", "person forward"),
    _line("automatic", "part", "signed", "automatic"),
    _line("noted", "staff", "signed", "inside"),
    _line("replied", "staff", "signed", "person forward", "proven"),
    _line("unsent", "staff", "signed", "person forward"),
    _line("staff_automatic", "staff", "signed", "automatic"),

    _line("automatic_unknown", "unknown new", nature="automatic"),
    _line("stranger", "unknown new", "signed hinted"),
    _line("unknown_sender", "unknown"),

    _line("automatic_filed", nature="automatic"),
    _line("forwarded", nature="forward", proof="proven silent"),
    _line("proposed", reference="signed hinted"),
    _line("filed"),
)


def decide(sender: str, reference: str, nature: str, proof: str) -> str:
    """What becomes of a mail of this kind."""
    return next(line.becomes for line in TABLE if line.fits(sender, reference, nature, proof))
