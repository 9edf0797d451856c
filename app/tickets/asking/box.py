"""The box in which people ask: what it shows for the words so far, and what a filled one is taken as."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any

from flask_babel import gettext as _

from app.accounts.models import Team
from app.catalogue import queries as catalogue
from app.catalogue.models import RequestType
from app.core.errors import NotFound
from app.core.forms import Form
from app.core.policy import may
from app.core.registries import panels

from .. import actions, fields, forms
from ..vocabulary import KINDS
from . import guess as guessing
from .guess import Guess


@dataclass(frozen=True)
class Taken:
    """What a request is taken as now. `chosen` is what the person said; else `guess` tells."""

    chosen: RequestType | None = None
    guess: Guess = field(default_factory=Guess)
    kept: RequestType | None = None
    """The guess that stood when its questions were answered: more words do not throw the answers away."""

    @property
    def kind(self) -> RequestType | None:
        return self.chosen or self.kept or self.guess.kind

    @property
    def may_be_confidential(self) -> bool:
        """Then nothing of its words is remembered."""
        return any(kind.is_confidential for kind in [self.kind, self.guess.discreet, *self.guess.offers] if kind)

    @property
    def state(self) -> str:
        """In one word: what the part of the page shows that may have to be drawn anew."""
        offers = ".".join(kind.slug for kind in self.guess.offers)
        discreet = self.guess.discreet.slug if self.guess.discreet else ""
        return f"{self.kind.slug if self.kind else ''}|{'' if self.chosen is None else 'c'}|{offers}|{discreet}"


def on_offer(slug: str) -> RequestType:
    """The request type, if one may file under it now. Raises NotFound."""
    kind = catalogue.by_slug(slug)
    if kind is None or not kind.is_active:
        raise NotFound()
    return kind


def taken(form: Any) -> Taken:
    """What the fields of a form mean. Raises NotFound for a choice that is not on offer."""
    slug = form.get("request_type") or form.get("take_as") or ""
    chosen = on_offer(slug) if slug else None
    if chosen is not None and not form.get("take_as"):
        return Taken(chosen)
    kinds = catalogue.on_offer()
    guess = guessing.guess(form.get("subject", ""), form.get("body", ""), kinds)
    return Taken(chosen, guess, None if chosen else _kept(form, kinds))


def _kept(form: Any, kinds: Sequence[RequestType]) -> RequestType | None:
    shown = form.get("guessed")
    is_answered = any(text.strip() for name, text in form.items(multi=True) if name and name.startswith(fields.PREFIX))
    return next((kind for kind in kinds if kind.slug == shown and not kind.is_confidential), None) \
        if shown and is_answered else None


def form_for(kind: RequestType | None, person: Any, **about: Any) -> Form:
    """What this person is asked about such a request; without a type what everybody is asked."""
    base = forms.AgentFilingForm if may(person, "ticket.file_for_others") else forms.FilingForm
    if kind is None:
        return base(channel="web", impact="low", urgency="medium", **about)
    return fields.asked_with(base, kind.fields)(impact=kind.impact, urgency=kind.urgency, channel="web", **about)


def values(form: Form, what: Taken, person: Any, now: datetime, at: str = "ask") -> dict[str, Any]:
    """What the templates of the box need. `at` names the page it stands on, for its drafts."""
    kind, said = what.kind, {}
    if kind is not None:
        draft = actions.draft(actions.Request(kind, "", "", person), person, now)
        said = {"promises": panels("filing", draft, person, now), "readers": readers(kind, draft.team),
                "own": fields.own_fields(form, kind.fields)}
    secret = what.guess.discreet if what.guess.kind else None
    return {"form": form, "kind": kind, "what": what, "at": at, "secret": secret, "groups": groups(),
            "secret_readers": readers_of(secret, person) if secret else [],
            "promises": [], "readers": [], "own": [], **said}


def groups() -> list[tuple[str, list[RequestType]]]:
    """The request types on offer, sorted by what kind of thing they are, in the administrator's order."""
    order = list(KINDS)
    sorted_ = sorted(catalogue.on_offer(), key=lambda kind: order.index(kind.kind))
    return [(str(KINDS[name]), list(kinds)) for name, kinds in groupby(sorted_, key=lambda kind: kind.kind)]


def readers_of(kind: RequestType, person: Any) -> list[str]:
    """The same before the team is known in which it would land."""
    return readers(kind, catalogue.landing_team(kind, person.department_id, "web"))


def readers(kind: RequestType, team: Team) -> list[str]:
    """Who alone will see a confidential request."""
    if not kind.is_confidential:
        return []
    named = [access.team.title if access.team else access.user.name for access in kind.named]
    return list(dict.fromkeys([team.title, *named]))


def missing_type(form: Form) -> None:
    """Say that the words do not tell what it is about, beside what else is wrong."""
    form.form_errors.append(_("We cannot tell from the words what it is about: please choose."))


def at_of(given: str) -> str:
    """Where the box stood that was sent: `ask`, `home`, or the short name of a request type."""
    return given if given.replace("-", "").isalnum() and given.isascii() and len(given) <= 60 else "ask"

