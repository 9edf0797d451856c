"""What a policy has done at a share of a target: each act, what speaks against it, and never twice."""

from datetime import timedelta

import pytest

from app.automation import acts, changes, escalation
from app.core import clock
from app.core.db import db
from app.core.errors import Conflict
from app.core.events import Event, record
from app.sla import actions as sla
from app.sla.sweep import sweep
from app.sla.vocabulary import ACTIONS
from app.tickets import actions as ticket_actions
from app.tickets.models import TicketAccess
from app.tickets.settings import PRIORITY_MATRIX, priority_of
from app.tickets.settings import tickets as settings
from app.tickets.vocabulary import PRIORITIES
from tests import factories, people
from tests.sla.conftest import at, clock_of, office, ticket  # noqa: F401 - fixtures

from .chain_of_command import announce, away, happened, left_out

pytestmark = pytest.mark.slow

STEPS = ("low", "medium", "high")
HOUR = 3600


@pytest.fixture
def rival(office):  # noqa: F811
    return people.user("rival", member=(office.first,))


@pytest.fixture
def taken(office, ticket):  # noqa: F811
    ticket.take(office.agent, at("2026-03-02 10:10"))
    return ticket


def test_every_action_that_a_policy_may_name_is_in_the_catalogue():
    assert set(acts.ACTS) == set(ACTIONS)


def test_an_old_announcement_names_its_actions_alone(office, ticket):  # noqa: F811
    record("sla.breached", ticket, target="resolution", cycle=1, share=100, due=None, is_late=False,
           actions=["notify_lead", "escalate_level"])
    assert (ticket.team_id, left_out(ticket)) == (office.second.id, [])


def test_what_this_version_does_not_know_is_written_down_and_stops_nothing(ticket):  # noqa: F811
    announce(ticket, "sing", {"action": "add_tag", "tag": "late"})
    assert left_out(ticket) == [("sing", "unknown")]
    assert [tag.name for tag in ticket.tags] == ["late"]


# Functional escalation


def test_without_a_level_2_of_its_own_it_goes_where_the_team_escalates_to(office):  # noqa: F811
    alike, wanted = people.team("alike", 2), people.team("wanted", 3)
    asked = factories.ticket(office.aigul, factories.request_type("pens", office.first), at=at("2026-03-02 10:00"))
    assert escalation.next_team(asked) is office.second, "the first one of the next level with the speciality"
    office.first.escalates_to = wanted
    assert escalation.next_team(asked) is wanted
    wanted.is_active = False
    assert escalation.next_team(asked) is office.second
    wanted.is_active, wanted.level = True, 1
    assert escalation.next_team(asked) is office.second
    assert alike.level == 2


def test_a_confidential_ticket_goes_to_no_team_that_nobody_has_named(office):  # noqa: F811
    complaint = factories.request_type("complaint", office.first, is_confidential=True)
    asked = factories.ticket(office.aigul, complaint, at=at("2026-03-02 10:00"))
    announce(asked, "escalate_level")
    assert (asked.level, left_out(asked)) == (1, [("escalate_level", "no_team")])
    asked.accesses.append(TicketAccess(team_id=office.second.id))
    announce(asked, "escalate_level", kind="sla.overdue", share=120)
    assert asked.team_id == office.second.id


def test_a_confidential_ticket_goes_to_the_level_2_of_its_request_type(office, ticket):  # noqa: F811
    ticket.is_confidential = True
    announce(ticket, "escalate_level")
    assert ticket.team_id == office.second.id


# Reassigning


def test_it_is_given_to_somebody_else_of_the_team(office, taken, rival):  # noqa: F811
    away(office.lead)
    announce(taken, "reassign")
    assert taken.assignee_id == rival.id
    assert [event.actor_id for event in happened(taken, "automation.reassigned")] == [None]


def test_with_nobody_else_there_it_stays(office, taken, rival):  # noqa: F811
    away(office.lead)
    away(rival)
    announce(taken, "reassign")
    assert (taken.assignee_id, left_out(taken)) == (office.agent.id, [("reassign", "nobody")])


def test_it_is_given_to_the_person_named(taken, rival):
    announce(taken, {"action": "reassign", "user_id": rival.id})
    assert taken.assignee_id == rival.id


def test_in_place_of_who_is_away_the_deputy_for_tickets_gets_it(office, taken, rival):  # noqa: F811
    away(rival, tickets=office.lead, escalations=office.expert)
    announce(taken, {"action": "reassign", "user_id": rival.id})
    assert taken.assignee_id == office.lead.id


def test_it_is_never_given_to_somebody_absent(office, taken, rival):  # noqa: F811
    away(rival, tickets=office.expert)
    announce(taken, {"action": "reassign", "user_id": rival.id})
    assert (taken.assignee_id, left_out(taken)) == (office.agent.id, [("reassign", "absent")]), "no deputy of this team"


