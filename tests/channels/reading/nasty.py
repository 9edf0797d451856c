"""A collection of mails that programs trip over, made by code: name -> raw bytes and what must be understood of it.

Of `expected`, a name of `Mail` must have that very value; `has` are pieces of the text, `names` and `sizes` those of
the parts, `loses` pieces of the sentences about losses.
"""

import base64
from dataclasses import dataclass, field
from typing import Any

A = "aigul@client.example"
CYRILLIC = "Здравствуйте, не работает принтер в кабинете 12, помогите пожалуйста"


@dataclass
class Nasty:
    """One mail and what is expected of it."""

    raw: bytes
    expected: dict[str, Any] = field(default_factory=dict)


COLLECTION: dict[str, Nasty] = {}


def nasty(name: str, raw: bytes | str, **expected: Any) -> None:
    assert name not in COLLECTION, name
    COLLECTION[name] = Nasty(raw.encode() if isinstance(raw, str) else raw, expected)


def mail(*fields: str | bytes, body: str | bytes = "Hello", end: bytes = b"\n", sender: str = f"Aigul <{A}>") -> bytes:
    """A mail with From, and further fields as they are."""
    lines = [f"From: {sender}"] if sender else []
    head = end.join(line if isinstance(line, bytes) else line.encode() for line in [*lines, *fields])
    return head + end + end + (body.encode() if isinstance(body, str) else body)


def part(about: str, body: str | bytes = "", end: bytes = b"\n") -> bytes:
    """A part: its fields parted by |, its body."""
    head = end.join(line.strip().encode() for line in about.split("|") if line.strip())
    return head + end + end + (body.encode() if isinstance(body, str) else body)


def multipart(*parts: bytes, kind: str = "mixed", boundary: str = "b", close: bool = True, extra: str = "") -> bytes:
    """A part that has parts."""
    inside = b"".join(b"\n--" + boundary.encode() + b"\n" + one for one in parts)
    closing = f"\n--{boundary}--\n".encode() if close else b""
    return f'Content-Type: multipart/{kind}; boundary="{boundary}"{extra}\n\npreamble'.encode() + inside + closing


def whole(inside: bytes, *fields: str) -> bytes:
    """A mail that is this part."""
    return "\n".join([f"From: Aigul <{A}>", *fields, ""]).encode() + inside


def b64(raw: bytes) -> str:
    return base64.encodebytes(raw).decode()


PLAIN = part("Content-Type: text/plain; charset=utf-8", "the words")
HTML = part("Content-Type: text/html; charset=utf-8", "<p>the <b>words</b></p>")
PDF = part(
    "Content-Type: application/pdf; name=a.pdf|Content-Transfer-Encoding: base64"
    "|Content-Disposition: attachment; filename=a.pdf",
    b64(b"%PDF-1.4 tiny"),
)
CAT = part(
    "Content-Type: image/png|Content-ID: <cat@here>|Content-Transfer-Encoding: base64"
    "|Content-Disposition: inline; filename=cat.png",
    b64(b"\x89PNG cat"),
)
INNER = b"From: first@elsewhere.example\nSubject: Inner mail\nMessage-ID: <inner@elsewhere.example>\n\ninside"
ENCLOSED = part("Content-Type: message/rfc822") + INNER
HELLO = {"text": "Hello"}


