"""When the sample's requests come, who asks, and for what. Pure but for the luck that is handed in."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from app.calendars.exception_days import Exceptions
from app.calendars.holiday_names import Holiday
from app.importing.sample.content import SampleContent
from app.importing.sample.content_shapes import Person, Shape
from app.importing.sample.content_story import Scenario

YEAR = timedelta(days=365)
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
HOLIDAY_WEIGHT = 0.05


def moments(shape: Shape, holidays: Exceptions, zone: ZoneInfo, now: datetime, count: int,
            luck: Random) -> list[datetime]:
    """So many moments of the year before `now`, in order, as weekdays, months, hours and holidays have it."""
    days = [(now.astimezone(zone) - YEAR).date() + timedelta(days=number) for number in range(366)]
    weights = [_weight(day, shape, holidays) for day in days]
    found: list[datetime] = []
    while len(found) < count:
        [day] = luck.choices(days, weights)
        [hour] = luck.choices(list(shape.hours), list(shape.hours.values()))
        at = datetime.combine(day, time(hour, luck.randrange(60), luck.randrange(60)), zone)
        if now - YEAR <= at < now:
            found.append(at)
    return sorted(found)


def _weight(day: date, shape: Shape, holidays: Exceptions) -> float:
    off = HOLIDAY_WEIGHT if isinstance(holidays.get(day), Holiday) else 1
    return shape.weekdays[WEEKDAYS[day.weekday()]] * shape.months[day.month] * off


@dataclass
class Askers:
    """Draws a request: its type by weight, somebody who may ask for such a thing, a scenario they told least."""

    content: SampleContent
    luck: Random
    told: Counter = field(default_factory=Counter)
    _known: dict[tuple[str, int], dict[str, list[Scenario]]] = field(default_factory=dict)

    def draw(self, at: datetime) -> tuple[Person, Scenario]:
        types = self.content.shape.types
        while True:
            [slug] = self.luck.choices(list(types), [shape.weight for shape in types.values()])
            suited = self._suited(slug, at.month)
            if suited:
                return self._of(suited)

    def _of(self, suited: dict[str, list[Scenario]]) -> tuple[Person, Scenario]:
        who = self.luck.choice(list(suited))
        scenarios = self.luck.sample(suited[who], len(suited[who]))
        scenario = min(scenarios, key=lambda each: (self.told[who, each.slug], self.told[each.slug]))
        self.told.update([(who, scenario.slug), scenario.slug])
        return self._people[who], scenario

    def _suited(self, request_type: str, month: int) -> dict[str, list[Scenario]]:
        """Person -> scenarios that sound right in their mouth in this month."""
        if (request_type, month) not in self._known:
            suited: dict[str, list[Scenario]] = {}
            for scenario in self._scenarios(request_type, month):
                for person in self.content.askers(scenario):
                    suited.setdefault(person.slug, []).append(scenario)
            self._known[request_type, month] = suited
        return self._known[request_type, month]

    def _scenarios(self, request_type: str, month: int) -> Iterator[Scenario]:
        for language in self.content.shape.languages:
            yield from self.content.scenarios_of(request_type, language, month)

    @property
    def _people(self) -> dict[str, Person]:
        return {person.slug: person for person in self.content.organisation.people}


def channel(shape: Shape, request_type: str, luck: Random) -> str:
    """How such a request comes in."""
    weights = shape.types[request_type].channels or shape.channels
    [drawn] = luck.choices(list(weights), list(weights.values()))
    return drawn


def others(people: Sequence[Person], asker: Person) -> list[Person]:
    """Nobody is staff to their own request."""
    return [person for person in people if person.slug != asker.slug]
