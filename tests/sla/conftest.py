"""A desk under a promise: two teams, a calendar of office hours in Bishkek (UTC+6, no summer time), one policy."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from app.calendars import actions as calendars
from app.calendars.standard import LONG_AGO
from app.core.db import db
from app.sla import actions
from app.sla.models import SlaClock
from app.tickets import settings as ticket_settings
from tests import factories, people
from tests.admin.conftest import statements  # noqa: F401 - a fixture

HOUR = 3600
OFFICE = {str(day): [["09:00", "18:00"]] for day in range(5)}
TARGETS = {
    "P1": {"first_response": HOUR // 2, "resolution": 4 * HOUR},
    "P2": {"first_response": HOUR, "resolution": 9 * HOUR},
    "P3": {"first_response": 2 * HOUR, "resolution": 18 * HOUR},
    "P4": {"first_response": 4 * HOUR, "resolution": 45 * HOUR},
}


def at(text: str) -> datetime:
    """A moment by the wall clock of Bishkek: "2026-03-02 10:00" is a Monday morning."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Asia/Bishkek")).astimezone(UTC)


def calendar(slug="office", zone="Asia/Bishkek", week=OFFICE, country="KG", valid_from=LONG_AGO):
    hours = calendars.Hours(zone, week, country, valid_from=valid_from)
    return calendars.create(slug, people.names(slug), hours, None, LONG_AGO)


def policy(slug, calendar, targets=TARGETS, **about):
    promised = actions.Promised(calendar, targets, valid_from=LONG_AGO, **about)
    return actions.create_policy(slug, people.names(slug), promised, None, LONG_AGO)


def rule(policy, **conditions):
    return actions.RuleWanted(policy, people.names(policy.slug), conditions)


@pytest.fixture
def office(desk):
    """Level 1 and level 2, an agent and a lead, Aigul who asks, the policy "standard" for every ticket."""
    first, second = people.team("service-desk", 1), people.team("network", 2)
    printer = factories.request_type("printer", first, level2_team=second, impact="medium", urgency="medium")
    made = SimpleNamespace(
        first=first, second=second, printer=printer,
        aigul=people.user("aigul"), agent=people.user("agent", member=(first,)),
        lead=people.user("lead", leads=(first,)), expert=people.user("expert", member=(second,)),
        waiting=factories.pending_reason("requester", waits_for_requester=True),
        inside=factories.pending_reason("inside", pauses=False),
        calendar=calendar(),
    )
    made.policy = policy("standard", made.calendar)
    actions.set_rules([rule(made.policy)], None, LONG_AGO, LONG_AGO)
    assert ticket_settings.priority_of("medium", "medium") == "P3"
    return made


@pytest.fixture
def ticket(office):
    """Filed by Aigul on Monday 2 March 2026 at 10:00, P3: to be answered by 12:00, solved by Tuesday's end."""
    return factories.ticket(office.aigul, office.printer, at=at("2026-03-02 10:00"))


def clock_of(ticket, target="resolution", cycle=1) -> SlaClock:
    db.session.flush()
    return db.session.scalar(db.select(SlaClock).filter_by(ticket_id=ticket.id, target=target, cycle=cycle))


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


@pytest.fixture
def root(office, client):
    """The administrator's browser, on the desk under a promise."""
    return people.sign_in(client, people.user("root", administrator=True))
