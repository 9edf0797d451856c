"""The sums of a clock: where its deadline lies, what pauses it earned, what it used. Lengths are business seconds."""

from datetime import UTC, datetime

from app.calendars.working_hours import NoWorkingTime, WorkingHours

from .models import SlaClock

NEVER = datetime(9990, 1, 1, tzinfo=UTC)
"""The deadline where the calendar holds too little working time ahead."""

Pauses = list[tuple[datetime, datetime]]


def deadline(hours: WorkingHours, start: datetime, seconds: int) -> datetime:
    """The earliest moment with so much business time since the start."""
    try:
        return hours.deadline(start, seconds)
    except NoWorkingTime:
        return NEVER


def reach(hours: WorkingHours, start: datetime, seconds: int, pauses: Pauses) -> tuple[datetime, int]:
    """When so much has been counted outside the pauses, and how much was paused before that moment."""
    paused = 0
    for since, until in pauses:
        moment = deadline(hours, start, seconds + paused)
        if moment <= since:
            return moment, paused
        paused += hours.elapsed(max(since, start), until)
    return deadline(hours, start, seconds + paused), paused


def settle(clock: SlaClock, hours: WorkingHours, pauses: Pauses) -> None:
    """Deadline and pauses from the beginning, under the terms the clock has now."""
    due, paused = reach(hours, clock.started_at, clock.allowed_seconds, pauses)
    total = sum(hours.elapsed(max(since, clock.started_at), until) for since, until in pauses)
    clock.paused_seconds, clock.late_paused_seconds = paused, total - paused
    clock.due_at = None if clock.paused_at is not None and due > clock.paused_at else due


def go_on(clock: SlaClock, hours: WorkingHours, moment: datetime) -> None:
    """End a pause, if there is one: it moves the deadline, unless that had been reached before."""
    if clock.paused_at is None:
        return
    paused = hours.elapsed(clock.paused_at, moment)
    clock.paused_at = None
    if clock.due_at is None:
        clock.paused_seconds += paused
        clock.due_at = deadline(hours, clock.started_at, clock.allowed_seconds + clock.paused_seconds)
    else:
        clock.late_paused_seconds += paused


def stop(clock: SlaClock, hours: WorkingHours, moment: datetime) -> None:
    """End a clock that is not paused: what it used, and whether it came too late."""
    clock.stopped_at = moment
    elapsed = hours.elapsed(clock.started_at, moment)
    clock.used_seconds = elapsed - clock.paused_seconds - clock.late_paused_seconds
    if clock.due_at is not None and clock.due_at < moment:
        clock.breached_at = clock.breached_at or breach(clock)


def breach(clock: SlaClock) -> datetime | None:
    """When a deadline that has passed was missed: when it fell due, or when it was set to a moment gone by."""
    return max(clock.due_at, clock.terms_since) if clock.due_at is not None else None
