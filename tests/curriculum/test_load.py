"""Every fault of a curriculum is told at once: file, line, path, what is wrong and what to do."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from bot.curriculum import CurriculumError, check, load
from tests.curriculum.small import FILES, faults, spoil

Spoilt = tuple[str, str, str, int, str, str]

A: Final = "lessons/a.yaml"
ROAD: Final = "roadmap.yaml"
RES: Final = "resources.yaml"
TITLE: Final = "title: {zh: 甲, en: Lesson a}"
GOAL: Final = "goal: {zh: 目标, en: the goal}"
MINUTES: Final = "practice_minutes: 10"

# What is replaced in which file by what; how many lines further down the fault lies; its path; the advice.
SPOILT: Final[list[Spoilt]] = [
    # unknown keys
    (A, MINUTES, f"{MINUTES}\nminuts: 3", 1, "minuts", "unknown key 'minuts': remove it or mend its spelling"),
    (A, TITLE, "title: {zh: 甲, en: a, fr: x}", 0, "title.fr", "unknown key 'fr': remove it or mend its spelling"),
    (A, "answer: 5 - 2", "answer: 3\n    anser: 3", 1, "questions[1].anser", "unknown key 'anser'"),
    (ROAD, "rest: true", "rest: true, pause: 1", 0, "tracks[0].days[1].pause", "unknown key 'pause'"),
    # duplicate keys, aliases
    (A, MINUTES, f"{MINUTES}\n{MINUTES}", 1, "practice_minutes", "the key 'practice_minutes' stands twice: keep one"),
    (A, TITLE, "title: &t {zh: 甲, en: a}", 0, "title", "anchors and aliases are not used here: write the text out"),
    # wrong types
    (A, MINUTES, "practice_minutes: ten", 0, "practice_minutes", "should be a valid integer (found 'ten')"),
    (A, MINUTES, "practice_minutes: 9.5", 0, "practice_minutes", "should be a valid integer (found 9.5)"),
    (A, MINUTES, "practice_minutes: '10'", 0, "practice_minutes", "should be a valid integer (found '10')"),
    (A, MINUTES, f"practice_minutes: {'9' * 5000}", 0, "practice_minutes", "should be a valid integer (found '999"),
    (A, "minutes: 20", "minutes: 1:30", 0, "readings[0].minutes", "should be a valid integer (found '1:30')"),
    (A, "tolerance: 0.01", "tolerance: 1e999", 0, "questions[1].tolerance", "should be a valid number (found '1e999')"),
    (A, TITLE, "title: 甲", 0, "title", "should be an object (found '甲')"),
    (A, TITLE, "title: {zh: 甲, en: 42}", 0, "title.en", "should be a valid string (found 42)"),
    (A, TITLE, "title: {zh: true, en: x}", 0, "title.zh", "should be a valid string (found True)"),
    (A, "correct: true", "correct: no", 0, "questions[0].options[0].correct", "should be a valid boolean (found 'no')"),
    (A, "skills: [steps]", "skills: steps", 0, "skills", "should be a valid array (found 'steps')"),
    (A, "kind: core", "kind: cores", 0, "kind", "must be one of 'core', 'tool'"),
    (A, "kind: choice", "kind: chioce", 0, "questions[0].kind", "must be one of 'choice', 'numeric'"),
    (RES, "status: succeeded", "status: gone", 0, "[1].status", "must be one of 'current', 'succeeded'"),
    # what is missing
    (A, f"{MINUTES}\n", "", -4, "practice_minutes", "'practice_minutes' is missing: add it"),
    (A, TITLE, "title: {zh: 甲}", 0, "title.en", "'en' is missing: add it (both languages are needed)"),
    (A, TITLE, "title: {en: a}", 0, "title.zh", "'zh' is missing: add it (both languages are needed)"),
    (A, TITLE, "title: {zh: ' ', en: a}", 0, "title.zh", "the zh text is empty: write it"),
    (A, TITLE, "title:\n  zh: 甲\n  en: |\n    \n", 2, "title.en", "the en text is empty: write it"),
    (
        A,
        "{zh: 反了, en: turned round}",
        "{zh: 反了}",
        0,
        "questions[1].slips[0].feedback.en",
        "'en' is missing: add it",
    ),
    (
        A,
        "    source: {zh: 书, en: the book}\n  - id: type",
        "  - id: type",
        -9,
        "questions[0].source",
        "is missing: add it",
    ),
    (A, "depth: guide", "depth: full", -1, "", "a full lesson needs 'idea': write it"),
    (A, "depth: guide", "depth: full", 12, "questions", "a full lesson needs 4 questions or more"),
    # references that lead nowhere
    (
        A,
        "resource: R01",
        "resource: R77",
        0,
        "readings[0].resource",
        "there is no resource 'R77': add it or mend the id",
    ),
    (
        A,
        "skill: steps\n    difficulty: easy",
        "skill: x\n    difficulty: easy",
        0,
        "questions[0].skill",
        "is not among the",
    ),
    (
        ROAD,
        "lessons: [a]}",
        "lessons: [z]}",
        0,
        "tracks[0].days[0]",
        "there is no lesson 'z': write lessons/z.yaml or mend",
    ),
    (
        ROAD,
        "nlp: [a]",
        "nlp: [z]",
        0,
        "tracks[0].days[3]",
        "there is no lesson 'z': write lessons/z.yaml or mend the id",
    ),
    (ROAD, "after: [a]", "after: [z]", -4, "gates[0]", "there is no lesson 'z': write lessons/z.yaml or mend the id"),
    (ROAD, "{lessons: [],", "{lessons: [z],", 0, "optional.lessons", "there is no lesson 'z'"),
    (
        ROAD,
        "strength:",
        "tracks: [long]\n    strength:",
        -2,
        "gates[0]",
        "unknown tracks ['long']: use some of ['short']",
    ),
    (ROAD, "part: part-1, rest", "part: part-9, rest", 0, "tracks[0].days[1]", "unknown part 'part-9': use one of"),
    (
        RES,
        "superseded_by: R01",
        "superseded_by: R09",
        0,
        "[1].superseded_by",
        "there is no resource 'R09': mend the id",
    ),
    # cycles and order
    (RES, "superseded_by: R01", "superseded_by: R02", 0, "[1].superseded_by", "comes back to itself: end it"),
    (ROAD, "after: [a]", "after: [a, b]", -4, "gates[0]", "b would come after itself: take it out of"),
    (
        ROAD,
        "[b]\n    after: [a]",
        "[a]\n    after: [b]",
        -3,
        "gates[0]",
        "a comes before b: reorder the days or the gate",
    ),
    # days that make no sense
    (
        ROAD,
        "promised_days: 4",
        "promised_days: 5",
        1,
        "tracks[0].days",
        "4 days are planned, 5 promised: make them agree",
    ),
    (ROAD, "rest: true", "rest: true, lessons: [a]", 0, "tracks[0].days[1]", "lessons or `rest: true`, one of the two"),
    (ROAD, ", rest: true", "", 0, "tracks[0].days[1]", "lessons or `rest: true`, one of the two"),
    (ROAD, ", nlp: [a]", "", 0, "tracks[0].days[3]", "a branch day has a list for each branch"),
    # names
    (A, "id: a\n", "id: c\n", 0, "id", "the file is called a: use it as id"),
    (A, "id: type", "id: Type It", 0, "questions[1].id", "an id is a slug"),
    (A, "id: type", "id: tap", 0, "questions[1].id", "the id 'tap' stands twice in this lesson"),
    (RES, "id: R02", "id: r 2", 0, "[1].id", "an id is R01 … or a slug"),
    (RES, "id: R02", "id: R01", 0, "[1].id", "the id 'R01' stands twice: give each its own"),
    (ROAD, "id: nlp", "id: vision", 0, "branches[1].id", "the id 'vision' stands twice: give each its own"),
    ("glossary.yaml", "en: epoch", "en: Learning Rate", 0, "[1].en", "the term 'Learning Rate' stands twice: keep one"),
    # questions
    (A, ", correct: true", "", -6, "questions[0]", "mark exactly one option with `correct: true`"),
    (
        A,
        "text: {zh: 二, en: two}",
        "text: {zh: 一, en: two}",
        -7,
        "questions[0]",
        "read the same in zh: make them differ",
    ),
    (A, "answer: 5 - 2", "answer: 5 -", -5, "questions[1]", "answer: "),
    (A, "answer: 5 - 2", "answer: __import__('os')", -5, "questions[1]", "answer: "),
    (A, "tolerance: 0.01", "tolerance: -1", -6, "questions[1]", "`tolerance` is 0 or more"),
    (A, "value: 5 + 2", "value: 3.001", -9, "questions[1]", "a slip's value is within the tolerance of the answer"),
    # texts
    (A, GOAL, "goal: {zh: 精度, en: x}", 0, "goal.zh", "precision is 精确率, accuracy is 准确率"),
    (A, GOAL, "goal: {zh: x, en: None of the above}", 0, "goal.en", "write options that stand alone"),
    (A, GOAL, 'goal: {zh: x, en: "# Goal"}', 0, "goal.en", "headings are not in our Markdown subset"),
    (A, GOAL, 'goal: {zh: x, en: "a<br>b"}', 0, "goal.en", "HTML is not in our Markdown subset"),
    (A, GOAL, 'goal: {zh: x, en: "$x^2$"}', 0, "goal.en", "use Unicode mathematics"),
    (A, GOAL, 'goal: {zh: x, en: "**open"}', 0, "goal.en", "bold text stays on one line"),
    # numbers and addresses
    (A, MINUTES, "practice_minutes: -1", 0, "practice_minutes", "minutes are 0 or more"),
    (A, "minutes: 20", "minutes: -1", 0, "readings[0].minutes", "minutes are 0 or more"),
    (RES, "https://example.org", "ftp://example.org", 0, "[0].links[0].url", "addresses are https: write https://…"),
]


def test_small(root: Path) -> None:
    """The curriculum that the other tests spoil has no fault itself."""
    assert faults(root) == []
    assert set(load(root).lessons) == {"a", "b"}


@pytest.mark.parametrize("spoilt", SPOILT, ids=lambda it: f"{it[0]}-{it[4]}"[:40])
def test_fault(root: Path, spoilt: Spoilt) -> None:
    """Each fault is reported in its file, at its line, with its path and what to do."""
    name, old, new, further, path, advice = spoilt
    line = spoil(root, name, old, new) + further
    found = faults(root)
    told = [(fault.file, fault.line, fault.path) for fault in found if advice in fault.what]
    assert (name, line, path) in told, [str(fault) for fault in found]


def test_all_at_once(root: Path) -> None:
    """Faults of every sort in every file come together, sorted by file and line, and loading tells how many."""
    spoil(root, RES, "kind: course", "kind: curse")
    spoil(root, "glossary.yaml", "en: epoch", "en: Learning Rate")
    spoil(root, "lessons/b.yaml", "practice_minutes: 30", "practice_minutes: x\nmore: 1")
    spoil(root, A, "resource: R01", "resource: R02\n   , extra: 1")
    spoil(root, ROAD, "promised_days: 4", "promised_days: 3")
    found = faults(root)
    assert found == sorted(found)
    assert [(fault.file, fault.path) for fault in found] == [
        ("glossary.yaml", "[1].en"),
        ("lessons/a.yaml", "readings[0].extra"),
        ("lessons/b.yaml", "practice_minutes"),
        ("lessons/b.yaml", "more"),
        ("resources.yaml", "[1].kind"),
        ("roadmap.yaml", "tracks[0].days"),
    ]
    with pytest.raises(CurriculumError, match=r"6 fault\(s\); the first: glossary\.yaml:2"):
        load(root)


def test_what_refers_to_a_spoilt_file(root: Path) -> None:
    """References to what could not be read are not reported on top, whichever file it is."""
    for name in (A, RES):
        spoil(root, name, "kind: co", "kind: ?\nkind: co" if name == A else "kind: x co")
    assert {fault.file for fault in faults(root)} == {A, RES}


def test_faults_beside_a_spoilt_roadmap(root: Path) -> None:
    """When roadmap.yaml cannot be read the faults of the lessons are reported all the same."""
    spoil(root, ROAD, "strength: required", "strength: must")
    spoil(root, A, "id: type", "id: tap")
    assert [(fault.file, fault.path) for fault in faults(root)] == [
        (A, "questions[1].id"),
        (ROAD, "gates[0].strength"),
    ]


def test_faults_in_a_misnamed_lesson(root: Path) -> None:
    """A lesson whose id is not its file's name is still looked at."""
    spoil(root, A, "id: a\n", "id: c\n")
    spoil(root, A, "id: type", "id: tap")
    assert [(fault.file, fault.path) for fault in faults(root)] == [(A, "id"), (A, "questions[1].id")]


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("text", ["", "just text", "5", "- - -", "[]", "{}", "null\n"])
def test_another_file(root: Path, name: str, text: str) -> None:
    """A file that holds something else altogether is a fault in that file, and never a crash."""
    (root / name).write_text(text, "utf-8")
    found = faults(root)
    if name in {RES, "glossary.yaml"} and text == "[]":
        assert {fault.path for fault in found} <= {"readings[0].resource"}
    else:
        assert {fault.file for fault in found} == {name}


def test_missing_files(root: Path, tmp_path: Path) -> None:
    """What is not there is said to be missing, even when nothing is there."""
    (root / "glossary.yaml").unlink()
    assert [str(fault) for fault in faults(root)] == [
        "glossary.yaml:1: the file is missing: see docs/authoring.md for what belongs there"
    ]
    assert [fault.file for fault in faults(tmp_path / "nowhere")] == ["glossary.yaml", RES, ROAD]


def test_other_ending(root: Path) -> None:
    """A lesson in a file that ends in .yml would never be read, so it is a fault."""
    (root / "lessons/c.yml").write_text("id: c", "utf-8")
    assert [str(fault) for fault in faults(root)] == ["lessons/c.yml:1: only .yaml files are read: call it c.yaml"]


def test_wrong_folder(root: Path) -> None:
    """A folder with thousands of files is not read at all."""
    for number in range(2001):
        (root / f"lessons/n{number}.yaml").touch()
    assert "lessons:1: over 2000 lessons: is this the right folder?" in [str(fault) for fault in check(root).faults]
