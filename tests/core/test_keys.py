"""The keys of an instance are made once and are the desk's alone."""

import stat

import pytest
from cryptography.fernet import Fernet

from app.core import keys
from app.core.config import ConfigError

from .conftest import race

PREPARE = "from pathlib import Path; from app.core import keys"


def test_keys_are_made_once_for_the_desk_alone(tmp_path):
    folder = tmp_path / "deep" / "instance"
    made = keys.ensure(folder)
    assert keys.ensure(folder) == made
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {
        "session.key": 0o600, "secrets.key": 0o600}


def test_every_instance_has_keys_of_its_own(tmp_path):
    one, two = keys.ensure(tmp_path / "one"), keys.ensure(tmp_path / "two")
    assert not set(one.values()) & set(two.values())
    assert Fernet(one["secrets"]).decrypt(Fernet(one["secrets"]).encrypt(b"x")) == b"x"


@pytest.mark.parametrize("content", [b"", b"\n", b"short"])
def test_emptied_key_stops_the_start_instead_of_opening_the_door(tmp_path, content):
    keys.ensure(tmp_path)
    (tmp_path / "session.key").write_bytes(content)
    with pytest.raises(ConfigError, match=r"JARDAM_INSTANCE: .*session\.key"):
        keys.ensure(tmp_path)


@pytest.mark.real
def test_processes_that_start_at_once_share_one_pair(tmp_path):
    """Forty times over, since the moment in which one may overtake another is short."""
    pairs = race(PREPARE, f"for n in range(40): print(keys.ensure(Path({str(tmp_path)!r}) / str(n)))")
    assert len(set(pairs)) == 1 and pairs[0].count("session") == 40
    assert sorted(path.name for path in (tmp_path / "7").iterdir()) == ["secrets.key", "session.key"]
