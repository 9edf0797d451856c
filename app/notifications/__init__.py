"""Who is told what: notifications on the desk and by mail. Reads the events of all rooms before it."""

from flask import Blueprint

bp = Blueprint("notifications", __name__, template_folder="templates")

from . import choosing, quieting, routes  # noqa: E402, F401 - they register themselves
