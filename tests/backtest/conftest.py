"""The desk under a promise of tests/sla, with a past to try drafts on."""

import pytest

from app.backtest import trial, verify
from app.backtest.past import Period
from app.core.db import db
from tests.experiments.conftest import engine_url, own_desk  # noqa: F401 - fixtures
from tests.sla.conftest import at, office, root, statements, ticket  # noqa: F401 - fixtures

NOW = at("2026-03-20 12:00")


def differences(now=NOW):
    """What replaying the live terms gives otherwise than it is stored."""
    db.session.commit()
    return [str(each) for each in verify.differences(Period(), now)]


@pytest.fixture
def attempt(desk):
    """Tries a draft on everything; returns the result, and the rows of what flipped."""

    def of(kind, subject_id, content, now=NOW, period=(None, None)):
        db.session.commit()
        rows = []
        draft = trial.Draft(kind, subject_id, content, *period)
        result = trial.of(draft, now, lambda done, total, flips: rows.extend(flips))
        return result, rows

    return of
