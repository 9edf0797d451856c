"""Conversations of the sample organisation: a scenario with placeholders, filled into one story by a given luck."""
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from random import Random
from typing import Any

PLACEHOLDER = re.compile(r"(^|[.!?]\s+)?\{(\w+)\}")
COMPUTED = frozenset({"date", "iso_date", "past_date", "iso_past_date"})
MONTHS = {
    "en": ["January", "February", "March", "April", "May", "June",
           "July", "August", "September", "October", "November", "December"],
    "ru": ["января", "февраля", "марта", "апреля", "мая", "июня",
           "июля", "августа", "сентября", "октября", "ноября", "декабря"],
    "ky": ["январь", "февраль", "март", "апрель", "май", "июнь",
           "июль", "август", "сентябрь", "октябрь", "ноябрь", "декабрь"],
}


@dataclass(frozen=True)
class Escalation:
    reason: str
    handover: Mapping[str, str]
    returned: str | None = None


@dataclass(frozen=True)
class Story:
    """What is said on one ticket. In a scenario it holds placeholders; after `fill` none, and `day` is its {date}."""

    subject: str
    opening: str
    replies: tuple[str, ...]
    resolution: str
    fields: Mapping[str, Any]
    question: str | None = None
    answer: str | None = None
    notes: tuple[str, ...] = ()
    escalation: Escalation | None = None
    thanks: str | None = None
    reopening: str | None = None
    day: date | None = None


@dataclass(frozen=True)
class Pool:
    """Sentences of one language that fit any request, for what a scenario leaves unsaid."""

    thanks: tuple[str, ...]
    reopenings: tuple[str, ...]
    notes: tuple[str, ...]
    returns: tuple[str, ...]


@dataclass(frozen=True)
class Scenario:
    slug: str
    request_type: str
    language: str
    kind: str
    impact: str
    urgency: str
    story: Story
    pool: Pool
    values: Mapping[str, tuple[str, ...]]
    asker: str = "employee"
    voice: str | None = None
    places: tuple[str, ...] = ()
    numbers: frozenset[str] = frozenset()
    months: tuple[int, ...] = ()
    after_date: bool = False
    tags: tuple[str, ...] = ()
    pending: str = "requester"

    def fill(self, rng: Random, on: date, **given: str) -> Story:
        """One telling of the story, as on that day; `given` (requester, agent) wins over the lists."""
        whole = _complete(self.story, self.pool, rng)
        drawn = {key: rng.choice(self.values[key]) for key in sorted(placeholders(whole) & set(self.values))}
        known = drawn | _dates(rng, on, self.language) | given
        day = date.fromisoformat(known["iso_date"])
        return replace(_resolve(whole, known), fields=self._form(known), day=day)

    def _form(self, known: Mapping[str, str]) -> dict[str, Any]:
        """Form values as typed in: no capital letter is added, a number field holds a number."""
        texts = {key: v.format(**known) if isinstance(v, str) else v for key, v in self.story.fields.items()}
        return {key: int(value) if key in self.numbers else value for key, value in texts.items()}


def _complete(story: Story, pool: Pool, rng: Random) -> Story:
    """Draws in any case, so that a sentence added to one scenario does not shift the others' luck."""
    thanks, reopening, note, returned = (rng.choice(getattr(pool, f.name)) for f in fields(Pool))
    escalation = story.escalation and replace(story.escalation, returned=story.escalation.returned or returned)
    return replace(
        story, thanks=story.thanks or thanks, reopening=story.reopening or reopening,
        notes=story.notes or (note,), escalation=escalation,
    )


def texts_of(part: Any) -> Iterator[str]:
    if isinstance(part, str):
        yield part
    elif isinstance(part, Mapping):
        yield from texts_of(tuple(part.values()))
    elif isinstance(part, tuple):
        for each in part:
            yield from texts_of(each)
    elif isinstance(part, (Story, Escalation)):
        yield from texts_of(vars(part))


def placeholders(part: Any) -> set[str]:
    return {match[2] for text in texts_of(part) for match in PLACEHOLDER.finditer(text)}


def _resolve(part: Any, known: Mapping[str, str]) -> Any:
    if isinstance(part, str):
        return PLACEHOLDER.sub(lambda match: _prose(match, known), part)
    if isinstance(part, Mapping):
        return {key: _resolve(value, known) for key, value in part.items()}
    if isinstance(part, tuple):
        return tuple(_resolve(each, known) for each in part)
    if isinstance(part, (Story, Escalation)):
        return replace(part, **_resolve(vars(part), known))
    return part


def _prose(match: re.Match, known: Mapping[str, str]) -> str:
    opening, value = match[1], known[match[2]]
    return value if opening is None else opening + value[:1].upper() + value[1:]


def _dates(rng: Random, on: date, language: str) -> dict[str, str]:
    ahead = _working_day(on + timedelta(days=rng.randint(3, 9)), step=1)
    back = _working_day(on - timedelta(days=rng.randint(1, 5)), step=-1)
    return {
        "date": spoken(ahead, language), "iso_date": ahead.isoformat(),
        "past_date": spoken(back, language), "iso_past_date": back.isoformat(),
    }


def _working_day(day: date, step: int) -> date:
    while day.weekday() > 4:
        day += timedelta(days=step)
    return day


def spoken(day: date, language: str) -> str:
    """A form that fits every sentence of the data: `14 May`, `14 мая`, `14-май`."""
    return f"{day.day}{'-' if language == 'ky' else ' '}{MONTHS[language][day.month - 1]}"
