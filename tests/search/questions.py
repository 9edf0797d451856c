"""Questions with known answers: those of search-eval, and many more of the same kinds made from its articles."""

import json
import random
import re
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.search.keyboards import other_layout
from app.search.library import Document
from app.search.stems import stem
from app.search.text import stop_words, words

GROUPS = {"user": "intent", "desc": "intent", "kw": "terms", "anchor": "terms", "infl": "form", "prefix": "form",
          "nodia": "form", "typo": "repair", "layout": "repair", "translit": "repair"}
LETTERS = {"en": "abcdefghijklmnopqrstuvwxyz", "ru": "абвгдежзийклмнопрстуфхцчшщъыьэюя"}
SOUNDS = "a b v g d e zh z i j k l m n o p r s t u f h c ch sh sch . y . e yu ya"
LATIN = dict(zip(LETTERS["ru"], SOUNDS.split(), strict=True))
EACH = 120
"""Questions of a kind and language that are made."""


@dataclass(frozen=True)
class Asked:
    """A question, whose it is, and the articles that answer it."""

    language: str
    kind: str
    text: str
    expected: frozenset[str]

    @property
    def group(self) -> str:
        return GROUPS[self.kind]


def articles(shared: Path) -> list[dict[str, Any]]:
    """The articles of search-eval; fetched once per machine, as its corpus.py does it. Raises OSError without."""
    kept = Path(tempfile.gettempdir()) / "jardam-search-eval"
    kept.mkdir(exist_ok=True)
    target = kept / "articles.jsonl"
    if not target.exists():
        draft = kept / "draft.jsonl"
        command = [sys.executable, str(shared / "search-eval" / "corpus.py"), str(draft), "--cache", str(kept / "debs")]
        try:
            subprocess.run(command, check=True, capture_output=True, timeout=300)
        except subprocess.SubprocessError as error:
            raise OSError("the articles of search-eval cannot be fetched here") from error
        draft.replace(target)
    return [json.loads(line) for line in target.read_text("utf-8").splitlines()]


def documents(held: list[dict[str, Any]]) -> list[Document]:
    """The articles as the search takes them, all of them public, numbered from 1."""
    return [Document(number, one["lang"], one["title"], one["body"], "", ("public",))
            for number, one in enumerate(held, 1)]


def given(shared: Path, held: list[dict[str, Any]]) -> list[Asked]:
    """The questions of search-eval."""
    by_id = {one["id"]: one for one in held}
    rows = (shared / "search-eval" / "queries-dev.tsv").read_text("utf-8").splitlines()[1:]
    return [_row(by_id, *row.split("\t")[1:]) for row in rows]


def _row(by_id: dict[str, Any], language: str, kind: str, text: str, expected: str) -> Asked:
    ids = expected.split()
    if text == "@desc":
        text = by_id[ids[0]]["desc"]
    elif text.startswith("@"):
        name, number = text[1:].split(":")
        text = by_id[ids[0]]["keywords" if name == "kw" else "anchors"][int(number)]
    return Asked(language, kind, text, frozenset(ids))


def made(held: list[dict[str, Any]], taken: set[str], seed: int = 1) -> list[Asked]:
    """Questions about articles that none of the given ones is about."""
    chance = random.Random(seed)
    free = [one for one in held if one["id"] not in taken and one["lang"] != "ky"]
    forms = _forms(held)
    by_kind: dict[tuple[str, str], list[Asked]] = defaultdict(list)
    for one in free:
        for kind, text in _texts(one, forms, chance):
            by_kind[one["lang"], kind].append(Asked(one["lang"], kind, text, frozenset([one["id"]])))
    return [asked for key in sorted(by_kind)
            for asked in chance.sample(by_kind[key], min(EACH, len(by_kind[key])))]


def _forms(held: list[dict[str, Any]]) -> dict[str, list[str]]:
    """Stem -> the forms in which a word stands somewhere."""
    found = defaultdict(set)
    for one in held:
        for word in words(one["body"]):
            if word.isalpha():
                found[stem(word)].add(word)
    return {each: sorted(forms) for each, forms in found.items()}


def _texts(one: dict[str, Any], forms: dict[str, list[str]], chance: random.Random) -> Iterator[tuple[str, str]]:
    if one["desc"]:
        yield "desc", one["desc"]
    for kind, name in (("kw", "keywords"), ("anchor", "anchors")):
        if one[name]:
            yield kind, chance.choice(one[name])
    title = [word for word in words(one["title"]) if word not in stop_words()][:4]
    if len(title) >= 2 and all(word.isalpha() for word in title):
        yield from _of_title(one, title, forms, chance)


def _of_title(one: dict[str, Any], title: list[str], forms: dict[str, list[str]],
              chance: random.Random) -> Iterator[tuple[str, str]]:
    others = [[form for form in forms.get(stem(word), ()) if form != word] for word in title]
    if any(others):
        yield "infl", " ".join(chance.choice(other) if other else word
                               for word, other in zip(title, others, strict=True))
    yield "prefix", one["title"][:len(one["title"]) * 6 // 10].lower()
    if max(map(len, title)) >= 5:
        yield "typo", " ".join(_slip(word, one["lang"], chance) if word == max(title, key=len) else word
                               for word in title)
    if re.fullmatch("[a-z ]+" if one["lang"] == "en" else "[а-я ]+", " ".join(title)):
        yield "layout", other_layout(" ".join(title))
        if one["lang"] == "ru":
            yield "translit", "".join(LATIN.get(letter, letter) for letter in " ".join(title)).replace(".", "")


def _slip(word: str, language: str, chance: random.Random) -> str:
    spot = chance.randrange(1, len(word) - 1)
    letter = chance.choice(LETTERS[language])
    return chance.choice([
        word[:spot] + word[spot + 1:], word[:spot] + letter + word[spot:], word[:spot] + letter + word[spot + 1:],
        word[:spot] + word[spot + 1] + word[spot] + word[spot + 2:],
    ])
