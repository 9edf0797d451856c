"""Two thousand tickets of the year before a moment, as their events; some of them not at their end yet."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from random import Random
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from app.accounts.models import User
from app.calendars.queries import hours_at
from app.calendars.working_hours import WorkingHours
from app.core.db import db
from app.importing import bulk, clockwork
from app.importing.chronicle import Chronicle, Place
from app.importing.sample.arrivals import Askers, channel, moments
from app.importing.sample.content import SampleContent
from app.importing.sample.content_shapes import Person
from app.importing.sample.content_story import Scenario, Story
from app.importing.sample.desk import Desk
from app.importing.sample.half_told import HalfTold, Way
from app.importing.sample.ledger import ORIGIN, remember
from app.importing.sample.people import USUAL_ZONE, People
from app.importing.sample.telling import Crew, Patience, Scene, Telling
from app.sla.book import LiveBook, Rule, live_book
from app.tickets.models import Tag
from app.tickets.settings import priority_of
from app.tickets.settings import tickets as settings

SEED = "jardam"
YEAR = timedelta(days=366)
COUNT = 2000
OPEN_GOAL = 72
"""So many are still open; where the year has left fewer, the last ones of recent weeks are told only half."""
RECENT = timedelta(days=21)
BATCH = 500


@dataclass(frozen=True)
class Cue:
    """A request that comes: enough to tell its story again in the same words."""

    number: int
    at: datetime
    person: Person
    scenario: Scenario


def write(content: SampleContent, people: People, desk: Desk, now: datetime) -> int:
    """Tell all stories up to `now` and store them; returns how many tickets there are. The caller commits."""
    stage = Stage(content, people, desk, now)
    chronicles, book, known = list(stage.chronicles()), stage.book, _tags()
    for start in range(0, len(chronicles), BATCH):
        batch = chronicles[start:start + BATCH]
        bulk.write(batch, [clockwork.lived(chronicle, book, now) for chronicle in batch])
    remember(*(tag for name, tag in _tags().items() if name not in known))
    return len(chronicles)


def _tags() -> dict[str, Tag]:
    return {tag.name: tag for tag in db.session.scalars(sa.select(Tag))}


class Stage:
    """Where the stories are told: who may play in them, and by which clocks."""

    def __init__(self, content: SampleContent, people: People, desk: Desk, now: datetime) -> None:
        self.content = content
        self.people = people
        self.desk = desk
        self.now = now
        self.persons = {person.slug: person for person in content.organisation.people}
        self.departments = {department.slug: department for department in content.organisation.departments}
        self.reasons = {slug: reason.pauses for slug, reason in desk.reasons.items()}
        self.patience = Patience(*(timedelta(days=days) for days in (
            settings.remind_after_days, settings.resolve_silent_after_days, settings.reopen_days)))

    def chronicles(self) -> Iterator[Chronicle]:
        """Everything as it stands now; of the ended ones of recent weeks, some are stopped on their way."""
        cues = self._cues()
        told = {cue.number: self._tell(cue) for cue in cues}
        missing = OPEN_GOAL - sum(not chronicle.is_ended for chronicle, _steps in told.values())
        ways = [Way(cue.number, (self.now - cue.at) / timedelta(days=1), self._states(cue, told[cue.number][1]))
                for cue in cues if cue.at > self.now - RECENT and told[cue.number][0].is_ended]
        drawing = HalfTold(ways, self.now, self.patience, self._due, Random(f"{SEED}-open"))  # noqa: S311
        stopped = drawing.stop(max(missing, 0))
        return (stopped.get(number) or chronicle for number, (chronicle, _steps) in told.items())

    def _due(self, chronicle: Chronicle) -> datetime | None:
        return clockwork.measured(chronicle, self.book).timers.due_at

    def _states(self, cue: Cue, steps: int) -> list[Chronicle]:
        """How the ticket stood after each step at which it was open, or how it would have waited for somebody."""
        told = [self._tell(cue, limit)[0] for limit in range(steps)]
        waiting = [self._tell(cue, limit, share_waiting=1)[0] for limit in range(self._tell(cue, share_waiting=1)[1])]
        return [state for state in told if not state.is_ended] + [state for state in waiting if state.is_pending]

    def _cues(self) -> list[Cue]:
        luck = Random(f"{SEED}-arrivals")  # noqa: S311 - a story told alike each time
        asking = Askers(self.content, luck)
        holidays, zone = self._hours("bishkek").exceptions, ZoneInfo(USUAL_ZONE)
        when = moments(self.content.shape, holidays, zone, self.now, COUNT, luck)
        return [Cue(number, at, *asking.draw(at)) for number, at in enumerate(when)]

    def _tell(self, cue: Cue, limit: int = 1000, share_waiting: float | None = None) -> tuple[Chronicle, int]:
        """The story up to now, or so many steps of it; and how many steps were taken."""
        luck = Random(f"{SEED}-{cue.number}")  # noqa: S311 - a story told alike each time
        chronicle = self._chronicle(cue, luck)
        scene = self._scene(cue, chronicle, luck)
        if share_waiting is not None:
            scene = replace(scene, share_waiting=share_waiting)
        telling = Telling(scene, chronicle, luck)
        steps = 0
        for at in telling.steps(cue.at.astimezone(UTC)):
            if at >= self.now or steps == limit:
                break
            steps += 1
        return chronicle, steps

    def _chronicle(self, cue: Cue, luck: Random) -> Chronicle:
        kind, scenario = self.desk.types[cue.scenario.request_type], cue.scenario
        requester = self.people.users[cue.person.slug]
        team = self._landing(scenario.request_type)
        facts = {
            "status": "new", "priority": priority_of(scenario.impact, scenario.urgency), "impact": scenario.impact,
            "urgency": scenario.urgency, "kind": scenario.kind, "request_type_id": kind.id, "team_id": team.team_id,
            "level": team.level, "assignee_id": None, "requester_id": requester.id,
            "department_id": requester.department_id, "is_from_customer": requester.is_customer,
            "channel": channel(self.content.shape, scenario.request_type, luck),
        }
        chronicle = Chronicle(facts, {"origin": ORIGIN, "is_confidential": kind.is_confidential})
        if kind.is_confidential:
            named = dict.fromkeys([*(access.team_id for access in kind.named), team.team_id])
            chronicle.accesses = [{"team_id": team_id, "user_id": None} for team_id in named]
        return chronicle

    def _scene(self, cue: Cue, chronicle: Chronicle, luck: Random) -> Scene:
        wanted = self.types[cue.scenario.request_type]
        first = self._crew(wanted.level1_team, cue.person)
        second = self._crew(wanted.level2_team, cue.person) if wanted.level2_team else None
        story = self._story(cue, first, luck)
        chronicle.about |= {"subject": story.subject[:200], "fields": dict(story.fields)}
        hours = self._hours(self.departments[cue.person.department].calendar if cue.person.department else "bishkek")
        return Scene(cue.scenario, story, self.content.shape, first, second if second and second.agents else None,
                     self.people.users[cue.person.slug], hours, self.reasons,
                     self.content.shape.types[cue.scenario.request_type].pending, self.patience)

    def _story(self, cue: Cue, first: Crew, luck: Random) -> Story:
        """Filled in as of the requester's own day."""
        agent = luck.choice(first.agents)
        spoken = next(person.address for person in self.persons.values() if self.people.users[person.slug] is agent)
        return cue.scenario.fill(luck, cue.at.date(), requester=cue.person.address, agent=spoken)

    @cached_property
    def types(self):
        return {wanted.slug: wanted for wanted in self.content.request_types}

    def _landing(self, request_type: str) -> Place:
        team = self.people.teams[self.types[request_type].level1_team]
        return Place(team.id, team.level)

    def _crew(self, slug: str, asker: Person) -> Crew:
        """The team without the one who asks: nobody is staff to their own request."""
        team = self.people.teams[slug]
        calendar = next(each.calendar for each in self.content.organisation.teams if each.slug == slug)
        leads, agents = self._members(slug, asker)
        return Crew(Place(team.id, team.level), self._hours(calendar), agents or leads, leads)

    def _members(self, slug: str, asker: Person) -> tuple[list[User], list[User]]:
        leads, agents = [], []
        for person in self.persons.values():
            for membership in person.teams:
                if membership.team == slug and person is not asker:
                    (leads if membership.lead else agents).append(self.people.users[person.slug])
        return leads, agents

    def _hours(self, calendar: str) -> WorkingHours:
        return hours_at(self.desk.calendars[calendar].id, self.now)

    @cached_property
    def book(self) -> LiveBook:
        """The sample's own rules, for all of its past: those of the desk may be younger."""
        rules = [Rule(rule.id, rule.policy_id, rule.conditions) for rule in self.desk.rules.rules]
        return replace(live_book(), lists=[(datetime(2000, 1, 1, tzinfo=UTC), rules)])
