"""The commands as an administrator types them: processes of their own, on an instance of their own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.real, pytest.mark.slow]

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def flask(tmp_path):
    """Runs `flask …`; the schema is made by the first command that needs it."""
    environ = {**os.environ, "JARDAM_INSTANCE": str(tmp_path / "instance"), "FLASK_APP": str(ROOT / "wsgi.py")}
    environ.pop("DATABASE_URL", None)

    def run(*arguments):
        return subprocess.run([sys.executable, "-m", "flask", *arguments], cwd=ROOT, env=environ, text=True,
                              capture_output=True, timeout=120, check=False)

    return run


def test_import_ends_with_the_reconciliation(flask, log_file):
    path = log_file("1,Accepted+In Progress,Adam,0", "1,Unmatched+Unmatched,Adam,1", "1,Completed+Closed,Adam,2")
    done = flask("import", "events", str(path), "--mapping", "incidents")
    assert done.returncode == 0, done.stderr
    assert "1 cases added by this run; file and desk agree." in done.stdout
    assert "Unmatched+Unmatched" in done.stdout
    assert "1 of 1 cases" in done.stderr


def test_import_names_what_is_wrong(flask, tmp_path):
    missing = flask("import", "events", str(tmp_path / "gone.csv"), "--mapping", "incidents")
    assert missing.returncode == 1 and "gone.csv: No such file" in missing.stderr
    unknown = flask("import", "events", "x.csv", "--mapping", "nothing")
    assert unknown.returncode == 1 and "shipped: incidents" in unknown.stderr


def test_sample_comes_and_goes(flask):
    loaded = flask("sample", "load")
    assert "admin@jardam.example" in loaded.stdout, loaded.stderr
    gone = flask("sample", "remove")
    assert "Removed: 2,000 tickets, 41 articles" in gone.stdout, gone.stderr
    assert flask("sample", "remove").stdout == "Removed: 0 tickets, 0 articles.\n"
