"""Making a draft, having it tried, activating it or throwing it away. The caller commits."""

from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.exc import InvalidRequestError

from app.core.db import claim, db
from app.core.edits import fingerprint
from app.core.errors import Conflict, NotFound
from app.core.events import record

from .models import Backtest
from .subjects import SUBJECTS


def make(kind: str, subject: Any, content: Any, by: Any, at: datetime, seen: str = "") -> Backtest:
    """A draft of a policy, calendar or team, or of the rules (no subject). `seen` is the fingerprint of what was stored
    when its form was opened; without it, of what is stored now."""
    subject_id = subject.id if subject is not None else None
    backtest = Backtest(kind=kind, subject_id=subject_id, names=subject.names if subject is not None else {},
                        content=content, seen=seen[:32] or fingerprint(SUBJECTS[kind].stored(subject_id, at)),
                        by_id=by.id, made_at=at)
    db.session.add(backtest)
    db.session.flush()
    record("backtest.drafted", backtest, by, at, draft_of=kind, of_id=subject_id)
    return backtest


def rewrite(backtest: Backtest, content: Any) -> None:
    """Another content; what the old one came to is forgotten. Raises Conflict while it is being tried."""
    _refuse_unless_open(backtest)
    backtest.content, backtest.state, backtest.result = content, "draft", None


def try_out(backtest: Backtest, period: tuple[datetime, datetime], by: Any, at: datetime) -> None:
    """Put it in the line; a job begins within seconds. Raises Conflict while it is being tried already."""
    _refuse_unless_open(backtest)
    backtest.from_at, backtest.to_at = period
    backtest.state, backtest.result, backtest.problem, backtest.done, backtest.total = "waiting", None, None, 0, 0
    record("backtest.started", backtest, by, at, since=period[0].isoformat(), until=period[1].isoformat())


def cancel(backtest: Backtest, by: Any, at: datetime) -> None:
    """Stop trying; whoever works on it hears of it within a second. Nothing happens to one that has ended."""
    if claim(Backtest, Backtest.id == backtest.id, Backtest.state.in_(("waiting", "running")), state="cancelled",
             ended_at=at):
        record("backtest.cancelled", backtest, by, at)


def activate(backtest: Backtest, since: datetime | None, by: Any, at: datetime) -> None:
    """Make the draft the next version of what it is a draft of, from a moment on. Raises Conflict."""
    _refuse_unless_open(backtest)
    SUBJECTS[backtest.kind].activate(backtest, since, by, at)
    backtest.state, backtest.ended_at = "activated", at
    record("backtest.activated", backtest, by, at, valid_from=(since or at).isoformat())


def throw_away(backtest: Backtest, by: Any, at: datetime) -> None:
    """The draft and all that came out; a process that tries it hears of it within a second."""
    record("backtest.thrown_away", backtest, by, at, draft_of=backtest.kind, of_id=backtest.subject_id)
    db.session.delete(backtest)


def _refuse_unless_open(backtest: Backtest) -> None:
    try:
        db.session.refresh(backtest, ["state"], with_for_update=True)
    except InvalidRequestError as error:
        raise NotFound() from error
    if not backtest.is_open:
        raise Conflict(_("This draft is being tried just now, or it has been activated already."))
