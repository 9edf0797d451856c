"""Attention: who is away, what goes to whom meanwhile, and what there is to know on return."""

from flask import Blueprint

bp = Blueprint("attention", __name__, template_folder="templates")

from . import policy, routes  # noqa: E402, F401 - they register themselves
