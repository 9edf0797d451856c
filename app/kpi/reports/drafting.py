"""From a cluster to an article: drafted from its best solved ticket, remembered with the cluster."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.core.db import claim, db
from app.core.errors import Conflict
from app.kb import actions as kb
from app.kb.models import Article
from app.kb.queries import sees as sees_article
from app.search.find import folded
from app.tickets import as_article
from app.tickets.models import Message, Resolution, Ticket
from app.tickets.queries import reads_as_staff

from . import clusters, knowledge
from .models import Gap, GapItem

TITLE = 200
CANDIDATES = 50


def best_ticket(gap: Gap, person: Any) -> Ticket | None:
    """Of the solved tickets of the cluster whose conversation is this person's to work with: answered in writing and
    never reopened, most like what leads the cluster; of equals the newest. Of the newest CANDIDATES."""
    answered = sa.exists().where(Message.ticket_id == Ticket.id, Message.kind == "reply")
    cycles = (sa.select(sa.func.count()).where(Resolution.ticket_id == Ticket.id).correlate(Ticket).scalar_subquery())
    mine = Ticket.id.in_(sa.select(GapItem.ticket_id).where(GapItem.gap_key == gap.key))
    found = db.session.execute(
        sa.select(Ticket, cycles).where(mine, answered, ~Ticket.is_confidential, reads_as_staff(person),
                                        Ticket.status.in_(("resolved", "closed")), Ticket.merged_into_id.is_(None))
        .order_by(Ticket.id.desc()).limit(CANDIDATES)).all()
    return min(found, key=lambda row: (row[1] > 1, -_likeness(row[0], gap), -row[0].id), default=(None,))[0]


def _likeness(ticket: Ticket, gap: Gap) -> float:
    """By stems alone, each counting the same: among a few tickets of one cluster rare words decide nothing."""
    mine = clusters.stems_of(folded(ticket.subject, as_article.language_of(ticket.subject)))
    theirs = clusters.stems_of(gap.leader)
    return len(mine & theirs) / max(1, len(mine | theirs))


def draft(gap: Gap, by: Any, at: datetime) -> Article:
    """The article of the cluster; begun now, unless it was. Raises Conflict when somebody else writes it where this
    person cannot see it."""
    written = _written(gap, by)
    if written is not None:
        return written
    ticket = best_ticket(gap, by)
    article = as_article.begin(ticket, by, at) if ticket is not None else _empty(gap, by, at)
    if not claim(Gap, Gap.key == gap.key, sa.or_(Gap.article_id.is_(None), Gap.article_id == gap.article_id),
                 article_id=article.id, drafted_at=at, drafted_by_id=by.id, published_at=None, before_count=None,
                 before_days=None):
        raise Conflict(_("Somebody else has just begun an article on this."))
    return article


def _written(gap: Gap, by: Any) -> Article | None:
    """An archived one is none: a cluster that came back wants another."""
    if gap.article_id is None or gap.article.state == "archived":
        return None
    seen = db.session.scalar(sa.select(Article).where(Article.id == gap.article_id, sees_article(by)))
    if seen is None:
        raise Conflict(_("Another team is writing an article on this already."))
    return seen


def _empty(gap: Gap, by: Any, at: datetime) -> Article:
    """Without a ticket to learn from: what was asked for is the title."""
    said = knowledge.wordings([gap.key], by)[gap.key]
    title = (said[0] if said else _("Without a title"))[:TITLE]
    body = "\n".join(f"- {words}" for words in said)
    text = kb.Text(title[:1].upper() + title[1:], _("Asked for as:") + "\n\n" + body)
    return kb.draft(text, kb.Facts(as_article.language_of(title), "staff", owner=by), by, at)
