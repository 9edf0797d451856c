"""`bin/bench desk [sizes]`: median and p95 of queue page, ticket, filing and replying, as ratios to a floor.

The floor (floor.py) does the same on the same database file in the same run, so the ratio says something on any
machine; absolute times say something about this one only. Both sides are called in the process, through the same
client, so neither pays for a socket.
"""

import statistics
import tempfile
import time
import uuid
from collections.abc import Callable
from pathlib import Path

import sqlalchemy as sa

from app import create_app
from app.accounts import sign_in
from app.accounts.models import Team, User
from app.admin import installation
from app.catalogue.models import RequestType
from app.core import clock, schema
from app.core.db import db
from app.tickets.models import Ticket
from tests import people

from . import data, floor

SIZES = (1_000, 10_000, 100_000)
ROUNDS = 60
LIMITS = {"queue": 10, "ticket": 12, "filing": 8, "replying": 8}


def main(sizes: list[int]) -> int:
    """Print the table; 1 if a ratio at the largest size is over its limit."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app({"JARDAM_INSTANCE": folder}, WTF_CSRF_ENABLED=False)
        with app.app_context():
            schema.bring_up_to_date()
            token = _people()
        base = floor.make(Path(folder) / "jardam.sqlite3")
        print(f"{'tickets':>9} {'page':10} {'desk ms':>9} {'p95':>8} {'floor ms':>9} {'p95':>8} {'ratio':>6}  limit")
        filled, over = 0, False
        for size in sizes or SIZES:
            with app.app_context():
                data.fill(filled + 1, size)
                db.session.execute(sa.text("ANALYZE"))
                db.session.commit()
            filled = size
            over = _measure(app, base, token, size)
            filled = _highest(app)
    return int(over)


def _highest(app) -> int:
    with app.app_context():
        return db.session.scalar(sa.select(sa.func.max(Ticket.id)))


def _people() -> str:
    """A desk of one level-1 and one level-2 team, 20 agents, 300 employees; returns an agent's sign-in."""
    now = clock.now()
    admin = people.user("admin", administrator=True)
    installation.install(admin, now)
    teams = list(db.session.scalars(sa.select(Team)))
    agents = [people.user(f"agent{n}", member=(teams[n % len(teams)],)) for n in range(20)]
    for n in range(300):
        people.user(f"employee{n}")
    token = sign_in.begin(agents[0], now, "", "")
    db.session.commit()
    return token


def _measure(app, base, token: str, size: int) -> bool:
    desk, bare = app.test_client(), base.test_client()
    with desk.session_transaction() as session:
        session["_user_id"] = token
    over = False
    for name, ours, theirs in _pages(app, desk, bare):
        mine, least = _time_in_turn(ours, theirs)
        ratio = statistics.median(mine) / statistics.median(least)
        over = over or ratio > LIMITS[name]
        print(f"{size:>9} {name:10} {statistics.median(mine):9.2f} {_p95(mine):8.2f} "
              f"{statistics.median(least):9.2f} {_p95(least):8.2f} {ratio:6.1f}  {LIMITS[name]}", flush=True)
    return over


def _pages(app, desk, bare) -> list[tuple[str, Callable[[], object], Callable[[], object]]]:
    with app.app_context():
        agent = db.session.scalar(sa.select(User).where(User.name == "Agent0"))
        team = agent.memberships[0].team
        slug, team_id = team.slug, team.id
        active = sa.select(Ticket.id).where(Ticket.team_id == team_id, Ticket.status == "open")
        number, answered = db.session.scalars(active.order_by(Ticket.id).limit(2))
        kind = db.session.scalar(sa.select(RequestType.slug).where(RequestType.is_active).order_by(RequestType.id))
    filing = {"request_type": kind, "subject": "Printer", "body": "It is silent again", "team": team_id}
    return [
        ("queue", lambda: _ok(desk.get(f"/queues/{slug}")), lambda: _ok(bare.get(f"/queues/{team_id}"))),
        ("ticket", lambda: _ok(desk.get(f"/tickets/{number}")), lambda: _ok(bare.get(f"/tickets/{number}"))),
        ("filing", lambda: _ok(desk.post("/tickets", data={**filing, "submission": uuid.uuid4().hex})),
         lambda: _ok(bare.post("/tickets", data=filing))),
        ("replying", lambda: _ok(desk.post(f"/tickets/{answered}/replies", data=_reply())),
         lambda: _ok(bare.post("/tickets", data=filing))),
    ]


def _reply() -> dict[str, str]:
    return {"body": "Please turn it off and on", "then": "stay", "submission": uuid.uuid4().hex}


def _ok(response) -> object:
    if response.status_code not in (200, 302, 303):
        raise SystemExit(f"{response.request.path}: {response.status}")
    return response


def _time_in_turn(ours: Callable, theirs: Callable) -> tuple[list[float], list[float]]:
    """Milliseconds of each, in turn, after a warm-up, so that a slow moment of the machine meets both."""
    for _ in range(5):
        ours(), theirs()
    mine, least = [], []
    for _ in range(ROUNDS):
        mine.append(_milliseconds(ours))
        least.append(_milliseconds(theirs))
    return mine, least


def _milliseconds(call: Callable) -> float:
    begun = time.perf_counter()
    call()
    return (time.perf_counter() - begun) * 1000


def _p95(values: list[float]) -> float:
    return sorted(values)[-(-len(values) * 95 // 100) - 1]


