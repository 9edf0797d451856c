"""What the findings of the auditor are called, and what each means."""

from flask_babel import lazy_gettext as _l

KINDS = {
    "no_question": _l("Nobody had asked"),
    "reply_meanwhile": _l("Answered, and still paused"),
    "work_meanwhile": _l("Solved during the pause"),
    "just_before_due": _l("Just before the deadline"),
}
MEANINGS = {
    "no_question": _l(
        "The ticket was set to wait for the requester, but nobody of the staff had written to the requester since the "
        "requester’s last message, nor did within %(grace)s minutes after. A question without an answer stays open, "
        "and a pause that is undone within those minutes is a slip."),
    "reply_meanwhile": _l(
        "The requester answered, and the clock stood still for more than %(grace)s minutes after. It counts from "
        "the answer on."),
    "work_meanwhile": _l(
        "The staff wrote the solution and resolved the ticket out of the pause, without the answer it waited for. "
        "Where the requester had been reminded first, it is an end for want of an answer and does not count."),
    "just_before_due": _l(
        "A pause that began within the last %(minutes)s working minutes, or the last %(percent)s %% of the target, and "
        "outlasted the deadline; or, as near to it, a hand-over by a person and then a missed deadline, or a lowered "
        "priority without which it would have been missed. Near is never more than half of a target."),
}
ACTS = {
    "hold": _l("Set to wait"), "escalated": _l("Escalated"), "handed_back": _l("Handed back"), "moved": _l("Moved"),
    "priority": _l("Priority lowered"),
}
