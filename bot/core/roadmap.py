"""The roadmap: lessons, resources, tracks and rules, as read from curriculum/; immutable, loaded once.

The fields of these classes are the keys of the YAML files; docs/authoring.md explains each for authors.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from bot.core.language import Text
from bot.core.questions import Question

Depth = Literal["full", "guide", "outline"]
Kind = Literal["core", "tool", "practice", "parallel", "review", "exam", "project", "optional"]
BranchId = Literal["vision", "nlp"]
Basis = Literal["verified", "rounded", "computed", "memory", "estimate"]
Share = Literal["all", "reading", "practice"]


@dataclass(frozen=True, slots=True)
class Reading:
    """The exact section of a resource a lesson sends the learner to, and how long it takes, in minutes."""

    resource: str
    section: Text
    minutes: int
    basis: Basis
    today: Text | None = None
    watch_for: Text | None = None


@dataclass(frozen=True, slots=True)
class Explain:
    """A self-explanation: what to say in one line, and a good answer to compare with."""

    prompt: Text
    model: Text


@dataclass(frozen=True, slots=True)
class Lesson:
    """The unit of learning; its id is permanent. What an outline does not have yet is None or empty."""

    id: str
    depth: Depth
    kind: Kind
    title: Text
    readings: tuple[Reading, ...]
    practice_minutes: int
    branch: BranchId | None = None
    skills: tuple[str, ...] = ()
    goal: Text | None = None
    why: Text | None = None
    idea: Text | None = None
    example: Text | None = None
    brief: Text | None = None
    explain: Explain | None = None
    practice: Text | None = None
    next: Text | None = None
    questions: tuple[Question, ...] = ()

    @property
    def reading_minutes(self) -> int:
        """Minutes of video or reading outside."""
        return sum(reading.minutes for reading in self.readings)

    @property
    def estimated(self) -> bool:
        """Whether the minutes are an estimate and should be shown as "about"."""
        return self.practice_minutes > 0 or any(reading.basis in ("memory", "estimate") for reading in self.readings)

    def minutes(self, share: Share) -> int:
        """Minutes of the resource and the practice, or of one share of them."""
        reading = 0 if share == "practice" else self.reading_minutes
        practice = 0 if share == "reading" else self.practice_minutes
        return reading + practice


@dataclass(frozen=True, slots=True)
class Day:
    """One day of a track as the article plans it: lessons for everybody, or one list per branch, or rest."""

    part: str
    lessons: tuple[str, ...] = ()
    vision: tuple[str, ...] = ()
    nlp: tuple[str, ...] = ()
    rest: bool = False
    share: Share = "all"

    def of(self, branch: str) -> tuple[str, ...]:
        """Return the lesson ids of this day; who has no branch yet gets the vision list (advice A18)."""
        return self.lessons + (self.nlp if branch == "nlp" else self.vision)


@dataclass(frozen=True, slots=True)
class Track:
    """One of the article's answers to "how much time do you have?"."""

    id: str
    title: Text
    summary: Text
    promised_days: int
    days: tuple[Day, ...]

    def lesson_ids(self, branch: str) -> tuple[str, ...]:
        """Return the lessons in order, each once."""
        return tuple(dict.fromkeys(lesson for day in self.days for lesson in day.of(branch)))


@dataclass(frozen=True, slots=True)
class Part:
    """One of the three parts of the road."""

    id: str
    title: Text
    summary: Text


@dataclass(frozen=True, slots=True)
class Branch:
    """Vision, or sequences and language."""

    id: BranchId
    title: Text
    summary: Text


@dataclass(frozen=True, slots=True)
class Gate:
    """A rule of order: `lessons` come after `after`, wherever a track (of `tracks`, or of all) has both."""

    id: str
    advice: tuple[str, ...]
    strength: Literal["required", "advised"]
    lessons: tuple[str, ...]
    after: tuple[str, ...]
    text: Text
    tracks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Marked:
    """Lessons that share a remark: those that may be put off, or those that are optional."""

    lessons: tuple[str, ...]
    text: Text


@dataclass(frozen=True, slots=True)
class Outline:
    """roadmap.yaml as a whole."""

    title: Text
    parts: tuple[Part, ...]
    branches: tuple[Branch, ...]
    tracks: tuple[Track, ...]
    gates: tuple[Gate, ...]
    deferrable: Marked
    optional: Marked


@dataclass(frozen=True, slots=True)
class ResourceLink:
    """An address to open, in which language it speaks and from where it can be reached."""

    label: Text
    url: str
    language: Literal["zh", "en", "both"]
    reach: Literal["china", "world", "everywhere"]


@dataclass(frozen=True, slots=True)
class Resource:
    """A course, book, video or page outside, with its mirrors and what became of it since the article."""

    id: str
    name: Text
    kind: Literal["course", "video", "book", "blog", "paper", "tool", "community", "habit", "credit"]
    role: Text
    links: tuple[ResourceLink, ...]
    status: Literal["current", "succeeded", "moved", "frozen", "caution", "unknown"]
    note: Text
    checked: str
    credit: Text
    article_url: str = ""
    superseded_by: str = ""

    def links_for(self, language: str) -> Iterator[ResourceLink]:
        """Yield the links for a reader: the best in their language and in reach, the best other, then the rest."""
        elsewhere = "world" if language == "zh" else "china"
        in_reach = sorted(self.links, key=lambda link: link.reach == elsewhere)
        ours = [link for link in in_reach if link.language in (language, "both")]
        others = [link for link in self.links if link not in ours]
        yield from ours[:1]
        yield from others[:1]
        yield from ours[1:]
        yield from others[1:]


@dataclass(frozen=True, slots=True)
class Term:
    """A term in both languages, what else to accept for it, and perhaps what it means."""

    en: str
    zh: str
    also_en: tuple[str, ...] = ()
    also_zh: tuple[str, ...] = ()
    definition: Text | None = None


@dataclass(frozen=True, slots=True)
class Roadmap:
    """Everything that can be learnt and in which order."""

    outline: Outline
    lessons: Mapping[str, Lesson]
    resources: Mapping[str, Resource]
    terms: tuple[Term, ...]

    def track(self, track_id: str) -> Track:
        """Return a track by its id; the first one for an id that is not there (any more)."""
        return next((track for track in self.outline.tracks if track.id == track_id), self.outline.tracks[0])

    def question(self, question_id: str) -> Question | None:
        """Return a question by its full id `lesson/question`, or None when it is gone."""
        lesson_id, _, local = question_id.partition("/")
        lesson = self.lessons.get(lesson_id)
        found = (question for question in lesson.questions if question.id == local) if lesson else iter(())
        return next(found, None)
