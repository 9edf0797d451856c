"""Servers under test are the experiments' desks."""

from tests.experiments.conftest import engine_url, own_desk, sqlite_only  # noqa: F401 - fixtures
