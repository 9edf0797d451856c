"""The one search of the desk: articles and tickets beside each other."""

from typing import Any

from flask import redirect, render_template, request, url_for
from flask_login import current_user

from app.core import clock
from app.core.access import asks
from app.core.i18n import language
from app.kb import queries as articles
from app.kb import reads, shelves
from app.search import log
from app.search.find import Results, Wanted
from app.search.find import find as find_articles
from app.tickets import queries as tickets
from app.tickets import queues
from app.tickets.searching import find
from app.tickets.searching import language as typed
from app.tickets.show import dues, plain_status_names, status_names

from . import bp

ARTICLES, TICKETS = 5, 10


@bp.get("/search")
@asks("signed_in")
def search_show():
    """A number that is a ticket of theirs leads straight there."""
    question, person, now = typed.read(request.args.get("q", "")), current_user._get_current_object(), clock.now()
    if question.number is not None and tickets.is_seen(person, question.number):
        return redirect(url_for("tickets.ticket_show", number=question.number))
    staff = person.is_agent or person.is_administrator
    return render_template(
        "home/search.html", question=question, staff=staff, due=dues(now), names=queues.team_names(),
        found=find.find(question, person, now, size=TICKETS), **_articles(question, person),
        statuses=status_names() if staff else plain_status_names(),
    )


def _articles(question: typed.Question, person: Any) -> dict[str, Any]:
    """The best articles, each with the short name in its address; filters are for tickets alone."""
    if not question.plain:
        return {"hits": [], "more": False, "token": None}
    results = find_articles(question.plain, articles.reader(person, language()), Wanted(size=ARTICLES))
    slugs = shelves.addresses([hit.card.id for hit in results.hits], person)
    hits = [(slugs[hit.card.id], hit) for hit in results.hits if hit.card.id in slugs]
    return {"hits": hits, "more": results.total > len(hits), "token": _noted(results, person)}


def _noted(results: Results, person: Any) -> str | None:
    """Not of those who work on tickets: here they search for these, and what they type may stand in a note or in a
    confidential ticket, while the reports on knowledge are read by other teams."""
    if person.is_agent or person.is_administrator or not reads.is_person(request):
        return None
    return log.note_results(results, "page", language(), person, log.visitor())
