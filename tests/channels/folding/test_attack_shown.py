"""What a mail says of itself to mislead: who wrote first, and where a link leads."""

import pytest

from app.channels.email.forwarding import find
from app.channels.email.shown_html import elsewhere

BY_ENCODING = (b"From: =?utf-8?q?boss=40bank.example?= <thief@x.example>\r\nSubject: Key\r\n\r\nWhere?")


@pytest.mark.parametrize("who", ["boss@bank.example <thief@x.example>", '"boss@bank.example" <thief@x.example>',
                                 '"<boss@bank.example>" <thief@x.example>'])
def test_a_name_of_a_first_sender_never_turns_into_an_address(who):
    text = f"---------- Forwarded message ---------\nFrom: {who}\nDate: Mon\nSubject: Key\nTo: a@y.example\n\nWhere?"
    assert find("Fwd: Key", text, "", []).sender.email == "thief@x.example"


def test_nor_does_one_that_is_encoded_in_a_mail_attached():
    assert find("Fwd: Key", "", "", [BY_ENCODING]).sender.email == "thief@x.example"


@pytest.mark.parametrize("href", ["https://evil.example\\@bank.example/", "https:///evil.example/",
                                  "https:////evil.example/bank.example", "https://bank.example@evil.example/"])
def test_a_link_that_browsers_read_otherwise_says_where_it_leads(href):
    assert elsewhere(href, "bank.example") == "evil.example"
