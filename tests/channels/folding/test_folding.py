"""What is folded away, what never is, and how long it may take."""

import re
import sys
import time
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.channels.email import folding, safe_html
from app.channels.email.folding.marker import MARKER, marked

pytestmark = pytest.mark.slow

HISTORY = "On Mon, Oct 5, 2026 at 10:15 AM Support <s@desk.example> wrote:\n> Which version?\n> Support\n"


def words(text):
    return Counter(re.findall(r"\w+", text))


def new(text, subject=""):
    return folding.fold(text, "", subject).text


def test_what_stands_between_quotes_stays_with_them():
    said = "> Which version?\n10.2\n> On which machine?\nMine\n> Support"
    assert new(said) == "> Which version?\n10.2\n> On which machine?\nMine"


def test_an_answer_under_one_whole_quote_stands_alone():
    assert new(HISTORY + "\n10.2\n\n-- \nAizada") == "10.2"


def test_a_quote_chosen_by_hand_stays_above_its_answer():
    assert new("> Which version?\n10.2") == "> Which version?\n10.2"


@pytest.mark.parametrize("above", ["", "From: Support <s@desk.example>\nSent: Monday\nTo: A\nSubject: B\n\n",
                                   "On Mon, 5 Oct 2026 Support <s@desk.example> wrote:\n\n"])
def test_our_own_line_ends_what_is_new(above):
    assert new(f"Thank you\n\n{above}{marked('Жообуңузду ушул саптын үстүнө жазыңыз')}\n\nHello") == "Thank you"


def test_our_own_line_survives_a_mailer_that_breaks_it():
    assert new(f"Thank you\n\n{MARKER} Please write your answer\nabove this line ~##\n\nHello") == "Thank you"


def test_a_forwarded_mail_is_new_to_the_desk():
    said = "See below\n\nFrom: Bank <b@bank.example>\nSent: Monday\nTo: A\nSubject: Invoice\n\nYour invoice"
    assert "Your invoice" in new(said, "FW: Invoice")
    assert new(said, "RE: Invoice") == "See below"


def test_a_mail_that_is_all_headers_and_history_stays():
    assert "Your invoice" in new("From: Bank <b@bank.example>\nSent: Monday\nTo: A\nSubject: Invoice\n\nYour invoice")


def test_a_postscript_is_no_signature():
    assert "scanner" in new("It prints.\n\nBest regards,\nAizada\n\nP.S. The scanner is broken too.")


def test_a_telephone_sent_to_be_repaired_sent_no_mail():
    assert new("Саламатсызбы!\nТелефон оңдоого жөнөтүлдү") == "Саламатсызбы!\nТелефон оңдоого жөнөтүлдү"


def test_html_shows_where_the_text_has_no_sign():
    text = "It prints.\n\nAizada Bekova\nAccounting\n"
    html = '<div>It prints.</div><div class="gmail_signature">Aizada Bekova<br>Accounting</div>'
    found = folding.fold(text, html)
    assert (found.text, found.folded) == ("It prints.", "Aizada Bekova\nAccounting")


def test_without_text_the_text_is_read_off_the_html():
    html = "<p>It <b>prints</b>.</p><blockquote type=cite>Try again<br>please</blockquote>"
    found = folding.fold("", html)
    assert (found.text, found.folded) == ("It prints.", "Try again\nplease")


def test_a_picture_is_something_new():
    found = folding.fold("", f'<p><img src="cid:1"></p><div class="gmail_attr">{HISTORY[:64]}</div>'
                             "<blockquote>Which version?</blockquote>")
    assert "cid:1" in found.html and "Which version" in found.folded_html


def test_empty_lines_and_the_logo_of_another_host_are_no_quote():
    found = folding.fold("It prints.\n\n", '<p>It prints.</p><br><img src="https://a.example/logo.png" alt="A"><br>')
    assert (found.folded, found.folded_html) == ("", "") and "a.example" in found.html


def test_more_than_is_considered_is_folded(monkeypatch):
    monkeypatch.setattr(folding, "MOST", 100)
    found = folding.fold("some words " * 20, "")
    assert len(found.text) <= 100 and words(found.text) + words(found.folded) == words("some words " * 20)


