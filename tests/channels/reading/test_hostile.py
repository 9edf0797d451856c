"""Mails made to cost, through a reader as the desk has it: none over ten seconds, none over 200 MB."""

import time
from pathlib import Path

import pytest

from app.channels.email.reading import Ours
from app.channels.email.understanding import NotUnderstood, Understander

from .hostile import mails

OURS = Ours(frozenset({"desk@x.example"}), "hop.example", "mark")
pytestmark = [pytest.mark.real, pytest.mark.slow]


def peak_mb(understander: Understander) -> int:
    """What the reader had in memory at most; 0 if it is gone."""
    status = Path(f"/proc/{understander._reader.pid}/status") if understander._reader else Path("/nowhere")
    lines = status.read_text().splitlines() if status.exists() else []
    return next((int(line.split()[1]) // 1024 for line in lines if line.startswith("VmHWM")), 0)


def test_none_costs_much(tmp_path, monkeypatch):
    monkeypatch.setattr("app.channels.email.understanding.LARGE_BYTES", 1 << 40)
    raw, idle, worst = tmp_path / "raw", None, {}
    for name, written in mails():
        raw.write_bytes(written)
        scratch = tmp_path / name.replace("/", " ")
        scratch.mkdir()
        with Understander() as understander:
            began = time.monotonic()
            try:
                understander.understand(raw, scratch, OURS)
            except NotUnderstood as refused:
                worst[name] = refused.reason
            assert time.monotonic() - began < 11, name
            idle = idle or peak_mb(understander)
            assert peak_mb(understander) < idle + 200, name
    # Those that are refused cost their limit; nearly all are understood.
    assert len(worst) <= 3, worst
