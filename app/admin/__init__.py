"""The administrator's pages: setting the desk up, people, teams, departments, settings, health, audit."""

from flask import Blueprint

bp = Blueprint("admin", __name__, template_folder="templates")

from . import (  # noqa: E402, F401 - they register themselves
    audit,
    check_setup,
    departments,
    first_visit,
    mail_log,
    mailboxes,
    menu,
    outgoing,
    overview,
    people,
    settings,
    setup,
    teams,
    ways,
    wordings,
)
