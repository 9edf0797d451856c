"""What is written to people: one function per message, its subject, text and HTML beside each other in
templates/notifications/mail, in the reader's language.

A mail travels where the desk's rules do not reach, so of a confidential ticket it says the number only.
"""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from flask import current_app
from flask_babel import format_date, ngettext
from flask_babel import gettext as _

from app.accounts.absence_models import DEPUTY_KINDS, Absence
from app.accounts.absences import stands_in_for
from app.accounts.links import LIFE
from app.accounts.models import Team, User
from app.attention import summary
from app.attention.words import days_of
from app.channels.email.envelope import Letter, Manner
from app.core.db import db
from app.core.events import Event
from app.core.i18n import desk
from app.kb.models import Article
from app.tickets import timeline
from app.tickets.models import KnownIssue, PendingReason, Rating, Ticket
from app.tickets.ratings import links
from app.tickets.ratings.vocabulary import SCORES
from app.tickets.settings import tickets as settings

from . import frames
from .audience import in_place_of, name_of
from .letters import Said, render, speaking_to
from .why import OF_AUDIENCE, OF_DIGEST

MOST_LISTED = 200
"""Tickets in one digest; the rest is counted."""


def ticket_filed(to: User, ticket: Ticket, event: Event) -> Letter:
    """To the team: something new in the queue. To a requester who did not file it: that it was, in our words only."""
    if to.id == ticket.requester_id:
        return _letter("ticket_filed_for_you", to, ticket, event)
    return _letter("ticket_filed", to, ticket, event, quote=_first_words(ticket))


def ticket_acknowledged(to: User, ticket: Ticket, event: Event) -> Letter:
    """To who wrote a mail: that it came in. Nothing of what was written stands in it, nor the subject: with a forged
    sender it would carry somebody's words to a stranger."""
    return _letter("ticket_acknowledged", to, ticket, event)


def ticket_assigned(to: User, ticket: Ticket, event: Event) -> Letter:
    return _letter("ticket_assigned", to, ticket, event)


def ticket_replied(to: User, ticket: Ticket, event: Event) -> Letter:
    return _letter("ticket_replied", to, ticket, event, quote=_words(event))


def ticket_answered(to: User, ticket: Ticket, event: Event) -> Letter:
    return _letter("ticket_answered", to, ticket, event, quote=_words(event))


def ticket_mentioned(to: User, ticket: Ticket, event: Event) -> Letter:
    return _letter("ticket_mentioned", to, ticket, event, quote=_words(event))


def ticket_noted(to: User, ticket: Ticket, event: Event) -> Letter:
    return _letter("ticket_noted", to, ticket, event, quote=_words(event))


def ticket_held(to: User, ticket: Ticket, event: Event) -> Letter:
    until = event.data.get("until")
    return _letter("ticket_held", to, ticket, event, reason=db.session.get(PendingReason, event.data["reason"]),
                   until=datetime.fromisoformat(until) if until else None)


def ticket_reminded(to: User, ticket: Ticket, event: Event) -> Letter:
    return _letter("ticket_reminded", to, ticket, event)


def ticket_escalated(to: User, ticket: Ticket, event: Event) -> Letter:
    """Of a hop to another team, upwards or aside."""
    return _letter("ticket_escalated", to, ticket, event, team=_new_team(event), quote=_reason(event))


def ticket_handed_back(to: User, ticket: Ticket, event: Event) -> Letter:
    return _letter("ticket_handed_back", to, ticket, event, team=_new_team(event), quote=_reason(event))


def lead_told(to: User, ticket: Ticket, event: Event) -> Letter:
    return _letter("lead_told", to, ticket, event, quote=_reason(event),
                   away=_away(to, event, ticket))


def sla_announced(to: User, ticket: Ticket, event: Event) -> Letter:
    """A deadline comes nearer, or has passed."""
    return _letter(event.kind.replace(".", "_"), to, ticket, event, **_about_deadline(to, ticket, event, event))


def head_told(to: User, ticket: Ticket, event: Event) -> Letter:
    """Escalated up the chain by a timer."""
    announced = db.session.get_one(Event, event.data["announcement"])
    return _letter("head_told", to, ticket, event, **_about_deadline(to, ticket, event, announced))


