"""The administrator's desk and browser, as the tests of the administration have them."""

from tests.admin.conftest import filled, place, root, save, statements

__all__ = ["filled", "place", "root", "save", "statements"]
