"""What a request is about, told from its words: pure, and measured on the conversations of the sample organisation."""

import re
import tomllib
from collections import Counter, defaultdict
from pathlib import Path

import pytest

import app.importing.sample
from app.catalogue.models import RequestType
from app.tickets.asking import guess as guessing
from app.tickets.asking import learning
from tests.people import names

DATA = Path(app.importing.sample.__file__).parent / "data"


def kind(id: int, slug: str, title: str = "", **about) -> RequestType:
    made = RequestType(id=id, slug=slug, names=names(title or slug), descriptions={}, fields=about.pop("fields", []),
                       kind=about.pop("kind", "incident"), is_confidential=about.pop("is_confidential", False), **about)
    return made


PRINTER, NETWORK = kind(1, "printer", "Printer or scanner"), kind(2, "network", "No internet or network")
PAY = kind(3, "pay", "Complaint about pay", is_confidential=True)
ASK = kind(4, "ask", "General question", kind="question")
KINDS = [PRINTER, NETWORK, PAY, ASK]


def guessed(subject: str, body: str = "", learnt=None, kinds=KINDS):
    """As `guess` does, without a database."""
    said = guessing.terms(subject)
    more = guessing.terms(body) - said
    known = guessing.counted(learnt or {}, {one.id: guessing.own_terms(one) for one in kinds})
    votes = guessing.shares(dict.fromkeys(said, 1.0) | dict.fromkeys(more, guessing.BODY_WEIGHT), known)
    return guessing.choose(votes, {one.id: one for one in kinds})


@pytest.mark.parametrize("subject", ["The printer is broken", "PRINTERS!", "printer", "scanner, please"])
def test_the_words_of_a_type_name_it(subject):
    assert guessed(subject).kind is PRINTER


def test_words_that_say_nothing_are_a_question_in_general():
    assert guessed("Please help me quickly").kind is ASK
    assert guessed("Zzzz", kinds=[PRINTER, NETWORK]).kind is NETWORK, "the last of which nothing must be answered"


def test_a_type_of_which_something_must_be_answered_is_never_the_general_one():
    strict = kind(5, "strict", kind="question", fields=[{"key": "x", "required": True, "labels": names("Room")}])
    assert guessing.general_of([strict, NETWORK]) is NETWORK
    assert guessing.general_of([strict, PAY]) is None


def test_words_of_two_types_are_asked_about():
    found = guessed("scanner internet complaint question")
    assert found.kind is None and len(found.offers) == 3 and ASK in found.offers


def test_a_confidential_type_is_offered_and_never_taken():
    found = guessed("Complaint about my pay")
    assert found.kind is None and found.offers[0] is PAY
    mixed = guessed("printer scanner internet network no complaint", kinds=[PRINTER, NETWORK, PAY])
    assert mixed.kind is None or not mixed.kind.is_confidential


def test_a_confidential_type_that_may_be_meant_stands_beside_the_guess():
    found = guessed("printer printed my pay", learnt={1: {guessing.stem("printed"): 4, "": 4}})
    assert found.kind is PRINTER and found.discreet is PAY


def test_what_was_filed_before_teaches():
    assert guessed("Toner").kind is ASK
    assert guessed("Toner", learnt={1: {"toner": 3, "": 3}}).kind is PRINTER


def test_the_body_has_a_small_voice():
    assert guessed("Broken", "The printer").kind is PRINTER
    assert guessed("internet", "printer").kind is NETWORK


def test_only_what_two_people_wrote_is_learnt():
    learnt = learning.counts([("Printer of Asanov", 1, 10), ("Printer of Asanov", 1, 10), ("My printer", 1, 11)])
    assert learnt == {1: {"printer": 3, "": 3}}
    assert learning.counts([("Printer", 1, 10)]) == {}


@pytest.mark.parametrize("subject", ["", "   ", "\0", "?" * 500, "😀", "ʼʼʼ", "12345", "и в на", "a" * 5000])
def test_odd_words_are_no_trouble(subject):
    found = guessed(subject)
    assert found.kind in (None, ASK)


def scenarios() -> list[tuple[str, str, str]]:
    """Type, subject and first message of every conversation the sample is made of, without the gaps for names."""
    found = []
    for path in sorted((DATA / "conversations").glob("[a-z]*.toml")):
        told = tomllib.loads(path.read_text("utf-8"))
        found += [(told["request_type"], *(re.sub(r"\{\w+\}", "", one[part]) for part in ("subject", "opening")))
                  for one in told["scenarios"]]
    return found


def sample_kinds() -> list[RequestType]:
    def asked(field):
        return {"labels": field.get("label", {}), "required": field.get("required", False),
                "choices": [{"labels": label} for label in field.get("choices", {}).values()]}

    told = tomllib.loads((DATA / "request_types.toml").read_text("utf-8"))["request_types"]
    return [RequestType(id=id, slug=one["slug"], names=one["name"], descriptions=one["description"], kind=one["kind"],
                        is_confidential=one.get("confidential", False),
                        fields=[asked(f) for f in one.get("fields", [])])
            for id, one in enumerate(told, 1)]


def test_on_the_sample_it_is_right_four_times_in_five():
    """Each conversation is guessed by what all the others teach: its own words were never seen. As for privacy
    nothing is learnt of confidential ones, those count here only by the words of their types."""
    kinds, told = sample_kinds(), scenarios()
    by_slug = {one.slug: one for one in kinds}
    own = {one.id: guessing.own_terms(one) for one in kinds}
    first = third = sure = right = 0
    for here, (slug, subject, opening) in enumerate(told):
        learnt = defaultdict(Counter)
        for there, (other, words, _opening) in enumerate(told):
            if there != here and not by_slug[other].is_confidential:
                learnt[by_slug[other].id].update(guessing.terms(words))
        for held in learnt.values():
            held[""] = held.total()
        said = guessing.terms(subject)
        more = guessing.terms(opening[:guessing.LONGEST_MORE]) - said
        votes = guessing.shares(dict.fromkeys(said, 1.0) | dict.fromkeys(more, guessing.BODY_WEIGHT),
                                guessing.counted(learnt, own))
        ranked = sorted(votes, key=lambda id: -votes[id])
        first += ranked[:1] == [by_slug[slug].id]
        third += by_slug[slug].id in ranked[:3]
        taken = guessing.choose(votes, {one.id: one for one in kinds}).kind
        sure += taken is not None
        right += taken is not None and taken.slug == slug
    print(f"of {len(told)}: first {first}, among three {third}, taken {sure}, rightly {right}")
    assert first / len(told) >= 0.75 and third / len(told) >= 0.85
    assert right / sure >= 0.8
