"""Fetching from a real IMAP server: every mail once, marked only when it is kept."""

import calendar
import re
from datetime import timedelta

import pytest

from app.channels.email import keep as keeping
from app.channels.email.fetching import imap
from app.channels.email.models import InboundMail
from app.core.db import db

from .conftest import NOW, ask, mail, set_up, subjects

pytestmark = pytest.mark.slow


def test_each_mail_is_taken_once_and_marked(dovecot, user, box):
    dovecot.put(user, mail("one"), mail("two"))
    tally, wrong = ask(box)
    assert (tally.new, tally.known, wrong) == (2, 0, "")
    assert subjects() == ["one", "two"]
    assert all("\\Seen" in flags for flags in dovecot.flags(user).values())
    dovecot.put(user, mail("three"))
    assert ask(box)[0].new == 1
    assert (box.last_uid, box.failures, box.well_at >= NOW) == (3, 0, True)


def test_bytes_are_those_of_the_server(dovecot, user, box):
    raw = mail("raw", "\xff\x00".encode("latin-1").decode("latin-1") + "Привет")
    dovecot.put(user, raw.replace(b"\x00", b"?"))
    ask(box)
    assert db.session.query(InboundMail).one().file.path.read_bytes() == raw.replace(b"\x00", b"?")


def test_what_somebody_read_already_is_taken_too(dovecot, user, box):
    dovecot.put(user, mail("read"))
    client = dovecot.client(user, "INBOX")
    client.store("1", "+FLAGS", "\\Seen")
    client.logout()
    assert ask(box)[0].new == 1


def test_moved_into_another_folder(dovecot, user, box):
    box.afterwards, box.moved_to = "move", "Обработано"
    dovecot.put(user, mail("one"), mail("two"))
    assert ask(box)[0].new == 2
    assert dovecot.flags(user) == {}
    assert len(dovecot.flags(user, '"&BB4EMQRABDAEMQQ+BEIEMAQ9BD4-"')) == 2


def test_deleting_leaves_what_others_marked(dovecot, user, box):
    dovecot.put(user, mail("theirs"))
    ask(box)
    client = dovecot.client(user, "INBOX")
    client.store("1", "+FLAGS", "\\Deleted")
    box.afterwards = "delete"
    dovecot.put(user, mail("ours"))
    assert ask(box)[0].new == 1
    client.logout()
    assert list(dovecot.flags(user)) == [1]


def test_a_server_that_numbers_anew_doubles_nothing(dovecot, user, box):
    dovecot.put(user, mail("one"), mail("two"))
    ask(box)
    before = box.uid_validity
    dovecot.renumber(user)
    dovecot.put(user, mail("three"))
    tally, wrong = ask(box)
    assert (tally.new, tally.known, wrong) == (1, 2, "")
    assert box.uid_validity != before
    assert sorted(subjects()) == ["one", "three", "two"]


def test_only_what_comes_from_now_on(dovecot, user, box):
    moment = calendar.timegm(NOW.timetuple())
    dovecot.put(user, mail("last-year"), at=moment - 300 * 86400)
    dovecot.put(user, mail("this-morning"), at=moment - 3600)
    box.about = {"since": NOW.isoformat()}
    assert ask(box)[0].new == 0
    dovecot.put(user, mail("new"), at=moment + 5)
    assert ask(box)[0].new == 1
    dovecot.put(user, mail("old-but-dragged-here"), at=moment - 300 * 86400)
    assert ask(box)[0].new == 1
    assert subjects() == ["new", "old-but-dragged-here"]


def test_what_came_before_the_first_round_is_not_lost(dovecot, user, box):
    moment = calendar.timegm(NOW.timetuple())
    dovecot.put(user, mail("old"), at=moment - 3600)
    dovecot.put(user, mail("meanwhile"), at=moment + 60)
    box.about = {"since": NOW.isoformat()}
    assert ask(box, NOW + timedelta(hours=1))[0].new == 1
    assert subjects() == ["meanwhile"]


