"""The HTML of a mail made safe: what may be in it, and what becomes of the rest."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.channels.email import safe_html

ATTACKS = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg><script>alert(1)</script></svg>",
    "<a href='javascript:alert(1)'>x</a>", "<a href=' java\tscript:alert(1)'>x</a>", "<a href='data:text/html,x'>x</a>",
    "<iframe src='https://evil.example'></iframe>", "<form action='/x'><input name=a><button>b</button></form>",
    "<style>@import 'https://evil.example'</style>", "<link rel=stylesheet href='https://evil.example'>",
    "<meta http-equiv=refresh content='0;url=https://evil.example'>", "<base href='https://evil.example'>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>", "<p style='background:url(https://evil.example)'>x",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>", "<div id=top class=composer name=form>x</div>",
    "<a href='/session/end'>x</a>", "<a href='//evil.example'>x</a>", "<object data=x></object><embed src=x>",
    "<video src='https://evil.example/v'></video>", "<img srcset='https://evil.example/x 1x'>",
    "<table background='https://evil.example/x'><tr><td>x</table>", "<<script>script>alert(1)<</script>/script>",
]
ALLOWED = {"href", "rel", "title", "src", "alt", "width", "height", "data-host", "dir", "lang"}


@pytest.mark.parametrize("attack", ATTACKS)
def test_nothing_runs_loads_or_leads_where_it_should_not(attack):
    safe = safe_html.clean(attack)
    for token in safe_html.tokens(safe):
        assert not token.name or token.name in safe_html.TAGS
        assert set(token.attributes) <= ALLOWED
        assert token.attributes.get("src", "cid:").startswith("cid:")
        assert token.attributes.get("href", "https://").startswith(("https://", "http://", "mailto:"))


def test_pictures_of_the_mail_stay_and_those_of_hosts_are_named():
    safe = safe_html.clean('<img src="cid:a@b" alt="Plan"><img src="https://pic.example/logo.png?u=12" alt="Logo">')
    assert safe == '<img src="cid:a@b" alt="Plan"><img alt="Logo" data-host="pic.example">'


def test_a_picture_that_only_counts_readers_goes():
    assert safe_html.clean('x<img src="https://count.example/o.gif" width="1" height="1">') == "x"


def test_a_width_of_thousands_of_digits_is_none():
    assert safe_html.clean(f'<img src="cid:a" width="{"9" * 5000}" height="20">') == '<img src="cid:a" height="20">'


def test_links_carry_no_referrer():
    assert 'rel="noopener noreferrer nofollow"' in safe_html.clean('<a href="https://a.example">a</a>')


def test_a_page_as_text():
    html = "<head><title>T</title><style>p{}</style></head><p>One&nbsp;two<br>three</p>"
    html += "<ul><li>a<li>b</ul><table><tr><td>1<td>2</table><div><pre>x  y\n z</pre><div><br></div>last"
    assert safe_html.as_text(html) == "One two\nthree\n\na\nb\n1 2\nx y\nz\n\nlast"


def test_what_is_too_deep_to_be_parsed_is_still_read():
    deep = "<div>" * 50_000 + "hello &amp; goodbye <script>x()</script>"
    assert safe_html.clean(deep) == "" and safe_html.as_text(deep) == "hello & goodbye"


PIECES = st.sampled_from([*ATTACKS, "<p>", "</p>", "<b>", "&amp;", "&lt;script&gt;", "<td>", "\"", "'", "<!--", "x"])


@given(st.lists(PIECES, max_size=12).map("".join))
@settings(max_examples=300, deadline=None)
def test_cleaning_twice_changes_nothing(html):
    once = safe_html.clean(html)
    assert safe_html.clean(once) == once
