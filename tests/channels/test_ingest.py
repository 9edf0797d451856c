"""flask mail ingest: what a mail server hands over, and what it is told by the exit code; mailboxes for scripts."""

import pytest
import sqlalchemy as sa

from app.channels import ways
from app.channels.email import intake, mailboxes
from app.channels.email import keep as keeping
from app.channels.email.models import InboundMail, Mailbox
from app.core.db import db
from app.core.events import events_of
from app.core.relay import relay
from tests import people
from tests.channels.fetching.conftest import mail, set_up
from tests.experiments.desk import Desk

pytestmark = pytest.mark.slow


@pytest.fixture
def flask(desk, monkeypatch):
    """A command in this process. Taking in is D's affair: here it is enough that it was asked for."""
    asked = []
    monkeypatch.setattr(intake, "take_in_one", lambda mail_id, now, understander=None: asked.append(mail_id))

    def run(*arguments, given=b""):
        db.session.commit()
        done = desk.test_cli_runner().invoke(args=["mail", *map(str, arguments)], input=given)
        db.session.expire_all()
        done.asked = asked
        return done

    return run


def boxes():
    """Subject -> the address of its mailbox."""
    rows = db.session.execute(sa.select(InboundMail.subject, Mailbox.address).join(InboundMail.mailbox))
    return dict(rows.all())


def to(address, name, header="To"):
    return f"{header}: {address}\r\n".encode() + mail(name).replace(b"To: help@jardam.example\r\n", b"")


def test_taken_when_it_is_kept(flask):
    set_up(way="pipe")
    done = flask("ingest", given=mail("one"))
    assert (done.exit_code, boxes()) == (0, {"one": "help@jardam.example"})
    assert done.asked == [db.session.scalar(sa.select(InboundMail.id))]
    again = flask("ingest", given=mail("one"))
    assert (again.exit_code, len(again.asked), len(boxes())) == (0, 1, 1)


def test_the_head_says_which_mailbox(flask):
    set_up(address="help@jardam.example")
    set_up(address="it@jardam.example", aliases=["repairs@jardam.example"])
    both = b"To: help@jardam.example\r\n" + to("it@jardam.example", "envelope", "Delivered-To")
    for raw in (to("It@jardam.example", "plain"), to("x@y.example, Repairs@jardam.example", "alias", "Cc"), both):
        assert flask("ingest", given=raw).exit_code == 0
    assert set(boxes().values()) == {"it@jardam.example"}
    flask("ingest", "--mailbox", "help@jardam.example", given=to("it@jardam.example", "told"))
    assert boxes()["told"] == "help@jardam.example"


def test_an_address_with_a_tag_leads_where_it_does_without(flask):
    set_up(address="help@jardam.example")
    set_up(address="help+it@jardam.example")
    assert flask("ingest", given=to("Help+printer@jardam.example", "head", "Delivered-To")).exit_code == 0
    assert flask("ingest", "--mailbox", "help+x@jardam.example", given=mail("told")).exit_code == 0
    flask("ingest", given=to("help+it@jardam.example", "own"))
    assert boxes() == {"head": "help@jardam.example", "told": "help@jardam.example", "own": "help+it@jardam.example"}


def test_what_is_for_nobody_goes_to_the_pipes_own_mailbox(flask):
    relay.change(sender="Desk <desk@jardam.example>")
    flask("ingest", given=to("x@y.example", "one"))
    flask("ingest", given=to("x@y.example", "two"))
    made = db.session.scalars(sa.select(Mailbox)).one()
    assert (made.address, made.way, set(boxes())) == ("desk@jardam.example", "pipe", {"one", "two"})
    assert events_of("mailbox", made.id)[0].kind == "mailbox.created"


def test_the_pipes_mailbox_never_has_the_address_of_a_person(flask):
    relay.change(sender="aigul@jardam.example")
    people.user("aigul")
    flask("ingest", given=mail("one"))
    assert boxes() == {"one": mailboxes.NOWHERE}


