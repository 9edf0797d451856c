"""The Whoosh index: what is in it is found by those who may read it, whatever happens to its files."""

import shutil
import stat

import pytest

from app.search import folders
from app.search.backend import Term, Unusable
from app.search.library import Document, Reader
from app.search.whoosh_index import WhooshIndex

EVERYBODY = Reader("en", frozenset({"public"}))
NETWORK_TEAM = Reader("en", frozenset({"public", "staff", "team:7"}))
ADMINISTRATOR = Reader("en", None)

PRINTER = Document(1, "en", "Set up a printer", "Connect the printer and choose paper.", "", ("public",))
SECRET = Document(2, "en", "Printer of the directors", "The zanzibar password opens it.", "", ("team:7",))
SALARY = Document(3, "en", "Salaries", "Quokka bonus.", "", ("staff",))


@pytest.fixture
def index(tmp_path):
    made = WhooshIndex.create(tmp_path / "index" / "1")
    made.apply([PRINTER, SECRET, SALARY], [])
    return made


def found(index, text, reader=EVERYBODY, field="body"):
    return [one.id for one in index.rank([Term(field, text, 1.0, 0)], reader, 10)]


def test_documents_are_found_by_title_and_body(index):
    assert found(index, "paper") == [1]
    assert found(index, "printer", field="title") == [1]


def test_only_what_the_reader_may_read(index):
    assert found(index, "zanzibar") == []
    assert found(index, "zanzibar", NETWORK_TEAM) == [2]
    assert sorted(found(index, "printer", ADMINISTRATOR, "title")) == [1, 2]
    assert found(index, "paper", Reader("en", frozenset())) == []


def test_it_says_which_words_a_document_holds(index):
    terms = [Term("body", "paper", 1.0, 0), Term("body", "quokka", 1.0, 1), Term("title", "printer", 1.0, 2)]
    assert index.rank(terms, EVERYBODY, 10)[0].words == {0, 2}


def test_the_vocabulary_is_that_of_the_reader(index):
    assert index.vocabulary(EVERYBODY).frequency("zanzibar") == 0
    assert index.vocabulary(EVERYBODY).near("zanzibra", 2, 3) == []
    assert index.vocabulary(EVERYBODY).starting("zan", 3) == []
    assert index.vocabulary(NETWORK_TEAM).near("zanzibra", 2, 3) == [("zanzibar", 1)]
    assert index.vocabulary(ADMINISTRATOR).frequency("quokka") == 1


def test_near_words_are_the_nearest_then_the_most_frequent(tmp_path):
    index = WhooshIndex.create(tmp_path / "1")
    index.apply([Document(n, "en", "Paper", "pager papers" if n == 1 else "papers", "", ("public",))
                 for n in (1, 2)], [])
    assert index.vocabulary(EVERYBODY).near("papr", 2, 3) == [("paper", 2), ("papers", 2), ("pager", 1)]


def test_what_is_taken_out_is_gone_with_its_words(index):
    index.apply([], [2])
    assert found(index, "zanzibar", ADMINISTRATOR) == []
    vocabulary = index.vocabulary(ADMINISTRATOR)
    assert vocabulary.frequency("zanzibar") == 0
    assert vocabulary.near("zanzibra", 2, 3) == vocabulary.starting("zan", 3) == []
    assert index.count() == 2


def test_taking_in_again_replaces(index):
    index.apply([Document(1, "en", "Set up a scanner", "Glass.", "", ("public",))], [])
    assert found(index, "paper") == []
    assert found(index, "glass") == [1]
    assert index.count() == 3


def test_another_process_sees_a_commit_at_its_next_question(index):
    other = WhooshIndex(index.folder)
    assert found(other, "glass") == []
    index.apply([Document(4, "en", "Scanner", "Glass.", "", ("public",))], [])
    assert found(other, "glass") == [4]


def test_merging_changes_nothing(index):
    for number in range(10, 16):
        index.apply([Document(number, "en", f"Room {number}", "Keys.", "", ("public",))], [])
    index.apply([], [10])
    before = [(one.id, round(one.score, 1)) for one in index.rank([Term("body", "key", 1.0, 0)], EVERYBODY, 20)]
    index.optimize()
    assert sorted(found(index, "key")) == [11, 12, 13, 14, 15]
    assert len(before) == 5
    assert index.count() == 8


def test_rare_words_say_more_and_short_texts_too(tmp_path):
    index = WhooshIndex.create(tmp_path / "1")
    index.fill([Document(1, "en", "A", "printer paper", "", ("public",)),
                Document(2, "en", "B", "printer toner", "", ("public",)),
                Document(3, "en", "C", "printer " + "and much else " * 50, "", ("public",))])
    terms = [Term("body", "printer", 1.0, 0), Term("body", "toner", 1.0, 1)]
    assert [one.id for one in index.rank(terms, EVERYBODY, 10)] == [2, 1, 3]


def test_alternatives_of_a_word_count_once(tmp_path):
    index = WhooshIndex.create(tmp_path / "1")
    index.fill([Document(1, "en", "A", "wifi wireless wlan", "", ("public",)),
                Document(2, "en", "B", "wifi printer desk", "", ("public",))])
    terms = [Term("body", "wifi", 1.0, 0), Term("body", "wireless", 0.4, 0), Term("body", "wlan", 0.4, 0),
             Term("body", "printer", 1.0, 1)]
    assert [one.id for one in index.rank(terms, EVERYBODY, 10)] == [2, 1]


def test_an_empty_index_answers_nothing(tmp_path):
    index = WhooshIndex.create(tmp_path / "1")
    assert (index.count(), found(index, "paper")) == (0, [])
    assert index.vocabulary(EVERYBODY).frequency("paper") == 0


def test_nobody_else_on_the_machine_looks_into_it(index):
    for folder in (index.folder, index.folder.parent):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_missing_index_is_unusable(tmp_path):
    with pytest.raises(Unusable):
        WhooshIndex(tmp_path / "nowhere").count()


def test_an_index_that_disappears_is_unusable_until_it_is_back(index, tmp_path):
    index.count()
    shutil.move(index.folder, tmp_path / "away")
    with pytest.raises(Unusable):
        index.count()
    shutil.move(tmp_path / "away", index.folder)
    assert found(index, "paper") == [1]


@pytest.mark.parametrize("suffix", [".toc", ".seg"])
def test_rubbish_in_its_files_is_unusable(index, suffix):
    for file in index.folder.glob(f"*{suffix}"):
        file.write_bytes(b"rubbish" * 20)
    with pytest.raises(Unusable):
        found(WhooshIndex(index.folder), "paper")


def test_a_writer_that_fails_leaves_no_lock(index):
    with pytest.raises(Unusable):
        index.apply([Document(9, "en", None, "", "", ("public",))], [])
    index.apply([Document(9, "en", "Scanner", "Glass.", "", ("public",))], [])
    assert found(index, "glass") == [9]
    assert index.count() == 4


def test_which_folder_is_current(tmp_path):
    with pytest.raises(Unusable):
        folders.current(tmp_path)
    folder = folders.new(tmp_path)
    folders.switch(tmp_path, folder)
    assert folders.current(tmp_path) == folder


@pytest.mark.parametrize("name", ["0-abc", "../elsewhere", "", "\u00e9"])
def test_a_folder_of_another_version_is_not_opened(tmp_path, name):
    (tmp_path / folders.CURRENT).write_text(name, "utf-8")
    with pytest.raises(Unusable):
        folders.current(tmp_path)
