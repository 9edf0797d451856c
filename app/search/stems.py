"""The stem of a word: Snowball for English and Russian, a rule of our own for Kyrgyz."""

import re
import threading
from functools import lru_cache

import Stemmer

KYRGYZ_LETTERS = str.maketrans("өүң", "оун")
"""People type Kyrgyz on Russian layouts."""
KYRGYZ = "ky_"
"""Marks a Kyrgyz stem, so that it does not count as the same as a Russian one."""
CUT = 4

_stemmers = threading.local()


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """The stem of a folded word by its script: Latin letters are English, Cyrillic ones Russian."""
    return snowball("english" if word.isascii() else "russian", word)


def snowball(algorithm: str, word: str) -> str:
    """A stemmer keeps a state of its own, so each thread has its own."""
    stemmer = getattr(_stemmers, algorithm, None)
    if stemmer is None:
        stemmer = Stemmer.Stemmer(algorithm)
        stemmer.maxCacheSize = 0
        setattr(_stemmers, algorithm, stemmer)
    return stemmer.stemWord(word)


SUFFIXES = sorted(set("""
лардын лердин лордун дардын дердин тардын тердин ларды лерди дарды дерди тарды терди ларга лерге дарга дерге тарга терге
ларда лерде дарда дерде тарда терде лардан лерден дардан дерден тардан терден лор дор тор
лар лер дар дер тар тер нын нин нун дын дин дун тын тин тун ны ни ну ды ди ду ты ти ту га ге го ка ке ко на не но
да де до та те то дан ден дон тан тен тон нан нен нон сын син сун сы си су ым им ум ын ин ун мын мин мун быз биз
буз ып ип уп оп ган ген гон кан кен кон уу оо ыш иш уш бы би бу пы пи пу м н й ы и у
ча че чо лык лик лук дык дик дук тык тик тук луу дуу туу сыз сиз суз чы чи чу
айт ейт ойт йт бай бей бой пай пей пой байт бейт бойт пайт пейт пойт са се со
""".split()), key=len, reverse=True)
SUFFIX = re.compile("(?:" + "|".join(SUFFIXES) + ")$")
SHORTEST = 4


@lru_cache(maxsize=50_000)
def kyrgyz_stem(word: str) -> str:
    """A Kyrgyz word without its endings, as they are glued on, one after another, while four letters remain."""
    word = word.translate(KYRGYZ_LETTERS)
    for _ in range(3):
        match = SUFFIX.search(word, SHORTEST)
        if not match:
            break
        word = word[: match.start()]
    return word


def kyrgyz_terms(word: str) -> tuple[str, ...]:
    return (KYRGYZ + kyrgyz_stem(word)[:CUT],)


def terms(word: str, language: str) -> tuple[str, ...]:
    """What an index holds for a word of a text in this language."""
    if word.isascii() or language != "ky":
        return (stem(word),)
    return kyrgyz_terms(word)
