"""flask backtest …"""

import os
import signal
import sys
from datetime import datetime, time
from itertools import islice
from zoneinfo import ZoneInfo

import click
from flask import Flask
from flask.cli import AppGroup

from app.core import clock
from app.core.db import db, reading
from app.core.i18n import desk

from . import jobs, past
from .past import Period
from .verify import differences

SHOWN = 50
RESTING = ("draft", "waiting", "done", "cancelled", "failed")

backtesting = AppGroup("backtest", help="Drafts of promises, tried on the tickets of the past.")


def init(app: Flask) -> None:
    """Register the commands."""
    app.cli.add_command(backtesting)


@backtesting.command("run")
@click.argument("backtest_id", type=int)
@click.option("--as", "runner", help="What the scheduler has taken the draft as; without it this command takes it.")
def run(backtest_id: int, runner: str | None) -> None:
    """Try the draft BACKTEST_ID on the past and store the result; its page shows it."""
    is_child, runner = runner is not None, runner or f"command-{os.getpid()}"
    if not is_child:
        taken = jobs.take(backtest_id, runner, clock.now(), RESTING)
        db.session.commit()
        if not taken:
            raise click.ClickException("there is no such draft, or it is being tried or activated already")
    parent = os.getppid()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    jobs.be_nice()
    state = jobs.run(backtest_id, runner, lambda: not is_child or os.getppid() == parent)
    if not is_child:
        click.echo(f"Draft {backtest_id}: {state}")
        sys.exit(0 if state == "done" else 1)


@backtesting.command("verify")
@click.option("--from", "since", type=click.DateTime(["%Y-%m-%d"]), help="Tickets filed on this day or later.")
@click.option("--to", "until", type=click.DateTime(["%Y-%m-%d"]), help="Tickets filed before this day.")
def verify(since: datetime | None, until: datetime | None) -> None:
    """Replay what holds now and compare with what is stored. Prints each difference; the exit code is 1 if any."""
    with reading():
        zone = ZoneInfo(desk.time_zone)
        db.session.rollback()
    period = Period(*(day and datetime.combine(day, time(), zone) for day in (since, until)))
    found = differences(period, clock.now())
    shown = list(islice(found, SHOWN))
    for difference in shown:
        click.echo(str(difference))
    rest = sum(1 for _more in found)
    count = past.count(period)
    click.echo(f"{count:,} tickets replayed: {len(shown) + rest:,} differences" if shown
               else f"{count:,} tickets replayed: every clock comes out as it is stored")
    sys.exit(1 if shown else 0)
