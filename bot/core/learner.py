"""A person who studies, and how they are reached."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal

from bot.core.language import Language

EVERY_DAY: Final = frozenset(range(7))
"""All weekdays; 0 is Monday, as in `datetime.date.weekday`."""

Stage = Literal["track", "minutes", "days", "zone", "hour", "ready"]
"""How far the first conversation got; "ready" means it is over."""


@dataclass(frozen=True, slots=True)
class Account:
    """How a learner is reached: a platform's name and its id of the person, as text."""

    platform: str
    id: str


@dataclass(frozen=True, slots=True)
class Learner:
    """A person who studies.

    Attributes:
        id: the store's number.
        language: what we speak with them.
        zone: an IANA time zone name.
        track: id of the track they walk, "" before they chose.
        branch: id of their branch, "" when undecided.
        minutes_a_day: how long they want to study on a study day, in minutes.
        weekdays: the days of the week they study on, 0 = Monday.
        push_minute: when the day's lesson comes, in minutes after local midnight, 0 to 1439.
        stage: how far the first conversation got.
        started_on: their first study day, local; None until the first conversation is over.
        awaiting: the action that typed text completes now, "" when nothing is open.
        paused: nothing is pushed while true.
        paused_until: the local date the pause ends by itself, None when only they end it.
        next_push_at: when the next push is due, aware UTC; None while there is none.
        name: the name they gave themselves, cleaned; "" when unknown.
    """

    id: int
    language: Language
    zone: str
    track: str = ""
    branch: str = ""
    minutes_a_day: int = 60
    weekdays: frozenset[int] = EVERY_DAY
    push_minute: int = 8 * 60
    stage: Stage = "track"
    started_on: date | None = None
    awaiting: str = ""
    paused: bool = False
    paused_until: date | None = None
    next_push_at: datetime | None = None
    name: str = ""
