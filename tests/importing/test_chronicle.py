"""A chronicle writes what the verbs of a ticket would have written: the same story told twice, compared row for row."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from app.core.db import db
from app.core.events import Event, events_of, history
from app.importing import bulk
from app.importing.chronicle import Chronicle, Place, first_facts
from app.importing.clockwork import Run
from app.sla.timers import Timers
from app.tickets.models import Ticket
from app.tickets.settings import priority_of
from tests import factories

pytestmark = pytest.mark.slow

START = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)


def at(minute):
    return START + timedelta(minutes=minute)


def by_verbs(cast):
    """Two levels, waiting, a return, an end, an answer that opens it again."""
    with history():
        ticket = factories.ticket(cast.aigul, cast.printer, at=at(0))
        ticket.take(cast.agent, at(1))
        ticket.reply("Which room?", cast.agent, at(2))
        ticket.hold(cast.waiting, cast.agent, at(3))
        ticket.receive("Room 12", cast.aigul, at(4))
        ticket.note("Cable", cast.agent, at(5))
        ticket.escalate(cast.second, "Cable", cast.agent, at(6), {"tried": "restart"})
        ticket.take(cast.expert, at(7))
        ticket.hold(cast.waiting, cast.expert, at(7.5))
        ticket.hand_back("Which socket?", cast.expert, at(8))
        ticket.escalate(cast.second, "Socket 4", cast.agent, at(9))
        ticket.move(cast.third, "Not ours", cast.expert, at(10))
        ticket.hold(cast.waiting, cast.expert, at(11))
        ticket.resolve(cast.expert, at(12))
        ticket.receive("Again!", cast.aigul, at(13))
        ticket.assign(cast.agent, cast.agent, at(14))
        ticket.resolve(cast.agent, at(15))
        ticket.close(None, at(16))
    db.session.commit()
    return ticket


def by_chronicle(cast):
    first, second, third = (Place(team.id, team.level) for team in (cast.first, cast.second, cast.third))
    agent, expert = cast.agent.id, cast.expert.id
    facts = first_facts(cast.printer, first, cast.aigul, priority_of(cast.printer.impact, cast.printer.urgency))
    told = Chronicle(facts, {"subject": "Printer", "fields": {}})
    told.filed(at(0), "It does not print")
    told.taken(agent, at(1))
    told.replied("Which room?", agent, at(2))
    told.held(("waiting", True), agent, at(3), waits_for_requester=True)
    told.answered("Room 12", cast.aigul.id, at(4))
    told.noted("Cable", agent, at(5))
    told.hopped(second, "Cable", agent, at(6), {"tried": "restart"})
    told.taken(expert, at(7))
    told.held(("waiting", True), expert, at(7.5), waits_for_requester=True)
    told.hopped(told.escalated_by, "Which socket?", expert, at(8))
    told.hopped(second, "Socket 4", agent, at(9))
    told.hopped(third, "Not ours", expert, at(10))
    told.held(("waiting", True), expert, at(11), waits_for_requester=True)
    told.resolved(expert, at(12))
    told.answered("Again!", cast.aigul.id, at(13))
    told.assigned(agent, agent, at(14))
    told.resolved(agent, at(15))
    told.closed(None, at(16))
    [number] = bulk.write([told], [Run(Timers(0))])
    db.session.commit()
    return db.session.get(Ticket, number)


def told_events(ticket):
    return [(e.kind, e.actor_id, e.on_behalf_of_id, e.occurred_at, {k: v for k, v in e.data.items()
                                                                    if k != "message_id"})
            for e in events_of("ticket", ticket.id)]


def test_the_same_events(two_levels):
    assert told_events(by_chronicle(two_levels)) == told_events(by_verbs(two_levels))


@pytest.mark.parametrize("spells", ["messages", "handovers", "holds", "resolutions"])
def test_the_same_spells(two_levels, spells):
    def rows(ticket):
        return [{c.key: getattr(row, c.key) for c in sa.inspect(type(row)).columns if c.key not in ("id", "ticket_id")}
                for row in getattr(ticket, spells)]

    assert rows(by_chronicle(two_levels)) == rows(by_verbs(two_levels))


def test_the_same_ticket(two_levels):
    def columns(ticket):
        return {c.key: getattr(ticket, c.key) for c in sa.inspect(Ticket).columns if c.key not in ("id", "version")}

    assert columns(by_chronicle(two_levels)) == columns(by_verbs(two_levels))


def test_an_event_of_a_message_names_it(two_levels):
    ticket = by_chronicle(two_levels)
    named = {e.data["message_id"] for e in events_of("ticket", ticket.id) if "message_id" in e.data}
    assert named == {message.id for message in ticket.messages[1:]}


def test_filed_by_an_agent_for_somebody(two_levels):
    with history():
        spoken = factories.ticket(two_levels.aigul, two_levels.printer, at=at(0), by=two_levels.agent, channel="phone")
    facts = first_facts(two_levels.printer, Place(two_levels.first.id, 1), two_levels.aigul, spoken.priority)
    told = Chronicle(facts | {"channel": "phone"}, {"subject": "Printer", "fields": {}})
    told.filed(at(0), "It does not print", two_levels.agent.id)
    [number] = bulk.write([told], [Run(Timers(0))])
    written = db.session.get(Ticket, number)
    assert told_events(written) == told_events(spoken)
    assert (written.filed_by_id, written.messages[0].entered_by_id) == (two_levels.agent.id, two_levels.agent.id)
    assert written.messages[0].channel == spoken.messages[0].channel == "phone"


def test_nothing_is_sent(two_levels):
    from app.core.outbox import OutboxRow

    by_chronicle(two_levels)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(OutboxRow)) == 0
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Event)) > 10
