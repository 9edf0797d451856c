"""E9: eight agents take the same tickets at once. E10: two agents save the same page of facts."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from app.accounts.models import User
from app.core.events import Event
from app.tickets.models import Ticket

from .browser import Answer, Person
from .forms import fields


@pytest.fixture
def agents(own_desk):
    own_desk.start()
    return [Person(own_desk, f"agent{n}").sign_in() for n in range(8)]


def at_once(calls: list) -> list[Answer]:
    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(lambda call: call(), calls))


@pytest.mark.parametrize("tickets", [pytest.param(8, marks=pytest.mark.real), pytest.param(50, marks=pytest.mark.long)])
def test_e9_of_eight_who_take_a_ticket_one_wins(own_desk, agents, tickets):
    for number in own_desk.file_many(tickets):
        answers = at_once([lambda agent=agent: agent.post(f"/tickets/{number}/assignment") for agent in agents])
        assert sorted(answer.status for answer in answers) == [303] + [409] * 7
        winner = next(agent for agent, answer in zip(agents, answers, strict=True) if answer.status == 303)
        with own_desk.inside() as session:
            owner = session.scalar(sa.select(User.email).join(Ticket, Ticket.assignee_id == User.id)
                                   .where(Ticket.id == number))
            taken = session.scalar(sa.select(sa.func.count()).select_from(Event).where(
                Event.kind == "ticket.taken", Event.subject_id == number))
            name = session.scalar(sa.select(User.name).where(User.email == owner))
        assert owner == winner.email
        assert taken == 1
        assert all(name in answer.text for answer in answers if answer.status == 409)


@pytest.mark.parametrize("rounds", [
    pytest.param(10, marks=pytest.mark.real), pytest.param(100, marks=pytest.mark.long),
])
def test_e10_nothing_is_overwritten_in_silence(own_desk, agents, rounds):
    (number,) = own_desk.file_many(1)
    action = f"/tickets/{number}/facts"
    for n in range(rounds):
        pages = [fields(agent.get(action).text, action) for agent in agents[:2]]
        wanted = [f"First of round {n}", f"Second of round {n}"]
        answers = at_once([lambda who=who, page=page, subject=subject: who.post(action, **page | {"subject": subject})
                           for who, page, subject in zip(agents, pages, wanted, strict=False)])
        assert sorted(answer.status for answer in answers) == [303, 409]
        won = 0 if answers[0].status == 303 else 1
        with own_desk.inside() as session:
            assert session.scalar(sa.select(Ticket.subject).where(Ticket.id == number)) == wanted[won]
        assert wanted[1 - won] in answers[1 - won].text
        assert wanted[won] in answers[1 - won].text
