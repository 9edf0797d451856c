"""What an administrator finds where. Rooms bring their own pages; this list says in which order they stand."""

from dataclasses import dataclass
from typing import Any

from flask import current_app, url_for
from flask_babel import lazy_gettext as _l

from . import bp


@dataclass(frozen=True)
class Place:
    """One page of the administration."""

    label: Any
    text: Any
    endpoint: str
    icon: str

    @property
    def url(self) -> str:
        return url_for(self.endpoint)


ADMIN_MENU: list[tuple[Any, list[Place]]] = [
    (_l("The organisation"), [
        Place(_l("People"), _l("Accounts, rights, invitations"), "admin.person_list", "user"),
        Place(_l("Teams"), _l("Levels, members, leads"), "admin.team_list", "team"),
        Place(_l("Departments"), _l("The tree and its heads"), "admin.department_list", "building"),
    ]),
    (_l("How requests are taken"), [
        Place(_l("Request types"), _l("Forms, teams, handover"), "catalogue.request_type_list", "book"),
        Place(_l("Ways in"), _l("Switch ways on and off, set up the web form"), "admin.way_list", "phone"),
        Place(_l("Mailboxes"), _l("Where mail comes in"), "admin.mailbox_list", "mail"),
        Place(_l("Intake rules"), _l("Where a new request lands"), "catalogue.intake_rule_list", "inbox"),
        Place(_l("Reasons to wait"), _l("Which of them pause the clock"), "tickets.pending_reason_list", "pause"),
        Place(_l("Working hours"), _l("Calendars and holidays"), "calendars.calendar_list", "clock"),
        Place(_l("Promises"), _l("Policies, targets, rules"), "sla.policy_list", "check"),
        Place(_l("Tried on the past"), _l("Drafts and what they would have changed"), "backtest.backtest_list",
              "history"),
    ]),
    (_l("The desk itself"), [
        Place(_l("Categories of articles"), _l("The shelves of the knowledge base"), "kb.category_list", "book"),
        Place(_l("Words that mean the same"), _l("What people call things, for the search"), "synonyms.group_list",
              "search"),
        Place(_l("Check my setup"), _l("What contradicts itself or leads nowhere"), "admin.setup_check", "check"),
        Place(_l("Settings"), _l("Name, language, reopening, priorities, mail"), "admin.setting_list", "settings"),
        Place(_l("Log of mail"), _l("Every mail that came in, and what became of it"), "admin.mail_list", "inbox"),
        Place(_l("What mails say"), _l("Your own words for a message, with a preview"), "admin.wording_list", "edit"),
        Place(_l("Outgoing"), _l("What waits to be sent, and what could not be"), "admin.outbox_list", "mail"),
        Place(_l("Audit"), _l("Who did what, and when"), "admin.event_list", "history"),
    ]),
]


def admin_menu() -> list[tuple[Any, list[Place]]]:
    """The groups and the pages of them that this desk has."""
    known = current_app.view_functions
    groups = ((label, [place for place in places if place.endpoint in known]) for label, places in ADMIN_MENU)
    return [(label, places) for label, places in groups if places]


@bp.app_context_processor
def _in_templates() -> dict[str, Any]:
    return {"admin_menu": admin_menu}
