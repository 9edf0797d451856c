"""A PostgreSQL server of its own, to be restarted at will."""

import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

from .desk import free_port


class Cluster:
    """Made by initdb in a folder of its own; PostgreSQL refuses to run as root, so it runs as "postgres" then."""

    def __init__(self) -> None:
        self.binaries = _binaries()
        self.port = free_port()
        self.user = "postgres" if os.geteuid() == 0 else None
        self.folder = Path(tempfile.mkdtemp(prefix="jardam-cluster-"))
        if self.user:
            shutil.chown(self.folder, self.user)
        self._run("initdb", "-D", self.data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale")

    @property
    def data(self) -> str:
        return str(self.folder / "data")

    @property
    def url(self) -> str:
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/postgres"

    def start(self, *settings: str) -> None:
        options = f"-p {self.port} -k {self.folder} -c listen_addresses=127.0.0.1 -c max_connections=60"
        options += "".join(f" -c {setting}" for setting in settings)
        self._run("pg_ctl", "-D", self.data, "-l", str(self.folder / "log"), "-o", options, "-w", "start")

    def stop(self, mode: str = "immediate") -> None:
        self._run("pg_ctl", "-D", self.data, "-m", mode, "-w", "stop")

    def pid(self) -> int:
        return int((Path(self.data) / "postmaster.pid").read_text().splitlines()[0])

    def remove(self) -> None:
        subprocess.run(self._command("pg_ctl", "-D", self.data, "-m", "immediate", "stop"), capture_output=True)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _run(self, *command: str) -> None:
        subprocess.run(self._command(*command), check=True, stdout=subprocess.DEVNULL, cwd=self.folder, user=self.user,
                       env={"PATH": os.environ["PATH"], "LC_ALL": "C"})

    def _command(self, name: str, *arguments: str) -> list[str]:
        return [str(self.binaries / name), *arguments]


def _binaries() -> Path:
    """The newest set of server programs on this machine; a test without them is skipped."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    places = [*debian, Path("/usr/local/bin"), Path("/usr/bin")]
    found = [place for place in places if (place / "initdb").exists() and (place / "pg_ctl").exists()]
    if not found:
        pytest.skip("no PostgreSQL server programs here")
    if os.geteuid() == 0 and not _has_user("postgres"):
        pytest.skip("no user postgres to run a server as")
    return found[0]


def _has_user(name: str) -> bool:
    try:
        return bool(pwd.getpwnam(name))
    except KeyError:
        return False
