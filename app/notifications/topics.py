"""What one can wish to hear of: a few topics, each of which groups audiences, and what holds where nobody chose.

Which topic an event is of depends on what its reader is to the ticket: who asked for it, follows it, or works on it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l

from app.accounts.absences import stands_in_for
from app.accounts.models import User
from app.core.events import KINDS, Event
from app.tickets.models import Ticket

NOW, DIGEST, NEVER = "now", "digest", "never"
CHANNELS = APP, MAIL = "app", "mail"
ON_DESK, BY_MAIL = (NOW, NEVER), (NOW, DIGEST, NEVER)
NEAR = timedelta(minutes=30)
"""A deadline this near is told even to who concentrates: later it would be too late."""


@dataclass(frozen=True)
class Topic:
    """Something people are told of. `app` and `mail` are the ways one may choose, the first of which holds where nobody
    chose; none: this channel does not carry it."""

    name: str
    words: Any
    because: Any
    """Why one is told, as a sentence to the reader."""
    about: Any = ""
    app: tuple[str, ...] = ON_DESK
    mail: tuple[str, ...] = BY_MAIL
    passes: bool = False
    """Whether it comes in focus time, in quiet hours and on a muted ticket too (an escalation only when it is
    urgent)."""
    is_own: bool = False
    """Whether it comes on a muted ticket: from then on it is one's own work."""
    for_staff: bool = True

    def ways(self, channel: str) -> tuple[str, ...]:
        return self.app if channel == APP else self.mail

    def default(self, channel: str) -> str:
        """What holds where nobody chose."""
        return next(iter(self.ways(channel)), NEVER)

    @property
    def can_be_off(self) -> bool:
        """Whether its mails can be switched off."""
        return self.mail != (NOW,)


TOPICS = {topic.name: topic for topic in (
    Topic("my_requests", _l("My requests"), _l("You asked for it."),
          _l("Replies, waiting, solved, cancelled, opened again."), for_staff=False),
    Topic("watched", _l("Requests that I watch"), _l("You watch this request."), for_staff=False),
    Topic("ratings", _l("Satisfaction"), _l("It is about how content people are."),
          _l("The question how it went; for leads: low ratings."), for_staff=False),
    Topic("assigned", _l("Assigned to me"), _l("It was assigned to you."), is_own=True),
    Topic("conversation", _l("Conversation"), _l("You work on this ticket."),
          _l("Answers and notes on tickets that I work on.")),
    Topic("mentions", _l("Mentions"), _l("You were mentioned."),
          _l("Somebody wrote @ and my address in a note or a reply. Comes in focus time too."), passes=True),
    Topic("team_queue", _l("My teams' queues"), _l("You work in the team that has it."),
          _l("New tickets, and those that are escalated, moved or handed back to a team of mine.")),
    # A breach of which nobody hears is the worst that can happen here: it always stands on the desk.
    Topic("escalations", _l("Deadlines and escalations"), _l("You are to know of this deadline or escalation."),
          _l("Deadlines that come nearer or have passed, and what leads and heads are told."
             " What is urgent comes in focus time too."), app=(NOW,), passes=True),
    # It is their own work, and somebody waits for it: it always stands on the desk, and needs no mail.
    Topic("unsent", _l("My replies that were not sent"), _l("Your reply was not sent."),
          _l("A reply that was about to go out was held back: somebody wrote meanwhile, or it was no longer possible."),
          app=(NOW,), mail=(), passes=True),
    # What is no ticket stands on pages of its own, and no digest holds it.
    Topic("absences", _l("Absences"), _l("You stand in, or it is your absence."),
          _l("Whose deputy I am, and what happened while I was away."), app=(), mail=(NOW, NEVER)),
    Topic("articles", _l("My articles"), _l("The article is yours."), _l("An article is due for a review."), app=(),
          mail=(NOW, NEVER)),
    # Without these nobody could sign in again.
    Topic("account", _l("Account"), _l("It is about your account."), app=(), mail=(NOW,), passes=True),
)}
"""In the order in which the settings show them."""

OUTSIDE = frozenset({"replied", "held", "reminded", "resolved", "acknowledged", "rating_asked"})
"""Audiences of people who asked for the ticket, or follow it."""

BY_AUDIENCE = {
    "not_sent": "unsent",
    "filed": "team_queue", "escalated": "team_queue", "handed_back": "team_queue", "assigned": "assigned",
    "answered": "conversation", "noted": "conversation", "mentioned": "mentions", "lead_told": "escalations",
    "timers": "escalations", "head_told": "escalations", "rating_asked": "ratings", "rated_low": "ratings",
    "deputies": "absences", "returned": "absences", "article_owner": "articles", "affected": "watched",
    "invitation": "account",
    "password_reset": "account",
}
"""Audience -> topic, where it is the same for all who are told but the requester."""

BY_WORD = frozenset({"replied", "answered", "noted", "mentioned", "lead_told", "acknowledged", "rating_asked",
                     "not_sent"})
"""Audiences that are told what somebody said: never held back for the sake of bundling."""

PRESSING = frozenset({"mentioned", "lead_told", "head_told", "not_sent"})
"""Audiences that are told what is urgent, whatever it says."""

PASSING = PRESSING | {"timers"}
"""Audiences that may be told what is urgent."""


def topic_of(event: Event, person: User, ticket: Ticket | None = None) -> Topic:
    """Of what this person is told by the event; `ticket` is the one under which the person may know of it. Asked of
    each row of a list, so nothing is read for it."""
    audience = KINDS[event.kind].audience
    name = BY_AUDIENCE.get(audience)
    if ticket is not None and ticket.requester_id == person.id and name in (None, "conversation", "team_queue"):
        return TOPICS["my_requests"]
    if name is None:
        name = "watched" if audience in OUTSIDE or not _works_on(person, event, ticket) else "conversation"
    return TOPICS[name]


def _works_on(person: User, event: Event, ticket: Ticket | None) -> bool:
    """In the team, as the assignee, or as the deputy of that one."""
    if ticket is None or ticket.team_id in person.team_ids or ticket.assignee_id == person.id:
        return True
    return ticket.assignee_id in stands_in_for(person.id, "tickets", event.recorded_at)


def is_urgent(event: Event, topic: Topic, now: datetime) -> bool:
    """Whether it is told to who concentrates or sleeps: a mention, a lead or head that is told, a deadline that has
    passed or is near."""
    if not topic.passes:
        return False
    due = event.data.get("due")
    near = due is not None and datetime.fromisoformat(due) - now <= NEAR
    return KINDS[event.kind].audience != "timers" or event.data.get("share", 0) >= 100 or near


def shown_to(person: User) -> list[Topic]:
    """The topics among which this person can choose."""
    staff = person.is_agent or person.is_administrator or person.is_manager
    return [topic for topic in TOPICS.values() if topic.name != "account" and (staff or not topic.for_staff)]
