"""Replies that wait to leave: the whole desk is killed again and again; each leaves once, and an undo is an undo."""

import random
import time

import pytest
import sqlalchemy as sa

from app.accounts.models import User
from app.tickets.models import Message, OutgoingReply

from .browser import Person

pytestmark = pytest.mark.real
REPLIES, KILLS, SECONDS = 30, 3, 60


def states(desk) -> list[str]:
    with desk.inside() as session:
        return sorted(session.scalars(sa.select(OutgoingReply.state)))


def test_each_leaves_once_however_often_the_desk_is_killed(own_desk):
    with own_desk.inside() as session:
        session.execute(sa.update(User).values(undo_seconds=5, checks_off=["next_step"]))
        session.commit()
    numbers = own_desk.file_many(REPLIES)
    own_desk.start()
    agent = Person(own_desk, "agent0").sign_in()
    for number in numbers:
        assert agent.say(number, "replies", f"We come to {number} today.").status == 303
    taken_back = numbers[-5:]
    for number in taken_back:
        reply_id = _row(own_desk, number)
        assert agent.post(f"/tickets/{number}/outgoing/{reply_id}/undoing").status == 303
    undone = states(own_desk).count("back")
    chance = random.Random(REPLIES)
    for _kill in range(KILLS):
        time.sleep(chance.uniform(1, 4))
        own_desk.kill()
        own_desk.start()
    deadline = time.monotonic() + SECONDS
    while "waiting" in states(own_desk) and time.monotonic() < deadline:
        time.sleep(0.2)
    said = _said(own_desk)
    assert undone > 0 and states(own_desk) == ["back"] * undone + ["sent"] * (REPLIES - undone)
    assert len(said) == len(set(said)) == REPLIES - undone
    assert own_desk.integrity() == "ok"


def _row(desk, number: int) -> int:
    with desk.inside() as session:
        return session.scalar(sa.select(OutgoingReply.id).where(OutgoingReply.ticket_id == number))


def _said(desk) -> list[str]:
    with desk.inside() as session:
        return list(session.scalars(sa.select(Message.body).where(Message.kind == "reply")))
