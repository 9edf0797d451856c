"""A mailbox whose requests are confidential: its mail is so from the moment it comes, not once a ticket is made."""

import pytest

from app.core.db import db
from tests import factories, people

from .conftest import mail, tickets

STRANGER = "private@x.example"


@pytest.fixture
def boss(small):
    return people.user("boss", administrator=True)


@pytest.fixture
def row(small, mailbox, boss, come):
    """What somebody nobody knows wrote to it, held."""
    secret = factories.request_type("secret", small.second, is_confidential=True)
    mailbox.request_type_id = secret.id
    db.session.commit()
    return come(mail(STRANGER, subject="The harassment"))


def test_it_waits_for_those_who_would_see_its_request(small, row, boss, browser_of):
    for who, code in ((small.expert, 200), (small.agent, 404), (boss, 404), (small.aigul, 404)):
        browser = browser_of(who)
        assert browser.get(f"/mail/held/{row.id}").status_code == code
        assert browser.get(f"/mail/held/{row.id}/raw").status_code == code
    assert browser_of(small.agent).post(f"/mail/held/{row.id}/ticket").status_code == 404


def test_the_log_says_only_that_it_came(row, boss, browser_of):
    browser = browser_of(boss)
    log = browser.get("/admin/mail").text
    assert "Confidential" in log and STRANGER not in log and "harassment" not in log
    assert "Confidential" not in browser.get(f"/admin/mail?sender={STRANGER}").text, "who wrote cannot be asked either"
    assert browser.get(f"/admin/mail/{row.id}/raw").status_code == 404
    assert browser.post(f"/admin/mail/{row.id}/retry").status_code == 404


def test_the_team_of_the_mailbox_decides_too(small, mailbox, row, browser_of):
    mailbox.team_id = small.first.id
    db.session.commit()
    assert browser_of(small.agent).get(f"/mail/held/{row.id}").status_code == 200
    assert browser_of(small.agent).post(f"/mail/held/{row.id}/ticket").status_code == 303
    assert not tickets()
