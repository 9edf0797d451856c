"""From the rows of one case to the past of one ticket: what each activity meant, and which team had it.

A row's meaning follows from the rows before it, but for one thing: to which team a case was handed over follows
from who works on it next (the mapping says why). Every event carries the case and the line that it comes from.
"""

from collections.abc import Sequence

from .chronicle import Chronicle, Place
from .event_log import Case, Row
from .mapping import COMPLETING, Mapping


class CaseHistory:
    """Tells a chronicle the rows of its case."""

    def __init__(self, chronicle: Chronicle, mapping: Mapping, places: Sequence[Place], people: dict[str, int]) -> None:
        self.chronicle = chronicle
        self.mapping = mapping
        self.places = places
        """Level 1 first, then the teams of level 2 in their order."""
        self.people = people
        self.began = False
        self.seen_in: dict[str, Place] = {}

    def tell(self, case: Case) -> Chronicle:
        """At least one event for each row; the first of them names the activity, so that rows can be counted."""
        for index, row in enumerate(case.rows):
            told = len(self.chronicle.events)
            self.chronicle.mark = {"source": [case.ref, row.line]}
            if index == 0:
                self.chronicle.filed(row.at, self.mapping.body.format(case=case.ref))
            self._tell_row(row, case.rows[index + 1:])
            if len(self.chronicle.events) == told:
                self.chronicle.worked(self._by(row), row.at)
            self.chronicle.events[told].data["activity"] = row.activity
        return self.chronicle

    def _tell_row(self, row: Row, later: Sequence[Row]) -> None:
        meaning, _, reason = self.mapping.meaning(row.activity).partition(":")
        if meaning == "work":
            self._work(row)
        elif meaning == "wait":
            self._wait(row, reason)
        elif meaning == "queue":
            self._queue(row, later)
        elif meaning in COMPLETING:
            self._complete(row, meaning)

    def _by(self, row: Row) -> int | None:
        return self.people.get(row.person)

    def _work(self, row: Row) -> None:
        self._wake(row)
        self._take(row)

    def _wake(self, row: Row) -> None:
        """What ended goes on, also where a closed case never does on this desk: so it was there."""
        if self.chronicle.is_ended:
            self.chronicle.reopened(self._by(row), row.at)
        elif self.chronicle.is_pending:
            self.chronicle.resumed(self._by(row), row.at)

    def _take(self, row: Row) -> None:
        self.began = True
        if not self._is_somebody(row):
            return
        self.seen_in[row.person] = self.chronicle.place
        if self.chronicle.facts["assignee_id"] != self.people[row.person]:
            self.chronicle.taken(self.people[row.person], row.at)

    def _is_somebody(self, row: Row) -> bool:
        return bool(row.person) and row.person not in self.mapping.machines

    def _wait(self, row: Row, slug: str) -> None:
        if self._waits_for(slug):
            self._take(row)
            return
        self._work(row)
        self.chronicle.held((slug, self.mapping.reasons[slug].pauses), self._by(row), row.at)

    def _waits_for(self, slug: str) -> bool:
        return self.chronicle.is_pending and self.chronicle.holds[-1]["reason"] == slug

    def _queue(self, row: Row, later: Sequence[Row]) -> None:
        if self.chronicle.is_ended:
            self.chronicle.reopened(self._by(row), row.at)
        if self.began:
            self.chronicle.hopped(self._next_place(later), row.activity, self._by(row), row.at)

    def _next_place(self, later: Sequence[Row]) -> Place:
        """Another team: where the next to work was seen on this case, else the next one in order."""
        here = self.chronicle.place
        known = self.seen_in.get(self._next_worker(later), here)
        return known if known != here else self._after(here)

    def _next_worker(self, later: Sequence[Row]) -> str:
        for row in later:
            meaning = self.mapping.meaning(row.activity).partition(":")[0]
            if meaning == "queue":
                break
            if meaning in ("work", "wait") and self._is_somebody(row):
                return row.person
        return ""

    def _after(self, here: Place) -> Place:
        """From level 1 up; on level 2 to the next team, or back if there is but one."""
        first, *specialists = self.places
        if here == first:
            return specialists[0]
        if len(specialists) == 1:
            return first
        return specialists[(specialists.index(here) + 1) % len(specialists)]

    def _complete(self, row: Row, meaning: str) -> None:
        """An end that adds nothing to how the case already stands changes nothing."""
        self.began = True
        if meaning == "cancel" and not self.chronicle.is_ended:
            self.chronicle.cancelled(row.activity, self._by(row), row.at)
            return
        if not self.chronicle.is_ended:
            self.chronicle.resolved(self._by(row), row.at)
        if meaning == "close" and self.chronicle.facts["status"] == "resolved":
            self.chronicle.closed(self._by(row), row.at)
