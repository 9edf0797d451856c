"""Settings in the browser: typed, judged, told of; what is secret stays so."""

import pytest
import sqlalchemy as sa

from app.admin.setting_fields import GROUPS
from app.core import relay as mail_relay
from app.core.db import db
from app.core.events import events_of
from app.core.i18n import desk as desk_settings
from app.core.settings import DECLARED, SettingRow
from app.tickets.settings import priority_of, tickets
from tests.experiments.forms import fields

pytestmark = pytest.mark.slow

KEPT_BY_THE_CODE = {"absences.edition", "calendars.edition", "sla.edition", "sla.work_edition"}

ON_PAGES_OF_THEIR_OWN = {"channels", "form"}
"""Rooms whose settings stand under /admin/ways (test_ways.py)."""


@pytest.fixture
def change(root):
    """Change some fields of one group."""

    def sent(slug, **changes):
        action = f"/admin/settings/{slug}"
        return root.post(action, data=fields(root.get("/admin/settings").text, action) | changes)

    return sent


def told():
    return events_of("setting", 0)[-1].data["changes"]


def stored(name):
    """Past the copy a request keeps."""
    return db.session.scalar(sa.select(SettingRow.value).where(SettingRow.name == name))


def test_every_declared_setting_is_on_the_page(app):
    shown = {f"{group.settings.room}.{name}" for group in GROUPS.values() for name in group.fields}
    shown.add("tickets.priority_matrix")
    declared = {f"{room}.{name}" for room, settings in DECLARED.items() for name in settings.defaults
                if room not in ON_PAGES_OF_THEIR_OWN}
    assert declared - shown - KEPT_BY_THE_CODE == set()


def test_name_of_the_desk_is_changed_and_told(root, change):
    assert change("desk", name="Help at Ala-Too").status_code == 302
    assert "Help at Ala-Too" in root.get("/").text
    assert told() == {"desk.name": ["Jardam", "Help at Ala-Too"]}


@pytest.mark.parametrize("wrong", ["0", "-3", "366", "1.5", "soon", "", "9" * 30])
def test_days_are_a_whole_number_within_bounds(root, change, wrong):
    answer = change("tickets", reopen_days=wrong)
    assert answer.status_code == 400
    assert stored("tickets.reopen_days") is None
    if wrong:
        assert f'value="{wrong}"' in answer.text


def test_only_what_changed_is_told(change):
    change("tickets", reopen_days="14")
    assert told() == {"tickets.reopen_days": [7, 14]}
    change("tickets")
    assert len(events_of("setting", 0)) == 1


@pytest.mark.parametrize(("group", "wrong"), [
    ("desk", {"language": "xx"}), ("desk", {"time_zone": "Mars/Base"}), ("desk", {"name": " "}),
    ("relay", {"port": "0"}), ("relay", {"security": "rot13"}), ("relay", {"sender": "nobody"}),
    ("priorities", {"high_low": "P5"}),
])
def test_senseless_values_are_refused(change, group, wrong):
    assert change(group, **wrong).status_code == 400


def test_matrix_decides_the_priority(change):
    assert change("priorities", high_low="P1").status_code == 302
    assert stored("tickets.priority_matrix")["high"]["low"] == "P1"
    assert tickets.priority_matrix["low"]["low"] == "P4"
    assert priority_of("high", "low") == "P1"


def test_relay_password_is_sealed_and_stands_nowhere(root, change):
    change("relay", host="mail.jardam.example", sender="desk@jardam.example", user="desk", password="s3cret word")
    assert "s3cret" not in stored("relay.password")
    assert mail_relay.password() == "s3cret word"
    assert "s3cret" not in root.get("/admin/settings").text
    assert told()["relay.password"] == ["•••", "•••"]


def test_empty_password_box_keeps_the_password_and_no_user_drops_it(change):
    change("relay", host="mail.jardam.example", user="desk", password="s3cret word")
    change("relay", port="25")
    assert stored("relay.password")
    change("relay", user="")
    assert stored("relay.password") == ""


def test_second_of_two_savers_is_told(root):
    action = "/admin/settings/desk"
    form = fields(root.get("/admin/settings").text, action)
    assert root.post(action, data=form | {"name": "Theirs"}).status_code == 302
    answer = root.post(action, data=form | {"name": "Mine"})
    assert answer.status_code == 409
    assert 'value="Mine"' in answer.text
    assert desk_settings.name == "Theirs"


def test_unknown_group_is_not_there(root):
    assert root.post("/admin/settings/nonsense").status_code == 404
