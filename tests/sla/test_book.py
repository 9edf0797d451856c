"""The copy of policies and rules that each process keeps: read anew when something changed, never wrong meanwhile."""

from flask import g

from app.calendars import actions as calendars
from app.core.clock import now
from app.sla import actions
from app.sla.book import FixedBook, live_book
from tests.sla.conftest import HOUR, OFFICE, TARGETS, at, rule

FACTS = {"priority": "P1", "kind": "incident", "request_type_id": 1, "department_id": None, "team_id": 1}


def next_request():
    g.pop("settings", None)


def test_an_unchanged_desk_is_not_read_again(office, statements):
    live_book()
    assert statements(live_book) <= 1, "at most the query that reads the settings of a request"


def test_a_change_anywhere_is_seen_by_the_next_request(office):
    before = live_book()
    actions.change_policy(office.policy, actions.Promised(office.calendar, {"P1": {"resolution": HOUR}}), None, now())
    next_request()
    assert before.choose(FACTS, now()).promise.seconds("resolution", "P1") == TARGETS["P1"]["resolution"]
    assert live_book().choose(FACTS, now()).promise.seconds("resolution", "P1") == HOUR


def test_other_working_hours_are_seen_too(office):
    live_book()
    calendars.change(office.calendar, calendars.Hours("Europe/Moscow", OFFICE), None, now())
    next_request()
    assert live_book().choose(FACTS, now()).edition.hours.zone == "Europe/Moscow"


def test_a_version_younger_than_the_copy_is_looked_up(office):
    old = live_book()
    actions.change_policy(office.policy, actions.Promised(office.calendar, {"P1": {"resolution": HOUR}}), None, now())
    calendars.change(office.calendar, calendars.Hours("Europe/Moscow", OFFICE), None, now())
    assert old.promise(office.policy.versions[-1].id).seconds("resolution", "P1") == HOUR
    assert old.edition(office.calendar.versions[-1].id).hours.zone == "Europe/Moscow"


def test_an_import_names_its_policy_whatever_the_rules_say(office):
    actions.set_rules([rule(office.policy, priority=["P4"])], None, now())
    book = FixedBook(office.policy.id, live_book())
    chosen = book.choose(FACTS, at("1999-01-01 00:00"))
    assert chosen.promise.policy_id == office.policy.id and chosen.rule_id is None
