"""What others' help desks let in by mail, tried here (the threats of docs: T1-T4, T6, T9, T11)."""

import pytest
import sqlalchemy as sa

from app.channels.email import references
from app.channels.email.mail import Address
from app.channels.email.models import Mailbox
from app.core.db import db
from app.core.errors import NotFound
from app.core.events import Event
from app.notifications.models import Notification
from app.tickets import actions, queries
from app.tickets.live import TOPICS
from app.tickets.models import Mailed, Proposal, TicketCc
from app.tickets.searching import find, language
from tests import factories, people

from .conftest import FORGED, PROVEN, answer, keep, mail, said, signed, tickets

pytestmark = pytest.mark.slow

SECRET = "the safe opens with 4711"


@pytest.fixture
def ticket(small, mailbox):
    made = factories.ticket(small.aigul, small.printer, body=SECRET)
    db.session.commit()
    return made


def sees(person, ticket) -> bool:
    db.session.refresh(person)
    return queries.is_seen(person, ticket.id)


# T1: the number of a ticket is no key


def test_t1_a_number_in_the_subject_joins_nobody_to_a_ticket(small, ticket, come):
    row = come(mail("thief@elsewhere.example", subject=f"Re: [#{ticket.id}] Printer", cc=[Address("ally@x.example")]))
    assert (row.state, row.reason, row.ticket_id) == ("held", "stranger", ticket.id)
    assert len(said(ticket)) == 1 and db.session.scalar(sa.select(TicketCc)) is None


def test_t1_not_even_somebody_known_writes_into_a_ticket_of_another(small, ticket, come):
    row = come(mail(small.bakyt.email, subject=f"Re: [#{ticket.id}] Printer", text="Send it to me"))
    assert row.reason == "proposed" and row.ticket_id != ticket.id
    assert len(said(ticket)) == 1 and not sees(small.bakyt, ticket)
    held = db.session.get(Proposal, row.ticket_id)
    assert (held.other_id, held.reason, held.decided_at) == (ticket.id, "number", None)


def test_t1_a_guessed_message_id_is_none_of_ours(small, ticket, come):
    real = signed(ticket)
    guesses = [real.replace(f"t{ticket.id}.", f"t{ticket.id + 1}."), real.replace(real[-45:-13], "0" * 32),
               f"jardam.t{ticket.id}.1@desk.example", f"ticket-{ticket.id}@desk.example"]
    row = come(mail(small.aigul.email, references=guesses))
    assert row.reason == "filed" and len(said(ticket)) == 1


def test_t1_the_signed_reference_alone_is_not_enough(small, ticket, come):
    """Somebody to whom a mail of ours was forwarded holds a true reference."""
    stranger, colleague = come(answer(ticket, "thief@elsewhere.example")), come(answer(ticket, small.bakyt.email))
    assert (stranger.state, stranger.reason) == ("held", "stranger")
    assert colleague.reason == "proposed" and db.session.get(Proposal, colleague.ticket_id).reason == "no_part"
    assert len(said(ticket)) == 1 and not sees(small.bakyt, ticket)


# T2: nobody speaks for the staff


def test_t2_a_forged_agent_without_a_reference_only_asks(small, ticket, come):
    row = come(mail(small.agent.email, subject=f"Re: [#{ticket.id}]", text="Send your password to evil@x.example"))
    assert row.reason == "proposed" and said(ticket, "reply") == []


@pytest.mark.parametrize("proof", [{}, FORGED, {"spf": "unaligned", "dkim": "unaligned"}])
def test_t2_an_agent_with_a_reference_whom_nobody_vouches_for_is_a_note_that_is_not_sent(
        small, ticket, come, postbox, deliver, proof):
    deliver()
    postbox.letters.clear()
    row = come(answer(ticket, small.agent.email, text="Pay to this account", proof=proof))
    assert row.reason == "unsent"
    (note,) = said(ticket, "note")
    assert note.author_id == small.agent.id and note.mailed.is_unsent and said(ticket, "reply") == []
    deliver()
    assert not any("Pay to" in str(letter) for letter in postbox.to(small.aigul))
    assert db.session.scalar(sa.select(Event.id).where(Event.kind == "ticket.replied")) is None
    told = db.session.scalars(sa.select(Event).where(Event.kind == "ticket.noted")).one()
    assert told.actor_id is None, "so that the agent in whose name it came is told of it too"


def test_t2_a_proven_agent_replies(small, ticket, come):
    row = come(answer(ticket, small.agent.email, text="Try the other tray", proof=PROVEN))
    (reply,) = said(ticket, "reply")
    assert row.reason == "replied" and reply.author_id == small.agent.id and reply.format == "text"
    assert reply.mailed.proof == "proven"


def test_t2_proof_for_somebody_elses_ticket_is_no_right_to_it(small, ticket, come):
    row = come(answer(ticket, small.expert.email, proof=PROVEN))
    assert row.reason == "proposed" and len(said(ticket)) == 1


# T3: rights are those of the moment, and no mail gives any


