"""What a browser calls itself, in words a person knows."""

import re

from flask_babel import gettext as _

BROWSERS = (("Edg", "Edge"), ("OPR/", "Opera"), ("YaBrowser", "Яндекс Браузер"), ("SamsungBrowser", "Samsung Internet"),
            ("Firefox|FxiOS", "Firefox"), ("Chrome|CriOS", "Chrome"), ("Safari", "Safari"))
SYSTEMS = (("Android", "Android"), ("iPhone|iPad", "iOS"), ("Windows", "Windows"), ("Mac OS X", "macOS"),
           ("CrOS", "ChromeOS"), ("Linux", "Linux"))
"""In the order asked: most browsers also claim to be those further down."""


def named(agent: str) -> str:
    """"Firefox on Windows"; what nothing is known of is shown as it calls itself."""
    browser, system = _first(BROWSERS, agent), _first(SYSTEMS, agent)
    if browser and system:
        return _("%(browser)s on %(system)s", browser=browser, system=system)
    return browser or agent[:60] or _("Unknown browser")


def _first(names: tuple[tuple[str, str], ...], agent: str) -> str:
    return next((name for pattern, name in names if re.search(pattern, agent)), "")
