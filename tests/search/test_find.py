"""Finding, as pages use it: ranked by the index, shown from the database, and never a hint of what may not be read."""

import random
import shutil

import pytest
from flask_login import AnonymousUserMixin
from markupsafe import Markup

from app.core.db import db, is_sqlite
from app.kb import actions
from app.kb.actions import Facts, Text
from app.kb.queries import reader
from app.search import engine
from app.search.find import Wanted, find, folded, related, search_text, suggest
from app.search.models import SynonymGroup
from tests import people
from tests.kb import readers

pytestmark = pytest.mark.slow

ODD = ["", " ", "а*", "*", "?", "title:(foo OR", '"broken', "NOT AND OR", "и в на", "the of", "\U0001f600 \U0001f4a9",
       "\0", "a\0b", "\ud800", "x" * 100_000, "ж " * 50_000, "printer " * 500, "a-b-c-d", "''''", "%_\\", "<script>",
       "принтер~2", "[* TO *]", "\u202e\u200b", "1" * 3000, "İstanbul ẞ", "é" * 300, "a" * 39 + "é"]


@pytest.fixture
def asel(desk):
    return people.user("asel", administrator=True)


@pytest.fixture
def bakyt(desk):
    """An agent of the network team."""
    return people.user("bakyt", member=(people.team("network"),))


@pytest.fixture
def written(kept, now):
    """Write an article that the index knows at once."""
    def write(title, body="", **about):
        made = readers.article(title, body, **about)
        db.session.commit()
        kept.take_in(now)
        return made

    return write


def stranger(language="en"):
    return reader(AnonymousUserMixin(), language)


def titles(results):
    return [hit.card.title for hit in results.hits]


def test_a_question_finds_the_article_by_the_index(written):
    written("Set up a printer", "Connect it and choose paper.")
    written("Reset a password", "Ask the desk.")
    results = find("How do I set up my printers?", stranger())
    assert results.from_index
    assert titles(results)[0] == "Set up a printer"
    assert (results.asked, results.shown_for) == ("How do I set up my printers?", None)


def test_words_are_marked_in_the_form_in_which_they_stand(written):
    written("Printers & <paper>", "First read this. Then the printer prints on <b>paper</b>, or not.")
    hit = find("printer paper", stranger()).hits[0]
    assert hit.title == Markup("<mark>Printers</mark> &amp; &lt;<mark>paper</mark>&gt;")
    assert "the <mark>printer</mark>" in hit.snippet
    assert "<b>" not in hit.snippet


def test_a_snippet_is_the_part_with_most_of_the_words(written):
    written("Notes", "The printer hums. " + "Nothing else happens here. " * 40 + "The printer eats paper at night.")
    assert "<mark>printer</mark> eats <mark>paper</mark>" in find("printer paper night", stranger()).hits[0].snippet


def test_a_slip_is_mended_and_said(written):
    written("Set up a keyboard", "It clicks.")
    results = find("My keybaord", stranger())
    assert titles(results) == ["Set up a keyboard"]
    assert results.shown_for == "My keyboard"


def test_who_insists_is_searched_literally(written):
    written("Set up a keyboard", "It clicks.")
    results = find("keybaord", stranger(), Wanted(literal=True))
    assert (titles(results), results.shown_for) == ([], None)


def test_the_other_layout_is_shown_as_it_was_meant(written):
    written("Настройка принтера", "Подключите его.", language="ru")
    results = find("yfcnhjqrf ghbynthf", stranger("ru"))
    assert titles(results) == ["Настройка принтера"]
    assert results.shown_for == "настройка принтера"


def test_pages_totals_and_facets_agree(written):
    hardware = readers.category("hardware")
    for number in range(12):
        written(f"Printer {number}", "Paper.", category=hardware if number < 5 else None)
    written("Принтер printer", "Бумага.", language="ru")
    results = find("printer", stranger(), Wanted(first=10))
    assert (results.total, len(results.hits), results.hits[0].place) == (13, 3, 11)
    assert results.categories == {hardware.id: 5, None: 8}
    assert results.languages == {"en": 12, "ru": 1}
    filtered = find("printer", stranger(), Wanted(category_id=hardware.id))
    assert (filtered.total, filtered.languages) == (5, {"en": 5})
    assert find("printer", stranger(), Wanted(language="ru")).total == 1


