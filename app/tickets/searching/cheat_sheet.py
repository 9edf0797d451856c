"""What one may type, as the page of the search shows it: an example and what it finds."""

from flask_babel import gettext as _


def lines(is_staff: bool) -> list[tuple[str, str]]:
    """Examples with their meanings; those about the work only for who does it."""
    return [*_for_everybody(), *(_for_staff() if is_staff else [])]


def _for_everybody() -> list[tuple[str, str]]:
    return [
        (_("printer paper"), _("all these words, in any of their forms")),
        (_('"paper jam"'), _("these words one after another")),
        (_("printer -paper"), _("the first word without the second")),
        ("is:open", _("a status; also new, pending, resolved, closed, cancelled, active, ended, overdue")),
        ("type:printer", _("a request type, by a part of its name")),
        ("from:aigul", _("who asked; “me” is you")),
        ("assignee:bakyt", _("who works on it; also “me” and “none”")),
        ("team:network", _("whose queue it is in")),
        ("filed:<7d", _("filed less than seven days ago; also filed:>2026-01-01, filed:today")),
        ("updated:>30d", _("nothing happened for thirty days")),
    ]


def _for_staff() -> list[tuple[str, str]]:
    return [
        ("is:mine", _("yours; also unassigned, escalated")),
        ("due:<2h", _("due within two hours; also due:today, due:<tomorrow")),
        ("priority:P1", _("a priority")),
        ("level:2", _("a support level")),
        ("tag:vpn", _("a tag")),
        ("kind:incident", _("an incident, a service request, a question or a problem")),
        ("channel:email", _("how it came")),
        ("department:office", _("the department of who asked")),
        ("-is:closed", _("a minus leaves out what fits; words of several parts stand in quotation marks")),
    ]
