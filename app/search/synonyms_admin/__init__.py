"""The administrator's list of words that mean the same."""

from flask import Blueprint

bp = Blueprint("synonyms", __name__, template_folder="templates")

from . import events, routes  # noqa: E402, F401 - they register themselves
