"""Simulated learners: the whole app on an in-process platform with a turned clock; one seed, one story."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Final, Literal

from bot.core.language import LANGUAGES, Language
from bot.core.learner import Account
from bot.core.message import Choice, Message
from bot.core.questions import Numeric, Question, SingleChoice
from bot.core.roadmap import Roadmap
from bot.study.chat import Outcome, Sent
from bot.study.desk import Study
from bot.study.requests import Body, Command, Press, Request, Typed

Habit = Literal["steady", "weekend", "vanishing", "guesser"]
_HABITS: Final[tuple[Habit, ...]] = ("steady", "weekend", "vanishing", "guesser")
_ZONES: Final = ("Asia/Shanghai", "Europe/Berlin", "America/Santiago", "Asia/Kolkata")
_START: Final = datetime(2027, 1, 4, 4, 0, tzinfo=UTC)
"""A Monday, fixed so that runs can be compared."""

_ORDER: Final = ("a", "quiz", "read", "did", "go")
"""What a diligent person presses first."""

_MOST_PRESSES_A_DAY: Final = 60
_SATURDAY: Final = 5
_KNOWS: Final = {"steady": 0.8, "weekend": 0.75, "vanishing": 0.7, "guesser": 0.0}
_STAYS_FOR: Final = timedelta(days=12)
_SHOWS_UP: Final = 0.9


@dataclass(slots=True)
class DayCount:
    """What happened on one day (UTC) of the simulation."""

    pushes: int = 0
    answers: int = 0
    right: int = 0
    lessons: int = 0


@dataclass(slots=True)
class Report:
    """What became of the learners: counts per day, and who finished when."""

    days: dict[date, DayCount] = field(default_factory=dict)
    finished: dict[str, date] = field(default_factory=dict)
    habits: Counter[str] = field(default_factory=Counter)

    def on(self, day: date) -> DayCount:
        """Return the counts of a day, to be added to."""
        return self.days.setdefault(day, DayCount())

    def lines(self) -> Iterator[str]:
        """Yield the report as text: a line a week, then the sums."""
        yield "week      pushes  answers  right  lessons  answers/day"
        ordered = sorted(self.days)
        for at in range(0, len(ordered), 7):
            week = [self.days[day] for day in ordered[at : at + 7]]
            answers, right = sum(day.answers for day in week), sum(day.right for day in week)
            share = f"{100 * right // answers}%" if answers else "-"
            yield (
                f"{ordered[at]}{sum(day.pushes for day in week):>7}{answers:>9}{share:>7}"
                f"{sum(day.lessons for day in week):>9}{answers / len(week):>13.1f}"
            )
        total = list(self.days.values())
        people = ", ".join(f"{count} {habit}" for habit, count in sorted(self.habits.items()))
        yield f"learners: {people}"
        yield (
            f"in all: {sum(day.pushes for day in total)} pushes, {sum(day.answers for day in total)} answers, "
            f"{sum(day.lessons for day in total)} lessons done, {len(self.finished)} reached the end"
        )
        if ordered:
            busiest = max(ordered, key=lambda day: self.days[day].answers)
            counts = self.days[busiest]
            yield f"busiest day: {busiest}, {counts.answers} answers, {counts.pushes} pushes, {counts.lessons} lessons"
        yield from (f"finished: {who} on {day}" for who, day in sorted(self.finished.items()))


@dataclass(slots=True)
class Person:
    """A simulated learner: presses what is offered, knows some of the answers, keeps a habit."""

    name: str
    habit: Habit
    language: Language
    zone: str
    track: str
    minutes: int
    rng: random.Random
    inbox: list[Message] = field(default_factory=list)
    presses: int = 0

    def comes(self, now: datetime) -> bool:
        """Whether they take up the phone today."""
        if self.habit == "weekend":
            return now.weekday() >= _SATURDAY
        if self.habit == "vanishing" and now - _START > _STAYS_FOR:
            return False
        return self.rng.random() < _SHOWS_UP


class Simulation:
    """A platform whose people are simulated; also the `Chat` that pushes go to."""

    platform = "playground"
    repeatable = True

    def __init__(self, study: Study, roadmap: Roadmap, *, learners: int, seed: int, track: str) -> None:
        self._study = study
        self._roadmap = roadmap
        rng = random.Random(seed)  # noqa: S311 - the whole point is that it can be repeated
        self.people = {
            f"learner-{number}": Person(
                name=f"learner-{number}",
                habit=_HABITS[number % len(_HABITS)],
                language=LANGUAGES[number % len(LANGUAGES)],
                zone=_ZONES[number % len(_ZONES)],
                track=track,
                minutes=rng.choice((60, 90, 120, 150)),
                rng=random.Random(rng.getrandbits(64)),  # noqa: S311 - the same
            )
            for number in range(learners)
        }
        self._questions = {
            (language, question.stem.in_(language).strip()): question
            for lesson in roadmap.lessons.values()
            for question in lesson.questions
            for language in LANGUAGES
        }
        self._now = _START
        self._key = 0
        self.report = Report(habits=Counter(person.habit for person in self.people.values()))

    async def push(self, chat: str, message: Message, *, key: str) -> Outcome:
        """Put a push into its person's inbox."""
        self.people[chat].inbox.append(message)
        self.report.on(self._now.date()).pushes += 1
        return Sent(key)

    async def run(self, days: int) -> Report:
        """Let everybody start, then turn the clock from push to push for `days` days."""
        for person in self.people.values():
            await self._begin(person)
        end = _START + timedelta(days=days)
        while (due := await self._study.next_due()) is not None and due < end:
            self._now = max(self._now, due)
            await self._study.tick(self._now, [self])
            for person in self.people.values():
                await self._read_pushes(person)
        return self.report

    async def _begin(self, person: Person) -> None:
        for body in (
            Command("start"),
            Press(f"track:{person.track}"),
            Press(f"min:{person.minutes}"),
            Press("days:127"),
            Press(f"zone:{person.zone}"),
            Press("hour:480"),
        ):
            said = await self._do(person, body)
        await self._study_on(person, said)

    async def _read_pushes(self, person: Person) -> None:
        messages, person.inbox = person.inbox, []
        if messages and person.comes(self._now):
            await self._study_on(person, messages)

    async def _study_on(self, person: Person, said: Sequence[Message]) -> None:
        """Press on until nothing is offered for today, or patience ends."""
        person.presses = 0
        while (body := self._next(person, said)) is not None and person.presses < _MOST_PRESSES_A_DAY:
            person.presses += 1
            said = await self._do(person, body)

    def _next(self, person: Person, said: Sequence[Message]) -> Body | None:
        for message in reversed(said):
            if message.entry is not None and message.entry.action.startswith("a:"):
                return Typed(self._answer(person, message, len(message.rows)), message.entry.action)
            offered = [button for row in message.rows for button in row if isinstance(button, Choice)]
            for verb in _ORDER:
                fitting = [choice for choice in offered if choice.action.split(":")[0] == verb]
                if fitting and verb == "a":
                    return Press(fitting[int(self._answer(person, message, len(fitting)))].action)
                if fitting:
                    return Press(fitting[0].action)
        return None

    def _answer(self, person: Person, message: Message, options: int) -> str:
        """Return the right answer as often as the person knows it, else a guess."""
        question = self._recognise(person.language, message.text)
        knows = question is not None and person.rng.random() < _KNOWS[person.habit]
        if isinstance(question, Numeric) or question is None:
            return str(question.answer_value()) if knows and isinstance(question, Numeric) else "-1"
        return str(self._place(question, message, person.language)) if knows else str(person.rng.randrange(options))

    def _recognise(self, language: Language, text: str) -> Question | None:
        stems = (part for part in text.split("\n\n"))
        found = (self._questions.get((language, stem)) for stem in stems)
        direct = next((question for question in found if question is not None), None)
        if direct is not None:
            return direct
        return next((q for (side, stem), q in self._questions.items() if side == language and stem in text), None)

    @staticmethod
    def _place(question: SingleChoice, message: Message, language: Language) -> int:
        """Return where the right option stands among those shown, on the buttons or in the text."""
        right = next(option.text.in_(language).strip() for option in question.options if option.correct)
        labels = [button.label for row in message.rows for button in row]
        if right in labels:
            return labels.index(right)
        shown = sorted(
            (message.text.find(f"  {option.text.in_(language).strip()}"), option.correct) for option in question.options
        )
        return next(place for place, (_, correct) in enumerate(shown) if correct)

    async def _do(self, person: Person, body: Body) -> Sequence[Message]:
        self._key += 1
        self._now += timedelta(seconds=1)
        account = Account(self.platform, person.name)
        said = await self._study.handle(
            Request(
                key=str(self._key),
                account=account,
                chat=person.name,
                private=True,
                body=body,
                home=person.name,
                locale=person.language,
                name=person.name,
                zone=person.zone,
            ),
            self._now,
        )
        await self._study.delivered(self.platform, str(self._key))
        self._count(person, body, said)
        return said

    def _count(self, person: Person, body: Body, said: Sequence[Message]) -> None:
        day = self.report.on(self._now.date())
        answered = (isinstance(body, Press) and body.action.startswith("a:")) or isinstance(body, Typed)
        if answered and said:
            day.answers += 1
            day.right += "✅" in said[0].text
        day.lessons += sum("🎉" in message.text for message in said)
        if any("🏁" in message.text for message in said):
            self.report.finished.setdefault(f"{person.name} ({person.habit})", self._now.date())
