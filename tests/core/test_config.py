"""What the environment may say, and that a slip in it stops the start with its name."""

from pathlib import Path

import pytest

from app import create_app
from app.core.config import SETTINGS, ConfigError, read

MALFORMED = [
    ("DATABASE_URL", ""), ("DATABASE_URL", "mysql://user@host/name"), ("DATABASE_URL", "postgresql://host"),
    ("DATABASE_URL", "postgresql+asyncpg://host/name"), ("DATABASE_URL", "sqlite://"),
    ("DATABASE_URL", "sqlite:///:memory:"), ("DATABASE_URL", "postgresql://user:secret@host:port/name"),
    ("JARDAM_INSTANCE", " "), ("JARDAM_INSTANCE", "~nobody-of-this-name/desk"),
    ("JARDAM_HOST", "help desk"), ("JARDAM_HOST", ""),
    ("JARDAM_PORT", "0"), ("JARDAM_PORT", "65536"), ("JARDAM_PORT", "80.5"), ("JARDAM_PORT", "-1"), ("JARDAM_PORT", ""),
    ("JARDAM_BASE_URL", "help.example.org"), ("JARDAM_BASE_URL", "ftp://help.example.org"),
    ("JARDAM_BASE_URL", "https://"), ("JARDAM_BASE_URL", "https://help.example.org/?a=1"),
    ("JARDAM_BASE_URL", "https://help.example.org#top"), ("JARDAM_BASE_URL", "https://help.example.org:99999"),
    ("JARDAM_BASE_URL", "https://help example.org"), ("JARDAM_BASE_URL", "https://user:secret@help.example.org"),
    ("JARDAM_BASE_URL", "https://[::1"), ("JARDAM_BASE_URL", "https://help.example.org:80:80"),
    ("JARDAM_WORKERS", "0"), ("JARDAM_WORKERS", "two"), ("JARDAM_THREADS", "1"),
    ("JARDAM_ROLE", "worker"), ("JARDAM_SQLITE_SYNCHRONOUS", "OFF"), ("JARDAM_TRUSTED_PROXIES", "6"),
    ("JARDAM_MAX_UPLOAD_MB", "0"), ("JARDAM_LOG_LEVEL", "loud"),
]

UNDERSTOOD = [
    ("DATABASE_URL", "postgres://user:p%40ss@host/name", "postgresql+psycopg://user:p%40ss@host/name"),
    ("DATABASE_URL", "postgresql://host:5433/name", "postgresql+psycopg://host:5433/name"),
    ("DATABASE_URL", "sqlite:////srv/desk.sqlite3", "sqlite:////srv/desk.sqlite3"),
    ("JARDAM_INSTANCE", "/srv/desk/../jardam", Path("/srv/jardam")),
    ("JARDAM_HOST", "::1", "::1"), ("JARDAM_PORT", " 8080 ", 8080),
    ("JARDAM_BASE_URL", "https://help.example.org/", "https://help.example.org"),
    ("JARDAM_BASE_URL", "http://[::1]:8000/help", "http://[::1]:8000/help"),
    ("JARDAM_BASE_URL", "https://жардам.example.kg:8443", "https://жардам.example.kg:8443"),
    ("JARDAM_ROLE", "web", "web"), ("JARDAM_TRUSTED_PROXIES", "2", 2), ("JARDAM_LOG_LEVEL", "debug", "debug"),
]


@pytest.mark.parametrize(("name", "text"), MALFORMED)
def test_malformed_setting_stops_the_start_with_its_name(name, text):
    with pytest.raises(ConfigError, match=f"^{name}: ") as refused:
        read({name: text})
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(("name", "text", "value"), UNDERSTOOD)
def test_value_is_read(name, text, value):
    assert read({name: text})[name] == value


def test_every_setting_is_tried_with_something_malformed():
    assert {name for name, _text in MALFORMED} == set(SETTINGS)


def test_unknown_name_stops_the_start():
    with pytest.raises(ConfigError, match=r"^JARDAM_PROT: unknown setting\. Known: .*JARDAM_PORT"):
        read({"JARDAM_PROT": "8000"})


def test_names_of_others_are_none_of_our_business():
    assert read({"HOME": "/root", "PORT": "x", "LANG": "ky_KG"}) == {n: s.default for n, s in SETTINGS.items()}


def test_every_setting_says_what_it_means():
    assert [name for name, setting in SETTINGS.items() if not setting.meaning] == []


def test_refused_start_leaves_nothing_behind(tmp_path):
    with pytest.raises(ConfigError):
        create_app({"JARDAM_INSTANCE": str(tmp_path / "desk"), "JARDAM_WORKERS": "none"})
    assert list(tmp_path.iterdir()) == []
