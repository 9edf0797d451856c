"""A stored password that somebody at an administrator's page tries to read: it was given for TLS."""

import pytest

from app.channels.email import mailboxes
from app.core.db import db

from .test_mailboxes import at, box

__all__ = ["box"]
pytestmark = pytest.mark.slow


def test_a_password_given_for_tls_is_not_sent_in_the_clear(box, save):
    answer = save(at(box), security="none", port="143")
    assert (answer.status_code, "give the password again" in answer.text) == (400, True)
    assert save(at(box), security="starttls", port="143").status_code == 302
    assert save(at(box), security="none", port="143", password="other").status_code == 302
    assert save(at(box), security="tls", port="993").status_code == 302
    db.session.refresh(box)
    assert mailboxes.secrets(box) == {"password": "other"}
