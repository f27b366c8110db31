"""What each command of the command line does; each returns an exit code."""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import random
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from importlib import metadata
from pathlib import Path
from typing import Final

from pydantic import SecretStr

from bot import authoring
from bot import curriculum as reading
from bot.app import Bridge, built, pin_time_zones
from bot.app import run as run_app
from bot.core.arithmetic import evaluate
from bot.core.language import Language
from bot.core.markdown import plain
from bot.core.questions import Question, SingleChoice
from bot.core.questions.numeric import show_number
from bot.core.roadmap import Lesson, Roadmap
from bot.logs import set_up_logging
from bot.platforms import discord, telegram
from bot.platforms.playground.bridge import PortTakenError
from bot.settings import ROLES, Settings, SettingsError, read_settings
from bot.simulation import Simulation
from bot.store import MigrationError, Store, StoreBusyError, current_revision, expected_revision, sqlite_file

EXIT_FAULTS: Final = 1
EXIT_BROKEN: Final = 70
EXIT_TOKEN: Final = 77
EXIT_SETTINGS: Final = 78
EXIT_INTERRUPTED: Final = 130
_REJECTED: Final = (telegram.TokenRejectedError, discord.TokenRejectedError, discord.GatewayRefusedError)
_ALIVE_WITHIN: Final = timedelta(seconds=90)
_ENOUGH_DISK_BYTES: Final = 50_000_000


_ENDINGS: Final = (
    (_REJECTED, EXIT_TOKEN, "{}"),
    (telegram.SetupRefusedError, EXIT_SETTINGS, "Telegram does not accept the webhook: {}"),
    ((MigrationError, StoreBusyError), EXIT_SETTINGS, "The database cannot be used: {}"),
    (PortTakenError, EXIT_SETTINGS, "{}"),
    (OSError, EXIT_SETTINGS, "This machine refuses: {}"),
)
"""What can end a run, the first that fits: the exit code, and what to say."""


def positive(text: str) -> int:
    """Return a whole number over 0, for argparse."""
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("a number from 1 on")
    return number


def run(chosen: argparse.Namespace) -> int:
    """Run the bot until it is asked to stop."""
    settings = read_settings()
    roles = _roles(chosen.only, settings)
    redactor = set_up_logging(secrets=settings.secrets, level=settings.log_level, json=settings.log_format == "json")
    try:
        asyncio.run(run_app(settings, roles, ready=_say_ready))
    except reading.CurriculumError:
        raise
    except Exception as fault:
        known = next(((code, said) for kinds, code, said in _ENDINGS if isinstance(fault, kinds)), None)
        if known is None:
            # Python's own report of what nobody caught would go past the handler that hides secrets.
            logging.getLogger(__name__).exception("Xueban broke down")
            return EXIT_BROKEN
        print(redactor.clean(known[1].format(fault)), file=sys.stderr)
        return known[0]
    return 0


def _roles(only: str | None, settings: Settings) -> tuple[str, ...]:
    """Return the roles of this process: those named, else every platform that has a token, and the clock."""
    if only is None:
        return (*settings.platforms, "clock")
    roles = tuple(part.strip() for part in only.split(",") if part.strip())
    unknown = [role for role in roles if role not in ROLES]
    if unknown or not roles:
        raise SettingsError(f"--only takes some of {','.join(ROLES)}; {','.join(unknown) or 'nothing'} is none of them")
    tokens = {"telegram": settings.telegram_token, "discord": settings.discord_token}
    for role in roles:
        if role in tokens and tokens[role] is None:
            raise SettingsError(f"--only names {role}, but XUEBAN_{role.upper()}_TOKEN is not set")
    return roles


def _say_ready(bridge: Bridge) -> None:
    url = getattr(bridge, "url", None)
    print(f"The playground is open: {url}  (Ctrl+C ends it)" if url else f"{bridge.platform} is running.", flush=True)


