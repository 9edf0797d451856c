"""`bin/bench backtest [tickets]`: a year of tickets replayed under another policy, while filing goes on.

Says how many seconds and how much memory the process takes that replays, and what filing costs meanwhile against
what it costs alone. The tickets have lived under the sample of a desk: answered, waited, escalated, solved, and what
their timers said stands among their events.
"""

import os
import resource
import statistics
import tempfile
import time
import uuid
from datetime import timedelta
from random import Random

import sqlalchemy as sa

from app import create_app
from app.accounts import sign_in
from app.accounts.models import Team, User
from app.admin import installation
from app.backtest import actions, jobs
from app.backtest.models import Backtest
from app.catalogue.models import RequestType
from app.core import clock, schema
from app.core.db import db
from app.importing import bulk, clockwork
from app.importing.chronicle import Chronicle, Place, first_facts
from app.sla.book import live_book
from app.sla.models import SlaPolicy
from tests import people

TICKETS = 25_000
YEAR = timedelta(days=365)
BATCH = 500
ALONE_SECONDS = 15
LIMITS = {"seconds": 60, "megabytes": 1000, "filing": 2.0}


def main(sizes: list[int]) -> int:
    """Print the figures; 1 if one is over its limit."""
    count = sizes[0] if sizes else TICKETS
    with tempfile.TemporaryDirectory() as folder:
        app = create_app({"JARDAM_INSTANCE": folder}, WTF_CSRF_ENABLED=False)
        with app.app_context():
            schema.bring_up_to_date()
            token = _people()
            events = _fill(count)
            db.session.execute(sa.text("ANALYZE"))
            number = _draft()
        filing = _filing(app, token)
        alone = _times(filing, lambda since: time.perf_counter() - since < ALONE_SECONDS)
        with app.app_context():
            begun = time.perf_counter()
            jobs.start_waiting(clock.now())
            child = jobs._children[-1]
        beside = _times(filing, lambda _since: child.poll() is None)
        seconds = time.perf_counter() - begun
        with app.app_context():
            return _report(count, events, db.session.get(Backtest, number), seconds, alone, beside)


def _report(count: int, events: int, made: Backtest, seconds: float, alone: list[float], beside: list[float]) -> int:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    megabytes, busy = used.ru_maxrss / 1024, used.ru_utime + used.ru_stime
    ratio = _p95(beside) / _p95(alone)
    print(f"{count:,} tickets, {events:,} events; {os.cpu_count()} processors; it is {made.state}, "
          f"{made.result['touched']:,} tickets under other terms, {sum(made.result['flips'].values()):,} clocks flip"
          if made.result else f"it is {made.state}: {made.problem}")
    print(f"replayed in {seconds:.1f} s (limit {LIMITS['seconds']}), {busy:.1f} s of a processor, "
          f"at most {megabytes:.0f} MB (limit {LIMITS['megabytes']})")
    for name, times in (("alone", alone), ("meanwhile", beside)):
        print(f"filing {name:9}: median {statistics.median(times):6.1f} ms, p95 {_p95(times):6.1f} ms, "
              f"{len(times)} tickets")
    print(f"p95 meanwhile / alone: {ratio:.2f} (limit {LIMITS['filing']})", flush=True)
    is_over = seconds > LIMITS["seconds"] or megabytes > LIMITS["megabytes"] or ratio > LIMITS["filing"]
    return int(is_over or made.state != "done")


def _people() -> str:
    """Two teams, 20 agents, 300 employees; returns an agent's sign-in."""
    now = clock.now()
    installation.install(people.user("admin", administrator=True), now)
    teams = list(db.session.scalars(sa.select(Team).order_by(Team.level)))
    agents = [people.user(f"agent{n}", member=(teams[n % len(teams)],)) for n in range(20)]
    for n in range(300):
        people.user(f"employee{n}")
    token = sign_in.begin(agents[0], now, "", "")
    db.session.commit()
    return token