def test_ones_own_language_comes_first(written):
    written("VPN access", "How to reach the VPN.", language="en")
    written("VPN кирүү", "VPN аркылуу туташуу.", language="ky")
    assert titles(find("VPN", stranger("ky")))[0] == "VPN кирүү"
    assert titles(find("VPN", stranger("en")))[0] == "VPN access"


def test_kyrgyz_typed_without_its_letters(written):
    written("Түзмөктү туташтыруу", "Кабелди сайыңыз.", language="ky")
    assert titles(find("тузмокту туташтыруу", stranger("ky"))) == ["Түзмөктү туташтыруу"]


def test_synonyms_of_the_desk_hold_at_once(written, now):
    written("Zeiterfassung", "Stempeln.")
    assert find("timesheet", stranger()).hits == []
    db.session.add(SynonymGroup(words=["timesheet", "Zeiterfassung"], changed_at=now))
    db.session.commit()
    assert titles(find("timesheet", stranger())) == ["Zeiterfassung"]


def test_while_typing_the_last_word_is_half_there(written):
    written("Connect a projector", "HDMI.")
    hits = suggest("connect a proj", stranger())
    assert [hit.title for hit in hits] == [Markup("<mark>Connect</mark> a <mark>projector</mark>")]


def test_a_long_conversation_finds_what_it_is_about(written):
    written("Projector shows no picture", "Check the HDMI cable of the projector.")
    for number in range(5):
        written(f"Write a letter {number}", "Dear colleagues, hello and thank you for your help today.")
    talk = "Hello colleagues, thank you for your help today. " * 20 + "The projector shows no picture over HDMI."
    assert related(talk, stranger())[0].card.title == "Projector shows no picture"


@pytest.mark.parametrize("visibility", ["staff", "teams"])
def test_nothing_hints_at_what_may_not_be_read(written, bakyt, visibility):
    teams = {"teams": [bakyt.memberships[0].team]} if visibility == "teams" else {}
    written("Zanzibar vault", "The zanzibar door opens with quokka.", visibility=visibility, by=bakyt, **teams)
    written("Doors", "A door opens.")
    for text in ("zanzibar", "zanzibra", "quokka", "pfyp", "zanz"):
        results = find(text, stranger())
        assert (results.hits, results.total, results.shown_for) == ([], 0, None)
        assert results.categories == results.languages == {}
        assert suggest(text, stranger()) == []
    assert related("zanzibar quokka vault", stranger()) == []
    assert titles(find("zanzibra", reader(bakyt, "en"))) == ["Zanzibar vault"]
    assert find("zanzibra", reader(bakyt, "en")).shown_for == "zanzibar"


def test_a_change_of_visibility_holds_before_the_index_knows(written, asel):
    made = written("Zanzibar vault", "The zanzibar door opens with quokka.")
    written("Doors", "A door opens, zanzibars do not.")
    assert find("quokak", stranger()).shown_for == "quokka"
    actions.change_facts(made, Facts("en", "staff"), asel)
    db.session.commit()
    for text in ("quokak door", "quokka door", "quokak"):
        results = find(text, stranger())
        assert "Zanzibar vault" not in titles(results)
        assert results.shown_for is None
        assert results.total == len(results.hits)
        assert not any("quokka" in hit.snippet or "quokka" in hit.title for hit in results.hits)


def test_what_becomes_visible_is_found_before_the_index_knows(written, asel):
    made = written("Zanzibar vault", "It opens.", visibility="staff", by=asel)
    actions.change_facts(made, Facts("en", "public"), asel)
    db.session.commit()
    assert titles(find("zanzibar", stranger())) == ["Zanzibar vault"]


def test_a_correction_stands_in_what_is_shown(written, asel):
    made = written("Keyboard", "It clicks.")
    written("Mouse", "It has keys.")
    actions.archive(made, asel)
    db.session.commit()
    assert find("keybaord keys", stranger()).shown_for is None


