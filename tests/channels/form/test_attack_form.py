"""The web form as a gun: one mailbox has one budget, whatever is written behind a plus."""

import pytest

from app.channels.email.models import Mailbox
from app.core.db import db

from .test_form import desk_with_form, moment, send, stranger

pytestmark = pytest.mark.slow

__all__ = ["desk_with_form", "moment", "stranger"]


def test_t5_one_mailbox_under_many_tags_is_asked_three_times(stranger):
    for tag in range(3):
        send(stranger, address=f"victim+{tag}@client.example")
    send(stranger, 429, address="victim+9@client.example")
    send(stranger, 429, address="victim@client.example")
    send(stranger, address="victi@client.example")


def test_an_address_of_the_desk_is_its_own_under_any_tag(stranger):
    db.session.add(Mailbox(name="Help", address="help@desk.example", aliases=[], way="pipe"))
    db.session.commit()
    send(stranger, 400, address="help+1@desk.example")
