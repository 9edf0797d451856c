"""A clock in the staff's words: why each stretch counted or not, what chose the terms, what is left; and as text."""

from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import groupby

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.calendars.standard import LONG_AGO
from app.core.i18n import language, local_time, localized
from app.tickets.vocabulary import STATUSES

from .choice import Allowance, Verdict
from .explain import Explanation, Segment, coarse
from .names import FACTS, Names
from .story import Account, Story
from .wording import exact, moment, stretch

WHYS = {"open": _l("Working time"), "closed": _l("Outside working hours"),
        "mixed": _l("Working hours, over several days")}
_VERDICTS = {
    "chosen": _l("Chosen: all of its conditions hold. It promises %(length)s."),
    "idle": _l("Its policy did not hold yet."),
    "silent": _l("It matches, but its policy promises nothing here."),
    "overruled": _l("It matches and promises %(length)s, but the law is stricter."),
    "law": _l("Set by law, and the strictest: %(length)s."),
    "milder": _l("Set by law: %(length)s. What was chosen is stricter."),
}
SHORT_TABLE = 20
"""So many rows a table may have before working days and the nights between them are told together."""


def why(segment: Segment, reasons: dict[str, str]) -> str:
    """Why a stretch counted or not."""
    if segment.why == "holiday":
        return _("Holiday: %(name)s", name=segment.holiday.name(language()))
    if segment.why == "paused":
        return _("Paused: %(reason)s", reason=reasons.get(segment.reason, segment.reason or ""))
    return str(WHYS[segment.why])


def where(segment: Segment, names: Names) -> str:
    """The status, the team with its level, and who had it."""
    if segment.place is None:
        return ""
    return f"{STATUSES[segment.place.status]} · {names.place(segment.place)}"


def says(account: Account) -> Callable[[Segment], str]:
    """A function that tells a stretch in one line."""
    return lambda segment: _("%(when)s, counted %(length)s: %(why)s", length=exact(segment.counted_seconds),
                             when=stretch(segment.start, segment.end, account.at),
                             why=why(segment, account.names.reasons))


def rows(segments: list[Segment], in_full: bool = False) -> list[Segment]:
    """As many as one reads, or all."""
    return segments if in_full else coarse(segments, SHORT_TABLE)


def terms(story: Story) -> str:
    """Policy with its version, and working hours."""
    about = {"policy": localized(story.standing.policy), "calendar": localized(story.standing.calendar)}
    if story.valid_from <= LONG_AGO:
        return _("Policy “%(policy)s” (first version), working hours “%(calendar)s”.", **about)
    return _("Policy “%(policy)s” (version of %(day)s), working hours “%(calendar)s”.",
             day=local_time(story.valid_from, "short"), **about)


def chosen_by(story: Story) -> str:
    """Which rule chose, and when it was asked."""
    if story.standing.rule is None:
        return _("Named by the import, by no rule.")
    about = {"rule": localized(story.standing.rule)}
    if story.choice is None:
        return _("Chosen by the rule “%(rule)s”.", **about)
    about["moment"] = local_time(story.choice.asked.moment, "short")
    if story.choice.verdicts and any(verdict.state == "law" for verdict in story.choice.verdicts):
        return _("Set by law: the rule “%(rule)s”, as the rules stood at %(moment)s.", **about)
    return _("Chosen by the rule “%(rule)s”, as the rules stood at %(moment)s.", **about)


def verdict(said: Verdict, names: Names) -> str:
    """What one rule had to say."""
    if said.state == "unmet":
        return _("%(fact)s: %(value)s. The rule asks for %(wanted)s.", fact=FACTS[said.fact],
                 value=names.fact(said.fact, said.value), wanted=names.wanted(said))
    return str(_VERDICTS[said.state]) % {"length": exact(said.seconds or 0)}


def allowance(told: Allowance | None) -> str:
    """How much a ticket that was opened again may use; nothing to say of any other."""
    if told is None or not told.used_before:
        return ""
    about = {"target": exact(told.promised), "used": exact(sum(told.used_before)), "allowed": exact(told.allowed)}
    if told.is_floored:
        return _("The target is %(target)s, of which %(used)s were used before; a ticket that is opened again gets at "
                 "least %(allowed)s.", **about)
    return _("The target is %(target)s, of which %(used)s were used before; that leaves %(allowed)s.", **about)


