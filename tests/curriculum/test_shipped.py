"""What is shipped under curriculum/: without a fault, complete where it promises to be, and walkable to the end."""

from __future__ import annotations

from typing import Any, Final

import pytest
import yaml
from jsonschema import Draft202012Validator

from bot.core.language import LANGUAGES, Language
from bot.core.questions import Numeric, Question, SingleChoice
from bot.core.roadmap import BranchId, Lesson, Roadmap, Track
from bot.curriculum import check, schema
from tests.conftest import ROOT

SHIPPED: Final = ROOT / "curriculum"
ROWS: Final = tuple(f"R{number:02}" for number in range(1, 31))
PROMISES: Final = {"five-months": 150, "two-months": 60, "one-month": 30}
FIRST_DAYS: Final = 14
BRANCHES: Final[tuple[BranchId, ...]] = ("vision", "nlp")


def first_lessons(roadmap: Roadmap) -> list[Lesson]:
    """Return the lessons of the first days of the longest track."""
    days = roadmap.track("five-months").days[:FIRST_DAYS]
    return [roadmap.lessons[lesson_id] for day in days for lesson_id in day.of("vision")]


def feedback(question: Question, language: Language) -> list[str]:
    """Return what is said to every answer a question expects."""
    if isinstance(question, SingleChoice):
        return [option.feedback.in_(language) for option in question.options]
    return [question.feedback.in_(language), *(slip.feedback.in_(language) for slip in question.slips)]


def test_no_fault() -> None:
    """The shipped curriculum has no fault."""
    assert [str(fault) for fault in check(SHIPPED).faults] == []


def test_rows(roadmap: Roadmap) -> None:
    """Every row of the article's list of resources is there, with what became of it and who made it."""
    assert set(ROWS) <= set(roadmap.resources)
    for resource in roadmap.resources.values():
        assert resource.checked
        for language in LANGUAGES:
            assert all((resource.note.in_(language), resource.credit.in_(language), resource.role.in_(language)))


def test_tracks(roadmap: Roadmap) -> None:
    """The three tracks last as long as they promise."""
    assert {track.id: (track.promised_days, len(track.days)) for track in roadmap.outline.tracks} == {
        name: (days, days) for name, days in PROMISES.items()
    }


def test_first_days_are_full(roadmap: Roadmap) -> None:
    """Each lesson of the first two weeks is told in full and asks at least four questions."""
    for lesson in first_lessons(roadmap):
        assert (lesson.id, lesson.depth) == (lesson.id, "full")
        assert len(lesson.questions) >= 4, lesson.id


@pytest.mark.parametrize("language", LANGUAGES)
def test_feedback(roadmap: Roadmap, language: Language) -> None:
    """Every answer to every question is explained, in both languages, and no two of one question alike."""
    for lesson in roadmap.lessons.values():
        for question in lesson.questions:
            said = feedback(question, language)
            assert all(text.strip() for text in said), (lesson.id, question.id)
            assert len(set(said)) == len(said), (lesson.id, question.id)


def test_keys_are_right(roadmap: Roadmap) -> None:
    """Every question grades its own answer as right, and every wrong one it expects as wrong, with the reason."""
    for lesson in roadmap.lessons.values():
        for question in lesson.questions:
            if isinstance(question, Numeric):
                assert question.grade(repr(question.answer_value()), 0).correct, (lesson.id, question.id)
                continue
            verdicts = [question.grade(str(place), 3) for place in range(len(question.options))]
            assert [verdict.correct for verdict in verdicts].count(True) == 1
            assert all(verdict.correct or verdict.slip for verdict in verdicts)


@pytest.mark.parametrize("branch", BRANCHES)
@pytest.mark.parametrize("name", PROMISES)
def test_walk(roadmap: Roadmap, name: str, branch: BranchId) -> None:
    """Every track can be walked to its last day on either branch: each lesson exists and there is a way to be done."""
    track: Track = roadmap.track(name)
    last = [day for day in track.days if not day.rest][-1]
    ids = track.lesson_ids(branch)
    assert set(last.of(branch)) <= set(ids)
    for lesson_id in ids:
        lesson = roadmap.lessons[lesson_id]
        to_do = lesson.readings or lesson.practice_minutes or lesson.questions
        assert to_do, lesson_id
        assert lesson.minutes("all") > 0, lesson_id
        assert lesson.branch in {None, branch}, lesson_id


@pytest.mark.parametrize("branch", BRANCHES)
def test_gates(roadmap: Roadmap, branch: BranchId) -> None:
    """In every track what the article wants first comes first."""
    for track in roadmap.outline.tracks:
        order = track.lesson_ids(branch)
        for gate in roadmap.outline.gates:
            if not gate.tracks or track.id in gate.tracks:
                later = [order.index(lesson) for lesson in gate.lessons if lesson in order]
                earlier = [order.index(lesson) for lesson in gate.after if lesson in order]
                assert not later or not earlier or max(earlier) < min(later), (track.id, gate.id)


def test_every_lesson_is_somewhere(roadmap: Roadmap) -> None:
    """No lesson is written for nobody: each is on a track, or among those named optional."""
    walked = {lesson for track in roadmap.outline.tracks for branch in BRANCHES for lesson in track.lesson_ids(branch)}
    assert set(roadmap.lessons) - walked <= set(roadmap.outline.optional.lessons)


@pytest.mark.parametrize("part", ["roadmap", "resources", "glossary", "lesson"])
def test_schema(part: str) -> None:
    """The JSON Schema for editors is one, takes every shipped file, and refuses an unknown key."""
    rules: dict[str, Any] = schema()[part]
    Draft202012Validator.check_schema(rules)
    validator = Draft202012Validator(rules)
    files = sorted((SHIPPED / "lessons").glob("*.yaml")) if part == "lesson" else [SHIPPED / f"{part}.yaml"]
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    for file in files:
        value = yaml.load(file.read_text("utf-8"), loader)  # noqa: S506 - a safe loader, in C where there is one
        assert [error.message for error in validator.iter_errors(value)] == [], file.name
        row = value[0] if isinstance(value, list) else value
        row["unknown-key"] = 1
        assert not validator.is_valid(value), file.name
