"""Announcing, changing and ending absences, and what is refused with a word on what to change."""

import random
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from app.accounts import absence_actions, absences
from app.accounts.absence_checks import Plan, break_of, problems
from app.accounts.absences import Away
from app.core.db import db
from app.core.errors import Conflict, Invalid
from app.core.events import Event, events_of
from tests import people

pytestmark = pytest.mark.slow

NOW = datetime(2026, 3, 2, 6, tzinfo=UTC)
"""A Monday, noon in Bishkek, where everybody here lives (UTC+6)."""


def march(day):
    return date(2026, 3, day)


@pytest.fixture
def cast(desk):
    first, second = people.team("service-desk"), people.team("network", 2)
    head, boss = people.user("head"), people.user("boss")
    top = people.department("top", head=boss)
    office = people.department("office", parent=top, head=head)
    first.department_id = office.id
    named = {
        "aigul": people.user("aigul", member=(first,), department=office),
        "bakyt": people.user("bakyt", member=(first,)), "chynara": people.user("chynara", member=(first, second)),
        "lead": people.user("lead", leads=(first,)), "expert": people.user("expert", member=(second,)),
        "clerk": people.user("clerk", department=office), "customer": people.user("customer", customer=True),
        "root": people.user("root", administrator=True), "head": head, "boss": boss,
    }
    db.session.flush()
    return named


def plan(person, first, last, **about):
    deputies = {kind: about.pop(kind).id for kind in ("tickets", "approvals", "escalations") if kind in about}
    return Plan(person, march(first), march(last), deputies=deputies, **about)


def announce(person, first, last, **about):
    return absence_actions.announce(plan(person, first, last, **about), person, NOW)


def refused(wanted):
    return [(problem.field, problem.message) for problem in problems(wanted, NOW)]


def test_an_absence_lasts_from_midnight_to_the_midnight_after_its_last_day_where_the_person_lives(cast):
    made = announce(cast["aigul"], 3, 4)
    assert made.starts_at == datetime(2026, 3, 2, 18, tzinfo=UTC)
    assert made.ends_at == datetime(2026, 3, 4, 18, tzinfo=UTC)
    assert absences.is_absent(cast["aigul"].id, made.starts_at)


def test_what_was_announced_is_told_without_the_reason(cast):
    made = absence_actions.announce(plan(cast["aigul"], 3, 4, tickets=cast["bakyt"], reason="illness",
                                         note="Back pain", order_number="17-k"), cast["lead"], NOW)
    [event] = events_of("absence", made.id)
    assert (event.kind, event.actor_id) == ("absence.announced", cast["lead"].id)
    assert event.data == {"person": "Aigul", "starts_on": "2026-03-03", "ends_on": "2026-03-04", "order_number": "17-k",
                          "passes_tickets": True, "deputies": {"tickets": cast["bakyt"].id}}


@pytest.mark.parametrize(("first", "last", "field", "words"), [
    (5, 4, "ends_on", "The last day lies before the first"),
    (1, 1, "ends_on", "This is over already"),
])
def test_days_that_make_no_sense(cast, first, last, field, words):
    [(at, message)] = refused(plan(cast["aigul"], first, last))
    assert at == field and words in message


def test_days_no_calendar_reaches(cast):
    far = Plan(cast["aigul"], march(3), date(9999, 12, 31))
    assert "more than five years away" in refused(far)[0][1]


def test_today_is_early_enough(cast):
    assert refused(plan(cast["aigul"], 2, 2)) == []


def test_two_absences_of_one_person_never_overlap(cast):
    made = announce(cast["aigul"], 3, 6)
    assert refused(plan(cast["aigul"], 7, 8)) == []
    [(field, message)] = refused(plan(cast["aigul"], 6, 8))
    assert field == "starts_on" and "Mar 3, 2026 to Mar 6, 2026" in message and "choose other days" in message
    assert refused(plan(cast["aigul"], 4, 5, absence_id=made.id)) == []


def test_a_cancelled_absence_stands_in_nobodys_way(cast):
    absence_actions.cancel(announce(cast["aigul"], 3, 6), cast["aigul"], NOW)
    assert refused(plan(cast["aigul"], 5, 8)) == []


def test_nobody_stands_in_for_himself(cast):
    assert "People cannot stand in for themselves" in refused(plan(cast["aigul"], 3, 4, tickets=cast["aigul"]))[0][1]


