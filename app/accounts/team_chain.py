"""Where teams escalate to: from level to level upwards, never round in a circle, never to a team that takes nothing."""

from typing import NamedTuple

import sqlalchemy as sa
from flask_babel import gettext as _

from app.core.db import db
from app.core.edits import Facts
from app.core.errors import Invalid
from app.core.i18n import localized

from .models import Team

NEW = 0
"""Stands for the id of a team that is not stored yet."""


class Link(NamedTuple):
    """A team as a part of a chain."""

    title: str
    level: int
    is_active: bool
    to_id: int | None

    def __str__(self) -> str:
        return _("%(team)s (level %(level)s)", team=self.title, level=self.level)


def refuse_wrong(team_id: int | None, facts: Facts) -> None:
    """Look at the steps to and from a team as it is going to be. Raises Invalid with the chain and what to change."""
    own_id = team_id or NEW
    links = _stored()
    links[own_id] = Link(localized(facts["names"]), facts["level"], facts["is_active"], facts["escalates_to_id"])
    _refuse_circle(own_id, links)
    for link_id, link in links.items():
        if link.to_id in links and own_id in (link_id, link.to_id):
            _refuse_step(link, links[link.to_id])


def _stored() -> dict[int, Link]:
    """All teams, locked, so that two changes at once cannot close a circle."""
    rows = db.session.execute(sa.select(Team.id, Team.names, Team.level, Team.is_active, Team.escalates_to_id)
                              .order_by(Team.id).with_for_update())
    return {row.id: Link(localized(row.names), row.level, row.is_active, row.escalates_to_id) for row in rows}


def _refuse_circle(own_id: int, links: dict[int, Link]) -> None:
    path, here = [own_id], links[own_id].to_id
    while here in links and here not in path:
        path.append(here)
        here = links[here].to_id
    if here == own_id:
        chain = " → ".join(links[link_id].title for link_id in [*path, own_id])
        raise Invalid(_("This chain returns to itself: %(chain)s. Choose another team to escalate to.", chain=chain))


def _refuse_step(link: Link, to: Link) -> None:
    if not link.is_active:
        return
    chain = f"{link} → {to}"
    if to.level <= link.level:
        raise Invalid(_("%(chain)s: escalation leads to a higher level. Choose another level, or another team for "
                        "%(team)s to escalate to.", chain=chain, team=link.title))
    if not to.is_active:
        raise Invalid(_("%(chain)s: a team that takes no requests gets none by escalation either. Choose another team "
                        "for %(team)s to escalate to.", chain=chain, team=link.title))
