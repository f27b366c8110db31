"""What types cannot see: references, order, completeness, questions and texts that break docs/authoring.md."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final

from bot.core.markdown import Line, Plain, parse
from bot.core.roadmap import Day, Gate, Lesson, Resource, Roadmap, Track
from bot.curriculum.strict import Document, Fault, Steps, show_path

_SLUG: Final = re.compile(r"[a-z0-9]+(?:[.-][a-z0-9]+)*", re.ASCII)
_RESOURCE_ID: Final = re.compile(r"R\d{2}(?:\.\d)?|[a-z0-9]+(?:-[a-z0-9]+)*")
_MIN_QUESTIONS: Final = {"full": 4, "guide": 2, "outline": 0}
_NEEDED: Final = {
    "full": ("goal", "why", "idea", "example", "brief", "explain", "next", "skills"),
    "guide": ("goal", "why", "explain", "skills"),
    "outline": (),
}
_FORBIDDEN: Final = (
    (re.compile(r"(?<!高)精度"), "精度 is ambiguous: precision is 精确率, accuracy is 准确率"),
    (re.compile(r"以上(?:都|皆|均)"), "no 'all of the above': write options that stand alone"),
    (
        re.compile(r"\b(?:all|none) of the above\b", re.IGNORECASE),
        "no 'all of the above': write options that stand alone",
    ),
)
_MARKUP: Final = (
    (re.compile(r"^#{1,6} ", re.MULTILINE), "headings are not in our Markdown subset"),
    (re.compile(r"<(?:br|b|i|sub|sup|p|img|a)\b[^>]*>"), "HTML is not in our Markdown subset"),
    (re.compile(r"!\[[^\]]*\]\("), "pictures are not in our Markdown subset"),
    (re.compile(r"\$[^$\n]*[\\^_{}][^$\n]*\$"), "LaTeX is not shown in chats: use Unicode mathematics"),
)

Noted = Iterator[tuple[str, Steps, str]]


def review(
    roadmap: Roadmap, resources: Sequence[Resource], documents: Mapping[str, Document], unread: frozenset[str]
) -> list[Fault]:
    """Return the faults of meaning.

    Args:
        roadmap: everything that could be read.
        resources: the rows of resources.yaml, in their order.
        documents: the files by name, for the lines.
        unread: the files that could not be read; nothing is said about them and about references to them.
    """
    parts: tuple[Callable[[], Noted], ...] = (
        lambda: _names(roadmap, resources),
        lambda: _tracks(roadmap, unread),
        lambda: _gates(roadmap, unread),
        lambda: _resources(roadmap, resources),
        lambda: _terms(roadmap),
        lambda: _all_lessons(roadmap, unread),
        lambda: _texts(documents),
    )
    return [
        Fault(name, documents[name].line(path), show_path(path), what)
        for part in parts
        for name, path, what in part()
        if name not in unread
    ]


def _names(roadmap: Roadmap, resources: Sequence[Resource]) -> Noted:
    outline = roadmap.outline
    named: dict[str, list[str]] = {
        "parts": [part.id for part in outline.parts],
        "branches": [branch.id for branch in outline.branches],
        "tracks": [track.id for track in outline.tracks],
        "gates": [gate.id for gate in outline.gates],
    }
    for key, ids in named.items():
        yield from (("roadmap.yaml", (key, *path), what) for path, what in _twice(ids))
    yield from (("resources.yaml", path, what) for path, what in _twice([row.id for row in resources]))
    if not outline.tracks:
        yield "roadmap.yaml", ("tracks",), "there is no track: write one"


def _twice(ids: Sequence[str]) -> Iterator[tuple[Steps, str]]:
    for at, name in enumerate(ids):
        if name in ids[:at]:
            yield (at, "id"), f"the id {name!r} stands twice: give each its own"


def _tracks(roadmap: Roadmap, unread: frozenset[str]) -> Noted:
    name = "roadmap.yaml"
    parts = {part.id for part in roadmap.outline.parts}
    for at, track in enumerate(roadmap.outline.tracks):
        here: Steps = ("tracks", at, "days")
        if len(track.days) != track.promised_days:
            yield name, here, f"{len(track.days)} days are planned, {track.promised_days} promised: make them agree"
        for number, day in enumerate(track.days):
            for what in (*_day(day, parts), *_unknown(roadmap, unread, day.lessons + day.vision + day.nlp)):
                yield name, (*here, number), what


def _day(day: Day, parts: set[str]) -> Iterator[str]:
    if day.part not in parts:
        yield f"unknown part {day.part!r}: use one of {sorted(parts)}"
    if day.rest == bool(day.lessons or day.vision or day.nlp):
        yield "a day has lessons or `rest: true`, one of the two"
    if bool(day.vision) != bool(day.nlp):
        yield "a branch day has a list for each branch"


def _unknown(roadmap: Roadmap, unread: frozenset[str], lessons: Iterable[str]) -> Iterator[str]:
    for lesson in lessons:
        if lesson not in roadmap.lessons and f"lessons/{lesson}.yaml" not in unread:
            yield f"there is no lesson {lesson!r}: write lessons/{lesson}.yaml or mend the id"


def _gates(roadmap: Roadmap, unread: frozenset[str]) -> Noted:
    name = "roadmap.yaml"
    tracks = {track.id for track in roadmap.outline.tracks}
    for at, gate in enumerate(roadmap.outline.gates):
        here: Steps = ("gates", at)
        yield from ((name, here, what) for what in _unknown(roadmap, unread, gate.lessons + gate.after))
        if strange := set(gate.tracks) - tracks:
            yield name, here, f"unknown tracks {sorted(strange)}: use some of {sorted(tracks)}"
        if own := sorted(set(gate.lessons) & set(gate.after)):
            yield name, here, f"{own[0]} would come after itself: take it out of `lessons` or of `after`"
        for track in roadmap.outline.tracks:
            if not gate.tracks or track.id in gate.tracks:
                yield from ((name, here, what) for what in _broken(gate, track))
    for key in ("deferrable", "optional"):
        listed = getattr(roadmap.outline, key).lessons
        yield from ((name, (key, "lessons"), what) for what in _unknown(roadmap, unread, listed))


def _broken(gate: Gate, track: Track) -> Iterator[str]:
    for branch in ("vision", "nlp"):
        order = {lesson: place for place, lesson in enumerate(track.lesson_ids(branch))}
        for later in gate.lessons:
            for earlier in gate.after:
                if later in order and earlier in order and order[later] < order[earlier]:
                    yield f"in track {track.id} ({branch}) {later} comes before {earlier}: reorder the days or the gate"


def _resources(roadmap: Roadmap, resources: Sequence[Resource]) -> Noted:
    for at, resource in enumerate(resources):
        if not _RESOURCE_ID.fullmatch(resource.id):
            yield "resources.yaml", (at, "id"), "an id is R01 … or a slug"
        if resource.superseded_by and resource.superseded_by not in roadmap.resources:
            yield (
                "resources.yaml",
                (at, "superseded_by"),
                f"there is no resource {resource.superseded_by!r}: mend the id",
            )
        for number, link in enumerate(resource.links):
            if not link.url.startswith(("https://", "http://neuralnetworksanddeeplearning.com")):
                yield "resources.yaml", (at, "links", number, "url"), "addresses are https: write https://…"
        if _circular(roadmap, resource.id):
            yield "resources.yaml", (at, "superseded_by"), "the chain of successors comes back to itself: end it"


def _circular(roadmap: Roadmap, start: str) -> bool:
    seen, current = {start}, roadmap.resources[start].superseded_by
    while current in roadmap.resources:
        if current in seen:
            return True
        seen.add(current)
        current = roadmap.resources[current].superseded_by
    return False


def _terms(roadmap: Roadmap) -> Noted:
    seen: dict[str, str] = {}
    for at, term in enumerate(roadmap.terms):
        key = term.en.casefold()
        if key in seen:
            yield "glossary.yaml", (at, "en"), f"the term {term.en!r} stands twice: keep one"
        seen[key] = term.en


def _all_lessons(roadmap: Roadmap, unread: frozenset[str]) -> Noted:
    for stem, lesson in roadmap.lessons.items():
        for path, what in _lesson(lesson):
            yield f"lessons/{stem}.yaml", path, what
        for at, reading in enumerate(lesson.readings):
            if reading.resource not in roadmap.resources and "resources.yaml" not in unread:
                what = f"there is no resource {reading.resource!r}: add it or mend the id"
                yield f"lessons/{stem}.yaml", ("readings", at, "resource"), what


def _lesson(lesson: Lesson) -> Iterator[tuple[Steps, str]]:
    if not _SLUG.fullmatch(lesson.id):
        yield ("id",), "an id is a slug: a-z, 0-9, - and ."
    if lesson.practice_minutes < 0:
        yield ("practice_minutes",), "minutes are 0 or more"
    for key in _NEEDED[lesson.depth]:
        if not getattr(lesson, key):
            yield (), f"a {lesson.depth} lesson needs {key!r}: write it"
    if len(lesson.questions) < _MIN_QUESTIONS[lesson.depth]:
        yield (
            ("questions",),
            f"a {lesson.depth} lesson needs {_MIN_QUESTIONS[lesson.depth]} questions or more",
        )
    for at, reading in enumerate(lesson.readings):
        if reading.minutes < 0:
            yield ("readings", at, "minutes"), "minutes are 0 or more"
    yield from _questions(lesson)


def _questions(lesson: Lesson) -> Iterator[tuple[Steps, str]]:
    seen: set[str] = set()
    for at, question in enumerate(lesson.questions):
        here: Steps = ("questions", at)
        if not _SLUG.fullmatch(question.id):
            yield (*here, "id"), "an id is a slug: a-z, 0-9, -"
        if question.id in seen:
            yield (
                (*here, "id"),
                f"the id {question.id!r} stands twice in this lesson: ids are permanent and unique",
            )
        seen.add(question.id)
        if question.skill not in lesson.skills:
            yield (
                (*here, "skill"),
                f"{question.skill!r} is not among the lesson's skills {list(lesson.skills)}",
            )
        yield from ((here, what) for what in question.faults())


def _texts(documents: Mapping[str, Document]) -> Noted:
    for name, document in documents.items():
        for path, text in _strings(document.value, ()):
            for pattern, what in (*_FORBIDDEN, *_MARKUP):
                if name != "glossary.yaml" and pattern.search(text):
                    yield name, path, what
            if _stray_stars(text):
                yield name, path, "`**` opens or closes nothing on this line: bold text stays on one line"


def _stray_stars(text: str) -> bool:
    if "**" not in text:
        return False
    lines = (block for block in parse(text) if isinstance(block, Line))
    return any(isinstance(part, Plain) and "**" in part.text for line in lines for part in line.inlines)


def _strings(value: object, path: Steps) -> Iterator[tuple[Steps, str]]:
    if isinstance(value, str):
        if path and path[-1] in ("zh", "en"):
            yield path, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _strings(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _strings(inner, (*path, index))
