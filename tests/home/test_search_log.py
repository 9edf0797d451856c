"""Whose words the search of the whole desk keeps."""

import pytest
import sqlalchemy as sa

from app.core.db import db
from app.search import log
from app.search.models import SearchEntry
from tests.people import sign_in, team, user


@pytest.mark.parametrize(("works", "kept"), [(True, []), (False, ["marzipan"])])
def test_what_is_searched_among_tickets_reaches_no_report(client, desk, works, kept):
    person = user("asel", member=(team("first"),) if works else ())
    assert sign_in(client, person).get("/search?q=marzipan", headers={"User-Agent": "Mozilla/5.0"}).status_code == 200
    log.flush()
    assert db.session.scalars(sa.select(SearchEntry.words)).all() == kept
