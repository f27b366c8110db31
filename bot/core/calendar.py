"""Study days and the moments pushes are due: local dates with a 04:00 rollover, in any zone, at any clock change."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

ROLLOVER: Final = time(4)
"""A study day lasts from 04:00 to 04:00: whoever answers at 01:30 is finishing the day before (the hour Anki uses)."""

_DAY: Final = timedelta(days=1)
_HORIZON_DAYS: Final = 16
"""How many days to look at from yesterday on: a planned day is a week away at most, two where the zone
skipped the date between (Apia, Friday 30 December 2011, for who studies on Fridays)."""


def zone_named(name: str) -> ZoneInfo:
    """Return a zone by its IANA name, UTC when the pinned tzdata does not (or no longer) know it.

    One learner's unknown zone must not stop the pushes of all the others.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def study_day(now: datetime, zone: ZoneInfo) -> date:
    """Return the study day at `now`: the local date, where the hours before 04:00 belong to the day before."""
    local = now.astimezone(zone)
    return local.date() if local.time() >= ROLLOVER else local.date() - _DAY


def instant(day: date, at: time, zone: ZoneInfo) -> datetime | None:
    """Return the first moment (UTC) at which the local wall clock shows `at` on `day`, or has just jumped over it.

    In a gap that is the first moment after the gap, in an overlap the first of the two. None when the zone skipped
    the whole date.
    """
    wall = datetime.combine(day, at)
    early, late = sorted(wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    for moment in (early, late):
        if moment.astimezone(zone).replace(tzinfo=None) == wall:
            return moment
    return None if late - early >= _DAY else _jump(early, late, zone)


def _jump(low: datetime, high: datetime, zone: ZoneInfo) -> datetime:
    """Return the moment between `low` and `high` (UTC) from which the zone's offset differs from that at `low`."""
    offset = low.astimezone(zone).utcoffset()
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) / 2
        if middle.astimezone(zone).utcoffset() == offset:
            low = middle
        else:
            high = middle
    return high.replace(microsecond=0)


def push_instant(day: date, push_minute: int, zone: ZoneInfo) -> datetime | None:
    """Return when the push of study day `day` is due (UTC), or None when the zone has no such moment.

    A time before 04:00 is the small hours at the end of that study day, so it falls on the next calendar date.
    """
    at = time(push_minute // 60, push_minute % 60)
    return instant(day if at >= ROLLOVER else day + _DAY, at, zone)


def next_push(
    after: datetime, push_minute: int, weekdays: Collection[int], zone: ZoneInfo
) -> tuple[date, datetime] | None:
    """Return the first planned study day whose push is due later than `after`, with that moment (UTC).

    Args:
        after: aware; pushes due at or before it are over.
        push_minute: minutes after local midnight, 0 to 1439.
        weekdays: planned days of the week, 0 = Monday; None is returned when there are none.
        zone: the learner's zone.
    """
    first = study_day(after, zone) - _DAY
    for ahead in range(_HORIZON_DAYS):
        day = first + ahead * _DAY
        if day.weekday() not in weekdays:
            continue
        moment = push_instant(day, push_minute, zone)
        if moment is not None and moment > after:
            return day, moment
    return None


def push_day(due: datetime, push_minute: int, zone: ZoneInfo) -> date:
    """Return the study day whose push was due at `due`."""
    today = due.astimezone(zone).date()
    for day in (today - _DAY, today):
        if push_instant(day, push_minute, zone) == due:
            return day
    return study_day(due, zone)


def day_start(day: date, zone: ZoneInfo) -> datetime:
    """Return when study day `day` begins (UTC): the first moment whose study day is `day` or later.

    Of a date that the zone skipped only the small hours at its end are left, so it begins with the next date.
    """
    start = instant(day, ROLLOVER, zone)
    while start is None:
        day += _DAY
        start = instant(day, time(), zone)
    return start
