"""How errors are answered: one page for all of them, which a database that is gone must not break too."""

import errno
import logging
import sqlite3
from typing import Any

import flask_babel
from flask import Flask, current_app, g, render_template, request, session
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoConnection
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from . import i18n, kept
from .db import db, set_reading
from .errors import DeskError, StorageFull, Unavailable

log = logging.getLogger(__name__)

Answer = tuple[str, int] | tuple[str, int, dict[str, str]]
RETRY_SECONDS = 5
SQLITE_ILL = frozenset({
    sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_INTERRUPT,
    sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PROTOCOL,
})
"""What is no fault of the question: the same one may be answered in a moment."""
POSTGRESQL_FULL, POSTGRESQL_READ_ONLY, POSTGRESQL_TWICE = "53100", "25006", "23505"
SQLITE_TWICE = frozenset({"SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY"})
TEXTS = {
    400: (_l("This does not make sense"), _l("The desk did not understand the request."),
          _l("Go back and try again.")),
    401: (_l("Please sign in"), _l("You are not signed in, so nothing was saved."),
          _l("Sign in, go back and send it again; drafts are kept in this browser.")),
    403: (_l("Not allowed"), _l("You may not do this."),
          _l("Ask your administrator if you think you should.")),
    404: (_l("Not found"), _l("There is nothing here, or it is not yours to see."),
          _l("Check the address or search.")),
    405: (_l("Not possible"), _l("This address does not take such a request."), _l("Go back and try again.")),
    409: (_l("Changed meanwhile"), _l("Somebody else was faster."), _l("Reload the page and try again.")),
    413: (_l("Too large"), _l("What you sent is larger than this desk accepts."),
          _l("Send smaller or fewer files.")),
    429: (_l("Too many tries"), _l("There were too many tries in a short time."), _l("Wait a few minutes.")),
    500: (_l("Something broke"), _l("This is our mistake, and it has been written down."),
          _l("Try again; if it happens again, tell your administrator.")),
    503: (_l("Not available now"), _l("The desk cannot save anything at this moment."), _l("Try again in a moment.")),
    507: (_l("Disk full"), _l("The desk has no room left to save this."), _l("Tell your administrator.")),
}
"""Title, sentence and advice for each status."""


def init(app: Flask) -> None:
    """Say who answers what."""
    for kind, answer in {
        DeskError: answer_desk_error, CSRFError: answer_csrf_error, HTTPException: answer_http_error,
        DBAPIError: answer_database_error, NoConnection: answer_no_connection, StaleDataError: answer_stale,
        OSError: answer_os_error, OverflowError: answer_overflow, Exception: answer_bug,
    }.items():
        app.register_error_handler(kind, answer)


def answer_desk_error(error: DeskError) -> Answer:
    return error_page(error.code, error.message, error.advice)


def answer_csrf_error(error: CSRFError) -> Any:
    """A page drawn before the session began anew: what its reader wrote there is shown again with a fresh token, or
    kept until they have signed in. A page drawn for somebody else sends nothing in this person's name."""
    calm_down()
    asked = getattr(current_app.view_functions.get(request.endpoint or ""), "asks", "public")
    person_id = current_user.id if current_user.is_authenticated else None
    written = None if "without_database" in g else kept.of_request(person_id)
    if asked != "public" and person_id is None:
        return current_app.login_manager.unauthorized() if written else (*_signed_out(), _refused("signed-out"))
    if written and person_id and written.owner != person_id:
        return (*error_page(400, _("This page was drawn for somebody else, who was signed in here before you."),
                            _("Nothing was sent. Open the page anew.")), _refused("person"))
    if written and person_id:
        return (*kept.show(written, 400, _("Your page was too old, so nothing was sent yet.")), _refused("token"))
    return (*error_page(400, _("This form is out of date or did not come from this desk."),
                        _("Go back, reload the page and send it again. What you typed is kept in the form.")),
            _refused("token"))


def _refused(why: str) -> dict[str, str]:
    """For the script that has sent the form: it can do something about it."""
    return {kept.REFUSED: why}


def _signed_out() -> tuple[str, int]:
    return error_page(400, _("You are not signed in, so nothing was saved."),
                      _("Sign in, go back and send it again; drafts are kept in this browser."))