def test_t3_who_no_longer_watches_writes_no_more(small, ticket, come):
    actions.watch(ticket, small.bakyt, small.agent)
    assert come(answer(ticket, small.bakyt.email)).reason == "joined"
    actions.unwatch(ticket, small.bakyt, small.agent)
    row = come(answer(ticket, small.bakyt.email))
    assert row.reason == "proposed" and not sees(small.bakyt, ticket)


def test_t3_who_has_left_the_team_replies_no_more(small, ticket, come):
    small.agent.memberships = []
    db.session.commit()
    row = come(answer(ticket, small.agent.email, proof=PROVEN))
    assert row.reason == "proposed" and said(ticket, "reply") == [] and said(ticket, "note") == []


def test_t3_rights_are_asked_when_the_mail_is_taken_in_not_when_it_came(small, ticket, mailbox, come):
    actions.watch(ticket, small.bakyt, small.agent)
    waiting = keep(mailbox)
    actions.unwatch(ticket, small.bakyt, small.agent)
    assert come(answer(ticket, small.bakyt.email), row_id=waiting).reason == "proposed"


@pytest.mark.parametrize("sender", ["bakyt@jardam.example", "agent@jardam.example", "thief@x.example"])
def test_t3_no_mail_changes_whose_ticket_it_is(small, ticket, come, sender):
    come(answer(ticket, sender, reply_to=[Address("thief@x.example")], proof=PROVEN))
    assert ticket.requester_id == small.aigul.id and ticket.filed_by_id is None and ticket.watches == []


def test_t3_a_switched_off_account_writes_nowhere(small, ticket, come):
    small.aigul.is_active = False
    db.session.commit()
    assert come(answer(ticket)).reason == "switched_off" and len(said(ticket)) == 1


# T4: a copy is no way in


def test_t4_who_is_named_in_a_mail_gets_and_sees_nothing(small, ticket, come, postbox, deliver, browser_of):
    row = come(answer(ticket, text=SECRET, cc=[Address(small.bakyt.email, "Bakyt"), Address("ally@x.example")]))
    assert row.reason == "joined"
    named = {cc.address: cc.state for cc in db.session.scalars(sa.select(TicketCc))}
    assert named == {small.bakyt.email: "waiting", "ally@x.example": "waiting"}
    ticket.reply(SECRET, small.agent)
    deliver()
    assert postbox.to(small.bakyt) == [] and not any("ally@x.example" in letter["To"] for letter in postbox.letters)
    assert db.session.scalar(sa.select(Notification.id).where(Notification.user_id == small.bakyt.id)) is None
    assert not sees(small.bakyt, ticket)
    with pytest.raises(NotFound):
        queries.by_number(small.bakyt, ticket.id)
    bakyt = browser_of(small.bakyt)
    assert bakyt.get(f"/tickets/{ticket.id}").status_code == 404
    assert not any(hears(small.bakyt, ticket.id) for hears in (TOPICS["request"], TOPICS["ticket"]))
    found = find.find(language.read("4711"), small.bakyt, row.came_at, None)
    assert found.page.rows == [] and come(answer(ticket, small.bakyt.email)).reason == "proposed"


def test_t4_the_desk_itself_and_who_takes_part_already_are_no_news(small, ticket, come):
    come(answer(ticket, to=[Address("help@desk.example"), Address("support+crm@desk.example")],
                cc=[Address(small.agent.email), Address(small.aigul.email)]))
    assert db.session.scalar(sa.select(TicketCc)) is None


def test_t4_a_machines_mail_names_nobody(small, ticket, come):
    come(answer(ticket, automatic="out_of_office", cc=[Address("ally@x.example")]))
    assert db.session.scalar(sa.select(TicketCc)) is None


def test_t4_a_list_of_hundreds_is_not_put_before_anybody(small, ticket, come):
    come(answer(ticket, cc=[Address(f"n{number}@x.example") for number in range(300)]))
    assert db.session.scalar(sa.select(sa.func.count(TicketCc.id))) == 30


# T6: no mail runs in circles


@pytest.mark.parametrize("address", ["help@desk.example", "support@desk.example"])
def test_t6_mail_from_an_address_of_our_own_is_left_out(small, ticket, come, address):
    row = come(answer(ticket, address, automatic="own_loop"))
    assert (row.state, row.reason) == ("dropped", "own_mail") and len(said(ticket)) == 1 and len(tickets()) == 1


def test_t6_the_address_we_send_from_is_our_own_too(small, ticket, come, postbox):
    assert come(mail("help@jardam.example")).reason == "own_mail"


def test_t6_our_own_mail_come_back_through_somebody_is_left_out(small, ticket, come):
    assert come(answer(ticket, automatic="own_loop")).reason == "own_loop" and len(said(ticket)) == 1


def test_t6_an_automatic_answer_opens_nothing_and_answers_nothing(small, ticket, come, postbox, deliver):
    ticket.hold(small.waiting, small.agent)
    deliver()
    before = len(postbox.letters)
    row = come(answer(ticket, text="I am away", automatic="out_of_office"))
    assert row.reason == "automatic" and ticket.status == "pending"
    message = said(ticket)[-1]
    assert (message.kind, message.body, message.mailed.automatic) == ("incoming", "I am away", "out_of_office")
    deliver()
    assert len(postbox.letters) == before


