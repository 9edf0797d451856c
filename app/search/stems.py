"""The stem of a word: Snowball for English and Russian, a rule of our own for Kyrgyz."""

import re
import threading
from functools import lru_cache

import Stemmer

KYRGYZ_LETTERS = str.maketrans("өүң", "оун")
"""People type Kyrgyz on Russian layouts."""
KYRGYZ = "ky_"
"""Marks a Kyrgyz stem, so that it does not count as the same as a Russian one."""
CUT = 5

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


GLUED = """
лар лер лор дар дер дор тар тер тор
нын нин нун дын дин дун тын тин тун га ге го ка ке ко на не но ны ни ну ды ди ду ты ти ту
да де до та те то нда нде ндо дан ден дон тан тен тон нан нен нон ндан нден ндон
дагы деги догу тагы теги тогу ндагы ндеги ндогу
ым им ум ын ин ун сы си су ы и у м н сын син сун быз биз буз ыбыз ибиз убуз ныз низ нуз ыныз иниз унуз
сыз сиз суз луу дуу туу лык лик лук дык дик дук тык тик тук чы чи чу ча че чо
уу оо ып ип уп оп п ган ген гон кан кен кон ат ет от йт айт ейт ойт са се со
бай бей бой пай пей пой байт бейт бойт пайт пейт пойт баса бесе босо паса песе посо бас бес бос ба бе бо па пе по
ыш иш уш ыл ил ул тыр тир тур дыр дир дур гыз гиз гуз каны ганы уучу оочу лоо доо тоо лап леп лоп ла ле ло
"""
"""Of nouns and verbs, in folded letters; they are glued on, one after another."""
SUFFIXES = sorted(GLUED.split(), key=len, reverse=True)
ENDING = re.compile(f"(?:{'|'.join(SUFFIXES)})$")
SHORTEST, MOST_ENDINGS = 4, 5


@lru_cache(maxsize=50_000)
def kyrgyz_stem(word: str) -> str:
    """A Kyrgyz word, folded, without its endings, while four letters remain."""
    word = word.translate(KYRGYZ_LETTERS)
    for _ in range(MOST_ENDINGS):
        match = ENDING.search(word, SHORTEST)
        if not match:
            break
        word = word[: match.start()]
    return word


@lru_cache(maxsize=50_000)
def kyrgyz_terms(word: str) -> tuple[str, ...]:
    """The stem, and its first letters, which more forms of a word have in common: roots change in the middle. How rare
    each is decides how much it says, so that the short one misleads no large library."""
    own = kyrgyz_stem(word)
    return (KYRGYZ + own, KYRGYZ + own[:CUT]) if len(own) > CUT else (KYRGYZ + own,)


def terms(word: str, language: str) -> tuple[str, ...]:
    """What an index holds for a word of a text in this language."""
    if word.isascii() or language != "ky":
        return (stem(word),)
    return kyrgyz_terms(word)