def test_it_is_not_given_to_who_has_it_to_a_stranger_or_to_who_asked(office, taken):  # noqa: F811
    for person in (office.agent, office.expert, office.aigul):
        announce(taken, {"action": "reassign", "user_id": person.id})
    announce(taken, {"action": "reassign", "user_id": 10**6})
    assert taken.assignee_id == office.agent.id
    assert [why for _act, why in left_out(taken)] == ["same", "refused", "refused", "nobody"]
    assert "Expert" in happened(taken, "automation.reassignment_left_out")[1].data["reason"]


def test_a_confidential_ticket_is_given_to_nobody_whom_nobody_has_named(taken, rival, office):  # noqa: F811
    taken.is_confidential = True
    announce(taken, {"action": "reassign", "user_id": rival.id})
    assert (taken.assignee_id, left_out(taken)) == (office.agent.id, [("reassign", "refused")])
    taken.accesses.append(TicketAccess(user_id=rival.id))
    announce(taken, {"action": "reassign", "user_id": rival.id}, kind="sla.overdue", share=120)
    assert taken.assignee_id == rival.id


def test_nor_to_such_a_deputy(taken, rival, office):  # noqa: F811
    taken.is_confidential = True
    taken.accesses.append(TicketAccess(user_id=rival.id))
    away(rival, tickets=office.lead)
    announce(taken, {"action": "reassign", "user_id": rival.id})
    assert (taken.assignee_id, left_out(taken)) == (office.agent.id, [("reassign", "absent")])


# Raising the priority


def test_the_priority_rises_by_one_and_the_deadline_follows(ticket):  # noqa: F811
    assert (ticket.impact, ticket.urgency, ticket.priority) == ("medium", "medium", "P3")
    announce(ticket, "raise_priority", kind="sla.warned", share=75)
    assert (ticket.impact, ticket.urgency, ticket.priority) == ("medium", "high", "P2")
    assert clock_of(ticket).allowed_seconds == 9 * 3600
    (told,) = happened(ticket, "automation.priority_raised")
    assert (told.actor_id, told.data["old"], told.data["new"]) == (None, "P3", "P2")


def test_the_highest_priority_stays(ticket):  # noqa: F811
    for share in (50, 60, 70):
        announce(ticket, "raise_priority", kind="sla.warned", share=share)
    assert (ticket.priority, left_out(ticket)) == ("P1", [("raise_priority", "highest")])


STEEP = dict.fromkeys(STEPS, dict.fromkeys(STEPS, "P4")) | {"high": {"low": "P4", "medium": "P4", "high": "P2"}}
ODD = dict.fromkeys(STEPS, {"low": "P1", "medium": "P1", "high": "P3"})


@pytest.mark.parametrize("matrix", [PRIORITY_MATRIX, STEEP, ODD], ids=["standard", "steep", "odd"])
def test_it_rises_to_the_next_priority_that_the_matrix_has_and_agrees_with_it(desk, matrix):
    settings.change(priority_matrix=matrix)
    for impact in STEPS:
        for urgency in STEPS:
            reachable = {priority_of(up, now) for up in STEPS[STEPS.index(impact):]
                         for now in STEPS[STEPS.index(urgency):]}
            for priority in PRIORITIES:
                to = changes.higher(impact, urgency, priority)
                higher = [each for each in reachable if each < priority]
                assert (priority_of(*to) if to else None) == max(higher, default=None)
                assert to is None or (STEPS.index(to[0]) >= STEPS.index(impact)
                                      and STEPS.index(to[1]) >= STEPS.index(urgency))


# Tags and notes


def test_a_tag_is_added_once(ticket):  # noqa: F811
    for share in (100, 120):
        announce(ticket, {"action": "add_tag", "tag": "Late "}, share=share)
    assert [tag.name for tag in ticket.tags] == ["late"]
    assert len(happened(ticket, "ticket.tagged")) == 1


def test_a_note_is_the_desks_own(ticket):  # noqa: F811
    announce(ticket, {"action": "add_note", "text": "Call the supplier"})
    (note,) = [message for message in ticket.messages if message.is_note]
    assert (note.body, note.author_id) == ("Call the supplier", None)
    assert clock_of(ticket, "first_response").stopped_at is None, "a note answers nobody"


# What holds of all of them


@pytest.mark.parametrize("act", ["escalate_level", "reassign", "raise_priority"])
def test_nobody_is_hurried_about_what_waits_or_has_ended(office, taken, rival, act):  # noqa: F811
    taken.hold(office.waiting, office.agent)
    announce(taken, act)
    taken.resolve(office.agent)
    announce(taken, act, kind="sla.overdue", share=120)
    assert left_out(taken) == [(act, "waiting"), (act, "ended")]
    assert (taken.level, taken.assignee_id, taken.priority) == (1, office.agent.id, "P3")


def test_what_is_refused_does_not_stop_the_others(office, taken):  # noqa: F811
    named = {"action": "reassign", "user_id": office.expert.id}
    announce(taken, {"action": "add_tag", "tag": "late"}, named, "raise_priority")
    assert [tag.name for tag in taken.tags] == ["late"]
    assert (taken.assignee_id, taken.priority) == (office.agent.id, "P2")
    assert left_out(taken) == [("reassign", "refused")]


