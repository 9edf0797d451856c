"""Versions: each holds from a moment on, until the next one; none is changed once it is stored.

A version is a row with `valid_from`; a planned one is a version whose moment is still to come. What it says are its
facts, name -> value. Editions tell other processes that their copy of all versions is out of date.
"""

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol, TypeVar

import sqlalchemy as sa
from flask_babel import gettext as _

from .db import db
from .errors import Conflict
from .settings import SettingRow, Settings


class Dated(Protocol):
    """Anything that holds from a moment on."""

    valid_from: datetime


Version = TypeVar("Version", bound=Dated)


def in_force(versions: Sequence[Version], moment: datetime) -> Version:
    """Of versions in their order, the one that holds at a moment; before the first one, the first one."""
    holding = [version for version in versions if version.valid_from <= moment]
    return holding[-1] if holding else versions[0]


def says(version: Any, facts: dict[str, Any]) -> bool:
    """Whether a version says just this already."""
    return all(getattr(version, name) == value for name, value in facts.items())


def add(made: Any, at: datetime, *of_the_same: Any) -> None:
    """Store a version; one of the same (conditions on its table) that was planned for the same moment is replaced."""
    table = type(made)
    if made.valid_from > at:
        same = sa.select(table).where(*of_the_same, table.valid_from == made.valid_from)
        for planned in db.session.scalars(same).all():
            db.session.delete(planned)
        db.session.flush()
    db.session.add(made)
    db.session.flush()


def may_drop(version: Any, first: Any, now: datetime) -> bool:
    """Whether a version may be thrown away: it is planned, and not the first, which also speaks of all before it."""
    return version is not first and version.valid_from > now


def drop(version: Any, first: Any, at: datetime) -> None:
    """Throw a planned version away. Raises Conflict for one that holds or has held."""
    if not may_drop(version, first, at):
        raise Conflict(_("This version holds already or has held, so it is kept. Save another one in its place."))
    db.session.delete(version)
    db.session.flush()


def new_edition(settings: Settings) -> None:
    """Let every process read its copy anew."""
    settings.change(edition=secrets.token_hex(8))
    db.session.flush()


def one_at_a_time(settings: Settings) -> None:
    """Let whoever else is about to make a version wait until this one is done, where the database does not do so."""
    db.session.get(SettingRow, f"{settings.room}.edition", with_for_update=True)
