"""The sample organisation: an invented network of training centres with a year of tickets and a knowledge base, in
three languages.

`load` fills an empty desk (or one beside real people, if asked for), `remove` takes it away again.
"""

from datetime import datetime

from app.accounts import queries as accounts
from app.core.db import db
from app.core.events import history
from app.importing import figures
from app.importing.sample import articles_content, articles_telling, content, desk, ledger, people, tickets, words
from app.importing.sample.articles_readers import Readers
from app.importing.sample.ledger import Refused, is_loaded
from app.importing.sample.people import PASSWORD
from app.importing.sample.removal import remove

__all__ = ["PASSWORD", "Refused", "is_loaded", "load", "remove", "sign_in_lines"]


def load(now: datetime, beside: bool = False) -> list[str]:
    """Make it, unless it is here already; commits. Returns how to sign in, a line for each role.

    Raises Refused on a desk with people of its own, unless `beside` says that both are wanted.
    """
    if is_loaded():
        return sign_in_lines()
    moment = now.replace(microsecond=0)
    told, password = content.load(), people.password_hash()
    knowledge = articles_content.checked(told)
    db.session.rollback()
    _refuse_real_desk(beside)
    with history():
        everybody = people.settle(told.organisation, password, moment - tickets.YEAR, beside)
        arranged = desk.arrange(told, everybody, moment, beside)
        words.arrange(arranged.reasons, moment)
        tickets.write(told, everybody, arranged, moment)
        articles = articles_telling.tell(knowledge, everybody, moment)
        Readers(knowledge, articles, everybody, arranged, moment).write()
    ledger.stamp(moment)
    db.session.commit()
    figures.catch_up(moment)
    return sign_in_lines()


def _refuse_real_desk(beside: bool) -> None:
    if ledger.has_leftovers():
        raise Refused("rows of an earlier sample are still in use here; flask sample remove lists them.")
    if accounts.anybody() and not beside:
        raise Refused("this desk has people of its own, and everybody of the sample has the same, published password. "
                      "If that is what you want: flask sample load --beside")


def sign_in_lines() -> list[str]:
    """Role, address and password, a line for each role."""
    shown = [person for person in content.load().organisation.people
             if not person.email.startswith(person.slug)]
    width = max(len(person.role) for person in shown)
    return [f"{person.role:<{width}}  {person.email}  {PASSWORD}" for person in shown]
