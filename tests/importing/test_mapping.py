"""The mapping file: what comes along can be read, and what is wrong in one is named with its place."""

import tomllib

import pytest

from app.importing import mapping as mappings
from app.importing.piece import MappingError

pytestmark = pytest.mark.slow


@pytest.fixture
def raw():
    return tomllib.loads(mappings.find("incidents").read_text(encoding="utf-8"))


def test_the_shipped_mapping_is_found_by_name():
    assert mappings.read(mappings.find("incidents")).source == "bpi-2013-incidents"


def test_exact_names_win_over_beginnings_and_longer_ones_over_shorter(incidents):
    assert incidents.meaning("Accepted+Wait - User") == "wait:imported-wait-user"
    assert incidents.meaning("Accepted+Wait - Lawyer") == "wait:imported-wait"
    assert incidents.meaning("Queued+Anything") == "queue"
    assert incidents.meaning("Unmatched+Unmatched") == "unknown"


@pytest.mark.parametrize("path, value, told", [
    (("columns", "case"), None, "columns.case: is missing"),
    (("colour",), "red", "colour: is not understood here"),
    (("columns", "colour"), "red", "columns.colour: is not understood here"),
    (("time", "zone"), "Mars/Olympus", "time.zone: “Mars/Olympus” is not a time zone"),
    (("source",), "Big Spaces", "source: small letters"),
    (("activities", "Queued+*"), "dance", "activities.Queued.*: one of .*queue.* is needed, not “dance”"),
    (("activities", "Queued+*"), "wait:nothing", "is needed, not “wait:nothing”"),
    (("request_type", "kind"), "wish", "request_type.kind: one of incident"),
    (("policy", "resolution_hours"), "long", "policy.resolution_hours: a whole number"),
    (("policy", "from"), "2010-01-01", "policy.from: a date"),
    (("reasons", "imported-wait", "pauses"), "no", "reasons.imported-wait.pauses: true or false"),
    (("teams",), [], "one team of level 1 and at least one of level 2"),
    (("teams",), "many", "teams: \\[\\[teams\\]\\] is needed"),
    (("ticket", "subject"), "", "ticket.subject: a text is needed"),
    (("ticket", "subject"), "Case {number}", "ticket.subject: only {case} can stand in braces"),
    (("calendar", "week"), "8x5", "calendar.week: “24x7”, or a table of mon"),
    (("calendar", "week"), {"mon": ["9 to 5"]}, "calendar.week: intervals such as"),
    (("calendar", "week"), {"mon": ["09:00-25:00"]}, "calendar.week: malformed time"),
    (("calendar", "week"), {}, "calendar.week: no working time"),
])
def test_what_is_wrong_is_named(raw, path, value, told):
    *way, last = path
    place = raw
    for key in way:
        place = place[key]
    if value is None:
        del place[last]
    else:
        place[last] = value
    with pytest.raises(MappingError, match=told):
        mappings.parse(raw)


def test_a_file_that_is_not_there_names_those_that_are(tmp_path):
    with pytest.raises(MappingError, match="nowhere.*shipped: .*incidents"):
        mappings.read(mappings.find("nowhere"))


def test_a_file_that_is_no_toml(tmp_path):
    path = tmp_path / "m.toml"
    path.write_text("a = = b")
    with pytest.raises(MappingError, match="m.toml: .*line 1"):
        mappings.read(path)
