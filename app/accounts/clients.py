"""Clients: organisations for which people ask, and people who ask. What hangs on them other rooms say in panels."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import joinedload, lazyload

from app.core import slugs
from app.core.db import db
from app.core.edits import Facts, changes
from app.core.errors import Conflict, Invalid
from app.core.events import record

from .models import Organisation, User
from .queries import one, people_like

PAGES = frozenset({"new", "people"})
"""What stands where the short name of an organisation would."""
LONGEST_SLUG = 50
MOST_NAMED = 500
COLUMNS = ("name", "domains", "notes", "is_active")
_DOMAIN = re.compile(r"(?=.{4,253}\Z)([\w-]{1,63}\.)+[\w-]{2,63}")


@dataclass(frozen=True)
class Client:
    """Of whom a page gathers everything: one person, or all people of an organisation."""

    person: User | None = None
    organisation: Organisation | None = None

    def asks(self, requester: Any) -> Any:
        """The condition that a column holds one of the people."""
        if self.person is not None:
            return requester == self.person.id
        return requester.in_(sa.select(User.id).where(User.organisation_id == self.organisation.id))


def of_person(user_id: int) -> Client:
    """Raises NotFound."""
    return Client(person=one(User, User.id == (user_id if user_id < 2**31 else 0)))


def organisation(slug: str) -> Organisation:
    """Raises NotFound."""
    return one(Organisation, Organisation.slug == slug)


def of_organisation(slug: str) -> Client:
    """Raises NotFound."""
    return Client(organisation=organisation(slug))


def organisations(text: str) -> sa.Select:
    """Those whose name contains a text; all for an empty one."""
    found = sa.select(Organisation)
    spellings = {text, text.lower(), text.upper(), text.title(), text.capitalize()}
    return found.where(sa.or_(*(Organisation.name.contains(one, autoescape=True) for one in sorted(spellings)))) \
        if text else found


def people(text: str) -> sa.Select:
    """People of the desk by a part of name or address, with where they belong."""
    return people_like(text).options(joinedload(User.department), joinedload(User.organisation),
                                     lazyload(User.memberships))


def people_of(organisation_id: int) -> sa.Select:
    return (sa.select(User).where(User.organisation_id == organisation_id)
            .options(joinedload(User.department), joinedload(User.organisation), lazyload(User.memberships)))


def named(present: Organisation | None = None) -> list[tuple[str, str]]:
    """Short name and name of every client, for a choice; the present one too if it is no longer a client."""
    found = sa.select(Organisation.slug, Organisation.name).where(Organisation.is_active)
    rows = [tuple(row) for row in db.session.execute(found.order_by(Organisation.name).limit(MOST_NAMED))]
    own = [(present.slug, present.name)] if present is not None else []
    return list(dict.fromkeys([*own, *rows]))


def facts(client: Organisation) -> Facts:
    """What may be changed about an organisation."""
    return {name: getattr(client, name) for name in COLUMNS}


def create(given: Facts, by: User, now: datetime) -> Organisation:
    """A new client; its address is made of its name and stays. The caller commits."""
    made = Organisation(slug=_free_slug(given["name"]), domains=[], name="", notes="")
    _apply(made, given)
    db.session.add(made)
    db.session.flush()
    record("organisation.created", made, by=by, at=now, name=made.name)
    return made


def change(client: Organisation, given: Facts, by: User, now: datetime) -> None:
    """Raises Conflict for a domain that another client has. Who has an account already stays where they are."""
    changed = changes(facts(client), given)
    if changed:
        _apply(client, given)
        db.session.flush()
        record("organisation.changed", client, by=by, at=now, changes=changed)


def belong(person: User, slug: str, by: User, now: datetime) -> None:
    """Put a person under an organisation, or under none."""
    client = organisation(slug) if slug else None
    if person.organisation_id == (client.id if client else None):
        return
    before = person.organisation.name if person.organisation else None
    person.organisation = client
    record("user.changed", person, by=by, at=now, changes={"organisation": [before, client.name if client else None]})


def arrives_again(person: User, by: User | None, now: datetime) -> None:
    """Mail may go to the address of this person again; does nothing where it may."""
    if person.bounced_at is not None:
        person.bounced_at, person.bounce_reason = None, ""
        record("user.mail_arrives", person, by=by, at=now)


def domains_in(text: str) -> list[str]:
    """Mail domains, one per line or with commas between. Raises Invalid naming the first that is none."""
    found = [word.lower().lstrip("@") for word in re.split(r"[\s,;]+", text) if word]
    for word in found:
        if not _DOMAIN.fullmatch(word):
            raise Invalid(_("“%(text)s” is not a mail domain.", text=word))
    return list(dict.fromkeys(found))


def _apply(client: Organisation, given: Facts) -> None:
    _refuse_taken(client, given["domains"])
    for name in COLUMNS:
        setattr(client, name, given[name])


def _refuse_taken(client: Organisation, domains: list[str]) -> None:
    """Few organisations have domains, and the two databases ask lists in different ways."""
    with db.session.no_autoflush:
        others = db.session.execute(sa.select(Organisation.name, Organisation.domains)
                                    .where(Organisation.id.is_distinct_from(client.id)))
        for name, theirs in others:
            if shared := set(domains) & set(theirs):
                raise Conflict(_("%(domain)s belongs to %(name)s.", domain=sorted(shared)[0], name=name))


def _free_slug(name: str) -> str:
    wanted = slugs.slug_of(name)[:LONGEST_SLUG].strip("-") or "client"
    taken = db.session.scalars(sa.select(Organisation.slug).where(Organisation.slug.startswith(wanted)))
    return slugs.free(wanted, {*taken, *PAGES})