def answer_http_error(error: HTTPException) -> Any:
    """With the headers that belong to it, such as the verbs an address allows."""
    if error.code is None or error.code < 400:
        return error
    headers = {name: value for name, value in error.get_headers() if name != "Content-Type"}
    return (*error_page(error.code), headers)


def answer_database_error(error: DBAPIError) -> Answer:
    """A database that cannot be written or reached now is 503 (or 507), a value it cannot hold 400, the second of two
    who made the same thing 409; anything else is a bug."""
    if _is_full(error.orig):
        return _disk_full()
    if _is_ill(error):
        log.warning("database unavailable: %s", error.orig)
        return _later()
    if isinstance(error, DataError):
        log.warning("a value the database cannot hold in %s %s: %s", request.method, request.path, error.orig)
        return error_page(400)
    if isinstance(error, IntegrityError) and _is_twice(error.orig):
        log.warning("made twice in %s %s: %s", request.method, request.path, error.orig)
        return error_page(409)
    return answer_bug(error)


def _is_full(error: Any) -> bool:
    return (getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL
            or getattr(error, "sqlstate", None) == POSTGRESQL_FULL or "no space left" in str(error).lower())


def _is_ill(error: DBAPIError) -> bool:
    code = getattr(error.orig, "sqlite_errorcode", None)
    if code is not None:
        return code & 0xFF in SQLITE_ILL
    return (isinstance(error, OperationalError | InterfaceError) or error.connection_invalidated
            or getattr(error.orig, "sqlstate", None) == POSTGRESQL_READ_ONLY)


def _is_twice(error: Any) -> bool:
    return (getattr(error, "sqlite_errorname", None) in SQLITE_TWICE
            or getattr(error, "sqlstate", None) == POSTGRESQL_TWICE)


def answer_no_connection(error: NoConnection) -> Answer:
    """All connections are in use, and none came back in time."""
    log.warning("no database connection was free: %s", error)
    return _later()


def answer_stale(error: StaleDataError) -> Answer:
    calm_down()
    return error_page(409, _("Somebody else changed this at the same moment."), _("Reload the page and try again."))


def answer_os_error(error: OSError) -> Answer:
    return _disk_full() if error.errno in (errno.ENOSPC, errno.EDQUOT) else answer_bug(error)


def answer_overflow(error: OverflowError) -> Answer:
    """A number or a moment out of every bound, which only an odd address or form asks for."""
    log.warning("out of bounds in %s %s: %s", request.method, request.path, error, exc_info=True)
    return error_page(400)


def _disk_full() -> Answer:
    calm_down()
    return answer_desk_error(StorageFull(_("The desk has run out of disk space and could not save this.")))


def _later() -> Answer:
    calm_down()
    return (*answer_desk_error(Unavailable.busy()), {"Retry-After": str(RETRY_SECONDS)})


def answer_bug(error: Exception) -> Answer:
    log.error("unexpected error in %s %s", request.method, request.path, exc_info=error)
    if current_app.testing:
        raise error
    return error_page(500)


def calm_down() -> None:
    """Drop what was begun and see whether the database can say who is asking and in which language; if not, go on
    with a stranger, the browser's language and the defaults, so that the page needs no database."""
    if "without_database" in g:
        return
    set_reading(True)
    try:
        db.session.rollback()
        i18n.choose_language(), i18n.choose_zone(), i18n.desk.name
    except SQLAlchemyError:
        g.without_database = True
        current_app.login_manager._update_request_context_with_user()
        g.settings, g.zone = {}, "UTC"
        g.language = session.get("language") or request.accept_languages.best_match(i18n.LANGUAGES) or "en"
        flask_babel.refresh()


def error_page(code: int, message: str = "", advice: str = "") -> tuple[str, int]:
    """One page for all errors; if it cannot be drawn either, a bare one that asks nobody anything."""
    calm_down()
    title, usual, usual_advice = TEXTS.get(code, TEXTS[500 if code >= 500 else 400])
    values = {"code": code, "title": title, "message": message or usual, "advice": advice or usual_advice}
    try:
        return render_template("errors/error.html", **values), code
    except Exception:  # noqa: BLE001 - whatever broke this page must not take the answer along
        log.exception("the error page could not be drawn")
        bare = current_app.jinja_env.get_template("errors/bare.html")
        return bare.render(locale=i18n.language(), **values), code
