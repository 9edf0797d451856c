"""When mailboxes are asked: in turn, less often while they fail, and one that keeps silent holds up no other."""

import socket
import time
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.channels import ways
from app.channels.email import mailboxes
from app.channels.email.fetching import oauth, rounds, state
from app.channels.email.fetching.rounds import LONGEST, back_off
from app.channels.email.models import InboundMail, Mailbox
from app.core import clock
from app.core.db import db, reading

from .conftest import NOW, ask, mail, set_up, subjects
from .provider import Provider, provider

pytestmark = pytest.mark.slow

__all__ = ["provider"]
SECOND = timedelta(seconds=1)


def test_back_off_doubles_from_5_seconds_to_5_minutes():
    assert [back_off(n).total_seconds() for n in (1, 2, 3, 7, 8, 500)] == [5, 10, 20, 300, 300, 300]


def test_a_mailbox_has_its_turn_every_15_seconds(desk, tmp_path):
    box = set_up(way="folder", folder=str(tmp_path))
    assert rounds.due(NOW) == [box.id]
    assert rounds.claimed(box.id, NOW) and not rounds.claimed(box.id, NOW)
    assert rounds.due(NOW + 14 * SECOND) == []
    assert rounds.due(NOW + 15 * SECOND) == [box.id]


def test_one_that_fails_is_asked_less_and_less(desk):
    box = set_up(way="folder", folder="/no/such/folder")
    now, asked = NOW, []
    while now < NOW + timedelta(minutes=30):
        if rounds.due(now) and rounds.claimed(box.id, now):
            asked.append(now)
            ask(box, now)
        now += SECOND
    gaps = [(after - before).total_seconds() for before, after in zip(asked, asked[1:], strict=False)]
    assert all(0 <= gap - wanted <= 1 for gap, wanted in zip(gaps, (5, 10, 20, 40, 80, 160), strict=False))
    assert min(gaps) >= 5 and max(gaps) <= LONGEST.total_seconds() + 2
    assert (box.failures, box.last_error[:20]) == (len(asked), "There is no folder /"[:20])


def test_what_is_switched_off_or_piped_is_not_asked(desk, tmp_path):
    set_up(way="pipe")
    set_up(way="folder", folder=str(tmp_path), address="off@jardam.example", is_active=False)
    assert rounds.due(NOW) == []


def test_nothing_is_fetched_while_mail_is_switched_off(desk, tmp_path):
    set_up(way="folder", folder=str(tmp_path))
    ways.channels.change(email=False)
    db.session.commit()
    assert rounds.due(NOW) == []


def test_a_clock_that_stood_in_the_future_silences_nobody(desk, tmp_path):
    box = set_up(way="folder", folder=str(tmp_path))
    box.retry_at = NOW + timedelta(hours=1)
    db.session.commit()
    assert rounds.due(NOW) == [box.id]


def test_a_round_that_is_not_done_goes_on_at_once(desk, tmp_path, monkeypatch):
    box = set_up(way="folder", folder=str(tmp_path))
    (tmp_path / "a.eml").write_bytes(mail("one"))
    monkeypatch.setattr(rounds, "ROUND_SECONDS", -1)
    assert ask(box, clock.now() + timedelta(minutes=1))[0].is_done is False
    assert rounds.due(box.asked_at) == [box.id]


def test_health_says_what_has_failed_for_long(desk, tmp_path):
    box = set_up(way="folder", folder="/no/such/folder")
    ask(box, clock.now())
    assert state.finding() == (True, "comes in")
    box.well_at = clock.now() - timedelta(minutes=6)
    db.session.commit()
    assert state.finding() == (False, "1 cannot be read")
    box.well_at, box.failures = None, 7
    db.session.commit()
    assert state.finding()[0] is False
    box.folder = str(tmp_path)
    ask(box, clock.now())
    assert state.finding() == (True, "comes in")


def test_health_says_that_mail_waits(desk, client, tmp_path):
    box = set_up(way="folder", folder=str(tmp_path))
    (tmp_path / "a.eml").write_bytes(mail("one"))
    ask(box, clock.now() + timedelta(minutes=1))
    db.session.execute(sa.update(InboundMail).values(came_at=clock.now() - timedelta(minutes=6)))
    db.session.commit()
    assert state.finding() == (False, "mail waits to be understood")
    assert "mail_in" in client.get("/healthz").json["failing"]


@pytest.mark.slow
def test_a_token_is_asked_for_once_and_a_new_refresh_token_is_kept(desk, dovecot, provider, user):
    judge = Provider(dovecot.judge_port)
    judge.people = {"access-1": user}
    try:
        box = set_up(host="127.0.0.1", port=dovecot.port, security="none", sign_in="google", user=user)
        box.secrets = mailboxes.sealed({"client_secret": "hush", "refresh_token": "refresh-0"})
        dovecot.put(user, mail("one"))
        assert ask(box)[1] == ""
        assert (subjects(), len(provider.asked)) == (["one"], 1)
        assert mailboxes.secrets(box) == {"client_secret": "hush", "refresh_token": "refresh-1"}
        provider.answers = [(400, {"error": "invalid_grant"})]
        oauth._tokens.clear()
        assert "Google does not let the desk in: invalid_grant" in ask(box)[1]
        judge.people = {}
        assert "refused the user name" in ask(box)[1]
    finally:
        judge.close()


@pytest.mark.real
def test_a_silent_server_holds_up_its_own_mailbox_alone(own_desk, tmp_path):
    """Its thread waits for a greeting that never comes; another mailbox has its turn meanwhile."""
    folder = tmp_path / "mail"
    folder.mkdir()
    (folder / "a.eml").write_bytes(mail("one"))
    with socket.create_server(("127.0.0.1", 0)) as silent, own_desk.inside():
        slow = set_up(host="127.0.0.1", port=silent.getsockname()[1], security="none", user="x").id
        set_up(way="folder", folder=str(folder), address="second@jardam.example")
        assert rounds.start_due(clock.now() + timedelta(minutes=1)) == 2
        with reading():
            assert eventually(lambda: subjects() == ["one"], 10)
            assert slow in rounds._under_way
            silent.close()
            assert eventually(lambda: db.session.get_one(Mailbox, slow).failures == 1, 25)


def eventually(true, seconds):
    until = time.monotonic() + seconds
    while not true() and time.monotonic() < until:
        db.session.rollback()
        time.sleep(0.05)
    return true()
