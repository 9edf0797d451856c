"""Working time: zones, weeks, holidays, as pure code, and the desk's calendars as dated versions."""

from flask import Blueprint

bp = Blueprint("calendars", __name__, template_folder="templates")

from . import events, routes  # noqa: E402, F401 - they register themselves
