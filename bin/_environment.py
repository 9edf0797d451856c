"""Makes .venv and fills it with the pinned packages, again only when the pins change.

Needs nothing but the standard library of Python 3.11. Two that start at once wait for each other; one that was
killed half-way left no stamp, so the next one finishes the work.
"""

import fcntl
import hashlib
import subprocess
import sys
from pathlib import Path

HOME = Path(__file__).resolve().parent.parent
VENV = HOME / ".venv"
PYTHON = VENV / "bin" / "python"
CONSTRAINTS = HOME / "app" / "requirements" / "constraints.txt"
NEEDS = {"run": ["requirements.txt"], "test": ["requirements.txt", "tests/requirements.txt"]}


def pins(purpose: str) -> str:
    """A checksum of everything that decides what is installed, the version of Python included."""
    digest = hashlib.sha256(f"{sys.version_info[:2]} {VENV}".encode())
    for path in [CONSTRAINTS, *(HOME / name for name in NEEDS[purpose])]:
        digest.update(path.read_bytes())
    return digest.hexdigest()


def stamp(purpose: str) -> Path:
    return VENV / f"installed-for-{purpose}"


def is_current(purpose: str) -> bool:
    """Whether .venv holds what this purpose needs."""
    path = stamp(purpose)
    return path.is_file() and path.read_text() == pins(purpose)


def make(purpose: str) -> None:
    """Bring .venv to what the purpose needs; the stamp is written last."""
    with open(__file__) as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if is_current(purpose) and works():
            return
        for made in NEEDS:
            stamp(made).unlink(missing_ok=True)
        if not works():
            say("Making the environment in .venv (about a minute, this once) …")
            run(sys.executable, "-m", "venv", "--clear", str(VENV))
        say("Installing the pinned packages …")
        install(purpose)
        for made in covered(purpose):
            stamp(made).write_text(pins(made))


def covered(purpose: str) -> list[str]:
    """The purposes whose needs are among those of this one."""
    return [other for other, needs in NEEDS.items() if set(needs) <= set(NEEDS[purpose])]


def works() -> bool:
    """Whether .venv is whole: made at this place, its Python starts, is this version, and has pip."""
    test = f"import pip, sys; sys.exit(sys.version_info[:2] != {sys.version_info[:2]})"
    try:
        if str(VENV) not in (VENV / "pyvenv.cfg").read_text():
            return False
        return subprocess.run([PYTHON, "-c", test], capture_output=True).returncode == 0
    except OSError:
        return False


def install(purpose: str) -> None:
    files = [part for name in NEEDS[purpose] for part in ("-r", str(HOME / name))]
    run(str(PYTHON), "-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check",
        "--constraint", str(CONSTRAINTS), *files)


def run(*command: str) -> None:
    if subprocess.run(command).returncode:
        sys.exit(f"jardam: this failed: {' '.join(command)}")


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    verb, purpose = sys.argv[1:]
    if verb == "check":
        sys.exit(not is_current(purpose))
    make(purpose)