def curriculum_check(chosen: argparse.Namespace) -> int:
    """Report every fault of the curriculum."""
    del chosen
    found = reading.check(_curriculum())
    print_faults(found.faults)
    if found.faults or found.roadmap is None or authoring.print_stale(_curriculum()):
        return EXIT_FAULTS
    lessons = found.roadmap.lessons.values()
    print(
        f"The curriculum is fine: {len(lessons)} lessons, {sum(len(lesson.questions) for lesson in lessons)} questions."
    )
    return 0


def print_faults(faults: Sequence[reading.Fault]) -> None:
    """Print every fault of the curriculum, and how many there are."""
    for fault in faults:
        print(fault, file=sys.stderr)
    if faults:
        print(f"{len(faults)} fault(s).", file=sys.stderr)


def curriculum_stats(chosen: argparse.Namespace) -> int:
    """Count lessons, questions and minutes."""
    del chosen
    roadmap = reading.load(_curriculum())
    lessons = list(roadmap.lessons.values())
    questions = [question for lesson in lessons for question in lesson.questions]
    for title, counted in (
        ("lessons by depth", Counter(lesson.depth for lesson in lessons)),
        ("lessons by kind", Counter(lesson.kind for lesson in lessons)),
        ("questions by kind", Counter(question.kind for question in questions)),
        ("questions by difficulty", Counter(question.difficulty for question in questions)),
        ("resources by status", Counter(resource.status for resource in roadmap.resources.values())),
    ):
        print(f"{title}: " + ", ".join(f"{count} {name}" for name, count in counted.most_common()))
    print(
        f"terms: {len(roadmap.terms)}, with a definition: {sum(term.definition is not None for term in roadmap.terms)}"
    )
    for track in roadmap.outline.tracks:
        for branch in roadmap.outline.branches:
            minutes = sum(_minutes(roadmap, lesson_id) for lesson_id in track.lesson_ids(branch.id))
            print(f"{track.id}, {branch.id}: {len(track.lesson_ids(branch.id))} lessons, {minutes / 60:.0f} hours")
    return 0


def _minutes(roadmap: Roadmap, lesson_id: str) -> int:
    return roadmap.lessons[lesson_id].minutes("all")


def curriculum_preview(chosen: argparse.Namespace) -> int:
    """Print a lesson as a learner meets it: both cards, and every question with its feedback."""
    roadmap = reading.load(_curriculum())
    lesson = roadmap.lessons.get(chosen.lesson)
    if lesson is None:
        print(f"There is no lesson {chosen.lesson!r}.", file=sys.stderr)
        return EXIT_FAULTS
    for part in _preview(lesson, chosen.language):
        print(plain(part.strip()), end="\n\n")
    return 0


def _preview(lesson: Lesson, language: Language) -> Iterator[str]:
    cards = (
        lesson.title,
        lesson.goal,
        lesson.why,
        lesson.idea,
        lesson.example,
        lesson.practice,
        lesson.brief,
        lesson.next,
    )
    yield from (text.in_(language) for text in cards if text is not None)
    for question in lesson.questions:
        yield f"❓ {question.stem.in_(language)}"
        yield from _answers(question, language)


def _answers(question: Question, language: Language) -> Iterator[str]:
    if isinstance(question, SingleChoice):
        for option in question.options:
            yield f"{'✅' if option.correct else '❌'} {option.text.in_(language)}\n{option.feedback.in_(language)}"
        return
    yield f"✅ {show_number(question.answer_value())}\n{question.feedback.in_(language)}"
    for slip in question.slips:
        yield f"❌ {show_number(evaluate(slip.value))}\n{slip.feedback.in_(language)}"


def curriculum_schema(chosen: argparse.Namespace) -> int:
    """Write the JSON Schemas that editors use while a file is written."""
    folder = Path(chosen.folder)
    folder.mkdir(parents=True, exist_ok=True)
    for name, schema in reading.schema().items():
        (folder / f"{name}.schema.json").write_text(json.dumps(schema, ensure_ascii=False, indent=2) + "\n", "utf-8")
    return 0