def test_a_large_mail_comes_in_pieces(dovecot, user, box, monkeypatch):
    monkeypatch.setattr(imap, "PIECE_BYTES", 1000)
    exact = mail("exact", "x" * 10_000)
    exact += b"y" * (-len(exact) % 1000)
    dovecot.put(user, mail("large", "word " * 3333), exact)
    assert ask(box)[0].new == 2
    kept = db.session.query(InboundMail).order_by(InboundMail.id).all()
    assert [one.file.path.read_bytes() for one in kept] == [mail("large", "word " * 3333), exact]


def test_of_a_monster_the_beginning_is_taken_and_the_rest_stays_there(dovecot, user, box, monkeypatch):
    for module in (imap, keeping):
        monkeypatch.setattr(module, "MOST_KEPT_BYTES", 50_000)
    monkeypatch.setattr(imap, "PIECE_BYTES", 1000)
    monkeypatch.setattr(imap, "BEGINNING_BYTES", 2500)
    box.afterwards = "delete"
    dovecot.put(user, mail("monster", "x" * 60_000), mail("behind"))
    assert ask(box)[0].new == 2
    monster = db.session.query(InboundMail).filter_by(subject="monster").one()
    assert (monster.size_bytes, "beginning" in monster.said) == (2500, True)
    assert dovecot.flags(user) == {1: "\\Seen \\Recent"} or list(dovecot.flags(user)) == [1]


@pytest.mark.parametrize(("security", "port"), [("tls", "tls_port"), ("starttls", "port")])
def test_over_tls(dovecot, user, box, trusted, security, port):
    box.security, box.port = security, getattr(dovecot, port)
    dovecot.put(user, mail("secret"))
    assert ask(box) and subjects() == ["secret"]


def wrong(box, **about):
    for name, value in about.items():
        setattr(box, name, value)
    return ask(box)[1]


def test_what_is_wrong_is_said_in_words(dovecot, user, box, monkeypatch):
    assert "cannot be trusted" in wrong(box, security="tls", port=dovecot.tls_port)
    assert "no TLS from the start" in wrong(box, port=dovecot.port)
    monkeypatch.setattr(imap, "CONNECT_SECONDS", 1)
    assert "in time" in wrong(box, security="none", port=dovecot.tls_port)
    assert "nothing answers on port 9" in wrong(box, port=9)
    assert "was not found" in wrong(box, host="no-such-host.invalid", port=dovecot.port)
    assert "no mail server" in wrong(box, host="169.254.169.254")
    assert "is no name of a host" in wrong(box, host="a" * 70 + ".example")
    assert "STARTTLS" in wrong(box, host="127.0.0.1", security="starttls", port=993)
    assert "no folder “Нет”" in wrong(box, security="none", port=dovecot.port, folder="Нет")
    assert "INBOX" in box.last_error
    assert (box.failures, box.well_at) == (9, None)
    assert wrong(box, folder="INBOX") == ""
    assert (box.failures, box.last_error) == (0, "")


def test_a_wrong_password_is_said(desk, dovecot, user):
    box = set_up(host="127.0.0.1", port=dovecot.port, security="none", user=user, password="пароль")
    assert "refused the user name or the password" in ask(box)[1]


def test_what_answers_but_is_no_mail_server(box, postbox):
    assert "no IMAP server" in wrong(box, port=postbox.port)


def test_a_mail_that_vanishes_meanwhile_holds_up_nobody(dovecot, user, box, monkeypatch):
    dovecot.put(user, mail("one"), mail("two"), mail("three"))
    look = imap.look

    def looked(connection, uids):
        found = look(connection, uids)
        client = dovecot.client(user, "INBOX")
        client.uid("STORE", "2", "+FLAGS", "\\Deleted")
        client.expunge()
        client.logout()
        return found

    monkeypatch.setattr(imap, "look", looked)
    assert ask(box)[1] == ""
    assert subjects() == ["one", "three"]


