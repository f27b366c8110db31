"""Numeric: the learner types a number; the key is an expression, known slips have their own feedback."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import Literal

from bot.core.arithmetic import BadExpressionError, Expression, NotANumberError, evaluate, read_number
from bot.core.language import Text
from bot.core.questions.prompt import Difficulty, Prompt, UnreadableReplyError, Verdict

_FLOAT_NOISE = 1e-9
_MILLION = 1e6
_EVERYDAY = 1e15


@dataclass(frozen=True, slots=True)
class Slip:
    """A wrong number that a known mistake leads to."""

    value: Expression
    feedback: Text
    misconception: str = ""


@dataclass(frozen=True, slots=True)
class Numeric:
    """A question answered by typing a number; `answer` and the slips are expressions of `bot.core.arithmetic`."""

    id: str
    kind: Literal["numeric"]
    skill: str
    difficulty: Difficulty
    stem: Text
    answer: Expression
    tolerance: float
    feedback: Text
    source: Text
    unit: Text | None = None
    slips: tuple[Slip, ...] = ()
    hints: tuple[Text, ...] = ()

    def prompt(self, seed: int) -> Prompt:
        """Return the question; `seed` changes nothing here."""
        del seed
        return Prompt(self.stem)

    def grade(self, reply: str, seed: int) -> Verdict:
        """Return the verdict on a typed number: right within the tolerance.

        Raises:
            UnreadableReplyError: the reply cannot be read as a number.
        """
        del seed
        try:
            value = read_number(reply, self._units())
        except NotANumberError as fault:
            raise UnreadableReplyError(reply) from fault
        shown = self._with_unit(show_number(value))
        right = self._with_unit(show_number(evaluate(self.answer)))
        if self._near(value, self.answer):
            return Verdict(correct=True, right=right, reason=self.feedback, reply=shown)
        slip = next((slip.feedback for slip in self.slips if self._near(value, slip.value)), None)
        return Verdict(correct=False, right=right, reason=self.feedback, reply=shown, slip=slip)

    def answer_value(self) -> float:
        """Return the right number."""
        return evaluate(self.answer)

    def faults(self) -> list[str]:
        """Return what is wrong with the question as written, in words for its author."""
        found = [] if self.tolerance >= 0 else ["`tolerance` is 0 or more"]
        values = []
        for name, expression in [
            ("answer", self.answer),
            *((f"slip {slip.value}", slip.value) for slip in self.slips),
        ]:
            try:
                values.append(evaluate(expression))
            except BadExpressionError as fault:
                found.append(f"{name}: {fault}")
        if not found and any(abs(values[0] - wrong) <= self._margin() for wrong in values[1:]):
            found.append("a slip's value is within the tolerance of the answer")
        if not found and any(abs(one - two) <= self._margin() for one, two in combinations(values[1:], 2)):
            found.append("two slips are within the tolerance of each other: keep one, or ask for more digits")
        return found

    def _near(self, value: float, expression: Expression) -> bool:
        return abs(value - evaluate(expression)) <= self._margin()

    def _margin(self) -> float:
        return self.tolerance + _FLOAT_NOISE * max(1.0, abs(evaluate(self.answer)))

    def _units(self) -> tuple[str, ...]:
        return (self.unit.zh, self.unit.en) if self.unit else ()

    def _with_unit(self, number: str) -> Text:
        if self.unit is None:
            return Text(number, number)
        return Text(f"{number} {self.unit.zh}", f"{number} {self.unit.en}")


def show_number(value: float) -> str:
    """Return a number the way people write it: no exponent in everyday sizes, no trailing zeros.

    Below a million at most 6 digits are shown, above it all digits before the point.
    """
    return f"{value:.0f}" if _MILLION - 0.5 <= abs(value) < _EVERYDAY else f"{value:.6g}"
