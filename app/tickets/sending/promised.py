"""Whether a text announces a file of its writer's, in the desk's three languages. Pure.

What the reader is asked to attach, or has attached, announces nothing: such turns are taken out before.
"""

import re

_NOT_OURS = re.compile("|".join((
    # asked of the reader
    r"\b(?:please|could you|can you|would you|kindly|to|and|must|should|need to|and also)\s+(?:also\s+|then\s+)?"
    r"(?:attach|enclose)\b[^.!?\n]*",
    r"\bas (?:an )?attachments?\b", r"\bwithout (?:an |the |any )?attachments?\b", r"\battachments? (?:is|are|was|"
    r"were) "
    r"(?:too|not|missing|empty|broken|blocked)[^.!?\n]*", r"\bnot attached\b", r"\bno attachments?\b",
    # done by the reader, or by somebody else
    r"\byou(?:'ve| have)? (?:attached|enclosed|sent)\b[^.!?\n]*", r"\byour (?:attached|attachment|"
    r"enclosed)\w*[^.!?\n]*",
    r"\b(?:file|attachment|screenshot|photo|picture|document)s?,? (?:that |which )?you(?:'ve| have)? [^.!?\n]*",
    r"\bвы [^.!?\n]{0,20}(?:прикрепили|приложили)[^.!?\n]*", r"\b(?:ваш\w*|от вас) [^.!?\n]{0,30}(?:вложени\w+|"
    r"файл\w*)",
    r"\bне (?:прикреп|прилож|прилага|приклад)\w*", r"\b(?:без|нет|нету) вложени\w+", r"\b(?:прикрепите|"
    r"приложите)\b[^.!?\n]*",
    r"\b(?:нужно|надо|необходимо|можно|следует) [^.!?\n]{0,20}(?:прикрепить|приложить)[^.!?\n]*",
    r"\bво вложени\w+ (?:ваш\w+|к вашему|вашего|в вашем|у вас)[^.!?\n]*",
    r"\bтиркеп (?:жибер|кой|бер|сал)\w*(?:ңиз|ңыз|ңуз|ңүз|сыз|"
    r"сиз)\w*", r"\bтиркеңиз\w*", r"\bсиз [^.!?\n]{0,25}тирке\w*",
    r"\bтирке(?:геңиз|гениңиз|гендериңиз|лген эмес|лбе\w*|беген\w*)\w*",
)), re.I)

_OURS = re.compile("|".join((
    r"\b(?:i|we)(?:'ve| have| am| are|'m|'re)?(?: also| now| just)? (?:attach(?:ed|ing)?|enclos(?:e|ed|ing))\b",
    r"\b(?:is|are|please find|find|see|here(?:'s| is)) (?:also |now )?(?:the )?(?:attached|enclosed)\b",
    r"\battached (?:is|are|please|you|to this|below|here|file|document|form|guide|instructions?|screenshot|list|pdf|"
    r"photo)",
    r"^[^\w\n]{0,20}attached\b",
    r"\b(?:see|look at|open|check|read) the (?:attachment|attached|enclosed|file|screenshot)\b(?! (?:on|in|under|at|"
    r"from|called))",
    r"\bin the (?:attachment|attached \w+|enclosed \w+)\b",
    r"\b(?:form|file|document|guide|instructions?|screenshot|list|copy) (?:is |are )?(?:attached|enclosed)\b",
    r"\b(?:прикрепля(?:ю|ем)|приклад(?:ываю|ываем)|прилага(?:ю|ем|ется|ются))\b",
    r"\b(?:прикрепил[аи]?|приложил[аи]?)\b",
    r"\bво вложени(?:и|ях)\b", r"\b(?:см\.|смотрите|посмотрите|откройте)[^.!?\n]{0,15}(?:вложени\w+|приложенн\w+|"
    r"прикрепл[её]нн\w+)",
    r"\b(?:файл|скриншот|инструкци|бланк|документ|образец|форм|акт|сч[её]т|спис)\w* (?:прикрепл[её]н|приложен)[аоы]?\b",
    r"\b(?:прикрепл[её]нн|приложенн)\w+ (?:файл|скриншот|инструкц|бланк|документ|образ|форм|спис)\w*",
    r"\bтирке(?:дим|дик|п жатам|п жатабыз|п койдум|п койдук|п жибердим|п жибердик|п жөнөт\w+|лди|лген|йм|йбиз)\b",
    r"\bтиркеме(?:ни|де|ден|деги)\w*\b[^.!?\n]{0,25}(?:караңыз|көрүңүз|ачыңыз|окуңуз|таба аласыз)",
    r"\bтиркеме(?:ни|де)? жибер(?:дим|дик|ип)\w*",
)), re.I | re.M)


def announcement(text: str) -> re.Match[str] | None:
    """The words that announce a file, or None."""
    return _OURS.search(_NOT_OURS.sub(lambda turn: " " * len(turn[0]), text))
