"""What became of a deed, in sentences."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from .models import BulkDeed, BulkItem

SHOWN = 4
"""So many reasons stand beside the button; the rest on the page of the deed."""

DONE: dict[str, Callable[[int], str]] = {
    "take": lambda n: ngettext("%(num)s ticket is yours now.", "%(num)s tickets are yours now.", n),
    "assign": lambda n: ngettext("%(num)s ticket was assigned.", "%(num)s tickets were assigned.", n),
    "move": lambda n: ngettext("%(num)s ticket was moved.", "%(num)s tickets were moved.", n),
    "priority": lambda n: ngettext("The priority of %(num)s ticket was changed.",
                                   "The priority of %(num)s tickets was changed.", n),
    "tag": lambda n: ngettext("%(num)s ticket was tagged.", "%(num)s tickets were tagged.", n),
    "untag": lambda n: ngettext("The tag was removed from %(num)s ticket.",
                                "The tag was removed from %(num)s tickets.", n),
    "wait": lambda n: ngettext("%(num)s ticket waits.", "%(num)s tickets wait.", n),
    "resolve": lambda n: ngettext("%(num)s ticket was resolved.", "%(num)s tickets were resolved.", n),
    "cancel": lambda n: ngettext("%(num)s request was cancelled.", "%(num)s requests were cancelled.", n),
    "merge": lambda n: ngettext("%(num)s ticket was merged.", "%(num)s tickets were merged.", n),
    "watch": lambda n: ngettext("You watch %(num)s ticket.", "You watch %(num)s tickets.", n),
}


@dataclass(frozen=True)
class Report:
    """What is said of a deed: sentences about numbers, then tickets with the reason why they were left out."""

    deed: BulkDeed
    sentences: list[str]
    reasons: list[BulkItem]
    can_be_undone: bool

    @property
    def first_reasons(self) -> list[BulkItem]:
        return self.reasons[:SHOWN]

    @property
    def is_smooth(self) -> bool:
        return not self.reasons and not self.deed.missing


def report(deed: BulkDeed, now: datetime) -> Report:
    """Of a deed, or of its being taken back."""
    told = _undone(deed) if deed.undone_at is not None else _done(deed)
    left = deed.of("kept") if deed.undone_at is not None else deed.of("refused")
    return Report(deed, [sentence for number, sentence in told if number], left, deed.can_be_undone(now))


def _done(deed: BulkDeed) -> list[tuple[Any, str]]:
    done, same, refused = (len(deed.of(state)) for state in ("done", "same", "refused"))
    return [
        (done, DONE[deed.verb](done)),
        (not done, _("Nothing was changed.")),
        (same, ngettext("%(num)s ticket was so already.", "%(num)s tickets were so already.", same)),
        (deed.missing, ngettext("%(num)s ticket was not found.", "%(num)s tickets were not found.", deed.missing)),
        (refused, ngettext("%(num)s ticket could not be changed:", "%(num)s tickets could not be changed:", refused)),
    ]


def _undone(deed: BulkDeed) -> list[tuple[Any, str]]:
    undone, kept = len(deed.of("undone")), len(deed.of("kept"))
    return [
        (undone, ngettext("%(num)s ticket is again as it was.", "%(num)s tickets are again as they were.", undone)),
        (kept, ngettext("%(num)s ticket was left alone:", "%(num)s tickets were left alone:", kept)),
    ]
