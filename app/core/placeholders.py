"""Words that people store, with names in braces where something is put: {ticket.number}.

Stored words are never rendered as a template: what stands in braces is looked up in a fixed list, once, and what is put
there is not looked at again.
"""

import re
from collections.abc import Callable, Container

PLACEHOLDER = re.compile(r"\{([^{}\n]{1,60})\}")


def named_in(text: str) -> list[str]:
    """What stands in braces, each once, in the order in which it comes."""
    return list(dict.fromkeys(PLACEHOLDER.findall(text)))


def unknown(text: str, known: Container[str]) -> list[str]:
    """What stands in braces and is in no list."""
    return [name for name in named_in(text) if name not in known]


def put(text: str, value: Callable[[str], str | None]) -> str:
    """The text with what stands for each name; a name without a value (None) stays as it is."""

    def said(found: re.Match[str]) -> str:
        known = value(found[1])
        return found[0] if known is None else known

    return PLACEHOLDER.sub(said, text)