def heads() -> None:
    """Heads that are broken, doubled, folded, huge or missing."""
    nasty(
        "the plainest",
        mail("Subject: Hi", "Message-ID: <1@client.example>"),
        subject="Hi",
        message_id="1@client.example",
        **HELLO,
    )
    nasty("a Message-ID with brackets of its own", mail("Message-ID: <[id]>"), message_id="[id]", **HELLO)
    nasty("a Message-ID without brackets", mail("Message-ID: abc@def"), message_id="abc@def")
    nasty("a Message-ID broken in two lines", mail("Message-ID: <abc\n def@x>"), message_id="abcdef@x")
    nasty("an empty Message-ID", mail("Message-ID: <>"), message_id="")
    nasty("two Message-IDs", mail("Message-ID: <1@x>", "Message-ID: <2@x>"), message_id="1@x")
    nasty("a Message-ID of 5,000 letters", mail(f"Message-ID: <{'a' * 5000}@x>"), **HELLO)
    ids = [f"<{number}@x>" for number in range(10_000)]
    newest = [f"{number}@x" for number in range(9900, 10_000)]
    nasty(
        "References of 10,000 ids, folded",
        mail("References: " + "\n ".join(ids), "Subject: still"),
        references=newest,
        subject="still",
    )
    nasty("References of 10,000 ids in one line", mail("References: " + " ".join(ids)), references=newest)
    nasty("References twice", mail("References: <1@x>", "References: <2@x> <1@x>"), references=["2@x", "1@x"])
    nasty("In-Reply-To with words", mail('In-Reply-To: Your message of "Mon" <7@x>'), in_reply_to=["7@x"])
    nasty(
        "an encoded word with line ends in it",
        mail("Subject: =?utf-8?Q?one=0D=0ABcc:_evil@x.example?="),
        subject="one Bcc: evil@x.example",
        cc=[],
    )
    nasty(
        "base64 with line ends in it",
        mail(f"Subject: =?utf-8?B?{b64(b'a' + bytes([13, 10]) + b'X-Y: z').strip()}?="),
        subject="a X-Y: z",
    )
    half = "Принтер".encode()
    first, second = base64.b64encode(half[:5]).decode(), base64.b64encode(half[5:]).decode()
    nasty(
        "words broken inside a letter", mail(f"Subject: =?utf-8?B?{first}?=\n =?utf-8?B?{second}?="), subject="Принтер"
    )
    nasty(
        "words broken inside a letter, quoted",
        mail("Subject: =?UTF-8?Q?=D0=9F=D1?= =?utf-8?q?=80=D0=B8?="),
        subject="При",
    )
    nasty("a broken encoded word", mail("Subject: =?utf-8?B?0JjQstCw0L3X?= and =?utf-8?B?A?= so on"), **HELLO)
    nasty("an encoded word without an end", mail("Subject: =?utf-8?B?0JjQstCw"), subject="=?utf-8?B?0JjQstCw")
    nasty("an unknown encoding of words", mail("Subject: =?utf-8?Z?abc?="), subject="=?utf-8?Z?abc?=")
    nasty("an unknown charset of words", mail("Subject: =?x-none?Q?abc?="), subject="abc")
    nasty("spaces inside an encoded word", mail("Subject: =?utf-8?Q?one two?="), subject="one two")
    nasty("a question inside an encoded word", mail("Subject: =?utf-8?Q?really?_yes?="), subject="really? yes")
    nasty("words stuck together", mail("Subject: a=?utf-8?Q?b?=c"), subject="abc")
    nasty("a language in an encoded word", mail("Subject: =?koi8-r*ru?B?8NLJ18XU?="), subject="Привет")
    nasty("a subject in koi8-r", mail("Subject: =?koi8-r?B?8NLJ18XU?="), subject="Привет")
    nasty(
        "a subject in iso-2022-jp",
        mail(f"Subject: =?ISO-2022-JP?B?{base64.b64encode('件名'.encode('iso2022_jp')).decode()}?="),
        subject="件名",
    )
    nasty("a raw subject in UTF-8", mail("Subject: Сломан принтер"), subject="Сломан принтер")
    nasty("a raw subject in cp1251", mail(b"Subject: " + "Сломан принтер".encode("cp1251")), subject="Сломан принтер")
    nasty("a short raw subject in cp1251", mail(b"Subject: " + "Счёт".encode("cp1251")), subject="Счёт")
    nasty(
        "a raw subject in koi8-r, as the body says",
        mail(
            b"Subject: " + "Привет".encode("koi8-r"),
            "Content-Type: text/plain; charset=koi8-r",
            body="Здравствуйте".encode("koi8-r"),
        ),
        subject="Привет",
        text="Здравствуйте",
    )
    nasty("a raw subject in latin letters", mail(b"Subject: R\xe9ponse"), subject="Réponse")
    nasty("NULs in the head", mail(b"Subject: a\0b", b"X\0Y: z"), subject="ab", **HELLO)
    nasty("a subject that turns the writing", mail("Subject: a\u202eb\u2066c"), subject="abc")
    nasty(
        "half a surrogate pair",
        mail("Subject: =?utf-16?B?2AAA?=", "Content-Type: text/plain; charset=utf-16-le", body=b"\x00\xd8a\x00"),
        **{"has": ["a"]},
    )
    nasty("half a pair in utf-7", mail("Content-Type: text/plain; charset=utf-7", body="+2AA- x"), has=["x"])
    nasty("a subject of 100,000 letters", mail("Subject: " + "x" * 100_000), subject="x" * 500)
    nasty(
        "a line of the head that is no field",
        mail("Subject: one", "this is no field", "To: b@x.example"),
        subject="one",
        **HELLO,
    )
    nasty("a field without a value", mail("Subject:", "Cc:"), subject="", cc=[])
    nasty("a space before the colon", mail("Subject : spaced"), subject="spaced")
    nasty("no head at all", "just words\nand more", text="just words\nand more", sender=None)
    nasty("no empty line", f"From: {A}\nSubject: x\nwords without an empty line", subject="x", has=["words without"])
    nasty("only a head", f"From: {A}\nSubject: x", subject="x", text="", parts=[])
    nasty("nothing", b"", text="", sender=None, parts=[])
    nasty("only line ends", b"\r\n\r\n\n", text="", sender=None)
    nasty("only NULs", b"\0" * 1000, sender=None)
    nasty("a body that begins at once", b"\nwords", text="words")
    nasty("the line of an mbox", b"From a@b Mon Jun  1 10:00:00 2026\n" + mail("Subject: box"), subject="box", **HELLO)
    nasty("a quoted line of an mbox", b">From a@b Mon Jun\n" + mail("Subject: box"), subject="box")
    nasty("a mark of UTF-8 before the head", b"\xef\xbb\xbf" + mail("Subject: bom"), subject="bom", **HELLO)
    nasty("empty lines before the head", b"\r\n\r\n" + mail("Subject: late"), subject="late", **HELLO)
    nasty("CRLF", mail("Subject: x", "To: b@x.example", end=b"\r\n", body="a\r\nb"), text="a\nb", subject="x")
    nasty("CR alone", mail("Subject: x", end=b"\r", body="a\rb"), text="a\nb", subject="x")
    nasty("CR CR LF", mail("Subject: x", end=b"\r\r\n", body="a"), text="a", subject="x")
    nasty(
        "mixed line ends",
        b"From: " + A.encode() + b"\r\nSubject: x\nTo: b@x.example\r\n\nHello\r\nyou",
        text="Hello\nyou",
    )
    nasty("a field that is folded with tabs", mail("Subject: one\n\ttwo\n   three"), subject="one two three")
    nasty("a fold that is empty", mail("Subject: one\n \n two"), subject="one two")
    nasty("2,000 fields", mail(*[f"X-{number}: y" for number in range(2000)], "Subject: late"), email=A, subject="")
    nasty("two subjects", mail("Subject: first", "Subject: second"), subject="first")
    nasty("no date", mail(), sent_at="")
    for name, date in {
        "words": "yesterday",
        "the year 99999": "Mon, 1 Jan 99999 00:00:00 +0000",
        "1970": "Thu, 1 Jan 1970 00:00:00 +0000",
        "a 32nd": "Mon, 32 Jun 2026 10:00:00 +0600",
        "nothing": "",
        "a huge offset": "Mon, 1 Jun 2026 10:00:00 +99999999",
        "huge numbers": "Mon, 1 Jun 2026 10:00:00 " + "9" * 5000,
    }.items():
        nasty(f"a date of {name}", mail(f"Date: {date}"), sent_at="", **HELLO)
    nasty("a date in Bishkek", mail("Date: Mon, 1 Jun 2026 10:00:00 +0600"), sent_at="2026-06-01T04:00:00+00:00")
    nasty("a date without a zone", mail("Date: Mon, 1 Jun 2026 10:00:00 -0000"), sent_at="2026-06-01T10:00:00+00:00")
    nasty(
        "a date with words behind it",
        mail("Date: Mon, 1 Jun 2026 10:00:00 +0000 (UTC) x"),
        sent_at="2026-06-01T10:00:00+00:00",
    )