def test_neither_customers_nor_who_is_switched_off(cast):
    cast["bakyt"].is_active = False
    for deputy in (cast["customer"], cast["bakyt"]):
        [(field, message)] = refused(plan(cast["aigul"], 3, 4, approvals=deputy))
        assert field == "approvals" and "no customer" in message


def test_a_deputy_for_tickets_works_in_each_team_of_them_and_the_missing_one_is_named(cast):
    assert refused(plan(cast["aigul"], 3, 4, tickets=cast["bakyt"])) == []
    assert refused(plan(cast["aigul"], 3, 4, tickets=cast["root"])) == []
    [(field, message)] = refused(plan(cast["chynara"], 3, 4, tickets=cast["bakyt"]))
    assert field == "tickets" and "“Network”" in message and "Service-Desk" not in message
    own_teams_only = plan(cast["aigul"], 3, 4, tickets=cast["bakyt"],
                          team_ids=frozenset(cast["expert"].team_ids))
    assert "“Network”" in refused(own_teams_only)[0][1]


def test_a_deputy_for_escalations_can_see_what_is_escalated(cast):
    for deputy in ("bakyt", "head", "boss", "root"):
        assert refused(plan(cast["lead"], 3, 4, escalations=cast[deputy])) == []
    for deputy in ("expert", "clerk"):
        [(field, message)] = refused(plan(cast["lead"], 3, 4, escalations=cast[deputy]))
        assert field == "escalations" and "“Service-Desk”" in message


def test_a_head_is_stood_in_for_by_who_sees_the_teams_below(cast):
    assert refused(plan(cast["head"], 3, 4, escalations=cast["boss"])) == []
    assert refused(plan(cast["head"], 3, 4, escalations=cast["lead"])) == []
    assert "“Service-Desk”" in refused(plan(cast["head"], 3, 4, escalations=cast["clerk"]))[0][1]


def test_any_colleague_may_decide_approvals(cast):
    assert refused(plan(cast["aigul"], 3, 4, approvals=cast["clerk"])) == []


def test_a_deputy_who_is_away_needs_one_too(cast):
    announce(cast["bakyt"], 4, 5)
    [(field, message)] = refused(plan(cast["aigul"], 3, 6, tickets=cast["bakyt"]))
    assert field == "tickets"
    assert message.startswith("Bakyt is absent from Mar 4, 2026 to Mar 5, 2026 and names nobody for tickets then")
    assert refused(plan(cast["aigul"], 6, 7, tickets=cast["bakyt"])) == []


def test_a_deputy_who_is_away_with_a_deputy_will_do(cast):
    announce(cast["bakyt"], 4, 5, tickets=cast["chynara"])
    assert refused(plan(cast["aigul"], 3, 6, tickets=cast["bakyt"])) == []


def test_the_end_of_the_chain_is_looked_at_too(cast):
    announce(cast["bakyt"], 4, 6, tickets=cast["chynara"])
    announce(cast["chynara"], 5, 5)
    [(_field, message)] = refused(plan(cast["aigul"], 3, 6, tickets=cast["bakyt"]))
    assert message.startswith("From Mar 5, 2026 to Mar 5, 2026 everybody who would stand in for Bakyt is absent too")
    assert refused(plan(cast["aigul"], 3, 4, tickets=cast["bakyt"])) == []


def test_each_other_at_the_same_time_is_a_circle(cast):
    announce(cast["aigul"], 3, 5, tickets=cast["bakyt"])
    [(field, message)] = refused(plan(cast["bakyt"], 5, 6, tickets=cast["aigul"]))
    assert field == "tickets" and "Bakyt → Aigul → Bakyt" in message and "choose another deputy" in message
    assert refused(plan(cast["bakyt"], 6, 7, tickets=cast["aigul"])) == []
    assert refused(plan(cast["bakyt"], 5, 6, approvals=cast["aigul"])) != []


def test_a_longer_way_round_is_a_circle_too(cast):
    announce(cast["chynara"], 5, 9, approvals=cast["aigul"])
    announce(cast["bakyt"], 4, 6, approvals=cast["chynara"])
    assert refused(plan(cast["aigul"], 3, 4, approvals=cast["bakyt"])) == []
    [(_field, message)] = refused(plan(cast["aigul"], 3, 5, approvals=cast["bakyt"]))
    assert "Aigul → Bakyt → Chynara → Aigul" in message


def test_the_verb_refuses_what_the_form_would(cast):
    announce(cast["aigul"], 3, 5, tickets=cast["bakyt"])
    with pytest.raises(Invalid, match="circle"):
        announce(cast["bakyt"], 5, 6, tickets=cast["aigul"])


