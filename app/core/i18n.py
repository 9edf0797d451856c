"""Languages: which there are, which one this reader gets, and names that administrators give in each."""

import os
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_datetime, format_skeleton, format_timedelta
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import Flask, g, has_request_context, request, session
from flask_babel import Babel, get_domain, get_locale, get_timezone
from flask_login import current_user

from . import clock
from .settings import Settings

LANGUAGES = {"en": "English", "ru": "Русский", "ky": "Кыргызча"}
FOLDER = Path(__file__).parent.parent / "translations"
MOMENTS = {
    "en": {"short": "d MMM y, HH:mm", "medium": "d MMMM y, HH:mm"},
    "ru": {"short": "dd.MM.y, HH:mm", "medium": "d MMMM y 'г'., HH:mm"},
    "ky": {"short": "dd.MM.y, HH:mm", "medium": "y-'ж'., d-MMMM, HH:mm"},
}
"""Our own patterns: the library's short English puts the month first (5/11/26), which half the readers take for a day,
its Kyrgyz cuts the year, and its medium shows seconds."""
babel = Babel()
_loaded: dict[str, Any] = {}
desk = Settings("desk", name="Jardam", language="en", time_zone="Asia/Bishkek")


def init(app: Flask) -> None:
    """Compile what changed and hook the choice of language and zone into the app."""
    compile_catalogues()
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(FOLDER)
    babel.init_app(app, locale_selector=choose_language, timezone_selector=choose_zone)
    app.jinja_env.install_gettext_callables(
        lambda text: _words().ugettext(text), lambda one, many, n: _words().ungettext(one, many, n), newstyle=True,
        pgettext=lambda context, text: _words().upgettext(context, text))
    app.jinja_env.install_gettext_callables(
        gettext=lambda text: _catalogue().ugettext(text),
        ngettext=lambda one, many, number: _catalogue().ungettext(one, many, number),
        pgettext=lambda about, text: _catalogue().upgettext(about, text),
        npgettext=lambda about, one, many, number: _catalogue().unpgettext(about, one, many, number),
        newstyle=True,
    )


def _catalogue() -> Any:
    """The translations in force, held for the request: a page asks seventy times, and flask-babel finds the
    catalogue anew each time."""
    locale = get_locale()
    held = g.get("catalogue")
    if held is None or held[0] is not locale:
        held = g.catalogue = (locale, get_domain().get_translations())
    return held[1]


def _words() -> Any:
    """The words of the language in force; flask-babel finds its way to them four times per text, a hundred a page."""
    code = language()
    if code not in _loaded:
        _loaded[code] = get_domain().get_translations()
    return _loaded[code]


def compile_catalogues() -> None:
    """Make each .mo that is missing or older than its .po (0.15 s for all three)."""
    for source in FOLDER.glob("*/LC_MESSAGES/messages.po"):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            draft = target.with_suffix(f".{os.getpid()}.tmp")
            try:
                with open(source, "rb") as po, open(draft, "wb") as mo:
                    write_mo(mo, read_po(po, locale=source.parent.parent.name))
                draft.replace(target)
            finally:
                draft.unlink(missing_ok=True)


def choose_language() -> str:
    """The person's own choice, else this browser session's, else the browser's wish, else the desk's."""
    if "language" in g:
        return g.language
    if not has_request_context():
        return desk.language
    if current_user and current_user.is_authenticated and current_user.language:
        return current_user.language
    chosen = session.get("language")
    return chosen or request.accept_languages.best_match(LANGUAGES) or desk.language


def choose_zone() -> str:
    """The person's time zone, else the desk's."""
    if "zone" in g:
        return g.zone
    if has_request_context() and current_user and current_user.is_authenticated and current_user.time_zone:
        return current_user.time_zone
    return desk.time_zone


def language() -> str:
    """The code of the language in force: en, ru or ky."""
    locale = get_locale()
    return locale.language if locale else "en"


def localized(names: dict[str, str] | None, code: str | None = None) -> str:
    """A name an administrator gave, in the reader's language, else in whichever it has."""
    if not names:
        return ""
    wanted = (code or language(), desk.language, "en", *names)
    return next((names[key] for key in wanted if names.get(key)), "")


def local_time(moment: datetime | None, style: str = "medium") -> str:
    """A moment in the reader's language and zone ('' for none)."""
    return _local_time(moment, style, str(get_locale() or "en"), get_timezone()) if moment else ""


@lru_cache(maxsize=4096)
def _local_time(moment: datetime, style: str, locale: str, zone: Any) -> str:
    """Kept: the same message is looked at many times, and each moment takes a tenth of a millisecond."""
    return format_datetime(moment, MOMENTS.get(locale[:2], {}).get(style, style), tzinfo=zone, locale=locale)


def time_distance(moment: datetime, now: datetime | None = None) -> str:
    """"in 3 hours", "2 days ago". Babel's short Kyrgyz form lacks the past, hence long."""
    return format_timedelta(moment - (now or clock.now()), add_direction=True, format="long", threshold=0.95,
                            locale=get_locale() or "en")


def month_name(month: str) -> str:
    """"November 2026" for "2026-11", as the language writes a month that stands alone."""
    return format_skeleton("yMMMM", date(int(month[:4]), int(month[5:]), 1), locale=get_locale() or "en")


def known_zone(name: str) -> bool:
    """Whether this is an IANA zone."""
    try:
        ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        return False
    return bool(name)


def template_context() -> dict[str, Any]:
    return {"locale": language(), "languages": list(LANGUAGES.items()), "local_time": local_time,
            "time_distance": time_distance, "localized": localized, "month_name": month_name}