def senders() -> None:
    """From, and the other fields with people in them."""
    for name, written, email, shown in [
        ("a name", f"Aigul B <{A}>", A, "Aigul B"),
        ("no name", A, A, ""),
        ("capitals", "AIGUL@Client.Example", A, ""),
        ("a quoted comma", f'"B, Aigul" <{A}>', A, "B, Aigul"),
        ("a comment", f"{A} (Aigul)", A, None),
        ("a comment inside", f"Aigul (the (first)) <{A}>", A, None),
        ("itself as its name", f'"{A}" <{A}>', A, A),
        ("an encoded comma", f"=?utf-8?Q?B=2C_A?= <{A}>", A, "B, A"),
        ("an encoded address", f"=?utf-8?Q?boss=40corp.example?= <{A}>", A, "boss@corp.example"),
        ("an encoded bracket", f"=?utf-8?Q?x=3Cboss=40corp.example=3E?= <{A}>", A, "x<boss@corp.example>"),
        ("an encoded quote", f'"=?utf-8?Q?x=22_=3Cboss=40corp.example=3E=2C?=" <{A}>', A, "x <boss@corp.example>,"),
        ("a raw name", f"Айгуль <{A}>", A, "Айгуль"),
        ("a name cut in two words", f"=?utf-8?Q?=D0?=\n =?utf-8?Q?=90?= <{A}>", A, "А"),
        ("a bidirectional name", f"\u202eAigul <{A}>", A, "Aigul"),
        ("a domain in Cyrillic", "я <a@пример.рф>", "a@пример.рф", "я"),
        ("a domain in punycode", "a@xn--e1afmkfd.xn--p1ai", "a@пример.рф", ""),
        ("a group of one", f"team: {A};", A, ""),
        ("the same twice", f"{A}, Aigul <{A}>", A, ""),
        ("an unfinished quote", f'"Aigul <{A}>', None, None),
        ("spaces around", f"  <  {A}  > ", A, ""),
        ("a domain alone", "Aigul <@client.example>", None, None),
    ]:
        expected = {"email": email} | ({} if shown is None else {"shown": shown})
        nasty(f"From with {name}", mail(sender=written), **expected)
    for name, written in [
        ("two", f"{A}, b@x.example"),
        ("nobody", ""),
        ("an empty bracket", "<>"),
        ("words", "nobody at all"),
        ("a group of nobody", "undisclosed-recipients:;"),
        ("an encoded address alone", "=?utf-8?Q?boss=40corp.example?=@evil.example"),
        ("a stray bracket", "alice@corp.example)bob@evil.example"),
        ("5,000 comments", "(" * 5000),
        ("5,000 quotes", '"' * 5000),
        ("a domain of dots", "a@..x"),
    ]:
        nasty(f"From with {name} is nobody", mail(sender=written or " "), sender=None, **HELLO)
    nasty("two fields From", mail("From: b@x.example"), sender=None)
    nasty("no From", mail("Subject: x", sender=""), sender=None, **HELLO)
    nasty(
        "groups in To",
        mail("To: staff: a@x.example, B <b@x.example>;, c@x.example"),
        emails=["a@x.example", "b@x.example", "c@x.example"],
    )
    nasty("To twice", mail("To: a@x.example", "To: b@x.example"), emails=["a@x.example", "b@x.example"])
    nasty(
        "2,000 people in To",
        mail("To: " + ", ".join(f"a{number}@x.example" for number in range(2000))),
        count_to=100,
        loses=["very many people"],
    )
    nasty("a broken one among others", mail("To: a@x.example, @@, <b@x.example>"), has=["Hello"], email=A)
    nasty("nested comments in To", mail("To: " + "(" * 20_000 + "a@x.example"), **HELLO)
    nasty(
        "where it was delivered",
        mail(
            "Delivered-To: desk@x.example",
            "X-Original-To: help@x.example",
            "Envelope-To: a@x.example",
            "X-Delivered-To: ignored@x.example",
        ),
        delivered_to=["desk@x.example", "help@x.example", "a@x.example"],
    )
    nasty("somewhere else to answer", mail("Reply-To: =?utf-8?Q?B?= <b@x.example>"), reply=["b@x.example"])
    nasty(
        "an injected Cc in a name",
        mail(sender=f"=?utf-8?Q?A=0D=0ACc:_x@y.example?= <{A}>"),
        email=A,
        cc=[],
        shown="A Cc: x@y.example",
    )


