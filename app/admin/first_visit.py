"""Before there is a user, every page leads to the set-up."""

from typing import Any

from flask import redirect, request, url_for
from flask_login import current_user

from app.accounts import queries

from . import bp

OPEN = frozenset({"/setup", "/language", "/healthz", "/robots.txt", "/favicon.ico"})


@bp.before_app_request
def lead_to_setup() -> Any:
    """Asked of strangers alone: who is signed in is a user."""
    if request.path in OPEN or request.endpoint in (None, "static") or current_user.is_authenticated:
        return None
    return None if queries.anybody() else redirect(url_for("admin.setup_new"), 303)
