"""What a request is about, guessed from its words.

Each telling stem of the subject has a vote, shared out over the request types by how much it belongs to each: by the
words administrators gave the type (name, description, questions, choices; in all languages), and by the subjects under
which people filed before (`learning`). A stem that few types share counts for more. What is said in the body has a
fifth of the voice. Never learnt from, and never silently chosen: a confidential type.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from math import log

import sqlalchemy as sa

from app.catalogue.models import RequestType
from app.core.db import db
from app.core.markup import clean_line, clean_text
from app.search.stems import kyrgyz_terms, stem
from app.search.text import stop_words, words

from ..models import TypeWord

LONGEST_WORDS, LONGEST_MORE = 200, 400
"""Letters of the subject and of the body that are looked at, here and while the form is filled in."""
OWN_WEIGHT = 2
"""As many tickets as a word of the type itself is worth."""
BODY_WEIGHT = 0.2
SURE, DISCREET = 0.36, 0.15
"""The share of all votes from which a type is taken without asking; from which a confidential one is offered."""
CHIPS = 3
COMPLAINT = frozenset((
    "not", "no", "work", "works", "working", "worked", "doesnt", "dont", "isnt", "cant", "не", "нет", "работает",
    "работают", "работать", "иштебейт", "иштебей", "иштебеди", "иштеген", "жок"))
"""Said of anything that is broken: "Wi-Fi does not work" is no accident at work."""


@dataclass(frozen=True)
class Guess:
    """`kind` is what the request is taken as; None: the person is asked, `offers` first. `discreet` is a confidential
    type that may be meant: it is offered, never taken."""

    kind: RequestType | None = None
    offers: list[RequestType] = field(default_factory=list)
    discreet: RequestType | None = None


def guess(subject: str, body: str, kinds: Sequence[RequestType]) -> Guess:
    """Among the types on offer. One query."""
    said = terms(clean_line(subject)[:LONGEST_WORDS])
    more = terms(clean_text(body)[:LONGEST_MORE]) - said
    if not said:
        return Guess()
    votes = shares(dict.fromkeys(said, 1.0) | dict.fromkeys(more, BODY_WEIGHT), _known(kinds, said | more))
    return choose(votes, {kind.id: kind for kind in kinds})


def choose(votes: Mapping[int, float], kinds: Mapping[int, RequestType]) -> Guess:
    """What follows from the shares: a type, or a question."""
    ranked = sorted((id for id in kinds if votes.get(id)), key=lambda id: -votes[id])
    general = general_of(list(kinds.values()))
    if not ranked:
        return Guess(general, [], None) if general else Guess(None, [])
    first = kinds[ranked[0]]
    discreet = next((kinds[id] for id in ranked[:CHIPS] if kinds[id].is_confidential and votes[id] >= DISCREET), None)
    if votes[first.id] >= SURE and not first.is_confidential:
        return Guess(first, [], discreet)
    offers = [kinds[id] for id in ranked[:CHIPS]]
    if general is not None and general not in offers:
        offers = [*offers[:CHIPS - 1], general] if len(offers) == CHIPS else [*offers, general]
    return Guess(None, offers, discreet)


def general_of(kinds: Sequence[RequestType]) -> RequestType | None:
    """Where a request goes whose words say nothing: a question in general, of which nothing must be answered."""
    plain = [kind for kind in kinds if not kind.is_confidential and not any(one.get("required") for one in kind.fields)]
    return next((kind for kind in plain if kind.kind == "question"), plain[-1] if plain else None)


def shares(said: Mapping[str, float], known: Mapping[int, Counter[str]]) -> dict[int, float]:
    """Request type -> its share of all the votes. Pure; `known` counts the stems of each type, '' their sum."""
    votes: dict[int, float] = defaultdict(float)
    for term, weight in said.items():
        rates = {id: held[term] / held[""] for id, held in known.items() if held[term]}
        whole = sum(rates.values())
        for id, rate in rates.items():
            votes[id] += weight * log(1 + len(known) / len(rates)) * rate / whole
    whole = sum(votes.values())
    return {id: vote / whole for id, vote in votes.items()}


def terms(text: str) -> set[str]:
    """The telling stems of a text of which nobody says in which language it is."""
    found: set[str] = set()
    for word in words(text):
        if word not in stop_words() and word not in COMPLAINT and not word.isdecimal():
            found.add(stem(word))
            if not word.isascii():
                found.update(kyrgyz_terms(word))
    return found


def own_terms(kind: RequestType) -> frozenset[str]:
    """The stems of what administrators wrote about a type."""
    texts = [*kind.names.values(), *(kind.descriptions or {}).values()]
    for question in kind.fields:
        texts += (question.get("labels") or {}).values()
        for choice in question.get("choices") or []:
            texts += (choice.get("labels") or {}).values()
    return _stems("\n".join(text for text in texts if text))


@lru_cache(maxsize=1000)
def _stems(text: str) -> frozenset[str]:
    return frozenset(terms(text))


def counted(learnt: Mapping[int, Mapping[str, int]], own: Mapping[int, frozenset[str]]) -> dict[int, Counter[str]]:
    """Both sources together: request type -> stem -> how often; '' is the sum of all, the unasked too."""
    known: dict[int, Counter[str]] = {}
    for id, held in own.items():
        known[id] = Counter(learnt.get(id, {}))
        known[id].update(dict.fromkeys(held, OWN_WEIGHT))
        known[id][""] += OWN_WEIGHT * len(held)
    return known


def _known(kinds: Sequence[RequestType], asked: set[str]) -> dict[int, Counter[str]]:
    learnt: dict[int, dict[str, int]] = defaultdict(dict)
    rows = sa.select(TypeWord.request_type_id, TypeWord.term, TypeWord.tickets).where(TypeWord.term.in_([*asked, ""]))
    for id, term, tickets in db.session.execute(rows):
        learnt[id][term] = tickets
    return counted(learnt, {kind.id: own_terms(kind) for kind in kinds})
