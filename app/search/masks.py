"""What people type by mistake into a search and nobody should read later: addresses, telephones, long numbers."""

import re

MASK = "•••"
ADDRESS = re.compile(r"[^\s@<>\"']+@[^\s@<>\"']+")
NUMBER = re.compile(r"(?<![\w+])\+?\d(?:[\s()/-]{0,2}\d){5,}(?!\w)")
"""Six digits and more that stand alone, with what parts a telephone's. An error code has letters (0x80070005,
KB5034441) and stays; so do dates and addresses of machines, for their points."""


def masked(text: str) -> str:
    """The text without them. Done twice it says the same."""
    return NUMBER.sub(MASK, ADDRESS.sub(MASK, text))
