"""The ticket page, drawn for whoever looks: the requester's in plain words, the agent's with notes and verbs."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from app.accounts.models import Team
from app.core import clock
from app.core.db import db, set_reading
from app.core.files import size_of
from app.core.forms import stop_writing
from app.core.policy import may
from app.core.registries import panels

from .. import calls, fields, forms, mentions, numbers, policy, presence, queries, showing, vocabulary
from ..asking.standing import standing
from ..models import Handover, Hold, Ticket
from ..sending import composer
from ..sending.queries import Leaving
from ..show import dues, plain_status_names, status_names

VERBS = [
    ("assign", _l("Assign"), "assignment", "user"),
    ("hold", _l("Let the ticket wait"), "hold", "pause"),
    ("move", _l("Move to another team"), "move", "arrow-right"),
    ("tell_lead", _l("Tell the lead"), "lead-notice", "bell"),
    ("add_watcher", _l("Add a watcher"), "watchers", "eye"),
    ("link", _l("Link another ticket"), "links", "link"),
    ("announce", _l("Announce as a known issue"), "announcement", "bell"),
    ("merge", _l("Merge into another ticket"), "merge", "merge"),
    ("split", _l("Split off another ticket"), "split", "split"),
    ("cancel", _l("Cancel the request"), "cancellation", "close"),
]
"""The less frequent verbs of the agent's page: what must be offered, the words, the page, the icon."""


def draw(ticket: Ticket, code: int = 200, **special: Any) -> tuple[str, int]:
    """The page of a ticket; `special` replaces forms that were refused and adds what there is to say about them."""
    now, person = clock.now(), current_user._get_current_object()
    staff, leaving = may(person, "ticket.read_notes", ticket), composer.leaving(ticket, person, now)
    before, hold = request.args.get("before", ""), queries.hold(ticket) if ticket.is_pending else None
    talk = queries.conversation(ticket, staff, int(before) if before.isdecimal() and len(before) < 19 else None)
    values = {
        "ticket": ticket, "talk": talk, "now": now, "statuses": status_names(), "size_of": size_of, "due": dues(now),
        "there": presence.there(ticket, person, staff, now.timestamp()),
        "is_staff": staff, "shown": showing.for_reader(staff), "names": mentions.names_in(talk.messages),
        "numbers": numbers.links_in(talk.messages, person),
        "panels": panels("ticket", ticket, person, now),
        "offers": _offers(person, ticket), "answers": fields.shown(ticket.request_type, ticket.fields),
        "watches": policy.watches(person, ticket), "hold": hold,
        **(_for_staff(ticket, talk, leaving) if staff else _for_requester(ticket, talk, hold)), **special,
    }
    return render_template("tickets/agent.html" if staff else "tickets/requester.html", **values), code


def _offers(person: Any, ticket: Ticket) -> set[str]:
    """What this person can do; escalating only where a team stands above."""
    offers = policy.offers(person, ticket)
    if "escalate" in offers and ticket.level > 1 and not queries.teams(Team.level > ticket.level):
        offers.remove("escalate")
    return offers


def _for_staff(ticket: Ticket, talk: queries.Conversation, leaving: Leaving) -> dict[str, Any]:
    seen = _last_of(ticket, talk)
    return {"reply_form": reply_form(ticket, formdata=None, submission=forms.new_submission(), seen_message_id=seen,
                                     **composer.filled(leaving)),
            **composer.shown(ticket, current_user, leaving, clock.now()),
            "reasons": reasons() if policy.is_offered(current_user, "ticket.hold", ticket) else [],
            "note_form": forms.NoteForm(formdata=None, submission=forms.new_submission(), seen_message_id=seen),
            "links": queries.links(current_user, ticket), "path": path(ticket), "verbs": VERBS, "words": vocabulary,
            "spoken": calls.ways_of(current_user), "handover_answers": lambda hop: handover_answers(ticket, hop)}


def _for_requester(ticket: Ticket, talk: queries.Conversation, hold: Hold | None) -> dict[str, Any]:
    seen = _last_of(ticket, talk)
    form = forms.AnswerForm(formdata=None, submission=forms.new_submission(), seen_message_id=seen)
    return {"answer_form": form, "plain": plain_status_names(),
            "standing": standing(ticket, hold, ticket.requester_id == current_user.id),
            "may_answer": may(current_user, "ticket.answer", ticket)}


def handover_answers(ticket: Ticket, hop: Handover) -> list[tuple[str, str]]:
    """What level 1 answered to the questions of level 2."""
    return fields.worded(ticket.request_type.handover_fields, hop.answers)


def _last_of(ticket: Ticket, talk: queries.Conversation) -> int:
    return max((message.id for message in talk.messages if message.ticket_id == ticket.id), default=0)


def path(ticket: Ticket) -> list[str]:
    """The teams through which a ticket went, in order."""
    if not ticket.handovers:
        return []
    return [ticket.handovers[0].from_team.title, *(handover.to_team.title for handover in ticket.handovers)]


def reply_form(ticket: Ticket, **about: Any) -> forms.ReplyForm:
    """The composer of replies with what may follow: nothing, waiting, or the end."""
    form = forms.ReplyForm(**about)
    form.then.choices = [("stay", _("Leave it as it is"))]
    if policy.is_offered(current_user, "ticket.hold", ticket):
        form.then.choices.append(("wait", _("Wait")))
    if policy.is_offered(current_user, "ticket.resolve", ticket):
        form.then.choices.append(("resolve", _("Resolve")))
    return form


def reasons() -> list[tuple[str, str]]:
    """Why a ticket may wait, as choices."""
    return [(reason.slug, reason.title) for reason in queries.pending_reasons()]


def again(number: int, code: int, **special: Any) -> tuple[str, int]:
    """The page once more with a form that was refused; nothing of the request is kept and no lock is held."""
    stop_writing()
    return draw(queries.for_page(current_user, number), code, **special)


def saved(ticket: Ticket, anchor: str | None = None) -> Any:
    """Commit, then on to the ticket's page. What the answer needs is read before: a look after the commit would begin
    another transaction, and on SQLite take the write lock again."""
    number = ticket.number
    db.session.commit()
    return back_to(number, anchor)


def back_to(number: int, anchor: str | None = None) -> Any:
    """On to the ticket's page after something was done."""
    return redirect(url_for("tickets.ticket_show", number=number, _anchor=anchor), 303)


def onwards(number: int, deed: str = "", anchor: str | None = None) -> Any:
    """The same after a verb that may have taken the ticket out of this person's sight: then to the lists. `deed` says
    in a sentence what was done."""
    set_reading(True)
    if deed:
        flash(deed, "success")
    if queries.is_seen(current_user, number):
        return back_to(number, anchor)
    flash(_("Ticket %(number)s is no longer yours to see.", number=number), "info")
    return redirect(url_for("tickets.queue_list" if may(current_user, "queue.read") else "tickets.ticket_list"), 303)


def in_address(person: Any, number: int, **_other_parts: Any) -> Ticket:
    """The ticket of an address that names something else too."""
    return queries.by_number(person, number)
