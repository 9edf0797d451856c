"""Jardam, a help desk for the inside of an organisation. `create_app` makes the WSGI application."""

from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from .core import config, i18n, keys, presence, web
from .core.db import db, prepare_sqlite

ROOT = Path(__file__).parent.parent


def create_app(environ: dict[str, str] | None = None, **overrides: Any) -> Flask:
    """The application as the environment describes it. Raises ConfigError naming a wrong setting."""
    from . import cli, nav, wiring

    settings = config.read() if environ is None else config.read(environ)
    app = Flask(__name__)
    app.config.from_mapping(_flask_settings(settings))
    app.config.update(overrides)
    _open_database(app, settings)
    i18n.init(app)
    web.init(app)
    wiring.connect(app)
    nav.init(app)
    cli.init(app)
    if settings["JARDAM_TRUSTED_PROXIES"]:
        hops = settings["JARDAM_TRUSTED_PROXIES"]
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=0)
    return app


def _flask_settings(settings: dict[str, Any]) -> dict[str, Any]:
    instance = settings["JARDAM_INSTANCE"] or ROOT / "instance"
    secret = keys.ensure(instance)
    base_url = settings["JARDAM_BASE_URL"] or f"http://{settings['JARDAM_HOST']}:{settings['JARDAM_PORT']}"
    return {
        **settings,
        "INSTANCE": instance,
        "FILES_FOLDER": instance / "files",
        "BASE_URL": base_url,
        "SECRET_KEY": secret["session"],
        "SECRETS_KEY": secret["secrets"],
        "SQLALCHEMY_DATABASE_URI": settings["DATABASE_URL"] or f"sqlite:///{instance / 'jardam.sqlite3'}",
        "SESSION_COOKIE_NAME": "jardam",
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SECURE": base_url.startswith("https://"),
        "MAX_CONTENT_LENGTH": settings["JARDAM_MAX_UPLOAD_MB"] * 1024 * 1024,
        "MAX_FORM_MEMORY_SIZE": 2 * 1024 * 1024,
        "MAX_FORM_PARTS": 500,
        "WTF_CSRF_TIME_LIMIT": 30 * 86400,  # seconds: as long as a sign-in
    }


def _open_database(app: Flask, settings: dict[str, Any]) -> None:
    uri = app.config["SQLALCHEMY_DATABASE_URI"]
    pool = {"pool_size": 10, "max_overflow": 30}
    if uri.startswith("postgresql"):
        pool["pool_pre_ping"] = True
        pool["connect_args"] = {"connect_timeout": 5}
    app.config.setdefault("SQLALCHEMY_ENGINE_OPTIONS", pool)
    db.init_app(app)
    with app.app_context():
        presence.init(app, db.engine.url)
        if db.engine.dialect.name == "sqlite":
            prepare_sqlite(db.engine, settings["JARDAM_SQLITE_SYNCHRONOUS"])