@pytest.mark.parametrize(("arguments", "given", "code"), [
    (["--mailbox", "nobody@jardam.example"], mail("one"), 64), (["--no-such-option"], mail("one"), 64),
    (["/no/such/file"], b"", 66), ([], b"", 65),
])
def test_wrong_use_is_said(flask, arguments, given, code):
    assert flask("ingest", *arguments, given=given).exit_code == code


def test_too_large_is_refused(flask, monkeypatch):
    monkeypatch.setattr(keeping, "MOST_KEPT_BYTES", 1000)
    assert flask("ingest", given=mail("big", "x" * 2000)).exit_code == 65
    assert boxes() == {}


def test_whatever_is_temporary_asks_for_another_try(flask, desk, monkeypatch, tmp_path):
    (tmp_path / "file").write_text("no folder")
    with monkeypatch.context() as patch:
        patch.setitem(desk.config, "FILES_FOLDER", tmp_path / "file")
        assert flask("ingest", given=mail("one")).exit_code == 75
    ways.channels.change(email=False)
    assert flask("ingest", given=mail("one")).exit_code == 75
    assert boxes() == {}


@pytest.mark.real
def test_a_desk_that_was_never_started_asks_for_another_try(tmp_path, engine_url):
    done = Desk(tmp_path, engine_url).flask("mail", "ingest", input="Subject: x\n\nHello\n")
    assert done.returncode == 75, done.stderr


def test_what_goes_wrong_afterwards_changes_nothing(flask, monkeypatch):
    def fails(*_about):
        raise RuntimeError("cannot be understood")

    monkeypatch.setattr(intake, "take_in_one", fails)
    assert flask("ingest", given=mail("one")).exit_code == 0
    assert db.session.scalars(sa.select(InboundMail)).one().state == "waiting"


def test_a_folder_is_taken_and_can_be_taken_again(flask, tmp_path):
    (tmp_path / "deep").mkdir()
    for number in range(3):
        (tmp_path / f"{number}.eml").write_bytes(mail(f"m{number}"))
    (tmp_path / "deep" / "double.eml").write_bytes(mail("m0"))
    (tmp_path / "empty.eml").write_bytes(b"")
    (tmp_path / ".hidden").write_bytes(mail("hidden"))
    done = flask("ingest", tmp_path)
    assert (done.exit_code, sorted(boxes())) == (65, ["m0", "m1", "m2"])
    assert done.output.splitlines()[-1].startswith("5 mails: 3 new, 1 known, 1 not kept; ")
    (tmp_path / "empty.eml").unlink()
    assert flask("ingest", tmp_path).output.startswith("4 mails: 0 new, 4 known, 0 not kept; ")
    assert len(list(tmp_path.rglob("*.eml"))) == 4


def test_a_mailbox_is_set_up_by_a_script(flask, tmp_path):
    (tmp_path / "password").write_text("s3cret\n")
    done = flask("mailbox", "add", "Help@jardam.example", "--host", "imap.example.org", "--secrets",
                 tmp_path / "password")
    assert done.exit_code == 0, done.output
    made = db.session.scalars(sa.select(Mailbox)).one()
    assert (made.address, made.user, mailboxes.secrets(made)) == (
        "help@jardam.example", "Help@jardam.example", {"password": "s3cret"})
    assert "since" in made.about
    assert "help@jardam.example\timap\ton\tnever\t-" in flask("mailboxes").output
    given = '{"client_secret": "a", "refresh_token": "b"}'
    flask("mailbox", "add", "it@jardam.example", "--sign-in", "google", "--everything", "--secrets", "-", given=given)
    assert mailboxes.secrets(mailboxes.by_address("it@jardam.example")) == {"client_secret": "a", "refresh_token": "b"}
    assert mailboxes.by_address("it@jardam.example").about == {}


def test_a_wrong_address_or_a_double_is_refused(flask):
    set_up()
    for address in ("help@jardam.example", "nobody"):
        done = flask("mailbox", "add", address)
        assert (done.exit_code, "Error: " in done.output) == (1, True)


def test_fetching_now(flask, tmp_path):
    set_up(way="folder", folder=str(tmp_path))
    assert flask("fetch").output == "help@jardam.example: 0 new, 0 known\n"
    tmp_path.rmdir()
    done = flask("fetch")
    assert (done.exit_code, "no folder" in done.output) == (1, True)
