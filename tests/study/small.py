"""A road of a few lessons, so that a test can walk all of it: choices, a number, the reader's own word, a rest day."""

from __future__ import annotations

from typing import Final

from bot.core.language import Text
from bot.core.questions import Numeric, Question, SingleChoice
from bot.core.questions.choice import Option
from bot.core.questions.numeric import Slip
from bot.core.roadmap import (
    Branch,
    Day,
    Depth,
    Explain,
    Lesson,
    Marked,
    Outline,
    Part,
    Reading,
    Resource,
    ResourceLink,
    Roadmap,
    Track,
)


def both(text: str) -> Text:
    """Return a text that only says in which language it is read."""
    return Text(f"{text}（中）", f"{text} (en)")


def choice(name: str) -> SingleChoice:
    """Return a choice whose right option says so."""
    options = tuple(
        Option(both(f"{name} {text}"), both(f"{name} {text} because"), correct=text == "right")
        for text in ("right", "wrong", "worse")
    )
    return SingleChoice(name, "choice", "s", "easy", both(f"{name}?"), options, both(f"source of {name}"))


def number(name: str) -> Numeric:
    """Return a question whose answer is one half, and who answers 2 turned it round."""
    slips = (Slip(2, both("upside down")),)
    return Numeric(
        id=name,
        kind="numeric",
        skill="s",
        difficulty="easy",
        stem=both(f"{name}?"),
        answer="1/2",
        tolerance=0.01,
        feedback=both("half of it"),
        source=both(f"source of {name}"),
        slips=slips,
    )


def lesson(name: str, minutes: int, *questions: Question, depth: Depth = "full") -> Lesson:
    """Return a lesson; with 12 minutes of our own it takes `minutes`."""
    full = depth == "full"
    return Lesson(
        id=name,
        depth=depth,
        kind="core",
        title=both(f"Lesson {name}"),
        readings=(Reading("R01", both("chapter 1"), minutes - 12, "verified"),),
        practice_minutes=0,
        goal=both("the goal") if full else None,
        idea=both("the idea") if full else None,
        example=both("the example") if full else None,
        explain=Explain(both("say it"), both("said well")) if full else None,
        questions=questions,
    )


LESSONS: Final = {
    found.id: found
    for found in (
        lesson("a", 30, choice("q1"), number("q2"), choice("q3"), choice("q4")),
        lesson("b", 30, depth="outline"),
        lesson("c", 60, number("q1")),
        lesson("d", 60, choice("q1")),
        lesson("v", 60, depth="outline"),
        lesson("n", 60, depth="outline"),
        lesson("off-road", 30, depth="outline"),
    )
}
"""`a` keeps its fourth question for later; `b`, `v` and `n` have none, they are done by the learner's word."""

_SHORT: Final = (
    Day("part-1", ("a", "b")),
    Day("part-1", ("c",)),
    Day("part-1", rest=True),
    Day("part-2", ("d",)),
    Day("part-2", vision=("v",), nlp=("n",)),
)
_MARKED: Final = Marked((), both("none"))
_RESOURCE: Final = Resource(
    id="R01",
    name=both("The Book"),
    kind="book",
    role=both("to read"),
    links=(ResourceLink(both("site"), "https://example.org/book", "both", "everywhere"),),
    status="current",
    note=both("fine"),
    checked="2026-11",
    credit=both("its author"),
)
SMALL: Final = Roadmap(
    outline=Outline(
        title=both("A small road"),
        parts=tuple(Part(name, both(name), both(f"{name} summary")) for name in ("part-1", "part-2")),
        branches=(Branch("vision", both("Vision"), both("see")), Branch("nlp", both("Language"), both("read"))),
        tracks=(
            Track("short", both("Short"), both("a few days"), 5, _SHORT),
            Track("shorter", both("Shorter"), both("fewer days"), 1, _SHORT[:2]),
        ),
        gates=(),
        deferrable=_MARKED,
        optional=_MARKED,
    ),
    lessons=LESSONS,
    resources={"R01": _RESOURCE},
    terms=(),
)
LAST: Final = ("a", "b", "c", "d", "v")
"""The lessons of the short track for who has no branch."""
