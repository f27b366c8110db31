"""One person at the desk, once: who they are, what time it is for them, and the transaction everything happens in."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.core.calendar import day_start, next_push, study_day, zone_named
from bot.core.history import Entry, EntryKind
from bot.core.learner import Learner
from bot.core.plan import Forecast, Stop, ahead, forecast, stops
from bot.core.progress import Passed, minutes_done_on, passed, rests
from bot.core.roadmap import Lesson, Roadmap, Track
from bot.store import Transaction
from bot.study.words import Words, words

_ALL_WEEK = 7


@dataclass(slots=True)
class Visit:
    """What a use case works with.

    Attributes:
        store: the transaction; everything the visit changes is committed together, with the replies.
        learner: as they are now; change them with `change`.
        roadmap: what can be learnt.
        now: aware UTC.
        rng: for ids and for picking among equals.
        name: the name the platform gave, cleaned.
        home_url: opens the private chat, "" when there is no such address.
    """

    store: Transaction
    learner: Learner
    roadmap: Roadmap
    now: datetime
    rng: random.Random
    name: str = ""
    home_url: str = ""
    _history: tuple[Entry, ...] | None = field(default=None)
    _stops: dict[tuple[str, str], tuple[Stop, ...]] = field(default_factory=dict)

    @property
    def words(self) -> Words:
        """The sentences in the learner's language."""
        return words(self.learner.language)

    @property
    def zone(self) -> ZoneInfo:
        """The learner's zone."""
        return zone_named(self.learner.zone)

    @property
    def today(self) -> date:
        """The learner's study day."""
        return study_day(self.now, self.zone)

    @property
    def local(self) -> datetime:
        """The learner's wall clock."""
        return self.now.astimezone(self.zone)

    @property
    def track(self) -> Track:
        """The track the learner walks."""
        return self.roadmap.track(self.learner.track)

    def lesson(self, lesson_id: str) -> Lesson | None:
        """Return a lesson, None when there is none of that id."""
        return self.roadmap.lessons.get(lesson_id)

    async def change(self, **values: Any) -> None:
        """Change and save the learner."""
        self.learner = replace(self.learner, **values)
        await self.store.learners.save(self.learner)

    async def note(self, kind: EntryKind, subject: str = "", **detail: Any) -> None:
        """Append a line to the learner's log."""
        entry = Entry(self.now, self.today, kind, subject, detail)
        await self.store.log.add(self.learner.id, entry)
        if self._history is not None:
            self._history = (*self._history, entry)

    async def history(self) -> Sequence[Entry]:
        """Return the learner's whole log."""
        if self._history is None:
            self._history = await self.store.log.of(self.learner.id)
        return self._history

    async def passed(self) -> Passed:
        """Return what is done and what is skipped."""
        return passed(await self.history())

    def stops(self) -> tuple[Stop, ...]:
        """Return the whole road of the learner's track and branch."""
        road = (self.learner.track, self.learner.branch)
        if road not in self._stops:
            self._stops[road] = stops(self.roadmap, self.track, self.learner.branch)
        return self._stops[road]

    async def left(self) -> tuple[Stop, ...]:
        """Return what is still ahead; the rest days of the track only for who studies all week."""
        history = await self.history()
        left = ahead(self.stops(), passed(history).both, rests(history))
        all_week = len(self.learner.weekdays) == _ALL_WEEK
        return left if all_week else tuple(stop for stop in left if not stop.rest)

    async def forecast(self, minutes_a_day: int | None = None) -> Forecast:
        """Return where the plan leads from today on."""
        minutes = minutes_a_day or self.learner.minutes_a_day
        return forecast(await self.left(), minutes, self.learner.weekdays, await self.first_day())

    async def first_day(self) -> date:
        """Return the first study day that is still to be filled: today, or tomorrow once a lesson was done today."""
        done = minutes_done_on(await self.history(), self.today, self.stops())
        return self.today + timedelta(days=1) if done else self.today

    def push_after(self, moment: datetime) -> datetime | None:
        """Return when the next push is due after `moment`."""
        found = next_push(moment, self.learner.push_minute, self.learner.weekdays, self.zone)
        return found[1] if found else None

    def push_on_or_after(self, day: date) -> datetime | None:
        """Return when the first push is due on study day `day` or later."""
        return self.push_after(day_start(day, self.zone) - timedelta(seconds=1))

    async def next_push(self) -> datetime | None:
        """Return when the next push is due: later today, unless today's study day had its push or its first lesson."""
        had_one = self.learner.started_on == self.today or self.today in await self.store.pushes.days(self.learner.id)
        return self.push_on_or_after(self.today + timedelta(days=1)) if had_one else self.push_after(self.now)

    def settings(self) -> dict[str, Any]:
        """Return the settings the log keeps with every change of plan."""
        learner = self.learner
        return {
            "track": learner.track,
            "branch": learner.branch,
            "minutes": learner.minutes_a_day,
            "weekdays": sorted(learner.weekdays),
            "push_minute": learner.push_minute,
            "zone": learner.zone,
        }
