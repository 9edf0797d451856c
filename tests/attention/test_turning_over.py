"""What the desk does when an absence begins and ends, and on whose behalf things are done meanwhile."""

import pytest
import sqlalchemy as sa

from app.accounts import absence_actions, absences
from app.attention import housekeeping, summary
from app.core.db import db
from app.core.errors import Conflict
from app.core.events import events_of
from app.tickets import actions, history, timeline
from app.tickets.models import AbsenceTicket, TicketAccess
from tests import factories

from .conftest import DAY, NOW

pytestmark = pytest.mark.slow

TOMORROW, AFTERWARDS = NOW + DAY, NOW + 5 * DAY


def last_event(ticket):
    return events_of("ticket", ticket.id)[-1]


def kinds_of(absence):
    return [event.kind for event in events_of("absence", absence.id)]


def test_active_tickets_go_to_the_deputy_when_the_absence_begins(cast, away, ticket_of):
    printer = ticket_of(cast.aigul)
    done = ticket_of(cast.aigul, "Done")
    done.resolve(cast.aigul, NOW)
    absence = away(cast.aigul, tickets=cast.bakyt)
    assert housekeeping.turn_over(NOW) == 0
    assert housekeeping.turn_over(TOMORROW) == 1
    assert (printer.assignee_id, done.assignee_id) == (cast.bakyt.id, cast.aigul.id)
    event = last_event(printer)
    assert (event.kind, event.actor_id, event.on_behalf_of_id) == ("ticket.assigned", None, cast.aigul.id)
    assert event.data["absence_id"] == absence.id
    assert kinds_of(absence) == ["absence.announced", "absence.begun"]
    assert events_of("absence", absence.id)[-1].data == {
        "person": "Aigul", "tickets": 1, "passed": 1, "deputy_id": cast.bakyt.id}


def test_twice_is_once(cast, away, ticket_of):
    printer = ticket_of(cast.aigul)
    away(cast.aigul, tickets=cast.bakyt)
    housekeeping.turn_over(TOMORROW)
    count = len(events_of("ticket", printer.id))
    assert housekeeping.turn_over(TOMORROW) == 0
    assert housekeeping._begin(db.session.scalar(sa.select(AbsenceTicket.absence_id)), TOMORROW) is False
    assert len(events_of("ticket", printer.id)) == count


def test_tickets_stay_where_that_was_chosen_and_what_was_there_is_written_down(cast, away, ticket_of):
    printer = ticket_of(cast.aigul)
    away(cast.aigul, tickets=cast.bakyt, passes_tickets=False)
    housekeeping.turn_over(TOMORROW)
    assert printer.assignee_id == cast.aigul.id
    assert db.session.scalar(sa.select(AbsenceTicket.deputy_id).where(AbsenceTicket.ticket_id == printer.id)) is None


def test_without_a_deputy_tickets_stay(cast, away, ticket_of):
    printer = ticket_of(cast.aigul)
    away(cast.aigul)
    housekeeping.turn_over(TOMORROW)
    assert printer.assignee_id == cast.aigul.id


def test_who_is_away_too_is_passed_over(cast, away, ticket_of):
    printer = ticket_of(cast.aigul)
    away(cast.bakyt, tickets=cast.chynara)
    away(cast.aigul, tickets=cast.bakyt)
    housekeeping.turn_over(TOMORROW)
    assert printer.assignee_id == cast.chynara.id


def test_what_the_deputy_must_not_get_stays(cast, away, ticket_of):
    """The deputy's own request, what is confidential, and what the administrator cannot be assigned."""
    own = ticket_of(cast.aigul, "Of Bakyt", requester=cast.bakyt)
    secret = ticket_of(cast.aigul, "Secret")
    secret.is_confidential = True
    named = ticket_of(cast.aigul, "Secret of the team")
    named.is_confidential = True
    named.accesses.append(TicketAccess(team_id=cast.first.id))
    away(cast.aigul, tickets=cast.bakyt)
    housekeeping.turn_over(TOMORROW)
    assert (own.assignee_id, secret.assignee_id, named.assignee_id) == (cast.aigul.id, cast.aigul.id, cast.bakyt.id)


def test_a_cancelled_absence_begins_never(cast, away, ticket_of):
    printer = ticket_of(cast.aigul)
    absence_actions.cancel(away(cast.aigul, tickets=cast.bakyt), cast.aigul, NOW)
    assert housekeeping.turn_over(TOMORROW) == 0
    assert printer.assignee_id == cast.aigul.id


def test_an_absence_put_off_while_it_is_found_does_not_begin(cast, away, ticket_of):
    """Between looking for what is due and claiming it the first day was moved."""
    printer = ticket_of(cast.aigul)
    absence = away(cast.aigul, tickets=cast.bakyt, after=2)
    assert not housekeeping._begin(absence.id, TOMORROW)
    housekeeping.turn_over(TOMORROW + DAY)
    assert printer.assignee_id == cast.bakyt.id