LINES = st.sampled_from([
    "> quoted words", ">> deeper", "On Mon, Oct 5, 2026 Support <s@desk.example> wrote:", "-- ", "--", "", "just words",
    "От: Иван <i@desk.example>", "Отправлено: 5 октября 2026 г.", "Тема: Принтер", "Кому: Нурлан",
    "-----Original Message-----", "________________________________", "С уважением,", "Sent from my iPhone", MARKER,
    "---------- Forwarded message ---------", "Урматтоо менен, Айгерим", "жазды:", "Хорошо?", "P.S. more"])
TAGS = st.sampled_from([
    "<div>", "</div>", "<blockquote>", "</blockquote>", '<div class="gmail_quote">', '<blockquote type="cite">', "<br>",
    "<p>", "</p>", "<pre>", "</pre>", '<div id="appendonsend">', "<hr>", '<div class="gmail_signature">',
    "<table><tr><td>", "</td></tr></table>", "<b>", "</i>", "&lt;", "<!-- c -->", "\n",
    '<div style="border:none;border-top:solid #E1E1E1 1.0pt">'])


@given(st.lists(st.one_of(LINES, st.text(max_size=20)), max_size=30), st.sampled_from(["", "Fwd: x", "Re: x"]))
@settings(max_examples=300, deadline=None)
def test_no_word_of_a_text_is_ever_lost(lines, subject):
    text = "\n".join(lines)
    found = folding.fold(text, "", subject)
    assert words(text) == words(found.text) + words(found.folded)


@given(st.lists(st.one_of(LINES.map(lambda line: line.replace("<", "&lt;")), TAGS), max_size=40),
       st.sampled_from(["", "Fwd: x"]))
@settings(max_examples=300, deadline=None)
def test_no_word_of_a_page_is_ever_lost(pieces, subject):
    html = " ".join(pieces)
    found = folding.fold("", html, subject)
    whole = words(safe_html.as_text(html))
    assert whole == words(safe_html.as_text(found.html)) + words(safe_html.as_text(found.folded_html))
    assert whole == words(found.text) + words(found.folded)


@given(st.text(), st.text())
@settings(max_examples=200, deadline=None)
def test_nothing_that_is_sent_breaks_it(text, html):
    folding.fold(text, html)


EVIL = {
    "lines of quoting": (">\n" * 100_000, ""), "one long line": ("x" * 1_000_000, ""),
    "one line of quoting": (">" * 1_000_000, ""), "attributions": ("a:\n> b\n" * 100_000, ""),
    "headers": ("From: \n" * 100_000, ""), "signatures": ("-- \n" * 200_000, ""),
    "farewells": ("Regards,\n" * 100_000, ""),
    "nested quotes": ("", "<blockquote>" * 50_000 + "x"), "nested bold": ("", "<b>" * 100_000 + "x"),
    "reopened fonts": ("", "".join(f"<font color='{i}'>" for i in range(200)) + "<p>x" * 100_000),
    "ampersands": ("", "&" * 2_000_000), "spaces that do not break": ("", "&nbsp;" * 300_000),
    "open tags": ("", "<a" * 700_000), "scripts": ("", "<script" * 200_000), "comments": ("", "<!--" * 300_000),
    "pictures written in": ("", '<img src="data:image/png;base64,' + "A" * 1_900_000 + '">x'),
    "many quotes": ("", "<blockquote>x</blockquote>y" * 20_000), "preformatted": ("", "<pre>" + "x\n" * 500_000),
}


# Far beyond what a slow machine needs (none takes 2 s here), far below what quadratic work would take.
HANGING_SECONDS = 60


@pytest.mark.parametrize(("text", "html"), EVIL.values(), ids=EVIL.keys())
def test_what_is_sent_to_cost_time_does_not(text, html):
    start = time.process_time()
    folding.fold(text, html)
    assert time.process_time() - start < HANGING_SECONDS


def calls_made(function, *args) -> int:
    """How many calls, of Python and of C, `function` makes: the same on every machine and under any load."""
    made = 0

    def count(_frame, event, _arg):
        nonlocal made
        made += event in {"call", "c_call"}

    sys.setprofile(count)
    try:
        function(*args)
    finally:
        sys.setprofile(None)
    return made


def test_twice_as_much_costs_about_twice_as_many_steps():
    def steps(times):
        return calls_made(folding.fold, ("word\n" * 20 + HISTORY) * times, "")

    steps(10)
    assert steps(400) < 2.5 * steps(200)
