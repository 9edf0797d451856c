"""Every schedule, one line each. One process of all, the holder of the lease, runs them; each is safe to run twice."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from apscheduler.schedulers.background import BackgroundScheduler
from flask import Flask
from sqlalchemy.exc import OperationalError

from app.accounts import housekeeping as accounts
from app.attention import housekeeping as absences
from app.automation import assignment_jobs as assignment
from app.backtest import jobs as backtest
from app.channels.email import intake as mail
from app.channels.email.fetching import rounds as mailboxes
from app.channels.email.send import kept_connection
from app.channels.form import actions as form
from app.core import clock, files, outbox
from app.core.db import db
from app.core.elector import Elector
from app.core.steady import SteadyClock
from app.kb import housekeeping as articles
from app.kpi import refresh as kpi
from app.kpi.reports import gaps
from app.search import housekeeping as searches
from app.search import upkeep as search
from app.sla import housekeeping as promises
from app.sla import sweep as sla
from app.tickets import housekeeping as tickets
from app.tickets.asking import learning as asking
from app.tickets.bulk import housekeeping as bulk
from app.tickets.ratings import asking as ratings
from app.tickets.sending import housekeeping as replies

log = logging.getLogger(__name__)

LEASE = "scheduler"
HOUR, DAY = 3600, 86400
KEPT_DAYS = 30
LATE = timedelta(seconds=10)

steady = SteadyClock()


@dataclass(frozen=True)
class Job:
    """One line of the schedule: a verb that takes `now`, and how often it is called."""

    name: str
    every_seconds: float
    work: Callable[[datetime], Any]
    first_after_seconds: float = 0


def schedule(drain: Callable[[datetime], Any]) -> list[Job]:
    """All jobs. What is daily runs some minutes after the start too, for desks that are switched off at night."""
    return [
        Job("outbox.drain", 2, drain),
        Job("sla.sweep", 15, sla.sweep),
        Job("mail.take_in", 2, mail.take_in, 3),
        Job("mail.fetch", 5, mailboxes.start_due, 3),
        Job("search.index", 1, search.take_in, 1),
        Job("search.look_after", 5, search.look_after, 2),
        Job("replies.send", 1, replies.send_due, 1),
        Job("replies.forget", DAY, replies.forget, 405),
        Job("tickets.resume_due", 60, tickets.resume_due, 10),
        Job("tickets.index_texts", 60, tickets.index_texts, 8),
        Job("absences.turn_over", 60, absences.turn_over, 5),
        Job("tickets.remind", HOUR, tickets.remind, 60),
        Job("tickets.resolve_silent", HOUR, tickets.resolve_silent, 90),
        Job("tickets.close_forgotten", HOUR, tickets.close_forgotten, 120),
        Job("ratings.ask", 60, ratings.ask_due, 40),
        Job("backtest.start", 2, backtest.start_waiting, 5),
        Job("assignment.give_out", 30, assignment.give_out, 15),
        Job("assignment.unown_idle", 60, assignment.unown_idle, 25),
        Job("kpi.refresh", 30, partial(kpi.refresh, limit=2000), 20),
        Job("asking.learn", DAY, asking.learn, 30),
        Job("sla.learn", DAY, promises.learn, 240),
        Job("kb.publish_due", 60, articles.publish_due, 12),
        Job("kb.remind_owners", HOUR, articles.remind_owners, 75),
        Job("outbox.sweep_done", DAY, lambda now: outbox.sweep_done(now - timedelta(days=KEPT_DAYS)), 300),
        Job("files.remove_orphans", DAY, files.remove_orphans, 330),
        Job("accounts.forget", DAY, accounts.forget, 360),
        Job("form.forget", DAY, form.forget, 375),
        Job("bulk.forget", DAY, bulk.forget, 380),
        Job("kpi.knowledge", HOUR, gaps.make, 45),
        Job("searches.forget", DAY, searches.forget, 390),
    ]


class Jobs:
    """The jobs of the holder of the lease, ticking."""

    def __init__(self, elector: Elector) -> None:
        self._elector = elector
        self._scheduler = BackgroundScheduler(
            timezone="UTC", job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        )
        now = clock.now()
        for job in schedule(partial(_drain, elector)):
            self._scheduler.add_job(
                partial(run, elector.app, job, elector), "interval", seconds=job.every_seconds, id=job.name,
                next_run_time=now + timedelta(seconds=job.first_after_seconds),
            )
        self._scheduler.start()

    def nudge(self) -> None:
        """Deliver and take in now what was just committed."""
        for name in ("outbox.drain", "mail.take_in"):
            self._scheduler.modify_job(name, next_run_time=clock.now())

    def keep_time(self) -> None:
        """After the machine's clock was set back: a job whose turn would come too late has it now. The schedule is
        woken to look at the time itself, since how long it meant to sleep was reckoned by a clock that may leap."""
        now = clock.now()
        for job in self._scheduler.get_jobs():
            if job.next_run_time > now + job.trigger.interval + LATE:
                job.modify(next_run_time=now)
        self._scheduler.wakeup()

    def stop(self) -> None:
        self._scheduler.shutdown(wait=False)


def run(app: Flask, job: Job, elector: Elector) -> None:
    """Call one verb and commit; an error is written down under the job's name and the schedule goes on."""
    if not elector.holds:
        return
    with app.app_context():
        try:
            job.work(steady.now())
            db.session.commit()
        except OperationalError as error:
            db.session.rollback()
            log.warning("job %s will try again: %s", job.name, error.orig)
        except Exception:
            db.session.rollback()
            log.exception("job %s failed", job.name)


def _drain(elector: Elector, now: datetime) -> None:
    """A few rows at a time, so that each row's own lease counts from the moment it was taken."""
    with kept_connection():
        while elector.holds and outbox.drain(clock.now(), elector.owner, limit=10):
            pass


def elector(app: Flask) -> Elector:
    """The thread that holds the lease for this process and runs the jobs meanwhile; not started yet."""
    return Elector(app, LEASE, Jobs)
