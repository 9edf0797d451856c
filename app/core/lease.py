"""A named lease in the database: of many processes at most one holds it, and a dead holder loses it by time."""

from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from . import clock
from .db import Base, UtcDateTime, claim, db, is_sqlite

TTL_SECONDS = 15
GRACE_SECONDS = 60


class Lease(Base):
    """Who holds what until when; `epoch` grows with every change of hands."""

    __tablename__ = "leases"

    name: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    owner: Mapped[str | None] = mapped_column(sa.String(80))
    epoch: Mapped[int] = mapped_column(default=0, server_default=sa.text("0"))
    expires_at: Mapped[object] = mapped_column(UtcDateTime)


def hold(name: str, owner: str, ttl_seconds: int = TTL_SECONDS) -> bool:
    """Take, renew or fail to take the lease; commits. The database's own clock judges on PostgreSQL."""
    now = _now()
    _ensure(name, now)
    until = now + timedelta(seconds=ttl_seconds)
    renewed = claim(Lease, Lease.name == name, Lease.owner == owner, expires_at=until)
    # Nobody can have been given it for so long: a clock that stood in the future has been set right since.
    impossible = until + timedelta(seconds=GRACE_SECONDS)
    held = renewed or claim(
        Lease, Lease.name == name,
        sa.or_(Lease.owner.is_(None), Lease.expires_at <= now, Lease.expires_at > impossible),
        owner=owner, expires_at=until, epoch=Lease.epoch + 1,
    )
    db.session.commit()
    return held


def release(name: str, owner: str) -> bool:
    """Give the lease back, so that the next one need not wait for it to run out; commits."""
    gone = claim(Lease, Lease.name == name, Lease.owner == owner, owner=None)
    db.session.commit()
    return gone


def holder(name: str) -> Lease | None:
    """The lease row as it stands, held or not."""
    return db.session.get(Lease, name)


def _now():
    if is_sqlite():
        return clock.now()
    return db.session.scalar(sa.select(sa.func.clock_timestamp()))


def _ensure(name: str, now) -> None:
    if db.session.get(Lease, name) is None:
        try:
            with db.session.begin_nested():
                db.session.add(Lease(name=name, expires_at=now))
        except sa.exc.IntegrityError:
            pass  # another process was first; the row is there, which is all that was wanted
