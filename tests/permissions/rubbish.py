"""What nobody would type who means it: words, marks of pages, headers and bodies."""

import json
from base64 import urlsafe_b64encode

RUBBISH = (
    "", " ", "0", "-1", "1.5", "1e9", "2147483648", "9223372036854775807", "9223372036854775808", "9" * 40,
    "-" + "9" * 40, "NaN", "true", "null", "None", "[]", "{}", "[1]", '{"a":1}', "x" * 300, "я" * 130, "y" * 6_000,
    "\0", "a\0b", "\ud800", "\r\nBcc: evil@evil.example", "a\u202eb\u200b", "\u2028", "\ufeff", "e\u0301" * 50,
    "👩\u200d💻", "٣", "²", "½", "Ⅷ", "\uffff", "<script>alert(1)</script>", "{{ 7*7 }}", "%(name)s", "%s", "%n",
    "{0}", "{ticket.id}", "' OR 1=1 --", "\\", "%", "_", "../../etc/passwd", "//evil.example", "javascript:alert(1)",
    "=1+1", "2026-02-30", "0000-00", "0000-01", "9999-12", "0001-01-01", "9999-12-31T23:59", "0001-01-01T00:00",
    "2026-11-22T25:61", "٢٠٢٦-٠١", "2026-\u0661\u0661", "24:00", "25:00-26:00", "00:00-00:00",
    "09:00-18:00, 17:00-19:00", "9-18\n" * 40, "2026-01-01 = x\n" * 30, "a@b", "a@" + "b" * 300, '"a b"@c.example',
    "a@[127.0.0.1]", "а@пример.рф", "a@b.example\n" * 60, "|||", "=|=\n" * 50, "a = | |", "#", "#1", "-0", "+1",
    "1_000", "0x10", " 1 ",
)
HALF_RIGHT = (
    [], [1], [2**63], [-1], ["a"], ["a\0"], ["\ud800"], [None], [[1]], [{}], [True], [1.5], "x", 1, None,
    ["9999-12-31T23:59:59+00:00", 1], ["0001-01-01T00:00:00+14:00", 1], ["2026-01-01", 1],
    ["P1", "9999-12-31T23:59:59-14:00", 1], [1, 1, 1], ["", "", ""],
)
MARKS = (
    *(urlsafe_b64encode(json.dumps(mark).encode()).decode().rstrip("=") for mark in HALF_RIGHT),
    "[" * 3000, "=", "!!!!", "é", "W10",
)
HEADERS = {
    "Accept-Language": ("", "xx", "ky;q=x", "*", "ru;q=9,en;q=-1", "a" * 3000, "en-\u00e9"),
    "User-Agent": ("", "\u00e9" * 900, "<script>", "'"),
    "Referer": ("javascript:alert(1)", "http://[", "\u00e9"),
    "Cookie": (
        "jardam=", "jardam=x.y.z", "jardam=" + "e30" * 900, "theme=\"", "theme=<b>", "session=1; jardam", ";=;;",
        "\u00e9=\u00e9",
    ),
    "Range": ("bytes=9-1", "bytes=-", "bytes=" + "1-2," * 300, "x"),
    "If-Modified-Since": ("x", "Mon, 99 Nov 9999 99:99:99 GMT"),
    "If-None-Match": ('"', "*", "W/" * 300),
    "If-Range": ("x",),
    "Last-Event-ID": ("x", "-1", "9" * 40),
    "Content-Length": ("0",),
    "X-Forwarded-For": ("1.2.3.4, <b>", "é"),
    "X-HTTP-Method-Override": ("DELETE",),
    "Host": ("evil.example:99999", "[::", "a b", "é"),
}
BODIES = (
    ("application/json", b'{"subject": ["x"]}'),
    ("application/json", b"{"),
    ("text/plain", b"a=b"),
    ("", b"a=b"),
    ("application/x-www-form-urlencoded", b"%ED%A0%80=%ff&%00=%00&a[b]=c&=&&;;"),
    ("multipart/form-data", b"rubbish"),
    ("multipart/form-data; boundary=", b"--\r\n"),
    ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data\r\n\r\n--x--"),
    ("multipart/form-data; boundary=x",
     b'--x\r\nContent-Disposition: form-data; name="files"; filename="\xff\x00"\r\n'),
    ("multipart/form-data; boundary=x; charset=utf-99", b"--x--"),
    ("application/x-www-form-urlencoded; charset=utf-99", b"a=%e4"),
    ("application/x-www-form-urlencoded", b"&".join(b"a=%d" % n for n in range(2_000))),
)
