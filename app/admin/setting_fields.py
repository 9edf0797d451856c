"""The settings an administrator may edit, in groups: how each is asked for, read and written."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, PasswordField
from wtforms.validators import Optional

from app.accounts.forms import language_field, zone_field
from app.catalogue import queries as catalogue
from app.channels.email.settings import mail
from app.core.forms import Address, Choice, Line, Whole, at_most, between, required
from app.core.i18n import desk
from app.core.relay import relay, seal
from app.core.settings import Settings
from app.kb.settings import settings as articles
from app.search.settings import settings as search
from app.sla.settings import sla
from app.tickets.ratings.settings import ratings
from app.tickets.settings import tickets
from app.tickets.vocabulary import IMPACTS, PRIORITIES, URGENCIES

Values = dict[str, Any]
SECRET = frozenset({"relay.password"})
"""Settings whose values stand neither in a page nor in an event."""


@dataclass(frozen=True)
class Group:
    """Settings saved by one button. `read` gives the form's values, `write` turns them into what is stored."""

    slug: str
    title: Any
    settings: Settings
    fields: dict[str, Any]
    text: Any = ""
    read: Callable[[], Values] = field(default=dict)
    write: Callable[[Values], Values] = dict


def _request_types() -> list[tuple[str, Any]]:
    """What is on offer, and what is set already, so that saving something else does not change it."""
    kinds = [kind for kind in catalogue.all_of_them() if kind.is_active or kind.slug == mail.request_type]
    return [("", _l("The first on offer")), *((kind.slug, kind.title) for kind in kinds)]


def _plain(settings: Settings, *names: str) -> Callable[[], Values]:
    return lambda: {name: getattr(settings, name) for name in names}


def _days(label: Any, text: Any = "") -> Whole:
    return Whole(label, [required(), between(1, 365)], description=text)


def _minutes(label: Any) -> Whole:
    return Whole(label, [required(), between(1, 1440)])


def _relay_written(values: Values) -> Values:
    """An empty password box keeps the password; without a user name none is needed."""
    stored = {**values, "password": seal(values["password"] or "") or relay.password}
    return stored if values["user"] else {**stored, "password": ""}


def _cell(impact: str, urgency: str) -> str:
    return f"{impact}_{urgency}"


def _matrix_read() -> Values:
    return {_cell(i, u): tickets.priority_matrix[i][u] for i in IMPACTS for u in URGENCIES}


def _matrix_written(values: Values) -> Values:
    return {"priority_matrix": {i: {u: values[_cell(i, u)] for u in URGENCIES} for i in IMPACTS}}


def _matrix_fields() -> dict[str, Choice]:
    choices = [(priority, priority) for priority in PRIORITIES]
    return {_cell(i, u): Choice(_l("Impact: %(impact)s. Urgency: %(urgency)s.", impact=impact, urgency=urgency),
                                choices=choices) for i, impact in IMPACTS.items() for u, urgency in URGENCIES.items()}


