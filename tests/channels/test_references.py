"""What only this desk can write into a Message-ID."""

import pytest

from app.channels.email import references


@pytest.fixture(autouse=True)
def _desk(desk):
    """The key of an instance."""


def bare(row="345", ticket_id=12):
    return references.message_id(references.reference(row, ticket_id), "desk.example").strip("<>")


def test_a_signed_reference_says_ticket_and_row():
    assert references.ticket_of(bare()) == 12
    assert references.row_of(bare()) == 345
    assert references.row_of(bare("345.1700000000")) == references.row_of(bare("345.1700000000.e99")) == 345
    assert references.event_of(bare("345.1700000000.e99")) == 99
    assert references.event_of(bare()) is references.event_of(bare("345.1700000000")) is None
    assert references.ticket_of(references.root(12, "desk.example").strip("<>")) == 12
    assert references.row_of(references.root(12, "desk.example").strip("<>")) is None
    assert references.is_ours(bare(ticket_id=None))
    assert references.ticket_of(bare(ticket_id=None)) is None


@pytest.mark.parametrize("change", [
    lambda written: written.replace("t12", "t13"), lambda written: written.replace("345", "346"),
    lambda written: written.upper(), lambda written: written[:-20], lambda written: "x" + written,
    lambda written: written.replace("12", "١٢"), lambda written: written.replace("jardam.t12.", "jardam."),
])
def test_what_was_changed_is_nobodys(change):
    assert references.ticket_of(change(bare())) is None


def test_a_relay_may_write_another_domain():
    assert references.ticket_of(bare().replace("desk.example", "relay.example")) == 12