def total(story: Story) -> str:
    """The sum of the segments: what was used, and what pauses kept out."""
    told = story.explanation
    about = {"used": exact(told.used_seconds), "allowed": exact(told.clock.allowed_seconds),
             "left": exact(abs(told.left_seconds)), "paused": exact(told.paused_seconds)}
    said = [_counted(told, about)]
    if told.paused_seconds:
        said.append(_("Pauses kept %(paused)s of working time out.", **about))
    return " ".join(said)


def _counted(told: Explanation, about: dict[str, str]) -> str:
    if told.left_seconds < 0:
        return _("Counted %(used)s of %(allowed)s, %(left)s too much.", **about)
    if told.clock.stopped_at is not None:
        return _("Counted %(used)s of %(allowed)s, %(left)s to spare.", **about)
    return _("Counted %(used)s of %(allowed)s, %(left)s left.", **about)


def outlook(story: Story, account: Account) -> str:
    """When it is due and what lies before that; or how it ended."""
    told, clock = story.explanation, story.standing.clock
    if clock.stopped_at is not None:
        return _ending(story)
    if clock.due_at is None:
        return _("It stands still; when it goes on, %(left)s of working time is left.", left=exact(told.left_seconds))
    due = local_time(clock.due_at, "short")
    if not told.ahead:
        return _("It was due %(moment)s.", moment=due)
    said = _("It is due %(moment)s: %(left)s of working time is left.", moment=due, left=exact(told.left_seconds))
    return " ".join([said, *obstacles(told.ahead, account.at)])


def _ending(story: Story) -> str:
    clock = story.standing.clock
    about = {"stopped": local_time(clock.stopped_at, "short"), "due": local_time(clock.due_at, "short")}
    if clock.outcome == "met":
        return _("Met at %(stopped)s; it was due %(due)s.", **about)
    if clock.outcome == "missed":
        return _("Missed: it was due %(due)s and ended at %(stopped)s.", **about)
    return _("Ended at %(stopped)s without a result.", **about)


MOST_OBSTACLES = 3


def obstacles(ahead: list[Segment], now: datetime) -> list[str]:
    """What lies between now and the deadline and does not count: the first few stretches of it."""
    idle = [list(group) for counts, group in groupby(ahead, lambda segment: segment.is_counted) if not counts]
    said = [_obstacle(group, now) for group in idle[:MOST_OBSTACLES]]
    return said + [_("And so on.")] * (len(idle) > MOST_OBSTACLES)


def _obstacle(idle: list[Segment], now: datetime) -> str:
    until = moment(idle[-1].end, now)
    holidays = ", ".join(segment.holiday.name(language()) for segment in idle if segment.holiday)
    if holidays:
        return _("Nothing counts until %(moment)s (%(holidays)s).", moment=until, holidays=holidays)
    return _("Nothing counts until %(moment)s.", moment=until)


def as_text(account: Account) -> str:
    """All of it as lines of text, to be copied."""
    head = _("%(number)s %(subject)s", number=account.ticket.number, subject=account.ticket.subject)
    lines = [head, _("As of %(moment)s", moment=local_time(account.at, "short"))]
    for story in account.stories:
        lines += ["", *_lines(story, account)]
    return "\n".join(lines) + "\n"


def _lines(story: Story, account: Account) -> Iterator[str]:
    yield f"{story.standing.label}: {story.standing.text}"
    said = (outlook(story, account), terms(story), chosen_by(story),
            allowance(story.choice.allowance if story.choice else None))
    yield from (f"  {sentence}" for sentence in said if sentence)
    if story.choice:
        yield from (f"  - {account.names.rules[one.rule.id]}: {verdict(one, account.names)}"
                    for one in story.choice.verdicts)
    for segment in story.explanation.segments:
        yield f"  {_line(segment, account)}"
    yield f"  {total(story)}"


def _line(segment: Segment, account: Account) -> str:
    told = [stretch(segment.start, segment.end, account.at), exact(segment.seconds), exact(segment.counted_seconds),
            why(segment, account.names.reasons), where(segment, account.names)]
    return " | ".join(filter(None, told))
