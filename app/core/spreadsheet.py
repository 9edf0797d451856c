"""Rows for a spreadsheet, as CSV that no program takes for formulas."""

import csv
import io
import re
from collections.abc import Iterable
from typing import Any

FORMULAS = ("=", "+", "-", "@", "\t", "\r")
PARTED = re.compile(r"([;\t\r\n])(?=[=+\-@])")
"""Where another program's idea of a separator would begin a cell: many languages part cells by semicolons."""
MARK = "\ufeff"
"""Tells a spreadsheet that the letters are UTF-8."""


def to_csv(head: Iterable[Any], rows: Iterable[Iterable[Any]]) -> str:
    """The head and the rows; a text that a spreadsheet would compute stands behind an apostrophe."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerows([plain(cell) for cell in row] for row in (head, *rows))
    return MARK + out.getvalue()


def plain(cell: Any) -> Any:
    """Numbers as they are, nothing as an empty cell, texts so that they stay texts."""
    if cell is None or isinstance(cell, int | float):
        return "" if cell is None else cell
    text = PARTED.sub(r"\1'", str(cell))
    return f"'{text}" if text.startswith(FORMULAS) else text
