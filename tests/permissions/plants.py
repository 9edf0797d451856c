"""A desk full of secrets: each word stands in one place only, so that wherever it turns up the leak has a name."""

from dataclasses import dataclass, field
from datetime import timedelta
from io import BytesIO
from itertools import count
from typing import Any

import sqlalchemy as sa

from app.accounts import absence_actions, sign_in
from app.accounts import links as account_links
from app.accounts.absence_checks import Plan
from app.accounts.models import SignIn, User
from app.accounts.queries import team
from app.backtest import actions as backtests
from app.backtest import subjects
from app.backtest.models import Flip
from app.calendars import actions as calendar_actions
from app.calendars import queries as calendar_queries
from app.calendars import standard as hours
from app.catalogue.models import IntakeRule, RequestTypeAccess
from app.core import clock, files, outbox, relay
from app.core.db import db
from app.core.events import Event
from app.kpi import refresh
from app.notifications.models import Notification
from app.sla import actions as sla_actions
from app.sla import queries as sla_queries
from app.sla import standard as promise
from app.sla.models import SlaRule
from app.tickets import actions
from app.tickets.models import Message, Ticket, TicketAccess, TicketLink
from tests import factories, people

from . import (
    article_plants,
    ask_plants,
    bulk_plants,
    client_plants,
    identities,
    learning_plants,
    mail_plants,
    mailbox_plants,
    rating_plants,
    reading_plants,
    sending_plants,
    telling_table,
    view_plants,
    way_plants,
    words_plants,
    writing_plants,
)

PASSWORD = "correct horse battery"
HASHED = sign_in.hashed(PASSWORD)


def secret(*parts: str) -> str:
    """A word that stands nowhere else and in no other word."""
    return "-".join((*parts, "q7"))


@dataclass
class Plants:
    """What was planted: ids by name, and for each secret word what it belongs to."""

    people: dict[str, int] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    tickets: dict[str, int] = field(default_factory=dict)
    things: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Name -> the parts of the address of a page about it."""
    public: dict[str, str] = field(default_factory=dict)
    """Secret -> the ticket whose requester may read it."""
    internal: dict[str, str] = field(default_factory=dict)
    """Secret -> the ticket whose staff alone may read it."""
    own: dict[str, str] = field(default_factory=dict)
    """Secret -> the one person who may read it."""
    articles: dict[str, str] = field(default_factory=dict)
    """Secret -> the article whose readers may read it."""
    feedback: dict[str, str] = field(default_factory=dict)
    """Secret -> the article whose writers alone may read it."""
    agents: set[str] = field(default_factory=set)
    """What agents may come upon: whom the desk knows, what level 1 may grant."""
    administrators: set[str] = field(default_factory=set)
    nobodys: set[str] = field(default_factory=set)

    @property
    def secrets(self) -> list[str]:
        return [*self.public, *self.internal, *self.own, *self.articles, *self.feedback, *self.agents,
                *self.administrators, *self.nobodys]

    def said(self, ticket: str, what: str) -> str:
        word = secret(ticket, what)
        self.public[word] = ticket
        return word

    def kept(self, ticket: str, what: str) -> str:
        word = secret(ticket, what)
        self.internal[word] = ticket
        return word


def plant() -> Plants:
    """Everybody and everything; the caller commits."""
    numbers = count(70_001)

    def number(_mapper: Any, _connection: Any, ticket: Ticket) -> None:
        """One that stands in no page by chance."""
        ticket.id = next(numbers)

    sa.event.listen(Ticket, "before_insert", number)
    try:
        return _planted()
    finally:
        sa.event.remove(Ticket, "before_insert", number)


def _planted() -> Plants:
    plants, cast = Plants(), identities.build()
    plants.people = {name: person.id for name, person in cast.items()}
    promise.install(hours.install("Asia/Bishkek", cast["admin"], clock.now()), cast["admin"], clock.now())
    factories.pending_reason("supplier")
    kinds = _request_types(cast)
    _printer(plants, cast, kinds)
    _second(plants, cast, kinds)
    _others(plants, cast, kinds)
    _confidential(plants, cast, kinds)
    db.session.flush()
    _links(plants, cast)
    _notifications(plants)
    _accounts(plants, cast)
    _desk(plants, cast)
    mailbox_plants.plant(plants, secret)
    _absence(plants, cast)
    _places(plants)
    learning_plants.plant(plants, cast)
    reading_plants.plant(plants, cast, secret)
    writing_plants.plant(plants, cast, secret)
    article_plants.plant(plants, cast)
    rating_plants.plant(plants, cast)
    bulk_plants.plant(plants, cast, secret("agent", "deed"))
    ask_plants.plant(plants, cast)
    view_plants.plant(plants, cast)
    client_plants.plant(plants, cast)
    way_plants.plant(plants, cast)
    words_plants.plant(plants, cast, secret)
    mail_plants.plant(plants, cast)
    sending_plants.plant(plants, cast)
    _plans(plants)
    _drafts(plants, cast)
    db.session.flush()
    refresh.refresh(clock.now())
    return plants


def _request_types(cast: dict[str, User]) -> dict[str, Any]:
    first, network, accounts = (cast[name].memberships[0].team for name in ("first", "agent", "rival"))
    field_of = [{"key": "place", "type": "text", "labels": people.names("Place")}]
    tried = [{"key": "tried", "type": "text", "labels": people.names("Tried")}]
    kinds = {
        "printer": factories.request_type("printer", first, level2_team=network, fields=field_of,
                                          handover_fields=tried),
        "cable": factories.request_type("cable", network), "salary": factories.request_type("salary", accounts),
        "accident": factories.request_type("accident", accounts, is_confidential=True, fields=field_of),
        "complaint": factories.request_type("complaint", network, is_confidential=True),
    }
    kinds["printer"].authority = people.names(secret("authority"))
    kinds["accident"].named.append(RequestTypeAccess(user_id=cast["chief"].id))
    return kinds


def _file(plants: Plants, name: str, requester: User, kind: Any, **about: Any) -> Ticket:
    """A ticket with a secret in its subject and its first message, and a note that only agents read."""
    ticket = factories.ticket(requester, kind, plants.said(name, "subject"), plants.said(name, "body"), **about)
    plants.tickets[name] = ticket.id
    plants.things[name] = {"number": ticket.id}
    return ticket


def _attach(plants: Plants, message: Message, name: str, internal: bool) -> None:
    """A file whose name and content are secrets of the message's kind."""
    word = plants.kept if internal else plants.said
    ticket, _dash, what = name.partition("-")
    stored = files.store(BytesIO(word(ticket, f"{what}-content").encode()), word(ticket, what) + ".txt")
    actions.attach(message, [stored])
    db.session.flush()
    plants.things[name] = {"attachment_id": db.session.scalar(sa.select(sa.func.max(actions.Attachment.id)))}


