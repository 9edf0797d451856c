"""The schedule: every job runs on a desk with nothing to do, none runs without the lease, an error stops nobody."""

from datetime import datetime
from types import SimpleNamespace

import pytest

from app import jobs
from app.core import clock, lease, outbox
from app.core.db import db
from app.core.registries import HANDLERS


@pytest.fixture
def elector(desk):
    """Somebody who holds the lease."""
    return SimpleNamespace(app=desk, holds=True, owner="here")


def job(work, name="count"):
    return jobs.Job(name, 1, work)


@pytest.mark.parametrize("name", [job.name for job in jobs.schedule(lambda now: None)])
def test_every_job_has_nothing_to_do_on_an_empty_desk(desk, name):
    found = {job.name: job for job in jobs.schedule(lambda now: None)}[name]
    assert not found.work(clock.now())


def test_a_job_gets_the_moment_and_is_committed(elector):
    seen = []

    def work(now):
        seen.append(now)
        lease._ensure("proof", now)

    jobs.run(elector.app, job(work), elector)
    assert isinstance(seen[0], datetime)
    assert lease.holder("proof") is not None


def test_nobody_works_without_the_lease(elector):
    elector.holds = False
    seen = []
    jobs.run(elector.app, job(seen.append), elector)
    assert seen == []


def test_an_error_is_written_down_by_name_and_goes_no_further(elector, caplog):
    def broken(now):
        raise RuntimeError("no paper")

    jobs.run(elector.app, job(broken, "printer.feed"), elector)
    assert "printer.feed" in caplog.text
    assert "no paper" in caplog.text


def test_what_a_failing_job_changed_is_taken_back(elector):
    def half(now):
        lease._ensure("half", now)
        db.session.flush()
        raise RuntimeError("stop")

    jobs.run(elector.app, job(half), elector)
    assert lease.holder("half") is None


def test_the_drain_goes_on_until_nothing_is_due(elector):
    delivered = []
    HANDLERS["probe"] = lambda row, now: delivered.append(row.payload["n"])
    try:
        for n in range(25):
            outbox.enqueue("probe", n=n)
        db.session.commit()
        jobs._drain(elector, clock.now())
    finally:
        del HANDLERS["probe"]
    assert delivered == list(range(25))
