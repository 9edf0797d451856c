"""The head of a mail or of a part: fields in the order in which they stand; none costs another."""

import re
from dataclasses import dataclass, field
from email.message import Message
from itertools import islice

from . import limits, words
from .charsets import decode

_END = re.compile(rb"\n\r*\n")
_EMPTY = re.compile(rb"\r*\n")
_NEXT_LINE = re.compile(rb"\n(?![ \t\r\n])")
_FIELD = re.compile(rb"([!-9;-~]{1,100})[ \t]{0,20}:")
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_LINE_ENDS = re.compile(rb"\r*\n")
_TYPE = re.compile(r"[\w.+\-]{1,60}/[\w.+\-]{1,100}", re.ASCII)
_CHARSET = re.compile(rb"charset[ \t]*=[ \t]*[\"']?([\w.:\-]{1,40})", re.IGNORECASE)
_LOOKED_AT = 64 * 1024


@dataclass(frozen=True)
class Headers:
    """`fields` are name (lower case) and value, unfolded, as they were written. `hint` is the charset of bytes that are
    not English and say nothing of themselves. `defects` is what was wrong with the whole."""

    fields: list[tuple[str, bytes]] = field(default_factory=list)
    hint: str = ""
    defects: list[str] = field(default_factory=list)

    def __contains__(self, name: str) -> bool:
        return any(known == name for known, _value in self.fields)

    def all(self, name: str) -> list[str]:
        """The values of the fields of this name, one line each, encoded words left as they are; of many the first."""
        found = (value for known, value in self.fields if known == name)
        return [self._text(value) for value in islice(found, limits.SAME_FIELDS)]

    def first(self, name: str) -> str:
        """The first of them, '' for none."""
        return next((self._text(value) for known, value in self.fields if known == name), "")

    def line(self, name: str) -> str:
        """The first as words for people: decoded, clean, bounded."""
        return words.line(self.first(name))[: limits.LINE]

    def _text(self, value: bytes) -> str:
        return _CONTROL.sub("", decode(value, "", self.hint)).strip()

    def parameters(self, name: str) -> tuple[str, dict[str, str]]:
        """What a field like Content-Type says first (lower case), and its parameters, RFC 2231 undone."""
        return _parameters(self.first(name)[: limits.PARAMETER_BYTES])


def hint_of(raw: bytes) -> str:
    """The first charset that a mail names and that says more than UTF-8 does."""
    named = (match.decode("ascii", "ignore").lower() for match in _CHARSET.findall(raw, 0, _LOOKED_AT))
    return next((name for name in named if name not in ("utf-8", "us-ascii", "ascii")), "")


def split(raw: bytes, start: int, end: int, hint: str) -> tuple[Headers, int]:
    """The head that begins at `start`, and where the body begins."""
    if empty := _EMPTY.match(raw, start, end):
        return Headers(hint=hint), empty.end()
    blank = _END.search(raw, start, end)
    head_end = blank.start() + 1 if blank else end
    headers = Headers(hint=hint)
    for line_start, line_end in _lines(raw, start, head_end, headers):
        match = _FIELD.match(raw, line_start, line_end)
        if match:
            headers.fields.append(_field(match, raw, line_end))
        elif not headers.fields or not blank:
            return headers, line_start
        else:
            headers.defects.append("a line of the head is no field")
    return headers, blank.end() if blank else head_end


def _lines(raw: bytes, start: int, end: int, headers: Headers) -> list[tuple[int, int]]:
    """Where each unfolded line begins and ends."""
    begins = [start, *(match.start() + 1 for match in islice(_NEXT_LINE.finditer(raw, start, end), limits.FIELDS))]
    if len(begins) > limits.FIELDS:
        headers.defects.append("the head has too many fields")
        end = begins.pop()
    return [(begin, until) for begin, until in zip(begins, [*begins[1:], end], strict=True) if begin < until]


def _field(match: re.Match[bytes], raw: bytes, end: int) -> tuple[str, bytes]:
    """Of References the end counts, of all others the beginning."""
    name, start = match.group(1).decode("ascii").lower(), match.end()
    if name == "references":
        start = max(start, end - limits.FIELD_BYTES)
    value = raw[start:min(end, start + limits.FIELD_BYTES)]
    return name, _LINE_ENDS.sub(b"", value).strip()


def _parameters(value: str) -> tuple[str, dict[str, str]]:
    """By the library's older reader, which takes nearly everything; what it cannot take has no parameters."""
    message = Message()
    try:
        message["Content-Type"] = value
        (main, _), *found = message.get_params([("", "")])
        return main.strip().lower(), {name.lower(): _joined(text) for name, text in found}
    except Exception:  # The library's reader raises what it likes on what it did not expect.
        return value.partition(";")[0].strip().lower(), {}


def _joined(text: str | tuple[str | None, str | None, str]) -> str:
    """A parameter as text; one of RFC 2231 comes as charset, language and bytes in disguise."""
    if isinstance(text, str):
        return words.line(text)
    try:
        return decode(text[2].encode("latin-1"), text[0] or "utf-8")
    except UnicodeEncodeError:
        return text[2]


def type_of(headers: Headers, otherwise: str) -> tuple[str, dict[str, str]]:
    """The content type and its parameters; what is none is `otherwise`."""
    main, parameters = headers.parameters("content-type")
    return (main if _TYPE.fullmatch(main) else otherwise), parameters


