"""The mapping: a readable TOML file that says what the columns and activities of an event log mean."""

import tomllib
from collections.abc import Mapping as Table
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from app.calendars.calendar_data import problems
from app.catalogue.models import KINDS, SCALE
from app.tickets.vocabulary import CHANNELS

from .piece import MappingError, Piece, is_slug
from .weeks import Week, week_of

SHIPPED = Path(__file__).parent / "mappings"
MEANINGS = ("work", "queue", "resolve", "close", "cancel", "keep")
COMPLETING = ("resolve", "close", "cancel")
UNKNOWN = "unknown"


@dataclass(frozen=True)
class TeamWanted:
    slug: str
    level: int
    names: dict[str, str]


@dataclass(frozen=True)
class ReasonWanted:
    slug: str
    pauses: bool
    names: dict[str, str]


@dataclass(frozen=True)
class TypeWanted:
    slug: str
    kind: str
    impact: str
    urgency: str
    names: dict[str, str]


@dataclass(frozen=True)
class CalendarWanted:
    slug: str
    zone: str
    week: Week
    names: dict[str, str]


@dataclass(frozen=True)
class PolicyWanted:
    slug: str
    since: date
    resolution_seconds: int
    names: dict[str, str]


@dataclass(frozen=True)
class Mapping:
    """What the file says, checked."""

    source: str
    columns: dict[str, str]
    """case, activity, person, time -> the name of the column."""
    zone: str
    request_type: TypeWanted
    teams: tuple[TeamWanted, ...]
    activities: dict[str, str]
    reasons: dict[str, ReasonWanted]
    calendar: CalendarWanted
    policy: PolicyWanted
    requester: str
    subject: str
    body: str
    channel: str = "api"
    encoding: str = "utf-8"
    delimiter: str = ","
    time_format: str | None = None
    machines: frozenset[str] = frozenset()
    left_out: tuple[str, ...] = ()
    known: dict[str, str] = field(default_factory=dict, compare=False, repr=False)

    def meaning(self, activity: str) -> str:
        """What an activity means: exactly named, else by the longest beginning that fits, else 'unknown'."""
        if activity not in self.known:
            self.known[activity] = self.activities.get(activity) or self._by_beginning(activity)
        return self.known[activity]

    def _by_beginning(self, activity: str) -> str:
        fits = [name for name in self.activities if name.endswith("*") and activity.startswith(name[:-1])]
        return self.activities[max(fits, key=len)] if fits else UNKNOWN

    def completes(self, activity: str) -> bool:
        """Whether a case stands completed after this activity."""
        return self.meaning(activity) in COMPLETING


def find(name: str) -> Path:
    """A path as given, or the name of a mapping that comes with the product."""
    shipped = SHIPPED / f"{name}.toml"
    if not Path(name).exists() and shipped.exists():
        return shipped
    return Path(name)


def read(path: Path) -> Mapping:
    """The mapping of a file. Raises MappingError naming file and place."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
        return parse(raw)
    except FileNotFoundError as error:
        shipped = ", ".join(sorted(each.stem for each in SHIPPED.glob("*.toml")))
        raise MappingError(f"{path}: there is no such file, and no mapping of this name; shipped: {shipped}") from error
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, MappingError) as error:
        raise MappingError(f"{path}: {error}") from error


def parse(raw: Table[str, Any]) -> Mapping:
    """Check what was read, piece by piece."""
    top = Piece("", raw)
    file, time, ticket, people = (top.piece(name, optional=name in ("file", "people"))
                                  for name in ("file", "time", "ticket", "people"))
    reasons = {slug: _reason(slug, piece) for slug, piece in top.pieces("reasons").items()}
    made = Mapping(
        source=top.slug("source"),
        columns=_columns(top.piece("columns")),
        zone=time.zone("zone"), time_format=time.text("format", None),
        encoding=file.text("encoding", "utf-8"), delimiter=file.text("delimiter", ","),
        request_type=_request_type(top.piece("request_type")),
        teams=_teams(top.each("teams")),
        activities=_activities(top.piece("activities"), reasons),
        reasons=reasons,
        calendar=_calendar(top.piece("calendar")), policy=_policy(top.piece("policy")),
        requester=_requester(top.piece("requester")),
        subject=_template(ticket, "subject"), body=_template(ticket, "body"),
        channel=ticket.one_of("channel", CHANNELS, "api"), left_out=tuple(ticket.texts("left_out")),
        machines=frozenset(people.texts("machines")),
    )
    for piece in (top, file, time, ticket, people):
        piece.refuse_rest()
    return made


def _columns(piece: Piece) -> dict[str, str]:
    columns = {part: piece.text(part) for part in ("case", "activity", "person", "time")}
    piece.refuse_rest()
    return columns


def _template(piece: Piece, key: str) -> str:
    text = piece.text(key)
    try:
        text.format(case="1")
    except (LookupError, ValueError) as error:
        raise MappingError(f"{piece.at(key)}: only {{case}} can stand in braces") from error
    return text


def _requester(piece: Piece) -> str:
    name = piece.text("name")
    piece.refuse_rest()
    return name


def _request_type(piece: Piece) -> TypeWanted:
    wanted = TypeWanted(piece.slug("slug"), piece.one_of("kind", KINDS), piece.one_of("impact", SCALE),
                        piece.one_of("urgency", SCALE), piece.names())
    piece.refuse_rest()
    return wanted


def _reason(slug: str, piece: Piece) -> ReasonWanted:
    if not is_slug(slug):
        raise MappingError(f"{piece.place}: small letters, digits and hyphens are needed, at most 40")
    wanted = ReasonWanted(slug, piece.truth("pauses"), piece.names())
    piece.refuse_rest()
    return wanted


def _teams(pieces: list[Piece]) -> tuple[TeamWanted, ...]:
    teams = []
    for piece in pieces:
        teams.append(TeamWanted(piece.slug("slug"), piece.whole("level"), piece.names()))
        piece.refuse_rest()
    if [team.level for team in teams].count(1) != 1 or len(teams) < 2 or any(team.level > 2 for team in teams):
        raise MappingError("teams: one team of level 1 and at least one of level 2 are needed")
    return tuple(sorted(teams, key=lambda team: team.level))


def _activities(piece: Piece, reasons: dict[str, ReasonWanted]) -> dict[str, str]:
    for name, meaning in piece.values.items():
        allowed = {*MEANINGS, *(f"wait:{slug}" for slug in reasons)}
        if meaning not in allowed:
            raise MappingError(f"{piece.at(name)}: one of {', '.join(sorted(allowed))} is needed, not “{meaning}”")
    return dict(piece.values)


def _calendar(piece: Piece) -> CalendarWanted:
    wanted = CalendarWanted(piece.slug("slug"), piece.zone("zone"), _week(piece), piece.names())
    piece.refuse_rest()
    return wanted


def _week(piece: Piece) -> Week:
    try:
        week = week_of(piece.take("week"))
    except ValueError as error:
        raise MappingError(f"{piece.at('week')}: {error}") from error
    if found := problems("UTC", week):
        raise MappingError(f"{piece.at('week')}: {found[0].code.replace('_', ' ')} {found[0].params}")
    return week


def _policy(piece: Piece) -> PolicyWanted:
    wanted = PolicyWanted(piece.slug("slug"), piece.day("from"), piece.whole("resolution_hours") * 3600, piece.names())
    piece.refuse_rest()
    return wanted
