"""While a relay takes its time, everybody else goes on writing."""

import sqlite3

import pytest

from app import create_app
from app.core import clock, outbox, schema
from app.core.db import db
from app.core.events import record
from app.core.relay import relay
from tests import factories, people
from tests.postbox import Postbox

pytestmark = pytest.mark.real


class Meddler(Postbox):
    """A relay during whose work somebody else writes to the database."""

    file = ""

    async def handle_DATA(self, server, session, envelope):
        other = sqlite3.connect(self.file, timeout=0, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        other.execute("ROLLBACK")
        other.close()
        return await super().handle_DATA(server, session, envelope)


def test_no_transaction_is_open_while_the_relay_is_talked_to(tmp_path):
    app, box = create_app({"JARDAM_INSTANCE": str(tmp_path)}), Meddler()
    box.file = str(tmp_path / "jardam.sqlite3")
    box.open()
    try:
        with app.app_context():
            schema.bring_up_to_date()
            team = people.team("service-desk")
            aigul, agent = people.user("aigul"), people.user("agent", member=(team,))
            relay.change(host="127.0.0.1", port=box.port, security="none", sender="help@jardam.example")
            factories.ticket(aigul, factories.request_type("printer", team)).reply("Done", agent)
            record("user.invited", aigul, agent)
            db.session.commit()
            while outbox.drain(clock.now(), "test"):
                pass
        assert sorted(str(letter["To"]) for letter in box.letters) == [
            "Agent <agent@jardam.example>", *["Aigul <aigul@jardam.example>"] * 2]
    finally:
        box.close()
        with app.app_context():
            db.engine.dispose()
