"""What the sample organisation is made of, apart from its conversations."""
from collections.abc import Mapping
from dataclasses import dataclass, field

LANGUAGES = ("en", "ru", "ky")
PRIORITIES = ("P1", "P2", "P3", "P4")


@dataclass(frozen=True)
class Text:
    en: str
    ru: str
    ky: str

    def __getitem__(self, language: str) -> str:
        return getattr(self, language)


@dataclass(frozen=True)
class Department:
    slug: str
    name: Text
    place: str
    calendar: str
    parent: str | None = None


@dataclass(frozen=True)
class Team:
    slug: str
    name: Text
    level: int
    speciality: Text
    department: str
    calendar: str


@dataclass(frozen=True)
class Membership:
    team: str
    lead: bool = False


@dataclass(frozen=True)
class Person:
    slug: str
    name: str
    email: str
    role: str
    language: str
    gender: str
    address: str
    department: str | None = None
    department_head: str | None = None
    teams: tuple[Membership, ...] = ()


@dataclass(frozen=True)
class Organisation:
    slug: str
    domain: str
    name: Text
    short_name: Text
    departments: tuple[Department, ...]
    teams: tuple[Team, ...]
    people: tuple[Person, ...]


@dataclass(frozen=True)
class Calendar:
    slug: str
    name: Text
    timezone: str
    week: Mapping[str, tuple[str, ...]]
    holidays: str | None = None


@dataclass(frozen=True)
class Policy:
    slug: str
    name: Text
    calendar: str
    warn_shares: tuple[int, ...]
    reopen_floor_share: int
    targets: Mapping[str, Mapping[str, int]]
    ola: Mapping[str, Mapping[str, int]]


@dataclass(frozen=True)
class Rule:
    slug: str
    name: Text
    policy: str
    request_types: tuple[str, ...] = ()
    priorities: tuple[str, ...] = ()
    departments: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()


@dataclass(frozen=True)
class Field:
    key: str
    label: Text
    type: str
    required: bool = False
    help: Text | None = None
    choices: Mapping[str, Text] = field(default_factory=dict)


@dataclass(frozen=True)
class RequestType:
    slug: str
    name: Text
    description: Text
    authority: Text
    kind: str
    impact: str
    urgency: str
    policy: str
    level1_team: str
    fields: tuple[Field, ...]
    handover: tuple[Field, ...]
    level2_team: str | None = None
    confidential: bool = False
    visible_to: tuple[str, ...] = ()


@dataclass(frozen=True)
class Described:
    slug: str
    name: Text


@dataclass(frozen=True)
class PendingReason(Described):
    pauses: bool
    asks_requester: bool


@dataclass(frozen=True)
class TypeShape:
    weight: float
    escalated: float
    returned: float
    reopened: float
    pending: float
    channels: Mapping[str, float] | None = None


@dataclass(frozen=True)
class Shape:
    """Weights and shares; keys of hours, months and ratings are numbers."""

    tickets_per_working_day: float
    channels: Mapping[str, float]
    weekdays: Mapping[str, float]
    hours: Mapping[int, float]
    months: Mapping[int, float]
    languages: Mapping[str, float]
    work_minutes: Mapping[str, Mapping[str, float]]
    wait_minutes: Mapping[str, Mapping[str, float]]
    share_rated: float
    ratings: Mapping[int, float]
    types: Mapping[str, TypeShape]
    pending_reasons: tuple[PendingReason, ...]
    tags: tuple[Described, ...]
