"""Whatever people write, what is shown runs nothing and leads only where a link may lead."""

import re
import unicodedata
from html.parser import HTMLParser

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.core import markup
from app.core.markup import clean_line, clean_text, render, storable

ATTRIBUTES = {"a": {"href", "title", "rel"}, "th": {"align"}, "td": {"align"}}
NASTY = [
    "<script>", "</script>", "<img src=x onerror=alert(1)>", "<svg/onload=alert(1)>", "[x](javascript:alert(1))",
    "[x](java\tscript:alert(1))", "[x](&#106;avascript:alert(1))", "[x](data:text/html,hi)", "<javascript:alert(1)>",
    "![x](javascript:alert(1))", "[x]: javascript:alert(1)\n", "[x]", "[x](vbscript:x)", "[x](<JaVaScRiPt:x>)",
    "<a href='javascript:x' onclick=y>", "<style>", "<iframe src=//x>", "<form action=//x>", "<math>", "<!--", "-->",
    "<![CDATA[", "]]>", "`", "```", "\n", "\n\n", "> ", "- ", "1. ", "    ", "|", "|-|", "*", "_", "~~", "\\", "&lt;",
    "\0", "\u2028", "\"", "'", "](", "[", "https://x.kg/\" onmouseover=\"x", "[x](https://x.kg \"t\" onclick=x)",
]


class Reader(HTMLParser):
    """Objects to every tag, attribute and address that may not be there."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.links = [], []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attributes):
        assert tag in markup.TAGS
        assert {name for name, _value in attributes} <= ATTRIBUTES.get(tag, set())
        self.tags.append(tag)
        self.links += [value for name, value in attributes if name == "href"]

    def handle_comment(self, data):
        raise AssertionError(data)

    handle_decl = handle_pi = unknown_decl = handle_comment


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(NASTY) | st.text(max_size=5), max_size=12).map("".join))
@example("".join(NASTY))
def test_nothing_runs_and_links_lead_out_properly(text):
    for link in Reader(render(text)).links:
        scheme, colon, _rest = "".join(c for c in link if c > " ").lower().partition(":")
        assert not colon or scheme in ("http", "https", "mailto") or set(scheme) & set("/?#")


@pytest.mark.parametrize("text", NASTY)
def test_each_of_them_alone(text):
    Reader(render(f"before {text} after"))


def test_what_people_do_write_is_shown():
    html = render("Принтер **не печатает**\nвторая строка\n\n- раз\n  - два\n\n"
                  "| a | b |\n|---|---|\n| 1 | 2 |\n\n~~нет~~")
    assert "<strong>не печатает</strong><br>" in html
    assert Reader(html).tags.count("ul") == 2
    assert {"table", "th", "td", "s"} <= set(Reader(html).tags)


def test_lists_may_be_nested_deeper_than_anybody_reads():
    assert Reader(render("\n".join("  " * depth + "- x" for depth in range(200)))).tags.count("ul") >= 5
    Reader(render("> " * 5000 + "x"))


def test_tags_are_shown_as_they_were_typed():
    assert "&lt;b&gt;" in render("<b>bold</b>")


def test_link_tells_the_other_side_nothing():
    html = render("[us](https://jardam.example) <aigul@jardam.example>")
    assert Reader(html).links == ["https://jardam.example", "mailto:aigul@jardam.example"]
    assert html.count("noopener noreferrer nofollow") == 2


def test_long_texts_do_not_fill_the_memory():
    assert markup._long.cache_info().maxsize * 100_000 < 10_000_000
    render("x" * (markup.SHORT + 1))
    assert markup._long.cache_info().currsize >= 1


@given(st.text())
def test_line_is_one_line_that_can_be_stored_and_printed(text):
    line = clean_line(text)
    assert not {unicodedata.category(c) for c in line} & {"Cc", "Cs", "Zl", "Zp"}
    assert line == line.strip() == clean_line(line) == storable(line)


@pytest.mark.parametrize(("typed", "kept"), [
    ("  Принтер \t не\r\nпечатает ", "Принтер не печатает"), ("a\0b", "a b"), ("a\u2028b\x85c", "a b c"),
    ("invoice\u202egpj.exe", "invoicegpj.exe"), ("сло\u00adво", "слово"), ("\ufeffздравствуйте", "здравствуйте"),
    ("👩\u200d🔧 🫨", "👩\u200d🔧 🫨"), ("10\u00a0000", "10 000"), ("\u200b\u2066\u2069", ""), ("a\ud800b", "ab"),
])
def test_line_keeps_what_can_be_read(typed, kept):
    assert clean_line(typed) == kept


@given(st.text())
def test_text_can_be_stored_and_keeps_its_lines(text):
    cleaned = clean_text(text)
    assert not {c for c in cleaned if unicodedata.category(c) in ("Cc", "Cs")} - {"\n", "\t"}
    assert cleaned == clean_text(cleaned) == storable(cleaned)


def test_text_has_one_kind_of_line_end():
    assert clean_text("  раз\r\nдва\rтри\n\n\tчетыре\x07\x9b\0 ") == "раз\nдва\nтри\n\n\tчетыре"


@given(st.text())
def test_storable_text_encodes_and_ordinary_text_stays(text):
    assert "\0" not in storable(text)
    assert storable(text).encode().decode() == storable(text)
    if text.isprintable():
        assert storable(text) == text


def test_words_are_replaced_outside_the_named_elements_only():
    html = '<p>a <code>a <em>a</em></code> a</p><pre>a</pre><abbr title="a">a</abbr>'
    put = markup.replaced(html, re.compile("a"), lambda found: f"<mark>{found[0]}</mark>", outside=("code", "pre"))
    assert put == "<p><mark>a</mark> <code>a <em>a</em></code> <mark>a</mark></p><pre>a</pre><mark>a</mark>"


def test_what_is_put_for_a_word_is_cleaned_too():
    put = markup.replaced("<p>a</p>", re.compile("a"), lambda _found: "<script>x</script><a href='javascript:x'>b</a>",
                          outside=())
    assert "script" not in put and ">b</a>" in put
