"""One person with a password, and one who keeps the desk."""

import pytest

from app.accounts import sign_in
from app.core.db import db
from tests import people

PASSWORD = "correct horse battery"
HASHED = sign_in.hashed(PASSWORD)


@pytest.fixture
def aigul(desk):
    """An employee who signs in with PASSWORD."""
    made = people.user("aigul", department=people.department("office"))
    made.password_hash = HASHED
    db.session.commit()
    return made


@pytest.fixture
def admin(desk):
    made = people.user("root", administrator=True)
    db.session.commit()
    return made