def test_a_desk_that_was_switched_off_all_the_time_passes_nothing_on(cast, away, ticket_of):
    printer = ticket_of(cast.aigul)
    absence = away(cast.aigul, tickets=cast.bakyt)
    assert housekeeping.turn_over(AFTERWARDS) == 1
    assert printer.assignee_id == cast.aigul.id
    assert kinds_of(absence) == ["absence.announced", "absence.ended"]


def test_the_end_is_told_once(cast, away):
    absence = away(cast.aigul)
    housekeeping.turn_over(TOMORROW)
    assert [housekeeping.turn_over(AFTERWARDS) for _ in range(2)] == [1, 0]
    assert kinds_of(absence) == ["absence.announced", "absence.begun", "absence.ended"]


def test_who_came_back_early_is_not_told_again(cast, away):
    absence = away(cast.aigul, after=0)
    housekeeping.turn_over(NOW)
    absence_actions.come_back(absence, cast.aigul, TOMORROW)
    db.session.commit()
    assert housekeeping.turn_over(AFTERWARDS) == 0


# On whose behalf

def test_the_deputy_acts_on_behalf_of_the_absent_assignee(cast, away, ticket_of):
    printer = ticket_of(cast.aigul)
    away(cast.aigul, tickets=cast.bakyt, passes_tickets=False)
    printer.reply("We are on it", cast.bakyt, TOMORROW)
    assert last_event(printer).on_behalf_of_id == cast.aigul.id
    assert timeline.sentence(last_event(printer)) == "Bakyt replied, on behalf of Aigul"
    printer.assign(cast.chynara, cast.bakyt, TOMORROW)
    assert last_event(printer).on_behalf_of_id == cast.aigul.id


def test_every_event_says_so_not_only_the_changes_of_facts(cast, away, ticket_of, at):
    printer = ticket_of(cast.aigul)
    away(cast.aigul, tickets=cast.bakyt, passes_tickets=False)
    at(TOMORROW)
    actions.tag(printer, "paper", cast.bakyt)
    assert (last_event(printer).kind, last_event(printer).on_behalf_of_id) == ("ticket.tagged", cast.aigul.id)


def test_so_with_what_was_passed_on_and_until_it_is_taken_back(cast, away, ticket_of):
    printer = ticket_of(cast.aigul)
    absence = away(cast.aigul, tickets=cast.bakyt)
    housekeeping.turn_over(TOMORROW)
    printer.reply("We are on it", cast.bakyt, TOMORROW)
    assert last_event(printer).on_behalf_of_id == cast.aigul.id
    absence_actions.come_back(absence, cast.aigul, TOMORROW + DAY)
    printer.reply("Still on it", cast.bakyt, TOMORROW + DAY)
    assert last_event(printer).on_behalf_of_id is None


def test_so_with_the_deputy_of_the_deputy(cast, away, ticket_of):
    printer = ticket_of(cast.aigul)
    away(cast.bakyt, days=1, tickets=cast.chynara)
    away(cast.aigul, tickets=cast.bakyt, passes_tickets=False)
    printer.note("Toner ordered", cast.chynara, TOMORROW)
    assert last_event(printer).on_behalf_of_id == cast.aigul.id
    printer.note("It came", cast.bakyt, TOMORROW + DAY)
    assert last_event(printer).on_behalf_of_id == cast.aigul.id


@pytest.mark.parametrize("who", ["chynara", "lead", "aigul"])
def test_others_act_for_themselves(cast, away, ticket_of, who):
    printer = ticket_of(cast.aigul)
    away(cast.aigul, tickets=cast.bakyt, passes_tickets=False)
    printer.note("Seen", getattr(cast, who), TOMORROW)
    assert last_event(printer).on_behalf_of_id is None


def test_a_deputy_acts_in_his_own_name_on_other_tickets_and_before_and_after(cast, away, ticket_of):
    printer, other = ticket_of(cast.aigul), ticket_of(cast.chynara)
    away(cast.aigul, days=2, tickets=cast.bakyt, passes_tickets=False)
    for ticket, moment in ((other, TOMORROW), (printer, NOW), (printer, AFTERWARDS)):
        ticket.note("Seen", cast.bakyt, moment)
        assert last_event(ticket).on_behalf_of_id is None


def test_what_a_requester_does_is_his_own(cast, away, ticket_of):
    own = ticket_of(cast.aigul, requester=cast.bakyt)
    away(cast.aigul, tickets=cast.bakyt, passes_tickets=False)
    own.receive("Any news?", cast.bakyt, TOMORROW)
    assert last_event(own).on_behalf_of_id is None


def test_filing_for_somebody_reads_like_acting_for_somebody(cast):
    filed = factories.ticket(cast.asker, cast.kind, by=cast.aigul)
    assert timeline.sentence(last_event(filed)) == "Aigul filed the ticket, on behalf of Asker"
    assert history.lines([last_event(filed)], staff=False)[0].sentence == "Aigul filed the ticket, on behalf of Asker"


def test_asking_costs_nothing_where_nobody_stands_in(cast, away, ticket_of, statements):
    printer = ticket_of(cast.aigul)
    away(cast.chynara)
    absences.is_absent(cast.bakyt.id, TOMORROW)
    with statements() as said:
        assert printer.stood_in_for(cast.bakyt, TOMORROW) is None
    assert said == []


