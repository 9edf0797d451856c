"""The page of notifications, the number in the menu, and the test of the relay."""

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from app.core import clock
from app.core.db import db
from app.core.relay import relay
from app.notifications import queries
from app.notifications.models import Notification
from app.tickets import actions
from tests import factories, people

pytestmark = pytest.mark.slow


@pytest.fixture
def ticket(small, deliver):
    made = factories.ticket(small.aigul, small.printer, subject="Printer in room 12")
    made.take(small.agent)
    made.reply("Done?", small.agent)
    deliver()
    return made


def ids(user):
    return list(db.session.scalars(sa.select(Notification.id).where(
        Notification.user_id == user.id, Notification.channel == "app").order_by(Notification.id)))


def test_a_stranger_is_asked_to_sign_in(small, client):
    assert "next=/notifications" in client.get("/notifications").location
    assert client.post("/notifications/reading").status_code == 401
    assert client.post("/notifications/1/reading").status_code == 401
    assert client.post("/admin/mail/test").status_code == 401


def test_what_happened_stands_there_unread_and_counted(small, ticket, browser_of):
    page = browser_of(small.aigul).get("/notifications").text
    assert "Agent replied" in page
    assert "Printer in room 12" in page
    assert "Unread:" in page
    assert '<span class="count"><span>1</span></span>' in page


def test_opening_one_reads_all_of_that_ticket(small, ticket, browser_of, deliver):
    ticket.reply("Well?", small.agent)
    other = factories.ticket(small.aigul, small.printer)
    other.reply("Hello", small.agent)
    deliver()
    browser = browser_of(small.aigul)
    answer = browser.post(f"/notifications/{ids(small.aigul)[0]}/reading")
    assert (answer.status_code, answer.location) == (303, f"/tickets/{ticket.number}")
    assert queries.unread_count(small.aigul) == 1
    assert browser.get(answer.location).status_code == 200


def test_reading_all_leaves_what_came_after_the_page_was_drawn(small, ticket, browser_of, deliver):
    shown = ids(small.aigul)[-1]
    ticket.reply("Well?", small.agent)
    deliver()
    browser = browser_of(small.aigul)
    assert browser.post("/notifications/reading", data={"up_to": shown}).status_code == 303
    assert queries.unread_count(small.aigul) == 1


@pytest.mark.parametrize("up_to", ["", "x", "-1", "9" * 30, "²"])
def test_nonsense_reads_nothing(small, ticket, browser_of, up_to):
    assert browser_of(small.aigul).post("/notifications/reading", data={"up_to": up_to}).status_code == 303
    assert queries.unread_count(small.aigul) == 1


def test_those_of_others_are_not_there(small, ticket, browser_of):
    browser = browser_of(small.bakyt)
    for number in (ids(small.aigul)[0], 10**30):
        assert browser.post(f"/notifications/{number}/reading").status_code == 404
    assert "Printer in room 12" not in browser.get("/notifications").text
    assert queries.unread_count(small.aigul) == 1


def test_nothing_is_left_of_a_ticket_that_went_out_of_sight(small, ticket, browser_of, deliver):
    actions.watch(ticket, small.bakyt, small.agent)
    ticket.reply("Done", small.agent)
    deliver()
    assert queries.unread_count(small.bakyt) == 1
    actions.unwatch(ticket, small.bakyt, small.agent)
    db.session.commit()
    browser = browser_of(small.bakyt)
    assert "Printer in room 12" not in browser.get("/notifications").text
    assert browser.post(f"/notifications/{ids(small.bakyt)[0]}/reading").status_code == 404
    assert queries.unread_count(small.bakyt) is None


def test_the_count_stops_at_99(small, ticket):
    happened = ticket.id and db.session.scalar(sa.select(Notification.event_id))
    fill(small.aigul, ticket, happened, 120)
    assert queries.unread_count(small.aigul) == 99


def fill(user, ticket, happened, count):
    """Notifications of events that are copies of one that happened."""
    from app.core.events import Event

    first = db.session.get(Event, happened)
    for _each in range(count):
        made = Event(kind=first.kind, subject_type="ticket", subject_id=ticket.id, actor_id=first.actor_id,
                     occurred_at=clock.now(), recorded_at=clock.now(), data={})
        db.session.add(made)
        db.session.add(Notification(event=made, user_id=user.id, channel="app", ticket_id=ticket.id,
                                    created_at=clock.now()))
    db.session.commit()


def test_a_long_list_is_paged_and_costs_the_same(small, ticket, browser_of):
    browser = browser_of(small.aigul)
    browser.get("/notifications")
    few = queries_of(lambda: browser.get("/notifications"))
    fill(small.aigul, ticket, db.session.scalar(sa.select(Notification.event_id)), 60)
    assert queries_of(lambda: browser.get("/notifications")) == few
    page = browser.get("/notifications").text
    assert page.count("data-row") == 25
    older = page.split('rel="next" href="')[1].split('"')[0]
    assert browser.get(older.replace("&amp;", "&")).text.count("data-row") == 25
    assert browser.get("/notifications?after=rubbish").status_code == 400


def queries_of(act):
    statements = []

    def count(connection, cursor, statement, *rest):
        if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
            statements.append(statement)

    event.listen(db.engine, "before_cursor_execute", count)
    try:
        act()
    finally:
        event.remove(db.engine, "before_cursor_execute", count)
    assert statements
    return len(statements)


def test_the_administrator_tries_the_relay(small, postbox, browser_of):
    root = people.user("root", administrator=True)
    browser = browser_of(root)
    assert browser.post("/admin/mail/test", data={"next": "/notifications"}).location == "/notifications"
    assert f"127.0.0.1 took the test mail to {root.email}" in browser.get("/notifications").text
    assert len(postbox.to(root)) == 1


def test_the_administrator_reads_what_is_wrong(small, postbox, browser_of):
    browser = browser_of(people.user("root", administrator=True))
    postbox.close()
    browser.post("/admin/mail/test")
    assert f"nothing answers on port {postbox.port}" in browser.get("/notifications").text
    relay.change(host="")
    browser.post("/admin/mail/test")
    assert "No relay is set yet" in browser.get("/notifications").text


def test_nobody_else_sends_test_mails(small, postbox, browser_of):
    assert browser_of(small.agent).post("/admin/mail/test").status_code == 404
    assert postbox.letters == []
