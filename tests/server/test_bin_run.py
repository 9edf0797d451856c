"""bin/run on a fresh copy: two at once, a path with blanks, no HOME; a later start is quick and the idle desk small."""

import os
import shutil
import subprocess
import time
from pathlib import Path

import pytest

from tests.experiments.desk import ROOT, Desk, ask, children

LEFT_OUT = shutil.ignore_patterns(".venv", ".git", "instance", "__pycache__", "*.pyc", "artifacts", ".hypothesis")


@pytest.fixture(scope="module")
def copy(tmp_path_factory) -> Path:
    """What a clone holds, in a folder with a blank in its name."""
    folder = tmp_path_factory.mktemp("fresh") / "a clone"
    shutil.copytree(ROOT, folder, ignore=LEFT_OUT)
    return folder


class Run(Desk):
    """A desk started by bin/run from somewhere else."""

    def run(self, copy: Path, shell: str = "sh") -> "Run":
        self.instance.parent.mkdir(parents=True, exist_ok=True)
        environ = {"PATH": os.environ["PATH"], **self.settings}
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen([shell, str(copy / "bin" / "run"), "--port", str(self.port)], env=environ,
                                            cwd="/", stdout=log, stderr=log, start_new_session=True)
        return self


@pytest.mark.long
def test_two_at_once_on_a_fresh_clone_make_one_environment(copy, tmp_path):
    shell = "dash" if shutil.which("dash") else "sh"
    runs = [Run(tmp_path / str(n)) for n in range(2)]
    try:
        for run in runs:
            run.run(copy, shell)
        for run in runs:
            run.await_health(300)
    finally:
        for run in runs:
            run.close()
    assert (copy / ".venv" / "installed-for-run").is_file()


@pytest.mark.long
def test_a_later_start_takes_less_than_three_seconds(copy, tmp_path):
    subprocess.run([copy / "bin" / "run", "--help"], check=True, stdout=subprocess.DEVNULL)
    Run(tmp_path).start().close()
    later = Run(tmp_path)
    began = time.monotonic()
    try:
        later.run(copy)
        while ask(later.port, "/session")[0] == 0:
            time.sleep(0.02)
        assert time.monotonic() - began < 3
    finally:
        later.close()


@pytest.mark.long
def test_the_idle_desk_is_small(tmp_path):
    """The sum of PSS of the parent and two workers, 60 s after the start, on SQLite."""
    desk = Desk(tmp_path).populate()
    try:
        desk.start()
        time.sleep(60)
        pids = [desk.process.pid, *children(desk.process.pid)]
        assert len(pids) == 3
        assert sum(map(proportional_mb, pids)) < 220
    finally:
        desk.close()


def proportional_mb(pid: int) -> float:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


@pytest.mark.long
def test_without_a_python_it_says_what_is_missing(copy, tmp_path):
    for name in ("dirname", "sh"):
        (tmp_path / name).symlink_to(shutil.which(name))
    shutil.move(copy / ".venv", copy / ".venv-away") if (copy / ".venv").exists() else None
    try:
        done = subprocess.run([str(tmp_path / "sh"), copy / "bin" / "run"], env={"PATH": str(tmp_path)},
                              capture_output=True, text=True)
    finally:
        shutil.move(copy / ".venv-away", copy / ".venv") if (copy / ".venv-away").exists() else None
    assert done.returncode == 1
    assert "Python 3.11" in done.stderr
