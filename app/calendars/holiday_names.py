"""Public holidays of a country, named in the reader's language.

The `holidays` library knows them up to the year 2100; it is imported when a country is first asked for, and
only that country's file of it.
"""

import importlib.util
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

# What a reader of a language reads before English, where a country has no names in that language.
READS_ALSO = {"ky": ("ru",)}


class UnknownCountry(LookupError):
    """No country (or part of it) with this code is known."""


@dataclass(frozen=True)
class Holiday:
    """A local date that is closed all day: a country's public holiday, or the desk's own in its own words."""

    day: date
    country: str | None = None
    names: tuple[tuple[str, str], ...] = ()  # (language, name)

    def name(self, language: str) -> str:
        """The name for a reader of the language ("ky", "ru", "en"), else in one the reader may know."""
        if self.names:
            words = dict(self.names)
            return words[pick_language(language, words) or next(iter(words))]
        return holiday_name(self.country, self.day, language) or ""


def public_holidays(country: str, years: int | Iterable[int]) -> dict[date, Holiday]:
    """The public holidays of a country ("KG", or "DE-BY" for a part of one) in these years."""
    wanted = (years,) if isinstance(years, int) else years
    return {day: holiday for year in wanted for day, holiday in holidays_of_year(country, year).items()}


def holiday_name(country: str, day: date, language: str) -> str | None:
    """What the country calls the date, for a reader of the language; None if it is no holiday."""
    known = pick_language(language, entity(country).supported_languages)
    return _names_of_year(country, day.year, known).get(day)


def moved_working_days(country: str, year: int) -> list[date]:
    """Weekend dates that the country declared working. Only proposals: nobody says which hours hold."""
    days = _listing(country, year, None).weekend_workdays
    return sorted(day for day in days if day.year == year)


def pick_language(language: str, known: Iterable[str]) -> str | None:
    """Which of the known codes ("en_US", "ru_KG") serves the reader best; None if none does."""
    codes = tuple(known)
    for wanted in (language, *READS_ALSO.get(_base(language), ()), "en"):
        for code in sorted(codes, key=lambda code: code != wanted.replace("-", "_")):
            if _base(code) == _base(wanted):
                return code
    return None


def _base(code: str) -> str:
    return code.replace("-", "_").split("_")[0].lower()


@lru_cache(maxsize=1024)
def holidays_of_year(country: str, year: int) -> dict[date, Holiday]:
    """The holidays of one year, shared by all who ask: not to be changed."""
    return {day: Holiday(day, country) for day in _names_of_year(country, year, None)}


@lru_cache(maxsize=1024)
def _names_of_year(country: str, year: int, language: str | None) -> dict[date, str]:
    # Without a wish the library would follow the LANGUAGE of the server's environment.
    listing = _listing(country, year, language or entity(country).default_language)
    return dict(sorted(listing.items()))


def _listing(country: str, year: int, language: str | None) -> Any:
    part = country.partition("-")[2] or None
    return entity(country)(years=year, subdiv=part, language=language)


@lru_cache(maxsize=256)
def entity(country: str) -> Any:
    """The library's class for a country; UnknownCountry if it, or the named part of it, is not known."""
    code, dash, part = country.partition("-")
    found = _load(*_place(code))
    if dash and part not in found.subdivisions:
        raise UnknownCountry(country)
    return found


def _place(code: str) -> tuple[str, str]:
    from holidays.registry import COUNTRIES

    for module, (name, alpha_2, *_) in COUNTRIES.items():
        if alpha_2 == code:
            return module, name
    raise UnknownCountry(code)


@lru_cache(maxsize=256)
def _load(module: str, name: str) -> Any:
    # By file, because `import holidays.countries.kyrgyzstan` runs the package's 250 countries first.
    import holidays

    path = Path(holidays.__file__).parent / "countries" / f"{module}.py"
    spec = importlib.util.spec_from_file_location(f"holiday_country_{module}", path)
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return getattr(loaded, name)
