"""Rooms import only rooms that stand before them (setup.cfg says in which order)."""

import subprocess
import sys

from . import source


def test_rooms_only_look_down():
    program = "from importlinter.cli import lint_imports_command as go; go(['--no-cache'])"
    said = subprocess.run([sys.executable, "-c", program], cwd=source.ROOT, capture_output=True, text=True)
    assert said.returncode == 0, said.stdout + said.stderr
