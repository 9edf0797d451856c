"""Understanding a question: its words, mended where nobody wrote them so, and what means the same."""

import pytest

from app.search.synonyms import Synonyms
from app.search.understanding import MOST_WORDS, literally, understand

TEXTS = """connecting a network printer to your laptop set up keyboard mouse settings backup restore files
настройка принтера подключение клавиатуры беспроводная сеть пароль объектов включение печать компьютер экран выбор
съемного диска телефон түзмөктү туташтыруу сырсөз кагаз жаңыртуу арыз берүү"""


class Known:
    """A `Vocabulary` of some words."""

    def __init__(self, text=TEXTS):
        self.held = dict.fromkeys(text.split(), 2)

    def expect(self, words):
        pass

    def frequency(self, word):
        return self.held.get(word, 0)

    def near(self, word, distance, limit):
        from rapidfuzz.distance import OSA

        found = [(OSA.distance(word, other), other) for other in self.held if other[0] == word[0]]
        return [(other, 2) for steps, other in sorted(found) if steps <= distance][:limit]

    def starting(self, prefix, limit):
        return [(word, 2) for word in self.held if len(prefix) > 2 and word.startswith(prefix)][:limit]


NONE = Synonyms([])


def question(text, language="en", synonyms=NONE, **about):
    return understand(text, language, Known(), synonyms, **about)


def mended(text, language="en"):
    return [word.mended[0] if word.mended else word.asked for word in question(text, language).words]


def searched(asked):
    return {term.text for term in asked.terms() if term.field == "body"}


@pytest.mark.parametrize(("typed", "meant"), [
    ("keybaord", ["keyboard"]),
    ("netwrok printer", ["network", "printer"]),
    ("клавиатуы", ["клавиатуры"]),
    ("пороль", ["пароль"]),
    ("настрйка принтера", ["настройка", "принтера"]),
])
def test_slips_are_mended(typed, meant):
    assert mended(typed, "ru") == meant


@pytest.mark.parametrize(("typed", "meant"), [
    ("yfcnhjqrf ghbynthf", "настройка принтера"),
    ("gfhjkm", "пароль"),
    ("ыуе гз зкштеук", "set up printer"),
    ("yfcnhjqrf printer", "настройка printer"),
    ("dsgjkytybt bp,jhf", "dsgjkytybt bp,jhf"),
])
def test_the_other_keyboard_layout(typed, meant):
    assert question(typed, "ru").text == meant


@pytest.mark.parametrize(("typed", "meant"), [
    ("nastrojka printera", ["настройка", "принтера"]),
    ("vklyuchenie klaviatury", ["включение", "клавиатуры"]),
    ("obektov", ["объектов"]),
    ("pechat", ["печать"]),
    ("parol", ["пароль"]),
    ("semnogo diska", ["съемного", "диска"]),
    ("kompyuter ekran", ["компьютер", "экран"]),
])
def test_russian_in_latin_letters(typed, meant):
    assert mended(typed, "ru") == meant


def test_words_that_are_known_are_left_alone():
    asked = question("network printer", "en")
    assert not asked.is_mended
    assert [word.asked for word in asked.words] == ["network", "printer"]


def test_another_form_of_a_known_word_is_known():
    assert not question("принтерами", "ru").is_mended
    assert not question("түзмөктөрдү", "ky").is_mended
    assert not question("тузмокту", "ky").is_mended


def test_short_kyrgyz_words_are_not_corrected():
    assert not question("берем", "ky").is_mended


def test_the_last_word_may_be_half_typed():
    assert "printer" in question("network prin", is_typing=True).words[-1].forms
    assert "keyboard" not in question("key board", is_typing=True).words[-1].forms


def test_a_space_says_that_a_word_is_whole():
    assert "printer" not in question("prin ").words[-1].forms


def test_both_alphabets_of_stems_are_asked_for():
    assert searched(question("папка", "ru")) == {"папк", "ky_папка"}


def test_synonyms_of_words_and_phrases():
    same = Synonyms([("usb stick", "flash drive", "флешка"), ("printer", "МФУ")])
    assert question("USB sticks", synonyms=same).words[0].means == ["flash", "drive", "флешка"]
    assert "мфу" in searched(question("printers", synonyms=same))


def test_a_synonym_counts_less_than_the_word():
    same = Synonyms([("printer", "МФУ")])
    weights = {term.text: term.weight for term in question("printer", synonyms=same).terms() if term.field == "body"}
    assert weights["мфу"] < weights["printer"] / 2


def test_synonyms_hold_for_a_mended_word():
    same = Synonyms([("printer", "МФУ")])
    assert "мфу" in searched(question("pritner", synonyms=same))


def test_literally_is_what_was_typed():
    asked = literally("keybaord gfhjkm", "ru")
    assert [word.forms for word in asked.words] == [{"keybaord": 1.0}, {"gfhjkm": 1.0}]


def test_of_many_words_the_rarest_are_asked():
    many = " ".join(f"word{number}" for number in range(500)) + " printer"
    asked = question(many)
    assert len(asked.words) == MOST_WORDS
    assert "printer" in {word.asked for word in asked.words}


def test_the_repaired_question_keeps_what_was_right():
    assert question("My keybaord, please!").shown_for({"keybaord": "keyboard"}) == "My keyboard, please!"


def test_pieces_of_words_count_in_short_questions_only():
    assert any(term.field == "gram" for term in question("network printer").terms())
    assert not any(term.field == "gram" for term in question("set up network printer keyboard mouse").terms())
