"""Who sees what, asked of the one place that says so. Each row names a person and the tickets they see, and why."""

from types import SimpleNamespace

import pytest

from app.accounts.models import Department, Stranger
from app.core.db import db
from app.core.errors import Invalid, NotFound
from app.tickets import actions, policy, queries
from app.tickets.models import Ticket
from tests import factories, people

pytestmark = pytest.mark.slow

PLANTED = ("plain", "secret", "escalated", "watched", "elsewhere", "filed_for")


@pytest.fixture
def office(desk):
    """A head office above the office, two level-1 teams and one of level 2, and one of each kind of ticket."""
    head, office = people.department("head-office"), None
    office, far = people.department("office", parent=head), people.department("far")
    first, second, other = people.team("first"), people.team("second", 2), people.team("other")
    who = SimpleNamespace(
        aigul=people.user("aigul", department=office), bakyt=people.user("bakyt", department=office),
        customer=people.user("customer", customer=True), watcher=people.user("watcher", department=far),
        agent=people.user("agent", department=far, member=(first,)), lead=people.user("lead", leads=(first,)),
        expert=people.user("expert", member=(second,)), stranger_agent=people.user("rival", member=(other,)),
        stranger_lead=people.user("rival-lead", leads=(other,)), named=people.user("named"),
        clerk=people.user("clerk", member=(other,)),
        manager=people.user("manager"), far_manager=people.user("far-manager"),
        admin=people.user("admin", administrator=True), nobody=Stranger(),
    )
    head.head_id, far.head_id = who.manager.id, who.far_manager.id
    printer = factories.request_type("printer", first)
    secret = factories.request_type("complaint", first, is_confidential=True)
    tickets = SimpleNamespace(
        plain=factories.ticket(who.aigul, printer), secret=factories.ticket(who.aigul, secret),
        escalated=factories.ticket(who.aigul, printer), watched=factories.ticket(who.bakyt, printer),
        elsewhere=factories.ticket(who.customer, factories.request_type("booking", other)),
        filed_for=factories.ticket(who.bakyt, printer, by=who.clerk),
    )
    tickets.escalated.escalate(second, "Cable", who.agent)
    actions.watch(tickets.watched, who.watcher, who.agent)
    tickets.secret.accesses.append(queries.TicketAccess(user_id=who.named.id))
    db.session.commit()
    return SimpleNamespace(who=who, tickets=tickets, teams=SimpleNamespace(first=first, second=second, other=other))


SEEN = {
    "nobody": set(),
    "customer": {"elsewhere"},  # the requester
    "aigul": {"plain", "secret", "escalated"},  # the requester
    "bakyt": {"watched", "filed_for"},  # the requester
    "watcher": {"watched"},
    "clerk": {"elsewhere", "filed_for"},  # the team's; filed for somebody
    "agent": {"plain", "secret", "escalated", "watched", "filed_for"},  # the team's, named as a team; handed over
    "lead": {"plain", "secret", "escalated", "watched", "filed_for"},
    "expert": {"escalated"},  # handed to the own team
    "stranger_agent": {"elsewhere"},
    "stranger_lead": {"elsewhere"},
    "named": {"secret"},
    "manager": {"plain", "escalated", "watched", "filed_for"},  # departments below, nothing confidential
    "far_manager": set(),
    "admin": {"plain", "escalated", "watched", "elsewhere", "filed_for"},  # everything but confidential content
}
READS_NOTES = {
    "agent": {"plain", "secret", "escalated", "watched", "filed_for"},
    "lead": {"plain", "secret", "escalated", "watched", "filed_for"},
    "expert": {"escalated"},
    "clerk": {"elsewhere"},
    "stranger_agent": {"elsewhere"},
    "stranger_lead": {"elsewhere"},
    "named": {"secret"},
    "admin": {"plain", "escalated", "watched", "elsewhere", "filed_for"},
}


def seen_in(office, statement) -> set[str]:
    ids = set(db.session.scalars(statement.with_only_columns(Ticket.id)))
    return {name for name in PLANTED if getattr(office.tickets, name).id in ids}


