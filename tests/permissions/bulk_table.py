"""The table of rights on the next ticket and on what is done to several tickets at once."""

from typing import Any

from .grid import Group

NEXT = Group("The next ticket: agents, and the administrator; it leads to what is theirs to do, or nowhere.", """
tickets.next_show  303
tickets.next_take  303
""", """
     anonymous customer  aigul  bakyt  agent  rival  first  lead  chief  manager  admin
-        s        .        .      .      G      G      G     G      G       .       A
""")

BULK = Group("One deed on several tickets: agents, and the administrator; each ticket by its own right.", """
tickets.bulk_create      303
tickets.bulk_create:ask  200
""", """
     anonymous customer  aigul  bakyt  agent  rival  first  lead  chief  manager  admin
-        s        .        .      .      G      G      G     G      G       .       A
""")

OWN_DEED = Group("What became of a deed, and taking it back: whoever did it.", """
tickets.bulk_show  200
tickets.bulk_undo  303
""", """
            anonymous customer  aigul  bakyt  agent  rival  first  lead  chief  manager  admin
deed-agent      s        .        .      .      O      .      .     .      .       .       .
""")

GROUPS = (NEXT, BULK, OWN_DEED)


def _all(**said: str) -> Any:
    """Every ticket there is, whoever asks."""
    return lambda plants, thing: {"tickets": list(plants.tickets.values()), **said}


FORMS = {"tickets.bulk_create": _all(verb="tag", name="word", sure="1"), "tickets.bulk_create:ask": _all(verb="merge")}
