"""Tests of typed numbers: every shipped key grades right however it is typed, every slip gets its own feedback."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.arithmetic import evaluate
from bot.core.language import Text
from bot.core.questions import Numeric, UnreadableReplyError
from bot.core.questions.numeric import Slip, show_number
from bot.core.roadmap import Roadmap
from tests.core.effort import QUICK


def same(text: str) -> Text:
    """Return a text that reads the same in both languages."""
    return Text(text, text)


QUESTION = Numeric(
    id="hours",
    kind="numeric",
    skill="speed",
    difficulty="easy",
    stem=same("150 km at 60 km/h?"),
    answer="150/60",
    tolerance=0.05,
    feedback=same("Distance over speed."),
    source=same("school"),
    unit=Text("小时", "hours"),
    slips=(Slip("60/150", same("That is speed over distance.")), Slip(90, same("That is a difference."))),
)


def shipped(roadmap: Roadmap) -> Iterator[Numeric]:
    """Yield every numeric question of the curriculum."""
    for lesson in roadmap.lessons.values():
        yield from (question for question in lesson.questions if isinstance(question, Numeric))


def test_shipped_keys(roadmap: Roadmap) -> None:
    """Each key grades right: in full, as it is shown, full-width, and with its unit in either language."""
    questions = list(shipped(roadmap))
    assert questions
    wide = str.maketrans("0123456789.-", "０１２３４５６７８９．－")
    for question in questions:
        value = evaluate(question.answer)
        shown = question.grade(repr(value), 0).right
        for typed in (repr(value), repr(value).translate(wide), show_number(value), shown.zh, shown.en, f" {value:+} "):
            verdict = question.grade(typed, 0)
            assert verdict.correct, (question.id, typed)
            assert verdict.slip is None
            assert (verdict.right, verdict.reason) == (shown, question.feedback)


def test_shipped_slips(roadmap: Roadmap) -> None:
    """Each slip grades wrong and gets its own feedback, in full and as it is shown."""
    for question in shipped(roadmap):
        for slip in question.slips:
            value = evaluate(slip.value)
            verdict = question.grade(repr(value), 0)
            assert not verdict.correct, (question.id, slip.value)
            assert verdict.slip == slip.feedback, (question.id, slip.value)


def test_own_feedback(roadmap: Roadmap) -> None:
    """No two slips of a question share their feedback, and none goes without."""
    for question in shipped(roadmap):
        for language in ("zh", "en"):
            feedback = [
                getattr(text, language).strip()
                for text in (question.feedback, *(slip.feedback for slip in question.slips))
            ]
            assert all(feedback)
            assert len(set(feedback)) == len(feedback)


def test_key_stays_home(roadmap: Roadmap) -> None:
    """A prompt is the stem alone: no feedback, no hint, and of what is to be computed neither formula nor value."""
    for question in shipped(roadmap):
        prompt = question.prompt(7)
        assert (prompt.stem, prompt.options) == (question.stem, ())
        for language in ("zh", "en"):
            shown = getattr(prompt.stem, language)
            secrets = [question.feedback, *question.hints, *(slip.feedback for slip in question.slips)]
            assert not [secret for secret in secrets if getattr(secret, language) in shown]
            if re.search(r"\d\s*[-+*/]", str(question.answer)):  # a bare number may be one to pick from the stem
                assert str(question.answer) not in shown
                key = getattr(question.grade(repr(evaluate(question.answer)), 0).right, language)
                assert question.unit is None or key not in shown


@given(st.floats(allow_nan=False, allow_infinity=False))
@QUICK
def test_tolerance(value: float) -> None:
    """A number is right exactly when it is within the tolerance."""
    verdict = QUESTION.grade(repr(value), 0)
    assert verdict.correct is (abs(value - 2.5) <= 0.05 + 2.5e-9)
    assert verdict.right == Text("2.5 小时", "2.5 hours")


@pytest.mark.parametrize(
    "typed", ["2.5", "5/2", "250%", "2.5小时", "2.5 Hours", "２．５", "≈2.5", "2.45", "2.55", "25e-1"]
)
def test_right(typed: str) -> None:
    """The right number is right in every way people write it."""
    assert QUESTION.grade(typed, 0).correct


@pytest.mark.parametrize(
    "reply", ["", "two and a half", "nan", "inf", "1e999", "1/0", "2.5 km", "9**9**9", "2 1/2", "5" * 30 + "²"]
)
def test_unreadable(reply: str) -> None:
    """What cannot be read as a number is not graded at all."""
    with pytest.raises(UnreadableReplyError):
        QUESTION.grade(reply, 0)


@given(st.text())
@QUICK
def test_any_reply(reply: str) -> None:
    """Whatever is typed gets a verdict or is refused as unreadable."""
    try:
        verdict = QUESTION.grade(reply, 0)
    except UnreadableReplyError:
        return
    assert verdict.correct or verdict.reason == QUESTION.feedback


def test_unknown_slip() -> None:
    """A wrong number nobody foresaw is wrong without a guess at the reason."""
    verdict = QUESTION.grade("7", 0)
    assert (verdict.correct, verdict.slip, verdict.reply) == (False, None, Text("7 小时", "7 hours"))


def test_faults(roadmap: Roadmap) -> None:
    """Expressions without a value, right slips and negative tolerances are told; the shipped have none."""
    assert not any(question.faults() for question in shipped(roadmap))
    assert QUESTION.faults() == []
    assert replace(QUESTION, tolerance=-1).faults() == ["`tolerance` is 0 or more"]
    assert "a slip's value is within the tolerance of the answer" in replace(QUESTION, tolerance=3).faults()
    assert replace(QUESTION, answer="x").faults()[0].startswith("answer: ")
    assert replace(QUESTION, slips=(Slip("1/0", same("No.")),)).faults()[0].startswith("slip 1/0: ")


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (2.0, "2"),
        (0.5, "0.5"),
        (1 / 3, "0.333333"),
        (20000.0, "20000"),
        (2359296.0, "2359296"),
        (999999.7, "1000000"),
        (1e12, "1000000000000"),
        (1e20, "1e+20"),
        (-4.0, "-4"),
    ],
)
def test_show_number(value: float, shown: str) -> None:
    """Numbers of everyday sizes are shown without an exponent, whole ones in full."""
    assert show_number(value) == shown
