"""Stems: the forms of a word become one, by the rules of its language."""

import pytest

from app.search.stems import KYRGYZ, kyrgyz_stem, kyrgyz_terms, stem, terms


def test_english_and_russian_words_by_their_letters():
    assert stem("printers") == stem("printer")
    assert stem("принтерами") == stem("принтер")


@pytest.mark.parametrize("forms", [
    ("арыз", "арызды", "арыздын", "арыздарым", "арыздарды"),
    ("папка", "папкага", "папканын", "папкаларга", "папкасына"),
    ("кызматкер", "кызматкерге", "кызматкердин", "кызматкерлерде"),
    ("жаңыртуу", "жаңыртуудан", "жаңыртууга"),
    ("туташуу", "туташууга"),
    ("сырсөз", "сырсөздү"),
])
def test_kyrgyz_endings_go(forms):
    assert len({kyrgyz_stem(form) for form in forms}) == 1


def test_kyrgyz_typed_on_a_russian_keyboard_is_the_same():
    assert kyrgyz_stem("түзмөктү") == kyrgyz_stem("тузмокту")
    assert kyrgyz_stem("жаңы") == kyrgyz_stem("жаны")


def test_roots_that_change_in_the_middle_meet_in_their_first_letters():
    assert set(kyrgyz_terms("туташтыруу")) & set(kyrgyz_terms("туташпайт"))


def test_short_words_stay():
    assert kyrgyz_stem("үн") == "ун"


def test_kyrgyz_stems_are_told_from_russian_ones():
    assert terms("папка", "ru") == (stem("папка"),)
    assert all(each.startswith(KYRGYZ) for each in terms("папка", "ky"))
    assert terms("usb", "ky") == ("usb",)
