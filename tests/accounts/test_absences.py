"""Who is away and who stands in, as every other room asks it."""

from datetime import UTC, date, datetime, timedelta

import pytest

from app.accounts import absences, actions
from app.accounts.absence_models import Absence, Deputy
from app.core.db import db
from tests import people
from tests.tickets.conftest import statements  # noqa: F401 - a fixture

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
DAY = timedelta(days=1)


def gone(user, first, last, **deputies):
    """An absence from one day of March to another, the last one included."""
    starts, ends = MONDAY + DAY * (first - 2), MONDAY + DAY * (last - 1)
    made = Absence(user_id=user.id, starts_on=date(2026, 3, first), ends_on=date(2026, 3, last), starts_at=starts,
                   ends_at=ends, reason="leave", made_at=MONDAY)
    made.deputies = [Deputy(kind=kind, deputy_id=deputy.id) for kind, deputy in deputies.items()]
    db.session.add(made)
    db.session.flush()
    absences.renew()
    return made


@pytest.fixture
def cast(desk):
    people.user("root", administrator=True)
    return [people.user(name) for name in ("aigul", "bakyt", "chynara", "dastan")]


def test_an_absence_holds_from_its_first_moment_to_the_one_before_its_end(cast):
    aigul = cast[0]
    held = gone(aigul, 3, 4)
    assert not absences.is_absent(aigul.id, held.starts_at - timedelta(seconds=1))
    assert absences.is_absent(aigul.id, held.starts_at)
    assert absences.is_absent(aigul.id, held.ends_at - timedelta(seconds=1))
    assert not absences.is_absent(aigul.id, held.ends_at)


def test_a_cancelled_absence_is_none(cast):
    held = gone(cast[0], 3, 4)
    held.cancelled_at = MONDAY
    absences.renew()
    assert not absences.is_absent(cast[0].id, held.starts_at)


def test_the_deputy_is_named_for_a_kind_of_work_and_only_while_the_person_is_away(cast):
    aigul, bakyt, chynara, _ = cast
    held = gone(aigul, 3, 4, tickets=bakyt, escalations=chynara)
    assert absences.deputy_of(aigul.id, "tickets", held.starts_at) == bakyt.id
    assert absences.deputy_of(aigul.id, "escalations", held.starts_at) == chynara.id
    assert absences.deputy_of(aigul.id, "approvals", held.starts_at) is None
    assert absences.deputy_of(aigul.id, "tickets", held.ends_at) is None
    assert absences.stands_in_for(bakyt.id, "tickets", held.starts_at) == [aigul.id]
    assert absences.stands_in_for(bakyt.id, "escalations", held.starts_at) == []


def test_a_deputy_who_is_away_too_is_followed_to_the_next(cast):
    aigul, bakyt, chynara, dastan = cast
    gone(aigul, 3, 9, tickets=bakyt)
    gone(bakyt, 5, 6, tickets=chynara)
    gone(chynara, 6, 6, tickets=dastan)
    day = {number: MONDAY + DAY * (number - 2) for number in (4, 5, 6)}
    assert [absences.deputy_of(aigul.id, "tickets", at) for at in day.values()] == [bakyt.id, chynara.id, dastan.id]
    assert absences.stands_in_for(chynara.id, "tickets", day[5]) == [aigul.id, bakyt.id]
    assert absences.stands_in_for(dastan.id, "tickets", day[6]) == [aigul.id, bakyt.id, chynara.id]
    assert absences.stands_in_for(bakyt.id, "tickets", day[6]) == []


def test_nobody_stands_in_where_the_chain_ends_with_somebody_away(cast):
    aigul, bakyt, *_ = cast
    held = gone(aigul, 3, 9, tickets=bakyt)
    gone(bakyt, 3, 9)
    assert absences.deputy_of(aigul.id, "tickets", held.starts_at) is None


def test_a_circle_that_came_from_elsewhere_ends_with_nobody(cast):
    aigul, bakyt, chynara, _ = cast
    held = gone(aigul, 3, 9, tickets=bakyt)
    gone(bakyt, 3, 9, tickets=chynara)
    gone(chynara, 3, 9, tickets=bakyt)
    assert absences.deputy_of(aigul.id, "tickets", held.starts_at) is None


def test_a_deputy_whose_account_is_switched_off_stands_in_for_nobody(cast):
    aigul, bakyt, *_ = cast
    held = gone(aigul, 3, 9, tickets=bakyt)
    assert absences.deputy_of(aigul.id, "tickets", held.starts_at) == bakyt.id
    actions.change_person(bakyt, actions.person_facts(bakyt) | {"is_active": False}, aigul, MONDAY)
    assert absences.deputy_of(aigul.id, "tickets", held.starts_at) is None


def test_asking_again_reads_nothing_but_the_settings(cast, statements):  # noqa: F811
    aigul, bakyt, *_ = cast
    absent_id, deputy_id, at = aigul.id, bakyt.id, gone(aigul, 3, 9, tickets=bakyt).starts_at
    absences.is_absent(absent_id, at)
    db.session.commit()
    with statements() as said:
        for _ in range(50):
            assert absences.deputy_of(absent_id, "tickets", at) == deputy_id
            assert absences.stands_in_for(deputy_id, "tickets", at) == [absent_id]
    assert len(said) == 1
