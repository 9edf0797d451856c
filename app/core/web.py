"""What holds for every request: reading or writing, headers, cookies, forms' tokens."""

import secrets
from typing import Any

from flask import Flask, Response, current_app, g, request
from flask.sessions import SecureCookieSessionInterface
from flask_wtf.csrf import CSRFProtect
from itsdangerous import BadSignature

from . import access, answers, assets, drawing, i18n, kept, packing
from .assets import asset
from .db import set_reading
from .durations import duration

csrf = CSRFProtect()
NOBODY = "'none'"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
BARE = frozenset({"text/css", "text/javascript"})
"""What a policy for documents says nothing to: a first page fetches twenty of these, and headers travel unpacked."""


class Sessions(SecureCookieSessionInterface):
    """Signed cookies whose age is judged by the sign-in row, not by the cookie: a clock set back signs nobody out."""

    def open_session(self, app: Flask, request: Any) -> Any:
        signer = self.get_signing_serializer(app)
        value = request.cookies.get(self.get_cookie_name(app))
        if not value:
            return self.session_class()
        try:
            return self.session_class(signer.loads(value))
        except BadSignature:
            return self.session_class()


def init(app: Flask) -> None:
    """Hook everything in; called once by create_app."""
    app.session_interface = Sessions()
    app.view_functions["static"] = assets.serve
    csrf.init_app(app)
    app.before_request(begin)
    app.before_request(access.refuse_unguarded)
    app.after_request(packing.pack)
    app.after_request(headers)
    app.after_request(kept.answer_scripts)
    app.teardown_request(end)
    app.context_processor(template_context)
    # Imported macros see globals, not a context processor's values.
    app.jinja_env.globals.update(asset=asset, duration=duration)
    drawing.init(app, asset)
    answers.init(app)


def begin() -> None:
    """A request that may write takes SQLite's write lock when it first asks; a safe one never does."""
    view = current_app.view_functions.get(request.endpoint or "")
    set_reading(request.method in SAFE_METHODS or getattr(view, "only_reads", False))


def end(_error: BaseException | None) -> None:
    """The thread goes on to other work, which may write unless it says otherwise."""
    set_reading(False)


def only_reads(view: Any) -> Any:
    """Mark a POST view whose transactions only read (preview, sign-in's look-up)."""
    view.only_reads = True
    return view


def csp_nonce() -> str:
    """The nonce of this answer's own scripts and styles."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    return g.csp_nonce


def headers(response: Response) -> Response:
    """Headers every answer carries; a view that set a stricter policy keeps it."""
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    if request.endpoint == "static" and response.mimetype in BARE:
        response.headers.pop("Content-Disposition", None)
        _cache(response)
        return response
    own = f"'self' 'nonce-{csp_nonce()}'" if "csp_nonce" in g else "'self'"
    response.headers.setdefault(
        "Content-Security-Policy",
        f"default-src 'none'; script-src {own}; style-src {own}; img-src 'self' data:; font-src 'self'; "
        f"connect-src 'self'; form-action 'self'; frame-ancestors {_framed_by()}; base-uri 'none'; "
        "manifest-src 'self'",
    )
    response.headers.setdefault("Referrer-Policy", "same-origin")
    if _framed_by() == NOBODY:
        response.headers.setdefault("X-Frame-Options", "DENY")
    response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    _cache(response)
    return response


def _framed_by() -> str:
    """The sites that may show this answer in a frame: a view that is meant for that says so. The older header knows
    only this site or none, so it is left out then."""
    return g.get("frame_ancestors", NOBODY)


def _cache(response: Response) -> None:
    """A static file may be kept; everything else is one person's and stays in no cache, whatever is usual for files
    that are sent."""
    if request.endpoint == "static" and response.status_code in (200, 206, 304):
        response.headers["Cache-Control"] = assets.keeping(request.view_args["filename"])
    elif "no-store" not in response.headers.get("Cache-Control", ""):
        response.headers["Cache-Control"] = "private, no-store"


def template_context() -> dict[str, Any]:
    """What every template may use beside its own values."""
    return {"csp_nonce": csp_nonce, "asset": asset, "desk_name": i18n.desk.name,
            "theme": theme(), "duration": duration, **i18n.template_context()}


def theme() -> str:
    """The look this browser has chosen; anything but these three words in its cookie is nothing."""
    chosen = request.cookies.get("theme") if request else None
    return chosen if chosen in ("light", "dark") else "auto"

