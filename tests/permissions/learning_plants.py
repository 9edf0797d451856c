"""What is planted for the pages that learn from searches: gaps of everybody, of one team's tickets, of a confidential
ticket; an article that one team alone reads."""

from typing import Any

from app.accounts.models import User
from app.core import clock
from app.core.db import db
from app.kb import actions as kb
from app.kpi.reports import gaps
from app.kpi.reports.clusters import key_of
from app.kpi.reports.models import Gap, GapItem
from app.search.find import folded
from app.search.models import SearchEntry, SynonymGroup
from app.tickets.models import Ticket

SHUT = "Ribbons of the counting room"
"""The title of an article for accounts alone."""
OPEN = "Ribbons for all"


def plant(plants: Any, cast: dict[str, User]) -> None:
    """The caller has said which tickets there are; commits, since the reports are made from what is committed."""
    group = SynonymGroup(words=["vpn", "tunnel"], changed_at=clock.now())
    db.session.add(group)
    db.session.flush()
    plants.things["a-synonym"] = {"group_id": group.id}
    _searches(plants, cast)
    _sealed(plants, cast)
    plants.things |= {"a-gap": {"key": key_of(folded("plotter ribbon", "en"))},
                      "ended-gap": {"key": key_of(folded(_ended(plants).subject, "en"))}}


def _searches(plants: Any, cast: dict[str, User]) -> None:
    """Shown an open article and a shut one, nobody opened either; and what was searched before complaining."""
    shown = [_article(SHUT, "teams", cast["chief"]).id, _article(OPEN, "staff", cast["agent"]).id]
    word = "searched-sealed-q7"
    plants.nobodys.add(word)
    _search("1" * 32, "plotter ribbon", cast["bakyt"], found=2, shown=shown)
    _search("2" * 32, f"plotter ribbon {word}", cast["dastan"], ticket_id=plants.tickets["sealed"])
    for name in ("foreign", "own"):
        _search(f"{plants.tickets[name]:032}", f"{name}-subject-q7 wrong", cast["bakyt"], place="filing",
                ticket_id=plants.tickets[name])
    db.session.commit()
    gaps.make(clock.now())
    db.session.commit()


def _search(token: str, words: str, person: User, place: str = "page", **about: Any) -> None:
    db.session.add(SearchEntry(token=token, at=clock.now(), place=place, words=words, folded=folded(words, "en"),
                               language="en", person_id=person.id, **about))


def _article(title: str, visibility: str, by: User) -> Any:
    teams = [by.memberships[0].team] if visibility == "teams" else []
    made = kb.draft(kb.Text(title, "Words"), kb.Facts("en", visibility, owner=by, teams=teams), by)
    kb.publish(made, by)
    return made


def _sealed(plants: Any, cast: dict[str, User]) -> None:
    """As if the ticket had become confidential since the reports were made."""
    db.session.add(Gap(key="sealed", leader="sealed", handled=0))
    db.session.flush()
    db.session.add_all(GapItem(gap_key="sealed", reason=reason, at=clock.now(), asker=f"u{cast['dastan'].id}",
                               ticket_id=plants.tickets["sealed"], words="searched-sealed-q7", token=token,
                               language="en", shown=[])
                       for reason, token in (("unwritten", None), ("filed", "2" * 32)))
    plants.things["sealed-gap"] = {"key": "sealed"}


def _ended(plants: Any) -> Ticket:
    return db.session.get(Ticket, plants.tickets["ended"])
