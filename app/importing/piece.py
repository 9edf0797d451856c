"""Reading a TOML file strictly: what is missing, of the wrong kind or not understood is named with its place."""

import re
from datetime import date
from typing import Any

from app.core.i18n import LANGUAGES, known_zone

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class MappingError(Exception):
    """The mapping cannot be read; the message names the place."""


def is_slug(text: str) -> bool:
    """Small letters, digits and hyphens, at most 40."""
    return len(text) <= 40 and SLUG.fullmatch(text) is not None


class Piece:
    """One table of the file; every value asked for is taken out, so that what is left was not understood."""

    def __init__(self, place: str, values: Any) -> None:
        if not isinstance(values, dict):
            raise MappingError(f"{place}: a table is needed here")
        self.place = place
        self.values = dict(values)

    def take(self, key: str, *default: Any) -> Any:
        if key not in self.values and not default:
            raise MappingError(f"{self.at(key)}: is missing")
        return self.values.pop(key, *default)

    def at(self, key: str) -> str:
        return f"{self.place}.{key}" if self.place else key

    def text(self, key: str, *default: str | None) -> Any:
        value = self.take(key, *default)
        if value is not None and (not isinstance(value, str) or not value):
            raise MappingError(f"{self.at(key)}: a text is needed")
        return value

    def texts(self, key: str) -> list[str]:
        value = self.take(key, [])
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            raise MappingError(f"{self.at(key)}: a list of texts is needed")
        return value

    def slug(self, key: str) -> str:
        value = self.text(key)
        if not is_slug(value):
            raise MappingError(f"{self.at(key)}: small letters, digits and hyphens are needed, at most 40")
        return value

    def one_of(self, key: str, words: Any, *default: str) -> str:
        value = self.text(key, *default)
        if value not in words:
            raise MappingError(f"{self.at(key)}: one of {', '.join(words)} is needed, not “{value}”")
        return value

    def whole(self, key: str) -> int:
        value = self.take(key)
        if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= 100_000:
            raise MappingError(f"{self.at(key)}: a whole number from 1 is needed")
        return value

    def truth(self, key: str) -> bool:
        value = self.take(key)
        if not isinstance(value, bool):
            raise MappingError(f"{self.at(key)}: true or false is needed")
        return value

    def zone(self, key: str) -> str:
        value = self.text(key)
        if not known_zone(value):
            raise MappingError(f"{self.at(key)}: “{value}” is not a time zone such as Asia/Bishkek")
        return value

    def day(self, key: str) -> date:
        value = self.take(key)
        if type(value) is not date:
            raise MappingError(f"{self.at(key)}: a date such as 2010-01-01 is needed, without quotes")
        return value

    def names(self, key: str = "name") -> dict[str, str]:
        piece = self.piece(key)
        names = {code: piece.text(code) for code in LANGUAGES if code in piece.values}
        piece.refuse_rest()
        if not names:
            raise MappingError(f"{self.at(key)}: a name in at least one language is needed")
        return names

    def piece(self, key: str, optional: bool = False) -> "Piece":
        return Piece(self.at(key), self.take(key, *([{}] if optional else [])))

    def pieces(self, key: str) -> dict[str, "Piece"]:
        inner = self.piece(key, optional=True)
        return {name: Piece(inner.at(name), value) for name, value in inner.values.items()}

    def each(self, key: str) -> list["Piece"]:
        values = self.take(key)
        if not isinstance(values, list):
            raise MappingError(f"{self.at(key)}: [[{key}]] is needed")
        return [Piece(f"{self.at(key)}[{number}]", value) for number, value in enumerate(values, 1)]

    def refuse_rest(self) -> None:
        for key in self.values:
            raise MappingError(f"{self.at(key)}: is not understood here")
