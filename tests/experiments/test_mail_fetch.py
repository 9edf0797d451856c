"""E5: the same mail handed over many times at once. E6: kill -9 of the fetcher. E7: an IMAP server that flaps."""

import random
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.channels.email.fetching import rounds, state
from app.channels.email.models import InboundMail, Mailbox
from app.core import clock
from app.core.db import reading
from tests.channels.fetching.conftest import mail, set_up
from tests.channels.fetching.dovecot import dovecot
from tests.channels.fetching.flaps import Flaps

from .desk import ROOT

__all__ = ["dovecot"]
DICE = 41


@pytest.fixture
def shared_box(own_desk, dovecot):
    """A mailbox of the desk that is read from Dovecot; on its server nobody has mail yet."""
    user = f"e{random.Random(time.time()).randrange(10**9)}@jardam.example"
    with own_desk.inside():
        made = set_up(host="127.0.0.1", port=dovecot.port, security="none", user=user)
        return made.id, user


def ingest(desk, raw: bytes, *arguments: str) -> subprocess.CompletedProcess:
    return subprocess.run([sys.executable, "-m", "flask", "mail", "ingest", *arguments], cwd=ROOT, env=desk.environ,
                          input=raw, capture_output=True)


def kept_keys(desk) -> list[str]:
    with desk.inside() as session, reading():
        found = list(session.scalars(sa.select(InboundMail.key)))
        session.rollback()
    return found


def stored(desk) -> int:
    """Raw mails on the disk; what was kept of their parts and texts is not counted."""
    with desk.inside() as session, reading():
        raws = list(session.scalars(sa.select(InboundMail).options(sa.orm.joinedload(InboundMail.file))))
        found = sum(one.file.path.exists() for one in raws)
        session.rollback()
    return found


def bring_at_once(desk, folder, mails: int, times: int, processes: int) -> set[int]:
    """Every process is given every mail, in an order of its own; exit codes."""
    for number in range(mails):
        (folder / f"{number:04}.eml").write_bytes(mail(f"m{number}"))
    dice, paths = random.Random(DICE), sorted(folder.iterdir())

    def bring(_turn: int) -> int:
        order = [str(path) for path in dice.sample(paths, len(paths))]
        return ingest(desk, b"", *order).returncode

    with ThreadPoolExecutor(processes) as pool:
        return set(pool.map(bring, range(times)))


@pytest.mark.real
@pytest.mark.parametrize(("mails", "times"), [
    (20, 5), pytest.param(100, 5, marks=pytest.mark.long)])
def test_e5_the_same_mails_by_four_processes_at_once(own_desk, tmp_path, mails, times):
    folder = tmp_path / "mails"
    folder.mkdir()
    assert bring_at_once(own_desk, folder, mails, times, processes=4) == {0}
    keys = kept_keys(own_desk)
    assert (len(keys), len(set(keys)), stored(own_desk)) == (mails, mails, mails)


@pytest.mark.real
def test_e5_one_mail_through_pipes_at_once(own_desk):
    """The first mail makes the pipe's mailbox too."""
    with ThreadPoolExecutor(4) as pool:
        codes = [done.returncode for done in pool.map(lambda _n: ingest(own_desk, mail("one")), range(5))]
    assert (codes, len(kept_keys(own_desk))) == ([0] * 5, 1)
    with own_desk.inside() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Mailbox)) == 1


@pytest.mark.real
@pytest.mark.parametrize(("mails", "kills"), [
    (60, 5), pytest.param(500, 30, marks=pytest.mark.long)])
