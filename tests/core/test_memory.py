"""Tests of the memory of one question: right answers last longer, and the log alone decides."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.core.memory import Card, review
from tests.core.effort import QUICK

NOW = datetime(2026, 11, 23, 6, 5, tzinfo=UTC)
DAY = timedelta(days=1)
logs = st.lists(st.tuples(st.booleans(), st.integers(0, 400 * 1440)), max_size=12)
"""Answers, each right or wrong, and the minutes that pass before the next one."""


def remembered(log: list[tuple[bool, int]]) -> tuple[Card | None, datetime]:
    """Return the card after the whole log, and the moment after it."""
    card, now = None, NOW
    for correct, minutes in log:
        card = review(card, "lesson/question", correct=correct, now=now)
        now += timedelta(minutes=minutes)
    return card, now


@given(logs)
@QUICK
def test_right_lasts_longer(log: list[tuple[bool, int]]) -> None:
    """A right answer on a card that is due makes a stabler memory than a wrong one, and is never due sooner."""
    card, now = remembered(log)
    right, wrong = (review(card, "lesson/question", correct=correct, now=now) for correct in (True, False))
    assert right.due_at >= wrong.due_at
    if card is None or now >= card.due_at:
        assert right.state["stability"] > wrong.state["stability"]
        assert right.due_at > wrong.due_at or right.due_at == now + DAY


@given(logs)
@QUICK
def test_same_log(log: list[tuple[bool, int]]) -> None:
    """The same log gives the same memory, whenever it is computed."""
    assert remembered(log) == remembered(log)


@given(logs, st.booleans())
@QUICK
def test_due(log: list[tuple[bool, int]], correct: bool) -> None:  # noqa: FBT001 - drawn
    """What was answered comes back on a later day, at least a day on."""
    card, now = remembered(log)
    assert review(card, "lesson/question", correct=correct, now=now).due_at >= now + DAY


@given(logs, st.booleans())
@QUICK
def test_stored(log: list[tuple[bool, int]], correct: bool) -> None:  # noqa: FBT001 - drawn
    """A card read back from JSON remembers as well as the one that was stored."""
    card, now = remembered(log)
    if card is not None:
        stored = Card(card.question, card.due_at, json.loads(json.dumps(card.state)))
        assert review(stored, card.question, correct=correct, now=now) == review(
            card, card.question, correct=correct, now=now
        )


def test_right_again_and_again() -> None:
    """Each right answer on time is worth a longer wait than the one before."""
    card, now, waits = None, NOW, []
    for _ in range(6):
        card = review(card, "lesson/question", correct=True, now=now)
        waits.append(card.due_at - now)
        now = card.due_at
    assert waits == sorted(set(waits))


def test_first_answer() -> None:
    """The first answer already tells: right is due later than wrong."""
    right, wrong = (review(None, "lesson/question", correct=correct, now=NOW) for correct in (True, False))
    assert right.due_at > wrong.due_at


def test_first_card() -> None:
    """A card that was never answered is remembered like no card at all."""
    card = Card("lesson/question", NOW, {})
    assert review(card, "lesson/question", correct=True, now=NOW) == review(
        None, "lesson/question", correct=True, now=NOW
    )
