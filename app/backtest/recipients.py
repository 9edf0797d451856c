"""Whom an announcement tells, out of a copy of teams, departments and absences as they are now.

The same people that automation's `telling` and `chain` find for an event that is written (a test holds the two
together); here for tens of thousands of announcements, so that none of them costs a query.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from app.accounts import absences
from app.accounts.models import Department, Membership, Team, User
from app.automation.chain import ESCALATIONS
from app.core.db import db

Ids = list[int]


class Said(NamedTuple):
    """One announcement: when, what is to be done, and whose the ticket was and is."""

    at: datetime
    actions: list[Any]
    team_id: int
    assignee_id: int | None
    requester_id: int | None
    department_id: int | None
    is_confidential: bool


class Directory:
    """Who works where, who leads, who heads, who is away."""

    def __init__(self) -> None:
        people = db.session.execute(sa.select(User.id, User.is_administrator).where(User.is_active)).all()
        self.active = {user_id for user_id, _is_administrator in people}
        self.administrators = {user_id for user_id, is_administrator in people if is_administrator}
        self.members: dict[int, Ids] = defaultdict(list)
        self.leads: dict[int, Ids] = defaultdict(list)
        self._read_teams()
        departments = db.session.execute(sa.select(Department.id, Department.parent_id, Department.head_id)).all()
        tree = {one: (parent_id, head_id) for one, parent_id, head_id in departments}
        self._heads = {one: self._heads_above(tree, one) for one in tree}
        self._department_of = dict(db.session.execute(sa.select(Team.id, Team.department_id)).all())
        self._absences = absences.calendar()

    def _read_teams(self) -> None:
        rows = db.session.execute(sa.select(Membership.team_id, Membership.user_id, Membership.is_lead)
                                  .order_by(Membership.user_id))
        for team_id, user_id, is_lead in rows:
            if user_id in self.active:
                self.members[team_id].append(user_id)
                self.leads[team_id] += [user_id] if is_lead else []

    def _heads_above(self, tree: dict[int, tuple[int | None, int | None]], department_id: int | None) -> list[Ids]:
        """The head of a department and of those above, vacant ones included."""
        heads, passed = [], set()
        while department_id is not None and department_id not in passed:
            passed.add(department_id)
            department_id, head_id = tree[department_id]
            heads.append([head_id] if head_id in self.active else [])
        return heads

    def told(self, said: Said) -> set[int]:
        """Everybody whom an announcement tells, each once."""
        acts = (action if isinstance(action, dict) else {"action": action} for action in said.actions)
        people = (_FINDERS[act["action"]](self, said, act) for act in acts if act["action"] in _FINDERS)
        return {one for ids in people for one in ids if one in self.active and self._may(one, said)}

    def _may(self, person_id: int, said: Said) -> bool:
        """Whether somebody may know of it: who works on it or answers for it, but not who asked for it."""
        if person_id == said.requester_id:
            return False
        if person_id == said.assignee_id or person_id in self.members[said.team_id]:
            return True
        if said.is_confidential:
            return False
        heads = (*self._above(said), *self._heads.get(said.department_id, ()))
        return person_id in self.administrators or any(person_id in ids for ids in heads)

    def _above(self, said: Said) -> list[Ids]:
        return self._heads.get(self._department_of.get(said.team_id), [])

    def _reached(self, people: Iterable[int], said: Said, kind: str = ESCALATIONS) -> Ids:
        """These people, or their deputies, as far as they may be told."""
        told = (self._stand_in(person_id, said, kind) for person_id in people)
        return [one for one in told if self._may(one, said)]

    def _stand_in(self, person_id: int, said: Said, kind: str) -> int:
        deputy_id = self._absences.deputy_of(person_id, kind, said.at)
        return deputy_id if deputy_id in self.active and self._may(deputy_id, said) else person_id

    def assignee(self, said: Said) -> Ids:
        """The whole team, while it is nobody's who works here."""
        if said.assignee_id not in self.active:
            return self.members[said.team_id]
        return [self._stand_in(said.assignee_id, said, "tickets")]

    def lead(self, said: Said) -> Ids:
        return self._reached(self.leads[said.team_id], said)

    def deputy(self, said: Said) -> Ids:
        """The assignee's deputy while the assignee is away; else the lead."""
        stands = self._stand_in(said.assignee_id, said, "tickets") if said.assignee_id in self.active else None
        return [stands] if stands is not None and stands != said.assignee_id else self.lead(said)

    def chain(self, said: Said) -> Ids:
        return [one for people in self._steps(said) for one in self._reached(people, said)]

    def step(self, said: Said, step: int) -> Ids:
        """Who answers for it so many steps up: the next ones where nobody is there, or all are away."""
        found = [self._reached(people, said) for people in self._steps(said)[step - 1:]]
        filled = [ids for ids in found if ids]
        present = [ids for ids in filled if any(self._absences.away(one, said.at) is None for one in ids)]
        return next(iter(present or filled), [])

    def _steps(self, said: Said) -> list[Ids]:
        return [self.leads[said.team_id], *self._above(said)]


_FINDERS: dict[str, Callable[[Directory, Said, dict[str, Any]], Iterable[int]]] = {
    "notify_assignee": lambda book, said, act: book.assignee(said),
    "notify_team": lambda book, said, act: book.members[said.team_id],
    "notify_lead": lambda book, said, act: book.lead(said),
    "notify_deputy": lambda book, said, act: book.deputy(said),
    "notify_chain": lambda book, said, act: book.chain(said),
    "notify_named": lambda book, said, act: book._reached([act["user_id"]], said),
    "tell_head": lambda book, said, act: book.step(said, act.get("step", 1)),
}
