"""How states and readers are called on the pages of writers."""

from typing import Any

from flask_babel import format_date
from flask_babel import gettext as _

from .models import Article
from .settings import settings


def readers() -> dict[str, str]:
    """Visibility -> who reads it, in a sentence."""
    everybody = _("Everybody, even without an account; search engines too.") if settings.is_public else \
        _("Everybody who signs in, customers too.")
    return {"public": everybody, "staff": _("Everybody of the house, no customers."),
            "teams": _("Only the teams named here, the owner and administrators.")}


def readers_of(article: Article) -> str:
    """Who reads it once it is published; the teams by their names."""
    if article.visibility != "teams":
        return readers()[article.visibility]
    teams = ", ".join(sorted(named.team.title for named in article.teams))
    return _("Only %(teams)s, the owner and administrators.", teams=teams)


def states() -> dict[str, tuple[str, str]]:
    """State -> its name and the class of its badge."""
    return {"draft": (_("Draft"), "new"), "in_review": (_("In review"), "pending"),
            "published": (_("Published"), "resolved"), "archived": (_("Archived"), "closed")}


def in_templates() -> dict[str, Any]:
    return {"article_states": states, "readers_of": readers_of, "day_name": format_date}