def test_without_an_index_the_database_answers(desk):
    shutil.rmtree(engine.root(), ignore_errors=True)
    readers.article("Set up a printer", "Connect it and choose paper.")
    readers.article("Paper", "The printer stands in the hall.")
    readers.article("Salaries", "On the fifth.")
    db.session.commit()
    results = find("printers set", stranger())
    assert (titles(results), results.from_index) == (["Set up a printer", "Paper"], False)
    assert suggest("print", stranger())[0].card.title == "Set up a printer"
    assert related("the printer", stranger()) != []


def test_a_broken_index_is_answered_from_the_database(written):
    if not is_sqlite():
        pytest.skip("about Whoosh's files")
    written("Set up a printer", "Connect it.")
    assert find("printer", stranger()).from_index
    for file in [file for folder in engine.root().iterdir() if folder.is_dir() for file in folder.iterdir()]:
        file.unlink()
    results = find("printer", stranger())
    assert (titles(results), results.from_index) == (["Set up a printer"], False)


@pytest.mark.parametrize("text", ODD, ids=range(len(ODD)))
def test_no_text_is_too_odd(kept, written, text):
    written("Printer", "принтер the of и в на")
    for language in ("en", "ru", "ky"):
        assert find(text, stranger(language)).asked.encode("utf-8") is not None
        find(text, stranger(language), Wanted(literal=True))
        suggest(text, stranger(language))
        related(text, stranger(language))
        folded(text, language).encode("utf-8")


def test_random_texts_do_no_harm(kept, written):
    written("Printer", "Paper and toner.")
    chance = random.Random(7)
    letters = "aeprint бумагаүөң'\"*?~:()[]{}^+-!/\\&|<>.,;#%_ \n\t\u0301\u200d\U0001f600"
    for _ in range(150):
        text = "".join(chance.choice(letters) for _ in range(chance.randrange(60)))
        find(text, stranger(chance.choice(["en", "ru", "ky"])))
        suggest(text, stranger())


def test_only_stop_words_find_titles_with_them(written):
    written("To be or not to be", "A question.")
    assert titles(find("to be", stranger())) == ["To be or not to be"]


def test_searches_that_ask_the_same_fold_the_same():
    assert folded("Printers: how to connect?", "en") == folded("connect the printer", "en")
    assert len(folded("word" + " ".join(f"w{n}" for n in range(500)), "en")) <= 300


def test_the_text_for_searching_without_an_index_holds_every_stem():
    text = search_text("Printers", "They print.", "en")
    assert " printer " in text
    assert " print " in text
    assert text[0] == text[-1] == " "


def test_the_text_of_an_article_holds_what_a_shorter_form_asks_for(desk):
    made = readers.article("Түзмөктөрдү туташтыруу", "Кабель.", language="ky")
    db.session.commit()
    shutil.rmtree(engine.root(), ignore_errors=True)
    assert [hit.card.id for hit in find("түзмөк", stranger("ky")).hits] == [made.id]


def test_a_title_says_more_than_a_mention(written):
    actions.publish(actions.draft(Text("Other", "Printers are mentioned here."), Facts("en", "public"), None), None)
    written("Printers", "They stand in the hall.")
    assert titles(find("printers", stranger()))[0] == "Printers"


def test_what_says_the_same_in_several_languages_stands_once_in_the_readers(written):
    original = written("VPN from home", "Open the client.", language="en")
    written("VPN из дома", "Откройте клиент VPN.", language="ru", translation_of=original)
    written("Another VPN", "For guests.", language="en")
    results = find("vpn", stranger("ru"))
    assert sorted(titles(results)) == ["Another VPN", "VPN из дома"]
    assert (results.total, results.languages) == (2, {"en": 2, "ru": 1})
    assert sorted(titles(find("vpn", stranger("ru"), Wanted(language="en")))) == ["Another VPN", "VPN from home"]
    assert sorted(hit.card.title for hit in suggest("vpn", stranger("en"))) == ["Another VPN", "VPN from home"]


def test_an_old_word_finds_nothing_before_the_index_has_heard_of_the_change(written, asel):
    article = written("The move", "We go to Osh street.")
    written("Parking", "Behind the house.")
    actions.save(article, Text("The move", "We stay after all."), asel)
    actions.publish(article, asel)
    db.session.commit()
    assert titles(find("osh", stranger())) == []
    assert titles(find("stay move", stranger())) == ["The move"]
