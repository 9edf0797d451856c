"""How a table of rights is written and read: routes, what they are tried on, and one letter for each person."""

from collections.abc import Iterator
from dataclasses import dataclass

from .identities import IDENTITIES

ITSELF = "-"
"""Stands for the one thing that each route of the group names itself, or for none."""


@dataclass(frozen=True)
class Route:
    """`endpoint` or `endpoint:variant`, the statuses of a yes, and what it is tried on where the group does not say."""

    name: str
    statuses: tuple[int, ...]
    thing: str

    @property
    def endpoint(self) -> str:
        return self.name.partition(":")[0]

    @property
    def variant(self) -> str:
        return self.name.partition(":")[2]


@dataclass(frozen=True)
class Cell:
    """One person at one route with one thing: a letter of REASONS for yes, or one of NO."""

    route: Route
    thing: str
    who: str
    letter: str

    @property
    def statuses(self) -> tuple[int, ...]:
        """What may come back. Of several the first is meant; the others say that the state of the thing refuses."""
        refused = {".": (404,), "x": (403,), "s": (302, 401)}
        return refused.get(self.letter) or (self.route.statuses[:1] if self.thing == "printer" else self.route.statuses)

    def __str__(self) -> str:
        return f"{self.route.name} {self.thing} by {self.who} ({self.letter})"


@dataclass(frozen=True)
class Group:
    """Routes that are open to the same people for the same reasons."""

    about: str
    routes: str
    rights: str

    def cells(self) -> Iterator[Cell]:
        for route in routes(self.routes):
            for thing, letters in rows(self.rights).items():
                for who, letter in letters.items():
                    yield Cell(route, route.thing if thing == ITSELF else thing, who, letter)


def routes(text: str) -> Iterator[Route]:
    """One a line: name, statuses of a yes, and perhaps a thing."""
    for line in text.strip().splitlines():
        name, *about = line.split()
        things = [word for word in about if not word.isdigit()]
        yield Route(name, tuple(int(word) for word in about if word.isdigit()), things[0] if things else ITSELF)


def rows(text: str) -> dict[str, dict[str, str]]:
    """thing -> person -> letter; the first line names the people and must name all of them."""
    head, *lines = [line.split() for line in text.strip().splitlines()]
    assert head == list(IDENTITIES), f"not everybody: {head}"
    assert all(len(line) == len(head) + 1 for line in lines), f"a row is not complete: {lines}"
    return {thing: dict(zip(head, letters, strict=True)) for thing, *letters in lines}
