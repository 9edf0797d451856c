"""Several browsers at the same instant, on a database file of their own: each thing is done once."""

import io
import threading
from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from app import create_app
from app.accounts import sign_in
from app.core import clock, schema
from app.core.db import db
from app.tickets.models import Message, Ticket
from tests import factories, people

pytestmark = pytest.mark.real
AT_ONCE = 6


@pytest.fixture
def crowd(tmp_path):
    """Aigul in several browsers, several agents in one each, and one ticket."""
    app = create_app({"JARDAM_INSTANCE": str(tmp_path)}, WTF_CSRF_ENABLED=False)
    with app.test_request_context():
        schema.bring_up_to_date()
        team = people.team("first")
        aigul, agents = people.user("aigul"), [people.user(f"agent{n}", member=(team,)) for n in range(AT_ONCE)]
        number = factories.ticket(aigul, factories.request_type("printer", team)).id
        tokens = [sign_in.begin(user, clock.now(), "", "") for user in [aigul] * AT_ONCE + agents]
        db.session.commit()
    browsers = [_browser(app, token) for token in tokens]
    yield SimpleNamespace(app=app, number=number, aigul=browsers[:AT_ONCE], agents=browsers[AT_ONCE:])
    with app.app_context():
        db.engine.dispose()


def _browser(app, token):
    browser = app.test_client()
    with browser.session_transaction() as session:
        session.update(_user_id=token, _fresh=True)
    return browser


def together(browsers, send) -> list:
    """What each got who sent at the same instant."""
    gate, answers = threading.Barrier(len(browsers)), []

    def run(browser):
        gate.wait()
        answers.append(send(browser))

    threads = [threading.Thread(target=run, args=(browser,)) for browser in browsers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def count(crowd, column) -> int:
    with crowd.app.app_context():
        return db.session.scalar(sa.select(sa.func.count(column)))


def test_one_form_sent_at_once_files_one_ticket_and_keeps_one_file(crowd):
    form = {"request_type": "printer", "subject": "No paper", "body": "Empty", "submission": "0123456789abcdef"}
    answers = together(crowd.aigul, lambda b: b.post("/tickets", data=form | {"files": (io.BytesIO(b"x"), "a.txt")}))
    assert [answer.status_code for answer in answers] == [303] * AT_ONCE
    assert len({answer.location for answer in answers}) == 1
    assert count(crowd, Ticket.id) == 2
    assert sum(path.is_file() for path in crowd.app.config["FILES_FOLDER"].rglob("*")) == 1


def test_one_form_sent_at_once_is_said_once(crowd):
    form = {"body": "Hello", "submission": "0123456789abcdef"}
    answers = together(crowd.aigul, lambda b: b.post(f"/tickets/{crowd.number}/answers", data=form))
    assert {answer.status_code for answer in answers} == {303}
    assert count(crowd, Message.id) == 2


def test_of_many_takers_one_wins_and_the_others_are_told_who(crowd):
    answers = together(crowd.agents, lambda b: b.post(f"/tickets/{crowd.number}/assignment"))
    assert sorted(answer.status_code for answer in answers) == [303] + [409] * (AT_ONCE - 1)
    assert all("has already taken this ticket" in answer.text for answer in answers if answer.status_code == 409)
