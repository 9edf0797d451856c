"""Whose turn it is: who of a team gets the next ticket. Pure: the same facts give the same answer.

`round_robin`: the members stand in a line. Whoever gets a ticket moves back, by one step at a weight of 100 and by two
at a weight of 50, who thereby gets half as many. The next ticket goes to who stands foremost; of equals, to who has
waited longest. Whoever comes back (from an absence, from full hands) or is new joins at the front of the line as it is
now: nobody has to catch up on what the others did meanwhile.

`least_loaded`: who carries the least for the own weight; of equals, who has waited longest.

In both only those are asked who are there, have a weight above 0 and hold less than their capacity.
"""

from bisect import insort
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from heapq import heapify, heappop, heappush

from app.calendars.working_hours import WorkingHours

LINE = 1_000_000
"""How far back a ticket moves somebody whose weight is 1 percent. Enough digits that no two shares of a load count as
equal by rounding, for weights up to 500."""
LONG_AGO, NEVER = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
Absences = Mapping[int, Sequence[tuple[datetime, datetime]]]
"""User -> when they are away: [from, to)."""


@dataclass(frozen=True)
class Member:
    """Somebody who may get tickets of a team."""

    user_id: int
    weight: int = 100
    """In percent of a full share; 0: gets nothing."""
    capacity: int | None = None
    """How many tickets at most; None: any number."""
    load: int = 0
    """Tickets that are active and do not wait, of all teams."""
    assigned_at: datetime | None = None
    """When the last one came."""
    place: int = 0
    """Where in the line of the team, 0 at its very beginning; it only grows."""
    is_present: bool = True

    @property
    def is_free(self) -> bool:
        return self.is_present and self.weight > 0 and (self.capacity is None or self.load < self.capacity)

    @property
    def waits_since(self) -> tuple[datetime, int]:
        """Smaller for who has waited longer; of two who never got anything, for the older account."""
        return self.assigned_at or LONG_AGO, self.user_id

    @property
    def step(self) -> int:
        """How far back a ticket moves this person; only of a weight above 0."""
        return LINE // self.weight


Order = Callable[[Member], tuple[int, tuple[datetime, int]]]


def choose(members: Sequence[Member], mode: str, but: Collection[int | None] = ()) -> Member | None:
    """Who gets the next ticket, never anybody of `but`; None when nobody is free. Raises KeyError for a mode by which
    nobody is chosen."""
    order = ORDERS[mode](members)
    return min((one for one in members if one.is_free and one.user_id not in but), key=order, default=None)


def _foremost(members: Sequence[Member]) -> Order:
    front = _front(members)
    return lambda member: (max(member.place, front), member.waits_since)


def _lightest(_members: Sequence[Member]) -> Order:
    return lambda member: (member.load * LINE // member.weight, member.waits_since)


ORDERS: dict[str, Callable[[Sequence[Member]], Order]] = {"round_robin": _foremost, "least_loaded": _lightest}


def _front(members: Iterable[Member]) -> int:
    """Where the last ticket found who got it: nobody stands before this."""
    return max((member.place - member.step for member in members if member.weight > 0 and member.place), default=0)


def given(members: Sequence[Member], user_id: int, at: datetime) -> list[Member]:
    """The same members after one of them got a ticket."""
    front = _front(members)
    return [_moved_back(member, front, at) if member.user_id == user_id else member for member in members]


def _moved_back(member: Member, front: int, at: datetime) -> Member:
    return replace(member, load=member.load + 1, assigned_at=at, place=max(member.place, front, 0) + member.step)


@dataclass(frozen=True)
class Landing:
    """A ticket that came to a team un-owned."""

    ticket_id: int
    at: datetime
    until: datetime | None = None
    """When it left the team, ended, or waited: from then on it is no load. None: not within the period."""
    due_at: datetime | None = None
    """Of those that wait together the one that is due first is given first."""
    requester_id: int | None = None
    """Who never gets it: nobody works on the own request."""


def simulate(landings: Iterable[Landing], members: Sequence[Member], mode: str, hours: WorkingHours | None = None,
             absences: Absences | None = None,
             pulse: Callable[[], None] = lambda: None) -> list[tuple[int, int | None]]:
    """Who would have got what: (ticket, user) for each landing, in the order given; None for what nobody would have
    got before it left. What lands while the team's hours are closed, or nobody is free, is given when that changes.

    The loads of `members` are what they carry throughout, beside the landings. `pulse` is called at every step: with
    hundreds of people this takes minutes.
    """
    return _Replay(list(landings), list(members), mode, hours, absences or {}).run(pulse)


LEAVES, COMES_BACK, LANDS, OPENS = range(4)
"""What happens at one moment happens in this order: who lets go of a ticket may get the next."""


class _Replay:
    """A team at work: what lands, who holds what, what waits."""

    def __init__(self, landings: list[Landing], members: list[Member], mode: str, hours: WorkingHours | None,
                 absences: Absences) -> None:
        self.landings, self.members, self.mode, self.hours, self.absences = landings, members, mode, hours, absences
        self.owners: dict[int, int] = {}
        self.waiting: list[tuple[datetime, int]] = []
        self.opening: datetime | None = None
        self.agenda = [(landing.at, LANDS, n) for n, landing in enumerate(landings)]
        self.agenda += [(landing.until, LEAVES, n) for n, landing in enumerate(landings) if landing.until]
        self.agenda += [(end, COMES_BACK, -1) for stretches in absences.values() for _start, end in stretches]
        heapify(self.agenda)

    def run(self, pulse: Callable[[], None]) -> list[tuple[int, int | None]]:
        while self.agenda:
            pulse()
            moment, what, n = heappop(self.agenda)
            if what == LANDS:
                self._land(n)
            elif what == LEAVES:
                self._leave(n)
            if self.waiting:
                self._try(moment)
        return [(landing.ticket_id, self.owners.get(n)) for n, landing in enumerate(self.landings)]

    def _land(self, n: int) -> None:
        landing = self.landings[n]
        if landing.until is None or landing.until > landing.at:
            insort(self.waiting, self._turn(n))

    def _turn(self, n: int) -> tuple[datetime, int]:
        return self.landings[n].due_at or NEVER, n

    def _leave(self, n: int) -> None:
        if n in self.owners:
            self.members = [replace(one, load=one.load - 1) if one.user_id == self.owners[n] else one
                            for one in self.members]
        elif self._turn(n) in self.waiting:
            self.waiting.remove(self._turn(n))

    def _try(self, moment: datetime) -> None:
        """Give out what waits, or look again when the hours open."""
        if self.hours is None or self.hours.is_open(moment):
            self._give_out(moment)
            return
        opening = self.hours.deadline(moment, 0)
        if opening != self.opening:
            self.opening = opening
            heappush(self.agenda, (opening, OPENS, -1))

    def _give_out(self, moment: datetime) -> None:
        self.members = [replace(one, is_present=not self._is_away(one, moment)) for one in self.members]
        for turn in list(self.waiting):
            if not any(one.is_free for one in self.members):
                return
            chosen = choose(self.members, self.mode, (self.landings[turn[1]].requester_id,))
            if chosen is not None:
                self.members = given(self.members, chosen.user_id, moment)
                self.owners[turn[1]] = chosen.user_id
                self.waiting.remove(turn)

    def _is_away(self, member: Member, moment: datetime) -> bool:
        return any(start <= moment < end for start, end in self.absences.get(member.user_id, ()))