def simulate(chosen: argparse.Namespace) -> int:
    """Walk simulated learners along a track on a database of its own, and print what happened."""
    logging.disable(logging.CRITICAL)
    try:
        with tempfile.TemporaryDirectory(prefix="xueban-") as folder:
            return asyncio.run(_simulate(chosen, f"sqlite:///{folder}/simulation.db"))
    finally:
        logging.disable(logging.NOTSET)


async def _simulate(chosen: argparse.Namespace, database: str) -> int:
    settings = read_settings().model_copy(update={"database": SecretStr(database)})
    async with built(settings, random.Random(chosen.seed)) as house:  # noqa: S311 - repeatable on purpose
        if chosen.track not in {track.id for track in house.roadmap.outline.tracks}:
            print(f"There is no track {chosen.track!r}.", file=sys.stderr)
            return EXIT_FAULTS
        story = Simulation(house.study, house.roadmap, learners=chosen.learners, seed=chosen.seed, track=chosen.track)
        report = await story.run(chosen.days)
        for line in report.lines():
            print(line)
    return 0


def doctor(chosen: argparse.Namespace) -> int:
    """Check what a running bot needs, one line each."""
    del chosen
    settings = read_settings()
    pin_time_zones()
    lines = [("settings", "fine"), ("platforms", ", ".join(settings.platforms))]
    found = reading.check(settings.curriculum)
    lines.append(
        ("curriculum", "fine" if not found.faults else f"{len(found.faults)} fault(s): xueban curriculum check")
    )
    lines.append(("time zones", f"tzdata {metadata.version('tzdata')}"))
    database, fine = asyncio.run(_database_state(settings))
    lines.append(("database", database))
    lines.append(("disk", _disk(settings)))
    for name, state in lines:
        print(f"{name:<12} {state}")
    return 0 if fine and not found.faults else EXIT_FAULTS


async def _database_state(settings: Settings) -> tuple[str, bool]:
    database = settings.database.get_secret_value()
    file = sqlite_file(database)
    if file is not None and not file.exists():
        return "not there yet; it is made at the first run", True
    store = Store(database)
    try:
        await store.ping()
        async with store.read() as transaction:
            learners, aside = await transaction.learners.count(), await transaction.receipts.count_set_aside()
    except StoreBusyError as fault:
        return f"out of reach ({fault})", False
    except Exception as fault:  # noqa: BLE001 - whatever the driver has against it
        return f"cannot be used ({type(fault).__name__})", False
    finally:
        await store.close()
    at, wanted = await asyncio.to_thread(current_revision, database), expected_revision()
    tables = f"tables {at}" if at == wanted else f"tables {at}, brought to {wanted} at the next start"
    return f"fine, {learners} learner(s), {aside} update(s) set aside, {tables}", True


def _disk(settings: Settings) -> str:
    file = sqlite_file(settings.database.get_secret_value())
    if file is None:
        return "the database is elsewhere"
    folder = file.resolve().parent
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    return f"{free // 1_000_000} MB free" + ("" if free > _ENOUGH_DISK_BYTES else ": too little, make room")


def config(chosen: argparse.Namespace) -> int:
    """Print every setting, secrets hidden, with what it is for."""
    del chosen
    fields = Settings.model_fields
    for name, value in read_settings().redacted().items():
        print(f"{name}={value}")
        print(f"    {fields[name.removeprefix('XUEBAN_').lower()].description}")
    return 0


def health(chosen: argparse.Namespace) -> int:
    """Exit 0 when the running bot wrote its sign of life lately."""
    del chosen
    file = read_settings().health_file
    if file is None:
        print("XUEBAN_HEALTH_FILE is not set.", file=sys.stderr)
        return EXIT_SETTINGS
    try:
        written = datetime.fromisoformat(file.read_text("utf-8"))
        age = datetime.now(UTC) - written
    except (OSError, ValueError, TypeError):
        print("There is no sign of life yet.", file=sys.stderr)
        return EXIT_FAULTS
    print(f"The last sign of life is {age.total_seconds():.0f} s old.")
    return 0 if age < _ALIVE_WITHIN else EXIT_FAULTS


def _curriculum() -> Path:
    return read_settings().curriculum
