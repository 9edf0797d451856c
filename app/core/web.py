"""What holds for every request: reading or writing, headers, cookies, forms' tokens."""

import hashlib
import secrets
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask, Response, current_app, g, request, url_for
from flask.sessions import SecureCookieSessionInterface
from flask_wtf.csrf import CSRFProtect
from itsdangerous import BadSignature

from . import access, answers, drawing, i18n
from .db import set_reading
from .durations import duration

csrf = CSRFProtect()
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


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
    csrf.init_app(app)
    app.before_request(begin)
    app.before_request(access.refuse_unguarded)
    app.after_request(headers)
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
    own = f"'self' 'nonce-{csp_nonce()}'" if "csp_nonce" in g else "'self'"
    response.headers.setdefault(
        "Content-Security-Policy",
        f"default-src 'none'; script-src {own}; style-src {own}; img-src 'self' data:; font-src 'self'; "
        "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; manifest-src 'self'",
    )
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "same-origin")
    response.headers.setdefault("X-Frame-Options", "DENY")
    response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    _cache(response)
    return response


def _cache(response: Response) -> None:
    """A static file asked for under its content's hash never changes; under a bare name it is asked after each time.
    Everything else is one person's and stays in no cache, whatever is usual for files that are sent."""
    if request.endpoint == "static" and response.status_code in (200, 206, 304):
        path = Path(current_app.static_folder) / request.view_args["filename"]
        named = request.args.get("v") == _fingerprint(str(path))
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if named else "no-cache"
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


def asset(name: str) -> str:
    """The address of a static file with its content's hash, so that it can be cached for ever."""
    root = request.environ.get("SCRIPT_NAME", "") if request else ""
    return _address(name, root, current_app.static_folder)


@lru_cache(maxsize=256)
def _address(name: str, _root: str, folder: str) -> str:
    """Kept: a page asks some fifty times, and making an address costs more than drawing the icon."""
    return url_for("static", filename=name, v=_fingerprint(str(Path(folder) / name)))


@lru_cache(maxsize=256)
def _fingerprint(path: str) -> str:
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()[:12]
