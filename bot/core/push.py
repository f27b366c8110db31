"""One unprompted delivery to one learner for one study day, and the states it goes through."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

PushState = Literal[
    "claimed",  # it is ours; nothing left the house yet, so it may be begun again
    "sending",  # the request is about to leave: after a crash its fate is unknown
    "sent",  # the platform has it
    "retry",  # it certainly did not arrive; again at `not_before`
    "unknown",  # it may or may not have arrived; looked at again at `not_before`
    "skipped",  # not sent on purpose; the reason says why
    "failed",  # given up; the reason says why
]


@dataclass(frozen=True, slots=True)
class Push:
    """One unprompted delivery; its id is the idempotency key where a platform knows such keys."""

    id: int
    learner_id: int
    study_day: date
    due_at: datetime
    platform: str
    state: PushState
    attempts: int
    reason: str = ""
