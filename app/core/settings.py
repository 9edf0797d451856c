"""How the desk works, as rows an administrator edits in the browser; each room declares its own, with defaults."""

from typing import Any

import sqlalchemy as sa
from flask import g, has_app_context
from sqlalchemy import event
from sqlalchemy.orm import Mapped, mapped_column

from .db import Base, Json, db

DECLARED: dict[str, "Settings"] = {}


class SettingRow(Base):
    """One value that differs from its default."""

    __tablename__ = "settings"

    name: Mapped[str] = mapped_column(sa.String(80), primary_key=True)
    value: Mapped[Any] = mapped_column(Json)

    event_subject = "setting"


class Settings:
    """A room's settings: `Settings("tickets", reopen_days=7).reopen_days` reads the row, else the default.

    Raises AttributeError for a name that was not declared.
    """

    def __init__(self, room: str, **defaults: Any) -> None:
        self.room = room
        self.defaults = defaults
        DECLARED[room] = self

    def __getattr__(self, name: str) -> Any:
        defaults = self.__dict__["defaults"]
        if name not in defaults:
            raise AttributeError(f"{self.room} declares no setting {name}")
        return _stored().get(f"{self.room}.{name}", defaults[name])

    def change(self, **values: Any) -> dict[str, tuple[Any, Any]]:
        """Store new values; returns name -> (old, new) for those that changed. The caller commits."""
        changed = {name: (getattr(self, name), new) for name, new in values.items()}
        changed = {name: pair for name, pair in changed.items() if pair[0] != pair[1]}
        for name, (_old, new) in changed.items():
            db.session.merge(SettingRow(name=f"{self.room}.{name}", value=new))
        g.pop("settings", None)
        return changed


def _stored() -> dict[str, Any]:
    """All rows, read once per transaction: a long job hears of a change, and nobody keeps one that was undone."""
    if not has_app_context():
        return {}
    if "settings" not in g:
        g.settings = dict(db.session.execute(sa.select(SettingRow.name, SettingRow.value)).all())
    return g.settings


def _forget(session: Any) -> None:
    if has_app_context():
        g.pop("settings", None)


event.listen(db.session, "after_commit", _forget)
event.listen(db.session, "after_rollback", _forget)
