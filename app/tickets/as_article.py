"""From a ticket to an article and back: a draft with its question and solution, an article as words of a reply."""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime

import sqlalchemy as sa
from flask import current_app

from app.accounts.models import User
from app.core.db import db
from app.kb import actions as kb
from app.kb.models import Article
from app.kb.starting_texts import body_of

from . import articles
from .models import Message, Ticket
from .showing import as_markdown

GAP = "[…]"
MAIL = re.compile(r"(?:mailto:)?[^\s@<>()\[\]\"',;:]+@[^\s@<>()\[\]\"',;:]+\.\w+")
NUMBER = re.compile(r"(?<![\w+.,:/-])\+?\(?\d(?:[ \t\u00a0()./-]{0,2}\d){6,14}(?![\w-])")
NO_TELEPHONE = re.compile(r"(?:\d{1,3}\.){3}\d{1,3}|\d{4}-\d\d-\d\d.*|\d{1,2}\.\d{1,2}\.\d{2,4}.*|\d+\.\d+")
"""Addresses of machines, days and versions stay: solutions are full of them."""
KYRGYZ, CYRILLIC, LATIN = re.compile("[өүңӨҮҢ]"), re.compile("[а-яёА-ЯЁ]"), re.compile("[a-zA-Z]")
HEADING = re.compile(r"^(## .+)$", re.MULTILINE)
SEEN, HELPS = 0, 2
"""Which sections of the outline hold the question and the solution."""
SHORT_NAME, ENDING = 3, 4
VOWELS = "аеёиоуыэюяaeiouy"


def begin(ticket: Ticket, by: User, at: datetime) -> Article:
    """A draft for the team of the ticket, out of what was said to each other in public; no names, addresses or
    telephone numbers of those outside. Who began one from this ticket already goes on with it."""
    written = articles.written_from(by, ticket)
    if written is not None:
        return written
    said = _said(ticket)
    people, language = _people(ticket, said), language_of(" ".join([ticket.subject, *(one.body for one in said)]))
    text = kb.Text(without(people, ticket.subject)[:200], without(people, _body(said, language)))
    facts = kb.Facts(language, "teams", owner=by, teams=[ticket.team])
    article = kb.draft(text, facts, by, at)
    articles.wrote(ticket, article, by, at)
    return article


def _said(ticket: Ticket) -> list[Message]:
    """What the requester and the staff said to each other, never the notes."""
    return list(db.session.scalars(
        sa.select(Message).where(Message.ticket_id == ticket.id, Message.kind != "note")
        .order_by(Message.created_at, Message.id)))


def _people(ticket: Ticket, said: Sequence[Message]) -> list[User]:
    """Everybody whose name may stand in it."""
    there = [*articles.outside(ticket), ticket.assignee, *(one.author for one in said)]
    return list({person.id: person for person in there if person is not None}.values())


def _body(said: Sequence[Message], language: str) -> str:
    """The outline of what does not work, with the question and the solution in their places."""
    _before, *parts = HEADING.split(body_of("troubleshooting", language))
    question = next((as_markdown(one) for one in said if one.kind == "incoming"), "")
    for section, text in ((SEEN, question), (HELPS, "\n\n".join(_solution(said)))):
        if text:
            parts[2 * section + 1] = text
    return "\n\n".join(part.strip() for part in parts)


def _solution(said: Sequence[Message]) -> list[str]:
    """The replies that stand together last: after them at most the requester's thanks."""
    replies: list[str] = []
    for one in reversed(said):
        if one.kind == "reply":
            replies.append(as_markdown(one))
        elif replies:
            break
    return replies[::-1]


def language_of(text: str) -> str:
    """By its letters: ky only where a letter stands that Russian lacks."""
    if len(CYRILLIC.findall(text)) + len(KYRGYZ.findall(text)) < len(LATIN.findall(text)):
        return "en"
    return "ky" if KYRGYZ.search(text) else "ru" if CYRILLIC.search(text) else "en"


def without(people: Sequence[User], text: str) -> str:
    """The text without names of these people, mail addresses and telephone numbers; a mark says where they stood."""
    text = NUMBER.sub(lambda found: found[0] if NO_TELEPHONE.fullmatch(found[0]) else GAP, MAIL.sub(GAP, text))
    stems = sorted({stem for person in people for stem in _stems(person)}, key=len, reverse=True)
    if not stems:
        return text
    named = re.compile(rf"(?<!\w)(?:{'|'.join(stems)})(?!\w)", re.IGNORECASE)
    return re.sub(rf"{re.escape(GAP)}(?:[ \t]*{re.escape(GAP)})+", GAP, named.sub(GAP, text))


def _stems(person: User) -> Iterator[str]:
    """Patterns for the names of a person and the parts of the own mail address, with the endings of a language."""
    address = person.email.partition("@")[0] if person.email else ""
    for name in [*re.findall(r"[^\W\d_]+", person.name or ""), *re.findall(r"[^\W\d_]{4,}", address)]:
        if len(name) <= SHORT_NAME:
            yield re.escape(name)
        else:
            stem = name.rstrip(VOWELS) if len(name.rstrip(VOWELS)) > SHORT_NAME else name
            yield rf"{re.escape(stem)}\w{{0,{ENDING}}}"


def as_link(article: Article) -> str:
    """The title, leading to the article from a mail too."""
    return link_to(article.published.title, articles.address(article))


def link_to(title: str, address: str) -> str:
    """The same of a title and an address."""
    said = re.sub(r"([\\\[\]*_`<>])", r"\\\1", title)
    return f"[{said}]({address})"


def as_text(article: Article) -> str:
    """All it says, as a reply can show it: pictures and pages of this desk as links, and where it is from."""
    base = current_app.config["BASE_URL"]
    text = re.sub(r"^:::.*$\n?", "", article.published.body, flags=re.MULTILINE)
    text = re.sub(r"!\[([^\]\n]*)\]\(", r"[\1](", text)
    text = re.sub(r"\]\((/kb/[^)\s]*)", rf"]({base}\1", text)
    return f"{text.strip()}\n\n{as_link(article)}"
