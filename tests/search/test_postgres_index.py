"""The index inside PostgreSQL: what it ranks, to whom, and that its postings and counts are exact."""

import random
from array import array

import pytest
import sqlalchemy as sa

from app.core.db import db, is_sqlite
from app.search.analysis import grams
from app.search.backend import Term, Unusable
from app.search.library import Document, Reader
from app.search.postgres_index import VERSION, PostgresIndex
from app.search.postgres_models import IndexDocument, IndexPostings, IndexState, IndexWord
from app.search.postgres_postings import BLOCK, IDS
from app.search.stems import stem

EVERYBODY = Reader("en", None)
PUBLIC = Reader("en", frozenset({"public"}))


@pytest.fixture
def index(desk):
    """An empty one."""
    if is_sqlite():
        pytest.skip("about PostgreSQL")
    db.session.merge(IndexState(id=1, origin="here", generation=1, version=VERSION))
    db.session.flush()
    return PostgresIndex()


def document(number, title, body="", audiences=("public",), **about):
    return Document(number, about.pop("language", "en"), title, body, audiences=audiences, **about)


def terms(*words, gram=False):
    found = [Term(field, stem(word), weight, n) for n, word in enumerate(words)
             for field, weight in (("title", 1.2), ("body", 1.0))]
    return found + [Term("gram", piece, 0.2, n) for n, word in enumerate(words) if gram for piece in grams(word)]


def ids(index, *asked, reader=EVERYBODY, limit=10):
    return [one.id for one in index.rank(terms(*asked), reader, limit)]


def test_the_one_that_speaks_of_it_most_comes_first(index):
    index.apply([document(1, "Paper", "The toner is empty. " + "Other words fill the page. " * 30),
                 document(2, "Paper", "Toner, toner, toner, all of it toner."), document(3, "Toner", "Toner, toner."),
                 document(4, "Scanner", "The lamp is dark."), document(5, "Scanner", "The cable is loose.")], [])
    assert ids(index, "toner") == [3, 2, 1]
    assert ids(index, "lamp", "toner")[0] == 3


def test_which_words_of_the_question_it_holds(index):
    index.apply([document(1, "Toner", "The lamp is dark."), document(2, "Toners")], [])
    found = {one.id: one.words for one in index.rank(terms("toner", "lamp", "nowhere", gram=True), EVERYBODY, 10)}
    assert found == {1: {0, 1}, 2: {0}}


def test_pieces_of_words_find_what_no_word_does(index):
    index.apply([document(1, "Passwords")], [])
    assert [one.id for one in index.rank(terms("passwrods", gram=True), EVERYBODY, 10)] == [1]


def test_of_the_stems_of_one_word_the_best_counts_and_not_their_sum(index):
    index.apply([document(1, "x", "car bike"), document(2, "x", "car auto"), document(3, "x", "lorry")], [])
    same = [Term("body", "car", 1.0, 0), Term("body", "auto", 0.4, 0)]
    scores = {one.id: one.score for one in index.rank(same, EVERYBODY, 10)}
    assert scores[1] == scores[2]


def test_each_reader_finds_what_their_audiences_may_read(index):
    index.apply([document(1, "Toner", audiences=("public",)), document(2, "Toner", audiences=("staff",)),
                 document(3, "Toner", audiences=("team:1", "team:22"))], [])
    assert sorted(ids(index, "toner", reader=PUBLIC)) == [1]
    assert sorted(ids(index, "toner", reader=Reader("en", frozenset({"public", "staff", "team:2"})))) == [1, 2]
    assert sorted(ids(index, "toner", reader=Reader("en", frozenset({"team:22"})))) == [3]
    assert sorted(ids(index, "toner", reader=Reader("en", frozenset()))) == []
    assert sorted(ids(index, "toner")) == [1, 2, 3]


def test_what_is_not_for_me_does_not_hide_what_is(index):
    index.apply([document(n, "Lamp toner", audiences=("staff",)) for n in range(10, 30)]
                + [document(n, "Toner", audiences=("public",)) for n in range(1, 6)], [])
    assert sorted(ids(index, "lamp", "toner", reader=PUBLIC, limit=5)) == [1, 2, 3, 4, 5]


