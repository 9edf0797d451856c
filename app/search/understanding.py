"""What a question means: its words, mended where nobody wrote them so, with what means the same.

Nothing here knows an index; the words that are known come from a `Vocabulary`.
"""

import itertools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from . import keyboards
from .analysis import grams
from .backend import Term, Vocabulary
from .stems import kyrgyz_stem, kyrgyz_terms, stem
from .synonyms import Synonyms
from .text import WORD, fold, stop_words, telling, words

MOST_WORDS = 32
MOST_MENDED = 8
"""Unknown words of a question that are mended: it takes a millisecond each."""
SHORTEST_KYRGYZ = 6
"""Letters of a word that may be a slip: short Kyrgyz words have more forms than any library holds."""
SHORT = 4
"""Up to so many words the pieces of words count too."""
TITLE, GRAM, SYNONYM, PREFIX = 1.2, 0.2, 0.4, 0.5
BODY = 1.0
MENDED = (0.9, 0.7, 0.6)
FOREIGN_KYRGYZ, FOREIGN_RUSSIAN = 0.5, 0.5
PHRASE = 3
LETTERS = {"о": "оө", "у": "уү", "н": "нң"}
"""What a folded Kyrgyz letter may be written as."""


@dataclass
class Word:
    """A word of the question and the forms it is looked for in, with their weights. `mended` are those that replace
    it, the best first; `means` are its synonyms."""

    asked: str
    forms: dict[str, float] = field(default_factory=dict)
    mended: list[str] = field(default_factory=list)
    means: list[str] = field(default_factory=list)


@dataclass
class Question:
    """A question understood. `text` is what was asked, typed in the right layout; `is_flipped` says that it was not;
    `is_literal`: nothing but these words will do."""

    asked: str
    text: str
    words: list[Word]
    language: str
    is_flipped: bool = False
    is_literal: bool = False

    @property
    def is_mended(self) -> bool:
        return self.is_flipped or any(word.mended for word in self.words)

    @cached_property
    def spelled(self) -> str:
        """The folded words of the text, mended, in a line."""
        best = {word.asked: word.mended[0] for word in self.words if word.mended}
        return " ".join(best.get(word, word) for word in words(self.text))

    def shown_for(self, chosen: dict[str, str]) -> str:
        """The text with these words replaced."""
        return WORD.sub(lambda match: chosen.get(fold(match[0]), match[0]), self.text)

    def terms(self) -> list[Term]:
        """What the index is asked for."""
        return self._all_terms

    @cached_property
    def _all_terms(self) -> list[Term]:
        return [term for number, word in enumerate(self.words) for term in self._terms(number, word)]

    def _terms(self, number: int, word: Word) -> Iterator[Term]:
        weights: dict[str, float] = {}
        for form, weight in [*word.forms.items(), *((other, SYNONYM) for other in word.means)]:
            for text, share in stems(form, self.language):
                weights[text] = max(weights.get(text, 0), weight * share)
        for text, weight in weights.items():
            yield Term("title", text, TITLE * weight, number)
            yield Term("body", text, BODY * weight, number)
        if len(self.words) <= SHORT and not self.is_literal:
            for gram in {gram: None for form in word.forms for gram in grams(form)}:
                yield Term("gram", gram, GRAM, number)


def stems(word: str, language: str) -> Iterator[tuple[str, float]]:
    """The stems a word may stand under, and how likely it is to be of that language. The letters of Russian and Kyrgyz
    are nearly the same, so a Cyrillic word is looked for as both."""
    if word.isascii():
        yield stem(word), 1.0
        return
    is_kyrgyz = _is_kyrgyz(word, language)
    yield stem(word), FOREIGN_RUSSIAN if is_kyrgyz else 1.0
    for text in kyrgyz_terms(word):
        yield text, 1.0 if is_kyrgyz else FOREIGN_KYRGYZ


def _is_kyrgyz(word: str, language: str) -> bool:
    return not word.isascii() and (language == "ky" or any(letter in "өүң" for letter in word))


def understand(text: str, language: str, vocabulary: Vocabulary, synonyms: Synonyms,
               is_typing: bool = False) -> Question:
    """The question as it is looked for. `is_typing`: its last word may be half there."""
    asked = text
    known = _Known(vocabulary, language)
    vocabulary.expect([*words(text), *words(keyboards.other_layout(text))])
    text = _in_the_right_layout(text, known)
    found = telling(words(text))
    question = Question(asked, text, _rarest(found, vocabulary), language, text != asked)
    _mend(question, known, vocabulary)
    _complete(question, text, vocabulary, is_typing)
    _add_synonyms(question, words(text), synonyms)
    return question


def literally(text: str, language: str) -> Question:
    """The question as it was typed."""
    chosen = list(dict.fromkeys(telling(words(text))))[:MOST_WORDS]
    return Question(text, text, [Word(word, {word: 1.0}) for word in chosen], language, is_literal=True)


def _rarest(found: list[str], vocabulary: Vocabulary) -> list[Word]:
    different = list(dict.fromkeys(found))
    if len(different) > MOST_WORDS:
        rare = sorted(different, key=lambda word: vocabulary.frequency(word) or 1_000_000)[:MOST_WORDS]
        different = [word for word in different if word in set(rare)]
    return [Word(word, {word: 1.0}) for word in different]