def test_what_is_refused_half_way_is_undone(taken, monkeypatch):
    def half_way(event, ticket, act):  # noqa: F811
        changes.raise_priority(event, ticket, act)
        raise Conflict("Not any more.")

    monkeypatch.setitem(acts.ACTS, "raise_priority", acts.Act(half_way, "automation.priority_left_out"))
    announce(taken, "raise_priority", {"action": "add_tag", "tag": "late"})
    db.session.commit()
    assert (taken.priority, happened(taken, "ticket.changed"), [tag.name for tag in taken.tags]) == ("P3", [], ["late"])
    assert clock_of(taken).allowed_seconds == 18 * HOUR
    assert happened(taken, "automation.priority_left_out")[0].data["reason"] == "Not any more."


def test_they_happen_in_their_order_and_after_the_announcement(ticket):  # noqa: F811
    announce(ticket, {"action": "add_note", "text": "Too late"}, "raise_priority", "escalate_level")
    kinds = [event.kind for event in ticket_events(ticket)]
    wanted = ["sla.breached", "ticket.noted", "ticket.changed", "ticket.escalated"]
    assert [kind for kind in kinds if kind in wanted] == wanted


def ticket_events(ticket):  # noqa: F811
    return db.session.scalars(db.select(Event).filter_by(subject_type="ticket", subject_id=ticket.id)
                              .order_by(Event.id)).all()


@pytest.fixture
def asking(office):  # noqa: F811
    """Gives the desk a policy that asks for acts at shares (of the resolution, say), and Aigul's ticket under it."""

    def promised(*asked, target="resolution", **targets):
        seconds = {"resolution": 18 * HOUR} | targets
        wanted = tuple({"target": target, "share": share, **act} for share, act in asked)
        terms = sla.Promised(office.calendar, {"P3": seconds, "P2": {"resolution": 9 * HOUR}},
                             actions=wanted, valid_from=at("2026-03-01 00:00"))
        sla.change_policy(office.policy, terms, None, at("2026-03-01 00:00"))
        asked_for = factories.ticket(office.aigul, office.printer, at=at("2026-03-02 10:00"))
        db.session.commit()
        return asked_for

    return promised


def test_a_second_sweep_does_nothing_again(asking):
    asked = asking((75, {"action": "add_note", "text": "Soon"}), (100, {"action": "raise_priority"}))
    for _again in range(3):
        sweep(at("2026-03-03 15:00"))
    assert [len(happened(asked, kind)) for kind in ("sla.warned", "ticket.noted")] == [1, 1]
    for _again in range(3):
        sweep(at("2026-03-04 10:00:05"))
    assert [len(happened(asked, kind)) for kind in ("ticket.noted", "automation.priority_raised")] == [1, 1]


def test_after_a_stop_one_announcement_does_all_that_was_asked_for_meanwhile(asking):
    asked = asking((50, {"action": "add_tag", "tag": "half"}), (75, {"action": "raise_priority"}),
                   (75, {"action": "notify_lead"}), (100, {"action": "escalate_level"}))
    sweep(at("2026-03-06 10:00"))
    (event,) = happened(asked, "sla.breached")
    assert [act["action"] for act in event.data["actions"]] == ["add_tag", "raise_priority", "escalate_level"]
    assert ([tag.name for tag in asked.tags], asked.priority, asked.level) == (["half"], "P2", 2)
    assert happened(asked, "sla.warned") == []


def test_a_level_that_takes_too_long_hands_over_and_its_clock_ends(asking, office):  # noqa: F811
    asked = asking((100, {"action": "escalate_level"}), target="handover", **{"handover:1": 4 * HOUR})
    for _again in range(3):
        sweep(at("2026-03-02 14:00:05"))
    assert [handover.to_team_id for handover in asked.handovers] == [office.second.id]
    assert "level 1" in asked.handovers[0].reason
    assert clock_of(asked, "handover").outcome == "missed"


def test_a_deadline_that_passes_because_the_priority_was_raised_is_announced_once(asking, office):  # noqa: F811
    asked = asking((75, {"action": "raise_priority"}))
    sweep(at("2026-03-03 15:00"))
    assert (asked.priority, happened(asked, "sla.breached")) == ("P2", [])
    for _again in range(3):
        sweep(clock.now() + timedelta(minutes=1))
    assert [event.data["share"] for event in happened(asked, "sla.breached")] == [100]
    assert len(happened(asked, "automation.priority_raised")) == 1


def test_the_ticket_keeps_its_version_check_after_all_of_it(office, taken):  # noqa: F811
    announce(taken, "raise_priority", {"action": "add_tag", "tag": "late"}, "escalate_level")
    db.session.commit()
    ticket_actions.change_urgency(taken, "high", "high", office.expert)
    db.session.commit()
    assert taken.priority == "P1"