def charsets() -> None:
    """Bodies in every charset, said rightly, wrongly or not at all."""
    for name in (
        "utf-8",
        "koi8-r",
        "windows-1251",
        "cp1251",
        "iso-8859-5",
        "cp866",
        "x-mac-cyrillic",
        "utf-16",
        "gb18030",
        "utf-7",
        "koi8-u",
    ):
        nasty(
            f"words in {name}",
            mail(
                f"Content-Type: text/plain; charset={name}",
                body=CYRILLIC.encode(name.removeprefix("x-").replace("mac-", "mac_")),
            ),
            text=CYRILLIC,
        )
    for name in ("cp1251", "koi8-r", "cp866", "iso-8859-5"):
        for told in ("utf-8", "x-unknown", "us-ascii", ""):
            said = f"; charset={told}" if told else ""
            nasty(
                f"{name} said to be {told or 'nothing'}",
                mail(f"Content-Type: text/plain{said}", body=CYRILLIC.encode(name)),
                text=CYRILLIC,
            )
    for told in (
        "koi8-r",
        "iso-8859-1",
        "windows-1251",
        "us-ascii",
        "",
        "zlib",
        "idna",
        "unicode_escape",
        "rot13",
        "../x",
        "\0",
        '"',
        "x" * 900,
    ):
        nasty(
            f"UTF-8 said to be {told[:20]!a}",
            mail(f"Content-Type: text/plain; charset={told}", body=CYRILLIC),
            text=CYRILLIC,
        )
    for name, text in {
        "iso-2022-jp": "プリンターが動きません",
        "shift_jis": "プリンターが動きません",
        "euc-jp": "プリンター",
        "big5": "列印機",
        "gb2312": "打印机坏了",
        "euc-kr": "프린터",
        "ks_c_5601-1987": "프린터",
        "iso-8859-1": "déjà",
        "windows-1254": "yazıcı",
        "iso-8859-9": "yazıcı",
        "windows-1256": "الطابعة",
        "iso-8859-8-i": "מדפסת",
        "tis-620": "เครื่อง",
        "hz": "打印机",
    }.items():
        written = text.encode({"ks_c_5601-1987": "cp949", "iso-8859-8-i": "iso8859-8"}.get(name, name))
        nasty(
            f"words in {name}, {text[:3]}", mail(f"Content-Type: text/plain; charset={name}", body=written), text=text
        )
    nasty(
        "typographic quotes said to be latin",
        mail("Content-Type: text/plain; charset=iso-8859-1", body=b"\x93so\x94 \x96 \x80"),
        text="“so” – €",
    )
    nasty(
        "UTF-8 with one broken letter",
        mail("Content-Type: text/plain; charset=utf-8", body=CYRILLIC.encode() + b"\xd0"),
        has=[CYRILLIC],
    )
    nasty(
        "a mark of UTF-16",
        mail("Content-Type: text/plain", body=b"\xff\xfe" + CYRILLIC.encode("utf-16-le")),
        text=CYRILLIC,
    )
    nasty("a mark of UTF-8 in the body", mail(body=b"\xef\xbb\xbf" + CYRILLIC.encode()), text=CYRILLIC)
    nasty("undeclared Japanese with escapes", mail(body="件名です".encode("iso2022_jp")), text="件名です")
    nasty(
        "letters of Kyrgyz",
        mail("Content-Type: text/plain; charset=utf-8", body="Өтүнмө, жаңы ң"),
        text="Өтүнмө, жаңы ң",
    )
    nasty("random bytes", mail(body=bytes(range(256)) * 8), email=A)
    nasty(
        "script in utf-7",
        mail("Content-Type: text/html; charset=utf-7", body="+ADw-script+AD4-alert(1)+ADw-/script+AD4-<p>ok</p>"),
        text="ok",
        html="<p>ok</p>",
    )


