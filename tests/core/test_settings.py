"""How the desk works: declared once with defaults, stored when it differs."""

import pytest

from app.core import settings as module
from app.core.db import db
from app.core.settings import SettingRow, Settings

from .conftest import at_once


@pytest.fixture
def trial():
    yield Settings("trial", days=7, words=["a"], name="")
    del module.DECLARED["trial"]


def test_default_holds_until_it_is_changed(desk, trial):
    assert (trial.days, trial.words) == (7, ["a"])
    trial.change(days=3)
    assert (trial.days, trial.words) == (3, ["a"])


def test_default_holds_where_there_is_no_desk_yet(trial):
    assert trial.days == 7


def test_unknown_name_raises_in_reading_and_in_writing(desk, trial):
    with pytest.raises(AttributeError, match="trial declares no setting dyas"):
        trial.dyas  # noqa: B018
    with pytest.raises(AttributeError, match="dyas"):
        trial.change(dyas=1)
    assert db.session.query(SettingRow).filter_by(name="trial.dyas").all() == []


def test_change_tells_old_and_new_of_what_differs(desk, trial):
    assert trial.change(days=3, name="") == {"days": (7, 3)}
    assert trial.change(days=3) == {}
    assert trial.change(days=0, words=[]) == {"days": (3, 0), "words": (["a"], [])}


@pytest.mark.parametrize("value", [0, "", [], False, {"en": "Жардам"}])
def test_empty_value_is_a_value(desk, trial, value):
    trial.change(days=value)
    db.session.commit()
    assert trial.days == value


def test_change_that_was_undone_is_forgotten(desk, trial):
    trial.change(days=3)
    assert trial.days == 3
    db.session.rollback()
    assert trial.days == 7


def test_rooms_do_not_see_each_other_s(desk, trial):
    other = Settings("trial2", days=1)
    trial.change(days=3)
    assert other.days == 1
    del module.DECLARED["trial2"]


@pytest.mark.real
def test_long_job_hears_of_a_change_with_its_next_transaction(inside, trial):
    assert trial.days == 7
    db.session.commit()

    def elsewhere():
        trial.change(days=3)
        db.session.commit()

    at_once(inside, elsewhere)
    assert trial.days == 3