def test_t6_an_automatic_answer_does_not_open_what_is_solved(small, ticket, come):
    ticket.resolve(small.agent)
    assert come(answer(ticket, automatic="auto_submitted")).reason == "automatic" and ticket.status == "resolved"


def test_t6_automatic_mail_is_filed_without_a_word_or_held(small, mailbox, come, postbox, deliver):
    known, unknown = come(mail(automatic="list")), come(mail("robot@x.example", automatic="bulk"))
    assert (known.reason, unknown.reason) == ("automatic_filed", "automatic_unknown")
    deliver()
    assert postbox.to(small.aigul) == []


# T9: the same mail twice


def test_t9_a_mail_to_two_of_our_addresses_is_said_once(small, ticket, mailbox, come):
    other = Mailbox(name="Sales", address="sales@desk.example", way="pipe")
    db.session.add(other)
    db.session.commit()
    twice = answer(ticket)
    assert [come(twice).reason, come(twice, to=other).reason] == ["joined", "double"]
    new = mail()
    assert [come(new).reason, come(new, to=other).reason] == ["filed", "double"]
    assert len(said(ticket)) == 2 and len(tickets()) == 2


def test_t9_two_teams_asked_by_one_mail_are_both_asked(small, mailbox, come):
    other = Mailbox(name="Network", address="net@desk.example", way="pipe", team_id=small.second.id)
    db.session.add(other)
    db.session.commit()
    new = mail()
    assert [come(new).reason, come(new, to=other).reason] == ["filed", "filed"]
    assert [made.team_id for made in tickets()] == [small.first.id, small.second.id]


def test_t9_nobody_silences_another_by_a_message_id_sent_first(small, ticket, come):
    real = answer(ticket)
    come(answer(ticket, "thief@x.example", message_id=real.message_id))
    assert come(real).reason == "joined"


def test_t9_a_mail_settled_is_not_taken_in_again(small, ticket, come):
    row = come(answer(ticket))
    come(answer(ticket), row_id=row.id)
    assert len(said(ticket)) == 2


# T11 and references


def test_t11_nothing_in_a_mail_steers_the_desk(small, ticket, come):
    """What a mail says of itself never says more than its reference and its sender do."""
    row = come(mail("thief@x.example", subject=f"[#{ticket.id}] X-Jardam-Ticket: {ticket.id}",
                    text=f"#resolve\n#assign agent\nX-Jardam-Requester: {ticket.id}", proof=PROVEN))
    assert row.state == "held" and ticket.status == "new" and len(said(ticket)) == 1


def test_a_reference_to_a_ticket_that_is_gone_is_none(small, mailbox, come):
    assert come(mail(references=[signed(987_654)])).reason == "filed"
    assert come(mail(references=[signed(10**17)])).reason == "filed"


def test_of_two_references_the_right_one_counts(small, ticket, come):
    other = factories.ticket(small.aigul, small.printer)
    row = come(mail(references=[signed(ticket), signed(other)]))
    assert (row.reason, row.ticket_id) == ("joined", other.id) and len(said(ticket)) == 1


def test_of_two_references_the_one_in_which_the_sender_takes_part_counts(small, ticket, come):
    foreign = factories.ticket(small.bakyt, small.printer)
    row = come(mail(references=[signed(ticket), signed(foreign)]))
    assert (row.reason, row.ticket_id) == ("joined", ticket.id) and len(said(foreign)) == 1


def test_the_root_of_a_thread_is_a_reference_too(small, ticket, come):
    assert come(mail(references=[references.root(ticket.id, "desk.example").strip("<>")])).reason == "joined"


def test_a_reference_to_a_confidential_ticket_lets_in_only_its_people(small, mailbox, come):
    secret = factories.request_type("secret", small.first, is_confidential=True)
    ticket = factories.ticket(small.aigul, secret, body=SECRET)
    boss = people.user("boss", administrator=True)
    assert come(answer(ticket, boss.email, proof=PROVEN)).reason == "proposed"
    assert come(answer(ticket, small.expert.email, proof=PROVEN)).reason == "proposed"
    assert come(answer(ticket, small.agent.email, proof=PROVEN)).reason == "replied"
    assert come(answer(ticket)).reason == "joined"
    assert not sees(boss, ticket) and not sees(small.expert, ticket)


def test_every_message_of_a_mail_says_how_far_its_sender_is_proven(small, ticket, come):
    for proof in ({}, PROVEN):
        come(answer(ticket, proof=proof))
    come(mail(small.aigul.email, proof=FORGED))
    kept = db.session.scalars(sa.select(Mailed.proof).order_by(Mailed.message_id))
    assert list(kept) == ["", "proven", "failed"]


def test_who_knows_a_reference_and_forges_its_owner_waits_for_an_agent(small, ticket, come):
    """References travel on: whoever got a copy of an answer knows one."""
    forged = come(answer(ticket, proof=FORGED))
    assert (forged.state, forged.reason, forged.ticket_id) == ("held", "forged", ticket.id)
    assert [message.kind for message in ticket.messages] == ["incoming"]
