"""The pages of the reports on knowledge."""

from collections.abc import Iterator
from typing import Any

from flask import Response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app.core import clock
from app.core.access import asks
from app.core.db import db
from app.core.policy import may
from app.core.spreadsheet import to_csv

from .. import bp
from . import drafting, knowledge, one_gap
from .gaps import PERIODS
from .knowledge import Scope
from .models import Gap
from .shares import Share
from .words import PASSPORT, REPORTS


@bp.get("/reports/knowledge")
@asks("knowledge.report")
def knowledge_show():
    scope, state = Scope.from_args(request.args), knowledge.state()
    common = {"scope": scope, "state": state, "reports": REPORTS, "periods": PERIODS, "passport": PASSPORT}
    if scope.report == "articles":
        page = knowledge.outcomes(scope, current_user, request.args.get("after"))
        return render_template("kpi/knowledge_articles.html", page=page, share=_solved, **common)
    page = _page(scope, state, request.args.get("after"))
    keys = [line.key for line in page.rows]
    articles = knowledge.articles_seen([line.article_id for line in page.rows if line.article_id], current_user)
    return render_template("kpi/knowledge.html", page=page, said=knowledge.wordings(keys, current_user),
                           articles=articles, **common)


def _page(scope: Scope, state: Any, mark: str | None, **size: int) -> Any:
    usual = state.handling_seconds if state else None
    return knowledge.page(scope, current_user, clock.now(), usual, mark, **size)


def _solved(outcome: Any) -> Share:
    return Share(outcome.solved, outcome.solved + outcome.filed)


@bp.get("/reports/knowledge.csv")
@asks("knowledge.report")
def knowledge_export():
    scope, state = Scope.from_args(request.args), knowledge.state()
    if scope.report == "articles":
        text = to_csv(_article_head(), _article_cells(scope))
    else:
        page = _page(scope, state, None, size=knowledge.EXPORTED)
        text = to_csv(_head(), _cells(page.rows, state))
    name = f"knowledge-{scope.report}-{scope.days}.csv"
    return Response(text, mimetype="text/csv", headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _head() -> list[Any]:
    return [_("Asked as"), _("People"), _("Times"), _("Handling time, seconds of working time"),
            _("Of this line itself"), _("At stake, seconds"), _("Article")]


def _cells(lines: list[Any], state: Any) -> Iterator[list[Any]]:
    said = knowledge.wordings([line.key for line in lines], current_user)
    articles = knowledge.articles_seen([line.article_id for line in lines if line.article_id], current_user)
    for line in lines:
        handling = line.handling or (state.handling_seconds if state else None)
        article = articles.get(line.article_id)
        yield [" | ".join(said[line.key]), line.people, line.asked, handling, _("Yes") if line.handling else _("No"),
               line.stake if handling else None, article.title if article else None]


def _article_head() -> list[Any]:
    return [_("Article"), _("Opened from a search"), _("Solved it"), _("Filed anyway"), _("Share solved"),
            _("At least"), _("At most"), _("Did not help")]


def _article_cells(scope: Scope) -> Iterator[list[Any]]:
    for outcome in knowledge.outcomes(scope, current_user, None, knowledge.EXPORTED).rows:
        share = _solved(outcome)
        known = [round(share.value, 3), round(share.low, 3), round(share.high, 3)] if share.is_enough else [None] * 3
        yield [outcome.article.title, outcome.opened, outcome.solved, outcome.filed, *known, outcome.unhelpful]


@bp.get("/reports/knowledge/clusters/<key>")
@asks("knowledge.report", of=knowledge.gap)
def gap_show(gap: Gap):
    now = clock.now()
    article = knowledge.articles_seen([gap.article_id], current_user).get(gap.article_id) if gap.article_id else None
    return render_template(
        "kpi/knowledge_gap.html", gap=gap, said=knowledge.wordings([gap.key], current_user)[gap.key], article=article,
        searches=one_gap.searches(gap, current_user),
        page=one_gap.tickets(gap, current_user, request.args.get("after")),
        offered=one_gap.offered(gap, current_user), trend=one_gap.trend(gap, now), usual=knowledge.usual_seconds(),
        drafts=may(current_user, "knowledge.draft", gap), passport=PASSPORT)


@bp.post("/reports/knowledge/clusters/<key>/article")
@asks("knowledge.draft", of=knowledge.gap)
def gap_article_create(gap: Gap):
    article = drafting.draft(gap, current_user._get_current_object(), clock.now())
    slug = article.slug
    db.session.commit()
    return redirect(url_for("kb.article_edit", slug=slug), 303)
