"""The first page of the administration: where everything is, and whether the desk is well."""

import shutil
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import current_app, render_template
from flask_babel import format_decimal, ngettext
from flask_babel import gettext as _

from app.channels.email.fetching import state
from app.core import clock, lease, schema
from app.core.access import asks
from app.core.db import db, is_sqlite
from app.core.i18n import local_time
from app.core.outbox import OutboxRow
from app.search import upkeep
from app.sla.sweep import due_statement

from . import bp, check_setup

CAP = 1000
BEHIND = timedelta(seconds=90)
SLOW = timedelta(minutes=10)
LEAST_FREE_BYTES = 2**30


@bp.get("/admin")
@asks("desk.administer")
def overview():
    now = clock.now()
    return render_template("admin/overview.html", health=_health(now), **check_setup.sums(check_setup.found(now)))


def _health(now: datetime) -> list[tuple[Any, bool, str]]:
    """What is looked at, whether it is well, and what to say about it; a fixed number of queries."""
    return [_scheduler(now), _timers(now), _waiting(now), _dead(), _search(now), _mail_in(now), _disk(), _about()]


def _scheduler(now: datetime) -> tuple[Any, bool, str]:
    held = lease.holder("scheduler")
    if held is None or held.owner is None or held.expires_at < now:
        return _("Background work"), False, _("Nobody does it at this moment.")
    return _("Background work"), True, _("Done by %(owner)s, holder number %(epoch)d.", owner=held.owner,
                                         epoch=held.epoch)


def _timers(now: datetime) -> tuple[Any, bool, str]:
    """The sweep keeps no diary: the oldest clock it has not looked at says how far behind it is."""
    due = db.session.execute(due_statement(now).limit(1)).first()
    if due is None or now - due.next_at < BEHIND:
        return _("Timers"), True, _("Everything due was announced.")
    return _("Timers"), False, _("Behind since %(when)s.", when=local_time(due.next_at))


def _waiting(now: datetime) -> tuple[Any, bool, str]:
    count = counted("waiting")
    # Mail that is gathered until people work is not late.
    is_due = sa.or_(OutboxRow.attempts > 0, OutboxRow.available_at <= now)
    oldest = db.session.scalar(
        sa.select(OutboxRow.created_at).where(OutboxRow.state == "waiting", is_due).order_by(OutboxRow.id).limit(1))
    if oldest is None:
        return _("Waiting to be sent"), True, _("Nothing.")
    said = ngettext("%(count)s thing, the oldest from %(when)s.", "%(count)s things, the oldest from %(when)s.", count,
                    count=_worded(count), when=local_time(oldest))
    return _("Waiting to be sent"), now - oldest < SLOW, said


def _dead() -> tuple[Any, bool, str]:
    count = counted("dead")
    said = ngettext("%(count)s thing was given up.", "%(count)s things were given up.", count, count=_worded(count))
    return _("Could not be sent"), count == 0, said if count else _("Nothing.")


def counted(state: str) -> int:
    """Rows of the outbox in a state, counted up to just beyond the cap."""
    some = sa.select(OutboxRow.id).where(OutboxRow.state == state).limit(CAP + 1).subquery()
    return db.session.scalar(sa.select(sa.func.count()).select_from(some)) or 0


def _worded(count: int) -> str:
    return f"{CAP}+" if count > CAP else str(count)


def _search(now: datetime) -> tuple[Any, bool, str]:
    held, waits_since = upkeep.state()
    if held is None:
        return _("Search"), False, _("There is no index; the database answers until it is built anew.")
    if waits_since is not None and now - waits_since > upkeep.BEHIND:
        return _("Search"), False, _("The index is behind since %(when)s.", when=local_time(waits_since))
    said = ngettext("The index holds %(count)s article.", "The index holds %(count)s articles.", held,
                    count=format_decimal(held))
    return _("Search"), True, said


def _mail_in(now: datetime) -> tuple[Any, bool, str]:
    failing, since = state.failing(now), state.waits_since(now)
    if failing:
        named = ", ".join(mailbox.address for mailbox in failing)
        return _("Incoming mail"), False, _("Cannot be read: %(mailboxes)s.", mailboxes=named)
    if since is not None:
        return _("Incoming mail"), False, _("Waits to be understood since %(when)s.", when=local_time(since))
    return _("Incoming mail"), True, _("Everything that came was taken in.")


def _disk() -> tuple[Any, bool, str]:
    disk = shutil.disk_usage(current_app.config["INSTANCE"])
    said = _("%(free)s GB of %(total)s GB are free.", free=format_decimal(round(disk.free / 2**30, 1)),
             total=format_decimal(round(disk.total / 2**30, 1)))
    return _("Disk"), disk.free > LEAST_FREE_BYTES, said


def _about() -> tuple[Any, bool, str]:
    revision = schema.current(db.session.connection()) or ""
    return _("Version"), True, f"Jardam {_version()}, {_database()}, {revision}"


def _database() -> str:
    if is_sqlite():
        return f"SQLite {db.session.scalar(sa.text('SELECT sqlite_version()'))}"
    return f"PostgreSQL {db.session.scalar(sa.text('SHOW server_version'))}"


@lru_cache(maxsize=1)
def _version() -> str:
    """The first heading of the changelog."""
    text = (Path(current_app.root_path).parent / "CHANGELOG.md").read_text(encoding="utf-8")
    return next((line[3:].strip() for line in text.splitlines() if line.startswith("## ")), "")
