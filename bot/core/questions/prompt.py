"""What every kind of question gives and takes: the prompt a learner sees, and the verdict on their reply."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.core.language import Text

Difficulty = Literal["easy", "medium", "hard"]


@dataclass(frozen=True, slots=True)
class Prompt:
    """A question as it is put once.

    Attributes:
        stem: the question itself.
        options: what to tap, in the order of this asking; empty when the answer is typed.
    """

    stem: Text
    options: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a reply was worth, and why.

    Attributes:
        correct: whether it was right.
        right: the right answer.
        reason: why the right answer is right.
        reply: what the learner answered, as it should be shown.
        slip: why the answer they gave is tempting and what is true instead; None for a right or an unknown one.
    """

    correct: bool
    right: Text
    reason: Text
    reply: Text
    slip: Text | None = None


class UnreadableReplyError(ValueError):
    """The reply is not of the form this question asks for; nothing was graded."""
