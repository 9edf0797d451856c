"""flask mail …: the pipe through which a mail server hands mail over, and mailboxes for scripts."""

import json
import logging
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import click
from flask import Flask
from flask.cli import AppGroup
from sqlalchemy.exc import SQLAlchemyError

from app.channels import ways
from app.core import clock
from app.core.db import db, reading
from app.core.errors import DeskError
from app.core.forms import plain_address

from . import ingest, mailboxes
from .fetching import rounds
from .models import SECURITY, SIGN_INS, WAYS, Mailbox

log = logging.getLogger(__name__)

mailing = AppGroup("mail", help="Mail that comes in.")
boxes = AppGroup("mailbox", help="One mailbox.")


def init(app: Flask) -> None:
    """Register the commands."""
    mailing.add_command(boxes)
    app.cli.add_command(mailing)


class ForMailServers(click.Command):
    """A command whose wrong use is said as mail servers understand it."""

    def parse_args(self, context: click.Context, args: list[str]) -> list[str]:
        try:
            return super().parse_args(context, args)
        except click.UsageError as error:
            error.exit_code = ingest.USAGE
            raise


@mailing.command("ingest", cls=ForMailServers)
@click.option("--mailbox", "address", help="The address of the mailbox; otherwise the mail's own head says it.")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
def take(address: str | None, paths: tuple[Path, ...]) -> None:
    """Take mail: one from standard input, or PATHS: files, and folders of files or Maildirs.

    Exit 0: kept for good. 75: not kept, try again later. 64: wrong use. 65: nothing, or more than the desk keeps.
    66: no such file. Safe to run again: mail that is known is not taken twice.
    """
    code = ingest.TRY_AGAIN
    try:
        code = _ingest(address, paths)
    except (ingest.Wrong, OSError, SQLAlchemyError) as error:
        code = _said(error)
    except Exception:
        log.exception("mail was not kept")
    sys.exit(code)


def _ingest(address: str | None, paths: tuple[Path, ...]) -> int:
    if not ways.is_on("email"):
        raise ingest.Wrong(ingest.TRY_AGAIN, "E-mail is switched off as a way in.")
    db.session.rollback()
    found = ingest.files_in(paths)
    with ingest.taking_in() as take_in:
        if paths:
            return _many(found, lambda path: ingest.file(path, address, take_in))
        ingest.one(sys.stdin.buffer, address, take_in)
        return 0


def _many(paths: list[Path], verb: Callable[[Path], bool]) -> int:
    """Each committed by itself; one that fails does not stop the others. Returns the gravest exit code."""
    began, counted, code = clock.now(), {True: 0, False: 0}, 0
    for path in paths:
        try:
            counted[verb(path)] += 1
        except (ingest.Wrong, OSError, SQLAlchemyError) as error:
            db.session.rollback()
            code = max(code, _said(error, f"{path}: "))
        except Exception:
            db.session.rollback()
            log.exception("%s was not kept", path)
            code = max(code, ingest.TRY_AGAIN)
    if len(paths) != 1:
        seconds = max((clock.now() - began) / timedelta(seconds=1), 0.001)
        click.echo(f"{len(paths)} mails: {counted[True]} new, {counted[False]} known, "
                   f"{len(paths) - sum(counted.values())} not kept; {len(paths) / seconds:.1f} a second")
    return code


def _said(error: Exception, where: str = "") -> int:
    """The exit code of an error, its words on the standard error."""
    click.echo(f"{where}{getattr(error, 'orig', error)}", err=True)
    return error.code if isinstance(error, ingest.Wrong) else ingest.TRY_AGAIN


@mailing.command("mailboxes")
def show() -> None:
    """List the mailboxes: address, way, whether it is read, when it was last well, what is wrong."""
    with reading():
        for box in mailboxes.every():
            state = "on" if box.is_active else "off"
            well = box.well_at.isoformat(timespec="seconds") if box.well_at else "never"
            click.echo("\t".join((box.address, box.way, state, well, box.last_error or "-")))


@mailing.command("fetch")
def fetch() -> None:
    """Ask every mailbox once, now. The exit code is 1 if one of them could not be read."""
    wrongs = []
    for box_id, address in _read_ones():
        tally, wrong = rounds.ask(box_id, clock.now())
        click.echo(f"{address}: " + (wrong or f"{tally.new} new, {tally.known} known"))
        wrongs.append(wrong)
    sys.exit(1 if any(wrongs) else 0)


def _read_ones() -> list[tuple[int, str]]:
    with reading():
        found = [(box.id, box.address) for box in mailboxes.every() if box.is_active and box.way in rounds.TAKERS]
        db.session.rollback()
    return found


@boxes.command("add")
@click.argument("address")
@click.option("--name", default="", help="What people call it; the address where nothing is said.")
@click.option("--way", type=click.Choice(WAYS), default="imap", show_default=True)
@click.option("--host", default="")
@click.option("--port", type=click.IntRange(1, 65535), default=993, show_default=True)
@click.option("--security", type=click.Choice(SECURITY), default="tls", show_default=True)
@click.option("--user", help="The address where nothing is said.")
@click.option("--sign-in", type=click.Choice(SIGN_INS), default="password", show_default=True)
@click.option("--secrets", type=click.File("r"), help="A file with the password on its one line, or with JSON: "
              "client_secret and refresh_token. - is the standard input.")
@click.option("--client-id", default="", help="For the sign-in by Google or Microsoft.")
@click.option("--tenant", default="", help="For the sign-in by Microsoft.")
@click.option("--folder", default="INBOX", show_default=True, help="Of IMAP, or a path on this machine.")
@click.option("--afterwards", type=click.Choice(("mark", "move", "delete")), default="mark", show_default=True)
@click.option("--moved-to", default="")
@click.option("--everything", is_flag=True, help="Take what lies there already too.")
def add(address: str, secrets: Any, client_id: str, tenant: str, everything: bool, **told: Any) -> None:
    """Set up the mailbox of ADDRESS, as the page of the administration does."""
    now = clock.now()
    since = {} if everything else {"since": now.isoformat()}
    try:
        wanted = {**told, "address": plain_address(address), "name": told["name"] or address, "aliases": [],
                  "user": told["user"] or address, "is_active": True, "team_id": None, "request_type_id": None,
                  "trusted_hop": "", "about": _told(client_id=client_id, tenant=tenant) | since}
        mailboxes.change(Mailbox(), wanted, _secrets(secrets), None, now)
        db.session.commit()
    except (DeskError, SQLAlchemyError, ValueError) as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{address} is set up.")


def _told(**values: str) -> dict[str, str]:
    return {name: value for name, value in values.items() if value}


def _secrets(file: Any) -> dict[str, str]:
    """Raises ValueError for JSON of another shape."""
    text = file.read().strip() if file else ""
    if not text.startswith("{"):
        return _told(password=text)
    found = json.loads(text)
    if not set(found) <= {"client_secret", "refresh_token", "password"}:
        raise ValueError("only client_secret, refresh_token and password are understood")
    return found
