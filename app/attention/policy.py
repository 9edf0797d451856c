"""Who finds the page of absences in the menu; who may announce and change them stands with the accounts."""

from app.accounts.policy import is_administrator, is_agent
from app.core.policy import any_of, rules


def is_manager(person, subject) -> bool:
    return bool(person.is_manager)


rules({"absence.menu": [any_of(is_agent, is_administrator, is_manager)]})
