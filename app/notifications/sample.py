"""For whoever chooses other words: the words that come with the desk, with placeholders where something is put in, and
how other words would look of a made-up ticket."""

from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

from flask import current_app, render_template
from flask_babel import force_locale
from flask_babel import gettext as _

from app.accounts.links import LIFE
from app.core.i18n import desk, local_time
from app.tickets.settings import tickets as settings

from . import wordings
from .letters import FOLDER, Said, speaking_to, tidy
from .wordings import Filled

HOURS = {"invitation": "invitation", "password_reset": "reset"}
"""Message -> what its link is for."""


def original(name: str, language: str) -> tuple[str, str]:
    """Subject and text as they come with the desk: what the templates say of placeholders."""
    with force_locale(language):
        said = {part: render_template(f"{FOLDER}/{name}.{part}", is_bare=True, **_placeholders(name))
                for part in ("subject", "text")}
    return tidy(said["subject"]).strip(), tidy(said["text"]).strip()


def _placeholders(name: str) -> dict[str, Any]:
    ticket = SimpleNamespace(subject="{ticket.subject}", is_confidential=False, is_pending=False, status="open")
    is_said = "words" in wordings.MESSAGES[name].placeholders
    return {
        "ticket": ticket, "number": "{ticket.number}", "about": "{ticket.number} {ticket.subject}",
        "actor": "{agent.name}", "desk": "{desk.name}", "team": "{team.name}",
        "reason": SimpleNamespace(title="{reason}", waits_for_requester=False), "due": "{deadline}",
        "quote": Said("{words}") if is_said else Said(), "promise": lambda: "{promise}",
        "sentence": lambda: "{happened}", "reopen_days": settings.reopen_days, "hours": _hours(name),
        "local_time": lambda moment, *style: moment,
    }


def _hours(name: str) -> int:
    return int(LIFE[HOURS[name]].total_seconds() // 3600) if name in HOURS else 0


def preview(name: str, language: str, subject: str, body: str, reader: Any, now: datetime) -> Filled:
    """The words with what a made-up ticket would put in."""
    told = SimpleNamespace(language=language, time_zone=reader.time_zone)
    with speaking_to(told):
        return wordings.fill(name, subject, body, _made_up(name, reader, now))


def _made_up(name: str, reader: Any, now: datetime) -> dict[str, Any]:
    base = current_app.config["BASE_URL"]
    ticket = SimpleNamespace(number=12, subject=_("The printer prints grey lines"), is_confidential=False,
                             requester=SimpleNamespace(name="Aigul Asanova"))
    return {
        "ticket": ticket, "number": "#12", "url": f"{base}/tickets/12", "link": f"{base}/password/…",
        "look": lambda part: "", "actor": "Bakyt Usenov", "desk": desk.name, "reader": reader,
        "team": _("Second level"),
        "quote": Said(_("Please **clean the drum**, then print again.")),
        "promise": lambda: ". ".join((local_time(now, "short"), _("By then we promise to have solved it."))),
        "hours": _hours(name),
        "reason": SimpleNamespace(title=_("Waiting for a spare part")), "due": now, "until": now + timedelta(days=2),
        "sentence": lambda: _("The deadline of the resolution has passed"), "reopen_days": settings.reopen_days,
    }