def test_e6_killed_while_it_fetches(own_desk, dovecot, shared_box, mails, kills):
    _box_id, user = shared_box
    dovecot.put(user, *(mail(f"m{number}") for number in range(mails)))
    dice, killed = random.Random(DICE), 0
    while killed < kills:
        killed += fetch_and_kill(own_desk, mails, mails // (kills + 1), dice)
    assert own_desk.flask("mail", "fetch").returncode == 0
    keys = kept_keys(own_desk)
    assert (len(keys), len(set(keys)), stored(own_desk)) == (mails, mails, mails)
    flags = dovecot.flags(user)
    assert (len(flags), [uid for uid, words in flags.items() if "\\Seen" not in words]) == (mails, [])


def fetch_and_kill(desk, mails: int, share: int, dice: random.Random) -> bool:
    """Let it take some mails, then end it between two instructions. Whether it was still at work."""
    before = len(kept_keys(desk))
    process = subprocess.Popen([sys.executable, "-m", "flask", "mail", "fetch"], cwd=ROOT, env=desk.environ,
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    enough = min(before + dice.randint(1, max(share - 1, 1)), mails)
    while process.poll() is None and len(kept_keys(desk)) < enough:
        time.sleep(0.002)
    time.sleep(dice.random() * 0.01)
    process.send_signal(signal.SIGKILL)
    return process.wait() == -signal.SIGKILL or before == mails


def run_flapping(desk, dovecot, box_id: int, user: str, mails: int, seconds: int, flaps: Flaps) -> list:
    """The job's turn every second of a clock that is moved on; mails come in meanwhile. When the mailbox was asked."""
    began, asked, put = clock.now(), [], 0
    for second in range(seconds):
        now = began + timedelta(seconds=second)
        while put < mails * (second + 1) // seconds:
            dovecot.put(user, mail(f"m{put}"))
            put += 1
        with desk.inside():
            if rounds.due(now) and rounds.claimed(box_id, now):
                asked.append((now, flaps.is_on))
                rounds.ask(box_id, now)
    return asked


@pytest.mark.real
def test_e7_a_server_that_flaps(own_desk, dovecot, shared_box):
    """Twenty minutes on a clock that is moved on, then it is well again."""
    box_id, user = shared_box
    with Flaps(dovecot.port, random.Random(DICE)) as flaps, own_desk.inside() as session:
        session.get_one(Mailbox, box_id).port = flaps.port
        session.commit()
        asked = run_flapping(own_desk, dovecot, box_id, user, mails=40, seconds=1200, flaps=flaps)
        assert flaps.troubles > 10, "the proxy did its worst"
        gaps = [(after - before).total_seconds() for (before, _x), (after, _y) in zip(asked, asked[1:], strict=False)]
        assert min(gaps) >= 5
        flaps.is_on = False
        for turn in range(3):
            rounds.ask(box_id, asked[-1][0] + timedelta(minutes=6 + turn))
        with reading():
            assert session.get_one(Mailbox, box_id).last_error == ""
    keys = kept_keys(own_desk)
    assert (len(keys), len(set(keys)), stored(own_desk)) == (40, 40, 40)
    assert all("\\Seen" in words for words in dovecot.flags(user).values())


@pytest.mark.real
def test_e7_what_is_cut_every_time_shows_on_the_health_page(own_desk, dovecot, shared_box):
    box_id, _user = shared_box
    with Flaps(dovecot.port, random.Random(DICE), always="cut") as flaps, own_desk.inside() as session:
        session.get_one(Mailbox, box_id).port = flaps.port
        session.commit()
        waits = []
        for _turn in range(9):
            rounds.ask(box_id, clock.now())
            with reading():
                box = session.get_one(Mailbox, box_id, populate_existing=True)
                waits.append(round((box.retry_at - box.asked_at).total_seconds()))
                session.rollback()
        assert waits == [5, 10, 20, 40, 80, 160, 300, 300, 300]
        with reading():
            assert state.finding() == (False, "1 cannot be read")


@pytest.mark.real
@pytest.mark.long
def test_e7_twenty_minutes_for_real(own_desk, dovecot, shared_box):
    """The whole desk runs; every mail is there within six minutes after the server is well."""
    box_id, user = shared_box
    with Flaps(dovecot.port, random.Random(DICE)) as flaps:
        with own_desk.inside() as session:
            session.get_one(Mailbox, box_id).port = flaps.port
            session.commit()
        own_desk.start()
        until, put, ill = time.monotonic() + 1200, 0, 0
        while time.monotonic() < until:
            dovecot.put(user, mail(f"m{put}"))
            put += 1
            ill += not own_desk.is_healthy()
            time.sleep(5)
        flaps.is_on = False
        until = time.monotonic() + 360
        while len(kept_keys(own_desk)) < put and time.monotonic() < until:
            time.sleep(1)
        own_desk.stop()
    keys = kept_keys(own_desk)
    assert (len(keys), len(set(keys))) == (put, put)
    gaps = [after - before for before, after in zip(flaps.calls, flaps.calls[1:], strict=False)]
    assert min(gaps) >= 4.9
