"""A study that needs no store: it says back what it hears, teaches one small lesson and pushes once a day."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.core.language import Language, Text, guess_language
from bot.core.markdown import escape
from bot.core.message import Choice, Entry, Link, Message, Picture
from bot.study.chat import Chat, Outcome
from bot.study.desk import MenuRow
from bot.study.requests import Command, Press, Request, Typed
from tests.platforms.echo import EchoStudy

DAY = timedelta(days=1)

MENU = (
    MenuRow("start", Text("开始", "start"), Text("认识学伴，选一条路线", "Meet your buddy, choose a track")),
    MenuRow("today", Text("今天", "today"), Text("今天的一课", "Today's lesson")),
    MenuRow("progress", Text("进度", "progress"), Text("走到哪里了", "How far you have come")),
    MenuRow("note", Text("笔记", "note"), Text("记一笔", "Keep a note"), Text("要记的话", "the words to keep")),
)

WELCOME = Text(
    """**你好，小明！** 我是学伴。

每天一小步：一个想法、一个例子、三个问题。

- 大约 20 分钟
- 忙的时候，用五分钟的短版
- 忘了的，会在合适的日子再问

> 不积跬步，无以至千里。

从 [路线图](https://example.org/roadmap) 开始，还是先试一题？""",
    """**Hello!** I am your study buddy.

One small step a day: one idea, one example, three questions.

- about 20 minutes
- on a busy day, a five-minute version
- what you forget comes back on the right day

> A journey of a thousand miles begins beneath one's feet.

Begin with [the roadmap](https://example.org/roadmap), or try a question first?""",
)

LESSON = Text(
    """**梯度下降** · 第 3 天

沿着坡度最陡的方向往下走一小步，再看一次坡度。步长 `α` 太大会越过谷底，太小则走得很慢。

```python
for _ in range(100):
    theta -= alpha * gradient(theta)
```

`θ₀ = 5`，`α = 0.1`，`J(θ) = (θ − 3)²`：走一步以后 θ 是多少？""",
    """**Gradient descent** · day 3

Take a small step down the steepest slope, then look at the slope again. With a step `α` too large you
jump over the valley; too small, and it takes for ever.

```python
for _ in range(100):
    theta -= alpha * gradient(theta)
```

`θ₀ = 5`, `α = 0.1`, `J(θ) = (θ − 3)²`: where is θ after one step?""",
)

FEEDBACK = Text("**对。** 坡度是 2·(5 − 3) = 4，所以 θ₁ = 5 − 0.1·4 = `4.6`。", "**Right.** θ₁ = 5 − 0.1·4 = `4.6`.")
MISS = Text("**还差一点。** 减号：要往下走，不是往上。", "**Not quite.** Mind the sign: we go down, not up.")
ASKING = Text("用一句话说说：为什么要减去梯度？", "In one line: why do we subtract the gradient?")
HINT = Text("因为……", "Because …")


@dataclass
class Due:
    """A message that comes by itself."""

    at: datetime
    chat: str
    message: Message
    key: str


class LessonStudy(EchoStudy):
    """Remembers what it was asked, so that tests can look.

    Attributes:
        moments: the turned time of every request.
        ticks: the turned time of every tick.
        due: what comes by itself, and when next.
        every: how much later the same comes again.
        answers: what a press leads to, before all else.
        outcomes: what became of the pushes.
        broken: whether everything fails.
    """

    def __init__(self) -> None:
        super().__init__()
        self.rows = MENU
        self.script = self.answer
        self.moments: list[datetime] = []
        self.ticks: list[datetime] = []
        self.due: list[Due] = []
        self.every = DAY
        self.answers: dict[str, tuple[Message, ...]] = {}
        self.outcomes: list[Outcome] = []
        self.broken = False

    async def handle(self, request: Request, now: datetime) -> tuple[Message, ...]:
        """Answer at a moment."""
        if self.broken:
            raise RuntimeError("the store is out of reach")
        self.moments.append(now)
        return await super().handle(request, now)

    def answer(self, request: Request) -> tuple[Message, ...]:
        """Answer by the kind of body."""
        language = guess_language(request.locale)
        match request.body:
            case Command("start"):
                eight = self.moments[-1].replace(hour=7, minute=0, second=0, microsecond=0)
                self.due.append(Due(eight + DAY, request.chat, lesson(language), f"day.{request.chat}"))
                return (welcome(language),)
            case Command("today"):
                return (lesson(language),)
            case Command("progress"):
                return (Message(escape("▰▰▰▱▱ 3/5"), picture=Picture(png(960, 420), "3 of 5 days")),)
            case Command(name, args):
                return (Message(escape(f"{name}({args})")),)
            case Press(action):
                return self.answers.get(action) or press(action, language)
            case Typed(text):
                return (Message(f"“{escape(text)}”"),)

    async def next_due(self) -> datetime | None:
        """Return the next push of anybody."""
        return min((due.at for due in self.due), default=None)

    async def tick(self, now: datetime, chats: Sequence[Chat]) -> int:
        """Push what is due and plan the same for later."""
        self.ticks.append(now)
        if self.broken:
            raise RuntimeError("the store is out of reach")
        due = [each for each in self.due if each.at <= now]
        for each in due:
            number = each.at.strftime("%Y%m%d%H%M")
            self.outcomes.append(await chats[0].push(each.chat, each.message, key=f"{each.key}.{number}"))
            each.at += self.every
        return len(due)


def welcome(language: Language) -> Message:
    """Return a message with every kind of markup and button."""
    labels = Text("先试一题", "Try a question").in_(language), Text("只给我看", "Just for me").in_(language)
    rows = (
        (Choice(labels[0], "try", "primary"), Choice(labels[1], "private")),
        (Link(Text("打开课程主页", "Open the course page").in_(language), "https://example.org/course"),),
    )
    return Message(WELCOME.in_(language), rows)


def lesson(language: Language) -> Message:
    """Return a question with three options."""
    return Message(
        LESSON.in_(language),
        ((Choice("4.6", "answer:right"), Choice("5.4", "answer:wrong"), Choice("4.96", "answer:wrong")),),
    )


def press(action: str, language: Language) -> tuple[Message, ...]:
    """Return what a button of the messages above leads to."""
    good = Choice(Text("继续", "Go on").in_(language), "explain", "good")
    bad = Choice(Text("再想想", "Think again").in_(language), "try", "bad")
    match action:
        case "try":
            return (lesson(language),)
        case "answer:right":
            return (Message(f"{LESSON.in_(language)}\n\n{FEEDBACK.in_(language)}", ((good,),), replaces=True),)
        case "answer:wrong":
            return (Message(f"{LESSON.in_(language)}\n\n{MISS.in_(language)}", ((bad, good),), replaces=True),)
        case "explain":
            entry = Entry("explain", "Answer", ASKING.in_(language), HINT.in_(language))
            return (Message(ASKING.in_(language), entry=entry),)
        case "private":
            return (Message(Text("这句话只有你看得到。", "Nobody else sees this.").in_(language), private=True),)
    return (Message(escape(action)),)


def png(width: int, height: int) -> bytes:
    """Return a small picture: a diagonal of warm colours."""
    rows = b"".join(
        b"\0" + b"".join(bytes((246 - x * 90 // width, 220 - y * 100 // height, 190)) for x in range(width))
        for y in range(height)
    )

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def at(day: int, hour: int = 12) -> datetime:
    """Return a moment of May 2026."""
    return datetime(2026, 5, day, hour, tzinfo=UTC)
