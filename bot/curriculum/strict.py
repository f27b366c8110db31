"""A strict reading of YAML: no aliases, no duplicate keys, no surprises, and a line number for everything."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import yaml

_MAX_BYTES: Final = 5_000_000
_MAX_DEPTH: Final = 20
_INTEGER: Final = re.compile(r"[+-]?(?:0|[1-9][0-9]{0,17})")
_FLOAT: Final = re.compile(r"[+-]?(?:\.[0-9]+|[0-9]+\.[0-9]*|[0-9]+(?:\.[0-9]*)?[eE][+-]?[0-9]+)")
_WORDS: Final[dict[str, bool | None]] = {"true": True, "false": False, "null": None, "~": None, "": None}
_MEND: Final = "mend it here or just before; quoting a text often helps"
_UNWRITABLE: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

Step = str | int
Steps = tuple[Step, ...]


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing wrong with the curriculum: where, what, and what to do about it."""

    file: str
    line: int
    path: str
    what: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}"
        return f"{where}: {self.path}: {self.what}" if self.path else f"{where}: {self.what}"


@dataclass(slots=True)
class Document:
    """What one file holds: plain dicts, lists, strings, numbers and booleans, with the line of every path."""

    file: str
    value: object = None
    lines: dict[Steps, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def line(self, path: Steps) -> int:
        """Return the line of the nearest thing on the way to `path` that has one."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def fault(self, path: Steps, what: str, line: int | None = None) -> None:
        """Note a fault at `path`."""
        self.faults.append(Fault(self.file, line or self.line(path), show_path(path), what))


def show_path(path: Steps) -> str:
    """Return `questions[2].options[0].text` for the steps of a path."""
    shown = ""
    for step in path:
        shown += f"[{step}]" if isinstance(step, int) else f".{step}" if shown else step
    return shown


def read(file: Path, name: str) -> Document:
    """Read one file; every fault of form is noted in the document, and reading goes on where it can."""
    document = Document(name)
    try:
        _fill(document, _events(_text(file)))
    except OSError as fault:
        document.fault((), f"the file cannot be read ({type(fault).__name__}): mend its permissions")
    except UnicodeDecodeError as fault:
        document.fault((), f"the file is not UTF-8 (byte {fault.start}): save it as UTF-8")
    except _TooHard as fault:
        document.fault((), fault.what, fault.line)
    except yaml.MarkedYAMLError as fault:
        mark = fault.problem_mark or fault.context_mark
        document.fault((), f"not YAML ({fault.problem or fault.context}): {_MEND}", mark.line + 1 if mark else 1)
    except yaml.YAMLError as fault:
        document.fault((), f"not YAML ({' '.join(str(fault).split())}): {_MEND}")
    return document


def _text(file: Path) -> str:
    if file.stat().st_size > _MAX_BYTES:
        raise _TooHard(f"the file is over {_MAX_BYTES} bytes: split it", 1)
    text = file.read_bytes().decode("utf-8")
    if strange := _UNWRITABLE.search(text):
        line = text.count("\n", 0, strange.start()) + 1
        raise _TooHard(f"the character U+{ord(strange[0]):04X} is no text: remove it", line)
    return text


def _fill(document: Document, events: Iterator[yaml.Event]) -> None:
    """Take the value of the first document, and read on to the end, for what comes after it is a fault."""
    next(events)  # the stream starts
    if isinstance(next(events), yaml.DocumentStartEvent):
        document.value = _Builder(document, events).value(next(events), ())
        next(events)  # the document ends
        event = next(events)
        if not isinstance(event, yaml.StreamEndEvent):
            raise _TooHard("a second document begins: keep one in each file", _line(event))


class _TooHard(Exception):  # noqa: N818 - not an error of ours: it ends the reading of one file
    """Something that this strict reading does not go into."""

    def __init__(self, what: str, line: int) -> None:
        super().__init__(what)
        self.what = what
        self.line = line


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1


def _events(text: str) -> Iterator[yaml.Event]:
    yield from yaml.parse(text, Loader=_LOADER)


@dataclass(slots=True)
class _Builder:
    document: Document
    events: Iterator[yaml.Event]

    def value(self, event: yaml.Event, path: Steps) -> object:
        self.document.lines[path] = _line(event)
        if getattr(event, "anchor", None) is not None:
            self.document.fault(path, "anchors and aliases are not used here: write the text out")
        if (tag := getattr(event, "tag", None)) is not None:
            self.document.fault(path, f"the tag {tag!r} is not used here: remove it")
        if len(path) > _MAX_DEPTH:
            raise _TooHard(f"nested over {_MAX_DEPTH} levels: make it flatter", _line(event))
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(path)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(path)
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event, path)
        return None

    def _mapping(self, path: Steps) -> dict[str, object]:
        found: dict[str, object] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent):
                raise _TooHard("a key is a plain word: write one, or quote the text", _line(event))
            key, line = event.value, _line(event)
            if key in found:
                self.document.fault((*path, key), f"the key {key!r} stands twice: keep one", line)
            found[key] = self.value(next(self.events), (*path, key))
            self.document.lines[(*path, key)] = line
        return found

    def _sequence(self, path: Steps) -> list[object]:
        found: list[object] = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            found.append(self.value(event, (*path, len(found))))
        return found

    def _scalar(self, event: yaml.ScalarEvent, path: Steps) -> object:
        text: str = event.value
        if strange := _UNWRITABLE.search(text):  # written as an escape
            self.document.fault(path, f"the character U+{ord(strange[0]):04X} is no text: remove it")
            return _UNWRITABLE.sub("\N{REPLACEMENT CHARACTER}", text)
        if event.style:  # quoted or a block: always text
            return text
        if text in _WORDS:
            return _WORDS[text]
        if _INTEGER.fullmatch(text):
            return int(text)
        number = float(text) if _FLOAT.fullmatch(text) else math.nan
        return number if math.isfinite(number) else text
