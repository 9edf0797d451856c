"""Several processes gather and send at the same moment what some want in a digest and others only after focus time."""

from collections import Counter
from datetime import time, timedelta

import pytest
import sqlalchemy as sa

from app.attention import focus
from app.core import outbox
from app.core.db import db
from app.core.events import record
from app.core.outbox import OutboxRow
from app.notifications import choices
from app.notifications.models import Notification, Rhythm
from app.notifications.topics import DIGEST, MAIL, TOPICS
from tests import factories, people
from tests.notifications.test_gathering import BEGAN, box, drain_at_once, numbers_in
from tests.sla.test_claims import count, real_desk

__all__ = ["box", "real_desk"]

TICKETS = 60

pytestmark = pytest.mark.real


@pytest.fixture
def announced(real_desk, box):
    """Timers have spoken of sixty deadlines that are far away: one agent reads digests at ten, one concentrates for the
    first ten seconds, one has quiet hours until ten."""
    team = people.team("service-desk")
    reader, thinker, sleeper = (people.user(name, member=(team,)) for name in ("reader", "thinker", "sleeper"))
    choices.choose(reader, TOPICS["escalations"], MAIL, DIGEST)
    db.session.add(Rhythm(user_id=reader.id, digest_at=["10:00", "10:01"], days=[0, 1, 2, 3, 4, 5, 6]))
    db.session.add(Rhythm(user_id=sleeper.id, digest_at=["11:00"], days=[0], quiet_from=time(8),
                          quiet_to=time(10)))
    focus.begin(thinker, BEGAN + timedelta(seconds=10), BEGAN)
    kind, aigul = factories.request_type("printer", team), people.user("aigul")
    made = [factories.ticket(aigul, kind) for _each in range(TICKETS)]
    db.session.execute(sa.update(OutboxRow).values(state="done"))
    for ticket in made:
        record("sla.warned", ticket, target="resolution", cycle=1, share=75, is_late=False,
               due=(BEGAN + timedelta(days=1)).isoformat(), actions=[{"action": "notify_team"}])
    numbers = [ticket.number for ticket in made]
    db.session.commit()
    db.session.remove()
    return numbers


def test_everything_is_told_once_to_each_in_the_own_way(real_desk, box, announced):
    drain_at_once(real_desk)
    for hours in range(1, 60):
        while outbox.drain(BEGAN + timedelta(hours=hours), "last"):
            pass
    assert count(sa.select(OutboxRow.id).where(OutboxRow.state != "done")) == 0
    assert count(sa.select(OutboxRow.id).where(OutboxRow.last_error.is_not(None))) == 0
    assert count(sa.select(OutboxRow.id).where(OutboxRow.kind == "bundle", OutboxRow.key.is_not(None))) == 0
    assert count(sa.select(Notification.id).where(Notification.bundle_id.is_not(None))) == TICKETS * 3
    told = Counter((str(letter["To"]).split()[0], number) for letter in box.letters for number in numbers_in(letter))
    assert told == {(name, number): 1 for name in ("Reader", "Thinker", "Sleeper") for number in announced}
    assert len(box.letters) < 20
