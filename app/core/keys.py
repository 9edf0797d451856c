"""The keys of an instance: made once, kept in the instance folder, readable by the desk alone."""

import os
import secrets
from pathlib import Path

from cryptography.fernet import Fernet

from .config import ConfigError

SHORTEST = 32
"""Bytes; what is shorter is an accident, not a key."""


def ensure(folder: Path) -> dict[str, bytes]:
    """The session key and the key of secrets at rest; made on first use, mode 0600."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return {
        "session": _key(folder / "session.key", lambda: secrets.token_hex(32).encode()),
        "secrets": _key(folder / "secrets.key", Fernet.generate_key),
    }


def _key(path: Path, make) -> bytes:
    """Written whole under another name, then linked: of several starting processes one makes it."""
    if not path.exists():
        draft = path.with_name(f".{path.name}.{os.getpid()}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(make())
            file.flush()
            os.fsync(file.fileno())
        _publish(draft, path)
    key = path.read_bytes().strip()
    if len(key) < SHORTEST:
        raise ConfigError(f"JARDAM_INSTANCE: {path} holds no key. Put the one from a backup there, or remove the file: "
                          "then a new one is made, everybody signs in again and stored passwords are to be given again")
    return key


def _publish(draft: Path, path: Path) -> None:
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    _sync(path.parent)


def _sync(folder: Path) -> None:
    """A key that a power cut took away again would leave sealed what was sealed with it."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
