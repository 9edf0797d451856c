"""What may be chosen from while somebody writes on a ticket: :: templates, ?? articles, @ colleagues, # tickets.

Each line holds the text that goes in, ready filled, so that choosing costs nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask import current_app, url_for
from flask_babel import gettext as _

from app.accounts.models import Membership, User
from app.core import i18n
from app.core.db import db
from app.core.markup import clean_line
from app.kb import shelves
from app.kb.queries import reader
from app.search import find
from app.search.keyboards import other_layout

from .. import articles, as_article, policy, queries, suggestions
from ..filter import contains
from ..models import Ticket, TicketAccess
from . import placeholders
from . import queries as kept
from .models import ReplyTemplate
from .placeholders import Case

MOST, MOST_IN_ALL_LANGUAGES, LONGEST_WORDS = 8, 3, 60


@dataclass(frozen=True)
class Line:
    """One thing to choose: what goes in, what is shown of it. `uses` is where it is counted, `closed` says why it
    cannot go in here."""

    text: str
    name: str
    mark: str = ""
    detail: str = ""
    lang: str = ""
    uses: str = ""
    closed: str = ""
    sign: str = field(default="", compare=False)


@dataclass(frozen=True)
class Asked:
    """Who types what, where: on a ticket, in a reply or a note."""

    ticket: Ticket
    person: User
    words: str
    is_note: bool
    now: datetime


def lines(kind: str, asked: Asked) -> list[Line]:
    """What fits; nothing for a kind there is not."""
    find_lines = KINDS.get(kind)
    return find_lines(asked) if find_lines else []


def language_for(ticket: Ticket, is_note: bool) -> str:
    """In which language a text goes in: the requester's, or for a note the writer's own."""
    return i18n.language() if is_note else ticket.requester.language or i18n.desk.language


def _templates(asked: Asked) -> list[Line]:
    """In the language of who will read it; of a few also in the others."""
    wanted = language_for(asked.ticket, asked.is_note)
    found = kept.offered(asked.person, ReplyTemplate, asked.ticket, asked.words)[:MOST]
    first = [_template(one, spoken(one, wanted), asked) for one in found]
    if len(found) > MOST_IN_ALL_LANGUAGES:
        return first
    return first + [_template(one, code, asked) for one in found for code in i18n.LANGUAGES
                    if one.bodies.get(code) and code != spoken(one, wanted)]


def spoken(template: ReplyTemplate, wanted: str) -> str:
    """The language in which it has words: the wanted one, else as names fall back."""
    return spoken_in(template.bodies, wanted)


def spoken_in(bodies: dict[str, str], wanted: str) -> str:
    """The same of words in several languages."""
    order = (wanted, i18n.desk.language, "en", *bodies)
    return next((code for code in order if bodies.get(code)), wanted)


def _template(template: ReplyTemplate, language: str, asked: Asked) -> Line:
    text = placeholders.filled(template.bodies.get(language, ""), Case(asked.ticket, asked.person, asked.now, language))
    return Line(text, template.title, f"::{template.keyword}", clean_line(text)[:160], language,
                url_for("tickets.reply_template_use", template_id=template.id))


def _articles(asked: Asked) -> list[Line]:
    """By their words; without words those that fit the conversation. What somebody to whom a reply goes may not read is
    shown, and does not go into a reply."""
    if asked.words:
        asks = reader(asked.person, language_for(asked.ticket, asked.is_note))
        hits = find.suggest(asked.words, asks, MOST)
        ids = [hit.card.id for hit in hits]
        sendable, slugs = articles.readable_outside(asked.ticket, ids), shelves.addresses(ids, asked.person)
        offers = [(hit, slugs[hit.card.id], hit.card.id in sendable) for hit in hits if hit.card.id in slugs]
    else:
        beside = suggestions.beside(asked.ticket, asked.person)
        offers = [(offer.hit, offer.slug, offer.may_be_sent) for offer in beside.offers]
    return [_article(hit, slug, may_be_sent, asked) for hit, slug, may_be_sent in offers]


def _article(hit: Any, slug: str, may_be_sent: bool, asked: Asked) -> Line:
    detail = "" if may_be_sent else _("Somebody to whom a reply goes may not read it.")
    address = f"{current_app.config['BASE_URL']}/kb/{slug}"
    return Line(as_article.link_to(hit.card.title, address), hit.card.title, "", detail,
                closed="" if asked.is_note else detail, sign="book" if may_be_sent else "lock")


def _people(asked: Asked) -> list[Line]:
    """Colleagues who work on this ticket; only a note calls them."""
    if not asked.is_note:
        return []
    around = [person for person in db.session.scalars(_colleagues(asked)) if person.id != asked.person.id
              and policy.reads_notes(person, asked.ticket)]
    names = [person.email.partition("@")[0] for person in around]
    wanted = {asked.words.lower(), other_layout(asked.words)}
    found = [person for person in around if any(_is_called(person, words) for words in wanted)]
    return [Line(f"@{_shortest(person, names)} ", person.name, "", person.email) for person in found[:MOST]]


def _colleagues(asked: Asked) -> sa.Select:
    """Who might work on it: asked of each by the policy."""
    ticket = asked.ticket
    teams = {ticket.team_id, *(hop.from_team_id for hop in ticket.handovers)}
    named = sa.select(TicketAccess.user_id).where(TicketAccess.ticket_id == ticket.id)
    named_teams = sa.select(TicketAccess.team_id).where(TicketAccess.ticket_id == ticket.id)
    members = sa.select(Membership.user_id).where(
        sa.or_(Membership.team_id.in_(teams), Membership.team_id.in_(named_teams)))
    whom = sa.or_(User.id.in_(members), User.id.in_(named), User.id == ticket.assignee_id, User.is_administrator)
    return sa.select(User).where(User.is_active, whom).order_by(User.name, User.id)


def _is_called(person: User, words: str) -> bool:
    return person.email.startswith(words) or any(part.startswith(words) for part in person.name.lower().split())


def _shortest(person: User, names: list[str]) -> str:
    """What stands before the @ of the address where that means one person."""
    name = person.email.partition("@")[0]
    return name if names.count(name) == 1 else person.email


def _tickets(asked: Asked) -> list[Line]:
    """By number or words of the subject; without words what the same person asked for lately."""
    theirs = queries.visible_to(asked.person).where(Ticket.id != asked.ticket.id, _meant(asked))
    newest = theirs.with_only_columns(Ticket.id, Ticket.subject).order_by(Ticket.id.desc()).limit(MOST)
    return [Line(f"#{number}", subject, f"#{number}") for number, subject in db.session.execute(newest)]


def _meant(asked: Asked) -> Any:
    words = asked.words
    if words.isascii() and words.isdigit() and len(words) < 19:
        return _numbered(int(words))
    return contains(Ticket.subject, words) if words else Ticket.requester_id == asked.ticket.requester_id


def _numbered(number: int) -> Any:
    """The ticket of this number, and those whose numbers begin so."""
    spans = [(number * 10**more, (number + 1) * 10**more - 1) for more in range(0, 18 - len(str(number)))]
    return sa.or_(*(Ticket.id.between(low, high) for low, high in spans))


KINDS: dict[str, Callable[[Asked], list[Line]]] = {
    "template": _templates, "article": _articles, "person": _people, "ticket": _tickets,
}
