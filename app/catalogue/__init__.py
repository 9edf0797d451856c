"""What may be asked for: request types with their forms, teams, handover contract and confidentiality."""

from flask import Blueprint

bp = Blueprint("catalogue", __name__, template_folder="templates")

from . import events, routes  # noqa: E402, F401 - they register themselves
