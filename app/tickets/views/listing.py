"""One list of work as one person sees it: which tickets, narrowed how, in which order, laid out how."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from flask import url_for
from werkzeug.datastructures import MultiDict

from app.accounts.models import Team, User
from app.core import paging

from .. import queues
from ..filter import TicketFilter
from . import policy, queries, wording
from .models import COMFORTABLE, ListLayout, SavedView
from .offers import Offers


@dataclass(frozen=True)
class Listing:
    """A list that is open. `team` is set on the page of one team's queue; `view` is the saved view it began with."""

    person: User
    scope: str
    wanted: TicketFilter
    offers: Offers
    team: Team | None = None
    view: SavedView | None = None
    layout: ListLayout | None = None
    views: tuple[SavedView, ...] = ()

    @property
    def condition(self) -> Any:
        """What this person sees here, before anything is filtered."""
        if self.team is not None:
            return queues.in_team(self.person, self.team.id)
        return condition(self.person, self.scope)

    def page(self, mark: str | None, now: datetime) -> paging.Page:
        return queues.page(self.condition, self.wanted, mark, now)

    @property
    def title(self) -> str:
        if self.view is not None:
            return self.view.name
        return self.team.title if self.team is not None else str(wording.SCOPES[self.scope])

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """Of the view, else as the person likes it."""
        kept = self.view or self.layout
        return wording.chosen(kept.columns if kept is not None else None)

    @property
    def density(self) -> str:
        kept = self.view or self.layout
        return kept.density if kept is not None else COMFORTABLE

    @property
    def is_changed(self) -> bool:
        """Whether a saved view is looked at otherwise than it was saved."""
        return self.view is not None and (self.scope, self.wanted.args()) != (self.view.scope, self.view.args)

    @property
    def may_change_view(self) -> bool:
        return self.view is not None and policy.may_change(self.person, self.view)

    @property
    def is_start(self) -> bool:
        """Whether one's queues begin with this view."""
        return self.view is not None and self.layout is not None and self.layout.view_id == self.view.id

    def url(self, **args: Any) -> str:
        """The address of this list with other parts of the filter (all of them)."""
        if self.team is not None:
            return url_for("tickets.queue_show", slug=self.team.slug, **args)
        view = {"view": self.view.id} if self.view is not None else {}
        return url_for(f"tickets.queue_{self.scope}", **view, **args)

    def toggled(self, part: str, word: str) -> str:
        """The address with one word of the filter set, or taken away if it is set."""
        return self.url(**self.wanted.args(**{part: "" if getattr(self.wanted, part) == word else word}))

    def described(self) -> dict[str, Any]:
        """All that a form must carry to mean this very list: saving it, exporting it."""
        team = {"team": [self.team.slug]} if self.team is not None else {}
        view = {"view": self.view.id} if self.view is not None else {}
        return {**self.wanted.args(), **team, **view, "list": self.scope}

    @property
    def live_topics(self) -> str:
        """Where it is heard that something came, changed or went here."""
        mine = f"agent:{self.person.id}"
        if self.team is not None:
            return f"queue:{self.team.id}"
        if self.scope == "all":
            return " ".join([*(f"queue:{team.id}" for team in self.offers.own_teams[:MOST_TOPICS]), mine])
        return mine if self.scope == "mine" else ""


MOST_TOPICS = 30


def condition(person: User, scope: str) -> Any:
    """What somebody sees of all their teams' tickets, of their own, of what their teams escalated."""
    return {"all": queues.in_all_teams, "mine": queues.assigned_to, "escalated": queues.escalated_by}[scope](person)


def opened(person: User, offers: Offers, args: MultiDict, scope: str, team: Team | None = None,
           view: SavedView | None = None, begins: bool = False) -> Listing:
    """The list of an address. `view`: the saved view that is asked for; its filter holds, whatever the address says.
    `begins`: the one somebody chose to begin with."""
    views, layout = tuple(queries.views_of(person)), queries.layout_of(person)
    if begins and layout is not None:
        view = next((one for one in views if one.id == layout.view_id), None)
    if view is not None:
        scope, wanted = view.scope, TicketFilter.of(view.args, person)
    else:
        view = next((one for one in views if team is None and str(one.id) == args.get("view")), None)
        wanted = TicketFilter.from_args(args, person)
    wanted = wanted.within(offers.people, offers.slugs)
    return Listing(person, scope, wanted, offers, team, view, layout, views)
