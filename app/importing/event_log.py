"""Reads an event log in CSV into cases. All of it is read and judged before anything is stored."""

import csv
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO, NamedTuple
from zoneinfo import ZoneInfo

from .mapping import Mapping

EARLIEST = datetime(1970, 1, 2, tzinfo=UTC)
LONGEST = {"case": 120, "person": 120, "activity": 200}
"""Characters that fit where they are stored."""


class BadLog(Exception):
    """The file cannot be taken; the message names line and column."""


class Row(NamedTuple):
    """One line of the log: when, its number in the file, what, who ('' for the desk itself)."""

    at: datetime
    line: int
    activity: str
    person: str


@dataclass
class Case:
    """One case of the log, its rows in the order of time, then of the file."""

    ref: str
    rows: list[Row] = field(default_factory=list)

    @property
    def digest(self) -> str:
        """What tells whether the same case came again unchanged."""
        told = "\n".join(f"{row.at.isoformat()}|{row.activity}|{row.person}" for row in self.rows)
        return hashlib.sha256(told.encode()).hexdigest()


@dataclass
class Log:
    """The whole file."""

    cases: list[Case]
    rows: int
    unread_columns: list[str]


def read(path: Path, mapping: Mapping, now: datetime) -> Log:
    """The cases in the order in which they begin. Raises BadLog for the first thing wrong."""
    try:
        with open(path, "rb") as file:
            return _log(file, mapping, now)
    except OSError as error:
        raise BadLog(f"{path}: {error.strerror}") from error
    except BadLog as error:
        raise BadLog(f"{path}, {error}") from error


def _log(file: IO[bytes], mapping: Mapping, now: datetime) -> Log:
    lines = csv.reader(_decoded(file, mapping), delimiter=mapping.delimiter, strict=True)
    header = _header(lines, mapping)
    places = {part: header.index(name) for part, name in mapping.columns.items()}
    cases: dict[str, Case] = {}
    count = 0
    reader = RowReader(mapping, places, len(header), now)
    for line, values in _records(lines):
        ref, row = reader.row(line, values)
        cases.setdefault(ref, Case(ref)).rows.append(row)
        count += 1
    if not count:
        raise BadLog("line 2: there is no row below the header")
    return Log(_in_order(cases), count, [name for name in header if name not in mapping.columns.values()])


def _in_order(cases: dict[str, Case]) -> list[Case]:
    for case in cases.values():
        case.rows.sort()
    return sorted(cases.values(), key=lambda case: case.rows[0])


def _decoded(file: IO[bytes], mapping: Mapping) -> Iterator[str]:
    encoding = "utf-8-sig" if mapping.encoding.lower() in ("utf-8", "utf8") else mapping.encoding
    for number, line in enumerate(file, 1):
        try:
            text = line.decode(encoding if number == 1 else mapping.encoding)
        except LookupError as error:
            raise BadLog(f"line 1: the mapping names an unknown encoding, {mapping.encoding}") from error
        except UnicodeDecodeError as error:
            column = line[: error.start].count(mapping.delimiter.encode()) + 1
            raise BadLog(f"line {number}, column {column}: this is not {mapping.encoding} "
                         f"(byte 0x{line[error.start]:02x}); say the right encoding in the mapping") from error
        if "\0" in text:
            raise BadLog(f"line {number}: holds a null character; this is not a text file in {mapping.encoding}")
        yield text


def _header(lines: Iterator[list[str]], mapping: Mapping) -> list[str]:
    try:
        header = [name.strip() for name in next(lines)]
    except StopIteration:
        raise BadLog("line 1: the file is empty") from None
    except csv.Error as error:
        raise BadLog(f"line 1: {error}") from error
    for name in mapping.columns.values():
        if header.count(name) != 1:
            found = "is missing" if name not in header else "stands there twice"
            raise BadLog(f"line 1: the column “{name}” {found}; the file has: {', '.join(header)}")
    return header


def _records(lines: "csv._reader") -> Iterator[tuple[int, list[str]]]:  # type: ignore[name-defined]
    """Line number and values; a quoted value may span lines, so the number is that of its last line."""
    try:
        for values in lines:
            if values:
                yield lines.line_num, values
    except csv.Error as error:
        raise BadLog(f"line {lines.line_num}: {error}") from error


class RowReader:
    """Reads the values of one line; remembers the shape of the file."""

    def __init__(self, mapping: Mapping, places: dict[str, int], width: int, now: datetime) -> None:
        self.mapping = mapping
        self.places = places
        self.width = width
        self.zone = ZoneInfo(mapping.zone)
        self.latest = now + timedelta(days=1)

    def row(self, line: int, values: Sequence[str]) -> tuple[str, Row]:
        if len(values) != self.width:
            raise BadLog(f"line {line}: has {len(values)} values, the header has {self.width}")
        ref, activity = self._needed("case", line, values), self._needed("activity", line, values)
        return ref, Row(self._moment(line, values), line, activity, self._text("person", line, values))

    def _needed(self, part: str, line: int, values: Sequence[str]) -> str:
        text = self._text(part, line, values)
        if not text:
            raise BadLog(f"{self._place(part, line)}: is empty")
        return text

    def _text(self, part: str, line: int, values: Sequence[str]) -> str:
        text = values[self.places[part]].strip()
        if len(text) > LONGEST[part]:
            raise BadLog(f"{self._place(part, line)}: is longer than {LONGEST[part]} characters")
        return text

    def _moment(self, line: int, values: Sequence[str]) -> datetime:
        text = values[self.places["time"]].strip()
        try:
            moment = self._parse(text)
            moment = (moment if moment.tzinfo else moment.replace(tzinfo=self.zone)).astimezone(UTC)
        except (ValueError, OverflowError) as error:
            raise BadLog(f"{self._place('time', line)}: “{text}” is not a time {self._wanted()}") from error
        if not EARLIEST <= moment <= self.latest:
            raise BadLog(f"{self._place('time', line)}: “{text}” is before 1970 or still to come")
        return moment

    def _parse(self, text: str) -> datetime:
        if self.mapping.time_format:
            return datetime.strptime(text, self.mapping.time_format)  # noqa: DTZ007 - the mapping's zone follows
        return datetime.fromisoformat(text)

    def _wanted(self) -> str:
        return f"of the form {self.mapping.time_format}" if self.mapping.time_format else "such as 2012-04-30T10:12:22"

    def _place(self, part: str, line: int) -> str:
        return f"line {line}, column {self.mapping.columns[part]}"
