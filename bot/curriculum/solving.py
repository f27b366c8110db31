"""Blind solving: a sheet of questions without keys, and the record of who agreed with which key in which wording."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import yaml
from pydantic import TypeAdapter

from bot.core.language import Language
from bot.core.questions import Numeric, Question, UnreadableReplyError
from bot.core.roadmap import Roadmap

RECORD: Final = "review/solved.yaml"
_HEADER: Final = """\
# Questions that were solved by somebody who saw no key, and came out as the key says. The fingerprint is of stem,
# options and key in both languages: `xueban curriculum check` asks for a new solving when one of them changed.
"""


@dataclass(frozen=True, slots=True)
class Solved:
    """A question, the fingerprint of its wording when it was solved, and in which languages it was."""

    question: str
    fingerprint: str
    languages: tuple[Language, ...]


_ADAPTER: Final = TypeAdapter(tuple[Solved, ...])


def fingerprint(question: Question) -> str:
    """Return a hash of what a solver sees and of the key; feedback and sources may change without a new solving."""
    parts = [question.stem.zh, question.stem.en]
    if isinstance(question, Numeric):
        parts += [str(question.answer), str(question.tolerance)]
    else:
        parts += [f"{option.text.zh}|{option.text.en}|{option.correct}" for option in question.options]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12]


def sheet(roadmap: Roadmap, language: Language, lessons: Iterable[str]) -> Iterator[str]:
    """Yield the questions of some lessons as text without keys, options in the order that `agreement` expects."""
    for full, question in _questions(roadmap, lessons):
        prompt = question.prompt(_seed(full))
        yield f"## {full}\n{prompt.stem.in_(language).strip()}"
        yield (
            "\n".join(f"  [{at}] {option.in_(language).strip()}" for at, option in enumerate(prompt.options))
            or "  (a number)"
        )
        yield ""


def agreement(roadmap: Roadmap, answers: Mapping[str, object]) -> tuple[list[str], list[str]]:
    """Return the ids whose answer is the key, and those whose answer is not (or cannot be read, or has no question)."""
    agreed: list[str] = []
    disagreed: list[str] = []
    for full, answer in answers.items():
        question = roadmap.question(full)
        (agreed if question is not None and _right(question, str(answer), _seed(full)) else disagreed).append(full)
    return agreed, disagreed


def updated(
    roadmap: Roadmap, known: Iterable[Solved], agreed: Iterable[str], disagreed: Iterable[str], language: Language
) -> list[Solved]:
    """Return the record after a solving: what changed since starts anew, what was disagreed on goes."""
    kept = {entry.question: entry for entry in known}
    for full in disagreed:
        kept.pop(full, None)
    for full in agreed:
        question = roadmap.question(full)
        if question is None:
            continue
        now, before = fingerprint(question), kept.get(full)
        languages = set(before.languages) if before and before.fingerprint == now else set()
        kept[full] = Solved(full, now, tuple(sorted(languages | {language})))
    return sorted(kept.values(), key=lambda entry: entry.question)


def written(record: Iterable[Solved]) -> str:
    """Return the record as the YAML of its file."""
    rows = ((entry.question, entry.fingerprint, ", ".join(entry.languages)) for entry in record)
    lines = (f"- {{question: {name}, fingerprint: '{mark}', languages: [{sides}]}}\n" for name, mark, sides in rows)
    return _HEADER + "".join(lines)


def _questions(roadmap: Roadmap, lessons: Iterable[str]) -> Iterator[tuple[str, Question]]:
    for lesson_id in lessons:
        for question in roadmap.lessons[lesson_id].questions:
            yield f"{lesson_id}/{question.id}", question


def _right(question: Question, answer: str, seed: int) -> bool:
    try:
        return question.grade(answer, seed).correct
    except UnreadableReplyError:
        return False


def _seed(full: str) -> int:
    return zlib.crc32(full.encode())


def read_record(root: Path) -> list[Solved]:
    """Return the record of a curriculum folder, empty when there is none yet.

    Raises:
        ValueError: the record cannot be read.
    """
    file = root / RECORD
    return list(_ADAPTER.validate_python(yaml.safe_load(file.read_bytes()) or ())) if file.is_file() else []


def stale(roadmap: Roadmap, record: Iterable[Solved]) -> Iterator[str]:
    """Yield a line for each recorded question that is gone or reads differently than when it was solved."""
    for entry in record:
        question = roadmap.question(entry.question)
        if question is None:
            yield f"{RECORD}: {entry.question} is gone: take it out of the record"
        elif fingerprint(question) != entry.fingerprint:
            yield f"{RECORD}: {entry.question} changed since it was solved blind: have it solved again"
