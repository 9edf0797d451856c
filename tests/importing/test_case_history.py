"""What the rows of one case become."""

import pytest

from app.importing import mapping as mappings
from app.importing.case_history import CaseHistory
from app.importing.chronicle import Chronicle, Place
from app.importing.event_log import Case, Row
from tests.importing.conftest import NOW

pytestmark = pytest.mark.slow

FIRST, SECOND, THIRD = Place(1, 1), Place(2, 2), Place(3, 2)
PEOPLE = {"Adam": 11, "Berta": 12, "Carl": 13, "Siebel": 14}
SHORT = {"work": "Accepted+In Progress", "assigned": "Accepted+Assigned", "queue": "Queued+Awaiting Assignment",
         "user": "Accepted+Wait - User", "vendor": "Accepted+Wait - Vendor", "wait": "Accepted+Wait",
         "resolved": "Completed+Resolved", "closed": "Completed+Closed", "call": "Completed+In Call",
         "cancelled": "Completed+Cancelled", "odd": "Unmatched+Unmatched"}


@pytest.fixture(scope="module")
def mapping():
    return mappings.read(mappings.find("incidents"))


@pytest.fixture
def told(mapping):
    """Tells a case given as 'activity person' words; Adam if no person is named."""

    def tell(*rows, places=(FIRST, SECOND, THIRD)):
        facts = {"status": "new", "team_id": 1, "level": 1, "assignee_id": None, "requester_id": 9, "channel": "api"}
        chronicle = Chronicle(facts, {})
        case = Case("17", [_row(*each) for each in enumerate(rows)])
        return CaseHistory(chronicle, mapping, places, PEOPLE).tell(case)

    return tell


def _row(index, words):
    activity, _, person = words.partition(" ")
    return Row(NOW.replace(minute=index), index + 2, SHORT[activity], person or "Adam")


def kinds(chronicle):
    return [event.kind.removeprefix("ticket.") for event in chronicle.events]


def test_filed_at_its_first_event_and_taken_by_whoever_works(told):
    case = told("work", "resolved", "closed")
    assert kinds(case) == ["filed", "taken", "resolved", "closed"]
    assert {event.at for event in case.events[:2]} == {NOW.replace(minute=0)}
    assert case.facts["assignee_id"] == 11


def test_every_event_names_case_and_line_and_each_row_is_counted_once(told):
    case = told("queue", "work", "work", "odd", "user", "call")
    assert [event.data["source"] for event in case.events] == [
        ["17", 2], ["17", 3], ["17", 4], ["17", 5], ["17", 6], ["17", 7], ["17", 7]]
    assert [e.data["activity"] for e in case.events if "activity" in e.data] == [
        SHORT[word] for word in ("queue", "work", "work", "odd", "user", "call")]


def test_queued_before_any_work_stays_where_it_landed(told):
    case = told("queue", "queue", "work")
    assert kinds(case) == ["filed", "worked", "taken"]
    assert case.handovers == []


def test_queued_after_work_began_escalates_to_level_2(told):
    case = told("work", "queue", "work Berta")
    assert kinds(case) == ["filed", "taken", "escalated", "taken"]
    assert case.place == SECOND


def test_back_to_who_worked_on_it_before_is_a_return(told):
    case = told("work", "queue", "work Berta", "queue Berta", "work Adam")
    assert kinds(case)[4:] == ["handed_back", "taken"]
    assert case.place == FIRST


def test_on_to_somebody_new_on_level_2_is_a_move(told):
    case = told("work", "queue", "work Berta", "queue Berta", "work Carl", "queue Carl", "work Berta")
    assert [h["kind"] for h in case.handovers] == ["escalation", "move", "move"]
    assert case.place == SECOND


def test_with_one_team_on_level_2_the_next_hand_over_goes_back(told):
    case = told("work", "queue", "work Berta", "queue Berta", "work Carl", places=(FIRST, SECOND))
    assert [h["kind"] for h in case.handovers] == ["escalation", "return"]


def test_each_queueing_after_work_is_a_hand_over_to_another_team(told):
    case = told("work", "queue", "queue", "queue", "work Adam")
    assert len(case.handovers) == 3
    assert all(h["from_team_id"] != h["to_team_id"] for h in case.handovers)


def test_another_reason_to_wait_ends_the_one_before(told):
    case = told("work", "user", "vendor", "vendor", "work")
    assert kinds(case) == ["filed", "taken", "held", "resumed", "held", "worked", "resumed"]
    assert [(h["reason"], h["ended_at"] is None) for h in case.holds] == [
        ("imported-wait-user", False), ("imported-wait-vendor", False)]


def test_waiting_without_a_reason_does_not_pause(told):
    assert [h["pauses"] for h in told("work", "wait", "work", "user").holds] == [False, True]


def test_solved_in_the_call_is_resolved_and_closed_at_once(told):
    case = told("call")
    assert kinds(case) == ["filed", "resolved", "closed"]


def test_work_after_an_end_opens_it_again_with_the_team_that_ended_it(told):
    case = told("work", "queue", "work Berta", "closed Berta", "work Berta", "closed Berta")
    assert kinds(case)[4:] == ["resolved", "closed", "reopened", "resolved", "closed"]
    assert case.place == SECOND
    assert [r["ended_at"] is None for r in case.resolutions] == [False, True]


def test_queued_after_an_end_is_opened_again_and_handed_over(told):
    assert kinds(told("work", "closed", "queue"))[2:] == ["resolved", "closed", "reopened", "escalated"]


def test_ended_twice_is_told_and_changes_nothing(told):
    case = told("work", "closed", "closed", "resolved", "cancelled")
    assert kinds(case)[2:] == ["resolved", "closed", "worked", "worked", "worked"]
    assert case.facts["status"] == "closed"


def test_cancelled(told):
    assert told("work", "cancelled").facts["status"] == "cancelled"


def test_a_machine_is_told_of_but_takes_nothing(told):
    case = told("work", "user Siebel", "assigned Siebel", "work Berta")
    assert kinds(case) == ["filed", "taken", "held", "resumed", "assigned"]
    assert [event.by_id for event in case.events[2:4]] == [14, 14]
    assert case.facts["assignee_id"] == 12


def test_what_is_not_understood_changes_nothing(told):
    before, after = told("work", "resolved"), told("work", "resolved", "odd")
    assert after.facts == before.facts
    assert kinds(after)[-1] == "worked"
