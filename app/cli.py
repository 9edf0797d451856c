"""The flask commands; each is one call of a verb. What belongs to a room stands in the room's commands.py."""

import signal
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from flask import Flask, current_app

from app import jobs
from app.backtest import commands as backtesting
from app.channels.email import commands as mailing
from app.core import backup, schema, vendored
from app.core.backup import restore as restoring
from app.core.backup import take as taking
from app.importing import commands as importing
from app.search import commands as searching


def init(app: Flask) -> None:
    """Register the commands."""
    schema.init(app)
    backtesting.init(app)
    importing.init(app)
    mailing.init(app)
    searching.init(app)
    vendored.init(app)
    for command in (work, back_up, restore):
        app.cli.add_command(command)


@click.command("worker")
def work() -> None:
    """Run the background work of a desk whose hosts only serve pages (JARDAM_ROLE=web), until told to stop."""
    schema.bring_up_to_date()
    elector = jobs.elector(current_app._get_current_object())
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: setattr(elector, "stopping", True))
    elector.start()
    click.echo(f"{elector.owner} stands ready")
    elector.join()


@click.command("backup")
@click.argument("folder", type=click.Path(path_type=Path))
def back_up(folder: Path) -> None:
    """Back up the desk, running or not, into a new FOLDER: rows, files and keys. Keep it as safe as the desk."""
    began = time.monotonic()
    with _spoken():
        taken = taking.take(folder.absolute())
    click.echo(f"{folder}: {taken.rows} rows and {taken.files} files in {time.monotonic() - began:.1f} s")
    if taken.damaged:
        raise click.ClickException("These files were missing or damaged in the desk already: "
                                   + ", ".join(taken.damaged))


@click.command("restore")
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--replace", is_flag=True, help="Put the back-up in the place of what this desk holds now.")
def restore(folder: Path, replace: bool) -> None:
    """Make this desk what the back-up in FOLDER is, running or not. Nothing is touched unless all of it is whole."""
    began = time.monotonic()
    with _spoken(), _scratch() as scratch:
        restored = restoring.restore(folder.absolute(), scratch, replace)
    click.echo(f"{restored.rows} rows and {restored.files} files are back in {time.monotonic() - began:.1f} s")
    if restored.keys_changed:
        click.echo("The keys changed with them: if the desk is running, start it again.")


@contextmanager
def _spoken() -> Iterator[None]:
    try:
        yield
    except (backup.Refused, schema.Refused, OSError) as error:
        raise click.ClickException(str(error)) from error


@contextmanager
def _scratch() -> Iterator[Flask]:
    """An app on an empty SQLite instance of its own, beside the real one, gone afterwards."""
    from app import create_app

    with tempfile.TemporaryDirectory(prefix=".restore-", dir=current_app.config["INSTANCE"]) as instance:
        yield create_app({"JARDAM_INSTANCE": instance})
