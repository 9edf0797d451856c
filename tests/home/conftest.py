"""The people of the administration's tests."""

from tests.admin.conftest import place, statements

__all__ = ["place", "statements"]
