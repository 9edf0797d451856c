"""The sample organisation as data: reads data/*.toml and checks that every reference leads somewhere.

Pure: no database, no clock, no randomness but the one handed in.
"""
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

from app.importing.sample import content_checks
from app.importing.sample.content_shapes import (
    LANGUAGES,
    Calendar,
    Department,
    Described,
    Field,
    Membership,
    Organisation,
    PendingReason,
    Person,
    Policy,
    RequestType,
    Rule,
    Shape,
    Team,
    Text,
    TypeShape,
)
from app.importing.sample.content_story import Escalation, Pool, Scenario, Story

DATA = Path(__file__).parent / "data"


class ContentError(ValueError):
    """The data files contradict themselves; the message lists every place."""


@dataclass(frozen=True)
class SampleContent:
    organisation: Organisation
    calendars: tuple[Calendar, ...]
    policies: tuple[Policy, ...]
    rules: tuple[Rule, ...]
    request_types: tuple[RequestType, ...]
    scenarios: tuple[Scenario, ...]
    shape: Shape

    def scenarios_of(self, request_type: str, language: str, month: int | None = None) -> tuple[Scenario, ...]:
        told = (s for s in self.scenarios if (s.request_type, s.language) == (request_type, language))
        return tuple(s for s in told if not (month and s.months) or month in s.months)

    def askers(self, scenario: Scenario) -> tuple[Person, ...]:
        """The people in whose mouth this scenario sounds right."""
        places = {d.slug: d.place for d in self.organisation.departments}
        return tuple(p for p in self.organisation.people if _suits(p, places.get(p.department), scenario))


@cache
def load() -> SampleContent:
    content = read(DATA)
    if mistakes := list(content_checks.mistakes(content)):
        raise ContentError("\n".join(mistakes))
    return content


def read(folder: Path) -> SampleContent:
    """The files as they are; `load` also checks that they agree."""
    timing = _toml(folder / "calendars.toml")
    types = _request_types(_toml(folder / "request_types.toml"))
    return SampleContent(
        organisation=_organisation(_toml(folder / "organisation.toml")),
        calendars=_each(Calendar, timing["calendars"]),
        policies=_each(Policy, timing["policies"]),
        rules=_each(Rule, timing["rules"]),
        request_types=types,
        scenarios=tuple(_scenarios(folder / "conversations", types)),
        shape=_shape(_toml(folder / "shape.toml")),
    )


# Reading

def _toml(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        return tomllib.load(file)


def _make(cls: type, row: Mapping[str, Any], **extra: Any) -> Any:
    """A key the class does not know, or one missing, raises: typing errors in the data do not pass."""
    kinds = {f.name: f.type for f in fields(cls)}
    return cls(**{key: _value(value, kinds.get(key)) for key, value in row.items()}, **extra)


def _value(value: Any, kind: Any) -> Any:
    if kind in (Text, Text | None):
        return Text(**value)
    return tuple(value) if isinstance(value, list) else value


def _each(cls: type, rows: Iterable[Mapping[str, Any]]) -> tuple[Any, ...]:
    return tuple(_make(cls, row) for row in rows)


def _organisation(raw: dict[str, Any]) -> Organisation:
    people = tuple(_person(row, raw["domain"]) for row in raw.pop("people")["list"])
    departments = _each(Department, raw.pop("departments"))
    teams = _each(Team, raw.pop("teams"))
    return _make(Organisation, raw, departments=departments, teams=teams, people=people)


def _person(row: Mapping[str, Any], domain: str) -> Person:
    defaults = {"email": f"{row['slug']}@{domain}", "address": row["name"].split()[0]}
    return _make(Person, {**defaults, **row, "teams": _each(Membership, row.get("teams", ()))})


def _request_types(raw: dict[str, Any]) -> tuple[RequestType, ...]:
    library = {key: {"key": key, **row} for key, row in raw["field_library"].items()}
    return tuple(_request_type(row, library) for row in raw["request_types"])


def _request_type(row: dict[str, Any], library: Mapping[str, Any]) -> RequestType:
    forms = {part: tuple(_field(f, library) for f in row[part]) for part in ("fields", "handover")}
    return _make(RequestType, {**row, **forms})


def _field(row: dict[str, Any], library: Mapping[str, Any]) -> Field:
    row = library[row["use"]] | {k: v for k, v in row.items() if k != "use"} if "use" in row else dict(row)
    choices = {key: Text(**text) for key, text in row.pop("choices", {}).items()}
    return _make(Field, row, choices=choices)


def _scenarios(folder: Path, types: tuple[RequestType, ...]) -> Iterator[Scenario]:
    shared = _toml(folder / "_shared.toml")
    for request_type in types:
        raw = _toml(folder / f"{request_type.slug}.toml")
        if raw["request_type"] != request_type.slug:
            raise ContentError(f"{request_type.slug}.toml is about {raw['request_type']}")
        values = (shared["values"], raw.get("values", {}))
        yield from (_scenario(dict(row), request_type, values, shared) for row in raw["scenarios"])


def _scenario(row: dict[str, Any], request_type: RequestType, values: tuple, shared: Mapping) -> Scenario:
    language = row["language"]
    story = {f.name: row.pop(f.name) for f in fields(Story) if f.name in row}
    if "escalation" in story:
        story["escalation"] = _make(Escalation, story["escalation"])
    usual = {key: getattr(request_type, key) for key in ("kind", "impact", "urgency")}
    numbers = frozenset(f.key for f in request_type.fields if f.type == "number")
    return _make(
        Scenario, usual | row, request_type=request_type.slug, story=_make(Story, story),
        numbers=numbers, pool=_make(Pool, shared[language]), values=_values(values, language),
    )


def _values(layers: tuple[Mapping, ...], language: str) -> dict[str, tuple[str, ...]]:
    """What a file lists wins over what is shared, a language's own list over the common one."""
    merged: dict[str, tuple[str, ...]] = {}
    for layer in layers:
        merged |= {key: tuple(value) for key, value in layer.items() if key not in LANGUAGES}
        merged |= {key: tuple(value) for key, value in layer.get(language, {}).items()}
    return merged


def _shape(raw: dict[str, Any]) -> Shape:
    share_rated = raw["ratings"].pop("share_rated")
    for key in ("hours", "months", "ratings"):
        raw[key] = {int(number): weight for number, weight in raw[key].items()}
    raw["types"] = {slug: TypeShape(**row) for slug, row in raw["types"].items()}
    raw["pending_reasons"] = _each(PendingReason, raw["pending_reasons"])
    raw["tags"] = _each(Described, raw["tags"])
    return _make(Shape, raw, share_rated=share_rated)


def _suits(person: Person, place: str | None, scenario: Scenario) -> bool:
    return (
        (person.role == "customer") == (scenario.asker == "customer")
        and person.language == scenario.language
        and scenario.voice in (None, person.gender)
        and (not scenario.places or place in scenario.places)
    )
