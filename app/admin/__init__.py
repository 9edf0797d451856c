"""The administrator's pages: setting the desk up, people, teams, departments, settings, health, audit."""

from flask import Blueprint

bp = Blueprint("admin", __name__, template_folder="templates")

from . import audit, departments, first_visit, menu, outgoing, overview, people, settings, setup, teams  # noqa: E402, F401 - they register themselves
