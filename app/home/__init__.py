"""Start pages: what a person comes for, made of links and of what the rooms show."""

from flask import Blueprint

bp = Blueprint("home", __name__, template_folder="templates")

from . import palette, routes, search  # noqa: E402, F401 - they register themselves
