"""Memory of one question, by FSRS (the fsrs library): when it is due again, and how likely it is still known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from fsrs import Card as FsrsCard
from fsrs import Rating, Scheduler

RETENTION: Final = 0.9
"""Reviews come when the predicted chance of recall has fallen to this (the default of FSRS)."""

_SCHEDULER: Final = Scheduler(desired_retention=RETENTION, learning_steps=(), relearning_steps=(), enable_fuzzing=False)
"""No steps of minutes: a chat comes once a day. No fuzz: the same log gives the same memory."""


@dataclass(frozen=True, slots=True)
class Card:
    """Memory of one question; `state` is the library's own dictionary, {} for a question never answered."""

    question: str
    due_at: datetime
    state: Mapping[str, Any]


def review(card: Card | None, question: str, *, correct: bool, now: datetime) -> Card:
    """Return the card after an answer: right counts as Good, wrong as Again."""
    known = FsrsCard.from_dict(dict(card.state)) if card is not None and card.state else FsrsCard(card_id=0)  # type: ignore[arg-type]  # a TypedDict read back from JSON
    updated, _ = _SCHEDULER.review_card(known, Rating.Good if correct else Rating.Again, now)
    return Card(question, updated.due, dict(updated.to_dict()))
