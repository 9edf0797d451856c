"""The sample's reply templates and macros, for the whole desk."""

import tomllib
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from app.core.db import db
from app.core.i18n import LANGUAGES
from app.core.slugs import free
from app.importing.sample.ledger import remember
from app.tickets.models import PendingReason
from app.tickets.templating.models import Macro, ReplyTemplate

DATA = Path(__file__).parent / "data" / "templates.toml"


def arrange(reasons: Mapping[str, PendingReason], now: datetime) -> None:
    """Make them; the caller commits."""
    told = tomllib.loads(DATA.read_text(encoding="utf-8"))
    templates = {wanted["keyword"]: _template(wanted, place, now)
                 for place, wanted in enumerate(told["templates"])}
    for place, wanted in enumerate(told["macros"]):
        _macro(wanted, place, templates, reasons, now)


def _template(wanted: dict[str, Any], place: int, now: datetime) -> ReplyTemplate:
    taken = set(db.session.scalars(sa.select(ReplyTemplate.keyword)))
    made = ReplyTemplate(keyword=free(wanted["keyword"], taken), names=wanted["name"], bodies=_bodies(wanted),
                         position=place, created_at=now)
    return _kept(made)


def _macro(wanted: dict[str, Any], place: int, templates: Mapping[str, ReplyTemplate],
           reasons: Mapping[str, PendingReason], now: datetime) -> None:
    steps = dict(wanted["steps"])
    if "reason" in steps:
        steps["reason"] = reasons[steps["reason"]].slug
    template = templates.get(wanted.get("template", ""))
    _kept(Macro(names=wanted["name"], says=wanted["says"], bodies=_bodies(wanted), steps=steps, position=place,
                template_id=template.id if template else None, goes_on=wanted.get("goes_on", False), created_at=now))


def _bodies(wanted: dict[str, Any]) -> dict[str, str]:
    return {code: wanted[code].strip() for code in LANGUAGES if code in wanted}


def _kept(made: Any) -> Any:
    db.session.add(made)
    db.session.flush()
    remember(made)
    return made