def test_the_vocabulary_tells_nobody_of_what_they_may_not_read(index):
    index.apply([document(1, "Toner", audiences=("staff",)), document(2, "Tone"),
                 document(3, "Toner", audiences=("team:1", "team:2"))], [])
    mine = index.vocabulary(PUBLIC)
    assert mine.frequency("toner") == 0
    assert mine.near("toner", 1, 5) == [("tone", 1)]
    assert mine.starting("ton", 5) == [("tone", 1)]
    assert index.vocabulary(EVERYBODY).frequency("toner") == 2
    assert index.vocabulary(Reader("en", frozenset({"team:1", "team:2"}))).frequency("toner") == 1


def test_near_words_share_the_first_letter_and_come_nearest_first(index):
    index.apply([document(1, "printer painter pointer winter"), document(2, "painter")], [])
    assert index.vocabulary(EVERYBODY).near("prinetr", 2, 5)[0] == ("printer", 1)
    assert index.vocabulary(EVERYBODY).near("printer", 2, 5) == [("painter", 2), ("pointer", 1)]


def test_counts_are_exact_after_any_number_of_changes(index):
    """Whatever came and went, the tables count what one filling would count."""
    chance, held = random.Random(4), {}
    words = ["toner", "lamp", "paper", "tray", "сеть", "пароль"]
    for _turn in range(30):
        some = [document(number, " ".join(chance.sample(words, 2)), " ".join(chance.choices(words, k=5)),
                         audiences=chance.choice([("public",), ("staff",), ("team:1", "team:2")]))
                for number in chance.sample(range(1, 12), 3)]
        gone = chance.sample(range(1, 12), 2)
        index.apply(some, [number for number in gone if number not in {one.id for one in some}])
        held = {number: one for number, one in held.items() if number not in gone} | {one.id: one for one in some}
    kept = counts(1)
    db.session.add(IndexState(id=2, origin="there", generation=2, version=VERSION))
    PostgresIndex(2).apply(list(held.values()), [])
    assert kept == counts(2)
    assert index.count() == len(held)


def counts(generation):
    postings = sa.select(IndexPostings).where(IndexPostings.generation == generation)
    words = sa.select(IndexWord.word, IndexWord.audiences, IndexWord.documents).where(
        IndexWord.generation == generation)
    return ({(row.lexeme, row.block): array(IDS, row.ids) for row in db.session.scalars(postings)},
            {row[:2]: row.documents for row in db.session.execute(words) if row.documents})


def test_documents_of_several_blocks_are_found_and_taken_out(index):
    numbers = [1, BLOCK - 1, BLOCK, 5 * BLOCK]
    index.apply([document(number, "Toner") for number in numbers], [])
    assert sorted(ids(index, "toner")) == numbers
    index.apply([document(BLOCK, "Lamp")], [1])
    assert sorted(ids(index, "toner")) == [BLOCK - 1, 5 * BLOCK]
    assert ids(index, "lamp") == [BLOCK]
    index.apply([], numbers)
    assert counts(1) == ({}, {})


def test_what_stays_ranks_as_before_when_others_of_its_block_go(index):
    index.apply([document(n, "Toner", "toner lamp " * n) for n in range(1, 5)], [])
    before = ids(index, "toner")
    index.apply([], [2])
    assert ids(index, "toner") == [number for number in before if number != 2]


@pytest.mark.parametrize("lost", [IndexDocument, IndexPostings])
def test_a_table_that_lost_its_rows_is_noticed(index, lost):
    index.apply([document(1, "Toner")], [])
    assert index.count() == 1
    db.session.execute(sa.delete(lost))
    with pytest.raises(Unusable):
        index.count()


def test_what_is_long_or_strange_is_taken_in(index):
    strange = "o'brien back\\slash per%cent :colon & | ! <-> " + "word" * 40
    many = " ".join(f"w{n}" for n in range(30_000))
    index.apply([document(1, strange, many)], [])
    assert ids(index, "w7") == [1]
    assert ids(index, "obrien") == [1]
    assert index.rank([Term("body", "a'b\\c:*&|!", 1.0, 0)], EVERYBODY, 5) == []


def test_an_index_of_another_version_or_none_is_unusable(index):
    db.session.execute(sa.update(IndexState).values(version="0"))
    for ask in (index.count, lambda: index.rank(terms("toner"), EVERYBODY, 5), lambda: index.vocabulary(PUBLIC),
                lambda: index.apply([], [1])):
        with pytest.raises(Unusable):
            ask()