def _note(plants: Plants, ticket: Ticket, by: User) -> Message:
    name = next(name for name, number in plants.tickets.items() if number == ticket.id)
    return ticket.note(plants.kept(name, "note"), by)


def _printer(plants: Plants, cast: dict[str, User], kinds: dict[str, Any]) -> None:
    """Filed, answered, noted and tagged on level 1, then escalated; on level 2 in nobody's hands."""
    first, place = cast["first"], {"place": plants.said("printer", "field")}
    ticket = _file(plants, "printer", cast["aigul"], kinds["printer"], fields=place)
    _attach(plants, ticket.messages[0], "printer-file", internal=False)
    ticket.take(first)
    reply = ticket.reply(plants.said("printer", "reply"), first)
    _attach(plants, reply, "printer-replyfile", internal=False)
    _attach(plants, _note(plants, ticket, first), "printer-notefile", internal=True)
    actions.tag(ticket, plants.kept("printer", "tag"), first)
    subject = ticket.subject
    ticket.change({"subject": plants.kept("printer", "oldsubject")}, first)
    ticket.change({"subject": subject}, first)
    ticket.tell_lead(plants.kept("printer", "leadnotice"), first)
    ticket.escalate(cast["agent"].memberships[0].team, plants.kept("printer", "reason"), first,
                    answers={"tried": plants.kept("printer", "answer")})
    plants.things["printer-tag"] = {"number": ticket.id, "name": secret("printer", "tag")}


def _second(plants: Plants, cast: dict[str, User], kinds: dict[str, Any]) -> None:
    """The same way again: what those who see `printer` may link it to."""
    ticket = _file(plants, "second", cast["aigul"], kinds["printer"])
    _note(plants, ticket, cast["first"])
    ticket.escalate(cast["agent"].memberships[0].team, plants.kept("second", "reason"), cast["first"])


