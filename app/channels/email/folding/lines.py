"""Which lines of a mail are old: quoted history and signatures. Knows lines, not whether they were text or HTML."""

from dataclasses import dataclass
from enum import Enum

from . import wordings
from .marker import MARKER


@dataclass(slots=True)
class Line:
    """One line: its words without signs of quoting, how deep it is quoted, and what the HTML said of it.

    `divides`: all that follows at this depth is history. `signs`: the mailer marked it as a signature. `rules`: a line
    that is drawn. `is_indented`: quoted by an element that may as well only indent.
    """

    text: str
    depth: int = 0
    divides: bool = False
    signs: bool = False
    rules: bool = False
    is_indented: bool = False


class Kind(Enum):
    BLANK = "blank"
    NEW = "new"
    HEAD = "head"
    """What introduces a quote: an attribution, a divider, the headers of the mail answered."""
    OLD = "old"
    SIGNATURE = "signature"


HEAD_LINES = 4
"""A long attribution is broken into so many lines at most."""
SIGNATURE_LINES = 12


def folded(lines: list[Line], is_forward: bool = False) -> list[bool]:
    """For each line whether it is folded away. `is_forward`: the subject says that the mail passes on another one."""
    kinds = _kinds(lines, is_forward)
    new = [place for place, kind in enumerate(kinds) if kind is Kind.NEW]
    if not new:
        return _nothing_new(lines, kinds)
    first, last = new[0], new[-1]
    below = Kind.HEAD in kinds[:first] and not {Kind.OLD, Kind.HEAD} & set(kinds[first:])
    ends = any(kind is not Kind.BLANK for kind in kinds[last + 1:])
    return [(ends and place > last) or (below and place < first) for place in range(len(lines))]


def _nothing_new(lines: list[Line], kinds: list[Kind]) -> list[bool]:
    """An answer without a word folds whole; what is no answer stays, for it is all there is to read."""
    first = next((place for place, kind in enumerate(kinds) if kind not in (Kind.BLANK, Kind.SIGNATURE)), None)
    is_answer = first is None or kinds[first] is Kind.HEAD and not wordings.header(lines[first].text)
    return [is_answer and kind is not Kind.BLANK for kind in kinds]


def _kinds(lines: list[Line], is_forward: bool) -> list[Kind]:
    kinds = _history(lines, is_forward)
    start = 0
    for place in range(len(lines) + 1):
        if place == len(lines) or kinds[place] in (Kind.OLD, Kind.HEAD):
            _sign(lines, kinds, start, place)
            start = place + 1
    return kinds


def _history(lines: list[Line], is_forward: bool) -> list[Kind]:
    """New and old, by quotes, dividers and the heads over them; signatures are not looked for yet."""
    kinds: list[Kind] = []
    divided: int | None = None
    for place, line in enumerate(lines):
        if divided is not None and line.depth < divided and line.text:
            divided = None
        if divided is None and _passes_on(lines, kinds, place, is_forward):
            return kinds + [Kind.NEW if one.text or one.rules else Kind.BLANK for one in lines[place:]]
        if divided is None and _divides(lines, place):
            divided = line.depth
            kinds.append(Kind.NEW)
            _head(lines, kinds, place + _is_attribution(lines, place), line.depth)
            kinds[place] = Kind.HEAD
        elif not line.text and not line.rules:
            kinds.append(Kind.BLANK)
        elif divided is not None or line.depth:
            _head(lines, kinds, place, line.depth)
            kinds.append(Kind.NEW if line.is_indented and _before(kinds) is Kind.NEW else Kind.OLD)
        else:
            kinds.append(Kind.NEW)
    return kinds


def _passes_on(lines: list[Line], kinds: list[Kind], place: int, is_forward: bool) -> bool:
    """Whether a forwarded mail begins here: what is in it is not known to the desk, so nothing of it is folded."""
    starts = wordings.is_forward(lines[place].text) or (
        is_forward and (lines[place].divides or is_headers(lines, place) or wordings.is_original(lines[place].text)))
    return starts and _before(kinds) is Kind.NEW


def _before(kinds: list[Kind]) -> Kind:
    """What the last line that is not blank was."""
    return next((kind for kind in reversed(kinds) if kind is not Kind.BLANK), Kind.NEW)


def _divides(lines: list[Line], place: int) -> bool:
    line = lines[place]
    if line.divides or MARKER in line.text or wordings.is_original(line.text):
        return True
    return is_headers(lines, place) or _is_attribution(lines, place)


def _is_attribution(lines: list[Line], place: int) -> bool:
    """Whether a line says who wrote what follows, and no sign of quoting shows how far that goes."""
    line = lines[place]
    if not line.text.rstrip(" *").endswith(":") and not wordings.SAYS.search(line.text[-80:]):
        return False
    below = next((one for one in lines[place + 1:place + 5] if one.text), None)
    if below is None or below.depth > line.depth:
        return False
    if wordings.is_timed(line.text) or _is_under_headers(lines, place):
        return True
    starts = (start for start in range(place, max(-1, place - HEAD_LINES), -1)
              if all(one.text for one in lines[start:place + 1]))
    return bool(wordings.SAYS.search(line.text[-80:])) and any(
        wordings.is_attribution(" ".join(one.text for one in lines[start:place + 1])) for start in starts)


