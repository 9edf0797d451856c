"""The table of rights on reply templates and macros: one's own, a team's, the desk's, and what they do to a ticket."""

from typing import Any

from app.core import edits
from app.core.db import db
from app.tickets.templating import actions
from app.tickets.templating.models import Macro, ReplyTemplate

from .grid import Group

KEEPING = Group("Reply templates and macros: who answers for the desk keeps some.", """
tickets.reply_template_list     200
tickets.reply_template_new      200
tickets.reply_template_create   303 409
tickets.reply_template_preview  200
tickets.macro_list              200
tickets.macro_new               200
tickets.macro_create            303
tickets.macro_preview           200
""", """
     anonymous customer  aigul  bakyt  agent  rival  first  lead  chief  manager  admin
-        s        .        .      .      G      G      G     G      G       .       A
""")

TEMPLATES = Group("A template is looked at and used: by whose it is, by its team, the desk's by every agent.", """
tickets.reply_template_edit  200
tickets.reply_template_use   204
""", """
             anonymous customer  aigul  bakyt  agent  rival  first  lead  chief  manager  admin
words-desk       s        .        .      .      G      G      G     G      G       .       A
words-team       s        .        .      .      T      .      .     L      .       .       A
words-agent      s        .        .      .      O      .      .     .      .       .       .
""")

CHANGING = Group("It is changed by whose it is, by its team; the desk's by administrators.", """
tickets.reply_template_save    303
tickets.reply_template_remove  303
""", """
             anonymous customer  aigul  bakyt  agent  rival  first  lead  chief  manager  admin
words-desk       s        .        .      .      x      x      x     x      x       .       A
words-team       s        .        .      .      T      .      .     L      .       .       A
words-agent      s        .        .      .      O      .      .     .      .       .       .
""")

MACROS = Group("A macro is looked at by the same.", """
tickets.macro_edit  200
""", """
             anonymous customer  aigul  bakyt  agent  rival  first  lead  chief  manager  admin
macro-desk       s        .        .      .      G      G      G     G      G       .       A
macro-team       s        .        .      .      T      .      .     L      .       .       A
macro-agent      s        .        .      .      O      .      .     .      .       .       .
""")

CHANGING_MACROS = Group("And changed by the same as templates.", """
tickets.macro_save    303
tickets.macro_remove  303
""", """
             anonymous customer  aigul  bakyt  agent  rival  first  lead  chief  manager  admin
macro-desk       s        .        .      .      x      x      x     x      x       .       A
macro-team       s        .        .      .      T      .      .     L      .       .       A
macro-agent      s        .        .      .      O      .      .     .      .       .       .
""")

WRITING = Group("What may be put into a reply or done by a macro: who reads the notes.", """
tickets.completion_list        200
tickets.reply_template_choose  200
tickets.macro_choose           200
""", """
            anonymous customer  aigul  bakyt  agent  rival  first  lead  chief  manager  admin
printer         s        .        x      .      T      .      E     L      .       x       A
foreign         s        .        .      x      .      T      .     .      L       .       A
watched         s        .        .      x      T      x      .     L      .       x       A
own             s        .        .      .      x      .      .     L      .       x       A
quiet           s        .        x      .      .      T      .     .      L       .       .
sealed          s        .        .      .      .      .      N     .      .       .       .
""")

LOOKING = Group("What a macro of the desk would do to a ticket: the same.", """
tickets.macro_run_new     200
tickets.macro_run_create  303 403
""", """
                  anonymous customer  aigul  bakyt  agent  rival  first  lead  chief  manager  admin
printer-run           s        .        x      .      T      .      E     L      .       x       A
foreign-run           s        .        .      x      .      T      .     .      L       .       A
own-run               s        .        .      .      x      .      .     L      .       x       A
quiet-run             s        .        x      .      .      T      .     .      L       .       .
sealed-run            s        .        .      .      .      .      N     .      .       .       .
""")

NOT_MINE = Group("Somebody else's macro does nothing for others, whatever they are to the ticket.", """
tickets.macro_run_new     200
tickets.macro_run_create  303
""", """
                  anonymous customer  aigul  bakyt  agent  rival  first  lead  chief  manager  admin
printer-own-run       s        .        x      .      T      .      .     .      .       x       .
""")

GROUPS = (KEEPING, TEMPLATES, CHANGING, MACROS, CHANGING_MACROS, WRITING, LOOKING, NOT_MINE)

_WORDS = {"names_en": "Words", "bodies_en": "Hello {requester.name}", "position": "1", "is_active": "y",
          "reach": "own", "seen": edits.fingerprint({})}
_TEMPLATE = _WORDS | {"keyword": "fresh"}
_MACRO = _WORDS | {"says": "reply", "then": "resolve"}


def _seen(model: type[Any], key: str, form: dict[str, str]) -> Any:
    """What a person would send who has just looked."""

    def made(plants: Any, thing: str) -> dict[str, Any]:
        kept = db.session.get(model, plants.things[thing][key])
        reach = f"team:{kept.team_id}" if kept.team_id else "own" if kept.owner_id else "desk"
        return form | {"seen": edits.fingerprint(actions.facts_of(kept)), "reach": reach}

    return made


FORMS = {
    "tickets.reply_template_create": _TEMPLATE, "tickets.reply_template_preview": _TEMPLATE,
    "tickets.reply_template_save": _seen(ReplyTemplate, "template_id", _TEMPLATE),
    "tickets.macro_create": _MACRO, "tickets.macro_preview": _MACRO,
    "tickets.macro_save": _seen(Macro, "macro_id", _MACRO),
    "tickets.reply_template_choose": {"body": "Words"},
    "tickets.macro_run_create": {"body": "Words"},
}
