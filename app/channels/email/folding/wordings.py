"""How mailers and people write, in English, Russian and Kyrgyz: what stands over a quote, and under a message.

Patterns are tried on one line of at most a few hundred letters, and none can go back and forth: no time is lost on
what somebody wrote to cost time.
"""

import re

LONGEST = 400
"""Letters in a line that may be a head, a foot or a greeting; longer ones are what somebody wrote."""

_VERB = (r"(?:wrote|writes|said|schrieb|пишет|писал(?:\(а\)|а|и)?|написал(?:\(а\)|а|и|\(-а\))?|сообщил(?:\(а\)|а)?"
         r"|ответил(?:\(а\)|а)?|(?:деп )?(?:жазды|жазган|жазат|жазып жиберди|билдирди))")
_MONTH = (r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|янв|фев|мар|апр|ма[йя]|июн|июл|авг|сен|окт|ноя|дек"
          r"|үчт|бирд|жалган|чын куран|бугу|кулжа|теке|баш оона|аяк оона|тогуздун|жетинин|бештин)")
_DATE = (r"(?:\d{1,2}[.:/]\d{2}|\b(?:19|20)\d\d\b|\d{1,2}[ -]?" + _MONTH + "|" + _MONTH + r"[a-zа-яөүң]*\.? ?\d{1,2})")
DATED = re.compile(_DATE, re.IGNORECASE)
SAYS = re.compile(_VERB + r"\s*:?\s*$", re.IGNORECASE)
ATTRIBUTION_START = re.compile(
    r"(?:on\b|at\b|am\b|в\b|во\b|\d{1,2}[ ./:-]|20\d\d|(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,|"
    r"(?:пн|вт|ср|чт|пт|сб|вс|понедельник|вторник|среда|четверг|пятница|суббота|воскресенье)\.?,|"
    r"(?:дш|шш|шр|бш|жм|иш|жк|дүй|шей|шар|бей|жум|ишм|жек)[а-яөүң]*\.?,?)", re.IGNORECASE)
TIMED = re.compile(r"\d{1,2}:\d{2}(?::\d{2})? [+-]\d{2}:?\d{2}\b[^<]{0,150}<[^\s<>@]{1,100}@[^\s<>@]{1,200}>:$")
ADDRESS = re.compile(r"[^\s<>@]{1,100}@[^\s<>@]{1,200}")

_HEADERS = {
    "from": "from|sender|от|от кого|отправитель|кимден|жөнөтүүчү",
    "date": "sent|date|отправлено|дата|дата отправки|жөнөтүлдү|жөнөтүлгөн|дата жана убакыт|күнү|датасы|убактысы",
    "to": "to|кому|кимге|алуучу",
    "cc": "cc|copy|копия|көчүрмө|көчүрмөсү",
    "subject": "subject|тема|темасы|теманы",
    "reply-to": "reply-to|обратный адрес|жооп үчүн",
}
HEADER = re.compile(
    r"[*\s]*(?:" + "|".join(f"(?P<{kind.replace('-', '_')}>{names})" for kind, names in _HEADERS.items())
    + r")\s*\**\s*:\**(?:\s|$)", re.IGNORECASE)

_RULE = r"\s*[-_—–=*]{2,}\s*"
_ORIGINAL = ("original message|original appointment|reply message|исходное сообщение|исходное письмо|ответ на сообщение"
             "|оригинальное сообщение|первоначальное сообщение|баштапкы билдирүү|баштапкы кат"
             "|түпнуска билдирүү|түпнуска кат")
_FORWARDED = (
    "forwarded message|forwarded by [^-]{1,80}|fwd message|пересылаемое сообщение|переслать сообщение"
    "|пересланное сообщение|перенаправленное сообщение|переадресованное сообщение|пересылаемое письмо"
    "|пересланное письмо"
    "|начало (?:переадресованного|пересылаемого|пересланного) (?:сообщения|письма)"
    "|багытталган билдирүү|кайра багытталган билдирүү|кайра жөнөтүлгөн билдирүү|багытталган кат|кайра жөнөтүлгөн кат"
    "|кат багытталды|билдирүү багытталды")
ORIGINAL = re.compile(_RULE + rf"(?:{_ORIGINAL})" + _RULE, re.IGNORECASE)
NOTES = re.compile(r"-{3,}.{1,200}(?:wrote|писал\(а\)|написал\(а\)|жазды): ?-{3,}", re.IGNORECASE)
FORWARDED = re.compile(_RULE + rf"(?:{_FORWARDED})" + _RULE, re.IGNORECASE)
BEGIN_FORWARDED = re.compile(
    r"\s*(?:begin forwarded message|начало (?:переадресованного|пересылаемого|пересланного) (?:сообщения|письма)"
    r"|(?:кайра багытталган|багытталган|кайра жөнөтүлгөн) билдирүүнүн башталышы)\s*:\s*", re.IGNORECASE)
FORWARD_SUBJECT = re.compile(r"\s*\[?\s*(?:fwd?|пересл|пер|пересылка|переслано|багытталды|бг)\s*[:\]]", re.IGNORECASE)
RULE = re.compile(r"\s*(?:[_—–=]{5,}|-{4,}|\*{5,})\s*")

