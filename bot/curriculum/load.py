"""Reads curriculum/ into a Roadmap, or says every fault at once: file, line, path, what is wrong, what to do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, TypeVar, get_args, get_type_hints

from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails, to_json

from bot.core.language import Text
from bot.core.questions import Question
from bot.core.roadmap import Lesson, Marked, Outline, Resource, Roadmap, Term
from bot.curriculum.review import review
from bot.curriculum.strict import Document, Fault, Steps, read

T = TypeVar("T")
_CONFIG: Final = ConfigDict(extra="forbid", strict=True)
# pydantic passes a configuration on to dataclasses only from the outside, hence the tuples of one.
OUTLINE: Final = TypeAdapter(tuple[Outline], config=_CONFIG)
LESSON: Final = TypeAdapter(tuple[Lesson], config=_CONFIG)
RESOURCES: Final = TypeAdapter(tuple[Resource, ...], config=_CONFIG)
TERMS: Final = TypeAdapter(tuple[Term, ...], config=_CONFIG)

_MAX_LESSONS: Final = 2_000
_NOTHING: Final = object()
_NO_TEXT: Final = Text("", "")
_NO_OUTLINE: Final = Outline(_NO_TEXT, (), (), (), (), Marked((), _NO_TEXT), Marked((), _NO_TEXT))
"""Stands for a roadmap.yaml that cannot be read, so that the faults of the other files are still found."""

_KINDS: Final = {kind.__name__: kind for kind in get_args(Question)}


class CurriculumError(Exception):
    """The curriculum has faults; `faults` holds every one of them."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__(f"the curriculum has {len(faults)} fault(s); the first: {faults[0]}")
        self.faults = faults


@dataclass(slots=True)
class Found:
    """What reading a curriculum folder gave: the roadmap where it could be built, and every fault."""

    roadmap: Roadmap | None
    faults: list[Fault] = field(default_factory=list)


def load(root: Path) -> Roadmap:
    """Return the roadmap under `root`.

    Raises:
        CurriculumError: there is at least one fault.
    """
    found = check(root)
    if found.faults or found.roadmap is None:
        raise CurriculumError(found.faults)
    return found.roadmap


def check(root: Path) -> Found:
    """Read everything under `root` and return all faults, sorted by file and line."""
    faults: list[Fault] = []
    documents: dict[str, Document] = {}
    outline = _single(root, "roadmap.yaml", OUTLINE, documents, faults)
    resources = _part(root, "resources.yaml", RESOURCES, documents, faults)
    terms = _part(root, "glossary.yaml", TERMS, documents, faults)
    lessons = dict(_lessons(root, documents, faults))
    roadmap = Roadmap(
        outline=outline or _NO_OUTLINE,
        lessons=MappingProxyType(lessons),
        resources=MappingProxyType({resource.id: resource for resource in resources or ()}),
        terms=terms or (),
    )
    parts = {"roadmap.yaml": outline, "resources.yaml": resources, "glossary.yaml": terms}
    unread = {name for name, part in parts.items() if part is None}
    unread |= {fault.file for fault in faults if Path(fault.file).stem not in lessons}
    faults.extend(review(roadmap, resources or (), documents, frozenset(unread)))
    return Found(None if faults else roadmap, sorted(faults))


def schema() -> dict[str, dict[str, Any]]:
    """Return the JSON Schemas for editors, by file: roadmap, lesson, resources, glossary."""
    single: Mapping[str, TypeAdapter[Any]] = {"roadmap": OUTLINE, "lesson": LESSON}
    several: Mapping[str, TypeAdapter[Any]] = {"resources": RESOURCES, "glossary": TERMS}
    found = {name: adapter.json_schema() for name, adapter in several.items()}
    for name, adapter in single.items():
        whole = adapter.json_schema()
        found[name] = {"$defs": whole["$defs"], **whole["prefixItems"][0]}
    return found


def _lessons(root: Path, documents: dict[str, Document], faults: list[Fault]) -> Iterator[tuple[str, Lesson]]:
    faults.extend(
        Fault(f"lessons/{file.name}", 1, "", f"only .yaml files are read: call it {file.stem}.yaml")
        for file in (root / "lessons").glob("*.yml")
    )
    files = sorted((root / "lessons").glob("*.yaml"))
    if len(files) > _MAX_LESSONS:
        faults.append(Fault("lessons", 1, "", f"over {_MAX_LESSONS} lessons: is this the right folder?"))
        return
    for file in files:
        name = f"lessons/{file.name}"
        lesson = _single(root, name, LESSON, documents, faults)
        if lesson is None:
            continue
        if lesson.id != file.stem:
            faults.append(
                Fault(name, documents[name].line(("id",)), "id", f"the file is called {file.stem}: use it as id")
            )
        yield file.stem, lesson


