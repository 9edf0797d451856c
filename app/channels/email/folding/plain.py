"""Folding plain text: signs of quoting are counted, then the lines are judged."""

import re

from . import lines

_QUOTED = re.compile(r"(?: {0,2}>){1,200} ?")  # Nobody quotes deeper; the engine remembers each round.


def fold(text: str, is_forward: bool) -> tuple[str, str]:
    """What is new and what is folded away; every line is in one of them."""
    written = text.split("\n")
    away = lines.folded([line_of(one) for one in written], is_forward)
    return _joined(written, away, False), _joined(written, away, True)


def line_of(written: str) -> lines.Line:
    found = _QUOTED.match(written)
    rest = written[found.end():] if found else written
    words = rest if rest == "-- " else " ".join(rest.split()) if len(rest) < 1000 else rest
    return lines.Line(words, found.group().count(">") if found else 0)


def _joined(written: list[str], away: list[bool], wanted: bool) -> str:
    """The lines wanted. Where others were left out between two of them, a blank line stands."""
    kept: list[str] = []
    for place, line in enumerate(written):
        if away[place] is wanted:
            kept.append(line)
        elif kept and kept[-1]:
            kept.append("")
    return "\n".join(kept).strip("\n").rstrip()
