"""People: who they are, where they belong, how they sign in. Knows no tickets."""

from flask import Blueprint

bp = Blueprint("accounts", __name__, template_folder="templates")

from . import events, policy, routes  # noqa: E402, F401 - they register themselves