def _single(
    root: Path, name: str, adapter: TypeAdapter[tuple[T]], documents: dict[str, Document], faults: list[Fault]
) -> T | None:
    found = _part(root, name, adapter, documents, faults, alone=True)
    return None if found is None else found[0]


def _part(
    root: Path,
    name: str,
    adapter: TypeAdapter[T],
    documents: dict[str, Document],
    faults: list[Fault],
    *,
    alone: bool = False,
) -> T | None:
    file = root / name
    if file.is_symlink():
        faults.append(Fault(name, 1, "", "the file is a symbolic link: put the file itself here"))
        return None
    if not file.is_file():
        faults.append(Fault(name, 1, "", "the file is missing: see docs/authoring.md for what belongs there"))
        return None
    document = documents[name] = read(file, name)
    _missing_sides(document, document.value, ())
    value: T | None = None
    if document.value is not None or not document.faults:
        try:
            value = adapter.validate_json(to_json([document.value] if alone else document.value))
        except ValidationError as error:
            for details in _of_the_right_kind(error.errors(include_url=False)):
                _translate(document, details, details["loc"][1:] if alone else details["loc"])
    faults.extend(document.faults)
    return None if document.faults else value


def _of_the_right_kind(errors: list[ErrorDetails]) -> Iterator[ErrorDetails]:
    """Drop what pydantic says about question kinds that were not meant; of an unknown kind keep one error."""
    other: dict[tuple[int | str, ...], set[str]] = {}
    for details in errors:
        if details["loc"][-1:] == ("kind",) and details["type"] in ("literal_error", "missing"):
            location = details["loc"]
            other.setdefault(location[:-2], set()).add(str(location[-2]))
    for details in errors:
        at = next((index for index, step in enumerate(details["loc"]) if step in _KINDS), None)
        if at is None:
            yield details
            continue
        place, member = details["loc"][:at], str(details["loc"][at])
        unmeant = other.get(place, set())
        if member not in unmeant or (
            len(unmeant) == len(_KINDS) and member == min(_KINDS) and details["loc"][-1] == "kind"
        ):
            yield details


def _missing_sides(document: Document, value: object, path: Steps) -> None:
    """Note every text of which one language is blank (a missing one is noted by the types)."""
    if isinstance(value, dict):
        for side in ("zh", "en"):
            if value.keys() <= {"zh", "en"} and isinstance(value.get(side), str) and not value[side].strip():
                document.fault((*path, side), f"the {side} text is empty: write it")
        for key, inner in value.items():
            _missing_sides(document, inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            _missing_sides(document, inner, (*path, index))


def _translate(document: Document, details: ErrorDetails, location: tuple[int | str, ...]) -> None:
    """Say what pydantic found in words for an author."""
    path = _real_path(document.value, location)
    last = path[-1] if path else ""
    said = {
        "missing": f"{last!r} is missing: add it" + (" (both languages are needed)" if last in ("zh", "en") else ""),
        "unexpected_keyword_argument": f"unknown key {last!r}: remove it or mend its spelling",
        "literal_error": f"must be one of {_expected(details)}",
    }.get(details["type"])
    document.fault(path, said or f"{details['msg'][0].lower()}{details['msg'][1:]} (found {_brief(details['input'])})")


def _expected(details: ErrorDetails) -> str:
    if details["loc"][-1:] == ("kind",) and details["loc"][-2:-1] and details["loc"][-2] in _KINDS:
        return ", ".join(repr(get_args(get_type_hints(kind)["kind"])[0]) for kind in _KINDS.values())
    return str(details.get("ctx", {}).get("expected"))


def _real_path(value: object, location: tuple[int | str, ...]) -> Steps:
    """Keep the steps that exist in the file; pydantic puts the names of union members between them."""
    steps: list[int | str] = []
    for index, step in enumerate(location):
        inner = _inside(value, step)
        if inner is _NOTHING and index < len(location) - 1:
            continue
        value = inner
        steps.append(step)
    return tuple(steps)


def _inside(value: object, step: int | str) -> object:
    if isinstance(value, dict):
        return value.get(step, _NOTHING)
    return value[step] if isinstance(value, list) and isinstance(step, int) and step < len(value) else _NOTHING


def _brief(value: object) -> str:
    shown = repr(value)
    limit = 40
    return shown if len(shown) <= limit else shown[:limit] + "…"
