"""What the environment says: where things are. How the desk works stands in the settings pages instead."""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

PREFIX = "JARDAM_"


class ConfigError(Exception):
    """A setting of the environment is unknown or malformed; the message begins with its name."""


def _whole(low: int, high: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        if not re.fullmatch(r"\d{1,9}", text) or not low <= int(text) <= high:
            raise ValueError(f"a whole number from {low} to {high} is needed")
        return int(text)

    return parse


def _one_of(*words: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text not in words:
            raise ValueError("one of " + ", ".join(words) + " is needed")
        return text

    return parse


def _database(text: str) -> str:
    try:
        url = make_url(re.sub(r"^postgres(ql)?://", "postgresql+psycopg://", text))
    except (ArgumentError, ValueError) as error:
        raise ValueError("a URL such as postgresql://user:password@host/name is needed") from error
    if url.drivername not in ("postgresql+psycopg", "sqlite") or url.database in (None, "", ":memory:"):
        raise ValueError("only postgresql://…/name and sqlite:///path are understood")
    return url.render_as_string(hide_password=False)


def _web_address(text: str) -> str:
    parts = urlsplit(text)
    port = f":{parts.port}" if parts.port else ""
    plain = re.fullmatch(r"[\w.\-]+|\[[\da-f:.]+\]", parts.netloc.lower().removesuffix(port))
    if parts.scheme not in ("http", "https") or not plain or not re.fullmatch(r"[^\s?#\\]+", text):
        raise ValueError("an address such as https://help.example.org is needed")
    return text.rstrip("/")


def _host(text: str) -> str:
    if not re.fullmatch(r"[\w.:\-\[\]]{1,255}", text):
        raise ValueError("a host name or an address is needed")
    return text


def _folder(text: str) -> Path:
    if not text.strip() or "\0" in text:
        raise ValueError("a folder is needed")
    try:
        return Path(text).expanduser().resolve()
    except RuntimeError as error:
        raise ValueError(f"{text} leads nowhere") from error


@dataclass(frozen=True)
class Setting:
    """One variable of the environment: how it is read, what holds without it, and what it means."""

    parse: Callable[[str], Any]
    default: Any
    meaning: str


SETTINGS: dict[str, Setting] = {
    "DATABASE_URL": Setting(_database, None, "where the database is; SQLite in the instance folder when not set"),
    "JARDAM_INSTANCE": Setting(_folder, None, "the folder of database, keys and files; ./instance when not set"),
    "JARDAM_HOST": Setting(_host, "127.0.0.1", "the address to listen on"),
    "JARDAM_PORT": Setting(_whole(1, 65535), 8000, "the port to listen on"),
    "JARDAM_BASE_URL": Setting(_web_address, None, "the address people use; links in mails begin with it"),
    "JARDAM_WORKERS": Setting(_whole(1, 64), 2, "web worker processes"),
    "JARDAM_THREADS": Setting(_whole(2, 1000), 200, "threads in each web worker (an open stream holds one)"),
    "JARDAM_ROLE": Setting(_one_of("all", "web"), "all", "all: web and background work; web: pages only"),
    "JARDAM_SQLITE_SYNCHRONOUS": Setting(
        _one_of("FULL", "NORMAL"), "FULL", "NORMAL may lose the last commits on power loss"
    ),
    "JARDAM_TRUSTED_PROXIES": Setting(_whole(0, 5), 0, "how many reverse proxies stand in front"),
    "JARDAM_MAX_UPLOAD_MB": Setting(_whole(1, 2048), 25, "the largest request, in megabytes"),
    "JARDAM_LOG_LEVEL": Setting(_one_of("debug", "info", "warning", "error"), "info", "how much is logged"),
}


def read(environ: Mapping[str, str] = os.environ) -> dict[str, Any]:
    """Every setting by name. Raises ConfigError naming the first that is unknown or malformed."""
    unknown = [name for name in environ if name.startswith(PREFIX) and name not in SETTINGS]
    if unknown:
        raise ConfigError(f"{sorted(unknown)[0]}: unknown setting. Known: {', '.join(SETTINGS)}")
    return {name: _value(name, setting, environ.get(name)) for name, setting in SETTINGS.items()}


def _value(name: str, setting: Setting, text: str | None) -> Any:
    if text is None:
        return setting.default
    try:
        return setting.parse(text.strip())
    except ValueError as error:
        raise ConfigError(f"{name}: {error}") from error