# Nothing new for who is absent

def test_nobody_assigns_to_who_is_absent_and_the_deputy_is_named(cast, away, ticket_of):
    printer = ticket_of(cast.chynara)
    away(cast.aigul, days=3, tickets=cast.bakyt)
    with pytest.raises(Conflict, match=r"Aigul is absent until Mar 5, 2026; Bakyt stands in\."):
        printer.assign(cast.aigul, cast.lead, TOMORROW)
    printer.assign(cast.aigul, cast.lead, NOW)


def test_where_nobody_stands_in_people_may_and_the_desk_may_not(cast, away, ticket_of):
    printer = ticket_of(cast.chynara)
    away(cast.aigul)
    with pytest.raises(Conflict, match="and nobody stands in"):
        printer.assign(cast.aigul, None, TOMORROW)
    printer.assign(cast.aigul, cast.lead, TOMORROW)
    assert printer.assignee_id == cast.aigul.id


# Taking back

def test_what_was_passed_on_comes_back_in_one_go(cast, away, ticket_of):
    kept, done, gone, moved = (ticket_of(cast.aigul, name) for name in ("Kept", "Done", "Elsewhere", "Other team"))
    absence = away(cast.aigul, tickets=cast.bakyt)
    housekeeping.turn_over(TOMORROW)
    done.resolve(cast.bakyt, TOMORROW)
    gone.assign(cast.chynara, cast.bakyt, TOMORROW)
    moved.escalate(cast.second, "Cable", cast.bakyt, TOMORROW)
    with pytest.raises(Conflict, match="still absent"):
        summary.take_back(absence, cast.aigul, TOMORROW)
    assert summary.take_back(absence, cast.aigul, AFTERWARDS) == 2
    assert [ticket.assignee_id for ticket in (kept, done, gone, moved)] == [
        cast.aigul.id, cast.bakyt.id, cast.aigul.id, None]
    assert last_event(kept).on_behalf_of_id is None
    assert summary.take_back(absence, cast.aigul, AFTERWARDS) == 0


def test_one_ticket_comes_back(cast, away, ticket_of):
    one, other = ticket_of(cast.aigul), ticket_of(cast.aigul)
    absence = away(cast.aigul, tickets=cast.bakyt)
    housekeeping.turn_over(TOMORROW)
    assert summary.take_back(absence, cast.aigul, AFTERWARDS, other.number) == 1
    assert (one.assignee_id, other.assignee_id) == (cast.bakyt.id, cast.aigul.id)
    assert summary.waiting(cast.aigul, absence.id) == 1


def test_the_summary_tells_the_last_of_what_happened_meanwhile(cast, away, ticket_of):
    printer, quiet = ticket_of(cast.aigul), ticket_of(cast.aigul, "Quiet")
    absence = away(cast.aigul, tickets=cast.bakyt, passes_tickets=False)
    housekeeping.turn_over(TOMORROW)
    printer.reply("Working on it", cast.bakyt, TOMORROW)
    printer.resolve(cast.bakyt, TOMORROW + DAY)
    printer.reopen(cast.asker, AFTERWARDS)
    told = {line.ticket: line for line in summary.of(absence, cast.aigul, AFTERWARDS).lines}
    assert (told[printer].sentence, told[printer].count) == ("Bakyt resolved the ticket, on behalf of Aigul", 2)
    assert (told[quiet].sentence, told[quiet].count) == ("", 0)


def test_a_head_is_told_the_public_part_and_only_of_what_is_seen(cast, away, ticket_of):
    printer, secret = ticket_of(cast.aigul), ticket_of(cast.aigul, "Secret")
    secret.is_confidential = True
    absence = away(cast.aigul, tickets=cast.bakyt, passes_tickets=False)
    housekeeping.turn_over(TOMORROW)
    printer.reply("Working on it", cast.bakyt, TOMORROW)
    printer.note("The printer is a wreck", cast.bakyt, TOMORROW)
    [line] = summary.of(absence, cast.head, AFTERWARDS).lines
    assert (line.ticket, line.sentence, line.can_be_taken_back) == (
        printer, "Bakyt replied, on behalf of Aigul", False)


def test_the_summary_costs_the_same_for_many_tickets(cast, away, ticket_of, statements):
    for number in range(3):
        ticket_of(cast.aigul, f"Printer {number}")
    absence = away(cast.aigul, tickets=cast.bakyt)
    housekeeping.turn_over(TOMORROW)
    counts = []
    for _ in range(2):
        db.session.expire_all()
        cast.aigul.name, absence.starts_at, cast.aigul.memberships
        with statements() as said:
            summary.of(absence, cast.aigul, AFTERWARDS)
        counts.append(len(said))
        for number in range(5):
            late = ticket_of(cast.aigul, f"Scanner {number}")
            db.session.add(AbsenceTicket(absence_id=absence.id, ticket_id=late.id, deputy_id=cast.bakyt.id))
        db.session.commit()
    assert counts[0] == counts[1]
