"""How a page of the administration answers who saves its form."""

from collections.abc import Callable
from typing import Any

from flask import flash

from app.core.db import db
from app.core.edits import Facts, Guarded, save
from app.core.forms import stop_writing


def answer(form: Guarded, stored: Facts, verb: Callable[[], Any], again: Callable[[], str], onward: Callable[[], Any],
           done: str) -> Any:
    """`again` draws the page with what was typed, nothing of which was kept; `onward` leads on after the commit, when
    what is new has its number, and `done` says what was done."""
    code = save(form, stored, verb)
    if code:
        stop_writing()
        return again(), code
    db.session.commit()
    flash(done, "success")
    return onward()