def _fill(count: int) -> int:
    """A year of tickets up to now; returns how many events they have."""
    now, luck, book, written = clock.now(), Random("year"), live_book(), 0
    life = _Life()
    for start in range(0, count, BATCH):
        told = [life.of(now - YEAR * (1 - n / count), luck) for n in range(start, min(start + BATCH, count))]
        bulk.write(told, [clockwork.lived(chronicle, book, now) for chronicle in told])
        db.session.commit()
        written += sum(len(chronicle.events) for chronicle in told)
    return written


class _Life:
    """What happens to a ticket: ten events or so, over some days."""

    def __init__(self) -> None:
        self.kind = db.session.scalar(sa.select(RequestType).order_by(RequestType.id))
        teams = list(db.session.scalars(sa.select(Team).order_by(Team.level, Team.id)))
        self.first, self.second = (Place(team.id, team.level) for team in (teams[0], teams[-1]))
        users = db.session.scalars(sa.select(User).order_by(User.id)).all()
        self.agents = [user.id for user in users if user.is_agent]
        self.askers = [user for user in users if not user.is_agent and not user.is_administrator]

    def of(self, moment, luck: Random) -> Chronicle:
        asker, agent, expert = luck.choice(self.askers), luck.choice(self.agents), luck.choice(self.agents)
        chronicle = Chronicle(first_facts(self.kind, self.first, asker, luck.choice(["P2", "P3", "P3", "P4"])), {
            "subject": "Printer", "fields": {}, "is_confidential": False})
        chronicle.filed(moment, "It is silent")
        steps = [lambda at: chronicle.taken(agent, at), lambda at: chronicle.replied("Try again", agent, at),
                 lambda at: chronicle.answered("I did", asker.id, at)]
        if luck.random() < 0.4:
            steps += [lambda at: chronicle.held(("requester", True), agent, at),
                      lambda at: chronicle.answered("It is", asker.id, at)]
        if luck.random() < 0.3:
            steps += [lambda at: chronicle.hopped(self.second, "Cable", agent, at),
                      lambda at: chronicle.taken(expert, at), lambda at: chronicle.replied("Look", expert, at)]
        steps += [lambda at: chronicle.replied("Done", agent, at), lambda at: chronicle.resolved(agent, at),
                  lambda at: chronicle.closed(None, at)]
        for step in steps:
            moment += timedelta(seconds=luck.expovariate(1 / 20_000))
            if moment < clock.now():
                step(moment)
        return chronicle


def _draft() -> int:
    """Half of every target, and another calendar day by day; tried on all of the year."""
    policy, admin = db.session.scalar(sa.select(SlaPolicy)), db.session.scalar(sa.select(User))
    stored = policy.versions[-1]
    targets = {priority: {name: seconds // 2 for name, seconds in told.items()}
               for priority, told in stored.targets.items()}
    content = {"calendar_id": stored.calendar_id, "targets": targets, "actions": stored.actions,
               "reopen_floor_percent": stored.reopen_floor_percent}
    now = clock.now()
    made = actions.make("policy", policy, content, admin, now)
    actions.try_out(made, (now - 2 * YEAR, now), admin, now)
    db.session.commit()
    return made.id


def _filing(app, token: str):
    desk = app.test_client()
    with desk.session_transaction() as session:
        session["_user_id"] = token
    with app.app_context():
        kind = db.session.scalar(sa.select(RequestType.slug).where(RequestType.is_active).order_by(RequestType.id))

    def file() -> None:
        with desk.session_transaction() as session:
            session.pop("_flashes", None)  # nobody reads them here, and the cookie would grow
        answer = desk.post("/tickets", data={"request_type": kind, "subject": "Printer", "body": "Silent again",
                                             "submission": uuid.uuid4().hex})
        if answer.status_code != 303:
            raise SystemExit(f"filing: {answer.status}")

    for _warm in range(10):
        file()
    return file


def _times(call, goes_on) -> list[float]:
    """Milliseconds of each call, one after another with a breath between, as people file."""
    begun, times = time.perf_counter(), []
    while goes_on(begun):
        since = time.perf_counter()
        call()
        times.append((time.perf_counter() - since) * 1000)
        time.sleep(0.02)
    return times


def _p95(values: list[float]) -> float:
    return sorted(values)[-(-len(values) * 95 // 100) - 1]
