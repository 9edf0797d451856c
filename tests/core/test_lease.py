"""A lease has one owner or none."""

import threading
import time
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.core import clock, lease
from app.core.db import db
from app.core.lease import Lease

from .conftest import at_once, process


def epoch():
    return db.session.scalar(sa.select(Lease.epoch).where(Lease.name == "scheduler"))


def test_first_who_asks_gets_it(desk):
    assert lease.hold("scheduler", "aigul") is True
    assert lease.hold("scheduler", "bakyt") is False
    assert lease.holder("scheduler").owner == "aigul"


def test_leases_of_other_names_do_not_matter(desk):
    assert lease.hold("scheduler", "aigul") and lease.hold("index", "bakyt")


def test_owner_renews_without_a_change_of_hands(desk):
    lease.hold("scheduler", "aigul", ttl_seconds=5)
    before, hands = lease.holder("scheduler").expires_at, epoch()
    assert lease.hold("scheduler", "aigul", ttl_seconds=50) is True
    assert lease.holder("scheduler").expires_at > before and epoch() == hands


def test_lease_that_ran_out_goes_to_the_next_and_not_back(desk):
    lease.hold("scheduler", "aigul", ttl_seconds=0)
    hands = epoch()
    assert lease.hold("scheduler", "bakyt") is True
    assert lease.hold("scheduler", "aigul") is False
    assert epoch() == hands + 1


def test_given_back_lease_is_free_at_once(desk):
    lease.hold("scheduler", "aigul")
    assert lease.release("scheduler", "aigul") is True
    assert lease.hold("scheduler", "bakyt") is True


def test_nobody_gives_back_what_is_another_s(desk):
    lease.hold("scheduler", "aigul")
    assert lease.release("scheduler", "bakyt") is False
    assert lease.holder("scheduler").owner == "aigul"


def test_lease_nobody_asked_for_has_no_holder(desk):
    assert lease.holder("scheduler") is None
    assert lease.release("scheduler", "aigul") is False


def test_lease_from_a_clock_that_stood_in_the_future_does_not_stop_the_desk_for_years(desk):
    lease.hold("scheduler", "aigul")
    db.session.execute(sa.update(Lease).values(expires_at=clock.now() + timedelta(days=900)))
    assert lease.hold("scheduler", "bakyt") is True


@pytest.mark.real
def test_of_many_at_once_one_gets_it_also_the_very_first_time(own):
    got = at_once(own, *(lambda n=n: lease.hold("scheduler", f"owner {n}") for n in range(6)))
    assert got.count(True) == 1


@pytest.mark.real
def test_there_are_never_two_owners(own):
    """Six take and give back as fast as they can; whoever holds the lease must be alone."""
    inside, won = threading.Lock(), []

    def work(owner):
        for _ in range(15):
            if lease.hold("scheduler", owner):
                assert inside.acquire(blocking=False)
                won.append(owner)
                inside.release()
                lease.release("scheduler", owner)

    at_once(own, *(lambda n=n: work(f"owner {n}") for n in range(6)))
    assert won


CHILD = """
from app import create_app
from app.core import lease
app = create_app()
with app.app_context():
    print(lease.hold("scheduler", "child", ttl_seconds=1), flush=True)
input()
"""


@pytest.mark.real
def test_killed_owner_is_followed_when_its_time_is_up(inside, own_environ):
    child = process(CHILD, own_environ)
    assert child.stdout.readline() == "True\n"
    heard = time.monotonic()
    child.kill()
    child.communicate()
    while not lease.hold("scheduler", "me"):
        assert time.monotonic() - heard < 5
    assert lease.holder("scheduler").epoch == 2
