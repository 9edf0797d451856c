"""Who may do what, as one page of data per room: permission -> questions that must all be answered yes."""

from collections.abc import Callable
from typing import Any

Question = Callable[[Any, Any], bool]
RULES: dict[str, list[Question]] = {}


def rules(of_a_room: dict[str, list[Question]]) -> None:
    """Add a room's permissions. Raises ValueError for one that asks nothing, which would let everybody in, and for
    one that another room has declared."""
    if loose := [name for name, questions in of_a_room.items() if not questions or name in RULES]:
        raise ValueError(f"permissions without a question or declared twice: {', '.join(loose)}")
    RULES.update(of_a_room)


def may(person: Any, permission: str, subject: Any = None) -> bool:
    """Whether the person may do this to the subject. Raises KeyError for a permission nobody declared."""
    return all(question(person, subject) for question in RULES[permission])


def any_of(*questions: Question) -> Question:
    """A question that is answered yes when one of several is."""

    def either(person: Any, subject: Any) -> bool:
        return any(question(person, subject) for question in questions)

    return either


def none_of(*questions: Question) -> Question:
    """A question that is answered yes when all of several are answered no."""

    def neither(person: Any, subject: Any) -> bool:
        return not any(question(person, subject) for question in questions)

    return neither


def public(person: Any, subject: Any) -> bool:
    """Anybody, signed in or not."""
    return True


def signed_in(person: Any, subject: Any) -> bool:
    return bool(person.is_authenticated)


rules({"public": [public], "signed_in": [signed_in]})
