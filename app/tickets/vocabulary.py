"""The words of a ticket, in order, with their names for people."""

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext

from app.catalogue.vocabulary import CHANNELS, IMPACTS, KINDS, URGENCIES

__all__ = ["ACTIVE", "ARTICLE_WAYS", "CHANNELS", "ENDED", "IMPACTS", "KINDS", "LINKS", "LINKS_BACK", "MESSAGE_KINDS",
           "PRIORITIES", "STATUSES", "TRANSITIONS", "URGENCIES"]

STATUSES = {
    "new": lazy_pgettext("status", "New"),
    "open": lazy_pgettext("status", "Open"),
    "pending": lazy_pgettext("status", "Pending"),
    "resolved": lazy_pgettext("status", "Resolved"),
    "closed": lazy_pgettext("status", "Closed"),
    "cancelled": lazy_pgettext("status", "Cancelled"),
}
ACTIVE = ("new", "open", "pending")
ENDED = ("resolved", "closed", "cancelled")
# An active ticket closes at once only when it is merged, and a closed one is active again only when that is taken back;
# `close` and `reopen` themselves ask for a resolved one.
TRANSITIONS: dict[str, frozenset[str]] = {
    "new": frozenset({"open", "pending", "resolved", "cancelled", "closed"}),
    "open": frozenset({"pending", "resolved", "cancelled", "closed"}),
    "pending": frozenset({"open", "resolved", "cancelled", "closed"}),
    "resolved": frozenset({"open", "closed"}),
    "closed": frozenset({"new", "open"}),
    "cancelled": frozenset(),
}
PRIORITIES = ("P1", "P2", "P3", "P4")
LINKS = {
    "related": _l("related to"),
    "duplicate_of": _l("duplicate of"),
    "parent": _l("part of"),
    "caused_by": _l("caused by"),
    "follow_up_of": _l("follow-up of"),
    "split_from": _l("split off from"),
}
LINKS_BACK = {
    "related": _l("related to"),
    "duplicate_of": _l("has the duplicate"),
    "parent": _l("has the part"),
    "caused_by": _l("cause of"),
    "follow_up_of": _l("followed up by"),
    "split_from": _l("split into"),
}
"""The same links, read from their other ends."""
MESSAGE_KINDS = {"incoming": _l("Message"), "reply": _l("Reply"), "note": _l("Internal note")}
ARTICLE_WAYS = {
    "linked": _l("linked"),
    "sent": _l("sent"),
    "solved": _l("solved it"),
    "written": _l("written from it"),
}
"""How an article came up on a ticket."""
