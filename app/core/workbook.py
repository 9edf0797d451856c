"""Rows for a spreadsheet as a workbook (XLSX, ECMA-376) of one sheet: texts stay texts, so nothing is a formula."""

import io
import re
from collections.abc import Iterable
from typing import Any
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

MIMETYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST = 32_767
"""Characters a cell holds."""
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
"""What a spreadsheet would read as a character in hexadecimal; its underscore is written so itself."""
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_PARTS = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{MIMETYPE}.main+xml"/>'
        '<Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument'
        '.spreadsheetml.worksheet+xml"/></Types>',
    "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship '
        f'Id="r1" Type="{_LINKS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="r1" Type="{_LINKS}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
}


def to_xlsx(title: str, head: Iterable[Any], rows: Iterable[Iterable[Any]]) -> bytes:
    """The head and the rows as the bytes of a workbook; `title` names its sheet."""
    out = io.BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as book:
        for name, text in _PARTS.items():
            book.writestr(name, _HEAD + text)
        book.writestr("xl/workbook.xml", f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_LINKS}"><sheets><sheet '
                                         f'name="{_sheet_name(title)}" sheetId="1" r:id="r1"/></sheets></workbook>')
        lines = "".join(_line(number, row) for number, row in enumerate((head, *rows), start=1))
        book.writestr("xl/worksheets/sheet1.xml", f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetData>{lines}</sheetData>'
                                                  "</worksheet>")
    return out.getvalue()


def _line(number: int, cells: Iterable[Any]) -> str:
    return f'<row r="{number}">{"".join(_cell(cell) for cell in cells)}</row>'


def _cell(value: Any) -> str:
    if value is None or value == "":
        return "<c/>"
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f"<c><v>{value}</v></c>"
    return f'<c t="inlineStr"><is><t xml:space="preserve">{escape(_text(str(value)))}</t></is></c>'


def _text(text: str) -> str:
    return _ESCAPED.sub("_x005F_", _FORBIDDEN.sub("", text)[:LONGEST])


def _sheet_name(title: str) -> str:
    """At most 31 characters, none of which a spreadsheet gives a meaning to."""
    name = re.sub(r"[\[\]:*?/\\]", " ", _FORBIDDEN.sub("", title)).strip(" '")[:31].strip(" '")
    return escape(name or "1", {'"': "&quot;"})
