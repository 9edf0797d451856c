"""Which mails a machine wrote."""

import pytest

from app.channels.email.reading import Ours
from app.channels.email.reading.reader import read

from .nasty import mail, multipart, part, whole

OURS = Ours(frozenset({"desk@x.example"}), "", "0f" * 16)


def word(raw, tmp_path):
    return read(raw, tmp_path, OURS).automatic


@pytest.mark.parametrize(
    "fields, expected",
    [
        (["Auto-Submitted: auto-replied"], "auto_submitted"),
        (["Auto-Submitted: auto-generated (rejected)"], "auto_submitted"),
        (["Auto-Submitted: auto-notified; owner-email=x@y.example"], "auto_submitted"),
        (["AUTO-SUBMITTED: AUTO-REPLIED"], "auto_submitted"),
        (["Auto-Submitted: no"], ""),
        (["Auto-Submitted:"], ""),
        (["Auto-Submitted: No (a comment)"], ""),
        (["Precedence: bulk"], "bulk"),
        (["Precedence: junk"], "bulk"),
        (["Precedence: List"], "list"),
        (["Precedence: auto_reply"], "auto_submitted"),
        (["Precedence: first-class"], ""),
        (["List-Id: <news.x.example>"], "list"),
        (["List-Unsubscribe: <mailto:x@y.example>"], "list"),
        (["X-Autoreply: yes"], "auto_submitted"),
        (["X-Autorespond: Re"], "auto_submitted"),
        (["X-Autoresponder: v"], "auto_submitted"),
        (["X-Autoreply: no"], ""),
        (["Delivered-To: Autoresponder"], "auto_submitted"),
        (["Delivered-To: desk@x.example"], ""),
        (["Return-Path: <>"], "null_sender"),
        (["Return-Path: < >"], ""),
        (["Return-Path: <a@b.example>"], ""),
        (["X-Jardam-Loop: " + "0f" * 16], "own_loop"),
        (["X-Jardam-Loop: x", "X-Jardam-Loop: " + "0f" * 16], "own_loop"),
        (["X-Jardam-Loop: " + "0e" * 16], "auto_submitted"),
        (["X-Jardam-Loop: \u0436"], "auto_submitted"),
        (["X-Auto-Response-Suppress: All"], "auto_submitted"),
        (["X-Auto-Response-Suppress: DR, OOF, AutoReply"], "auto_submitted"),
        (["X-Auto-Response-Suppress: DR, RN, NRN"], ""),
        (["X-Auto-Response-Suppress: All", "In-Reply-To: <1@x>"], ""),
        (["X-Jardam-Priority: high", "X-Jardam-Ticket: 12", "X-RT-Loop: y"], ""),
        (["Subject: Out of office settings do not work"], ""),
        (["Subject: Automatic reply: your ticket"], "out_of_office"),
        (["Subject: Автоматический ответ: заявка"], "out_of_office"),
        (["Subject: Автожооп: өтүнмө"], "out_of_office"),
        (["Subject: Out of Office", "Auto-Submitted: auto-replied"], "out_of_office"),
        (["Subject: Вне офиса до 3 июня", "X-Auto-Response-Suppress: All", "In-Reply-To: <1@x>"], "out_of_office"),
        (["Subject: Abwesenheitsnotiz: x"], "out_of_office"),
        (["Subject: =?utf-8?B?0JDQstGC0L7QvtGC0LLQtdGCOiB4?="], "out_of_office"),
        (["Subject: Re: Automatic reply: x"], ""),
        (["Subject: Hello"], ""),
    ],
)
def test_by_its_head(fields, expected, tmp_path):
    assert word(mail(*fields), tmp_path) == expected


@pytest.mark.parametrize(
    "sender, expected",
    [
        ("MAILER-DAEMON@x.example", "null_sender"),
        ("Mail Delivery <mailer-daemon@x.example>", "null_sender"),
        ("postmaster@x.example", "null_sender"),
        ("bounce+abc=def@x.example", "null_sender"),
        ("noreply-bounces@x.example", "null_sender"),
        ("no-reply@x.example", "auto_submitted"),
        ("noreply+12@x.example", "auto_submitted"),
        ("do-not-reply@x.example", "auto_submitted"),
        ("desk@x.example", "own_loop"),
        ("bouncer@x.example", ""),
        ("noreplyanna@x.example", ""),
        ("anna@postmaster.example", ""),
    ],
)
def test_by_its_sender(sender, expected, tmp_path):
    assert word(mail(sender=sender), tmp_path) == expected


def test_a_receipt_is_a_report(tmp_path):
    receipt = multipart(
        part("Content-Type: text/plain", "read"),
        part("Content-Type: message/disposition-notification", "Disposition: x"),
        kind="report",
        extra="; report-type=disposition-notification",
    )
    found = read(whole(receipt), tmp_path, OURS)
    assert (found.automatic, found.bounce) == ("report", None)


def test_without_a_mark_of_ours_no_mail_is_ours(tmp_path):
    assert read(mail("X-Jardam-Loop:"), tmp_path, Ours()).automatic == "auto_submitted"