def _about_deadline(to: User, ticket: Ticket, event: Event, announced: Event) -> dict[str, Any]:
    due = event.data.get("due")
    return {"sentence": partial(timeline.sentence, announced), "due": datetime.fromisoformat(due) if due else None,
            "away": _away(to, event, ticket), "is_late": event.data.get("is_late")}


def ticket_resolved(to: User, ticket: Ticket, event: Event) -> Letter:
    return _letter("ticket_resolved", to, ticket, event, reopen_days=settings.reopen_days)


def rating_asked(to: User, ticket: Ticket, event: Event) -> Letter:
    """To the requester: one question, one address for each answer; none of them counts anything by being opened."""
    rating = db.session.get_one(Rating, event.data["rating_id"])
    choices = [(words, links.address(rating, score)) for score, words in SCORES.items()]
    return _letter("rating_asked", to, ticket, event, choices=choices)


def rated_low(to: User, ticket: Ticket, event: Event) -> Letter:
    """To the lead: the comment is on the desk."""
    return _letter("rated_low", to, ticket, event, score=SCORES[event.data["score"]],
                   link=f"{current_app.config['BASE_URL']}/ratings#r{event.data['rating_id']}")


def ticket_reopened(to: User, ticket: Ticket, event: Event) -> Letter:
    return _letter("ticket_reopened", to, ticket, event)


def ticket_cancelled(to: User, ticket: Ticket, event: Event) -> Letter:
    return _letter("ticket_cancelled", to, ticket, event)


def invitation(to: User, link: str, event: Event) -> Letter:
    return render("invitation", to, actor=_actor(event), link=link, hours=_hours("invitation"))


def password_reset(to: User, link: str, event: Event) -> Letter:
    return render("password_reset", to, link=link, hours=_hours("reset"))


def digest(to: User, entries: list[Any]) -> Letter:
    """Of several things at once: tickets with what happened to them, those to be seen to first at the top."""
    shown = entries[:MOST_LISTED]
    said = [(entry.ticket, line) for entry in shown for line in entry.lines]
    with speaking_to(to):
        sentences, headline = timeline.sentences([line.event for _ticket, line in said]), _headline(entries)
        why = frames.reasons(str(OF_DIGEST))
    about_one = entries[0].ticket.id if len(entries) == 1 else None
    return render("digest", to, Manner(ticket_id=about_one, is_listed=True), headline=headline, entries=shown,
                  more=len(entries) - len(shown), sentences=sentences,
                   places={line.event.id: _away(to, line.event, ticket) for ticket, line in said}, about=_about,
                   is_late=any(line.is_late for _ticket, line in said), **why)


def absence_told(to: User, absence: Absence, event: Event) -> Letter:
    """To the deputies, those of before too, and to the absent person where somebody else did it."""
    kinds = [DEPUTY_KINDS[named.kind] for named in absence.deputies if named.deputy_id == to.id]
    return _absence("absence_told", to, absence, event, kinds=[] if absence.cancelled_at else kinds,
                    is_own=absence.user_id == to.id)


def absence_ended(to: User, absence: Absence, event: Event) -> Letter:
    """To who is back: how much waits to be taken back."""
    return _absence("absence_ended", to, absence, event, count=summary.waiting(to, absence.id))


def _absence(name: str, to: User, absence: Absence, event: Event, **values: Any) -> Letter:
    return render(name, to, person=absence.user.name, **_reasons(to, event), days=partial(days_of, absence),
                   sentence=partial(timeline.sentence, event), **values,
                   url=f"{current_app.config['BASE_URL']}/absences/{absence.id}")


def _reasons(to: User, event: Event) -> dict[str, str]:
    with speaking_to(to):
        return frames.reasons(str(OF_AUDIENCE[name_of(event)]))


def article_due(to: User, article: Article, event: Event) -> Letter:
    """To the owner: somebody has to read it and say whether it still holds."""
    return render("article_due", to, title=article.title, day=partial(format_date, article.review_on),
                  **_reasons(to, event),
                   owner=None if article.owner_id == to.id else article.owner.name,
                   url=f"{current_app.config['BASE_URL']}/kb/{article.slug}/edit")


