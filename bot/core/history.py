"""The log: what a learner did, in order. Progress, streak and mastery are computed from it, never stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

EntryKind = Literal[
    "started",  # the first conversation is over; subject: track; detail: settings, first_day, finish
    "setting",  # settings changed; subject: which; detail: settings and finish after it
    "opened",  # a lesson was shown; subject: lesson
    "answered",  # subject: question; detail: correct, purpose
    "done",  # subject: lesson
    "skipped",  # subject: lesson
    "unskipped",  # subject: lesson
    "rested",  # a rest day of the track was taken; subject: its day of the track
    "paused",  # detail: until
    "resumed",
]


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the log; `study_day` is the learner's local study day at that moment."""

    at: datetime
    study_day: date
    kind: EntryKind
    subject: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Asked:
    """One question put to one learner once; answered at most once.

    Attributes:
        id: 16 random characters; what a button carries.
        learner_id: whose it is.
        question: full id `lesson/question`.
        digest: hash of the question as it was put.
        purpose: "lesson" (asked with its lesson) or "recall".
        seed: decides the order of the options.
        asked_at: when, UTC.
        study_day: the learner's study day then.
        answered_at: when it was answered, None while it is open.
        reply: what was answered.
        correct: whether that was right.
    """

    id: str
    learner_id: int
    question: str
    digest: str
    purpose: Literal["lesson", "recall"]
    seed: int
    asked_at: datetime
    study_day: date
    answered_at: datetime | None = None
    reply: str | None = None
    correct: bool | None = None
