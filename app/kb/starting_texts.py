"""What an article may begin from: outlines in each language, as Markdown beside this module."""

from functools import lru_cache
from pathlib import Path

from flask_babel import lazy_gettext as _l

FOLDER = Path(__file__).parent / "templates_text"
TITLES = {
    "how-to": _l("How to do something"),
    "troubleshooting": _l("When something does not work"),
    "procedure": _l("A procedure of the house"),
    "client-facts": _l("Facts about a client"),
}


@lru_cache
def body_of(name: str, language: str) -> str:
    """'' for an empty page."""
    return (FOLDER / f"{name}.{language}.md").read_text(encoding="utf-8").strip() if name in TITLES else ""
