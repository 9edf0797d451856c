"""How a message is shown: Markdown, plain text or the HTML of a mail, what is folded away, and what marks it.

Who looks matters: what an agent's mail quotes may be a note, so only the staff unfolds it.
"""

import re
from dataclasses import dataclass
from functools import partial
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from markupsafe import Markup

from app.channels.email import shown_html
from app.core import markup
from app.core.files import SAFE_INLINE, size_of

from .models import Mailed, Message

LONG = 60
"""Lines after which a mail is shown in part, with a word that shows all of it."""
NOTHING = shown_html.Drawn(Markup(), 0, frozenset())
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~])|^(\s*)([-+=]|\d+[.)])(?=\s)|^( {4,}|\t)", re.MULTILINE)


@dataclass(frozen=True)
class Mark:
    """A word about a message, with an icon; `tone` is '', warn or bad."""

    icon: str
    words: str
    tone: str = ""


@dataclass(frozen=True)
class Shown:
    """One message for one reader. `files` are name, address and size of those that the text does not show."""

    html: Markup
    folded: Markup
    is_long: bool
    marks: list[Mark]
    files: list[tuple[str, str, str]]


def body(message: Message) -> Markup:
    """What somebody said, as it is written: the new words of a mail, without its look."""
    return markup.plain(message.body) if message.format == "text" else markup.render(message.body)


def as_markdown(message: Message) -> str:
    """The same as Markdown, to go into another text."""
    return _SPECIAL.sub(_escaped, message.body) if message.format == "text" else message.body


def _escaped(found: re.Match[str]) -> str:
    special, space, sign, indent = found.groups()
    if special:
        return f"\\{special}"
    return "" if indent else f"{space}{sign[:-1]}\\{sign[-1]}"


def shown(message: Message, is_staff: bool) -> Shown:
    """A message of a conversation, as this reader sees it."""
    mailed = message.mailed
    if mailed is None:
        return Shown(body(message), Markup(), message.format == "text" and _lines(message.body) > LONG,
                     _way(message.channel), files(message, frozenset()))
    pictures = _pictures(message)
    new = _new(message, mailed, pictures)
    old = _old(mailed, pictures) if is_staff or message.kind == "incoming" else NOTHING
    beside = files(message, new.pictures | old.pictures)
    return Shown(new.html, old.html, new.lines > LONG, _marks(mailed, is_staff), beside)


def _new(message: Message, mailed: Mailed, pictures: dict[str, str]) -> shown_html.Drawn:
    drawn = shown_html.draw(mailed.html, pictures, _words()) if mailed.html else None
    if drawn is not None and drawn.html:
        return drawn
    return shown_html.Drawn(body(message), _lines(message.body), frozenset())


def _old(mailed: Mailed, pictures: dict[str, str]) -> shown_html.Drawn:
    """What is folded away."""
    drawn = shown_html.draw(mailed.folded_html, pictures, _words()) if mailed.folded_html else None
    if drawn is not None and drawn.html:
        return drawn
    return shown_html.Drawn(markup.plain(mailed.folded), _lines(mailed.folded), frozenset())


def whole(message: Message) -> list[Markup]:
    """All of a mail, for those who may read all of it: what is new, then what was folded away."""
    pictures, mailed = _pictures(message), message.mailed
    return [part.html for part in (_new(message, mailed, pictures), _old(mailed, pictures)) if part.html]


def _words() -> shown_html.Words:
    return shown_html.Words(_("picture on {host}, not loaded"), _("a picture that is not in the mail"),
                            _("leads to {host}"))


def _pictures(message: Message) -> dict[str, str]:
    """Where the pictures are that the mail itself brought."""
    return {kept.content_id: url_for("tickets.attachment_show", attachment_id=kept.id, inline=1)
            for kept in message.attachments if kept.content_id and kept.file.content_type in SAFE_INLINE}


def files(message: Message, drawn: frozenset[str]) -> list[tuple[str, str, str]]:
    return [(kept.file.name, url_for("tickets.attachment_show", attachment_id=kept.id), size_of(kept.file.size_bytes))
            for kept in message.attachments if not kept.content_id or kept.content_id not in drawn]


def _lines(text: str) -> int:
    return sum(1 + len(line) // shown_html.LINE for line in text.split("\n"))


def _way(channel: str) -> list[Mark]:
    """What was not written on a page of the desk says how it came."""
    words = {"phone": ("phone", _("by telephone")), "walk_in": ("desk", _("in person")),
             "form": ("globe", _("by the web form"))}
    return [Mark(*words[channel])] if channel in words else []


def _marks(mailed: Mailed, is_staff: bool) -> list[Mark]:
    marks = [Mark("mail", _("by e-mail"))]
    if mailed.automatic:
        marks.append(Mark("auto", _("automatic reply") if mailed.automatic == "out_of_office" else _("automatic mail")))
    if is_staff and mailed.proof == "failed":
        marks.append(Mark("alert", _("the sender is false"), "bad"))
    elif is_staff and _is_doubtful(mailed):
        marks.append(Mark("alert", _("the sender is not proven"), "warn"))
    if is_staff and mailed.is_unsent:
        marks.append(Mark("lock", _("not sent"), "warn"))
    return marks


def _is_doubtful(mailed: Mailed) -> bool:
    """Where no server is trusted to vouch for senders, that none did says nothing, but of who writes as staff."""
    return mailed.proof == "" and (mailed.is_unsent or bool(mailed.mail.mailbox.trusted_hop))


def for_reader(is_staff: bool) -> Any:
    """`shown`, for the templates of one page."""
    return partial(shown, is_staff=is_staff)

