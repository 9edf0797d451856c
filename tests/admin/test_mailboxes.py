"""Mailboxes: set up, changed, tried and connected by administrators; their addresses are nobody's."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
import sqlalchemy as sa

from app.channels.email import mailboxes
from app.channels.email.models import Mailbox
from app.core.db import db
from app.core.events import events_of
from tests import people
from tests.channels.fetching.conftest import mail, set_up
from tests.channels.fetching.dovecot import PASSWORD, dovecot
from tests.channels.fetching.provider import provider
from tests.channels.test_keep import kept

__all__ = ["dovecot", "provider"]
pytestmark = pytest.mark.slow
NEW, TRY_NEW = "/admin/mailboxes/new", "/admin/mailboxes/new/trial"
FIRST = {"name": "Help", "address": "Help@jardam.example", "host": "imap.example.org", "user": "help",
         "password": "s3cret"}


@pytest.fixture
def box(place, save):
    save(NEW, **FIRST)
    return db.session.scalars(sa.select(Mailbox)).one()


def at(box, more=""):
    return f"/admin/mailboxes/{box.id}{more}"


def test_new_mailbox_is_listed_and_written_down(root, place, save):
    answer = save(NEW, **FIRST, aliases="it@jardam.example, Support@jardam.example", team_id=str(place.second.id))
    assert answer.status_code == 302
    made = db.session.scalars(sa.select(Mailbox)).one()
    assert (made.address, made.aliases, made.team_id) == (
        "help@jardam.example", ["it@jardam.example", "support@jardam.example"], place.second.id)
    assert mailboxes.secrets(made) == {"password": "s3cret"}
    assert "since" in made.about
    assert "help@jardam.example" in root.get("/admin/mailboxes").text
    event = events_of("mailbox", made.id)[0]
    assert (event.kind, event.data["changes"]["secrets"]) == ("mailbox.created", ["•••", "•••"])


def test_secrets_are_never_shown_nor_stored_readably(root, box):
    assert "s3cret" not in root.get(at(box)).text + str(events_of("mailbox", box.id)[0].data) + box.secrets


def test_empty_password_keeps_the_stored_one_for_the_same_server_alone(box, save):
    assert save(at(box), folder="Support").status_code == 302
    db.session.refresh(box)
    assert mailboxes.secrets(box) == {"password": "s3cret"}
    answer = save(at(box), host="imap.evil.example")
    assert (answer.status_code, "give the password again" in answer.text) == (400, True)
    assert save(at(box), host="imap.evil.example", password="other").status_code == 302


def test_second_saver_is_told(root, box, filled):
    mine = filled(at(box), name="Mine")
    root.post(at(box), data=filled(at(box), name="Theirs"))
    answer = root.post(at(box), data=mine)
    assert (answer.status_code, "Mine" in answer.text) == (409, True)


def test_another_folder_is_read_from_its_beginning(box, save):
    box.uid_validity, box.last_uid, box.failures, box.last_error = 5, 70, 3, "ill"
    save(at(box), name="Renamed")
    assert (box.last_uid, box.failures, box.last_error) == (70, 0, "")
    save(at(box), folder="Support")
    assert (box.uid_validity, box.last_uid) == (None, 0)


@pytest.mark.parametrize("wrong", [
    {"host": ""}, {"user": ""}, {"address": "nobody"}, {"aliases": "x"}, {"port": "0"}, {"port": "99999"},
    {"security": "starttls"}, {"afterwards": "move"}, {"afterwards": "move", "moved_to": "INBOX"},
    {"way": "folder"}, {"sign_in": "google"}, {"way": "pigeon"}, {"team_id": "99"}, {"name": ""},
])
def test_what_cannot_work_is_refused_and_stays_typed(place, save, wrong):
    answer = save(NEW, **FIRST | wrong)
    assert answer.status_code == 400
    assert "imap.example.org" in answer.text or not wrong.get("host", "x")


def test_address_is_no_persons_and_no_other_mailboxs(box, save):
    for taken in ({"address": "aigul@jardam.example"}, {"aliases": "aigul@jardam.example"},
                  {"aliases": "help@jardam.example"}):
        assert save(NEW, **FIRST | {"address": "new@jardam.example"} | taken).status_code == 409


def test_nobody_gets_the_address_of_the_desk(place, box, save):
    save(at(box), aliases="it@jardam.example")
    for address in ("Help@jardam.example", "it@jardam.example"):
        assert save("/admin/people/new", name="Mallory", email=address).status_code == 409
        assert save(f"/admin/people/{place.aigul.id}", email=address).status_code == 409


def test_only_a_mailbox_without_mail_is_removed(root, box):
    other = set_up(address="other@jardam.example")
    kept(mail("one"), box)
    assert root.post(at(box, "/removal")).status_code == 409
    assert root.post(at(other, "/removal")).status_code == 302
    assert [one.address for one in db.session.scalars(sa.select(Mailbox))] == ["help@jardam.example"]


def test_list_costs_the_same_however_many_there_are(root, place, statements):
    def count():
        return statements(lambda: root.get("/admin/mailboxes"))

    set_up(team_id=place.first.id)
    one = count()
    for number in range(5):
        set_up(address=f"box{number}@jardam.example", team_id=place.second.id)
    assert count() == one


def tried(root, filled, **about):
    return root.post(TRY_NEW, data=filled(NEW, **FIRST | about)).text


def test_trial_says_what_waits_and_saves_nothing(root, filled, dovecot):
    dovecot.put("tried@jardam.example", mail("one"), mail("two"))
    about = {"host": "127.0.0.1", "port": str(dovecot.port), "security": "none", "user": "tried@jardam.example",
             "password": PASSWORD, "start": "all"}
    assert "2 mails wait there" in tried(root, filled, **about)
    assert "Seen" not in str(dovecot.flags("tried@jardam.example"))
    assert "refused the user name or the password" in tried(root, filled, **about | {"password": "wrong"})
    assert re.search("no folder “Nowhere”.*INBOX", tried(root, filled, **about | {"folder": "Nowhere"}))
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Mailbox)) == 0


def test_trial_uses_the_stored_password_for_its_own_server_alone(root, filled, dovecot, place):
    box = set_up(host="127.0.0.1", port=dovecot.port, security="none", user="tried@jardam.example")
    assert "It works" in root.post(at(box, "/trial"), data=filled(at(box))).text
    assert "refused the user name" in root.post(at(box, "/trial"), data=filled(at(box), host="localhost")).text


def test_trial_of_a_folder(root, filled, tmp_path):
    (tmp_path / "a.eml").write_bytes(mail("one"))
    assert "There is no folder" in tried(root, filled, way="folder", folder="/no/such/folder")
    assert "It works" in tried(root, filled, way="folder", folder=str(tmp_path))


@pytest.fixture
def google(root, provider):
    box = set_up(host="imap.gmail.com", sign_in="google", user="help@jardam.example", about={"client_id": "desk"})
    box.secrets = mailboxes.sealed({"client_secret": "hush"})
    db.session.commit()
    return box


def state_of(root, box):
    answer = root.get(at(box, "/consent"))
    asked = parse_qs(urlsplit(answer.location).query)
    assert (answer.status_code, asked["client_id"], asked["access_type"]) == (302, ["desk"], ["offline"])
    assert asked["redirect_uri"][0].endswith(at(box, "/oauth"))
    return asked["state"][0]


def test_consent_connects_a_mailbox(root, google, provider):
    state = state_of(root, google)
    page = root.get(at(google, "/oauth"), query_string={"code": "c0de", "state": state})
    assert page.status_code == 200 and provider.asked == []
    assert root.post(at(google, "/oauth"), data={"code": "c0de", "state": state}).status_code == 302
    db.session.refresh(google)
    assert mailboxes.secrets(google) == {"client_secret": "hush", "refresh_token": "refresh-1"}
    assert provider.asked[0]["client_secret"] == "hush"
    assert events_of("mailbox", google.id)[-1].kind == "mailbox.connected"


def test_answer_to_somebody_elses_question_connects_nothing(desk, root, google, provider):
    other = people.sign_in(desk.test_client(), people.user("second", administrator=True))
    state = state_of(other, google)
    for wrong in (state, "", "rubbish"):
        assert root.post(at(google, "/oauth"), data={"code": "c0de", "state": wrong}).status_code == 400
    assert provider.asked == []


def test_refused_consent_is_said(root, google, provider):
    assert "access_denied" in root.get(at(google, "/oauth"), query_string={"error": "access_denied"}).text
    provider.answers = [(400, {"error": "invalid_grant", "error_description": "Bad code"})]
    state = state_of(root, google)
    root.post(at(google, "/oauth"), data={"code": "c0de", "state": state})
    assert "Bad code" in root.get(at(google)).text


def test_a_mailbox_with_a_password_asks_for_no_consent(root, box):
    assert root.get(at(box, "/consent")).status_code == 400


def test_overview_names_what_cannot_be_read(root, box):
    assert "Everything that came was taken in" in root.get("/admin").text
    box.failures, box.last_error = 9, "ill"
    assert "Cannot be read: help@jardam.example" in root.get("/admin").text


def test_what_is_no_longer_in_use_stays_chosen(place, box, save):
    """Saving something else changes neither the team nor the request type, though no other mailbox may choose them."""
    assert save(at(box), team_id=str(place.second.id)).status_code == 302
    place.second.is_active = False
    db.session.commit()
    assert save(at(box), team_id=str(place.second.id), folder="Support").status_code == 302
    db.session.refresh(box)
    assert (box.team_id, box.folder) == (place.second.id, "Support")
    assert save(NEW, **FIRST, team_id=str(place.second.id)).status_code == 400
