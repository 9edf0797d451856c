"""Knocking at the desk: one request of one person, undone afterwards; what came back, with everything in it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask import Flask, session

from app.core.db import db
from app.tickets.models import Ticket

from . import reading_table, writing_table
from .identities import AGENTS, AS_STAFF
from .plants import Plants, secret
from .table import TICKETS

FILED = ("requester_id", "filed_by_id", "team_id", "priority", "impact", "urgency", "channel", "is_confidential")


@dataclass(frozen=True)
class Answer:
    """Status, everything that left the desk (body, headers, what the cookie holds), statements that wrote."""

    method: str
    asked: str
    status: int
    text: str
    location: str
    wrote: list[str]


def drawn_once(draw: Callable[..., str]) -> Callable[..., str]:
    """A page is the same whenever the same person is told the same in it: after the first time what it says is enough,
    and there stands whatever one door tells and another does not."""
    drawn: set[tuple[str, ...]] = set()

    def said(template: str, **values: Any) -> str:
        words = (session.get("_user_id", ""), template, *map(str, values.values()))
        if words in drawn:
            return "\n".join(words[1:])
        page = draw(template, **values)
        drawn.add(words)
        return page

    return said


class Door:
    """The planted desk and a way to try it as anybody."""

    def __init__(self, app: Flask, connection: sa.Connection, plants: Plants, written: list[str]) -> None:
        self.app = app
        self.plants = plants
        self._connection = connection
        self._written = written
        self._urls: dict[tuple[str, str], str] = {}
        self._cookies = {name: self._cookie(token) for name, token in plants.tokens.items()}

    def _cookie(self, token: str) -> str:
        """What a browser holds after the form of sign-in."""
        return self._signer().dumps({"_user_id": token, "_fresh": True})

    def _signer(self) -> Any:
        return self.app.session_interface.get_signing_serializer(self.app)

    def url(self, endpoint: str, thing: str = "-", **query: Any) -> str:
        """The address of a page about something planted."""
        if query:
            return self._built(endpoint, thing, query)
        if (endpoint, thing) not in self._urls:
            self._urls[endpoint, thing] = self._built(endpoint, thing, {})
        return self._urls[endpoint, thing]

    def _built(self, endpoint: str, thing: str, query: dict[str, Any]) -> str:
        with self.app.test_request_context():
            return self.app.url_for(endpoint, **self.plants.things.get(thing, {}), **query)

    def get(self, who: str, endpoint: str, thing: str = "-", **query: Any) -> Answer:
        return self.knock(who, "GET", self.url(endpoint, thing, **query))

    def post(self, who: str, endpoint: str, thing: str = "-", /, **data: Any) -> Answer:
        return self.knock(who, "POST", self.url(endpoint, thing), data)

    def knock(self, who: str, method: str, url: str, data: dict[str, Any] | None = None, **about: Any) -> Answer:
        """One request, undone."""
        asked = f"{url} {data or ''}"
        with self._undone():
            browser = self.app.test_client()
            if who in self._cookies:
                browser.set_cookie(self.app.config["SESSION_COOKIE_NAME"], self._cookies[who])
            try:
                response = browser.open(url, method=method, data=data, **about)
            except Exception as error:  # under test the app lets its bugs through
                return Answer(method, asked, 500, repr(error), "", [])
            text = response.get_data().decode("utf-8", "replace")
            response.close()
            headers = "\n".join(f"{name}: {value}" for name, value in response.headers)
            return Answer(method, asked, response.status_code, f"{text}\n{headers}\n{self._held(browser)}",
                          response.headers.get("Location", ""), list(self._written))

    def filed(self, who: str, url: str, form: dict[str, Any]) -> dict[str, Any]:
        """The facts of the ticket that a form of filing makes."""
        made: list[dict[str, Any]] = []

        def keep(_mapper: Any, _connection: Any, ticket: Ticket) -> None:
            made.append({name: getattr(ticket, name) for name in FILED})

        sa.event.listen(Ticket, "before_insert", keep)
        try:
            self.knock(who, "POST", url, form)
        finally:
            sa.event.remove(Ticket, "before_insert", keep)
        return made[0]

    @contextmanager
    def _undone(self) -> Iterator[None]:
        db.session.commit()
        self._written.clear()
        self._connection.exec_driver_sql("SAVEPOINT knock")
        try:
            yield
        finally:
            db.session.remove()
            # Rolled back to it still stands, and thousands within one another use up PostgreSQL's locks.
            for statement in ("ROLLBACK TO SAVEPOINT knock", "RELEASE SAVEPOINT knock"):
                self._connection.exec_driver_sql(statement)

    def _held(self, browser: Any) -> str:
        """What the session cookie says in plain text: a flashed sentence, for example."""
        cookie = browser.get_cookie(self.app.config["SESSION_COOKIE_NAME"])
        held = self._signer().loads(cookie.value) if cookie else {}
        return str({name: value for name, value in held.items() if name != "_user_id"})

    def known_to(self, who: str) -> set[str]:
        """The secrets this person may read, by what the person is to each ticket."""
        known = {word for word, ticket in self.plants.public.items() if TICKETS[ticket][who] != "."}
        known |= {word for word, ticket in self.plants.internal.items() if TICKETS[ticket][who] in AS_STAFF}
        known |= {word for word, owner in self.plants.own.items() if owner == who}
        known |= reading_table.read_by(self.plants, who) | reading_table.written_by(self.plants, who)
        known |= writing_table.may_come_upon(self.plants, who)
        known |= self.plants.agents if who in AGENTS else set()
        return known | self._merged(who) | (self.plants.administrators if who == "admin" else set())

    def _merged(self, who: str) -> set[str]:
        """Whoever is staff of `printer` reads there what was said on `merged`, which is a part of it now."""
        if TICKETS["printer"][who] not in AS_STAFF:
            return set()
        words = self.plants.public | self.plants.internal
        return {word for word, ticket in words.items() if ticket == "merged"} - {secret("merged", "subject")}

    def readable_by(self, who: str) -> set[str]:
        """What of it must stand on some page: what agents may come upon, they may have to look for."""
        return self.known_to(who) - self.plants.agents - reading_table.written_by(self.plants, who) \
            - writing_table.may_come_upon(self.plants, who)

    def told(self, answer: Answer) -> set[str]:
        """The secrets that stand in an answer and did not stand in the question."""
        return {word for word in self.plants.secrets if word in answer.text and word not in answer.asked}

