"""More nasty mails: trees of parts, files beside the words, kinds of text."""

from .nasty import CAT, ENCLOSED, HTML, INNER, PDF, PLAIN, b64, mail, multipart, nasty, part, whole

WORDS = {"text": "the words"}


def trees() -> None:
    """What has parts, and what only says so."""
    nasty("a file beside the words", whole(multipart(PLAIN, PDF)), **WORDS, names=["a.pdf"], sizes=[13])
    nasty("only a file", whole(PDF), text="", names=["a.pdf"], sizes=[13])
    text = part(
        "Content-Type: text/plain; name=log.txt|Content-Disposition: attachment; filename=log.txt", "line one\n"
    )
    nasty("a text file beside the words", whole(multipart(PLAIN, text)), **WORDS, names=["log.txt"], sizes=[9])
    nasty("a text file alone", whole(text), text="", names=["log.txt"])
    nasty(
        "an inline text file",
        whole(multipart(PLAIN, text.replace(b"attachment;", b"inline;"))),
        **WORDS,
        names=["log.txt"],
    )
    empty = part("Content-Type: application/octet-stream|Content-Disposition: attachment; filename=empty.bin")
    nasty("an empty file", whole(multipart(PLAIN, empty)), **WORDS, names=["empty.bin"], sizes=[0])
    empty_text = part("Content-Type: text/plain|Content-Disposition: attachment; filename=empty.txt")
    nasty("an empty text file", whole(multipart(PLAIN, empty_text)), **WORDS, names=["empty.txt"], sizes=[0])
    nasty(
        "a second text",
        whole(multipart(PLAIN, PLAIN.replace(b"the words", b"a footer"))),
        has=["the words", "a footer"],
    )
    nasty(
        "the same words twice",
        whole(multipart(PLAIN, HTML, kind="alternative")),
        **WORDS,
        html="<p>the <b>words</b></p>",
    )
    nasty(
        "HTML before the plain words",
        whole(multipart(HTML, PLAIN, kind="alternative")),
        **WORDS,
        html="<p>the <b>words</b></p>",
    )
    nasty("HTML only", whole(HTML), **WORDS, html="<p>the <b>words</b></p>")
    nasty(
        "an empty plain version",
        whole(multipart(part("Content-Type: text/plain", " \n"), HTML, kind="alternative")),
        **WORDS,
    )
    shown = part("Content-Type: text/html", '<p>see <img src="cid:cat@here"></p>')
    related = multipart(shown, CAT, kind="related", boundary="r")
    nasty("a picture in the words", whole(related), names=["cat.png"], inline=[True], cids=["cat@here"], text="see")
    nasty(
        "a picture in one of two versions",
        whole(multipart(PLAIN, related, kind="alternative")),
        **WORDS,
        names=["cat.png"],
        inline=[True],
    )
    nasty("a picture that is not shown", whole(multipart(HTML, CAT, kind="related")), names=["cat.png"], inline=[False])
    nasty(
        "a wrongly nested related",
        whole(multipart(multipart(PLAIN, shown, kind="alternative", boundary="r"), CAT)),
        **WORDS,
        names=["cat.png"],
        inline=[True],
    )
    apple = multipart(PLAIN, multipart(HTML, PDF, HTML.replace(b"words", b"rest"), boundary="i"), kind="alternative")
    nasty(
        "HTML around a file, as Apple writes",
        whole(apple),
        **WORDS,
        names=["a.pdf"],
        html="<p>the <b>words</b></p>\n<p>the <b>rest</b></p>",
    )
    nasty(
        "text around a file",
        whole(multipart(PLAIN, PDF, PLAIN.replace(b"the words", b"the end"))),
        has=["the words", "the end"],
        names=["a.pdf"],
    )
    nasty(
        "words in HTML and words in plain text",
        whole(multipart(HTML, PLAIN.replace(b"the words", b"<footer>"))),
        has=["the words", "<footer>"],
        html_has=["&lt;footer&gt;"],
    )
    nasty("a mail in a mail", whole(multipart(PLAIN, ENCLOSED)), **WORDS, names=["Inner mail.eml"], sizes=[len(INNER)])
    nasty(
        "a mail in a mail, encoded",
        whole(multipart(PLAIN, part("Content-Type: message/rfc822|Content-Transfer-Encoding: base64", b64(INNER)))),
        names=["Inner mail.eml"],
        sizes=[len(INNER)],
    )
    deep = INNER
    for _level in range(30):
        deep = b"From: a@b.example\nContent-Type: message/rfc822\n\n" + deep
    nasty("30 mails in each other", deep, names=["mail.eml"], text="")
    nasty(
        "a digest", whole(multipart(b"\n" + INNER, b"\n" + INNER, kind="digest")), names=["Inner mail.eml"] * 2, text=""
    )
    signature = part("Content-Type: application/pgp-signature; name=signature.asc", "-----BEGIN PGP SIGNATURE-----")
    nasty("signed with PGP", whole(multipart(PLAIN, signature, kind="signed")), **WORDS, names=["signature.asc"])
    smime = part("Content-Type: application/pkcs7-signature|Content-Transfer-Encoding: base64", b64(b"sig"))
    nasty("signed with S/MIME", whole(multipart(PLAIN, smime, kind="signed")), **WORDS, names=["smime.p7s"])
    pgp = multipart(
        part("Content-Type: application/pgp-encrypted", "Version: 1"),
        part("Content-Type: application/octet-stream", "-----BEGIN"),
        kind="encrypted",
    )
    nasty("encrypted with PGP", whole(pgp), text="", names=["version.asc", "file.bin"], loses=["encrypted (PGP)"])
    nasty(
        "encrypted with S/MIME",
        mail("Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m"),
        text="",
        names=["smime.p7m"],
        loses=["encrypted (S/MIME)"],
    )
    nasty(
        "packed in S/MIME",
        mail("Content-Type: application/pkcs7-mime; smime-type=signed-data"),
        names=["smime.p7m"],
        loses=["signature"],
    )
    tnef = part(
        "Content-Type: application/ms-tnef; name=winmail.dat|Content-Transfer-Encoding: base64",
        b64(b"\x78\x9f\x3e\x22"),
    )
    nasty(
        "winmail.dat", whole(multipart(PLAIN, tnef)), **WORDS, names=["winmail.dat"], sizes=[4], loses=["winmail.dat"]
    )
    invitation = part("Content-Type: text/calendar; method=REQUEST; charset=utf-8", "BEGIN:VCALENDAR")
    nasty(
        "an invitation",
        whole(multipart(PLAIN, HTML, invitation, kind="alternative")),
        **WORDS,
        names=["invitation.ics"],
        sizes=[15],
    )
    amp = part("Content-Type: text/x-amp-html", "<html amp>")
    nasty("a version in AMP", whole(multipart(PLAIN, amp, HTML, kind="alternative")), **WORDS, count=1)
    nasty(
        "a second plain version",
        whole(multipart(PLAIN, PLAIN.replace(b"words", b"other words"), HTML, kind="alternative")),
        has=["the words", "the other words"],
    )
    nasty("no last boundary", whole(multipart(PLAIN, PDF, close=False)), **WORDS, names=["a.pdf"])
    nasty(
        "no boundary at all",
        whole(b"Content-Type: multipart/mixed; boundary=b\n\nwords without parts"),
        text="words without parts",
    )
    nasty("no boundary named", whole(b"Content-Type: multipart/mixed\n\n--b\n\nwords\n--b--"), has=["words"])
    nasty("an empty boundary", whole(b'Content-Type: multipart/mixed; boundary=""\n\n--\n\nwords\n----'), has=["words"])
    nasty(
        "a boundary with spaces behind it",
        whole(multipart(PLAIN, PDF).replace(b"--b\n", b"--b  \t\n")),
        **WORDS,
        names=["a.pdf"],
    )
    nasty(
        "a boundary that begins another",
        whole(multipart(multipart(PLAIN, boundary="bb"), PDF, boundary="b")),
        **WORDS,
        names=["a.pdf"],
    )
    nasty(
        "one boundary for two levels",
        whole(multipart(multipart(PLAIN, boundary="b"), PDF, boundary="b")),
        has=["the words"],
    )
    nasty("a boundary of signs", whole(multipart(PLAIN, PDF, boundary="=_(.*)+?[x]")), **WORDS, names=["a.pdf"])
    nasty(
        "a boundary in CRLF", whole(multipart(PLAIN, PDF)).replace(b"\n", b"\r\n"), **WORDS, names=["a.pdf"], sizes=[13]
    )
    nasty(
        "a boundary in the words",
        whole(multipart(PLAIN.replace(b"words", b"words --b and --b-- in them"))),
        text="the words --b and --b-- in them",
    )
    nasty("words behind the last boundary", whole(multipart(PLAIN) + b"an epilogue"), **WORDS)
    nasty("a type that is none", mail("Content-Type: nonsense"), text="Hello")
    nasty("an empty type", mail("Content-Type:"), text="Hello")
    nasty("a type of signs", mail('Content-Type: ;;;==;"', "Content-Disposition: ;;="), text="Hello")
    nasty("two types", mail("Content-Type: text/plain", "Content-Type: text/html"), text="Hello", html="")
    nasty(
        "a type in capitals", mail("CONTENT-TYPE: TEXT/HTML; CHARSET=UTF-8", body="<b>x</b>"), text="x", html="<b>x</b>"
    )
    nasty(
        "a part with no head", whole(b"Content-Type: multipart/mixed; boundary=b\n\n--b\n\nthe words\n--b--"), **WORDS
    )
    nasty("a named body", mail("Content-Type: text/plain; name=body.txt"), text="Hello")
    named = PLAIN.replace(b"charset=utf-8", b"charset=utf-8; name=body.txt")
    nasty("named words before a file", whole(multipart(named, PDF)), **WORDS, names=["a.pdf"])
    nasty("a named text behind the words", whole(multipart(PLAIN, named)), **WORDS, names=["body.txt"])
    nasty("120 parts", whole(multipart(*[PLAIN] * 120)), loses=["more than 100 parts; 20 were"], has=["the words"])
    nasty("60 files", whole(multipart(PLAIN, *[PDF] * 60)), **WORDS, count=50, loses=["more than 50 files; 10 are"])
    nest = PLAIN
    for level in range(25):
        nest = multipart(nest, boundary=f"n{level}")
    nasty("25 levels", whole(nest), text="", count=1, loses=["too deep"])
    names()


