"""Folding: how differently typed words become one."""

import pytest

from app.search.text import fold, stop_words, telling, words


@pytest.mark.parametrize(("typed", "found"), [
    ("Wi-Fi", ["wifi"]),
    ("E-mail", ["email"]),
    ("Вай-фай", ["вайфай"]),
    ("don’t user's", ["dont", "users"]),
    ("Чёрный ЁЖ", ["черный", "еж"]),
    ("за\u0301мок", ["замок"]),
    ("и\u0306од", ["йод"]),
    ("Windows 11, 24H2!", ["windows", "11", "24h2"]),
    ("түзмөктү", ["түзмөктү"]),
    ("snake_case \U0001f600 № 5", ["snake", "case", "5"]),
    ("", []),
])
def test_words_are_folded(typed, found):
    assert words(typed) == found


def test_letters_of_another_script_that_look_alike_are_the_same():
    assert fold("cбой") == "сбой"  # The first letter was Latin.
    assert fold("Cкан usb") == "скан usb"


def test_a_word_of_both_scripts_stays_if_its_letters_have_no_likeness():
    assert fold("usbшнур") == "usbшнур"


def test_a_long_key_is_cut():
    assert words("x" * 500) == ["x" * 40]


def test_stop_words_go_unless_nothing_else_was_said():
    assert telling(words("как подключить принтер")) == ["подключить", "принтер"]
    assert telling(words("и в на")) == ["и", "в", "на"]


def test_what_turns_a_meaning_round_is_no_stop_word():
    assert stop_words().isdisjoint({"off", "not", "без", "не", "жок"})
