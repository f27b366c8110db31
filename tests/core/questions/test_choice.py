"""Tests of single choice: every shipped option grades as its author meant, wherever the shuffle puts it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.language import Text
from bot.core.questions import SingleChoice, UnreadableReplyError
from bot.core.questions.choice import Option
from bot.core.roadmap import Roadmap
from tests.core.effort import QUICK

SEEDS = range(24)


def same(text: str) -> Text:
    """Return a text that reads the same in both languages."""
    return Text(text, text)


QUESTION = SingleChoice(
    id="three",
    kind="choice",
    skill="counting",
    difficulty="easy",
    stem=same("1 + 2?"),
    options=(
        Option(same("2"), same("That is 1 + 1.")),
        Option(same("3"), same("Right."), correct=True),
        Option(same("12"), same("That is writing them side by side.")),
        Option(same("4"), same("That is 2 + 2.")),
    ),
    source=same("school"),
)


def shipped(roadmap: Roadmap) -> Iterator[SingleChoice]:
    """Yield every single choice of the curriculum."""
    for lesson in roadmap.lessons.values():
        yield from (question for question in lesson.questions if isinstance(question, SingleChoice))


def test_shipped(roadmap: Roadmap) -> None:
    """Each right option grades right and each wrong one wrong with its own feedback, under every shuffle."""
    questions = list(shipped(roadmap))
    assert questions
    for question in questions:
        by_text = {option.text: option for option in question.options}
        right = next(option for option in question.options if option.correct)
        for seed in SEEDS:
            shown = question.prompt(seed).options
            assert set(shown) == set(by_text)
            for position, text in enumerate(shown):
                verdict = question.grade(str(position), seed)
                option = by_text[text]
                assert verdict.correct is option.correct
                assert (verdict.right, verdict.reason, verdict.reply) == (right.text, right.feedback, text)
                assert verdict.slip == (None if option.correct else option.feedback)


def test_key_stays_home(roadmap: Roadmap) -> None:
    """A prompt shows the stem and the options, and gives away neither feedback nor hints nor the key."""
    for question in shipped(roadmap):
        prompt = question.prompt(0)
        assert prompt.stem == question.stem
        for language in ("zh", "en"):
            shown = "\n".join(getattr(text, language) for text in (prompt.stem, *prompt.options))
            secrets = [*(option.feedback for option in question.options), *question.hints]
            assert not [secret for secret in secrets if getattr(secret, language) in shown]


def test_own_feedback(roadmap: Roadmap) -> None:
    """No two options of a question share their feedback, and none goes without."""
    for question in shipped(roadmap):
        for language in ("zh", "en"):
            feedback = [getattr(option.feedback, language).strip() for option in question.options]
            assert all(feedback)
            assert len(set(feedback)) == len(feedback)


def test_every_position() -> None:
    """Over many seeds every option stands at every position, the right one about equally often."""
    seen: dict[tuple[Text, int], int] = {}
    for seed in range(800):
        for position, text in enumerate(QUESTION.prompt(seed).options):
            seen[text, position] = seen.get((text, position), 0) + 1
    assert len(seen) == 16
    assert all(140 < count < 260 for count in seen.values())


@given(st.integers())
@QUICK
def test_same_seed(seed: int) -> None:
    """A seed always gives the same order, so a button pressed after a restart means what it meant."""
    assert QUESTION.prompt(seed) == QUESTION.prompt(seed)
    position = QUESTION.prompt(seed).options.index(same("3"))
    assert QUESTION.grade(str(position), seed).correct


@given(st.text() | st.integers().map(str), st.integers(0, 99))
@QUICK
def test_any_reply(reply: str, seed: int) -> None:
    """Only the positions there are grade; whatever else is refused."""
    if reply in {"0", "1", "2", "3"}:
        QUESTION.grade(reply, seed)
        return
    with pytest.raises(UnreadableReplyError):
        QUESTION.grade(reply, seed)


@pytest.mark.parametrize("reply", ["", "4", "-1", "00", "٢", "²", "1.0", " 1", "1\n", "9" * 5000])
def test_forged(reply: str) -> None:
    """A position that no button of ours carries grades nothing."""
    with pytest.raises(UnreadableReplyError):
        QUESTION.grade(reply, 0)


def test_faults(roadmap: Roadmap) -> None:
    """A question with too few options, no single key or two options alike is told so; the shipped ones are not."""
    assert not any(question.faults() for question in shipped(roadmap))
    assert QUESTION.faults() == []
    wrong = tuple(replace(option, correct=False) for option in QUESTION.options)
    assert replace(QUESTION, options=QUESTION.options[:2]).faults() == ["write 3 or 4 options"]
    assert replace(QUESTION, options=wrong).faults() == ["mark exactly one option with `correct: true`"]
    alike = (*QUESTION.options[:3], Option(Text("四", " 12 "), same("Twice.")))
    assert replace(QUESTION, options=alike).faults() == ["two options read the same in en: make them differ"]
