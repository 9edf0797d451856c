"""The words of the catalogue, in order, with their names for people."""

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext

KINDS = {
    "incident": _l("Incident"),
    "service_request": _l("Service request"),
    "question": _l("Question"),
    "problem": _l("Problem"),
}
IMPACTS = {"low": lazy_pgettext("impact", "Low"), "medium": lazy_pgettext("impact", "Medium"),
           "high": lazy_pgettext("impact", "High")}
URGENCIES = {"low": lazy_pgettext("urgency", "Low"), "medium": lazy_pgettext("urgency", "Medium"),
             "high": lazy_pgettext("urgency", "High")}
"""The same scale in two sets of words: in some languages the adjective agrees with its noun."""
CHANNELS = {
    "web": _l("Web"),
    "email": _l("E-mail"),
    "phone": _l("Phone call"),
    "walk_in": _l("Walk-in"),
    "api": _l("API"),
}
ANSWERS = {
    "text": _l("One line"),
    "textarea": _l("Several lines"),
    "choice": _l("One of a list"),
    "date": _l("Date"),
    "number": _l("Number"),
    "checkbox": _l("Yes or no"),
}