@pytest.mark.parametrize("name", SEEN)
def test_everybody_sees_exactly_what_is_theirs(office, name):
    assert seen_in(office, queries.visible_to(getattr(office.who, name))) == SEEN[name]


@pytest.mark.parametrize("name", SEEN)
def test_a_ticket_is_found_by_its_number_by_exactly_those_who_see_it(office, name):
    person = getattr(office.who, name)

    def found(number):
        try:
            return queries.by_number(person, number) and queries.for_page(person, number)
        except NotFound:
            return None

    assert {t for t in PLANTED if found(getattr(office.tickets, t).id)} == SEEN[name]


def test_a_manager_sees_what_teams_of_the_department_work_on_or_escalated_but_no_notes(office):
    office.teams.first.department_id = db.session.scalar(db.select(Department.id).filter_by(slug="far"))
    db.session.flush()
    assert seen_in(office, queries.visible_to(office.who.far_manager)) == SEEN["agent"] - {"secret"}
    assert not any(policy.reads_notes(office.who.far_manager, getattr(office.tickets, name)) for name in PLANTED)
    assert seen_in(office, queries.visible_to(office.who.watcher)) == SEEN["watcher"], "works there, heads nothing"


@pytest.mark.parametrize("name", [name for name in SEEN if name != "nobody"])
def test_notes_are_read_by_staff_alone(office, name):
    person = getattr(office.who, name)
    reads = {t for t in SEEN[name] if policy.reads_notes(person, getattr(office.tickets, t))}
    assert reads == READS_NOTES.get(name, set())


@pytest.mark.parametrize("name", [name for name in SEEN if name != "nobody"])
@pytest.mark.parametrize("team", ["first", "second", "other"])
def test_the_short_condition_of_a_team_gives_the_same_rows(office, name, team):
    """`sees_in_team` leaves an OR out for the index's sake; it must not show a ticket more or less."""
    person, team_id = getattr(office.who, name), getattr(office.teams, team).id
    short = db.select(Ticket).where(queries.sees_in_team(person, team_id))
    assert seen_in(office, short) == seen_in(office, queries.visible_to(person).where(Ticket.team_id == team_id))


@pytest.mark.parametrize("name", [name for name in SEEN if name != "nobody"])
def test_the_short_condition_of_handed_over_tickets_shows_nothing_unseen(office, name):
    person = getattr(office.who, name)
    short = seen_in(office, db.select(Ticket).where(queries.sees_handed_over(person)))
    assert short == (SEEN[name] & {"escalated"} if name in ("agent", "lead") else set())


def test_who_lost_the_team_loses_the_tickets(office):
    office.who.expert.memberships.clear()
    db.session.commit()
    assert seen_in(office, queries.visible_to(office.who.expert)) == set()


def test_handing_back_takes_the_ticket_out_of_level_2s_sight(office):
    office.tickets.escalated.hand_back("Not ours", office.who.expert)
    db.session.commit()
    assert seen_in(office, queries.visible_to(office.who.expert)) == set()


def test_a_confidential_ticket_names_the_team_it_is_handed_to(office):
    office.tickets.secret.escalate(office.teams.second, "Lawyers", office.who.agent)
    db.session.commit()
    assert "secret" in seen_in(office, queries.visible_to(office.who.expert))
    assert "secret" not in seen_in(office, queries.visible_to(office.who.admin))


def test_an_agent_is_no_staff_to_an_own_request(office):
    """Who asks sees no notes about the own request, whatever team it landed in."""
    own = factories.ticket(office.who.agent, office.tickets.plain.request_type)
    assert not policy.reads_notes(office.who.agent, own)
    assert not policy.in_charge(office.who.agent, own)


def test_a_confidential_ticket_is_not_merged_before_other_eyes(office):
    """What is merged is read on the other ticket too, so nobody may be named there who is not named here."""
    named_more, who = office.tickets.secret, office.who
    narrow = factories.ticket(who.bakyt, named_more.request_type)
    db.session.flush()
    with pytest.raises(Invalid, match="others"):
        actions.merge(narrow, named_more, who.agent)
    actions.merge(named_more, narrow, who.agent)
    assert named_more.merged_into is narrow
