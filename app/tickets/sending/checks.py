"""The checks of a reply, one function each. Better silent than wrong: who is warned in vain twice reads no third."""

import re
from collections.abc import Iterator
from itertools import islice

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.core.i18n import LANGUAGES

from . import greeting, language, next_step, promised
from .checking import Finding, Reply

NAMES = {
    "placeholder": _l("A place that was not filled in: {name}, […], TODO, ___"),
    "attachment": _l("A file is announced, and none is attached"),
    "person": _l("Somebody else's name in the greeting"),
    "secret": _l("A password or a key in the text"),
    "internal": _l("A link that not everybody can open who gets the reply"),
    "language": _l("Another language than the requester's"),
    "colleague": _l("A colleague's reply is just going out"),
    "next_step": _l("Neither a next step nor a date"),
}
"""What there is to switch off, in the order in which it is shown."""

_BLANK_WORDS = (r"name|first name|last name|date|time|day|number|ticket|link|url|address|room|phone|reason|text|"
                r"insert[^\]}>]{0,60}|"
                r"your [^\]}>]{0,60}|имя|фио|дата|время|день|номер|ссылка|адрес|кабинет|причина|текст|"
                r"вставить[^\]}>]{0,60}|"
                r"укажите[^\]}>]{0,60}|аты|аты-жөнү|күнү|убакыт|дареги|шилтеме|себеби")
_PLACEHOLDER = re.compile(
    rf"\[(?:…|\.\.\.|(?i:{_BLANK_WORDS}))\](?!\()|<(?i:{_BLANK_WORDS})>|\{{\{{? ?[^\W\d_][\w. ]{{0,40}}\}}?\}}|"
    r"%\(\w{1,40}\)s|\b(?:TODO|TBD|FIXME)\b|(?<![\w-])(?:X{3,}|Х{3,})(?![\w-])|(?<!\w)_{3,}(?!\w)|"
    r"(?<![\w:])::[a-zа-яңөү][\w-]{0,40}",
)
_RULER = re.compile(r"^[ \t]*_+[ \t]*$", re.M)


def placeholder(reply: Reply) -> Iterator[Finding]:
    """A template's gap that nobody filled; a line of underscores alone is a ruler."""
    words = _RULER.sub(lambda line: " " * len(line[0]), reply.own_words)
    for gap in _PLACEHOLDER.finditer(words):
        yield Finding("placeholder", _("A place is not filled in yet."), gap[0], gap.start())


def attachment(reply: Reply) -> Iterator[Finding]:
    said = None if reply.has_files else promised.announcement(reply.own_words)
    if said:
        yield Finding("attachment", _("You announce a file, but none is attached."), said[0].strip(), said.start())


def person(reply: Reply) -> Iterator[Finding]:
    """The classic: the greeting of the ticket before."""
    met = greeting.of(reply.own_words)
    if met and reply.people and not greeting.is_meant(met[1], reply.people) and reply.is_somebody(met[1]):
        yield Finding("person", _("This greets %(greeted)s, but %(name)s asked.", greeted=met[1], name=reply.people[0]),
                      met[0], met.start())


_SECRET = re.compile(
    r"\b(?i:password|passwd|passphrase|pwd|passcode|pin(?:[ -]?code)?|api[ -]?key|access key|secret key|парол[ьяюе]м?|"
    r"пин(?:-?код)?|код доступа|сыр ?сөз\w*|купуя ?сөз\w*)\b[^\n.!?:=]{0,24}?(?:[:=]| (?i:is|will be)| [-–—])"
    r"[ \t]{0,20}"
    r"[\"'«“`*]{0,6}(?=[^\s]{0,100}\d)(?![\d.,:/-]{1,3}\b)(?!\d{1,4}[./-]\d{1,2}\b)([^\s\"'»”`*]{4,})")
_KEY = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----")


def secret(reply: Reply) -> Iterator[Finding]:
    """Code too: a password stands there as often as in a sentence."""
    text = reply.text
    for shown in (*_SECRET.finditer(text), *_KEY.finditer(text)):
        is_own = reply.own_words[shown.start():shown.start() + 3].strip()
        if is_own or text[shown.end() - 1] == "`" or shown[0][0] == "-":
            yield Finding("secret", _(
                "This looks like a password or a key. It stays in the conversation and in mailboxes; give it by "
                "telephone, or let it be used once only."), shown[0].split()[0], shown.start())


_TICKET = re.compile(r"(?<![\w])(?:https?://[^\s/]+)?/tickets/(\d{1,18})(?:#m(\d{1,18}))?")


MOST_LINKS = 50
"""So many are looked at: each asks the database."""


def internal(reply: Reply) -> Iterator[Finding]:
    for link in islice(_TICKET.finditer(reply.text), MOST_LINKS):
        if not reply.may_open(int(link[1]), int(link[2]) if link[2] else None):
            yield Finding("internal", _("Not everybody who gets this can open what the link leads to."), link[0],
                          link.start())


def other_language(reply: Reply) -> Iterator[Finding]:
    """Judged on words of one's own, and only where the requester's language is known."""
    used = language.told(reply.own_words)
    if used and reply.languages and used not in reply.languages:
        yield Finding("language", _("The requester's language is %(theirs)s; this is written in %(used)s.",
                                    theirs=" / ".join(LANGUAGES[code] for code in sorted(reply.languages)),
                                    used=LANGUAGES[used]))


def colleague(reply: Reply) -> Iterator[Finding]:
    for name in reply.colleagues:
        yield Finding("colleague", _("A reply of %(name)s is going out at this moment.", name=name))


def nothing_follows(reply: Reply) -> Iterator[Finding]:
    """Only where the ticket goes on, and of what is longer than a line."""
    if not reply.is_last and next_step.is_missing(reply.own_words):
        yield Finding("next_step", _("It says neither what happens next nor when."), is_grave=False)


ALL = (placeholder, attachment, person, secret, internal, other_language, colleague, nothing_follows)
