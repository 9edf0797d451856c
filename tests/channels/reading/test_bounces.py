"""Reports that a mail did not arrive, as the standard has them and as servers write them."""

import pytest

from app.channels.email.reading import Ours
from app.channels.email.reading.reader import read

from .nasty import mail, multipart, part, whole

OURS_ID = "jardam.t12.345." + "0f" * 16 + "@desk.example"
ORIGINAL = (
    f"Message-ID: <{OURS_ID}>\nReferences: <jardam.t12.root.{'0e' * 16}@desk.example>\n"
    "From: desk@desk.example\nSubject: x\n\nwords"
)
WORDS = part("Content-Type: text/plain", "It did not arrive.")


def report(*blocks, original=part("Content-Type: message/rfc822") + ORIGINAL.encode(), extra=()):
    told = part("Content-Type: message/delivery-status", "\n\n".join(["Reporting-MTA: dns; mx.x.example", *blocks]))
    inside = multipart(
        WORDS, told, *([original] if original else []), kind="report", extra="; report-type=delivery-status"
    )
    return whole(inside, "Return-Path: <>", *extra).replace(
        b"From: Aigul <aigul@client.example>", b"From: MAILER-DAEMON@x.example"
    )


def bounce(raw, tmp_path):
    found = read(raw, tmp_path, Ours())
    assert found.automatic == ("report" if found.bounce else found.automatic)
    return found.bounce


GONE = (
    "Final-Recipient: rfc822; gone@x.example\nAction: failed\nStatus: 5.1.1\n"
    "Diagnostic-Code: smtp; 550 5.1.1 <gone@x.example> no such\n user"
)
LATE = "Final-Recipient: rfc822; full@x.example\nAction: delayed\nStatus: 4.2.2\nDiagnostic-Code: smtp; 452 4.2.2 full"


def test_somebody_is_gone_for_good(tmp_path):
    found = bounce(report(GONE), tmp_path)
    assert (found.recipient, found.is_permanent, found.status) == ("gone@x.example", True, "5.1.1")
    assert (found.diagnostic, found.message_id) == ("550 5.1.1 <gone@x.example> no such user", OURS_ID)


def test_a_delay_is_not_for_good(tmp_path):
    found = bounce(report(LATE), tmp_path)
    assert (found.recipient, found.is_permanent, found.status) == ("full@x.example", False, "4.2.2")


def test_the_worst_of_several_counts(tmp_path):
    assert bounce(report(LATE, GONE), tmp_path).recipient == "gone@x.example"


@pytest.mark.parametrize(
    "block, recipient, permanent, status",
    [
        (GONE.replace("Status: 5.1.1", "Status: 4.4.7").replace("5.1.1 ", ""), "gone@x.example", False, "4.4.7"),
        (GONE.replace("Status: 5.1.1", "Status: 5.1.1 (bad mailbox)"), "gone@x.example", True, "5.1.1"),
        (GONE.replace("Status: 5.1.1\n", "").replace("5.1.1 ", ""), "gone@x.example", True, "5.0.0"),
        (GONE.replace("rfc822; gone@x.example", "gone@x.example"), "gone@x.example", True, "5.1.1"),
        (GONE.replace("rfc822; gone@x.example", "rfc822;<gone@x.example>"), "gone@x.example", True, "5.1.1"),
        ("Original-Recipient: rfc822;alias@x.example\n" + GONE, "alias@x.example", True, "5.1.1"),
        (GONE.replace("Action: failed", "Action: Failed (for good)"), "gone@x.example", True, "5.1.1"),
        (GONE.replace("\n", "\r\n"), "gone@x.example", True, "5.1.1"),
        (GONE.replace("gone@x.example", "nobody"), "", True, "5.1.1"),
    ],
)
def test_blocks_of_other_servers(block, recipient, permanent, status, tmp_path):
    found = bounce(report(block), tmp_path)
    assert (found.recipient, found.is_permanent, found.status) == (recipient, permanent, status)


def test_a_delay_with_a_number_of_failures_is_none(tmp_path):
    assert not bounce(report(GONE.replace("failed", "delayed")), tmp_path).is_permanent


