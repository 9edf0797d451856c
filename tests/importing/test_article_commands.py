"""`flask import articles` as an administrator types it: processes of their own, on an instance of their own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from .article_folder import write

pytestmark = [pytest.mark.real, pytest.mark.slow]

ROOT = Path(__file__).resolve().parents[2]
MAPPING = """source = "wiki"
[[files]]
match = "**"
language = "auto"
visibility = "staff"
state = "published"
"""


@pytest.fixture
def take(tmp_path):
    """Runs `flask import articles` on the folder and with the mapping of this test."""
    environ = {**os.environ, "JARDAM_INSTANCE": str(tmp_path / "instance"), "FLASK_APP": str(ROOT / "wsgi.py")}
    environ.pop("DATABASE_URL", None)
    write(tmp_path / "wiki", printer_md="# Printer\n\nPress the green button of it.\n", bad_md=b"")
    (tmp_path / "wiki.toml").write_text(MAPPING)

    def run(*arguments, folder="wiki"):
        command = [sys.executable, "-m", "flask", "import", "articles", str(tmp_path / folder),
                   "--mapping", str(tmp_path / "wiki.toml"), *arguments]
        return subprocess.run(command, cwd=ROOT, env=environ, text=True, capture_output=True, timeout=120, check=False)

    return run


def test_a_folder_comes_in_and_losses_are_listed(take):
    planned = take("--dry-run")
    assert planned.returncode == 0, planned.stderr
    assert "make: Printer (en, staff, published) from printer.md" in planned.stdout
    done = take()
    assert done.returncode == 0 and "bad.md: it is empty" in done.stdout
    assert "1 articles in the folder, 1 of them on the desk: folder and desk agree." in done.stdout
    assert "unchanged                                1" in take().stdout


def test_what_stops_it_is_said(take, tmp_path):
    assert "there is no such folder" in take(folder="gone").stderr
    assert "nobody here has the address x@y.example" in take("--by", "x@y.example").stderr
    (tmp_path / "wiki" / "printer.md").unlink()
    assert take().returncode == 1
    (tmp_path / "wiki.toml").write_text(MAPPING.replace('"staff"', '"all"'))
    wrong = take()
    assert wrong.returncode == 1 and "wiki.toml, line 5: files[1].visibility" in wrong.stderr
