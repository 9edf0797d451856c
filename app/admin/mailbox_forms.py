"""What an administrator enters about a mailbox."""

from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, PasswordField
from wtforms.validators import Optional

from app.accounts.models import Team
from app.catalogue.models import RequestType
from app.channels.email.fetching.imap import IMAPS
from app.core.edits import Facts, Guarded, fingerprint
from app.core.forms import Address, Addresses, Choice, Line, Whole, at_most, between, maybe_id, required

WAYS = {
    "imap": _l("From an IMAP server"),
    "folder": _l("From a folder of this machine"),
    "pipe": _l("Handed over by flask mail ingest"),
}
SECURITY = {
    "tls": _l("TLS from the start (usual with port 993)"),
    "starttls": _l("STARTTLS (usual with port 143)"),
    "none": _l("None (only inside a trusted network)"),
}
SIGN_INS = {"password": _l("Password"), "google": _l("Google (consent)"), "microsoft": _l("Microsoft (consent)")}
AFTERWARDS = {
    "mark": _l("Leave it there, marked as seen"),
    "move": _l("Move it into another folder"),
    "delete": _l("Delete it there"),
}
STARTS = {"now": _l("Leave it: take in only what comes from now on"), "all": _l("Take it in too")}
SECRET = ("password", "client_secret", "refresh_token")
FRESH: Facts = {
    "name": "", "address": "", "aliases": [], "way": "imap", "is_active": True, "host": "", "port": IMAPS,
    "security": "tls", "sign_in": "password", "user": "", "about": {}, "folder": "INBOX", "afterwards": "mark",
    "moved_to": "", "team_id": None, "request_type_id": None, "trusted_hop": ""}
KEEP = _l("Leave it empty to keep the present one.")


def _secret(label: Any) -> PasswordField:
    return PasswordField(label, [at_most(4000)], render_kw={"autocomplete": "off"}, description=KEEP)


class MailboxForm(Guarded):
    name = Line(_l("What it is called"), [required(), at_most(120)])
    address = Address(_l("Address"), [required(), at_most(254)],
                      description=_l("What people write to. It can be nobody's own address."))
    aliases = Addresses(_l("Further addresses that lead here"), [at_most(5000)], description=_l("One per line."))
    is_active = BooleanField(_l("Mail is taken in"))
    team_id = Choice(_l("New tickets land with"))
    request_type_id = Choice(_l("Request type of new tickets"))
    way = Choice(_l("How mail comes"), choices=list(WAYS.items()))
    host = Line(_l("Server"), [at_most(255)])
    port = Whole(_l("Port"), [required(), between(1, 65535)])
    security = Choice(_l("Security"), choices=list(SECURITY.items()))
    sign_in = Choice(_l("Sign-in"), choices=list(SIGN_INS.items()))
    user = Line(_l("User name"), [at_most(254)])
    password = _secret(_l("Password"))
    client_id = Line(_l("Client ID"), [at_most(255)])
    tenant = Line(_l("Tenant (Microsoft)"), [at_most(100)],
                  description=_l("The directory of your organisation; empty for any."))
    client_secret = _secret(_l("Client secret"))
    refresh_token = _secret(_l("Refresh token"))
    folder = Line(_l("Folder"), [required(), at_most(500)], description=_l(
        "On an IMAP server its name, usually INBOX. On this machine the whole path of a Maildir, or of a folder with "
        "files that end in .eml."))
    start = Choice(_l("Mail that is already there"), choices=list(STARTS.items()))
    afterwards = Choice(_l("After a mail is taken in"), choices=list(AFTERWARDS.items()))
    moved_to = Line(_l("Moved into"), [at_most(255)])
    trusted_hop = Line(_l("Mail server whose check of senders is trusted"), [Optional(), at_most(255)], description=_l(
        "The name that your own mail server writes first in its Authentication-Results header, such as "
        "mx.example.org. Only with it an agent's mail can be sent on as a reply; without it such mail becomes an "
        "internal note. Fill it in only if that server removes headers of this name from what it receives."))

    def validate(self, extra_validators: Any = None) -> bool:
        fine = super().validate(extra_validators)
        for name, message in self._missing():
            self[name].errors = [*self[name].errors, message]
            fine = False
        return fine

    def _missing(self) -> list[tuple[str, str]]:
        """What one way needs and the others do not."""
        wrong = []
        if self.way.data == "folder" and not (self.folder.data or "").startswith("/"):
            wrong.append(("folder", _("The whole path is needed; it begins with a slash.")))
        if self.way.data == "imap":
            wrong += [(name, _("Please fill this in.")) for name in ("host", "user") if not self[name].data]
            wrong += self._of_the_server()
        return wrong

    def _of_the_server(self) -> list[tuple[str, str]]:
        wrong = []
        if self.security.data == "starttls" and self.port.data == IMAPS:
            wrong.append(("security", _("Port 993 is for TLS from the start.")))
        if self.sign_in.data != "password" and not self.client_id.data:
            wrong.append(("client_id", _("Please fill this in.")))
        if self.afterwards.data == "move" and self.moved_to.data in ("", self.folder.data):
            wrong.append(("moved_to", _("Another folder is needed.")))
        return wrong

    def facts(self, stored: Facts, now: datetime) -> Facts:
        """As `mailboxes.facts` gives them."""
        plain = ("name", "address", "way", "is_active", "host", "port", "security", "sign_in", "user", "folder",
                 "afterwards", "moved_to", "trusted_hop")
        return {name: self[name].data for name in plain} | {
            "aliases": list(dict.fromkeys(self.aliases.addresses)), "about": self._about(stored["about"], now),
            "team_id": maybe_id(self.team_id.data), "request_type_id": maybe_id(self.request_type_id.data)}

    def _about(self, stored: dict[str, str], now: datetime) -> dict[str, str]:
        about = {name: self[name].data for name in ("client_id", "tenant") if self[name].data}
        return about | {"since": stored.get("since", now.isoformat())} if self.start.data == "now" else about

    def secrets(self) -> dict[str, str]:
        """What was newly given, for the sign-in that was chosen."""
        wanted = ("password",) if self.sign_in.data == "password" else ("client_secret", "refresh_token")
        return {name: self[name].data for name in wanted if self[name].data}


def mailbox_form(teams: list[Team], kinds: list[RequestType]) -> type[MailboxForm]:
    """A form with these teams and request types to choose from."""
    return type("MailboxForm", (MailboxForm,), {
        "team_id": Choice(_l("New tickets land with"), choices=[
            ("", _l("As the intake rules say")), *((str(team.id), team.title) for team in teams)]),
        "request_type_id": Choice(_l("Request type of new tickets"), choices=[
            ("", _l("The usual one")), *((str(kind.id), kind.title) for kind in kinds)]),
    })


def filled(form: type[MailboxForm], facts: Facts) -> MailboxForm:
    """The form as it is opened; secrets are never shown again."""
    about = facts["about"]
    is_new = not facts["address"]
    shown = facts | {"aliases": "\n".join(facts["aliases"]), "client_id": about.get("client_id", ""),
                     "tenant": about.get("tenant", ""), "start": "now" if is_new or "since" in about else "all",
                     "team_id": str(facts["team_id"] or ""), "request_type_id": str(facts["request_type_id"] or "")}
    return form(formdata=None, seen=fingerprint(facts), **{name: shown[name] for name in shown if name != "about"})
