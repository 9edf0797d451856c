"""Takes the sample away: what it made, and what hangs on it. What something real still uses is kept and named."""

import secrets
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from app.accounts import absences, sign_in
from app.accounts.absence_models import Absence
from app.accounts.models import Department, User
from app.calendars.settings import calendars
from app.core.db import Base, db
from app.core.events import Event
from app.core.settings import SettingRow
from app.importing.models import SampleLoad, SampleRow
from app.importing.sample import ledger
from app.importing.sample.article_removal import remove_articles
from app.importing.sample.ticket_removal import remove_tickets
from app.sla import housekeeping
from app.sla.settings import sla

ORDER = ("macros", "reply_templates", "article_categories", "sla_rules", "sla_rule_lists", "sla_policies",
         "request_types", "teams", "users", "departments", "work_calendars", "pending_reasons", "tags")
"""What points at others before what is pointed at."""
MODELS = {mapper.class_.__tablename__: mapper.class_ for mapper in Base.registry.mappers}


@dataclass
class Removal:
    """What went, and what stayed because something real uses it."""

    tickets: int = 0
    articles: int = 0
    rows: Counter = field(default_factory=Counter)
    kept: list[str] = field(default_factory=list)


def remove(now: datetime) -> Removal:
    """All of it in one transaction; commits, and learns anew. Does nothing where there is no sample."""
    done = Removal(articles=len(remove_articles()), tickets=len(remove_tickets()))
    _remove_absences()
    _restore_settings()
    heads = _behead()
    while removed := [row.table_name for row in _rows() if _drop(row)]:
        done.rows.update(removed)
    _give_heads_back(heads)
    done.kept = [_retire(row, now) for row in _rows()]
    db.session.execute(sa.delete(SampleLoad))
    for settings in (sla, calendars):
        settings.change(edition=secrets.token_hex(8))
    db.session.commit()
    housekeeping.learn(now)
    return done


def _remove_absences() -> None:
    """Those of the sample's people, announced since, with their events."""
    people = [int(key) for key in ledger.keys("users")]
    theirs = list(db.session.scalars(sa.select(Absence.id).where(Absence.user_id.in_(people))))
    db.session.execute(sa.delete(Event).where(Event.subject_type == Absence.event_subject,
                                              Event.subject_id.in_(theirs)))
    db.session.execute(sa.delete(Absence).where(Absence.id.in_(theirs)))
    absences.renew()


def _restore_settings() -> None:
    """The desk's own values come back, unless somebody has changed them since."""
    for name in ledger.keys("settings"):
        row = db.session.get(SettingRow, name)
        if row is not None and row.value == ledger.SETTINGS.get(name):
            db.session.delete(row)
    db.session.execute(sa.delete(SampleRow).where(SampleRow.table_name == "settings"))
    db.session.flush()


def _behead() -> dict[int, int]:
    """Departments and their heads point at each other: loosen one side. Returns department -> head, as it was."""
    ids = [int(key) for key in ledger.keys("departments")]
    statement = sa.select(Department.id, Department.head_id).where(Department.id.in_(ids))
    heads = {department_id: head_id for department_id, head_id in db.session.execute(statement) if head_id}
    db.session.execute(sa.update(Department).where(Department.id.in_(ids)).values(head_id=None))
    return heads


def _give_heads_back(heads: dict[int, int]) -> None:
    """Where department and head have both stayed."""
    for department_id, head_id in heads.items():
        stays = sa.exists().where(User.id == head_id)
        db.session.execute(sa.update(Department).where(Department.id == department_id, stays).values(head_id=head_id))


def _rows() -> list[SampleRow]:
    rows = db.session.scalars(sa.select(SampleRow)).all()
    return sorted(rows, key=lambda row: (ORDER.index(row.table_name), len(row.row_key), row.row_key))


def _drop(row: SampleRow) -> bool:
    """Delete one row and its events; false where the database says that something still points at it."""
    model, key = _thing(row)
    try:
        with db.session.begin_nested():
            if isinstance(key, int) and hasattr(model, "event_subject"):
                db.session.execute(sa.delete(Event).where(Event.subject_type == model.event_subject,
                                                          Event.subject_id == key))
            db.session.execute(sa.delete(model).where(_primary(model) == key))
            db.session.delete(row)
    except IntegrityError:
        return False
    return True


def _thing(row: SampleRow) -> tuple[type[Base], Any]:
    """The model and the key that a line of the ledger speaks of."""
    model = MODELS[row.table_name]
    return model, _primary(model).type.python_type(row.row_key)


def _primary(model: type[Base]) -> Any:
    return sa.inspect(model).primary_key[0]


def _retire(row: SampleRow, now: datetime) -> str:
    """What stays is no longer offered, and nobody signs in with the published password. Says what it is, and why."""
    model, key = _thing(row)
    kept: Any = db.session.get(model, key, populate_existing=True)
    if hasattr(kept, "is_active"):
        kept.is_active = False
    if isinstance(kept, User):
        kept.password_hash, kept.is_administrator = None, False
        sign_in.end_all(kept, now)
    name = getattr(kept, "name", "") or getattr(kept, "names", {}).get("en", "") or key
    return f"{row.table_name}: {name} ({', '.join(_uses(model, key)) or 'in use'})"


def _uses(model: type[Base], key: Any) -> Iterator[str]:
    """Which tables still point at a row, and how often."""
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if any(fk.column.table is model.__table__ and not fk.ondelete for fk in column.foreign_keys):
                count = db.session.scalar(sa.select(sa.func.count()).select_from(table).where(column == key))
                if count:
                    yield f"{table.name}.{column.name}: {count}"