def _is_under_headers(lines: list[Line], place: int) -> bool:
    """Some mailers write whom and what it was about over the line that says who wrote."""
    above = [one.text for one in lines[max(0, place - 4):place] if one.text][-1:]
    return bool(above) and _is_header_above(above[0]) and wordings.is_attribution(lines[place].text)


def _is_header_above(text: str) -> bool:
    return text.endswith(";") and bool(wordings.header(text))


def is_headers(lines: list[Line], place: int) -> bool:
    """Whether the head of another mail begins here: at least three of its headers in a few lines."""
    if not wordings.header(lines[place].text):
        return False
    near = [line for line in lines[place:place + 14] if line.text][:8]
    found = {wordings.header(line.text) for line in near if line.depth == lines[place].depth} - {""}
    return len(found) >= 3 and bool(found & {"from", "to"}) and bool(found & {"date", "subject"})


def _head(lines: list[Line], kinds: list[Kind], end: int, depth: int) -> None:
    """Mark what introduces old lines that begin at `end`: lines drawn over them, and who wrote them when."""
    if end and kinds[end - 1] is Kind.OLD:
        return
    near: list[int] = []
    for at in reversed([at for at in range(max(0, end - 6 * HEAD_LINES), end) if kinds[at] is not Kind.BLANK]):
        if kinds[at] is not Kind.NEW or lines[at].depth > depth:
            break
        near.insert(0, at)
    _mark_rules(lines, kinds, near)
    is_sure = not (end < len(lines) and lines[end].is_indented)
    for at in _attribution(lines, near[-HEAD_LINES:], is_sure):
        kinds[at] = Kind.HEAD
        near.remove(at)
    if end and near and kinds[end - 1] is not Kind.NEW:
        _mark_headers(lines, kinds, near)
    _mark_rules(lines, kinds, near)


def _mark_rules(lines: list[Line], kinds: list[Kind], near: list[int]) -> None:
    while near and _is_rule(lines[near[-1]]):
        kinds[near.pop()] = Kind.HEAD


def _mark_headers(lines: list[Line], kinds: list[Kind], near: list[int]) -> None:
    while near and _is_header_above(lines[near[-1]].text):
        kinds[near.pop()] = Kind.HEAD


def _is_rule(line: Line) -> bool:
    return line.rules or bool(len(line.text) < 200 and wordings.RULE.fullmatch(line.text))


def _attribution(lines: list[Line], near: list[int], is_sure: bool) -> list[int]:
    """Of the lines right over a quote those that say who wrote it: first what is beyond doubt, then, if what follows
    is a quote for sure, what ends so."""
    for count in range(1, len(near) + 1):
        if wordings.is_attribution(" ".join(lines[at].text for at in near[-count:])):
            return near[-count:]
    if near and is_sure and wordings.may_be_attribution(lines[near[-1]].text):
        return near[-1:]
    return []


def _sign(lines: list[Line], kinds: list[Kind], start: int, end: int) -> None:
    """Mark the signature at the end of one stretch of new lines."""
    said = [place for place in range(start, end) if kinds[place] is Kind.NEW]
    foot = len(said)
    while foot and _is_foot(lines[said[foot - 1]]):
        foot -= 1
    if end < len(lines) or not all(_is_rule(lines[place]) for place in said[foot:]):
        for place in said[foot:]:
            kinds[place] = Kind.SIGNATURE
        del said[foot:]
    for place in said[_signature(lines, said):]:
        kinds[place] = Kind.SIGNATURE


def _is_foot(line: Line) -> bool:
    """Whether nobody typed this line for this mail."""
    return line.signs or wordings.is_mobile(line.text) or wordings.is_disclaimer(line.text) or _is_rule(line)


def _signature(lines: list[Line], said: list[int]) -> int:
    """Where among the new lines the signature begins; behind them all where there is none."""
    strict = next((at for at, place in enumerate(said) if wordings.STRICT_SIGNATURE.fullmatch(lines[place].text)), None)
    if strict is not None:
        return strict
    tail = range(max(0, len(said) - SIGNATURE_LINES), len(said))
    for at in tail:
        line = lines[said[at]].text
        if wordings.LOOSE_SIGNATURE.fullmatch(line) or wordings.is_closing(line) and _is_short(lines, said[at:]):
            return at
    return len(said)


def _is_short(lines: list[Line], said: list[int]) -> bool:
    """Names, posts and numbers stand under a farewell; whole sentences do not, no questions, and no postscript."""
    under = [lines[place].text for place in said]
    return all(len(text) <= 120 and not text.endswith("?") and not wordings.POSTSCRIPT.match(text) for text in under)