STRICT_SIGNATURE = re.compile(r"-- ")
LOOSE_SIGNATURE = re.compile(r"\s*(?:--|—|––|_{2,4}|-{3})\s*")
_CLOSING = (
    r"(?:with )?(?:best|kind|kindest|warm|warmest) (?:regards|wishes)|(?:best )?regards|sincerely|sincerely yours"
    r"|yours (?:sincerely|faithfully|truly)|cheers|all the best|respectfully|br|brgds"
    r"|с (?:уважением|наилучшими пожеланиями|почтением|благодарностью|глубоким уважением|искренним уважением)"
    r"(?: и [а-яё ]{1,40})?|всего (?:доброго|наилучшего|хорошего)|искренне ваша?|урматтоо менен|урмат менен"
    r"|терең урматтоо менен"
    r"|сый[- ]?урмат менен"
    r"|ызаат менен|ызаттоо менен|ак тилек менен|мыкты тилектер менен|эң жакшы каалоолор менен|ысык салам менен")
CLOSING = re.compile(rf"\s*(?:{_CLOSING})\s*[,.!–—-]*(?P<name>\s+\S.*)?", re.IGNORECASE)
POSTSCRIPT = re.compile(r"(?:p\.? ?p?\.? ?s|п\.? ?с|з\.? ?ы)\b", re.IGNORECASE)
_DEVICE = (r"(?:iphone|ipad|айфон|samsung|galaxy|huawei|xiaomi|redmi|honor|android|blackberry|windows|outlook"
           r"|gmail|yahoo|mail\.ru|почт|планшет|смартфон|телефон|мобильн|моб\.|яндекс|yandex|my phone|mobile|tablet"
           r"|proton|thunderbird|bluemail|mymail|mail for|уюлдук)")
MOBILE = re.compile(
    r"\s*(?:(?:sent (?:from|with|via|using)|отправлено (?:с|со|из)|послано (?:с|из)|написано (?:с|в)"
    r"|простите за краткость|excuse brevity|please excuse|pardon)\b.{0,40}" + _DEVICE + r".{0,120}"
    r"|sent from my \w.{0,40}|отправлено с моего .{0,40}"
    r"|(?:get|download) outlook for .{1,80}|(?:скача|загруз|получи|установи)[а-я]{2,4} outlook для .{1,80}"
    r"|outlook.{0,20}(?:жүктөп алуу|алуу).{0,20}"
    r"|.{0,60}" + _DEVICE + r"\w*['’]?(?:[дт][аоеө]н|н[аоеө]н)\b.{0,30}(?:жөнөтүлдү|жиберилди|жазылды|жөнөтүлгөн)\.?"
    r"|virus-free\..{0,60}|без вирусов\..{0,60}|не содержит вирусов\..{0,60})\s*", re.IGNORECASE)

DISCLAIMER = re.compile(
    r"[*\s]*(?:(?:this|the information in this|the contents of this) (?:e-?mail|message|communication)\b"
    r"|(?:confidentiality notice|disclaimer|important notice)\b"
    r"|(?:настоящее|данное|это) (?:электронное )?(?:сообщение|письмо)"
    r"|информация, содержащаяся в (?:этом|данном|настоящем)"
    r"|(?:уведомление о )?конфиденциальност|бул (?:электрондук )?(?:кат|билдирүү)).{0,300}"
    r"(?:confidential|privileged|intended|конфиденциал|предназначен|купуя|жашыруун)", re.IGNORECASE)


def header(line: str) -> str:
    """Which header a line of a quoted head gives: from, date, to …; '' for none."""
    found = HEADER.match(line) if len(line) <= LONGEST else None
    return (found.lastgroup or "") if found else ""


def is_forward(line: str) -> bool:
    """Whether a line says that what follows was forwarded."""
    return len(line) <= LONGEST and bool(FORWARDED.fullmatch(line) or BEGIN_FORWARDED.fullmatch(line))


def is_original(line: str) -> bool:
    """Whether a line says that the message answered follows."""
    return len(line) <= LONGEST and bool(ORIGINAL.fullmatch(line) or NOTES.fullmatch(line))


def is_attribution(line: str) -> bool:
    """Whether a line says, beyond doubt, who wrote what follows: when, who, and the verb or an address."""
    if not 10 <= len(line) <= LONGEST or not ATTRIBUTION_START.match(line.lstrip("> *")):
        return False
    whole = line.rstrip(" *")
    return bool(DATED.search(whole)) and bool(SAYS.search(whole) or whole.endswith(":") and ADDRESS.search(whole))


def is_timed(line: str) -> bool:
    """Whether a line gives a moment with its zone, and then an address: nobody types that."""
    return len(line) <= LONGEST and bool(TIMED.search(line.rstrip(" *")))


def may_be_attribution(line: str) -> bool:
    """Whether a line that stands right over a quote introduces it."""
    whole = line.rstrip(" *")
    return len(line) <= LONGEST and bool(SAYS.search(whole) or whole.endswith(":") and (
        DATED.search(whole) or ADDRESS.search(whole)))


def is_mobile(line: str) -> bool:
    """Whether a program or a telephone has put this line under the message."""
    return len(line) <= 200 and bool(MOBILE.fullmatch(line))


def is_disclaimer(line: str) -> bool:
    """Whether a line is what lawyers want under every mail."""
    return len(line) <= 5000 and bool(DISCLAIMER.match(line[:400]))


def is_closing(line: str) -> bool:
    """Whether somebody says goodbye with this line: the words alone, or with a short name behind them."""
    found = CLOSING.fullmatch(line) if len(line) <= 120 else None
    return found is not None and len((found.group("name") or "").split()) <= 4
