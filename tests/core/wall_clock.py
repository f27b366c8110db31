"""A brute-force oracle of local time: walk UTC minute by minute and look at the wall clock, nothing more.

All zones have had whole-minute offsets since January 1972, so from 1973 on a walk of minutes misses nothing.
"""

from __future__ import annotations

import zoneinfo
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

MINUTE: Final = timedelta(minutes=1)
DAY: Final = timedelta(days=1)
_HOUR: Final = timedelta(hours=1)
_AROUND: Final = timedelta(hours=30)


def names() -> list[str]:
    """Return the names of all zones."""
    return sorted(zoneinfo.available_timezones())


def wall(moment: datetime, zone: ZoneInfo) -> datetime:
    """Return what the wall clock shows."""
    return moment.astimezone(zone).replace(tzinfo=None)


@dataclass(frozen=True, slots=True)
class Change:
    """A moment (UTC) at which the wall clock is turned, what it would have shown and what it shows."""

    at: datetime
    before: datetime
    after: datetime


def changes(zone: ZoneInfo, start: datetime, end: datetime, step: timedelta) -> Iterator[Change]:
    """Yield the changes between two moments, looking every `step`, then every hour, then every minute."""
    moment, shown = start, wall(start, zone)
    while moment < end:
        following = wall(moment + step, zone)
        if following - shown != step and step == MINUTE:
            yield Change(moment + step, shown + step, following)
        elif following - shown != step:
            yield from changes(zone, moment, moment + step, _HOUR if step > _HOUR else MINUTE)
        moment, shown = moment + step, following


@dataclass(frozen=True, slots=True)
class Walk:
    """What the wall clock of a zone showed in a stretch of time.

    Attributes:
        reached: for each wall minute, the first moment (UTC) at which the clock showed it or had jumped over it.
        dates: the local dates the clock showed.
        end: where the walk ended, UTC.
    """

    reached: Mapping[datetime, datetime]
    dates: frozenset[date]
    end: datetime

    def pushes(self, push_minute: int) -> list[tuple[date, datetime]]:
        """Return the study days and moments of all pushes in the walk: one for each local date it shows."""
        at = time(push_minute // 60, push_minute % 60)
        found = []
        for day in sorted(self.dates):
            moment = self.reached.get(datetime.combine(day, at))
            if moment is not None:
                found.append((day - DAY if push_minute < 4 * 60 else day, moment))
        return found


def walked(zone: ZoneInfo, start: datetime, end: datetime) -> Walk:
    """Walk from `start` to `end` (UTC) minute by minute."""
    moment, furthest = start, wall(start, zone)
    reached: dict[datetime, datetime] = {}
    dates = set()
    while moment < end:
        moment += MINUTE
        shown = wall(moment, zone)
        dates.add(shown.date())
        while furthest < shown:
            furthest += MINUTE
            reached[furthest] = moment
    return Walk(reached, frozenset(dates), end)


def walked_around(zone: ZoneInfo, change: datetime) -> Walk:
    """Walk through the day before and the day after a moment."""
    return walked(zone, change - _AROUND, change + _AROUND)


def distinct(start: datetime, end: datetime, step: timedelta) -> dict[tuple[Change, ...], list[str]]:
    """Return the zones that change at all between two moments, those with the same wall clock together."""
    found: dict[tuple[Change, ...], list[str]] = {}
    for name in names():
        seen = tuple(changes(ZoneInfo(name), start, end, step))
        if seen:
            found.setdefault(seen, []).append(name)
    return found


def utc(text: str) -> datetime:
    """Return the moment of an ISO text in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
