"""Reply templates and macros of one agent, of a team and of the desk, each with a word of its own."""

from collections.abc import Callable
from typing import Any

from app.accounts.models import User
from app.accounts.queries import team
from app.core.db import db
from app.tickets.templating.models import Macro, ReplyTemplate


def plant(plants: Any, cast: dict[str, User], secret: Callable[..., str]) -> None:
    """What an agent keeps alone is for that agent; the desk's is for agents, whom they may know of."""
    own, agents = secret("words", "own"), secret("words", "desk")
    plants.own[own] = "agent"
    plants.agents.add(agents)
    for name, word, reach in (("desk", agents, {}), ("team", "Words", {"team_id": team("network").id}),
                              ("agent", own, {"owner_id": cast["agent"].id})):
        kept = {"names": {"en": word}, "bodies": {"en": word}, **reach}
        template, macro = ReplyTemplate(keyword="kept", **kept), Macro(says="note", steps={"tags": ["kept"]}, **kept)
        db.session.add_all([template, macro])
        db.session.flush()
        plants.things |= {f"words-{name}": {"template_id": template.id}, f"macro-{name}": {"macro_id": macro.id}}
    for ticket, number in plants.tickets.items():
        plants.things[f"{ticket}-run"] = {"number": number, **plants.things["macro-desk"]}
    plants.things["printer-own-run"] = {"number": plants.tickets["printer"], **plants.things["macro-agent"]}