def test_changing_tells_old_and_new_and_saving_the_same_tells_nothing(cast):
    made = announce(cast["aigul"], 3, 5, tickets=cast["bakyt"])
    absence_actions.change(made, plan(cast["aigul"], 3, 5, tickets=cast["bakyt"], absence_id=made.id), cast["lead"],
                           NOW)
    absence_actions.change(made, plan(cast["aigul"], 3, 6, tickets=cast["lead"], absence_id=made.id), cast["lead"],
                           NOW)
    event = events_of("absence", made.id)[-1]
    assert len(events_of("absence", made.id)) == 2
    assert event.data["changes"] == {"ends_on": ["2026-03-05", "2026-03-06"],
                                     "deputies": [{"tickets": cast["bakyt"].id}, {"tickets": cast["lead"].id}]}
    assert absences.deputy_of(cast["aigul"].id, "tickets", made.starts_at) == cast["lead"].id


def test_the_first_day_of_what_has_begun_stays(cast):
    made = announce(cast["aigul"], 2, 5)
    wanted = Plan(cast["aigul"], march(3), march(5), absence_id=made.id, begun=march(2))
    assert refused(wanted)[0][0] == "starts_on"


def test_cancelling_twice_is_harmless_and_what_has_begun_ends_otherwise(cast):
    made = announce(cast["aigul"], 3, 5)
    absence_actions.cancel(made, cast["aigul"], NOW)
    absence_actions.cancel(made, cast["aigul"], NOW)
    assert [event.kind for event in events_of("absence", made.id)] == ["absence.announced", "absence.cancelled"]
    running = announce(cast["bakyt"], 2, 5)
    with pytest.raises(Conflict, match="say that the person is back"):
        absence_actions.cancel(running, cast["bakyt"], NOW)


def test_coming_back_early_ends_it_at_that_moment(cast):
    made = announce(cast["aigul"], 2, 5, tickets=cast["bakyt"])
    later = NOW + timedelta(days=1)
    absence_actions.come_back(made, cast["aigul"], later)
    absence_actions.come_back(made, cast["aigul"], later + timedelta(hours=1))
    assert (made.ends_at, made.ends_on) == (later, march(3))
    assert not absences.is_absent(cast["aigul"].id, later)
    assert absences.is_absent(cast["aigul"].id, later - timedelta(seconds=1))
    assert [event.kind for event in events_of("absence", made.id)] == ["absence.announced", "absence.ended"]


def test_nobody_comes_back_from_where_nobody_went(cast):
    with pytest.raises(Conflict, match="cancel it instead"):
        absence_actions.come_back(announce(cast["aigul"], 4, 5), cast["aigul"], NOW)


def test_what_is_over_is_not_changed(cast):
    made = announce(cast["aigul"], 3, 4)
    with pytest.raises(Conflict, match="over"):
        absence_actions.change(made, plan(cast["aigul"], 3, 9, absence_id=made.id), cast["aigul"],
                               NOW + timedelta(days=5))


def test_no_event_says_why_somebody_was_away(cast):
    announce(cast["aigul"], 3, 4, reason="illness", note="Back pain")
    said = str([event.data for event in db.session.scalars(sa.select(Event))])
    assert "illness" not in said and "Back pain" not in said


@pytest.mark.parametrize("seed", range(40))
def test_plans_taken_one_after_another_never_leave_anybody_in_a_circle(seed):
    """Against every hour of every day: whatever `break_of` lets through has somebody at the end of each chain, and what
    it refuses would have had nobody at some hour."""
    dice = random.Random(seed)
    taken: dict[int, list[Away]] = {}
    for number in range(60):
        person = dice.randrange(8)
        start = NOW + timedelta(hours=dice.randrange(30))
        end = start + timedelta(hours=dice.randrange(1, 12))
        if any(one.starts_at < end and start < one.ends_at for one in taken.get(person, ())):
            continue
        deputy = dice.choice([None, *(other for other in range(8) if other != person)])
        wanted = Away(number, person, start, end, {} if deputy is None else {"tickets": deputy})
        broken = deputy is not None and break_of(taken, "tickets", (person, deputy), start, end) is not None
        tried = taken | {person: [*taken.get(person, ()), wanted]}
        hours = [start + timedelta(hours=hour) for hour in range(int((end - start).total_seconds() // 3600))]
        leads_nowhere = deputy is not None and any(
            absences.arrange("", sum(tried.values(), [])).deputy_of(person, "tickets", hour) is None for hour in hours)
        assert broken == leads_nowhere
        if not broken:
            taken = tried
