"""Whom a reply greets by name, and whether that is one of those who asked. Pure.

Names are compared as they sound: across both alphabets, with the endings that Russian and Kyrgyz give them.
"""

import re
from collections.abc import Iterable
from difflib import SequenceMatcher

from .language import words

ALIKE = 0.7
"""From this share on two words are the same name, written in another way."""
_GREETING = re.compile(
    r"\A\W*(?i:hello|hi|hey|dear|good (?:morning|afternoon|evening|day)|здравствуйте|здравствуй|добрый (?:день|вечер)|"
    r"доброе утро|доброго (?:дня|времени суток)|уважаем(?:ый|ая)|привет|приветствую|саламатсыз(?:бы| бы)|салам|"
    r"ассалом\w*(?: алейкум)?|урматтуу|кутман(?:дуу)? (?:күн|таң|кеч)),?[ \t]+"
    r"(?i:mr\.?|mrs\.?|ms\.?|dr\.?|господин|госпожа|мырза|"
    r"айым)?[ \t]*([A-ZА-ЯЁҢӨҮ][\w’'-]{1,40})(?=(?:[ \t]+[\w’'-]+){0,3}[ \t]*(?:[,!.:;–—-]|\n|\Z))")
_NO_NAMES = words(
    "all everyone everybody team colleagues colleague sir madam folks guys there again customer client user support "
    "thank thanks this your the we you it i my our in on for yes no please as sorry and to все всем коллеги коллега "
    "друзья команда клиент пользователь господа ваш ваша ваше ваши вас вам вы мы спасибо по да нет на в это сегодня "
    "заявка просим пожалуйста как я проверьте извините благодарим уточните баарыңыздарга кесиптештер урматтуу сиздин "
    "сиз биз рахмат кечиресиз бул ")
_LATIN = str.maketrans("абвгдеёжзийклмнопрстуфхцчшщыэюяңөү", "abvgdeejziiklmnoprstufhccssieuanou", "ъь")


def of(text: str) -> re.Match[str] | None:
    """The greeting at the head of a text with the first name it says (group 1), if it says one."""
    met = _GREETING.match(text)
    return met if met and met[1].lower() not in _NO_NAMES else None


def is_meant(name: str, people: Iterable[str]) -> bool:
    """Whether one of the words of these people's names is this one, as far as sound goes."""
    greeted = sound(name)
    return any(_is_alike(greeted, sound(word)) for person in people for word in re.split(r"[\s.,]+", person) if word)


def _is_alike(one: str, other: str) -> bool:
    return bool(one) and bool(other) and (
        one == other or len(min(one, other, key=len)) > 2 and (one.startswith(other) or other.startswith(one))
        or SequenceMatcher(None, one, other).ratio() >= ALIKE)


def sound(word: str) -> str:
    """A name in a few Latin letters: Айгүл, Айгуль and Aigul are one."""
    plain = word.lower().translate(_LATIN)
    for spelt, heard in (("kh", "h"), ("sch", "s"), ("sh", "s"), ("ch", "c"), ("zh", "j"), ("dj", "j"), ("dzh", "j"),
                         ("yu", "u"), ("iu", "u"), ("ya", "a"), ("ia", "a"), ("ye", "e"), ("yo", "e"), ("y", "i"),
                         ("ts", "c"), ("x", "ks"), ("ph", "f"), ("w", "v"), ("q", "k")):
        plain = plain.replace(spelt, heard)
    return re.sub(r"(.)\1+", r"\1", re.sub(r"[^a-z]", "", plain))
