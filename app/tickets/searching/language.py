"""What somebody typed into the search of tickets, taken apart: words, phrases, filters. Nothing here is an error: what
makes no sense is named and left out."""

import re
from dataclasses import dataclass, field

from app.core.markup import clean_line
from app.search.stems import KYRGYZ_LETTERS, SHORTEST, SUFFIXES, kyrgyz_stem, stem
from app.search.text import telling, words

LONGEST = 300
MOST_WORDS = 10
MOST_FILTERS = 12
SHORTEST_BEGINNING = 3

_PART = re.compile(
    r'(?P<minus>-)?(?:(?P<key>[^\W\d_]+):)?(?:["“„«](?P<quoted>[^"”“»]*)["”“»]?|(?P<plain>\S+)|(?<=:))')
_NUMBER = re.compile(r"#?\s*([0-9]{1,18})")

KEYS = {
    "is": "is status ис абал абалы статус", "team": "team queue группа команда очередь топ кезек",
    "from": "from requester от автор кимден", "assignee": "assignee исполнитель аткаруучу",
    "tag": "tag тег метка белги", "type": "type тип түрү тур", "kind": "kind вид", "channel": "channel канал",
    "priority": "priority приоритет", "level": "level уровень деңгээл",
    "due": "due срок мөөнөт мөөнөтү", "filed": "filed created создано подано түзүлгөн",
    "updated": "updated обновлено изменено жаңыртылган",
    "department": "department отдел бөлүм",
}
_KEY_OF = {spelling: key for key, spellings in KEYS.items() for spelling in spellings.split()}


@dataclass(frozen=True)
class Sought:
    """One word, or several that must stand one after another. `stems` are alternatives for a single word; a word that
    may be half typed is also a beginning."""

    stems: tuple[str, ...]
    is_phrase: bool = False
    beginning: str = ""
    text: str = ""


@dataclass(frozen=True)
class Filter:
    """`key:value`, the key in its English spelling; `typed` as it stood there."""

    key: str
    value: str
    excludes: bool
    typed: str


@dataclass(frozen=True)
class Question:
    """What is asked: all of `wanted`, none of `unwanted`, all of `filters`."""

    text: str
    wanted: tuple[Sought, ...] = ()
    unwanted: tuple[Sought, ...] = ()
    filters: tuple[Filter, ...] = ()
    strange: tuple[str, ...] = ()
    """What looks like a filter and is none; its words are searched for."""
    is_cut: bool = False
    """Whether there was more than is searched for."""

    @property
    def number(self) -> int | None:
        """Nothing but the number of a ticket."""
        match = _NUMBER.fullmatch(self.text)
        return int(match[1]) if match else None

    @property
    def plain(self) -> str:
        """The words alone, for a search that knows no filters."""
        return " ".join(each.text for each in self.wanted)

    @property
    def is_empty(self) -> bool:
        return not (self.wanted or self.unwanted or self.filters)


@dataclass
class _Read:
    wanted: list[Sought] = field(default_factory=list)
    unwanted: list[Sought] = field(default_factory=list)
    filters: list[Filter] = field(default_factory=list)
    strange: list[str] = field(default_factory=list)


def read(text: str) -> Question:
    """Take apart what was typed."""
    line = clean_line(text[:4 * LONGEST])
    read = _Read()
    for match in _PART.finditer(line[:LONGEST]):
        _take(read, match)
    wanted = _telling(list(dict.fromkeys(read.wanted)))
    if wanted and not line.endswith(('"', "”", "»", " ")):
        wanted[-1] = _perhaps_half_typed(wanted[-1], line)
    cut = len(line) > LONGEST or len(wanted) > MOST_WORDS or len(read.filters) > MOST_FILTERS
    return Question(line[:LONGEST], tuple(wanted[:MOST_WORDS]), tuple(read.unwanted[:MOST_WORDS]),
                    tuple(read.filters[:MOST_FILTERS]), tuple(read.strange), cut)


def _take(read: _Read, match: re.Match[str]) -> None:
    typed, is_quoted = match["key"] or "", match["quoted"] is not None
    value = match["quoted"] if is_quoted else match["plain"] or ""
    if typed and value.startswith("//"):
        typed, value = "", f"{typed}:{value}"
    if key := _KEY_OF.get(typed.lower()):
        read.filters.append(Filter(key, value.strip(), bool(match["minus"]), match[0].lstrip("-")))
        return
    if typed:
        read.strange.append(f"{typed}:")
    into = read.unwanted if match["minus"] else read.wanted
    into += [*_sought(typed, False), *_sought(value, is_quoted)]


def _sought(text: str, is_quoted: bool) -> list[Sought]:
    """A chunk without spaces that holds several words (an address, say) is a phrase too."""
    found = words(text)
    if len(found) > 1 and (is_quoted or " " not in text):
        return [Sought(tuple(stem(word) for word in found[:MOST_WORDS]), is_phrase=True, text=text)]
    return [Sought(alternatives(word), text=word) for word in found]


def alternatives(word: str) -> tuple[str, ...]:
    """The stems by which a folded word is held, whichever the language of the text."""
    return tuple(dict.fromkeys([stem(word)] if word.isascii() else [stem(word), kyrgyz_stem(word), _shorter(word)]))


def _shorter(word: str) -> str:
    """Without the last Kyrgyz ending alone: a loan word may only look as if it had several."""
    folded = word.translate(KYRGYZ_LETTERS)
    endings = (size for size in range(1, len(folded) - SHORTEST + 1) if folded[-size:] in SUFFIXES)
    return stem(folded[:-size]) if (size := next(endings, 0)) else stem(folded)


def _telling(found: list[Sought]) -> list[Sought]:
    """Without words that tell nothing, unless nothing else was said."""
    kept = set(telling([each.text for each in found if not each.is_phrase]))
    return [each for each in found if each.is_phrase or each.text in kept]


def _perhaps_half_typed(last: Sought, line: str) -> Sought:
    """The last word of the line may go on."""
    if last.is_phrase or len(last.text) < SHORTEST_BEGINNING or words(line)[-1:] != [last.text]:
        return last
    return Sought(last.stems, beginning=last.text, text=last.text)
