"""What the command palette finds on the server: places of the administration, saved lists, tickets, articles, people.
What stands on the page itself (the menu, its buttons) the browser knows already."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app.accounts.models import User
from app.admin.menu import admin_menu
from app.core import clock
from app.core.access import asks
from app.core.i18n import language
from app.core.policy import may
from app.kb import queries as articles
from app.kb import shelves
from app.search.find import suggest
from app.tickets import callers
from app.tickets import queries as tickets
from app.tickets.searching import find
from app.tickets.searching import language as typed
from app.tickets.views import queries as views

from . import bp

LONGEST, TICKETS, ARTICLES, PEOPLE = 100, 6, 4, 4


@dataclass(frozen=True)
class Line:
    """One thing to go to: its name, what kind of thing it is, its address."""

    label: Any
    kind: Any
    url: str
    icon: str


@bp.get("/palette")
@asks("signed_in")
def palette_list():
    """A piece of a page. Without words what is there to go to; with words what they find."""
    words = " ".join(request.args.get("q", "")[:LONGEST].split())
    person = current_user._get_current_object()
    return render_template("home/_palette_lines.html", lines=[*(_found(words, person) if words else _places(person))])


def _places(person: User) -> Iterator[Line]:
    """At most one query: of the saved lists."""
    if may(person, "queue.read"):
        for view in views.views_of(person):
            yield Line(view.name, _("Saved list"), url_for("tickets.view_show", view_id=view.id), "queue")
    if may(person, "desk.administer"):
        for group, places in admin_menu():
            for place in places:
                yield Line(place.label, group, place.url, place.icon)


def _found(words: str, person: User) -> Iterator[Line]:
    yield from _tickets(words, person)
    yield from _articles(words, person)
    if may(person, "people.search"):
        yield from _people(words, person)


def _tickets(words: str, person: User) -> Iterator[Line]:
    """A number that is a ticket of theirs stands first, by the look-up that tells nothing of the others."""
    question = typed.read(words)
    found = find.find(question, person, clock.now(), size=TICKETS).page.rows
    if question.number is not None and tickets.is_seen(person, question.number):
        found = [row for row in found if row.id != question.number]
        yield Line(_("Ticket %(number)s", number=question.number), _("Ticket"),
                   url_for("tickets.ticket_show", number=question.number), "inbox")
    for row in found:
        yield Line(f"{row.id} {row.subject}", _("Ticket"), url_for("tickets.ticket_show", number=row.id), "inbox")


def _articles(words: str, person: User) -> Iterator[Line]:
    hits = suggest(words, articles.reader(person, language()), ARTICLES)
    slugs = shelves.addresses([hit.card.id for hit in hits], person)
    for hit in hits:
        if hit.card.id in slugs:
            yield Line(hit.card.title, _("Article"), url_for("kb.article_show", slug=slugs[hit.card.id]), "book")


def _people(words: str, person: User) -> Iterator[Line]:
    """An administrator opens the account; an agent finds what this person asked for."""
    for user in callers.found(words)[:PEOPLE]:
        url = (url_for("admin.person_edit", user_id=user.id) if may(person, "desk.administer")
               else url_for("home.search_show", q=f'from:"{user.name}"'))
        yield Line(user.name, callers.where(user) or _("Person"), url, "user")
