"""What accounts need not remember for ever."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from app.core.db import db

from .models import Attempt, LinkToken, SignIn

ATTEMPTS_KEPT = timedelta(days=1)
ENDED_KEPT = timedelta(days=90)


def forget(now: datetime) -> int:
    """Delete counted tries of yesterday, and sign-ins and links that ended three months ago; returns how many."""
    old = now - ENDED_KEPT
    statements = (
        sa.delete(Attempt).where(Attempt.at < now - ATTEMPTS_KEPT),
        sa.delete(SignIn).where(sa.or_(SignIn.expires_at < old, SignIn.ended_at < old)),
        sa.delete(LinkToken).where(sa.or_(LinkToken.expires_at < old, LinkToken.used_at < old)),
    )
    return sum(db.session.execute(statement).rowcount for statement in statements)
