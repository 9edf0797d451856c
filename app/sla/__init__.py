"""Promises and their timers: policies, rules, clocks, spans, the sweep. Knows tickets; tickets know nothing of it."""

from flask import Blueprint

bp = Blueprint("sla", __name__, template_folder="templates")

from . import events, routes  # noqa: E402, F401 - they register themselves
