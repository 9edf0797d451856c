"""Logs small enough to count by hand, and the mapping that comes with the product."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from app.importing import mapping as mappings
from tests import factories, people

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)

HEADER = "caseid,task,user,end_timestamp"


@pytest.fixture
def incidents():
    """The mapping for the real incidents."""
    return mappings.read(mappings.find("incidents"))


@pytest.fixture
def log_file(tmp_path):
    """Writes a log: lines of 'case,activity,person,minute'."""

    def write(*lines, header=HEADER, name="log.csv"):
        path = tmp_path / name
        path.write_text("\n".join([header, *(_timed(line) for line in lines), ""]), encoding="utf-8")
        return path

    return write


def _timed(line):
    case, activity, person, minute = line.split(",")
    return f"{case},{activity},{person},2012-04-02T{8 + int(minute) // 60:02}:{int(minute) % 60:02}:00.000000"


@pytest.fixture
def two_levels(desk):
    """A level-1 and a level-2 team, an agent each, an employee, a reason to wait."""
    first, second, third = people.team("desk", 1), people.team("network", 2), people.team("systems", 2)
    return SimpleNamespace(
        first=first, second=second, third=third, aigul=people.user("aigul", department=people.department("office")),
        agent=people.user("agent", member=(first,)), expert=people.user("expert", member=(second,)),
        printer=factories.request_type("printer", first, level2_team=second),
        waiting=factories.pending_reason("waiting", waits_for_requester=True),
    )