def names() -> None:
    """Names of files."""
    for title, about, expected in [
        ("a path", "filename=../../etc/passwd", "passwd"),
        ("a path of Windows", 'filename="C:\\\\x\\\\evil.exe"', "evil.exe"),
        ("an encoded name", 'filename="=?utf-8?B?0J7RgtGH0ZHRgi5kb2N4?="', "Отчёт.docx"),
        ("RFC 2231", "filename*=utf-8''%D0%9E%D1%82%D1%87%D1%91%D1%82.docx", "Отчёт.docx"),
        (
            "RFC 2231 in pieces",
            "filename*0*=utf-8''%D0%9E%D1%82%D1; filename*1*=%87%D1%91%D1%82; filename*2=.docx",
            "Отчёт.docx",
        ),
        ("RFC 2231 in koi8-r", "filename*=koi8-r''%EF%D4%DE%A3%D4.docx", "Отчёт.docx"),
        ("RFC 2231 in nothing known", "filename*=x-none''%D0%9E.txt", "О.txt"),
        ("RFC 2231 broken", "filename*=utf-8''%D0%ZZ.txt", None),
        ("RFC 2231 with huge numbers", f"filename*{'9' * 400}*=utf-8''x.txt", None),
        ("a raw name", "filename=Отчёт.docx", "Отчёт.docx"),
        ("NULs", "filename=a\0b.txt", "ab.txt"),
        ("turned writing", "filename=\u202egnp.exe", "gnp.exe"),
        ("dots", 'filename=".."', "file"),
        ("400 letters", f"filename={'я' * 400}.pdf", None),
        ("line ends", 'filename="a\r\n b.txt"', "a b.txt"),
    ]:
        raw = whole(
            multipart(
                PLAIN,
                part("Content-Type: application/x-thing").replace(
                    b"\n\n", f"\nContent-Disposition: attachment; {about}\n\nx".encode()
                ),
            )
        )
        nasty(
            f"a file named with {title}", raw, text="the words", count=1, **({"names": [expected]} if expected else {})
        )


