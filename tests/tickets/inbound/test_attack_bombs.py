"""The desk as a gun: who writes to it must not be able to fill the mailbox of somebody else."""

import pytest
import sqlalchemy as sa

from app.accounts.models import User
from app.channels.email.mail import Address, Forwarded
from app.channels.email.models import Mailbox
from app.core.db import db
from tests import factories, people

from .conftest import PROVEN, mail, tickets
from .test_brakes import mailed

pytestmark = pytest.mark.slow


def passed_on(first, **about):
    words = Forwarded(Address(first, "Somebody"), "Buy my pills", "Buy my pills")
    return mail("agent@jardam.example", subject="Fwd: Buy my pills", text="", forwarded=words, **about)


def test_t5_forwards_that_nobody_vouches_for_write_to_their_first_sender_no_more_than_confirmations_do(
        small, mailbox, come, postbox, deliver):
    for _number in range(4):
        assert come(passed_on(small.aigul.email)).reason == "forwarded"
    deliver()
    assert len(tickets()) == 4 and mailed(small.aigul) == 1 and mailed(small.rival) == 4


def test_what_a_proven_agent_forwards_is_told_to_its_first_sender_each_time(small, mailbox, come, postbox, deliver):
    for _number in range(3):
        come(passed_on(small.aigul.email, proof=PROVEN))
    deliver()
    assert mailed(small.aigul) == 3


def test_t5_one_mailbox_under_many_tags_has_one_budget(small, mailbox, welcome, come, postbox, deliver):
    for tag in range(4):
        assert come(mail(f"victim+{tag}@x.example")).reason == "filed"
    deliver()
    found = db.session.scalars(sa.select(User).where(User.email.startswith("victim")))
    assert sum(mailed(person) for person in found) == 1


def test_t6_an_address_of_the_desk_is_its_own_under_any_tag(small, mailbox, welcome, come):
    assert come(mail("support+zz@desk.example")).reason == "own_mail"
    assert not tickets()


def test_t16_the_second_copy_of_a_confidential_request_is_as_confidential(small, mailbox, come, browser_of):
    secret = factories.request_type("secret", small.first, is_confidential=True)
    mailbox.request_type_id = secret.id
    other = Mailbox(name="Sales", address="sales@desk.example", way="pipe", request_type_id=secret.id)
    db.session.add(other)
    db.session.commit()
    new = mail()
    first, second = come(new), come(new, to=other)
    assert second.reason == "double"
    root = browser_of(people.user("root", administrator=True))
    assert [root.get(f"/admin/mail/{row.id}/raw").status_code for row in (first, second)] == [404, 404]
