"""Figures read off events and clocks. Reads everything before it, changes nothing but its own facts."""

from flask import Blueprint

bp = Blueprint("kpi", __name__, template_folder="templates")

from . import routes  # noqa: E402, F401 - they register themselves
from .reports import policy  # noqa: E402, F401
from .reports import routes as report_routes  # noqa: E402, F401
