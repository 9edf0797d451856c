"""A draft is tried by one process, which can be stopped, lost, and made to go without harm."""

from datetime import timedelta

import pytest

from app.automation.turns import Landing, Member
from app.backtest import actions, assignment, jobs
from app.backtest.assignment import Arrival
from app.backtest.models import Backtest, Flip
from app.core import clock
from app.core.db import db
from app.core.errors import NotFound
from app.sla.models import SlaPolicy
from tests import factories, people
from tests.backtest.test_trial import content_of, solved, with_target
from tests.sla.conftest import HOUR, at

pytestmark = pytest.mark.slow

PERIOD = (at("2026-03-01 00:00"), at("2026-04-01 00:00"))


@pytest.fixture
def waiting(office, ticket):
    """A draft of four hours for the resolution, which waits for its turn."""
    solved(office, ticket)
    root = people.user("root", administrator=True)
    made = actions.make("policy", office.policy, with_target(office.policy, 4 * HOUR), root, clock.now())
    actions.try_out(made, PERIOD, root, clock.now())
    db.session.commit()
    return made


def begun(now=None):
    """What the job would start now."""
    found = []
    jobs.start_waiting(now or clock.now(), lambda *about: found.append(about))
    db.session.expire_all()
    return found


def test_one_at_a_time(waiting, office):
    second = actions.make("policy", office.policy, waiting.content, waiting.by, clock.now())
    actions.try_out(second, PERIOD, waiting.by, clock.now())
    [(number, runner)] = begun()
    assert number == waiting.id
    assert begun() == []
    assert jobs.run(number, runner) == "done"
    assert [number for number, _runner in begun()] == [second.id]


def test_done_with_a_result_and_what_flipped(waiting, ticket):
    assert jobs.run(*begun()[0]) == "done"
    db.session.expire_all()
    assert (waiting.state, waiting.done, waiting.total) == ("done", 1, 1)
    assert waiting.result["flips"] == {"better": 0, "worse": 1}
    assert db.session.scalars(db.select(Flip.ticket_id)).all() == [ticket.id]


def test_trying_again_forgets_what_came_out_before(waiting, ticket):
    for _time in range(2):
        assert jobs.run(*begun()[0]) == "done"
        db.session.expire_all()
        actions.try_out(waiting, PERIOD, waiting.by, clock.now())
        db.session.commit()
    assert db.session.scalar(db.select(db.func.count()).select_from(Flip)) == 1


def test_stopped_while_it_runs(waiting):
    number, runner = begun()[0]
    actions.cancel(waiting, waiting.by, clock.now())
    db.session.commit()
    assert jobs.run(number, runner) == "cancelled"
    db.session.expire_all()
    assert (waiting.state, waiting.result) == ("cancelled", None)
    assert db.session.scalar(db.select(Flip)) is None


def test_thrown_away_while_it_runs(waiting):
    number, runner = begun()[0]
    actions.throw_away(waiting, waiting.by, clock.now())
    db.session.commit()
    assert jobs.run(number, runner) == "cancelled"
    assert db.session.scalar(db.select(Backtest)) is None


def test_thrown_away_by_somebody_else_at_the_same_moment(waiting):
    by = waiting.by
    db.session.execute(db.delete(Backtest), execution_options={"synchronize_session": False})
    for work in (lambda: actions.rewrite(waiting, {}), lambda: actions.try_out(waiting, PERIOD, by, clock.now()),
                 lambda: actions.activate(waiting, None, by, clock.now())):
        with pytest.raises(NotFound):
            work()


def test_a_draft_of_assignment_lives_while_it_is_worked_out_who_gets_what(office):
    """With hundreds of people that takes longer than the time after which a silent process counts as lost."""
    pulses, people_there = [], [Member(1), Member(2)]
    arrivals = [Arrival(Landing(n, at("2026-03-02 10:00")), None) for n in range(50)]
    crew = assignment.Crew("round_robin", people_there, None, {})
    assignment._given(crew, arrivals, lambda: pulses.append(1))
    assert len(pulses) == 50


def test_a_process_that_is_lost_leaves_a_draft_to_be_tried_again(waiting):
    number, runner = begun()[0]
    later = clock.now() + jobs.LOST_AFTER + timedelta(seconds=1)
    assert begun(later) == []
    assert (waiting.state, waiting.problem) == ("failed", "lost")
    assert jobs.run(number, runner) == "cancelled"
    actions.try_out(waiting, PERIOD, waiting.by, later)
    db.session.commit()
    assert jobs.run(*begun(later)[0]) == "done"


def test_who_must_go_puts_it_back_in_the_line(waiting):
    number, runner = begun()[0]
    assert jobs.run(number, runner, lambda: False) == "waiting"
    db.session.expire_all()
    assert (waiting.state, waiting.runner) == ("waiting", None)


def test_what_it_speaks_of_is_gone(waiting):
    waiting.content = waiting.content | {"calendar_id": 9999}
    db.session.commit()
    assert jobs.run(*begun()[0]) == "failed"
    db.session.expire_all()
    assert waiting.problem == "gone"


def test_our_own_mistake_is_written_down(waiting, caplog):
    waiting.content = {"calendar_id": waiting.content["calendar_id"]}
    db.session.commit()
    assert jobs.run(*begun()[0]) == "failed"
    db.session.expire_all()
    assert waiting.problem == "broken"
    assert "KeyError" in caplog.text


def test_progress_is_told_at_most_once_a_second(waiting, office):
    number, runner = begun()[0]
    heart = jobs.Heart(number, runner, lambda: True)
    for done in range(1000):
        heart.beat(done, 1000, [])
    db.session.expire_all()
    assert (waiting.done, waiting.total) == (0, 1000)


def test_activating_needs_no_trial(office):
    root = people.user("root", administrator=True)
    made = actions.make("policy", office.policy, with_target(office.policy, 4 * HOUR), root, clock.now())
    actions.activate(made, None, root, clock.now())
    assert office.policy.versions[-1].targets["P3"]["resolution"] == 4 * HOUR


def test_tickets_in_batches(office, attempt, monkeypatch):
    """Whatever the size of a batch, each ticket is counted once."""
    monkeypatch.setattr("app.backtest.past.BATCH", 3)
    for day in range(2, 10):
        factories.ticket(office.aigul, office.printer, at=at(f"2026-03-0{day} 10:00"))
    result, _rows = attempt("policy", office.policy.id, with_target(office.policy, HOUR))
    assert result["tickets"] == 8
    assert result["targets"]["resolution"][1]["missed"] == 8


@pytest.mark.real
def test_the_command_runs_in_a_process_of_its_own(own_desk):
    """As the scheduler starts it."""
    with own_desk.inside():
        standard, root = db.session.scalar(db.select(SlaPolicy)), people.user("root", administrator=True)
        made = actions.make("policy", standard, content_of(standard), root, clock.now())
        actions.try_out(made, PERIOD, root, clock.now())
        db.session.commit()
        jobs.start_waiting(clock.now())
        child = jobs._children[-1]
        assert child.wait(60) == 0
        db.session.expire_all()
        assert (made.state, made.problem, made.runner) == ("done", None, None)
        assert made.result["tickets"] == 0
