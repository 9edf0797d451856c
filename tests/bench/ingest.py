"""`bin/bench ingest [mails]`: raw mails handed over in a folder, kept and put on their tickets, in mails a second, with
the memory of everything that takes part. BENCH_DATABASE_URL names a PostgreSQL to fill instead of SQLite."""

import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from email.message import EmailMessage
from pathlib import Path

import sqlalchemy as sa

from app import create_app
from app.channels.email.models import InboundMail
from app.core import schema
from app.core.db import db
from tests import factories, people
from tests.experiments.desk import ROOT, promise

MAILS, SENDERS = 2000, 500
LEAST_PER_SECOND, MOST_MB = 20, 200
ADDRESS = "help@desk.example"
WORDS = ("принтер", "не", "печатает", "кабинет", "доступ", "пароль", "жардам", "керек", "иштебей", "please", "help")


def main(sizes: list[int]) -> int:
    """1 when it is slower, or takes more memory, than is promised."""
    count = sizes[0] if sizes else MAILS
    with tempfile.TemporaryDirectory() as folder:
        environ = {"JARDAM_INSTANCE": folder} | _database()
        _prepare(environ)
        mails = _written(Path(folder) / "mails", count)
        idle = _run(environ, "mailboxes")[1]
        seconds, peak = _run(environ, "ingest", "--mailbox", ADDRESS, str(mails))
        taken = _taken(environ)
    print(f"{count} mails, {taken} taken in, {seconds:.0f} s: {count / seconds:.1f} a second")
    print(f"memory of the command and its reader: {idle} MB idle, {peak} MB at most")
    return int(count / seconds < LEAST_PER_SECOND or peak - idle > MOST_MB or taken != count)


def _database() -> dict[str, str]:
    url = os.environ.get("BENCH_DATABASE_URL")
    return {"DATABASE_URL": url} if url else {}


def _prepare(environ: dict[str, str]) -> None:
    """Five agents, the senders, a request type with a promise."""
    with create_app(environ).app_context():
        schema.bring_up_to_date()
        team, office = people.team("service-desk"), people.department("office")
        for n in range(5):
            people.user(f"agent{n}", department=office, member=(team,))
        for n in range(SENDERS):
            people.user(f"sender{n}", department=office)
        factories.request_type("printer", team)
        promise()
        db.session.commit()
    _run(environ, "mailbox", "add", ADDRESS, "--way", "pipe")


def _written(folder: Path, count: int) -> Path:
    folder.mkdir()
    chance = random.Random(1)
    for n in range(count):
        (folder / f"{n:06}.eml").write_bytes(_mail(n, chance))
    return folder


def _mail(n: int, chance: random.Random) -> bytes:
    """Two of three with HTML, every tenth with a file."""
    mail = EmailMessage()
    mail["From"], mail["To"] = f"Sender <sender{n % SENDERS}@jardam.example>", ADDRESS
    mail["Subject"], mail["Message-ID"] = " ".join(chance.choices(WORDS, k=6)), f"<load-{n}@house.example>"
    said, quoted = (" ".join(chance.choices(WORDS, k=k)) for k in (120, 60))
    mail.set_content(f"{said}\n\n-- \nSender\n\nOn Mon, 1 Jun 2026, Desk wrote:\n> {quoted}\n")
    if n % 3:
        mail.add_alternative(f"<p>{said}</p><blockquote type=cite><p>{quoted}</p></blockquote>", subtype="html")
    if n % 10 == 0:
        mail.add_attachment(chance.randbytes(40_000), maintype="application", subtype="pdf", filename=f"счёт-{n}.pdf")
    return bytes(mail)


def _run(environ: dict[str, str], *arguments: str) -> tuple[float, int]:
    """Seconds and the most memory of the command with all its children, in MB."""
    began, peak = time.perf_counter(), [0]
    process = subprocess.Popen([sys.executable, "-m", "flask", "mail", *arguments], cwd=ROOT,
                               env={**os.environ, **environ}, stdout=subprocess.DEVNULL)
    watcher = threading.Thread(target=_watch, args=(process, peak))
    watcher.start()
    process.wait()
    watcher.join()
    return time.perf_counter() - began, peak[0]


def _watch(process: subprocess.Popen, peak: list[int]) -> None:
    while process.poll() is None:
        peak[0] = max(peak[0], sum(map(_megabytes, [process.pid, *_children(process.pid)])))
        time.sleep(0.05)


def _children(pid: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def _megabytes(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) // 1024 for line in lines if line.startswith("VmRSS")), 0)


def _taken(environ: dict[str, str]) -> int:
    with create_app(environ).app_context():
        return db.session.scalar(sa.select(sa.func.count()).select_from(InboundMail).where(
            InboundMail.state == "taken", InboundMail.ticket_id.is_not(None)))