def _others(plants: Plants, cast: dict[str, User], kinds: dict[str, Any]) -> None:
    agent, lead, rival = cast["agent"], cast["lead"], cast["rival"]
    foreign = _file(plants, "foreign", cast["bakyt"], kinds["salary"])
    _note(plants, foreign, rival)
    own = _file(plants, "own", agent, kinds["cable"])
    _note(plants, own, lead)
    actions.tag(own, plants.kept("own", "tag"), lead)
    watched = _file(plants, "watched", cast["dastan"], kinds["cable"], by=rival, channel="phone")
    _note(plants, watched, agent)
    actions.watch(watched, cast["bakyt"], agent)
    ended = _file(plants, "ended", cast["customer"], kinds["cable"])
    _note(plants, ended, agent)
    ended.resolve(agent)
    ended.close()
    merged = _file(plants, "merged", cast["bakyt"], kinds["cable"])
    _note(plants, merged, agent)
    _attach(plants, merged.messages[0], "merged-file", internal=False)
    actions.merge(merged, db.session.get(Ticket, plants.tickets["printer"]), agent)


def _confidential(plants: Plants, cast: dict[str, User], kinds: dict[str, Any]) -> None:
    """`quiet` is for accounts and its lead, as its type says; `sealed` lies in network and names one of level 1."""
    quiet = _file(plants, "quiet", cast["aigul"], kinds["accident"], fields={"place": plants.said("quiet", "field")})
    _attach(plants, quiet.messages[0], "quiet-file", internal=False)
    _attach(plants, _note(plants, quiet, cast["rival"]), "quiet-notefile", internal=True)
    subject = quiet.subject
    quiet.change({"subject": plants.kept("quiet", "oldsubject")}, cast["rival"])
    quiet.change({"subject": subject}, cast["rival"])
    quiet.tell_lead(plants.kept("quiet", "leadnotice"), cast["rival"])
    actions.tag(quiet, plants.kept("quiet", "tag"), cast["rival"])
    sealed = _file(plants, "sealed", cast["dastan"], kinds["complaint"])
    sealed.accesses[:] = [TicketAccess(user_id=cast["first"].id)]
    _note(plants, sealed, cast["first"])


def _links(plants: Plants, cast: dict[str, User]) -> None:
    """From `printer` to what others see: to another team's ticket, and to one that level 1 does not see."""
    printer = db.session.get(Ticket, plants.tickets["printer"])
    for name in ("foreign", "watched"):
        actions.link(printer, db.session.get(Ticket, plants.tickets[name]), "related", cast["admin"])
        db.session.flush()
        held = db.session.scalar(sa.select(TicketLink.id).where(TicketLink.other_id == plants.tickets[name]))
        plants.things[f"printer-{name}"] = {"number": printer.id, "link_id": held}


def _notifications(plants: Plants) -> None:
    """Aigul is told of her ticket; Bakyt was told of one that is out of his sight since."""
    for name, told in (("aigul", "printer"), ("bakyt", "quiet"), ("agent", "watched")):
        event = db.session.scalar(sa.select(Event).where(
            Event.subject_type == "ticket", Event.subject_id == plants.tickets[told], Event.kind == "ticket.filed"))
        made = Notification(event_id=event.id, user_id=plants.people[name], channel="app", created_at=clock.now(),
                            ticket_id=plants.tickets[told])
        db.session.add(made)
        db.session.flush()
        plants.things[f"told-{name}"] = {"notification_id": made.id}


def _accounts(plants: Plants, cast: dict[str, User]) -> None:
    """Where each is signed in, a link to set a password, a person nobody hears of."""
    for name, person in cast.items():
        word = secret("browser", name)
        plants.tokens[name] = sign_in.begin(person, clock.now(), "127.0.0.1", word)
        plants.own[word] = name
        db.session.flush()
        plants.things[f"signed-in-{name}"] = {"sign_in_id": db.session.scalar(sa.select(sa.func.max(SignIn.id)))}
        person.password_hash = HASHED
    cast["zarina"].name, cast["zarina"].email = secret("person", "name"), secret("person", "mail") + "@jardam.example"
    plants.agents |= {secret("person", "name"), secret("person", "mail"), secret("authority")}
    plants.things["zarina"] = {"user_id": cast["zarina"].id}
    url = account_links.make(cast["dastan"], "reset", clock.now())
    plants.things["link"] = {"token": url.rpartition("/")[2]}
    plants.things["off-link"] = telling_table.link_of(cast["aigul"])
    plants.nobodys |= {url.rpartition("/")[2], HASHED}


