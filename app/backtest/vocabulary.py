"""The words of backtests, with their names for people."""

from flask_babel import lazy_gettext as _l

KINDS = {"policy": _l("Policy"), "calendar": _l("Working hours"), "rules": _l("Rules"), "team": _l("Assignment")}
STATES = {"draft": _l("not tried yet"), "waiting": _l("waits for its turn"), "running": _l("is being tried"),
          "done": _l("tried"), "cancelled": _l("stopped"), "failed": _l("failed"), "activated": _l("activated")}
MODES = {"manual": _l("By hand"), "round_robin": _l("In turn"), "least_loaded": _l("To whoever carries least")}
"""Ways of assigning."""
RESULTS = {"met": _l("met"), "missed": _l("missed"), "open": _l("running"), "none": _l("ended without a result"),
           "absent": _l("nothing promised")}
PROBLEMS = {
    "lost": _l("The process that tried it was lost, perhaps because the desk was stopped. Try again."),
    "gone": _l("Something that the draft speaks of is no longer there. Make a new draft."),
    "broken": _l("This is our mistake, and it has been written down. Try again, or tell whoever runs the desk."),
}
"""Why it failed."""
