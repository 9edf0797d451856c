"""How a message becomes a letter: the frame around its words, in the reader's language and zone, plain and as HTML.

The look stands in attributes, for that is what mail programs keep; colours of text and ground are left to the reader's
program, so that a dark one stays dark.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from flask import current_app, g, render_template
from flask_babel import force_locale, refresh
from markupsafe import Markup

from app.accounts.models import User
from app.channels.email.envelope import Enclosed, Letter, Manner
from app.core import markup
from app.core.i18n import desk
from app.tickets.models import Message

from . import wordings

FOLDER = "notifications/mail"
LOOKS = {
    "page": "margin:0;padding:16px;font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;"
            "font-size:16px;line-height:1.5",
    "sheet": "max-width:600px;margin:0 auto",
    "faint": "color:#767676;font-size:13px;margin:0 0 16px",
    "quote": "margin:16px 0;padding:4px 0 4px 16px;border-left:4px solid #2f6f5e",
    "button": "display:inline-block;background-color:#2f6f5e;color:#ffffff;text-decoration:none;font-weight:600;"
              "padding:10px 20px;border-radius:6px;mso-padding-alt:0",
    "line": "border:0;border-top:1px solid #8c8c8c;margin:24px 0 16px",
    "earlier": "margin:0 0 16px;padding:0 0 0 16px;border-left:2px solid #8c8c8c;color:#767676",
    "list": "margin:16px 0;padding:0 0 0 20px",
}


@dataclass(frozen=True)
class Said:
    """What somebody wrote, and how it is written: in Markdown, or as text in which nothing is mark-up."""

    text: str = ""
    format: str = "markdown"

    @classmethod
    def of(cls, message: Message | None) -> "Said":
        return cls(message.body, message.format) if message is not None else cls()

    def __bool__(self) -> bool:
        return bool(self.text)

    @property
    def html(self) -> Markup:
        return markup.render(self.text) if self.format == "markdown" else markup.plain(self.text)


def look(name: str) -> Markup:
    """The style of one part of the frame, as an attribute."""
    return Markup(' style="{}"').format(Markup(LOOKS[name]))  # noqa: S704 - our own words


def render(name: str, to: User, manner: Manner | None = None, enclosed: tuple[Enclosed, ...] = (),
           **values: Any) -> Letter:
    """The message of this name to a person: in the administrator's words if there are any, else in our own."""
    with speaking_to(to):
        values |= {"desk": desk.name, "look": look, "base_url": current_app.config["BASE_URL"], "reader": to}
        own = wordings.own(name, to.language or desk.language)
        parts = _own_parts(name, own, values) if own is not None else _parts(name, values)
    subject, text, html = (tidy(part) for part in parts)
    return Letter(markup.clean_line(subject), text, html, manner or Manner(), enclosed)


def _parts(name: str, values: dict[str, Any]) -> list[str]:
    return [render_template(f"{FOLDER}/{name}.{part}", **values) for part in ("subject", "text", "html")]


def _own_parts(name: str, own: Any, values: dict[str, Any]) -> list[str]:
    """The administrator's words in the frame of the message: stored text is put in, never rendered as a template."""
    filled = wordings.fill(name, own.subject, own.body, values)
    frame = [render_template(f"{FOLDER}/_own.{part}", message=f"{FOLDER}/{name}.{part}", own=filled, **values)
             for part in ("text", "html")]
    return [filled.subject, *frame]


def tidy(part: str) -> str:
    """Without the empty lines that templates leave where there is nothing to say."""
    return re.sub(r"\n\s*\n", "\n\n", part).strip() + "\n"


@contextmanager
def speaking_to(person: User) -> Iterator[None]:
    """Sentences and times of what happens inside are this person's."""
    before = g.get("zone")
    with force_locale(person.language or desk.language):
        g.zone = person.time_zone or desk.time_zone
        refresh()
        try:
            yield
        finally:
            g.pop("zone")
            if before is not None:
                g.zone = before
            refresh()