def _absence(plants: Plants, cast: dict[str, User]) -> None:
    """The agent will be away; one of level 1 decides approvals then."""
    today = clock.now().date()
    plan = Plan(cast["agent"], today + timedelta(days=7), today + timedelta(days=9),
                deputies={"approvals": cast["first"].id})
    plants.things["absence-agent"] = {"absence_id": absence_actions.announce(plan, cast["agent"], clock.now()).id}
    for name in ("agent", "aigul"):
        plants.things[f"person-{name}"] = {"user_id": cast[name].id}


def _desk(plants: Plants, cast: dict[str, User]) -> None:
    """The relay, and a row of the outbox that could not be sent."""
    relay.relay.change(host=secret("relay", "host"), sender="desk@jardam.example", user=secret("relay", "user"),
                       password=relay.seal(secret("relay", "password")))
    plants.administrators |= {secret("relay", "host"), secret("relay", "user")}
    plants.nobodys |= {secret("relay", "password"), relay.relay.password}
    row = outbox.enqueue("mail", at=clock.now() + timedelta(days=1), user_id=cast["zarina"].id)
    row.state, row.last_error, row.ended_at = "dead", secret("outbox", "error"), clock.now()
    plants.administrators.add(secret("outbox", "error"))
    db.session.flush()
    plants.things["undelivered"] = {"row_id": row.id}
    plants.things["reply-in-english"] = {"name": "ticket_replied", "language": "en"}


def _plans(plants: Plants) -> None:
    """Versions that are to hold one day."""
    now, later = clock.now(), clock.now() + timedelta(days=1000)
    office, standard = calendar_queries.by_slug("office"), sla_queries.policy("standard")
    calendar_actions.change(office, calendar_actions.Hours("Asia/Bishkek", {"0": [["09:00", "18:00"]]},
                                                           valid_from=later), None, now)
    sla_actions.change_policy(standard, sla_actions.Promised(office, {"P1": {"resolution": 3600}}, valid_from=later),
                              None, now)
    rules = sla_actions.set_rules([sla_actions.RuleWanted(standard, people.names("All"))], None, now, later)
    plants.things |= {
        "office-planned": {"slug": "office", "version_id": office.versions[-1].id},
        "standard-planned": {"slug": "standard", "version_id": standard.versions[-1].id},
        "planned-rules": {"list_id": rules.id},
    }


def _drafts(plants: Plants, cast: dict[str, User]) -> None:
    """A draft of other rules that was tried; one ticket that flipped may be opened by the administrator, one not."""
    now, everything = clock.now(), sla_actions.RuleWanted(sla_queries.policy("standard"), people.names("All"))
    draft = backtests.make("rules", None, subjects.as_content([everything, everything]), cast["admin"], now)
    db.session.add_all(Flip(backtest_id=draft.id, ticket_id=plants.tickets[name], target="resolution", before="met",
                            after="missed", is_worse=True) for name in ("printer", "sealed"))
    plants.things |= {"a-draft": {"backtest_id": draft.id}, "a-drafted-rule": {"backtest_id": draft.id, "place": 1}}


def _places(plants: Plants) -> None:
    """Pages that hide nothing but need a name in their address, and what one may listen to."""
    rule = IntakeRule(team_id=team("network").id, channel="api")
    db.session.add(rule)
    db.session.flush()
    for slug in ("network", "accounts", "office", "supplier"):
        plants.things[slug] = {"slug": slug}
    plants.things |= {
        "a-type": {"slug": "printer"}, "rule": {"rule_id": rule.id}, "filed": {"measure": "filed"},
        "no-link": {"token": "never-given"}, "standard": {"slug": "standard"},
        "sla-rule": {"rule_id": db.session.scalar(sa.select(sa.func.max(SlaRule.id)))},
        "stylesheet": {"filename": "css/base.css"}, "desk-settings": {"slug": "desk"},
        "notes-printer": {"topic": f"ticket:{plants.tickets['printer']}"},
        "notes-own": {"topic": f"ticket:{plants.tickets['own']}"},
        "agent-agent": {"topic": f"agent:{plants.people['agent']}"},
        "queue-network": {"topic": f"queue:{team('network').id}"},
    }
    for name in ("printer", "quiet", "sealed"):
        plants.things[f"news-{name}"] = {"topic": f"request:{plants.tickets[name]}"}