GROUPS = {group.slug: group for group in (
    Group("desk", _l("The desk"), desk, {
        "name": Line(_l("Name of the desk"), [required(), at_most(60)]),
        "language": language_field(description=_l("Spoken where a person has not chosen another.")),
        "time_zone": zone_field(description=_l("Times are shown in it where a person has not chosen another.")),
    }, read=_plain(desk, "name", "language", "time_zone")),
    Group("tickets", _l("Tickets"), tickets, {
        "reopen_days": _days(_l("Days in which a resolved ticket can be opened again"),
                             _l("An answer that comes later makes a linked follow-up.")),
        "remind_after_days": _days(_l("Days of silence after which the requester is reminded")),
        "resolve_silent_after_days": _days(_l("Days of silence after which the ticket resolves itself"),
                                           _l("A message comes first.")),
    }, read=_plain(tickets, "reopen_days", "remind_after_days", "resolve_silent_after_days")),
    Group("pauses", _l("Pause audit"), sla, {
        "audit_grace_minutes": _minutes(_l("Minutes within which a question may follow the pause")),
        "audit_minutes": _minutes(_l("Minutes of working time that are just before a deadline")),
        "audit_percent": Whole(_l("Percent of a target that are just before its deadline"),
                               [required(), between(0, 50)]),
    }, _l("What it calls near and in time. After a change it judges the whole past anew, which takes some minutes."),
        _plain(sla, "audit_grace_minutes", "audit_minutes", "audit_percent")),
    Group("articles", _l("Knowledge base"), articles, {
        "is_public": BooleanField(_l("People without an account read public articles")),
        "agents_publish": BooleanField(_l("Every agent may publish"), description=_l(
            "Otherwise team leads and administrators do, and agents ask for a review.")),
        "review_months": Whole(_l("Months after which an article is to be looked at again"),
                               [required(), between(1, 60)]),
    }, read=_plain(articles, "is_public", "agents_publish", "review_months")),
    Group("ratings", _l("Satisfaction"), ratings, {
        "is_on": BooleanField(_l("Ask requesters how it went")),
        "after_hours": Whole(_l("Hours a ticket stays solved before its requester is asked"),
                             [required(), between(1, 720)]),
        "share_percent": Whole(_l("Percent of the solved tickets that are asked about"), [required(), between(1, 100)]),
        "rest_days": Whole(_l("Days for which a person who was asked is left alone"), [required(), between(0, 365)]),
        "open_days": _days(_l("Days in which the question can be answered")),
        "low_score": Whole(_l("Up to this score the lead is told"), [required(), between(1, 4)],
                           description=_l("Of 1 to 5.")),
    }, _l("One question after a ticket was solved, by mail and on its page."),
        _plain(ratings, "is_on", "after_hours", "share_percent", "rest_days", "open_days", "low_score")),
    Group("priorities", _l("Priorities"), tickets, _matrix_fields(), _l("Impact and urgency give the priority."),
          _matrix_read, _matrix_written),
    Group("search", _l("Log of searches"), search, {
        "person_days": _days(_l("Days after which it is forgotten who searched")),
        "keep_days": Whole(_l("Days after which searches are deleted"), [required(), between(30, 3650)]),
    }, _l("The reports on knowledge are made of it. Addresses and long numbers are never kept."),
        _plain(search, "person_days", "keep_days")),
    Group("mail", _l("Mail that comes in"), mail, {
        "unknown_senders": Choice(_l("Mail of somebody nobody here knows"), choices=[
            ("hold", _l("Wait for an agent's word; nothing is answered")),
            ("accept", _l("File it and make its sender a customer"))]),
        "acknowledge": BooleanField(_l("Confirm by mail that a request came in"), description=_l(
            "At most once in ten minutes and five times a day to one person; never to what is automatic.")),
        "request_type": Choice(_l("Request type"), choices=_request_types, description=_l(
            "What mail is filed under, unless its mailbox names another.")),
    }, read=_plain(mail, "unknown_senders", "acknowledge", "request_type")),
    Group("relay", _l("Mail relay"), relay, {
        "host": Line(_l("Server"), [at_most(255)], description=_l(
            "Without one no mail leaves the desk, and links are shown to be copied.")),
        "port": Whole(_l("Port"), [required(), between(1, 65535)]),
        "security": Choice(_l("Security"), choices=[
            ("starttls", _l("STARTTLS (usual with port 587)")), ("tls", _l("TLS from the start (usual with port 465)")),
            ("none", _l("None (only inside a trusted network)"))]),
        "user": Line(_l("User name"), [at_most(255)]),
        "password": PasswordField(_l("Password"), [at_most(500)], render_kw={"autocomplete": "off"},
                                  description=_l("Leave it empty to keep the present one.")),
        "sender": Address(_l("Sender's address"), [Optional(), at_most(254)]),
    }, _l("The server that takes the desk's mail."),
        lambda: _plain(relay, "host", "port", "security", "user", "sender")() | {"password": ""}, _relay_written),
)}
