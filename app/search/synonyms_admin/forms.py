"""What is typed about words that mean the same."""

from flask_babel import lazy_gettext as _l

from app.core.edits import Facts, Guarded, fingerprint
from app.core.forms import Area, Line, at_most, required
from app.core.markup import clean_line

from ..models import SynonymGroup


class GroupForm(Guarded):
    """One word or phrase a line."""

    words = Area(_l("Words and phrases"), [required(), at_most(2000)], description=_l(
        "One a line, in any language. Who searches for one of them finds the others too, somewhat lower."))

    question = Line(_l("Try them on a question"), [at_most(200)], description=_l("Nothing is saved by trying."))

    @property
    def phrases(self) -> list[str]:
        return [phrase for phrase in map(clean_line, (self.words.data or "").splitlines()) if phrase]


def facts(group: SynonymGroup | None) -> Facts:
    """What is stored of a group."""
    return {"words": group.words if group else []}


def filled(group: SynonymGroup | None) -> GroupForm:
    stored = facts(group)
    return GroupForm(formdata=None, seen=fingerprint(stored), words="\n".join(stored["words"]))