def known_issue_ended(to: User, issue: KnownIssue, event: Event) -> Letter:
    """To who said "me too": in the words that everybody could read, nothing of the ticket."""
    with speaking_to(to):
        title = issue.title
    return render("known_issue_ended", to, title=title, **_reasons(to, event), url=current_app.config["BASE_URL"])


def relay_test(to: User) -> Letter:
    """To the administrator who tries whether mail leaves the desk."""
    return render("relay_test", to, url=current_app.config["BASE_URL"])


MESSAGES: dict[str, Callable[[User, Any, Event], Letter]] = {
    "filed": ticket_filed,
    "acknowledged": ticket_acknowledged,
    "assigned": ticket_assigned,
    "replied": ticket_replied,
    "answered": ticket_answered,
    "mentioned": ticket_mentioned,
    "noted": ticket_noted,
    "held": ticket_held,
    "reminded": ticket_reminded,
    "escalated": ticket_escalated,
    "handed_back": ticket_handed_back,
    "lead_told": lead_told,
    "timers": sla_announced,
    "head_told": head_told,
    "resolved": ticket_resolved,
    "rating_asked": rating_asked,
    "rated_low": rated_low,
    "reopened": ticket_reopened,
    "cancelled": ticket_cancelled,
    "invitation": invitation,
    "password_reset": password_reset,
    "deputies": absence_told,
    "returned": absence_ended,
    "article_owner": article_due,
    "affected": known_issue_ended,
}
"""Name of an audience -> the message it gets."""


def _letter(name: str, to: User, ticket: Ticket, event: Event, **values: Any) -> Letter:
    """A message about a ticket: its number, its subject and what was said, but of a confidential one the number."""
    if ticket.is_confidential:
        values["quote"] = Said()
    with speaking_to(to):
        around = frames.around(to, ticket, event)
    return render(name, to, frames.manner(to, ticket, event), frames.enclosed(ticket, event), ticket=ticket,
                  number=f"#{ticket.number}", actor=_actor(event), about=_about(ticket), **around, **values,
                  promise=partial(frames.promised, ticket, event.recorded_at),
                  url=f"{current_app.config['BASE_URL']}/tickets/{ticket.number}")


def _away(to: User, event: Event, ticket: Ticket) -> list[str]:
    """Names of those in whose place this person is told; the event is asked only where the person is a deputy."""
    if not any(stands_in_for(to.id, kind, event.recorded_at) for kind in DEPUTY_KINDS):
        return []
    return [person.name for person in in_place_of(to, event, ticket)]


def _about(ticket: Ticket) -> str:
    return f"#{ticket.number}" if ticket.is_confidential else f"#{ticket.number} {ticket.subject}"


def _headline(entries: list[Any]) -> str:
    """How many tickets, and the worst of it."""
    about = _about(entries[0].ticket) if len(entries) == 1 else ngettext(
        "%(count)s ticket", "%(count)s tickets", len(entries), count=len(entries))
    shares = [line.event.data.get("share", 0) for entry in entries for line in entry.lines]
    passed, near = sum(share >= 100 for share in shares), sum(0 < share < 100 for share in shares)
    if passed:
        return _("%(about)s: %(worst)s", about=about, worst=ngettext(
            "%(count)s deadline has passed", "%(count)s deadlines have passed", passed, count=passed))
    if near:
        return _("%(about)s: %(worst)s", about=about, worst=ngettext(
            "%(count)s deadline comes nearer", "%(count)s deadlines come nearer", near, count=near))
    return _("%(about)s: what is new", about=about)


def _actor(event: Event) -> str:
    """Who did it, by name; the desk's own name when nobody did."""
    actor = db.session.get(User, event.actor_id) if event.actor_id is not None else None
    return actor.name if actor is not None else desk.name


def _words(event: Event) -> Said:
    """What was said, as it was written."""
    return Said.of(frames.message_of(event))


def _reason(event: Event) -> Said:
    """Why, in the words of whoever did it."""
    return Said(event.data.get("reason", ""))


def _first_words(ticket: Ticket) -> Said:
    return Said.of(next(iter(ticket.public_messages), None))


def _new_team(event: Event) -> str:
    team = db.session.get(Team, event.data["changes"]["team_id"][1])
    return team.title if team is not None else ""


def _hours(purpose: str) -> int:
    return int(LIFE[purpose].total_seconds() // 3600)
