"""What the timers say on pages of other rooms."""

from datetime import datetime
from typing import Any

from flask import render_template
from flask_babel import gettext as _
from markupsafe import Markup

from app.calendars.working_hours import NoWorkingTime
from app.core.clock import whole_second
from app.core.durations import duration
from app.core.i18n import local_time
from app.core.policy import may
from app.tickets.correction import Correction
from app.tickets.models import Ticket

from .book import live_book
from .preview import policy_names, preview
from .standing import Standing, standings
from .timers import FACTS
from .vocabulary import PROMISES


def on_ticket(ticket: Ticket, viewer: Any, now: datetime) -> str:
    """To agents every clock with its reasons, to everybody else the promise in plain words."""
    shown = standings(ticket.id, now)
    if not shown:
        return ""
    if may(viewer, "ticket.read_notes", ticket):
        return render_template("sla/_clocks.html", standings=_still_of_interest(shown), number=ticket.number)
    when, text = in_plain_words([standing for standing in shown if standing.clock.target in PROMISES])
    return render_template("sla/_promise.html", when=when, text=text, number=ticket.number) if when else ""


def _still_of_interest(shown: list[Standing]) -> list[Standing]:
    """Of answers only the latest, of the levels' own targets only what runs: a long life has many, and the page that
    explains them shows them all."""
    latest = {standing.clock.target: standing for standing in shown}
    return [standing for standing in shown if standing.clock.target == "resolution" or (
        standing is latest[standing.clock.target]
        and (standing.clock.target in PROMISES or standing.clock.stopped_at is None))]


def in_plain_words(shown: list[Standing]) -> tuple[str, str]:
    """The promise that matters now, as a heading and a sentence; nothing where none is left."""
    running = [standing for standing in shown if standing.clock.stopped_at is None]
    unpaused = [standing for standing in running if standing.state != "paused"]
    if not running:
        return _kept(shown)
    if not unpaused:
        return _("The clock stands still"), _("The promised time goes on when there is no need to wait any more. "
                                              "%(length)s of it is left.", length=duration(running[0].left_seconds))
    return _running(min(unpaused, key=lambda standing: standing.clock.due_at))


def _running(standing: Standing) -> tuple[str, str]:
    when = local_time(standing.clock.due_at, "short")
    is_answer = standing.clock.target != "resolution"
    if standing.state == "overdue":
        late = _("We promised an answer by then. We are late, and we are sorry.") if is_answer else _(
            "We promised to solve it by then. We are late, and we are sorry.")
        return when, late
    return when, _("By then we promise you an answer.") if is_answer else _("By then we promise to have solved it.")


def _kept(shown: list[Standing]) -> tuple[str, str]:
    """How the last cycle ended."""
    last = [standing for standing in shown if standing.clock.target == "resolution"][-1:]
    if not last or last[0].clock.outcome is None:
        return "", ""
    if last[0].clock.outcome == "met":
        return _("Solved in time"), _("We had promised it by %(moment)s.",
                                      moment=local_time(last[0].clock.due_at, "short"))
    return _("Solved late"), _("We had promised it by %(moment)s, and we are sorry.",
                               moment=local_time(last[0].clock.due_at, "short"))


def on_facts(correction: Correction, viewer: Any, now: datetime) -> str:
    """Old and new deadlines of what runs, before the correction is saved."""
    inside = deadlines(correction, now)
    return render_template("sla/_previewed.html", number=correction.ticket.number, inside=Markup(inside))  # noqa: S704


def deadlines(correction: Correction, now: datetime) -> str:
    """The part of it that is asked for anew while the page is filled in."""
    outlooks = preview(correction.ticket, correction.changes, now)
    return render_template("sla/_preview.html", outlooks=outlooks, priority=correction.changes.get("priority"),
                           is_changed=bool(correction.changes), policies=policy_names(outlooks))


def on_filing(draft: Ticket, viewer: Any, now: datetime) -> str:
    """What would be promised if it were filed now, with the usual priority of its request type."""
    facts = {fact: getattr(draft, fact) for fact in FACTS} | {
        "team_id": draft.team.id, "request_type_id": draft.request_type.id}
    moment = whole_second(now)
    terms = live_book().choose(facts, now)
    if terms is None:
        return ""
    allowed = {target: terms.promise.seconds(target, draft.priority) for target in ("first_response", "resolution")}
    try:
        due = {target: local_time(terms.edition.hours.deadline(moment, seconds), "short")
               for target, seconds in allowed.items() if seconds is not None}
    except NoWorkingTime:
        return ""
    return render_template("sla/_filing.html", due=due) if due else ""
