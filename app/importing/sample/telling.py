"""One story of the sample as it runs its course: who did what when, in the working hours of those who did it.

`steps` yields the moment of each next step before it is taken, so that whoever tells the story can stop at any
moment, now for one, and what has been told so far is a ticket in the middle of its life.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from random import Random

from app.accounts.models import User
from app.calendars.working_hours import WorkingHours
from app.importing.chronicle import Chronicle, Place
from app.importing.sample.content_shapes import Shape, TypeShape
from app.importing.sample.content_story import Scenario, Story
from app.importing.sample.phrases import AGAIN, NOT_NEEDED, SILENCE

P90 = 1.2816
"""Standard deviations from the median to the 90th percentile of a normal distribution."""
SHORTLY = timedelta(minutes=1)

SHARE_WITHDRAWN = 0.02
SHARE_GIVEN_BY_LEAD = 0.15
SHARE_NOTED = 0.4
SHARE_WAITING_LATE = 0.4
"""Of those that wait, these do so after the escalation, if there is one."""
SHARE_CONFIRMED = 0.3
"""Tickets that are resolved only when the requester has said that it works."""
SHARE_AT_ONCE = 0.6
"""Phone calls and visits that are answered while the requester is there."""


@dataclass(frozen=True)
class Crew:
    """A team at work on a ticket: nobody of it is the requester."""

    place: Place
    hours: WorkingHours
    agents: Sequence[User]
    leads: Sequence[User]


@dataclass(frozen=True)
class Scene:
    """What a story needs to know before it begins."""

    scenario: Scenario
    story: Story
    shape: Shape
    first: Crew
    second: Crew | None
    requester: User
    requester_hours: WorkingHours
    reasons: Mapping[str, bool]
    """Pending reason -> whether it pauses."""
    share_waiting: float
    patience: "Patience"


@dataclass(frozen=True)
class Patience:
    """How long the desk waits before it does something by itself, as its settings say."""

    reminds_after: timedelta
    resolves_after: timedelta
    closes_after: timedelta


class Telling:
    """Tells a scene to a chronicle."""

    def __init__(self, scene: Scene, chronicle: Chronicle, luck: Random) -> None:
        self.scene = scene
        self.story = scene.story
        self.chronicle = chronicle
        self.luck = luck
        self.crew = scene.first
        self.agent: User | None = None
        self.helper: User | None = None
        """Who had it on level 1."""
        self.at: datetime

    def steps(self, at: datetime) -> Iterator[datetime]:
        """From filing to closing; each moment is yielded before what happens then."""
        self.at = at
        self._file()
        if self._happens(SHARE_WITHDRAWN):
            yield from self._withdrawal()
            return
        yield from self._first_answer()
        waits, late = self._happens(self.scene.share_waiting), self._happens(SHARE_WAITING_LATE)
        if waits and not late:
            yield from self._waiting()
        if not self.chronicle.is_ended:
            yield from self._escalation()
        if waits and late:
            yield from self._waiting()
        if not self.chronicle.is_ended:
            yield from self._solution()
        yield self._later(self.scene.patience.closes_after + SHORTLY)
        self.chronicle.closed(None, self.at)

    @property
    def _type(self) -> TypeShape:
        return self.scene.shape.types[self.scene.scenario.request_type]

    # Beginning

    def _file(self) -> None:
        """Calls and visits are written down by an agent, who often stays on it."""
        by = self.luck.choice(self.crew.agents) if self._is_spoken else None
        self.agent = by
        self.chronicle.filed(self.at, self.story.opening, by.id if by else None)

    @property
    def _is_spoken(self) -> bool:
        return self.chronicle.facts["channel"] in ("phone", "walk_in")

    def _withdrawal(self) -> Iterator[datetime]:
        yield self._wait("to_first_reply", self.scene.requester_hours)
        self.chronicle.cancelled(NOT_NEEDED[self.scene.scenario.language], self.scene.requester.id, self.at)

    def _first_answer(self) -> Iterator[datetime]:
        yield self._later(SHORTLY) if self._is_spoken and self._happens(SHARE_AT_ONCE) else self._wait("to_first_reply")
        self._pick_up()
        for tag in self.scene.scenario.tags:
            self.chronicle.tagged(tag, self._me, self.at)
        yield self._work("first_reply")
        self.chronicle.replied(self.luck.choice(self.story.replies), self._me, self.at)
        if self.story.notes and self._happens(SHARE_NOTED):
            yield self._work("triage")
            self.chronicle.noted(self.luck.choice(self.story.notes), self._me, self.at)

    def _pick_up(self) -> None:
        """Taken by whoever had it before, else by one of the team; sometimes the lead gives it to somebody."""
        here = {agent.id for agent in self.crew.agents}
        known = next((who for who in (self.agent, self.helper) if who is not None and who.id in here), None)
        self.agent = known or self.luck.choice(self.crew.agents)
        lead = self.luck.choice(self.crew.leads) if self.crew.leads else self.agent
        if lead is not self.agent and self._happens(SHARE_GIVEN_BY_LEAD):
            self.chronicle.assigned(self._me, lead.id, self.at)
        else:
            self.chronicle.taken(self._me, self.at)

    @property
    def _me(self) -> int:
        if self.agent is None:
            raise RuntimeError("nobody has the ticket yet")
        return self.agent.id

    # Middle

    def _waiting(self) -> Iterator[datetime]:
        slug = self.scene.scenario.pending
        if slug == "requester":
            yield from self._asking()
        elif slug == "date":
            yield from self._holding(slug, self._on_the_day())
        else:
            stage = "approval" if slug == "approval" else "supplier_delivers"
            yield from self._holding(slug, self._after("wait", stage, self.crew.hours))

    def _asking(self) -> Iterator[datetime]:
        if not (self.story.question and self.story.answer):
            return
        yield self._work("triage")
        self.chronicle.replied(self.story.question, self._me, self.at)
        self.chronicle.held(("requester", self.scene.reasons["requester"]), self._me, self.at,
                            waits_for_requester=True)
        answer = self._after("wait", "requester_answers", self.scene.requester_hours)
        yield from self._patience(self.at, answer)
        if self.chronicle.is_pending:
            yield self._set(answer)
            self.chronicle.answered(self.story.answer, self.scene.requester.id, self.at)

    def _patience(self, since: datetime, answer: datetime) -> Iterator[datetime]:
        """What the desk does by itself while no answer comes."""
        patience = self.scene.patience
        if answer > since + patience.reminds_after + SHORTLY:
            yield self._set(since + patience.reminds_after + SHORTLY)
            self.chronicle.reminded(self.at)
        if answer > since + patience.resolves_after + SHORTLY:
            yield self._set(since + patience.resolves_after + SHORTLY)
            self.chronicle.desk_wrote(SILENCE[self.scene.scenario.language], self.at)
            self.chronicle.resolved(None, self.at)

    def _holding(self, slug: str, until: datetime) -> Iterator[datetime]:
        yield self._work("triage")
        until = max(until, self.at + SHORTLY)
        self.chronicle.held((slug, self.scene.reasons[slug]), self._me, self.at, until if slug == "date" else None)
        yield self._set(until)
        self.chronicle.resumed(self._me, self.at)

    def _on_the_day(self) -> datetime:
        """The first working moment of the day the story speaks of; tomorrow if that has passed."""
        if self.story.day is None:
            return self.crew.hours.deadline(self.at + timedelta(days=1), 0)
        morning = datetime.combine(self.story.day, time(0), self.at.tzinfo)
        return self.crew.hours.deadline(max(morning, self.at), self.luck.randrange(3600))

    def _escalation(self) -> Iterator[datetime]:
        if self.scene.second is None or not self.story.escalation or not self._happens(self._type.escalated):
            return
        yield from self._hand_over()
        if self._happens(self._type.returned):
            yield from self._return()
            yield from self._hand_over()

    def _hand_over(self) -> Iterator[datetime]:
        escalation = self.story.escalation
        yield self._work("handover")
        self.chronicle.hopped(self.scene.second.place, escalation.reason, self._me, self.at, dict(escalation.handover))
        self._name_team(self.scene.second.place)
        self.helper, self.crew = self.agent, self.scene.second
        yield self._wait("to_level2_pick_up")
        self._pick_up()

    def _return(self) -> Iterator[datetime]:
        yield self._work("hand_back")
        self.chronicle.hopped(self.scene.first.place, self.story.escalation.returned or "", self._me, self.at)
        self.crew = self.scene.first
        yield self._wait("to_first_reply")
        self._pick_up()

    def _name_team(self, place: Place) -> None:
        """Who hands a confidential ticket over names the team that gets it."""
        accesses = self.chronicle.accesses
        if self.chronicle.about["is_confidential"] and all(each["team_id"] != place.team_id for each in accesses):
            accesses.append({"team_id": place.team_id, "user_id": None})

    # End

    def _solution(self) -> Iterator[datetime]:
        yield self._work("level2_solve" if self.crew is self.scene.second else "level1_solve")
        if self.scene.scenario.after_date and self.story.day is not None:
            yield self._set(max(self._on_the_day(), self.at))
        self.chronicle.replied(self.story.resolution, self._me, self.at)
        if self.story.thanks and self._happens(SHARE_CONFIRMED):
            yield self._wait("to_thanks", self.scene.requester_hours)
            self.chronicle.answered(self.story.thanks, self.scene.requester.id, self.at)
            yield self._work("triage")
        self.chronicle.resolved(self._me, self.at)
        if self._happens(self._type.reopened):
            yield from self._second_round()

    def _second_round(self) -> Iterator[datetime]:
        again = self._after("wait", "to_reopening", self.scene.requester_hours)
        if not self.story.reopening or again >= self.at + self.scene.patience.closes_after:
            return
        yield self._set(again)
        self.chronicle.answered(self.story.reopening, self.scene.requester.id, self.at)
        self.crew = self.scene.first if self.chronicle.place == self.scene.first.place else self.crew
        if self.chronicle.facts["assignee_id"] is None:
            yield self._wait("to_first_reply")
            self._pick_up()
        yield self._work("reopened")
        self.chronicle.replied(self.luck.choice(AGAIN[self.scene.scenario.language]), self._me, self.at)
        self.chronicle.resolved(self._me, self.at)

    # Time

    def _happens(self, share: float) -> bool:
        return self.luck.random() < share

    def _work(self, stage: str) -> datetime:
        return self._set(self._after("work", stage, self.crew.hours))

    def _wait(self, stage: str, hours: WorkingHours | None = None) -> datetime:
        return self._set(self._after("wait", stage, hours or self.crew.hours))

    def _after(self, kind: str, stage: str, hours: WorkingHours) -> datetime:
        """Log-normal working minutes from now, at least one."""
        table = self.scene.shape.work_minutes if kind == "work" else self.scene.shape.wait_minutes
        median, p90 = table[stage]["median"], table[stage]["p90"]
        minutes = self.luck.lognormvariate(math.log(median), math.log(p90 / median) / P90)
        return hours.deadline(self.at, max(60, round(minutes * 60)))

    def _later(self, span: timedelta) -> datetime:
        return self._set(self.at + span)

    def _set(self, at: datetime) -> datetime:
        self.at = at
        return at
