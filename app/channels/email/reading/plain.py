"""Kinds of text that are not plain but nearly: format=flowed (RFC 3676) and enriched (RFC 1896)."""

import re

_COMMAND = re.compile(r"<(/?)([a-zA-Z][\w\-]{0,59})>")
_BREAKS = re.compile(r"\n+")


def unflowed(text: str, deletes_space: bool) -> str:
    """Lines that were broken for the way are put together again; quotes of one depth only with each other."""
    written: list[str] = []
    open_marks: str | None = None
    for line in text.split("\n"):
        marks, rest = _taken_apart(line)
        is_signature = rest == "-- "
        goes_on = marks == open_marks and not is_signature
        if not goes_on:
            written.append("\n" + marks + (" " if marks else ""))
        is_open = rest.endswith(" ") and not is_signature
        written.append(rest[:-1] if is_open and deletes_space else rest)
        open_marks = marks if is_open else None
    return "".join(written).removeprefix("\n")


def _taken_apart(line: str) -> tuple[str, str]:
    """Its quote marks, and the rest without the space that was stuffed in front."""
    rest = line.lstrip(">")
    return line[: len(line) - len(rest)], rest.removeprefix(" ")


def unenriched(text: str) -> str:
    """Without its commands; a single line end is a space, of more one is left out."""
    shown, hidden, end = [], 0, 0
    text = text.replace("<<", "\0")
    for command in _COMMAND.finditer(text):
        if not hidden:
            shown.append(text[end:command.start()])
        end = command.end()
        if command.group(2).lower() == "param":
            hidden = 0 if command.group(1) else 1
    if not hidden:
        shown.append(text[end:])
    return _BREAKS.sub(_break, "".join(shown)).replace("\0", "<")


def _break(breaks: re.Match[str]) -> str:
    return "\n" * (len(breaks.group()) - 1) or " "
