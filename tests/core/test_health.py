"""/healthz: what it looks at, and what it answers when one thing is ill."""

import shutil
from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from app.core import lease
from app.core.db import db


@pytest.fixture
def healthy(client):
    """Somebody runs the jobs."""
    lease.hold("scheduler", "here")
    return client


def test_all_is_well(healthy):
    answer = healthy.get("/healthz")
    assert answer.status_code == 200
    assert answer.json["status"] == "ok"
    assert answer.json["failing"] == []


def test_nobody_runs_the_jobs(client):
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json["failing"] == ["scheduler"]


def test_a_host_of_pages_is_well_without_a_scheduler(client, desk, monkeypatch):
    monkeypatch.setitem(desk.config, "JARDAM_ROLE", "web")
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.json["scheduler"] == "nobody holds the lease"


def test_the_schema_is_behind(healthy):
    db.session.execute(sa.text("UPDATE alembic_version SET version_num = '0001_spine'"))
    answer = healthy.get("/healthz")
    assert answer.status_code == 503
    assert answer.json["failing"] == ["schema"]


def test_the_disk_is_nearly_full(healthy, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: SimpleNamespace(free=20 << 20))
    answer = healthy.get("/healthz")
    assert answer.status_code == 503
    assert answer.json["disk_free_mb"] == 20


def test_it_says_nothing_about_what_the_desk_holds(healthy):
    assert set(healthy.get("/healthz").json) == {
        "status", "failing", "database", "schema", "scheduler", "search", "mail_in",
        "disk_free_mb"}
