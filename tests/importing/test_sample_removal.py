"""Loading beside real people, and taking the sample away again."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from app.accounts import absence_actions, absences
from app.accounts.absence_checks import Plan
from app.accounts.absence_models import Absence
from app.accounts.models import Membership, Team, User
from app.attention import housekeeping
from app.calendars.standard import install as standard_calendar
from app.catalogue.models import RequestType
from app.core.db import db
from app.core.events import Event
from app.core.settings import SettingRow
from app.importing import sample
from app.importing.figures import catch_up
from app.importing.sample import tickets as telling
from app.kb import actions
from app.kb.models import Article, ArticleRead, ArticleVote, Category
from app.search.models import SearchEntry
from app.sla.models import SlaRuleList
from app.sla.standard import install as standard_promise
from app.tickets.models import Ticket, TicketArticle
from tests import factories, people

pytestmark = pytest.mark.slow

MORNING = datetime(2026, 3, 3, 3, 30, tzinfo=UTC)
KEPT = {"settings", "kpi_cursor", "index_changes"}
"""The words by which processes know that rules have changed, how far the figures have read, what the index must do."""


@pytest.fixture
def few(monkeypatch):
    """A small sample, for tests that are not about its size."""
    monkeypatch.setattr(telling, "COUNT", 60)
    monkeypatch.setattr(telling, "OPEN_GOAL", 10)


@pytest.fixture
def real(desk):
    """A desk that somebody set up: a team, a type of request, two people, promises."""
    standard_promise(standard_calendar("Asia/Bishkek", None, MORNING), None, MORNING)
    team = people.team("service-desk")
    made = type("Real", (), {})()
    made.team, made.kind = team, factories.request_type("printer", team)
    made.admin, made.aigul = people.user("boss", administrator=True), people.user("gulnaz")
    made.ticket = factories.ticket(made.aigul, made.kind)
    db.session.commit()
    catch_up(MORNING)
    return made


def counts():
    return {table.name: db.session.scalar(sa.select(sa.func.count()).select_from(table))
            for table in db.metadata.sorted_tables if table.name not in KEPT}


def count(model, *conditions):
    return db.session.scalar(sa.select(sa.func.count()).select_from(model).where(*conditions))


def told():
    """All that was told, without the numbers that the database gave."""
    statement = sa.select(Event.kind, Event.occurred_at, User.email, Ticket.subject).select_from(Event).join(
        Ticket, Ticket.id == Event.subject_id).outerjoin(User, User.id == Event.actor_id).where(
        Event.subject_type == "ticket").order_by(Event.occurred_at, Ticket.subject, Event.id)
    return [tuple(row) for row in db.session.execute(statement)]


def sample_agent():
    return db.session.scalar(sa.select(User).where(User.email == "agent1@jardam.example"))


def test_removal_leaves_an_empty_desk_empty(desk, few):
    before = counts()
    sample.load(MORNING)
    done = sample.remove(MORNING)
    assert counts() == before
    assert (done.tickets, done.kept) == (60, [])
    assert not db.session.scalars(sa.select(SettingRow.name).where(SettingRow.name.like("desk.%"))).all()
    assert not sample.is_loaded()


def test_the_same_moment_makes_the_same_year(desk, few):
    sample.load(MORNING)
    first = told()
    sample.remove(MORNING)
    sample.load(MORNING)
    assert told() == first


def test_a_desk_with_people_of_its_own_refuses_unless_asked(real, few):
    with pytest.raises(sample.Refused, match="--beside"):
        sample.load(MORNING)
    assert count(Ticket) == 1


def test_beside_real_people_and_away_again(real, few):
    before = counts()
    sample.load(MORNING, beside=True)
    assert count(Ticket) == 61
    assert db.session.scalars(sa.select(User.name).where(User.is_administrator)).all() == ["Boss"]
    done = sample.remove(MORNING)
    assert counts() == before
    assert done.kept == []


def test_real_tickets_keep_their_promise_beside_the_sample(real, few):
    sample.load(MORNING, beside=True)
    newest = db.session.scalars(sa.select(SlaRuleList).order_by(SlaRuleList.valid_from.desc())).first()
    own = {kind.id for kind in db.session.scalars(sa.select(RequestType).where(RequestType.id != real.kind.id))}
    for rule in newest.rules[:-1]:
        assert set(rule.conditions["request_type_id"]) <= own
    assert newest.rules[-1].conditions == {}
    assert newest.rules[-1].policy.names["en"] == "Standard"


def test_what_was_filed_since_by_or_in_the_sample_goes_too(real, few):
    sample.load(MORNING, beside=True)
    kind = db.session.scalar(sa.select(RequestType).where(RequestType.slug == "stationery"))
    employee = db.session.scalar(sa.select(User).where(User.email == "employee@jardam.example"))
    factories.ticket(real.aigul, kind, at=MORNING)
    factories.ticket(employee, real.kind, at=MORNING)
    db.session.commit()
    assert sample.remove(MORNING + timedelta(hours=1)).tickets == 62
    assert db.session.scalars(sa.select(Ticket.id)).all() == [real.ticket.id]


def test_absences_of_its_people_go_too(real, few):
    sample.load(MORNING, beside=True)
    plan = Plan(sample_agent(), MORNING.date(), MORNING.date())
    announced = absence_actions.announce(plan, sample_agent(), MORNING)
    db.session.commit()
    housekeeping.turn_over(MORNING)
    assert absences.is_absent(announced.user_id, MORNING)
    assert sample.remove(MORNING).kept == []
    assert count(Absence) == 0
    assert count(Event, Event.subject_type == "absence") == 0


def test_what_a_real_ticket_still_uses_is_kept_named_and_locked(real, few):
    sample.load(MORNING, beside=True)
    agent = sample_agent()
    db.session.add(Membership(team_id=real.team.id, user_id=agent.id))
    db.session.flush()
    db.session.expire(agent)
    real.ticket.assign(agent, real.admin)
    db.session.commit()
    done = sample.remove(MORNING)
    assert [line for line in done.kept if agent.name in line] == [
        f"users: {agent.name} (tickets.assignee_id: 1, spans.assignee_id: 1)"]
    kept = sample_agent()
    assert (kept.password_hash, kept.is_active) == (None, False)
    assert count(Ticket) == 1
    with pytest.raises(sample.Refused, match="still in use"):
        sample.load(MORNING, beside=True)


def test_a_real_duplicate_of_a_sample_ticket_stays(real, few):
    sample.load(MORNING, beside=True)
    original = db.session.scalar(sa.select(Ticket).where(Ticket.origin == "sample").limit(1))
    real.ticket.merged_into_id = original.id
    db.session.commit()
    sample.remove(MORNING)
    db.session.expire_all()
    assert real.ticket.merged_into_id is None


def test_a_setting_changed_since_stays(desk, few):
    sample.load(MORNING)
    db.session.get(SettingRow, "desk.name").value = "Ours"
    db.session.commit()
    sample.remove(MORNING)
    assert db.session.get(SettingRow, "desk.name").value == "Ours"


def test_names_the_desk_has_already_are_marked(real, few):
    sample.load(MORNING, beside=True)
    assert count(Team, Team.slug == "sample-service-desk") == 1
    assert count(RequestType, RequestType.slug == "sample-printer") == 1


@pytest.mark.slow
@pytest.mark.parametrize("now", [datetime(2026, 1, 5, 4, tzinfo=UTC), datetime(2026, 7, 31, 20, tzinfo=UTC),
                                 datetime(2026, 5, 10, 1, tzinfo=UTC)], ids=["new-year", "late-friday", "sunday"])
def test_enough_is_open_whenever_it_is_loaded(desk, now):
    sample.load(now)
    assert 60 <= count(Ticket, Ticket.status.in_(("new", "open", "pending"))) <= 90


def test_articles_go_too_but_not_a_real_translation(desk, few):
    sample.load(MORNING)
    mailbox = db.session.scalar(sa.select(Article).where(Article.slug == "pochtovyy-yashchik-perepolnen"))
    translated = actions.draft(actions.Text("Mailbox full", "Empty it."), actions.Facts("en", "staff"), None, MORNING,
                               translation_of=mailbox)
    db.session.commit()
    done = sample.remove(MORNING)
    assert done.articles == 41 and done.kept == []
    assert db.session.scalars(sa.select(Article)).all() == [translated] and translated.family_id is None
    assert [count(model) for model in (ArticleRead, ArticleVote, SearchEntry, TicketArticle, Category)] == [0] * 5
