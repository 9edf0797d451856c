"""A list as a table for a spreadsheet: exactly the rows its filter shows this person, in its order and columns."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from app.core.i18n import local_time

from .. import queues
from ..show import status_names
from . import wording
from .cells import cells
from .listing import Listing

MOST = 10_000
"""So many rows a file holds; who needs more asks for less at a time."""


class Table:
    """The head and the rows of one export, and whether it holds all of them."""

    def __init__(self, listing: Listing, now: datetime) -> None:
        self.listing, self.now = listing, now
        found = queues.first(listing.condition, listing.wanted, now, MOST + 1)
        self.is_cut, self.found = len(found) > MOST, found[:MOST]

    @property
    def head(self) -> list[str]:
        fixed = [_("Number"), _("Priority"), _("Status"), _("Subject")]
        return [*fixed, *(str(name) for column in self.listing.columns for name in self._names(column))]

    @staticmethod
    def _names(column: str) -> list[Any]:
        """A column that says two things is two in a table, where each can be sorted by."""
        return {"waits": [wording.COLUMNS["waits"], _("Waits since")], "age": [_("Filed")]}.get(
            column, [wording.COLUMNS[column]])

    def rows(self) -> Iterator[list[Any]]:
        """Each ticket as a row of numbers and texts; moments in the reader's zone."""
        statuses = status_names()
        said = cells(self.found, self.listing.columns, self.listing.offers, self.listing.person, self.now)
        for row in self.found:
            shown = (part for column in self.listing.columns for part in self._cell(column, row, said))
            yield [row.id, row.priority, statuses[row.status], row.subject, *shown]
        if self.is_cut:
            yield [_("Only the first %(count)s tickets are here; narrow the list to have the others.", count=MOST)]

    def _cell(self, column: str, row: Any, said: dict[str, Any]) -> list[Any]:
        moments = {"due": row.due_at, "age": row.filed_at, "activity": row.updated_at}
        if column in moments:
            return [_sortable(moments[column])]
        if column == "waits":
            return [str(wording.WAITS.get(row.awaits, "")), _sortable(row.awaits_since)]
        return [row.level if column == "level" else said[column](row)]


def _sortable(moment: datetime | None) -> str:
    """As every spreadsheet sorts it, and no two readers understand it differently."""
    return local_time(moment, "yyyy-MM-dd HH:mm")