def encodings() -> None:
    """Content-Transfer-Encoding, whole and broken."""
    qp, base = "Content-Transfer-Encoding: quoted-printable", "Content-Transfer-Encoding: base64"
    utf = "Content-Type: text/plain; charset=utf-8"
    nasty("quoted-printable", mail(utf, qp, body="=D0=9F=D1=80=D0=B8=\nвет=\r\n!"), text="Привет!")
    nasty("quoted-printable with spaces at the break", mail(utf, qp, body="one= \ntwo"), text="onetwo")
    nasty("broken quoted-printable", mail(utf, qp, body="100% = sure =ZZ =D0=9F ="), has=["100% = sure =ZZ П"])
    nasty("base64 of words", mail(utf, base, body=b64(CYRILLIC.encode())), text=CYRILLIC)
    nasty(
        "base64 without its end",
        mail(utf, base, body=b64(b"four words are here").strip().rstrip("=")[:-1]),
        has=["four words are her"],
    )
    nasty("base64 with rubbish in it", mail(utf, base, body="SGV!!sb\n---\nG8\tgdGhl*cmU="), text="Hello there")
    nasty("base64 in two pieces", mail(utf, base, body="SGVsbG8=\nIHRoZXJl\n"), text="Hello there")
    nasty("base64 that is none", mail(utf, base, body="?????"), text="")
    nasty("base64 with words behind it", mail(utf, base, body=b64(b"Hello") + "\n\n-- \n"), has=["Hello"])
    nasty("an encoding nobody knows", mail(utf, "Content-Transfer-Encoding: x-fancy", body="as it is"), text="as it is")
    nasty(
        "an encoding with a comment", mail(utf, "Content-Transfer-Encoding: BASE64 ; x", body="SGVsbG8="), text="Hello"
    )
    nasty(
        "uuencode",
        mail(utf, "Content-Transfer-Encoding: x-uuencode", body="begin 644 a\n%2&5L;&\\\n`\nend\n"),
        text="Hello",
    )
    nasty(
        "a field said to be encoded in a multipart",
        whole(multipart(PLAIN).replace(b"\n\n", b"\nContent-Transfer-Encoding: base64\n\n", 1)),
        text="the words",
    )


def collection() -> dict[str, Nasty]:
    """Every nasty mail, by its name."""
    from . import nasty_trees

    if not COLLECTION:
        for chapter in (heads, senders, charsets, encodings, nasty_trees.trees, nasty_trees.texts):
            chapter()
    return COLLECTION
