"""Searching one's tickets by words, people and facts."""

from flask import redirect, render_template, request, url_for
from flask_login import current_user

from app.core import clock
from app.core.access import asks

from .. import bp, queries, queues
from ..searching import cheat_sheet, find, language
from ..show import dues, plain_status_names, status_names


@bp.get("/tickets/search")
@asks("ticket.read")
def search_show():
    question, person, now = language.read(request.args.get("q", "")), current_user._get_current_object(), clock.now()
    if question.number is not None and queries.is_seen(person, question.number):
        return redirect(url_for("tickets.ticket_show", number=question.number))
    found = find.find(question, person, now, request.args.get("after"))
    staff = person.is_agent or person.is_administrator
    return render_template("tickets/search.html", question=question, found=found, due=dues(now), staff=staff,
                           statuses=status_names() if staff else plain_status_names(),
                           names=queues.team_names(), sheet=cheat_sheet.lines(staff))
