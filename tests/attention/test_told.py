"""Who gets a mail about absences."""

import pytest

from app.accounts import absence_actions
from app.accounts.absence_checks import Plan
from app.attention import housekeeping
from tests.notifications.conftest import deliver  # noqa: F401 - a fixture
from tests.postbox import postbox, text_of  # noqa: F401 - a fixture

from .conftest import DAY, NOW

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def noon(at):
    at(NOW)


def test_the_deputies_are_told_and_for_what(cast, away, postbox, deliver):  # noqa: F811
    away(cast.aigul, tickets=cast.bakyt, approvals=cast.bakyt, reason="illness", note="Back pain")
    deliver(NOW)
    (letter,) = postbox.to(cast.bakyt)
    assert letter["Subject"] == "Absence of Aigul: Mar 3, 2026 to Mar 5, 2026"
    assert "You stand in for Aigul then: Approvals, Tickets." in text_of(letter)
    assert "/absences/" in text_of(letter)
    assert "llness" not in text_of(letter) and "Back pain" not in text_of(letter)
    assert postbox.to(cast.aigul) == []


def test_who_was_announced_by_somebody_else_is_told_too(cast, away, postbox, deliver):  # noqa: F811
    away(cast.aigul, by=cast.lead)
    deliver(NOW)
    (letter,) = postbox.to(cast.aigul)
    assert "Lead announced an absence of Aigul" in text_of(letter) and "You do not" not in text_of(letter)


def test_a_deputy_who_is_replaced_hears_of_it(cast, away, postbox, deliver):  # noqa: F811
    made = away(cast.aigul, tickets=cast.bakyt)
    plan = Plan(cast.aigul, made.starts_on, made.ends_on, deputies={"tickets": cast.chynara.id}, absence_id=made.id)
    absence_actions.change(made, plan, cast.aigul, NOW)
    deliver(NOW)
    assert "You do not stand in for Aigul then." in text_of(postbox.to(cast.bakyt)[-1])
    assert "You stand in for Aigul then: Tickets." in text_of(postbox.to(cast.chynara)[-1])


def test_who_is_back_is_told_what_waits(cast, away, ticket_of, postbox, deliver):  # noqa: F811
    ticket_of(cast.aigul)
    away(cast.aigul, tickets=cast.bakyt)
    housekeeping.turn_over(NOW + DAY)
    housekeeping.turn_over(NOW + 5 * DAY)
    deliver(NOW + 5 * DAY)
    letter = postbox.to(cast.aigul)[-1]
    assert letter["Subject"] == "Welcome back: what happened meanwhile"
    assert "1 ticket is still with your deputy" in text_of(letter)


def test_what_the_requester_answers_reaches_the_deputy(cast, away, ticket_of, postbox, deliver, at):  # noqa: F811
    printer = ticket_of(cast.aigul)
    away(cast.aigul, tickets=cast.bakyt, passes_tickets=False)
    deliver(NOW)
    before = len(postbox.to(cast.aigul)), len(postbox.to(cast.bakyt))
    tomorrow = at(NOW + DAY)
    printer.receive("It smokes now", cast.asker, tomorrow)
    deliver(tomorrow)
    assert (len(postbox.to(cast.aigul)), len(postbox.to(cast.bakyt))) == (before[0], before[1] + 1)
