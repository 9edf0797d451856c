"""A desk of any size, made by bulk inserts of the rows the verbs would write."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from app.accounts.models import Team, User
from app.calendars.models import CalendarVersion
from app.catalogue.models import RequestType
from app.core.db import db
from app.core.events import Event
from app.sla.models import SlaClock, SlaPolicyVersion, Span
from app.tickets.models import FAR_FUTURE, Message, Resolution, Ticket

START = datetime(2025, 1, 6, 4, tzinfo=UTC)
ACTIVE_SHARE = 33
"""One ticket in so many is still active."""
BATCH = 2000


class Desk:
    """The people and things tickets refer to, by id."""

    def __init__(self) -> None:
        self.teams = list(db.session.scalars(sa.select(Team.id).order_by(Team.id)))
        self.agents = [user.id for user in db.session.scalars(sa.select(User)) if user.is_agent]
        self.people = [user.id for user in db.session.scalars(sa.select(User)) if not user.is_agent]
        self.type = db.session.scalar(sa.select(RequestType.id).order_by(RequestType.id))
        self.policy = db.session.scalar(sa.select(SlaPolicyVersion.id))
        self.calendar = db.session.scalar(sa.select(CalendarVersion.id))

    def ticket(self, number: int) -> dict[str, Any]:
        """The row of one ticket; its number decides everything about it."""
        filed_at = START + timedelta(seconds=number * 300)
        active = number % ACTIVE_SHARE == 0
        due_at = filed_at + timedelta(days=1, seconds=number * 7 % 90_000)
        return {
            "id": number, "version": 1, "kind": "incident",
            "subject": f"Printer {number} in room {number % 400} is silent",
            "requester_id": self.people[number % len(self.people)], "channel": "web", "request_type_id": self.type,
            "impact": "medium", "urgency": "medium", "priority": f"P{number % 4 + 1}", "level": 1, "fields": {},
            "status": "open" if active else "closed", "team_id": self.teams[number % len(self.teams)],
            "assignee_id": self.agents[number % len(self.agents)], "filed_at": filed_at, "updated_at": filed_at,
            "due_at": due_at if active else None, "queue_at": due_at if active else FAR_FUTURE,
        }

    def messages(self, ticket: dict[str, Any]) -> Iterator[dict[str, Any]]:
        for turn, kind in enumerate(("incoming", "reply", "note", "incoming", "reply")):
            author = ticket["requester_id"] if kind == "incoming" else ticket["assignee_id"]
            yield {"ticket_id": ticket["id"], "kind": kind, "author_id": author, "channel": "web",
                   "body": f"Message {turn} of ticket {ticket['id']}: " + "the printer in the hall is silent. " * 7,
                   "created_at": ticket["filed_at"] + timedelta(minutes=turn)}

    def events(self, ticket: dict[str, Any]) -> Iterator[dict[str, Any]]:
        facts = {"status": [None, "new"], "team_id": [None, ticket["team_id"]], "priority": [None, ticket["priority"]],
                 "request_type_id": [None, ticket["request_type_id"]], "level": [None, 1], "kind": [None, "incident"]}
        told = [("ticket.filed", facts), ("ticket.taken", {"status": ["new", "open"]}), ("ticket.replied", {}),
                ("ticket.noted", {})]
        if ticket["status"] == "closed":
            told += [("ticket.resolved", {"status": ["open", "resolved"]}),
                     ("ticket.closed", {"status": ["resolved", "closed"]})]
        for turn, (kind, changes) in enumerate(told):
            at = ticket["filed_at"] + timedelta(minutes=turn)
            yield {"kind": kind, "subject_type": "ticket", "subject_id": ticket["id"],
                   "actor_id": ticket["assignee_id"],
                   "occurred_at": at, "recorded_at": at, "data": {"changes": changes}}

    def clocks(self, ticket: dict[str, Any]) -> Iterator[dict[str, Any]]:
        for target, minutes in (("first_response", 2), ("resolution", 4)):
            ended = target == "first_response" or ticket["status"] == "closed"
            at = ticket["filed_at"] + timedelta(minutes=minutes)
            due = ticket["due_at"] or ticket["filed_at"] + timedelta(days=1)
            yield {"ticket_id": ticket["id"], "target": target, "cycle": 1, "policy_version_id": self.policy,
                   "calendar_version_id": self.calendar, "allowed_seconds": 14_400, "started_at": ticket["filed_at"],
                   "terms_since": ticket["filed_at"], "due_at": due, "paused_seconds": 0, "late_paused_seconds": 0,
                   "stopped_at": at if ended else None, "used_seconds": minutes * 60 if ended else None,
                   "outcome": "met" if ended else None, "announced_share": 0, "next_at": None if ended else due}

    def spans(self, ticket: dict[str, Any]) -> Iterator[dict[str, Any]]:
        begun = ticket["filed_at"]
        for status, minutes in (("new", 1), ("open", 4)):
            ended = begun + timedelta(minutes=minutes)
            last = status == "open" and ticket["status"] == "open"
            yield {"ticket_id": ticket["id"], "cycle": 1, "visit": 1, "status": status, "pauses": False, "level": 1,
                   "team_id": ticket["team_id"], "started_at": begun, "ended_at": None if last else ended}
            begun = ended


def fill(first: int, last: int) -> None:
    """Tickets first..last with all that hangs on them; commits in batches."""
    desk = Desk()
    for numbers in _batches(range(first, last + 1)):
        tickets = [desk.ticket(number) for number in numbers]
        db.session.execute(sa.insert(Ticket), tickets)
        kinds = ((Message, desk.messages), (Event, desk.events), (SlaClock, desk.clocks), (Span, desk.spans))
        for model, rows in kinds:
            db.session.execute(sa.insert(model), [row for ticket in tickets for row in rows(ticket)])
        ended = [ticket for ticket in tickets if ticket["status"] == "closed"]
        db.session.execute(sa.insert(Resolution), [{"ticket_id": t["id"], "by_id": t["assignee_id"],
                                                    "team_id": t["team_id"], "at": t["filed_at"]} for t in ended])
        db.session.commit()


def _batches(numbers: range) -> Iterator[range]:
    for start in range(0, len(numbers), BATCH):
        yield numbers[start : start + BATCH]
