"""Tickets: filing, conversation, status, levels, and who may see and do what. Knows no timers and no figures."""

from flask import Blueprint

bp = Blueprint("tickets", __name__, template_folder="templates")

from . import admin_routes, events, policy, routes  # noqa: E402, F401 - they register themselves
