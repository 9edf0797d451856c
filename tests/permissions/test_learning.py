"""The reports on knowledge by the side doors: subjects, words and titles that are not for their reader."""

import pytest

from app.kpi.reports.words import REPORTS

from .learning_plants import OPEN, SHUT

pytestmark = pytest.mark.slow
READERS = ("agent", "rival", "first", "lead", "chief", "manager", "admin")


@pytest.mark.parametrize("page", ["kpi.knowledge_show", "kpi.knowledge_export"])
@pytest.mark.parametrize("who", READERS)
def test_every_report_tells_its_reader_what_is_theirs(door, who, page):
    told = set()
    for report in (*REPORTS, "articles"):
        answer = door.get(who, page, report=report)
        assert answer.status == 200
        told |= door.told(answer)
    assert told <= door.known_to(who)
    assert ("ended-subject-q7" in told) == (who in ("agent", "lead", "admin"))


@pytest.mark.parametrize("who", READERS)
def test_of_the_articles_shown_those_are_named_that_the_reader_may_read(door, who):
    page = door.get(who, "kpi.gap_show", "a-gap").text
    assert OPEN in page
    assert (SHUT in page) == (who in ("rival", "chief", "admin"))


@pytest.mark.parametrize("who", READERS)
def test_what_led_to_a_confidential_ticket_is_nowhere(door, who):
    texts = [door.get(who, "kpi.knowledge_show", report=report).text for report in REPORTS]
    texts += [door.get(who, "kpi.gap_show", "a-gap").text]
    assert not any("searched-sealed" in text for text in texts)


@pytest.mark.parametrize("asked", [{"report": "x"}, {"days": "31"}, {"days": "²"}, {"after": "x"}, {"after": "W10"}])
def test_what_makes_no_sense_is_refused(door, asked):
    assert door.get("agent", "kpi.knowledge_show", **asked).status == 400


@pytest.mark.parametrize("key", ["x", "0" * 16, "'" * 3000, "%00"])
def test_a_gap_that_is_none_is_not_there(door, key):
    assert door.knock("admin", "GET", f"/reports/knowledge/clusters/{key}").status == 404
