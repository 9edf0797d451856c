"""flask search …"""

import os
import signal
import sys
import time

import click
from flask import Flask
from flask.cli import AppGroup

from app.core.db import reading

from . import rebuild, registry, upkeep
from .backend import Unusable

searching = AppGroup("search", help="The index of articles: a cache, built from the database.")


def init(app: Flask) -> None:
    """Register the commands."""
    app.cli.add_command(searching)


@searching.command("rebuild")
@click.option("--child", is_flag=True, hidden=True, help="Begun by the desk, and gone with it.")
def build(child: bool) -> None:
    """Build the index anew from the database while the desk runs on; searches go on meanwhile."""
    parent, began = os.getppid(), time.monotonic()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    if child:
        rebuild.be_nice()
    try:
        count = rebuild.run(lambda: not child or os.getppid() == parent)
    except (rebuild.Busy, Unusable) as error:
        raise click.ClickException(str(error)) from error
    except (rebuild.Leaving, KeyboardInterrupt):
        sys.exit(1)
    click.echo(f"{count} documents in {time.monotonic() - began:.1f} s")


@searching.command("check")
def check() -> None:
    """Say whether the index holds what the database does. The exit code is 1 if not."""
    with reading():
        (wrong, _is_certain), ought = upkeep.look(), registry.library.count()
    click.echo(wrong or f"The index holds all {ought} documents.")
    sys.exit(1 if wrong else 0)
