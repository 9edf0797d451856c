"""A draft of a policy, calendar, list of rules or way of assigning, tried on the tickets of the past.

It reads what happened and computes what would have become of it; nothing is changed until a draft is activated.
"""

from flask import Blueprint

bp = Blueprint("backtest", __name__, template_folder="templates")

from . import events, routes  # noqa: E402, F401 - they register themselves