def test_nothing_of_the_database_is_held_while_the_server_is_asked(dovecot, user, box, monkeypatch):
    held = []
    command = imap._command

    def watched(*about):
        held.append(db.session().in_transaction())
        return command(*about)

    monkeypatch.setattr(imap, "_command", watched)
    dovecot.put(user, mail("one"), mail("two"))
    ask(box)
    assert len(held) > 4 and not any(held)


def test_a_mail_the_server_will_not_give_up_comes_in_the_next_round(dovecot, user, box, monkeypatch):
    dovecot.put(user, mail("one"), mail("two"), mail("three"))
    body, refused = imap._body, [2]

    def moody(connection, uid, what):
        if uid in refused:
            refused.remove(uid)
            raise imap.Refused("[SERVERBUG] not now")
        return body(connection, uid, what)

    monkeypatch.setattr(imap, "_body", moody)
    tally, words = ask(box)
    assert (tally.new, tally.left, box.last_uid) == (2, 1, 1)
    assert ("not now" in words, box.failures) == (True, 1)
    tally, words = ask(box)
    assert (tally.new, tally.known, words, box.last_uid) == (1, 1, "", 3)
    assert subjects() == ["one", "three", "two"]


def test_one_mail_about_which_the_server_says_nothing_holds_up_nobody(dovecot, user, box, monkeypatch):
    dovecot.put(user, mail("one"), mail("two"), mail("three"))
    look = imap.look

    def moody(connection, uids):
        if 2 in uids:
            raise imap.Refused("[SERVERBUG] mail 2 is broken")
        return look(connection, uids)

    monkeypatch.setattr(imap, "look", moody)
    tally, words = ask(box)
    assert (tally.new, tally.left, "mail 2 is broken" in words) == (2, 1, True)
    monkeypatch.setattr(imap, "look", look)
    assert ask(box)[0].new == 1
    assert subjects() == ["one", "three", "two"]


def test_a_mail_left_out_of_an_answer_is_asked_about_again(dovecot, user, box, monkeypatch):
    dovecot.put(user, mail("one"), mail("two"))
    look = imap.look
    monkeypatch.setattr(imap, "look", lambda connection, uids: look(connection, uids)[:1])
    assert (ask(box)[0].new, subjects()) == (2, ["one", "two"])


@pytest.mark.parametrize("nothing", [b'""', b"NIL"])
def test_a_mail_without_an_id_is_taken_from_servers_that_say_so_in_a_word(dovecot, user, box, monkeypatch, nothing):
    dovecot.put(user, mail("one").replace(b"Message-ID: <one@mail.example>\r\n", b""), mail("two"))
    command = imap._command

    def other(connection, name, *words):
        answer = command(connection, name, *words)
        if "HEADER.FIELDS" not in str(words):
            return answer
        assert answer[0][1].strip() == b""
        return [re.sub(rb"\{\d+\}$", nothing, answer[0][0]) + answer[1], *answer[2:]]

    monkeypatch.setattr(imap, "_command", other)
    assert (ask(box)[0].new, subjects()) == (2, ["one", "two"])


def test_behind_a_mail_that_is_always_refused_nothing_is_marked_twice(dovecot, user, box, monkeypatch):
    dovecot.put(user, mail("one"), mail("two"), mail("three"))
    body, mark, marked = imap._body, imap.mark, []

    def moody(connection, uid, what):
        if uid == 1:
            raise imap.Refused("[SERVERBUG] never")
        return body(connection, uid, what)

    def noted(connection, uid):
        marked.append(uid)
        mark(connection, uid)

    monkeypatch.setattr(imap, "_body", moody)
    monkeypatch.setattr(imap, "mark", noted)
    assert [ask(box)[0].left for _ in range(3)] == [1, 1, 1]
    assert marked == [2, 3]