def texts() -> None:
    """Kinds of text."""
    flowed = "Content-Type: text/plain; charset=utf-8; format=flowed"
    nasty("flowed", mail(flowed, body="one \ntwo\n\n  three\n-- \nA"), has=["one two\n", " three", "A"])
    nasty("flowed, spaces deleted", mail(flowed + "; delsp=yes", body="日本 \n語"), text="日本語")
    nasty(
        "flowed quotes",
        mail(flowed, body="new\n\n> old \n> words\n>> older \n>> still"),
        has=["new", "> old words", ">> older still"],
    )
    nasty(
        "enriched",
        mail(
            "Content-Type: text/enriched", body="<bold>Hello</bold> <color><param>red</param>you</color>\nthere\n\n<<b>"
        ),
        text="Hello you there\n<b>",
    )
    nasty("richtext", mail("Content-Type: text/richtext", body="<bold>Hello</bold>"), text="Hello")
    nasty(
        "script",
        mail(
            "Content-Type: text/html", body="<p onclick=x>a</p><script>evil()</script><img src=http://x.example/t.gif>"
        ),
        text="a",
        html_lacks=["script", "onclick", "http"],
    )
    nasty("unfinished HTML", mail("Content-Type: text/html", body="<p><b>a<div"), has=["a"])
    nasty("2 MB and more of text", mail(body="x" * (2 * 1024 * 1024 + 9)), loses=["longer than 2 MB"])
    nasty("controls in the words", mail(body="a\0b\x07c\x1b[31md\ne"), text="abc[31md\ne")
    nasty("a line of a million letters", mail(body="word " * 200_000), has=["word word"])
    nasty("300,000 quote marks", mail(body="new\n" + ">" * 300_000), has=["new"])
    nasty("100,000 quoted lines", mail(body="new\n\n" + "> old\n" * 100_000), has=["new"])
