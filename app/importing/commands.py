"""flask import …, flask sample …"""

import sys
from pathlib import Path

import click
from flask import Flask
from flask.cli import AppGroup

from app.accounts.queries import by_email
from app.core import clock, schema
from app.core.db import db, reading

from . import article_mapping, article_report, reconciliation, sample
from . import mapping as mappings
from .article_import import import_articles
from .event_import import import_events
from .event_log import BadLog
from .piece import MappingError

importing = AppGroup("import", help="Take in what another system knows.")
sampling = AppGroup("sample", help="An invented organisation with a year of tickets, to look around in.")


def init(app: Flask) -> None:
    """Register the commands."""
    app.cli.add_command(importing)
    app.cli.add_command(sampling)


@importing.command("events")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--mapping", "-m", required=True, help="A mapping file (TOML), or the name of one that comes along.")
def events(file: Path, mapping: str) -> None:
    """Read an event log in CSV (case, activity, person, time) into tickets with their whole history.

    Nothing is sent. Safe to run again: known cases are left alone. Ends with a reconciliation; the exit code is 1
    when file and desk do not agree.
    """
    schema.bring_up_to_date()
    try:
        found = import_events(file, mappings.read(mappings.find(mapping)), clock.now(), show_progress)
    except (BadLog, MappingError) as error:
        raise click.ClickException(str(error)) from error
    for line in reconciliation.lines(found):
        click.echo(line)
    sys.exit(0 if found.agrees else 1)


@importing.command("articles")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--mapping", "-m", required=True, type=click.Path(path_type=Path), help="A mapping file (TOML).")
@click.option("--dry-run", is_flag=True, help="Say what would happen, store nothing.")
@click.option("--by", metavar="EMAIL", help="Whose work it is; else the desk's own.")
def articles(folder: Path, mapping: Path, dry_run: bool, by: str | None) -> None:
    """Read a folder of Markdown, HTML or plain text into the knowledge base.

    Safe to run again: what has not changed is left alone, what has becomes a new version. What could not be read is
    listed at the end; the exit code is 1 only when nothing could be read, or folder and desk do not agree.
    """
    schema.bring_up_to_date()
    with reading():
        person = by_email(by) if by else None
        db.session.rollback()
    if by and person is None:
        raise click.ClickException(f"--by: nobody here has the address {by}")
    try:
        wanted = article_mapping.read(mapping)
        done = import_articles(folder, wanted, person, clock.now(), dry_run=dry_run, progress=show_articles)
    except (NotADirectoryError, MappingError) as error:
        raise click.ClickException(str(error)) from error
    for line in article_report.lines(done):
        click.echo(line)
    sys.exit(0 if done.agrees and done.gathered.wanted else 1)


def show_articles(done: int, total: int) -> None:
    show_progress(done, total, "articles")


def show_progress(done: int, total: int, what: str = "cases") -> None:
    """One line on stderr that grows; a line each when stderr is a file."""
    end = "\r" if sys.stderr.isatty() and done < total else "\n"
    print(f"{done:,} of {total:,} {what}", end=end, file=sys.stderr, flush=True)


@sampling.command("load")
@click.option("--beside", is_flag=True, help="Also on a desk that has people of its own.")
def load(beside: bool) -> None:
    """Fill the desk with the sample organisation; says how to sign in. Everybody in it has the same password."""
    schema.bring_up_to_date()
    try:
        lines = sample.load(clock.now(), beside)
    except sample.Refused as error:
        raise click.ClickException(str(error)) from error
    for line in lines:
        click.echo(line)


@sampling.command("remove")
def remove() -> None:
    """Take away what the sample made and what hangs on it; what something real still uses is kept and named."""
    schema.bring_up_to_date()
    done = sample.remove(clock.now())
    rows = ", ".join(f"{count} {table}" for table, count in sorted(done.rows.items()))
    click.echo(f"Removed: {done.tickets:,} tickets, {done.articles:,} articles{', ' + rows if rows else ''}.")
    if done.kept:
        click.echo("Kept, because something that is not of the sample uses them (switched off, without a password):")
    for line in done.kept:
        click.echo(f"  {line}")
