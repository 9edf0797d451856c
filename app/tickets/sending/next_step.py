"""Whether a reply says what happens next, or when. Pure, and generous: a question, a request, a promise, a day or an
hour is enough. What is left says nothing of the kind."""

import re

FEWEST_LETTERS = 90
"""Shorter than this it is a line, and lines are not judged."""

_WHEN = re.compile("|".join((
    r"\d{1,2}[:.]\d{2}\b", r"\b\d{1,2}[./-]\d{1,2}\b", r"\b\d+[ -]?(?:min|hour|day|week|h\b|мин|час|дн|ден|сут|"
    r"недел|саат|күн|мүнөт|жума)",
    r"\b(?:today|tonight|tomorrow|monday|tuesday|wednesday|thursday|friday|saturday|sunday|morning|noon|lunch|"
    r"evening|week|"
    r"month|hours?|minutes?|days?|soon|shortly|next|until|january|february|march|april|june|july|august|september|"
    r"october|"
    r"november|december)\b",
    r"\b(?:сегодня|завтра|послезавтра|понедельник\w*|вторник\w*|сред[ауы]|четверг\w*|пятниц\w*|суббот\w*|утр[оа]м?|"
    r"обеда?|вечер\w*|недел\w+|месяц\w*|час[аоуы]?\w{0,2}|минут\w*|дн[яей]\w*|скоро|ближайш\w+|течение|сразу)\b",
    r"\b\d{1,2} (?:январ|феврал|март|апрел|мая|июн|июл|август|сентябр|октябр|ноябр|декабр)",
    r"\b(?:бүгүн|эртең|дүйшөмбү|шейшемби|шаршемби|бейшемби|жума|ишемби|түшкө|түштөн|кечке|кечинде|саат\w*|мүнөт\w*|"
    r"күнү|күндө|жумада|жумага|айда|жакында|азыр\w*|дароо|мөөнөт\w*)\b",
)), re.I)

_WHAT = re.compile("|".join((
    r"\?",
    r"\b(?:i|we|he|she|they|it|you|colleague|engineer|team|\w+)(?:'ll| will| shall)\b", r"\b(?:i|we)(?:'m| am| are|"
    r"'re) \w+ing\b",
    r"\bgoing to\b", r"\b(?:please|let me know|let us know|you can|you may|could you|can you|need you|try|"
    r"waiting for|once)\b",
    r"\b(?:when|if|as soon as) (?:you|it|they|we|the)\b", r"\b\w*(?:ing) (?:it|them|this) (?:now|on|up)\b",
    r"\b(?:пожалуйста|просьба|прошу|просим|предлага(?:ю|ем)|сообщ\w+|напишите|пришлите|уточните|попробуйте|можете|"
    r"можно|нужн[оаы]?|надо|"
    r"необходимо|жд[её]м|ожида(?:ем|йте)|как только|после того|если|когда)\b",
    r"\b(?:буд(?:у|ем|ет|ут)|сможем|смогу)\b",
    r"\b(?!\w*[еа]ни(?:ем|ям)\b)(?:с|по|за|у|вы|при|пере|на|от|ото|ис|из|раз|рас|до|об|обо|под|воз|вос|вер|реш|куп|"
    r"дад|да|ста)[а-яё]{2,}(?:им|ем|ём|ит|ет|ёт|ут|ют|ят|ат|айте|ите|йте)\b",
    r"\b[а-яё]{3,}(?:аем|яем|уем|ываем|иваем|ите|йте)\b",
    r"\b\w{2,}(?:абыз|ебиз|обуз|өбүз|йбыз|йбиз|йбуз|йбүз|ң[ыиуү]з(?:д[аеоө]р)?(?:ч[ыиуү])?|"
    r"ып бер\w+|ип бер\w+|амын|емин|жатам|беремин|берем|келем|барам)\b",
    r"\b(?:келет|берет|барат|карайт|көрөт|жасайт|чалат|жөнөтөт|кабарлайт|билдирет|алмаштырат|болот|кере[кг]\w*|"
    r"мүмкүн|суранабыз|суранам|күтөбүз|күтүп|үчүн күт\w*|болсо|калса|кийин)\b",
)), re.I)

_THANKS = re.compile(r"\b(?:приносим|извин\w+|понима\w+|благодар\w+|спасибо[^.!\n]*|thank you[^.!\n]*|"
    r"thanks[^.!\n]*|рахмат[^.!\n]*|"
                     r"саламатсыз\w*|здравствуйте|уважаем\w+|добрый день|добрый вечер|доброе утро|good (?:morning|"
                     r"afternoon|evening))",
                     re.I)


def is_missing(text: str) -> bool:
    """Whether a text of some length names neither a next step nor a time; formulas of politeness are left out."""
    words = " ".join(_THANKS.sub(" ", text).split())
    if len(" ".join(text.split())) < FEWEST_LETTERS:
        return False
    return not _WHAT.search(words) and not _WHEN.search(words)
