"""Every audience is of a topic, and a topic is what its reader is to the ticket."""

import pytest

from app.core import clock
from app.core.db import db
from app.core.events import events_of
from app.notifications import audience, choices
from app.notifications.models import Notification
from app.notifications.topics import BY_AUDIENCE, BY_WORD, OUTSIDE, PASSING, TOPICS, topic_of
from app.tickets import actions
from tests import factories

pytestmark = pytest.mark.slow


def last(ticket, kind):
    db.session.flush()
    return [event for event in events_of("ticket", ticket.id) if event.kind == kind][-1]


def test_each_audience_is_known_to_the_topics(app):
    by_part = {"reopened", "cancelled"}
    assert set(audience.AUDIENCES) - set(BY_AUDIENCE) - OUTSIDE == by_part
    assert (BY_WORD | PASSING | OUTSIDE) - set(audience.AUDIENCES) == set()
    assert set(BY_AUDIENCE.values()) - set(TOPICS) == set()


def test_what_cannot_be_chosen_has_one_way_and_what_can_has_the_first_as_usual():
    assert all(topic.ways(channel) == () or topic.default(channel) == "now"
               for topic in TOPICS.values() for channel in ("app", "mail"))
    assert [name for name, topic in TOPICS.items() if not topic.can_be_off] == ["account"]


def test_of_one_event_each_has_the_own_topic(small):
    ticket = factories.ticket(small.aigul, small.printer)
    actions.watch(ticket, small.bakyt, small.agent)
    ticket.assign(small.rival, small.agent)
    ticket.cancel("Never mind", small.agent)
    event = last(ticket, "ticket.cancelled")
    named = [topic_of(event, person, ticket).name for person in (small.aigul, small.bakyt, small.rival, small.expert)]
    assert named == ["my_requests", "watched", "conversation", "watched"]
    filed = last(ticket, "ticket.filed")
    assert [topic_of(filed, person, ticket).name for person in (small.aigul, small.agent)] == [
        "my_requests", "team_queue"]
    assert topic_of(last(ticket, "ticket.assigned"), small.rival, ticket).name == "assigned"


def test_a_note_is_told_to_who_is_mentioned_as_a_mention_only(small, deliver):
    ticket = factories.ticket(small.aigul, small.printer)
    ticket.take(small.agent)
    ticket.note("@agent look", small.rival)
    deliver()
    told = db.session.query(Notification).filter_by(user_id=small.agent.id, channel="app").all()
    assert [one.event.kind for one in told][-1:] == ["ticket.mentioned"]
    assert "ticket.noted" not in [one.event.kind for one in told]


def test_who_does_not_want_mentions_is_told_of_the_note(small, deliver):
    choices.choose(small.agent, TOPICS["mentions"], "app", "never")
    ticket = factories.ticket(small.aigul, small.printer)
    ticket.take(small.agent)
    ticket.note("@agent look", small.rival, clock.now())
    deliver()
    told = db.session.query(Notification).filter_by(user_id=small.agent.id, channel="app").all()
    assert [one.event.kind for one in told][-1:] == ["ticket.noted"]
