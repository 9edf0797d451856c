"""What was typed, taken apart; no database."""

from datetime import UTC, datetime, timedelta

import pytest

from app.tickets.searching import fulltext, moments
from app.tickets.searching.language import Filter, read

NOW = datetime(2026, 11, 22, 20, 30, tzinfo=UTC)
"""Half past two in the morning of the 23rd in Bishkek."""


def texts(question):
    return [each.text for each in question.wanted]


def filters(text):
    return [(each.key, each.value, each.excludes) for each in read(text).filters]


def test_words_lose_case_stops_and_repetitions():
    assert texts(read("The PRINTER  is is on Printer fire!")) == ["printer", "fire"]
    assert texts(read("to be or not")) == ["not"]
    assert texts(read("what is it")) == ["what", "is", "it"], "nothing else was said"


@pytest.mark.parametrize(("text", "keys"), [
    ("is:open team:network", [("is", "open", False), ("team", "network", False)]),
    ('from:"Aigul A" -tag:vpn', [("from", "Aigul A", False), ("tag", "vpn", True)]),
    ("группа:сеть кезек:тармак Срок:<2h", [("team", "сеть", False), ("team", "тармак", False), ("due", "<2h", False)]),
    ("is:", [("is", "", False)]), ("тип:«принтер и сканер»", [("type", "принтер и сканер", False)]),
    ('team:"net work', [("team", "net work", False)]),
])
def test_filters(text, keys):
    assert filters(text) == keys
    assert read(text).wanted == ()


def test_what_is_no_filter_is_named_and_its_words_are_searched():
    question = read("Error:500 https://desk.example/a?b=1 C:\\Windows")
    assert question.strange == ("Error:", "C:")
    assert texts(question)[:2] == ["error", "500"]
    assert [each.is_phrase for each in question.wanted if each.text.startswith("https")] == [True]


@pytest.mark.parametrize(("text", "number"), [
    ("123", 123), ("#123", 123), (" # 123 ", 123), ("12 3", None), ("x123", None), ("9" * 19, None), ("٣", None)])
def test_a_number_alone_is_a_ticket(text, number):
    assert read(text).number == number


def test_the_last_word_may_go_on():
    assert [each.beginning for each in read("paper prin").wanted] == ["", "prin"]
    assert [each.beginning for each in read("prin is:open").wanted] == [""]
    assert [each.beginning for each in read("pr").wanted] == [""]


def test_too_much_is_cut_and_said():
    question = read(" ".join(f"word{n}" for n in range(500)))
    assert (len(question.wanted), question.is_cut) == (10, True)
    assert len(read("is:open " * 50).filters) == 12
    assert not read("printer").is_cut


def test_of_three_words_one_may_be_missing_before_any_is_enough():
    steps = fulltext.groupings(read("paper jam printer ").wanted)
    assert [[[each.text for each in group] for group in step] for step in steps] == [
        [["paper", "jam", "printer"]], [["paper", "jam"], ["paper", "printer"], ["jam", "printer"]],
        [["paper"], ["jam"], ["printer"]]]
    assert len(fulltext.groupings(read("paper").wanted)) == 1


def test_a_filter_is_typed_as_it_stood():
    assert read('-team:"a b"').filters == (Filter("team", "a b", True, 'team:"a b"'),)


HOURS, DAY = timedelta(hours=1), timedelta(days=1)
MIDNIGHT = datetime(2026, 11, 22, 18, tzinfo=UTC)


@pytest.mark.parametrize(("text", "span"), [
    ("<2h", (None, NOW + 2 * HOURS)), ("2h", (None, NOW + 2 * HOURS)), (">2ч", (NOW + 2 * HOURS, None)),
    ("<30min", (None, NOW + HOURS / 2)), ("today", (MIDNIGHT, MIDNIGHT + DAY)), ("<today", (None, MIDNIGHT)),
    ("<=сегодня", (None, MIDNIGHT + DAY)), (">бүгүн", (MIDNIGHT + DAY, None)),
    ("tomorrow", (MIDNIGHT + DAY, MIDNIGHT + 2 * DAY)),
    (">=2026-11-23", (MIDNIGHT, None)), ("23.11.2026", (MIDNIGHT, MIDNIGHT + DAY)),
])
def test_a_moment_to_come(app, text, span):
    with app.test_request_context():
        assert moments.ahead(text, NOW) == span


@pytest.mark.parametrize(("text", "span"), [
    ("<7d", (NOW - 7 * DAY, None)), ("7d", (NOW - 7 * DAY, None)), (">2w", (None, NOW - 14 * DAY)),
    ("вчера", (MIDNIGHT - DAY, MIDNIGHT)), (">2026-11-22", (MIDNIGHT, None)),
])
def test_a_moment_past(app, text, span):
    with app.test_request_context():
        assert moments.ago(text, NOW) == span


@pytest.mark.parametrize("text", ["", "<", "soon", "999999w", "2h2h", "2026-02-30", "0000-01-01", "9999-12-31", "<<2h",
                                  "1.1.1", "2 years", "--", "٢h", "\u0000"])
def test_no_moment(app, text):
    with app.test_request_context():
        for reading in (moments.ahead, moments.ago):
            assert reading(text, NOW) is None or text == "٢h"
