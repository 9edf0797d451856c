"""The process in which mails are read: a line of JSON in, a line of JSON out, until nobody writes any more.

It is run by its path, not as a module: the packages around it make Flask's blueprints and the tables of the database,
which take a second and 60 MB. Here they are bare, so that only what the reader itself imports is loaded.
"""

import json
import os
import resource
import signal
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

ROOT = Path(__file__).resolve().parents[4]
BARE = ("app", "app.core", "app.channels", "app.channels.email")
MOST_BYTES = 200 * 1024 * 1024
"""What one mail may cost beyond what the process has when it begins."""
LAST_SECONDS = 15
"""If whoever started this is gone and cannot stop it."""


def main() -> None:
    """Answer until the pipe ends."""
    _lay_bare()
    from app.channels.email.reading import reader  # noqa: F401 - loaded before the memory is bounded

    _bound()
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    for line in sys.stdin.buffer:
        signal.alarm(LAST_SECONDS)
        answers.write(_answer(line) + b"\n")
        answers.flush()
        signal.alarm(0)


def _lay_bare() -> None:
    for name in BARE:
        package = sys.modules[name] = ModuleType(name)
        package.__path__ = [str(ROOT.joinpath(*name.split(".")))]


def _bound() -> None:
    """No more memory, no core on the disk; who stops the desk at a terminal does not stop this before its answer."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[0])
    except OSError:
        return
    most = pages * resource.getpagesize() + MOST_BYTES
    resource.setrlimit(resource.RLIMIT_AS, (most, most))


def _answer(line: bytes) -> bytes:
    try:
        return json.dumps({"mail": _storable(_read(json.loads(line)))}, ensure_ascii=False).encode()
    except MemoryError:
        return b'{"error": "too_much_memory"}'
    except Exception as error:  # The line that says it goes to the log; the raw mail goes to a ticket.
        return json.dumps({"error": "crashed", "said": f"{type(error).__name__}: {error}"[:500]}).encode()


def _read(asked: dict[str, Any]) -> dict[str, Any]:
    from app.channels.email.reading import Ours
    from app.channels.email.reading.reader import read

    ours = Ours(frozenset(asked["addresses"]), asked["trusted_hop"], asked["loop_mark"])
    return read(Path(asked["raw"]).read_bytes(), Path(asked["scratch"]), ours).as_json()


def _storable(value: Any) -> Any:
    """Every text as both databases take it."""
    from app.core.markup import storable

    if isinstance(value, str):
        return storable(value)
    if isinstance(value, dict):
        return {name: _storable(one) for name, one in value.items()}
    return [_storable(one) for one in value] if isinstance(value, list) else value


if __name__ == "__main__":
    main()
