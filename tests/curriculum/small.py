"""The smallest curriculum without a fault, written to a folder; tests then spoil one thing in it."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from bot.curriculum import Fault, check

ROADMAP: Final = """\
title: {zh: 路, en: Road}
parts:
  - {id: part-1, title: {zh: 一, en: One}, summary: {zh: 一, en: One}}
branches:
  - {id: vision, title: {zh: 看, en: See}, summary: {zh: 看, en: See}}
  - {id: nlp, title: {zh: 读, en: Read}, summary: {zh: 读, en: Read}}
tracks:
  - id: short
    title: {zh: 短, en: Short}
    summary: {zh: 短, en: Short}
    promised_days: 4
    days:
      - {part: part-1, lessons: [a]}
      - {part: part-1, rest: true}
      - {part: part-1, lessons: [b]}
      - {part: part-1, vision: [b], nlp: [a]}
gates:
  - id: first-things-first
    advice: [A01]
    strength: required
    lessons: [b]
    after: [a]
    text: {zh: 先甲后乙, en: a before b}
deferrable: {lessons: [b], text: {zh: 可推后, en: later}}
optional: {lessons: [], text: {zh: 可选, en: if you like}}
"""
RESOURCES: Final = """\
- id: R01
  name: {zh: 书, en: The Book}
  kind: book
  role: {zh: 读, en: to read}
  links:
    - {label: {zh: 站, en: site}, url: https://example.org, language: both, reach: everywhere}
  status: current
  note: {zh: 好, en: fine}
  checked: "2026-11"
  credit: {zh: 某人, en: someone}
- id: R02
  name: {zh: 课, en: The Course}
  kind: course
  role: {zh: 看, en: to watch}
  links: []
  status: succeeded
  note: {zh: 旧, en: old}
  superseded_by: R01
  checked: "2026-11"
  credit: {zh: 某人, en: someone}
"""
GLOSSARY: Final = """\
- {en: learning rate, zh: 学习率}
- {en: epoch, zh: 轮, definition: {zh: 全部样本过一遍。, en: One pass over all examples.}}
"""
LESSON_A: Final = """\
id: a
depth: guide
kind: core
title: {zh: 甲, en: Lesson a}
practice_minutes: 10
skills: [steps]
goal: {zh: 目标, en: the goal}
why: {zh: 缘由, en: the reason}
readings:
  - {resource: R01, section: {zh: 第 1 章, en: chapter 1}, minutes: 20, basis: verified}
explain:
  prompt: {zh: 说说看, en: say it}
  model: {zh: 好答案, en: said well}
questions:
  - id: tap
    kind: choice
    skill: steps
    difficulty: easy
    stem: {zh: 哪个？, en: Which one?}
    options:
      - {text: {zh: 一, en: one}, feedback: {zh: 对, en: right}, correct: true}
      - {text: {zh: 二, en: two}, feedback: {zh: 错, en: wrong}}
      - {text: {zh: 三, en: three}, feedback: {zh: 错, en: wrong}}
    source: {zh: 书, en: the book}
  - id: type
    kind: numeric
    skill: steps
    difficulty: medium
    stem: {zh: 多少？, en: How many?}
    answer: 5 - 2
    tolerance: 0.01
    feedback: {zh: 三, en: three}
    slips:
      - {value: 5 + 2, feedback: {zh: 反了, en: turned round}}
    source: {zh: 书, en: the book}
"""
LESSON_B: Final = """\
id: b
depth: outline
kind: core
title: {zh: 乙, en: Lesson b}
readings: []
practice_minutes: 30
"""
FILES: Final = {
    "roadmap.yaml": ROADMAP,
    "resources.yaml": RESOURCES,
    "glossary.yaml": GLOSSARY,
    "lessons/a.yaml": LESSON_A,
    "lessons/b.yaml": LESSON_B,
}


def write(root: Path) -> Path:
    """Write the smallest curriculum without a fault under `root` and return it."""
    (root / "lessons").mkdir(parents=True, exist_ok=True)
    for name, text in FILES.items():
        (root / name).write_text(text, "utf-8")
    return root


def spoil(root: Path, name: str, old: str, new: str) -> int:
    """Replace the one place where `old` stands in a file, and return the line where `new` begins."""
    file = root / name
    text = file.read_text("utf-8")
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {name}"
    file.write_text(text.replace(old, new), "utf-8")
    return text[: text.index(old)].count("\n") + 1


def faults(root: Path) -> list[Fault]:
    """Return every fault of the curriculum under `root`; with a fault there is no roadmap."""
    found = check(root)
    assert (found.roadmap is None) == bool(found.faults)
    return found.faults
