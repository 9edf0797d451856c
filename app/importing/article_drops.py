"""Lines of a text that the mapping tells to leave out: menus, names, offers to read on. Pure."""

import re
from collections.abc import Iterator

from .article_mapping import Drop


def says_something(text: str) -> bool:
    """An address of a picture or a link counts too; rulers and empty points do not."""
    return any(character.isalnum() for character in text)


def dropped(text: str, drops: tuple[Drop, ...]) -> tuple[str, int]:
    """What is left of a text, and how many lines with something in them went."""
    lines = text.splitlines()
    kept = list(_kept(lines, drops)) if drops else lines
    return "\n".join(kept), sum(map(says_something, lines)) - sum(map(says_something, kept))


def _kept(lines: list[str], drops: tuple[Drop, ...]) -> Iterator[str]:
    open_drop, left = None, 0
    for line in lines:
        plain = " ".join(re.sub(r"\\([^\w\s])", r"\1", line).split())
        if open_drop is not None:
            open_drop, left, goes = _goes_on(open_drop, left, plain)
            if goes:
                continue
        hit = next((drop for drop in drops if plain and drop.start.search(plain)), None)
        if hit is None:
            yield line
        elif hit.end is not None or hit.lines > 1:
            open_drop, left = hit, hit.lines - 1


def _goes_on(drop: Drop, left: int, plain: str) -> tuple[Drop | None, int, bool]:
    """The drop that is open after this line, how many lines it still takes, and whether it takes this one."""
    if drop.end is not None:
        ends = drop.end.search(plain) is not None
        return (None if ends else drop), 0, not ends or drop.with_end
    if not says_something(plain):
        return drop, left, True
    return (drop, left - 1, True) if left else (None, 0, False)
