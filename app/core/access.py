"""Every route asks who you are and what you may see: `@asks(permission)`, checked before the view runs."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import current_app, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from .errors import NotAllowed, NotFound
from .policy import may

Finder = Callable[..., Any]


def asks(permission: str, of: Finder | None = None) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Guard a view. `of(person, **url_parts)` looks the subject up through the person and becomes the view's
    first argument; it raises NotFound for what is not theirs. Who is not signed in is asked to sign in."""

    def guard(view: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(view)
        def guarded(**parts: Any) -> Any:
            if permission != "public" and not current_user.is_authenticated:
                return ask_to_sign_in()
            if of is None:
                _allow(permission, None)
                return view(**parts)
            subject = of(current_user, **parts)
            _allow(permission, subject)
            return view(subject)

        guarded.asks = permission
        return guarded

    return guard


def _allow(permission: str, subject: Any) -> None:
    """A page that is not for this person's kind does not exist for them; a verb on what they see is refused."""
    if may(current_user, permission, subject):
        return
    if subject is None:
        raise NotFound()
    raise NotAllowed(_("You cannot do this here."))


def ask_to_sign_in() -> Any:
    """Reading: to the sign-in page and back. Writing: 401, since the request cannot be repeated by a link; what was
    written on a page of this desk is kept in the sign-in page that answers."""
    if request.method in ("GET", "HEAD"):
        asked = request.full_path if request.query_string else request.path
        return redirect(url_for("accounts.session_new", next=asked))
    return current_app.login_manager.unauthorized()


def refuse_unguarded() -> None:
    """A route that asks nothing is not served at all (a house test names it)."""
    if request.endpoint is None or request.endpoint == "static":
        return
    if not hasattr(current_app.view_functions[request.endpoint], "asks"):
        raise NotFound()