@pytest.mark.parametrize("action", ["delivered", "relayed", "expanded", "", "nonsense"])
def test_what_arrived_did_not_bounce(action, tmp_path):
    raw = report(GONE.replace("failed", action))
    assert bounce(raw, tmp_path) is None
    assert read(raw, tmp_path, Ours()).automatic == "report"


@pytest.mark.parametrize(
    "original, expected",
    [
        (part("Content-Type: text/rfc822-headers", ORIGINAL), OURS_ID),
        (part("Content-Type: message/rfc822-headers", ORIGINAL), OURS_ID),
        (part("Content-Type: text/plain", f"it said <{OURS_ID}>"), OURS_ID),
        (None, ""),
        (part("Content-Type: message/rfc822") + b"Message-ID: <other@x.example>\n\nx", "other@x.example"),
    ],
)
def test_which_mail_it_was(original, expected, tmp_path):
    assert bounce(report(GONE, original=original), tmp_path).message_id == expected


QMAIL = f"""Hi. This is the qmail-send program at mx.x.example.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<gone@x.example>:
192.0.2.1 does not like recipient.
Remote host said: 550 5.1.1 no such user here

--- Below this line is a copy of the message.

Return-Path: <desk@desk.example>
{ORIGINAL}"""
EXIM = f"""This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of its
recipients. This is a permanent error. The following address(es) failed:

  gone@x.example
    host mx.x.example [192.0.2.1]
    SMTP error from remote mail server after RCPT TO:<gone@x.example>:
    550 5.1.1 no such user

------ This is a copy of the message, including all the headers. ------

{ORIGINAL}"""
EXIM_LATE = f"""This message was created automatically by mail delivery software.
A message that you sent has not yet been delivered to one or more of its
recipients after more than 24 hours on the queue on mx.x.example.

The message identifier is:     1abcde-000000-00
The subject of the message is: x

The following address(es) have not yet been delivered:

  gone@x.example: retry timeout 451 4.3.0 later

{ORIGINAL}"""
POSTFIX = f"""This is the mail system at host mx.x.example.

I'm sorry to have to inform you that your message could not
be delivered to one or more recipients.

                   The mail system

<gone@x.example>: host mx.x.example[192.0.2.1] said: 550 5.1.1 no such user (in reply to RCPT TO command)

{ORIGINAL}"""
EXCHANGE = f"""Your message did not reach some or all of the intended recipients.

      Subject: x
      Sent: 1.6.2026 10:00

The following recipient(s) could not be reached:

      gone@x.example on 1.6.2026 10:00
            The e-mail account does not exist at the organization this message was sent to. <mx.x.example #5.1.1>

{ORIGINAL}"""


@pytest.mark.parametrize(
    "text, extra, permanent",
    [
        (QMAIL, [], True),
        (EXIM, ["X-Failed-Recipients: gone@x.example"], True),
        (EXIM, [], True),
        (POSTFIX, [], True),
        (EXCHANGE, [], True),
        (EXIM_LATE, [], False),
        (QMAIL.replace("550 5.1.1 ", ""), [], True),
        (EXIM_LATE.replace("451 4.3.0 ", ""), [], False),
    ],
    ids=["qmail", "exim with a field", "exim", "postfix", "exchange", "exim, late", "no number", "no number, late"],
)
def test_in_words(text, extra, permanent, tmp_path):
    found = bounce(
        mail("Return-Path: <>", *extra, body=text, sender="Mail Delivery System <Mailer-Daemon@x.example>"), tmp_path
    )
    assert (found.recipient, found.is_permanent, found.message_id) == ("gone@x.example", permanent, OURS_ID)
    assert found.status[0] == ("5" if permanent else "4")


def test_words_about_a_mail_of_somebody_else_are_no_report(tmp_path):
    assert bounce(mail("Return-Path: <>", body=QMAIL.replace("jardam.", "other.")), tmp_path) is None


def test_a_person_who_quotes_a_report_sends_none(tmp_path):
    found = read(mail("Subject: what is this?", body=QMAIL), tmp_path, Ours())
    assert (found.bounce, found.automatic) == (None, "")
