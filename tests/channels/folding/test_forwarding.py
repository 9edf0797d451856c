"""Who wrote a mail that was passed on, as the programs write it."""

import pytest

from app.channels.email.forwarding import find

HEAD = "{from_}: {who}\n{date}: Monday\n{to}: Агент <a@client.example>\n{subject}: Ключ\n\nГде ключ?"
GMAIL = "---------- Forwarded message ---------\n" + HEAD
OUTLOOK = "________________________________\n" + HEAD
ORIGINAL = "-----Original Message-----\n" + HEAD
MAILRU = "-------- Пересылаемое сообщение --------\n" + HEAD
YANDEX = "-------- Пересылаемое сообщение --------\n05.10.2026, 10:15, {who}:\n\nГде ключ?"
APPLE = "Begin forwarded message:\n\n> " + HEAD.replace("\n", "\n> ")
APPLE_RU = "Начало переадресованного письма:\n\n" + HEAD
MOZILLA = ("-------- Перенаправленное сообщение --------\n{subject}: \tКлюч\n{date}: \tMon\n{from_}: \t{who}\n"
           "{to}: \ta@client.example\n\n\n\nГде ключ?")
FORMATS = [GMAIL, OUTLOOK, ORIGINAL, MAILRU, YANDEX, APPLE, APPLE_RU, MOZILLA]
HEADERS = {
    "en": {"from_": "From", "date": "Sent", "to": "To", "subject": "Subject"},
    "ru": {"from_": "От", "date": "Дата", "to": "Кому", "subject": "Тема"},
    "ky": {"from_": "Кимден", "date": "Жөнөтүлдү", "to": "Кимге", "subject": "Темасы"},
}


@pytest.mark.parametrize("language", HEADERS)
@pytest.mark.parametrize("shape", FORMATS)
def test_the_first_sender_of_a_forward(shape, language):
    text = "Коллеги, это к вам.\n\n" + shape.format(who="Нурлан Осмонов <nurlan@client.example>", **HEADERS[language])
    found = find("Fwd: Ключ", text, "", [])
    assert (found.sender.email, found.sender.name) == ("nurlan@client.example", "Нурлан Осмонов")
    assert (found.subject, found.text) == ("" if shape is YANDEX else "Ключ", "Где ключ?")


def test_out_of_html_too():
    html = ('<div>See below</div><div class="gmail_quote"><div class="gmail_attr">---------- Forwarded message -------'
            "<br>From: <b>Nurlan</b> &lt;<a>nurlan@client.example</a>&gt;<br>Date: Mon<br>Subject: Key<br>"
            "To: x@y.example<br></div><br><br>Where is the key?</div>")
    assert find("Fwd: Key", "", html, []).text == "Where is the key?"


@pytest.mark.parametrize("written", ["Nurlan [mailto:nurlan@client.example]", "Nurlan (nurlan@client.example)",
                                     "*Nurlan* <nurlan@client.example>", "\"Nurlan\" <mailto:nurlan@client.example>",
                                     "Nurlan\n <nurlan@client.example>"])
def test_an_address_however_it_is_written(written):
    found = find("FW: Key", OUTLOOK.format(who=written, **HEADERS["en"]), "", [])
    assert (found.sender.email, found.sender.name) == ("nurlan@client.example", "Nurlan")


@pytest.mark.parametrize("subject", ["Re: Ключ", "Ключ", ""])
@pytest.mark.parametrize("shape", [OUTLOOK, ORIGINAL])
def test_an_answer_is_no_forward(shape, subject):
    assert find(subject, "Спасибо\n\n" + shape.format(who="S <s@desk.example>", **HEADERS["ru"]), "", []) is None


def test_a_forward_inside_the_history_of_an_answer_is_none():
    history = "Thank you\n\nOn Mon, Oct 5, 2026 S <s@desk.example> wrote:\n> " + GMAIL.format(
        who="N <n@client.example>", **HEADERS["en"]).replace("\n", "\n> ")
    assert find("Re: Key", history, "", []) is None


@pytest.mark.parametrize("who", ["Nurlan Osmonov", "nurlan@", "@client.example", "nurlan@bad_host"])
def test_a_name_without_an_address_is_nobody(who):
    assert find("Fwd: Key", GMAIL.format(who=who, **HEADERS["en"]), "", []) is None


def test_an_attached_mail():
    raw = (b"From: =?utf-8?b?0J3Rg9GA0LvQsNC9?= <Nurlan@Client.example>\r\nSubject: =?utf-8?q?Key=0d=0aBcc:_x?=\r\n"
           b"Content-Type: text/plain; charset=koi8-r\r\n\r\n" + "Где ключ?".encode("koi8-r"))
    found = find("Fwd: Key", "See attached", "", [raw])
    assert (found.sender.email, found.sender.name, found.text) == ("nurlan@client.example", "Нурлан", "Где ключ?")
    assert found.subject == "Key Bcc: x"
    assert find("Re: Key", "See attached", "", [raw]) is None


@pytest.mark.parametrize("raw", [b"", b"\xff\xfe", b"From: [x]\n\n",
                                 b"From: <[x]>\nContent-Type: text/plain; charset=no\n\n\xff"])
def test_a_broken_attached_mail_has_no_sender(raw):
    assert find("Fwd: Key", "", "", [raw]) is None
