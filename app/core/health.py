"""/healthz: whether the desk can do its work, for monitors and load balancers. Says nothing about its content."""

import shutil
from functools import lru_cache
from typing import Any

from flask import Blueprint, Response, current_app, jsonify
from sqlalchemy.exc import DBAPIError

from . import clock, lease, schema
from .access import asks
from .db import db
from .registries import FINDINGS

bp = Blueprint("health", __name__)

LEAST_FREE_MB = 50
SCHEDULER_GRACE_SECONDS = 60


@bp.get("/healthz")
@asks("public")
def health_show() -> tuple[Response, int]:
    """200 when all is well, 503 with the reason otherwise."""
    found = findings()
    failed = sorted(name for name, (well, _said) in found.items() if not well)
    said = {name: said for name, (_well, said) in found.items()}
    return jsonify(status="failing" if failed else "ok", failing=failed, **said), 503 if failed else 200


def findings() -> dict[str, tuple[bool, Any]]:
    """Each thing looked at: whether it is well, and what to say about it."""
    free = shutil.disk_usage(current_app.config["INSTANCE"]).free // 2**20
    found: dict[str, tuple[bool, Any]] = {"disk_free_mb": (free >= LEAST_FREE_MB, free)}
    try:
        found |= {"database": (True, "ok"), "schema": _schema(), "scheduler": _scheduler()}
        return found | {name: look() for name, look in FINDINGS.items()}
    except DBAPIError:
        db.session.rollback()
        return found | {"database": (False, "does not answer")}


def _schema() -> tuple[bool, str]:
    at_head = schema.current(db.session.connection()) == _head()
    return at_head, "current" if at_head else "behind: start the desk again to bring it up to date"


@lru_cache(maxsize=1)
def _head() -> str:
    """Read from the migrations once a process: they do not change under it."""
    return schema.head()


def _scheduler() -> tuple[bool, str]:
    """On a host that only serves pages a missing scheduler is another host's illness."""
    held = lease.holder("scheduler")
    late = (clock.now() - held.expires_at).total_seconds() if held else None
    if held and held.owner and late < SCHEDULER_GRACE_SECONDS:
        return True, "runs"
    return current_app.config["JARDAM_ROLE"] == "web", "nobody holds the lease"
