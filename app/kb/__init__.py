"""The knowledge base: articles in versions and languages, who may read and write them, what readers say of them."""

from flask import Blueprint

bp = Blueprint("kb", __name__, template_folder="templates")

from . import events, policy, routes  # noqa: E402, F401 - they register themselves
