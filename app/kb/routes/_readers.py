"""What the pages of readers share."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import request
from flask_login import current_user

from app.core import i18n
from app.core.access import ask_to_sign_in
from app.core.errors import NotFound
from app.core.pace import Pace

from ..settings import settings

PAGES, PARTS = Pace(120), Pace(600)
"""Searches a minute from one address without an account: whole pages, and parts of them while somebody types."""


def for_readers(view: Callable[..., Any]) -> Callable[..., Any]:
    """A stranger who asks for what strangers do not read here is asked to sign in, whether it exists or not."""

    @wraps(view)
    def answered(**parts: Any) -> Any:
        try:
            if not current_user.is_authenticated and not settings.is_public:
                return ask_to_sign_in()
            return view(**parts)
        except NotFound:
            if current_user.is_authenticated:
                raise
            return ask_to_sign_in()

    return answered


def me() -> Any:
    return current_user._get_current_object()


def my_language() -> str:
    return i18n.language()


def brake(pace: Pace) -> None:
    """Raises TooMany where an address asks too much; who is signed in is known by name."""
    if not current_user.is_authenticated:
        pace.spend(request.remote_addr or "")


def asked_token() -> str | None:
    """The search out of whose results somebody came here."""
    return request.args.get("s") or None


def chosen_language() -> str | None:
    wanted = request.args.get("language")
    return wanted if wanted in i18n.LANGUAGES else None


def whole(text: str | None, least: int, most: int, otherwise: int) -> int:
    """A number out of an address or a form, or what holds without it."""
    text = text or ""
    return min(max(int(text), least), most) if text.isascii() and text.isdigit() and len(text) < 20 else otherwise
