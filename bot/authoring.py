"""The command line's part for authors: sheets for blind solvers, and the record of what they found."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from bot.curriculum import CurriculumError, load
from bot.curriculum.solving import RECORD, agreement, read_record, sheet, stale, updated, written
from bot.settings import read_settings


def print_sheet(chosen: argparse.Namespace) -> int:
    """Print the questions of some lessons (of all that have any, when none is named) without their keys."""
    roadmap = load(read_settings().curriculum)
    unknown = [name for name in chosen.lessons if name not in roadmap.lessons]
    if unknown:
        print(f"There is no lesson {', '.join(unknown)}.", file=sys.stderr)
        return 1
    for line in sheet(roadmap, chosen.language, chosen.lessons or roadmap.lessons):
        print(line)
    return 0


def take_answers(chosen: argparse.Namespace) -> int:
    """Hold a solver's answers (a JSON object: question id to option or number) against the keys, and record them."""
    root = read_settings().curriculum
    try:
        answers = json.loads(Path(chosen.answers).read_text("utf-8"))
    except (OSError, ValueError) as fault:
        print(f"{chosen.answers} cannot be read: {fault}", file=sys.stderr)
        return 1
    roadmap = load(root)
    agreed, disagreed = agreement(roadmap, answers)
    record = updated(roadmap, read_record(root), agreed, disagreed, chosen.language)
    (root / RECORD).parent.mkdir(exist_ok=True)
    (root / RECORD).write_text(written(record), "utf-8")
    for name in disagreed:
        print(f"{name}: {answers[name]} is not the key: one of the two is wrong")
    print(f"{len(agreed)} agree with the key, {len(disagreed)} do not.")
    return 1 if disagreed else 0


def print_stale(root: Path) -> int:
    """Print the recorded questions that changed since they were solved, and return how many there are."""
    try:
        lines = list(stale(load(root), read_record(root)))
    except (CurriculumError, ValueError):
        return 0
    for line in lines:
        print(line, file=sys.stderr)
    return len(lines)
