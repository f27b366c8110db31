"""Single choice: three or four options, one of them right, each with its own feedback, shuffled at every asking."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Literal

from bot.core.language import Text
from bot.core.questions.prompt import Difficulty, Prompt, UnreadableReplyError, Verdict


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to tap; `misconception` names the row of the misconception list it stands for."""

    text: Text
    feedback: Text
    correct: bool = False
    misconception: str = ""


@dataclass(frozen=True, slots=True)
class SingleChoice:
    """A question answered by tapping one option."""

    id: str
    kind: Literal["choice"]
    skill: str
    difficulty: Difficulty
    stem: Text
    options: tuple[Option, ...]
    source: Text
    hints: tuple[Text, ...] = ()

    def prompt(self, seed: int) -> Prompt:
        """Return the question with its options in the order that belongs to `seed`."""
        return Prompt(self.stem, tuple(option.text for option in self._shuffled(seed)))

    def grade(self, reply: str, seed: int) -> Verdict:
        """Return the verdict on the option at position `reply` ("0", "1", …) of the order that belongs to `seed`.

        Raises:
            UnreadableReplyError: there is no such position.
        """
        options = self._shuffled(seed)
        chosen = {str(position): option for position, option in enumerate(options)}.get(reply)
        if chosen is None:
            raise UnreadableReplyError(reply)
        right = next(option for option in options if option.correct)
        slip = None if chosen.correct else chosen.feedback
        return Verdict(chosen.correct, right.text, right.feedback, chosen.text, slip)

    def faults(self) -> list[str]:
        """Return what is wrong with the question as written, in words for its author."""
        found = []
        if not 3 <= len(self.options) <= 4:  # noqa: PLR2004 - the number of options chosen by docs/authoring.md
            found.append("write 3 or 4 options")
        if sum(option.correct for option in self.options) != 1:
            found.append("mark exactly one option with `correct: true`")
        for side in ("zh", "en"):
            texts = [getattr(option.text, side).strip().casefold() for option in self.options]
            if len(set(texts)) < len(texts):
                found.append(f"two options read the same in {side}: make them differ")
        return found

    def _shuffled(self, seed: int) -> list[Option]:
        options = list(self.options)
        random.Random(seed).shuffle(options)  # noqa: S311 - the order of options is no secret
        return options
