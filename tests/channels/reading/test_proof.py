"""Whose checks of a sender count, and for whom."""

from dataclasses import replace

import pytest

from app.channels.email.reading import Ours
from app.channels.email.reading.proof import proven, read
from app.channels.email.reading.reader import read as read_mail

from .nasty import mail

OURS = Ours(frozenset(), "Hop.Example", "")


def proof(*fields, sender="a@client.example", ours=OURS, tmp_path):
    return read_mail(mail(*fields, sender=sender), tmp_path, ours)


def said(text):
    return f"Authentication-Results: hop.example; {text}"


@pytest.mark.parametrize(
    "text, expected",
    [
        ("dmarc=pass header.from=client.example", "proven"),
        ("dmarc=pass (p=NONE sp=NONE) header.from=client.example", "proven"),
        ("spf=fail smtp.mailfrom=x@y.example; dmarc=fail header.from=client.example", "failed"),
        ("dkim=pass header.d=client.example; dmarc=fail header.from=client.example", "failed"),
        ("dkim=pass header.d=client.example", "proven"),
        ('dkim=pass header.i=@client.example header.s=s header.b="a/b+="', "proven"),
        ("dkim=pass header.d=mail.client.example", "proven"),
        ("dkim=pass header.d=other.example", ""),
        ("dkim=pass header.d=notclient.example", ""),
        ("dkim=pass header.d=example", ""),
        ("dkim=pass", ""),
        ("dkim=fail header.d=client.example", ""),
        ("dkim=fail header.d=x.example; dkim=pass header.d=client.example", "proven"),
        ("dkim=pass header.d=evil.example header.d=client.example", ""),
        ("dkim=pass header.d=evil.example header.i=@client.example", ""),
        ("spf=pass smtp.mailfrom=x@client.example", "proven"),
        ("spf=pass smtp.mail=bounces.client.example", "proven"),
        ("spf=pass (hop: domain of x@client.example) smtp.mailfrom=x@evil.example", ""),
        ("spf=pass smtp.helo=client.example", ""),
        ("spf=softfail smtp.mailfrom=client.example", ""),
        ("dmarc=none header.from=client.example; dkim=pass header.d=client.example", "proven"),
        ("dmarc=pass header.from=evil.example", ""),
        ("dmarc=pass", ""),
        ("dmarc=temperror header.from=client.example", ""),
        ("none", ""),
        ("dmarc=pass header.from=client.example; dmarc=fail header.from=client.example", "failed"),
        ("dmarc=fail (dmarc=pass; dmarc=pass header.from=client.example) header.from=client.example", "failed"),
        ('dmarc=fail reason="; dmarc=pass header.from=client.example" header.from=client.example', "failed"),
        ('dkim=fail reason="x\\"; dkim=pass header.d=client.example; \\"" header.d=client.example', ""),
        ("dkim=fail (a (nested; dkim=pass header.d=client.example) one)", ""),
        ("dkim=fail (\\); dkim=pass header.d=client.example)", ""),
        ("dkim=fail (no end; dkim=pass header.d=client.example", ""),
        ('dkim=fail "no end; dkim=pass header.d=client.example', ""),
        ("dkim=fail header.b=x=dkim=pass header.d=client.example", ""),
        ("x-dmarc=pass header.from=client.example", ""),
        ("DMARC = PASS  header.from = client.example", "proven"),
        ("dmarc/1=pass header.from=client.example", "proven"),
        ("iprev=pass policy.iprev=2001:db8::1; dkim=pass header.d=client.example", "proven"),
        ("dkim=pass=fail header.d=client.example", ""),
        ("dkim=passed header.d=client.example", ""),
        ("dkim=pass\\; header.d=client.example", ""),
        (";;;", ""),
        ("", ""),
        ('spf=pass smtp.mailfrom="x y"@client.example', ""),
        ("dkim=pass header.d=CLIENT.example.", "proven"),
    ],
)
def test_what_the_hop_says(text, expected, tmp_path):
    assert proven(proof(said(text), tmp_path=tmp_path)) == expected


PASS, FAIL = said("dmarc=pass header.from=client.example"), said("dmarc=fail header.from=client.example")


@pytest.mark.parametrize(
    "fields, expected",
    [
        ([FAIL, PASS], "failed"),
        (["Received: by hop.example", FAIL, PASS], "failed"),
        ([said("none"), PASS], ""),
        ([said("none"), PASS, "Received: by hop.example"], "proven"),
        ([said("none"), "Received: by hop.example", PASS], ""),
        (["Received: x", said("none"), PASS], ""),
        (["Received: x", said("dkim=none"), "X-Other: y", PASS], ""),
        (["Received: x", "Received: y", PASS], "proven"),
        ([said("broken (("), "Received: x", PASS], ""),
        (["Received: x", said('broken "'), PASS], ""),
        (
            [
                said("dkim=pass header.d=client.example"),
                said("dmarc=fail header.from=client.example"),
                "Received: x",
                PASS,
            ],
            "failed",
        ),
        ([PASS.replace("hop.example", "other.example")], ""),
        ([PASS.replace("hop.example", "hop.example.evil.example")], ""),
        ([PASS.replace("hop.example;", "other.example (hop.example;)")], ""),
        ([PASS.replace("hop.example;", "(hop.example;) other.example;")], ""),
        ([PASS.replace("hop.example", '"hop.example"')], "proven"),
        ([PASS.replace("hop.example", "HOP.EXAMPLE 1")], "proven"),
        ([PASS.replace("hop.example", "hop.example x")], ""),
        ([PASS.replace("hop.example;", "")], ""),
        (["ARC-" + PASS], ""),
        (["X-" + PASS], ""),
        ([PASS.replace("; ", ";\n\t")], "proven"),
        ([PASS.replace("hop.example", "=?utf-8?Q?hop.example?=")], ""),
        (["From: b@evil.example", PASS], ""),
    ],
)
def test_whose_word_counts(fields, expected, tmp_path):
    assert proven(proof(*fields, tmp_path=tmp_path)) == expected


@pytest.mark.parametrize("hop", ["", "  ", "other.example"])
def test_without_a_trusted_hop_nothing_is_proven(hop, tmp_path):
    assert proof(PASS, ours=replace(OURS, trusted_hop=hop), tmp_path=tmp_path).proof == {}


def test_domains_in_their_own_letters(tmp_path):
    for domain in ("xn--e1afmkfd.xn--p1ai", "пример.рф"):
        found = proof(said(f"dkim=pass header.d={domain}"), sender="я <a@пример.рф>", tmp_path=tmp_path)
        assert (found.proof, proven(found)) == ({"dkim": "pass"}, "proven")


def test_what_others_write_of_real_servers():
    server, verdicts = read(
        "mx.google.com;\n dkim=pass header.i=@gmail.com header.s=20230601 header.b=Xyz/a+b=;\n"
        " spf=pass (google.com: domain of x@gmail.com designates 2a00::1 as permitted sender)"
        " smtp.mailfrom=x@gmail.com;\n dmarc=pass (p=NONE sp=QUARANTINE dis=NONE) header.from=gmail.com"
    )
    assert server == "mx.google.com"
    assert [(one.method, one.result) for one in verdicts] == [("dkim", "pass"), ("spf", "pass"), ("dmarc", "pass")]
    assert verdicts[0].about["header.b"] == "Xyz/a+b="
