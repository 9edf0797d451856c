"""What an index keeps of a document: the same for every backend."""

from collections import Counter
from dataclasses import dataclass

from .library import Document
from .stems import terms
from .text import stop_words, words

GRAM = 4


@dataclass(frozen=True)
class Entry:
    """A document as the index takes it: how often each stem stands in its title and its body, the pieces of the
    words of its title, and all its words as they are written (for repairing questions)."""

    title: Counter[str]
    body: Counter[str]
    gram: Counter[str]
    words: frozenset[str]


def entry(document: Document) -> Entry:
    """Stop words count in titles only: a question made of nothing else still finds something."""
    title, body = words(document.title), words(f"{document.body}\n{document.keywords}")
    counted, ignored = Counter(body), stop_words()
    stems: Counter[str] = Counter()
    for word, times in counted.items():
        if word not in ignored:
            for term in terms(word, document.language):
                stems[term] += times
    known = frozenset(word for word in {*title, *counted} if not word.isdecimal())
    return Entry(Counter(term for word in title for term in terms(word, document.language)), stems,
                 Counter(gram for word in title if word not in ignored for gram in grams(word)), known)


def grams(word: str) -> list[str]:
    """The pieces of four letters of a word, the first one marked."""
    marked = f"^{word}"
    return [marked[start:start + GRAM] for start in range(len(marked) - GRAM + 1)]
