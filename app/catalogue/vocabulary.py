"""The words of the catalogue, in order, with their names for people."""

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext

from app.channels.ways import WAYS

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
CHANNELS = {name: way.label for name, way in WAYS.items()}
ANSWERS = {
    "text": _l("One line"),
    "textarea": _l("Several lines"),
    "choice": _l("One of a list"),
    "date": _l("Date"),
    "number": _l("Number"),
    "checkbox": _l("Yes or no"),
}