class _Known:
    """Whether a word, or another form of it, stands anywhere. Kyrgyz endings are so many that in another language
    most slips would look like one."""

    def __init__(self, vocabulary: Vocabulary, language: str) -> None:
        self.vocabulary, self.language = vocabulary, language
        self.answers: dict[str, bool] = {}

    def __call__(self, word: str) -> bool:
        if word not in self.answers:
            self.answers[word] = word.isdecimal() or self.vocabulary.frequency(word) > 0 or self._has_other_form(word)
        return self.answers[word]

    def _has_other_form(self, word: str) -> bool:
        own = stem(word)
        return any(stem(other) == own for other, _count in self.vocabulary.starting(own, 20)) \
            or (_is_kyrgyz(word, self.language) and self._has_kyrgyz_form(word))

    def _has_kyrgyz_form(self, word: str) -> bool:
        own = kyrgyz_stem(word)
        begins = itertools.product(*(LETTERS.get(letter, letter) for letter in own[:4]))
        return any(kyrgyz_stem(other) == own for begin in itertools.islice(begins, 8)
                   for other, _count in self.vocabulary.starting("".join(begin), 20))


def _in_the_right_layout(text: str, known: Callable[[str], bool]) -> str:
    """If half of the words or fewer are known, each piece of the text that becomes known in the other layout."""
    found = [word for word in words(text) if word not in stop_words()][:MOST_WORDS]
    if not found or sum(map(known, found)) * 2 > len(found):
        return text
    pieces = re.split(r"(\s+)", text)
    if len(pieces) > 2 * MOST_WORDS:
        return text
    return "".join(_flipped(piece, known) for piece in pieces)


def _flipped(piece: str, known: Callable[[str], bool]) -> str:
    """Nobody types fewer letters than they mean, so a piece that would lose some stays."""
    other = keyboards.other_layout(piece)
    if _letters(other) < _letters(piece):
        return piece
    return other if _sense(other, known) > _sense(piece, known) else piece


def _letters(piece: str) -> int:
    return sum(map(str.isalpha, piece))


def _sense(piece: str, known: Callable[[str], bool]) -> float:
    """The share of its letters that stand in known words; stop words are known."""
    letters = sum(len(word) for word in words(piece) if word in stop_words() or known(word))
    return letters / (len(piece) or 1)


def _mend(question: Question, known: Callable[[str], bool], vocabulary: Vocabulary) -> None:
    unknown = [word for word in question.words if not known(word.asked)]
    for word in unknown[:MOST_MENDED]:
        for weight, other in zip(MENDED, _candidates(word.asked, vocabulary, question.language == "ky"), strict=False):
            word.forms[other] = weight
            word.mended.append(other)


def _candidates(word: str, vocabulary: Vocabulary, is_kyrgyz: bool) -> list[str]:
    """Known words it may stand for: in the other layout, in the other script, with a slip of the fingers."""
    if len(word) < 3:
        return []
    other = fold(keyboards.other_layout(word))
    if vocabulary.frequency(other):
        return [other]
    return _in_cyrillic(word, vocabulary) or _near(word, vocabulary, SHORTEST_KYRGYZ if is_kyrgyz else 4)


def _near(word: str, vocabulary: Vocabulary, shortest: int) -> list[str]:
    if len(word) < shortest:
        return []
    near = vocabulary.near(word, 1, 3) or (vocabulary.near(word, 2, 3) if len(word) >= 6 else [])
    return [other for other, _count in near]


def _in_cyrillic(word: str, vocabulary: Vocabulary) -> list[str]:
    """A Latin word that has a near English one is a slip, unless its Cyrillic spelling is known as it is."""
    if not word.isascii() or not word.isalpha():
        return []
    spelled = [fold(other) for other in keyboards.in_cyrillic(word)]
    if exact := [other for other in spelled if vocabulary.frequency(other)]:
        return exact[:2]
    if len(word) < 5 or vocabulary.near(word, 1, 1):
        return []
    near = [(other, count) for form in spelled[:6] for other, count in vocabulary.near(form, 1, 2)]
    near = near or [(other, count) for form in spelled[:3] for other, count in vocabulary.near(form, 2, 2)]
    return list(dict.fromkeys(other for other, _count in sorted(near, key=lambda pair: -pair[1])))[:3]


def _complete(question: Question, text: str, vocabulary: Vocabulary, is_typing: bool) -> None:
    """What the last word may become."""
    last = question.words[-1] if question.words else None
    if last is None or (text[-1:].isspace() and not is_typing) or words(text)[-1:] != [last.asked]:
        return
    for other, _count in vocabulary.starting(last.asked, 5):
        last.forms.setdefault(other, PREFIX)


def _add_synonyms(question: Question, found: list[str], synonyms: Synonyms) -> None:
    by_word = {word.asked: word for word in question.words}
    for first in range(len(found[:MOST_WORDS])):
        for size in range(1, PHRASE + 1):
            phrase = found[first:first + size]
            holder = next((by_word[word] for word in phrase if word in by_word), None)
            if holder and len(phrase) == size:
                holder.means.extend(other for other in synonyms.of(phrase) if other not in phrase)
    for word in question.words:
        for form in word.mended[:1]:
            word.means.extend(synonyms.of([form]))
