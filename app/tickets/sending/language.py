"""In which of the desk's languages a short text is written; None where that is not plain. Pure.

Three languages, two alphabets: the Latin one means English here; of the Cyrillic two, Kyrgyz has letters of its own
(ң ө ү) and words that Russian lacks, and the other way about. Nobody is told a language on a few words.
"""

import re

FEWEST_WORDS = 5
LONGEST_WORD = 40
"""Letters; what is longer is no word of any of them."""
PLAIN = 2.0
"""How many times more marks one language must have than the other."""
_WORD = re.compile(r"[^\W\d_]+")
_LATIN = re.compile(r"[a-z]+\Z")
_CYRILLIC = re.compile(r"[а-яёңөү]+\Z")


def words(text: str) -> frozenset[str]:
    return frozenset(text.split())


ENGLISH = words(
    "the a an is are was were be been it its this that these those you your we our us i my me he she they them to of "
    "in on at for from with by as and or but not no yes if when then so can could will would should please have has "
    "had do does did there here what which who how why thank thanks hello hi dear now today tomorrow again just only "
    "more any all after before until about let know new one ")
RUSSIAN = words(
    "и в не на что с по но за из у от до для при если это как так или бы был была было были есть нет вы вас вам ваш "
    "ваша ваше ваши вашу мы нас нам наш наша я мне меня он она они их его её ее к ко о об со уже ещё еще только после "
    "перед когда где кто чтобы можно нужно надо пожалуйста спасибо здравствуйте добрый день утро вечер сегодня завтра "
    "вчера сейчас теперь также тоже все всё ваших вами ними очень работает будет будем могу можете через под над без "
    "этого этом этот эта ")
KYRGYZ = words(
    "жана менен үчүн бул ал мен сиз биз сиздин биздин менин анын аны эми бүгүн эртең кечээ азыр дагы гана эле эмес "
    "бар жок болот болду болсо керек кийин чейин мурун саламатсызбы саламатсыздарбы салам рахмат урматтуу кайра эмне "
    "кантип кандай качан кайда ким ошол ушул деп деген тууралуу боюнча карап жатат жатабыз жатам жатасыз экен беребиз "
    "берем бериңиз кылып болуп жаңы бир эки үч өзүңүз сураныч ооба баары бардык ар башка аркылуу жардам алып барып "
    "келип берип ")
_KYRGYZ_LETTERS = re.compile(r"[ңөү]")
_KYRGYZ_ENDINGS = re.compile(
    r"(?:быз|биз|сыз|ыңыз|иңиз|уңуз|үңүз|ңыздар|лар|лер|лор|лөр|дар|дер|дор|дөр|тар|тер|нын|нин|дын|дин|тын|тин|"
    r"ган|ген|гон|гөн|кан|кен|птыр|птир|ып|ип|уп|үп)\Z")
_RUSSIAN_LETTERS = re.compile(r"[ъщё]|[цф]\w*и[яей]|ий\Z|ый\Z|ая\Z|ого\Z|его\Z|ому\Z|ему\Z|ться\Z|"
                              r"ет\Z|ют\Z|ить\Z|ать\Z")


def told(text: str) -> str | None:
    """en, ru or ky; None for what is short, mixed or something else."""
    said = [word.lower() for word in _WORD.findall(text) if len(word) <= LONGEST_WORD]
    latin = [word for word in said if _LATIN.match(word)]
    cyrillic = [word for word in said if _CYRILLIC.match(word)]
    if len(latin) >= FEWEST_WORDS and len(latin) > 2 * len(cyrillic):
        return "en" if sum(word in ENGLISH for word in latin) >= len(latin) / 5 else None
    if len(cyrillic) >= FEWEST_WORDS and len(cyrillic) > len(latin):
        return _of_two(cyrillic)
    return None


def _of_two(words: list[str]) -> str | None:
    kyrgyz, russian = sum(map(_is_kyrgyz, words)), sum(map(_is_russian, words))
    if kyrgyz >= 2 and kyrgyz > PLAIN * russian:
        return "ky"
    if russian >= 2 and russian > PLAIN * kyrgyz:
        return "ru"
    return None


def _is_kyrgyz(word: str) -> bool:
    return word in KYRGYZ or bool(_KYRGYZ_LETTERS.search(word)) or (
        len(word) > 4 and word not in RUSSIAN and bool(_KYRGYZ_ENDINGS.search(word)))


def _is_russian(word: str) -> bool:
    return word in RUSSIAN or len(word) > 3 and word not in KYRGYZ and not _KYRGYZ_LETTERS.search(word) and bool(
        _RUSSIAN_LETTERS.search(word))
