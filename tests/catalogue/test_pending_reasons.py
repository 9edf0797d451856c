"""Reasons to wait in the browser."""

from app.core.db import db
from app.core.events import events_of
from app.tickets.models import PendingReason
from app.tickets.queries import pending_reasons
from tests import factories

NEW = "/admin/pending-reasons/new"


def test_new_reason_is_offered_and_told_of(root, save):
    assert save(NEW, slug="customs", names_en="Waiting for customs", position="3").status_code == 302
    assert [(reason.slug, reason.pauses) for reason in pending_reasons()] == [("customs", True)]
    told = events_of("pending_reason", 0)[-1].data
    assert told["reason"] == "customs"
    assert told["changes"]["names"] == [{}, {"en": "Waiting for customs"}]


def test_reason_stops_pausing_from_now_on(root, save):
    factories.pending_reason("supplier")
    assert save("/admin/pending-reasons/supplier", pauses=None).status_code == 302
    assert not db.session.get(PendingReason, "supplier").pauses
    assert events_of("pending_reason", 0)[-1].data["changes"] == {"pauses": [True, False]}


def test_short_name_is_one_and_stays(root, save):
    factories.pending_reason("supplier")
    assert save(NEW, slug="supplier", names_en="Again").status_code == 409
    save("/admin/pending-reasons/supplier", slug="another")
    assert db.session.get(PendingReason, "another") is None


def test_second_of_two_savers_is_told(root, filled):
    factories.pending_reason("supplier")
    path = "/admin/pending-reasons/supplier"
    mine, theirs = filled(path, names_en="Mine"), filled(path, names_en="Theirs")
    assert root.post(path, data=theirs).status_code == 302
    assert root.post(path, data=mine).status_code == 409


def test_unknown_reason_is_not_there(root):
    assert root.get("/admin/pending-reasons/nonsense").status_code == 404
