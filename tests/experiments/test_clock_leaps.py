"""E12: the machine's clock is set an hour ahead, an hour back, a day ahead, over a change of summer time, while two
hundred timers run: each speaks once, none before its time, none much after it, and nobody is signed out."""

import os
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.calendars.standard import LONG_AGO
from app.core import clock
from app.core.events import Event
from app.sla.actions import set_rules
from app.sla.models import SlaClock
from tests.sla.conftest import calendar, policy, rule

from .browser import Person
from .desk import Desk

pytestmark = pytest.mark.long

TICKETS = 100
FIRST, LAST = 20, 130  # seconds after the start between which the timers are due
LATE = timedelta(seconds=60)
LEAPS = ((15, 3600), (40, 0), (55, -3600), (80, 0), (95, 86_400), (115, 0))
"""(seconds after the start, by how many seconds the clock is wrong from then on)"""
STARTS = {"now": None, "spring": datetime(2027, 3, 28, 0, 59, tzinfo=UTC),
          "autumn": datetime(2026, 10, 25, 0, 59, tzinfo=UTC)}


def library() -> str | None:
    found = sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
    return str(found[0]) if found else None


class FakedDesk(Desk):
    """A desk whose server believes the time that a file names, whichever clock it asks."""

    def __init__(self, folder: Path, database_url: str | None, base: datetime | None) -> None:
        super().__init__(folder, database_url)
        self.error = folder / "error"
        self.base = round((base - clock.now()).total_seconds()) if base else 0
        self.set_wrong(0)

    @property
    def environ(self) -> dict[str, str]:
        return super().environ | {"LD_PRELOAD": library(), "FAKETIME_TIMESTAMP_FILE": str(self.error),
                                  "FAKETIME_NO_CACHE": "1", "NO_FAKE_STAT": "1"}

    def set_wrong(self, seconds: int) -> None:
        fresh = self.error.with_suffix(".new")
        fresh.write_text(f"{self.base + seconds:+d}\n")
        os.replace(fresh, self.error)

    def true(self) -> datetime:
        return clock.now() + timedelta(seconds=self.base)


@pytest.fixture(params=STARTS)
def faked_desk(request, tmp_path, engine_url):
    if library() is None:
        pytest.skip("libfaketime is not on this machine (apt-get install faketime)")
    desk = FakedDesk(tmp_path, engine_url, STARTS[request.param])
    desk.populate()
    yield desk
    desk.close()


def promise(desk) -> None:
    """Ten minutes to answer and twenty to solve, counted in Berlin's summer and winter time alike."""
    with desk.inside() as session:
        hours = calendar(slug="berlin", zone="Europe/Berlin", country=None,
                         week={str(day): [["00:00", "24:00"]] for day in range(7)})
        targets = {f"P{n}": {"first_response": 600, "resolution": 1200} for n in range(1, 5)}
        set_rules([rule(policy("soon", hours, targets, actions=()))], None, LONG_AGO, LONG_AGO + timedelta(days=1))
        session.commit()


def file(desk, began: datetime) -> None:
    """Half of the timers of each pair fall due in the time of the experiment, spread evenly."""
    for n in range(TICKETS):
        due = began + timedelta(seconds=FIRST + (LAST - FIRST) * n / TICKETS)
        desk.file_many(1, due - timedelta(seconds=600 if n % 2 else 1200))


def spoken(desk) -> list[tuple[int, str]]:
    with desk.inside() as session:
        session.rollback()
        events = session.scalars(sa.select(Event).where(Event.kind == "sla.breached"))
        return [(event.subject_id, event.data["target"]) for event in events]


def dues(desk) -> dict[tuple[int, str], datetime]:
    with desk.inside() as session:
        return {(one.ticket_id, one.target): one.due_at for one in session.scalars(sa.select(SlaClock))}


def test_e12_timers_keep_their_time_whatever_the_clock_says(faked_desk):
    desk = faked_desk
    promise(desk)
    began = desk.true() + timedelta(seconds=15)
    file(desk, began)
    desk.start()
    visitor = Person(desk, "agent0").sign_in()
    first_seen: dict[tuple[int, str], datetime] = {}
    leaps = list(LEAPS)
    while desk.true() < began + timedelta(seconds=LAST + 30):
        if leaps and desk.true() >= began + timedelta(seconds=leaps[0][0]):
            desk.set_wrong(leaps.pop(0)[1])
            assert visitor.get("/").status == 200
        for each in spoken(desk):
            first_seen.setdefault(each, desk.true())
        time.sleep(0.3)
    said, due = spoken(desk), dues(desk)
    expected = {each for each, moment in due.items() if moment < began + timedelta(seconds=LAST)}
    assert len(expected) >= TICKETS and sorted(said) == sorted(set(said))
    assert set(said) >= expected
    assert [each for each in said if first_seen[each] < due[each]] == []
    assert [each for each in expected if first_seen[each] > max(due[each], began) + LATE] == []
    assert visitor.get("/").status == 200
