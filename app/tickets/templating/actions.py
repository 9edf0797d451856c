"""Keeping reply templates and macros: saved, no longer offered, used."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.accounts.models import User
from app.core import edits
from app.core.db import db
from app.core.edits import Facts
from app.core.errors import Conflict
from app.core.events import record

from . import events as _kinds  # noqa: F401 - the catalogue of what is recorded here
from .models import Macro, ReplyTemplate, Scoped

_TEMPLATE = ("names", "bodies", "owner_id", "team_id", "request_types", "position", "is_active", "keyword")
_MACRO = (*_TEMPLATE[:-1], "says", "template_id", "steps", "goes_on")


def facts_of(kept: Scoped) -> Facts:
    """What is stored of it, for the form and the event."""
    return {name: getattr(kept, name) for name in (_TEMPLATE if isinstance(kept, ReplyTemplate) else _MACRO)}


def save(kept: Scoped, facts: Facts, by: User, now: datetime) -> None:
    """New facts of a new or an old one; old and new stand in the event. Raises Conflict for a keyword that is taken."""
    stored = facts_of(kept) if kept.id is not None else {}
    changed = edits.changes(stored, facts)
    if not changed:
        return
    for name, value in facts.items():
        setattr(kept, name, value)
    if isinstance(kept, ReplyTemplate):
        _refuse_taken(kept)
    db.session.add(kept)
    db.session.flush()
    _tell(kept, by, now, changed)


def _refuse_taken(kept: ReplyTemplate) -> None:
    same = [ReplyTemplate.is_active, ReplyTemplate.keyword == kept.keyword,
            ReplyTemplate.owner_id.is_not_distinct_from(kept.owner_id),
            ReplyTemplate.team_id.is_not_distinct_from(kept.team_id), ReplyTemplate.id != (kept.id or 0)]
    with db.session.no_autoflush:
        if kept.is_active and db.session.scalar(sa.select(sa.exists().where(*same))):
            raise Conflict(_("There is a template with the keyword “%(keyword)s” here already.", keyword=kept.keyword))


def withdraw(kept: Scoped, by: User, now: datetime) -> None:
    """It is no longer offered; twice is harmless."""
    if kept.is_active:
        kept.is_active = False
        _tell(kept, by, now, {"is_active": [True, False]})


def _tell(kept: Scoped, by: User, now: datetime, changed: dict[str, Any]) -> None:
    """What somebody keeps for themselves is nobody else's to read, in the audit either: its words stay out of it."""
    told = {name: pair for name, pair in changed.items() if kept.owner_id is None or name not in ("names", "bodies")}
    about = {} if kept.owner_id is not None else {"name": kept.names}
    kind = "macro.changed" if isinstance(kept, Macro) else "reply_template.changed"
    record(kind, kept, by, now, changes=told, **about)


def used(kept: Scoped, now: datetime) -> None:
    """Count it, past the unit of work: two who use it at once count both."""
    cls = type(kept)
    db.session.execute(sa.update(cls).where(cls.id == kept.id).values(used_count=cls.used_count + 1, last_used_at=now),
                       execution_options={"synchronize_session": False})
