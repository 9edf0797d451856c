"""What was written in a form whose session had ended or whose page was too old: shown again, never lost, never sent by
itself and never shown to anybody else.

It is kept in the browser alone: sealed in a hidden field of the sign-in page. Whose it is says the token of the form,
which we have signed and which names the person the page was drawn for; no other site can have one.
"""

import json
import re
from dataclasses import asdict, dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from flask import Response, current_app, render_template, request
from flask_babel import gettext as _
from itsdangerous import BadData, URLSafeTimedSerializer
from werkzeug.exceptions import HTTPException

from . import clock
from .forms import stop_writing
from .markup import clean_text
from .sealing import opened, seal

KEPT_FOR = timedelta(days=1)
MOST_BYTES = 600_000
"""Of text; sealed it still fits into a form."""
MOST_FIELDS = 200
SECRETS = frozenset({"password", "again", "old", "secret", "token"})
"""Words in the names of fields that are typed blindly, or of no use later."""
SENT_BY_SCRIPT, ONWARD, REFUSED = "Jardam-Sends", "Jardam-Onward", "Jardam-Refused"


@dataclass(frozen=True)
class Written:
    """A form that was not taken: where it was to go, what it said, whose it is and when (seconds of the epoch)."""

    path: str
    fields: list[tuple[str, str]]
    owner: int
    had_files: bool
    at: float

    @property
    def is_fresh(self) -> bool:
        return self.at > (clock.now() - KEPT_FOR).timestamp()


def owner_of(token: str | None) -> int | None:
    """The person for whom a page was drawn, by the token of its form; None if it names nobody or we did not sign it."""
    signer = URLSafeTimedSerializer(current_app.secret_key, salt="wtf-csrf-token")
    try:
        named, _dot, _rest = str(signer.loads(token or "")).partition(".")
    except BadData:
        return None
    return int(named) if named.isdecimal() and len(named) < 19 else None


def of_request(person_id: int | None = None) -> Written | None:
    """What this request wanted to say; None when it did not come from a page of this desk or is too large to keep. A
    token we cannot read is taken for this person's if the browser itself says that the page was one of ours."""
    said = request.headers.get("Sec-Fetch-Site")
    owner = owner_of(request.form.get("csrf_token")) or (person_id if said == "same-origin" else None)
    if request.method != "POST" or owner is None or said not in (None, "same-origin"):
        return None
    fields = [(name, text) for name, text in request.form.items(multi=True) if name and not _is_secret(name)]
    if len(fields) > MOST_FIELDS or sum(len(name + text) for name, text in fields) > MOST_BYTES // 4:
        return None
    path = request.full_path if request.query_string else request.path
    had_files = any(file.filename for file in request.files.values())
    return Written(request.script_root + path, fields, owner, had_files, clock.now().timestamp())


def _is_secret(name: str) -> bool:
    """What is typed blindly is never shown; the token is drawn anew."""
    return not SECRETS.isdisjoint(re.split(r"[^a-z]+", name.lower()))


def sealed(written: Written | None) -> str:
    """As it stands in a page that anybody may look into."""
    return seal(json.dumps(asdict(written), ensure_ascii=False)) if written else ""


def unsealed(text: str | None) -> Written | None:
    """What was sealed, if we have sealed it within a day and its address still takes forms."""
    plain = opened(text) if text and len(text) < 2 * MOST_BYTES and text.isascii() else ""
    if not plain:
        return None
    found = json.loads(plain)
    found = Written(**found | {"fields": [(name, text) for name, text in found["fields"]]})
    return found if found.is_fresh and _takes_forms(found.path) else None


def _takes_forms(target: str) -> bool:
    path = urlsplit(target).path.removeprefix(request.script_root)
    try:
        current_app.create_url_adapter(request).match(path, method="POST")
    except HTTPException:
        return False
    return target.startswith("/") and not target.startswith("//")


def show(written: Written, code: int, said: str) -> tuple[str, int]:
    """The page of what was written, with a button that sends it; `said` tells why it was not."""
    stop_writing()
    shown = [(name, clean_text(text), _label(name)) for name, text in written.fields if _is_prose(name, text)]
    hidden = [(name, text) for name, text in written.fields if not _is_prose(name, text)]
    return render_template("errors/kept.html", written=written, shown=shown, hidden=hidden, said=said, code=code), code


def _is_prose(name: str, text: str) -> bool:
    """What somebody would miss: words, not the marks and choices a form carries along."""
    return name in LABELS() or " " in text.strip() or "\n" in text.strip() or not text.isascii()


def _label(name: str) -> str:
    return LABELS().get(name, _("What you wrote"))


def LABELS() -> dict[str, str]:
    """What the usual boxes are called."""
    return {"subject": _("Subject"), "body": _("Message"), "reason": _("Reason"), "title": _("Title"),
            "comment": _("Comment"), "told": _("What you answered"), "person": _("Person")}


def answer_scripts(response: Response) -> Response:
    """A script that has sent a form is told where the page goes on, without its fetching that page (and the messages
    that stand on it once) before the browser does."""
    if request.headers.get(SENT_BY_SCRIPT) and response.status_code in (302, 303):
        onward = response.headers.pop("Location")
        response.status_code, response.data = 204, b""
        response.headers[ONWARD] = onward
    return response


def is_by_script() -> bool:
    """Whether this form was sent without leaving its page: then the page still holds the files."""
    return bool(request.headers.get(SENT_BY_SCRIPT))
