"""The checks of a reply find what they are for, and hold their peace otherwise."""

import re
import tomllib
from collections import Counter
from pathlib import Path

import pytest

from app.tickets.sending import checking, greeting, language
from app.tickets.sending.checking import Reply

from . import replies

pytestmark = pytest.mark.slow

CONVERSATIONS = Path(__file__).resolve().parents[3] / "app/importing/sample/data/conversations"
NAMES = ("Aigul Asanova", "Dinara Sadykova")
ON_DESK = ("bakyt", "бакыт", "aigul", "айгуль", "елена", "emily", "асель")


def reply(example: replies.Example, **about) -> Reply:
    languages = frozenset({example.asked_in or example.language})
    return Reply(example.text, NAMES, languages, example.has_files, example.is_last,
                 is_somebody=lambda name: name.lower() in ON_DESK, **about)


def names(found) -> str:
    return " ".join(sorted({finding.check for finding in found}))


@pytest.fixture(autouse=True)
def words(app):
    with app.test_request_context(headers={"Accept-Language": "en"}):
        yield


@pytest.mark.parametrize("example", [*replies.WRONG, *replies.FINE], ids=lambda example: example.text[:40])
def test_each_reply_raises_what_it_should(example):
    assert names(checking.found(reply(example))) == example.found


def test_there_are_enough_examples_of_each_language():
    counted = Counter(example.language for example in (*replies.WRONG, *replies.FINE))
    assert sum(counted.values()) >= 60 and min(counted.values()) >= 20


@pytest.mark.parametrize("example", replies.WRONG, ids=lambda example: example.text[:40])
def test_a_finding_says_where(example):
    for finding in checking.found(reply(example)):
        assert not finding.excerpt or example.text[finding.at:].startswith(finding.excerpt), finding
        assert str(finding.sentence)


def test_a_check_that_is_switched_off_finds_nothing():
    wrong = replies.WRONG[0]
    assert checking.found(reply(wrong), but=["placeholder"]) == []


def test_a_link_to_what_the_requester_cannot_open_is_found():
    asked = []
    may_open = lambda ticket, message: asked.append((ticket, message)) or ticket != 7  # noqa: E731
    said = Reply("See https://desk.example/tickets/7#m12 and /tickets/8, please.", NAMES, may_open=may_open)
    assert [(one.check, one.excerpt) for one in checking.found(said)] == [
        ("internal", "https://desk.example/tickets/7#m12")]
    assert asked == [(7, 12), (8, None)]


def test_a_colleague_who_answers_too_is_named():
    found = checking.found(Reply("We will come today.", NAMES, colleagues=("Nurlan",)))
    assert "Nurlan" in str(found[0].sentence) and found[0].is_grave


@pytest.mark.parametrize("text", ["", " ", "\n", ">", "```", "[", "{" * 5000, "_" * 5000, "Hello " * 3000,
                                  "пароль " * 3000, "во вложении " * 2000, "а" * 50_000,
                                  "x.y@" * 5000, "[name](" * 3000])
def test_odd_texts_cost_no_time_and_raise_no_error(text):
    checking.found(Reply(text, NAMES, frozenset({"en"})))


def said_in_the_sample():
    """Every text of the staff in the sample organisation, as it is told: (language, text, is it the last word)."""
    for file in sorted(CONVERSATIONS.glob("*.toml")):
        for scenario in tomllib.loads(file.read_text(encoding="utf-8")).get("scenarios", []):
            for text in [*scenario["replies"], scenario.get("question"), scenario["resolution"]]:
                if text:
                    filled = text.replace("{requester}", "Aigul")
                    yield scenario["language"], re.sub(r"\{\w+\}", "A-112", filled), text == scenario["resolution"]


def test_the_sample_raises_nearly_nothing():
    """What it does raise is true: its replies announce files that the sample does not hold."""
    raised = [(finding.check, text) for code, text, is_last in said_in_the_sample() for finding in checking.found(
        Reply(text, NAMES, frozenset({code}), is_last=is_last, is_somebody=lambda name: True))]
    false = [(check, text) for check, text in raised if check != "attachment"]
    assert len(list(said_in_the_sample())) > 200
    assert false == []
    assert len(raised) <= 12, "\n".join(map(str, raised))


def test_the_language_of_the_sample_is_told():
    told = Counter((code, language.told(text)) for code, text, _last in said_in_the_sample())
    assert [pair for pair in told if pair[1] not in (pair[0], None)] == []
    assert sum(count for pair, count in told.items() if pair[1]) > 0.7 * sum(told.values())


@pytest.mark.parametrize(("name", "code"), [("000_4075db08ec7a482d.txt", "ky"), ("001_1f8cbe3e30bbc48a.txt", "ru")])
def test_the_language_of_papers_is_told(shared, name, code):
    if not (shared / "seeds" / name).is_file():
        pytest.skip("no such seed beside this checkout")
    paper = (shared / "seeds" / name).read_text(encoding="utf-8")
    lines = [line for line in paper.splitlines() if len(line.split()) > 5]
    told = Counter(map(language.told, lines))
    assert set(told) <= {code, None} and told[code] > 0.8 * len(lines)


@pytest.mark.parametrize("piece", ["a", "_", "a-", ".", "1", "ц", "\n", "pin:", "pin=\"", "[your ", "Hello A", "a@",
                                   "a@b."])
def test_a_hundred_thousand_letters_of_anything_cost_little(piece):
    """They may come from anybody by mail. Where the time grows with the square of them, this takes minutes."""
    text = piece * (100_000 // len(piece))
    checking.found(Reply(text, NAMES, frozenset({"en"}), is_somebody=lambda name: len(name) < 50 or pytest.fail(name)))
    language.told(checking.masked(text + " работает и не на что" + " цена" * 5))


def test_a_greeting_of_many_letters_is_no_name():
    assert greeting.of("Hello A" + "a" * 60_000 + ",\n") is None
    assert greeting.of("Hello Aigul,\n")[1] == "Aigul"
