"""What becomes of a mail: the table, read line by line, and then the desk against it."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.channels.email.mail import Address, Bounce, Forwarded
from app.channels.email.reasons import REASONS
from app.core.db import db
from app.tickets.inbound import receive
from app.tickets.inbound.table import NATURES, PROOFS, REFERENCES, SENDERS, TABLE, decide
from tests import factories, people

from .conftest import FORGED, PROVEN, mail, signed

pytestmark = pytest.mark.slow

DOCUMENTED = {
    # sender, reference, nature, proof -> what becomes of it
    ("ours", "none", "person", "proven"): "own_mail",
    ("known", "none", "loop", "silent"): "own_loop",
    ("nobody", "none", "bounce", "silent"): "bounce",
    ("nobody", "none", "person", "silent"): "no_sender",
    ("inactive", "signed", "person", "proven"): "switched_off",
    ("unknown", "none", "person", "proven"): "unknown_sender",
    ("unknown", "signed", "person", "proven"): "stranger",
    ("unknown", "hinted", "person", "proven"): "stranger",
    ("new", "signed", "person", "proven"): "stranger",
    ("new", "none", "person", "silent"): "filed",
    ("new", "none", "automatic", "silent"): "automatic_unknown",
    ("unknown", "none", "automatic", "silent"): "automatic_unknown",
    ("unknown", "none", "unreadable", "silent"): "unreadable_unknown",
    ("known", "none", "unreadable", "silent"): "unreadable",
    ("new", "none", "unreadable", "silent"): "unreadable",
    ("part", "signed", "person", "silent"): "joined",
    ("part", "signed", "person", "failed"): "forged",
    ("part", "signed", "automatic", "failed"): "forged",
    ("part", "signed", "automatic", "silent"): "automatic",
    ("staff", "signed", "person", "proven"): "replied",
    ("staff", "signed", "person", "silent"): "unsent",
    ("staff", "signed", "person", "failed"): "unsent",
    ("staff", "signed", "inside", "silent"): "noted",
    ("staff", "signed", "automatic", "proven"): "staff_automatic",
    ("known", "signed", "person", "proven"): "proposed",
    ("known", "hinted", "person", "silent"): "proposed",
    ("known", "none", "person", "silent"): "filed",
    ("known", "none", "automatic", "silent"): "automatic_filed",
    ("known", "hinted", "automatic", "silent"): "automatic_filed",
    ("known", "none", "forward", "proven"): "forwarded",
    ("known", "none", "forward", "silent"): "forwarded",
    ("known", "none", "forward", "failed"): "filed",
}


@pytest.mark.parametrize(("kind", "becomes"), DOCUMENTED.items(), ids=lambda value: str(value))
def test_the_table_says_what_is_documented(kind, becomes):
    assert decide(*kind) == becomes


def test_every_kind_of_mail_has_one_answer_and_every_answer_is_known():
    answers = {decide(sender, reference, nature, proof) for sender in SENDERS for reference in REFERENCES
               for nature in NATURES for proof in PROOFS}
    assert answers - {"bounce"} <= set(REASONS)
    assert answers == {line.becomes for line in TABLE}


def test_what_is_taken_has_an_act_and_nothing_else_has():
    taken = {line.becomes for line in TABLE if line.becomes == "bounce" or REASONS[line.becomes].state == "taken"}
    assert taken == set(receive.ACTS)


@pytest.fixture
def cast(small, mailbox):
    """Who may write, by the word of the table, about one ticket."""
    ticket = factories.ticket(small.aigul, small.printer, by=small.aigul)
    gone = people.user("gone")
    gone.is_active = False
    db.session.commit()
    return ticket.id, {
        "ours": "help@desk.example", "nobody": None, "unknown": "stranger@elsewhere.example",
        "inactive": gone.email, "part": small.aigul.email, "staff": small.agent.email, "known": small.bakyt.email}


NATURE_OF = {
    "person": {}, "automatic": {"automatic": "auto_submitted"}, "loop": {"automatic": "own_loop"},
    "bounce": {"automatic": "report", "bounce": Bounce("x@y.example", True, "5.1.1", "no", "")},
    "forward": {"forwarded": Forwarded(Address("bakyt@jardam.example", "Bakyt"), "Old", "First words")},
}
PROOF_OF = {"proven": PROVEN, "failed": FORGED, "silent": {}}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sender=st.sampled_from([word for word in SENDERS if word != "new"]), reference=st.sampled_from(REFERENCES),
       nature=st.sampled_from(list(NATURE_OF)), proof=st.sampled_from(PROOFS))
def test_random_mails_come_out_as_the_table_says(small, cast, come, sender, reference, nature, proof):
    ticket_id, addresses = cast
    about = {"signed": {"references": [signed(ticket_id)]}, "hinted": {"subject": f"Re: [#{ticket_id}]"}, "none": {}}
    row = come(mail(addresses[sender], proof=PROOF_OF[proof], **about[reference] | NATURE_OF[nature]))
    is_agent = sender == "staff"
    word = sender if sender not in ("part", "staff") or reference == "signed" else "known"
    seen = nature if nature != "forward" or is_agent else "person"
    expected = decide(word, reference, seen, proof)
    assert row.reason == ("bounce_elsewhere" if expected == "bounce" else expected)
    assert row.state == REASONS[row.reason].state and row.settled_at is not None
