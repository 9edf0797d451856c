"""Trying a mailbox as it is set in a form: nothing is changed, there or here."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from flask_babel import gettext as _
from flask_babel import ngettext

from . import folder_round, imap
from .explaining import EXPECTED, explained
from .source import Source

SECONDS = 12.0


@dataclass(frozen=True)
class Outcome:
    """Whether it would work, and what to say about it."""

    is_well: bool
    words: str


def attempt(source: Source, now: datetime) -> Outcome:
    """Connect with what is in the form and look. No transaction may be open meanwhile."""
    try:
        count = _waiting(source, now)
    except EXPECTED as error:
        return Outcome(False, explained(error, source))
    if source.way == "pipe":
        return Outcome(True, _("Nothing is fetched here: mail comes by the command flask mail ingest."))
    said = ngettext("It works: %(count)s mail waits there.", "It works: %(count)s mails wait there.", count,
                    count=count)
    return Outcome(True, said)


def _waiting(source: Source, now: datetime) -> int:
    """How many mails the next round would take."""
    if source.way == "imap":
        return _waiting_there(source)
    return len(folder_round.waiting(Path(source.folder), now)) if source.way == "folder" else 0


def _waiting_there(source: Source) -> int:
    with imap.connected(source, SECONDS) as box:
        is_known = imap.choose(box, source.folder, readonly=True) == source.uid_validity
        last_uid = source.last_uid if is_known else imap.start(box, source.since)
        return len(imap.uids_after(box, last_uid))
