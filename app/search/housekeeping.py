"""What the log of searches need not remember for ever."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from app.core.db import db

from .models import SearchEntry
from .settings import settings


def forget(now: datetime) -> int:
    """Delete what is very old; of what is old, forget whose it was. Returns how many rows were touched; the caller
    commits."""
    whose = sa.or_(SearchEntry.person_id.is_not(None), SearchEntry.visitor.is_not(None))
    statements = (
        sa.delete(SearchEntry).where(SearchEntry.at < now - timedelta(days=settings.keep_days)),
        sa.update(SearchEntry).where(SearchEntry.at < now - timedelta(days=settings.person_days), whose)
        .values(person_id=None, visitor=None),
    )
    return sum(db.session.execute(statement.execution_options(synchronize_session=False)).rowcount
               for statement in statements)
