"""The COMMANDS table: everything a person can ask for by name, on every platform, and what each does."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Final

from bot import __version__
from bot.core.language import LANGUAGES, Language, Text
from bot.core.message import Choice, Message
from bot.study import overview, preferences, presses
from bot.study import start as first
from bot.study import today as daily
from bot.study.visit import Visit
from bot.study.words import Markup

_CREDITED: Final = frozenset({"course", "video", "book", "blog", "tool"})
"""Kinds of resources that somebody made; habits and meeting places have no author to thank."""

_MAX_PAUSE_DAYS: Final = 365

CommandDoing = Callable[[Visit, str], Awaitable[list[Message]]]


@dataclass(frozen=True, slots=True)
class CommandRow:
    """A command: its name on the wire, its name and description for readers, what may follow it, and what it does."""

    name: str
    localized: Text
    description: Text
    does: CommandDoing
    argument: Text | None = None


async def start(visit: Visit, args: str) -> list[Message]:
    """Greet a newcomer, go on with the first conversation, or take a learner back to where they were."""
    del args
    if visit.learner.stage != "ready":
        return await first.greet(visit)
    name = Markup(visit.words.say("welcome-name", name=visit.name)) if visit.name else Markup("")
    back = Message(visit.words.say("back-again", name=name))
    if visit.learner.paused:
        await preferences.resume(visit)
    return [back, await daily.step(visit)]


async def today(visit: Visit, args: str) -> list[Message]:
    """Show what is next today; on a break, say so first."""
    del args
    note = [preferences.paused_note(visit, replaces=False)] if visit.learner.paused else []
    return [*note, await daily.step(visit)]


async def progress(visit: Visit, args: str) -> list[Message]:
    """Show how far the learner is."""
    del args
    return [await overview.progress(visit)]


async def roadmap(visit: Visit, args: str) -> list[Message]:
    """Show the road."""
    del args
    return [await overview.roadmap(visit)]


async def settings(visit: Visit, args: str) -> list[Message]:
    """Show the settings."""
    del args
    return [preferences.overview(visit)]


async def pause(visit: Visit, args: str) -> list[Message]:
    """Pause for the given number of days, or ask for how long."""
    wanted = args.strip()
    if not wanted:
        return [preferences.ask_pause(visit)]
    days = presses.whole_number(wanted, range(1, _MAX_PAUSE_DAYS + 1))
    if days is None:
        return [Message(visit.words.say("bad-pause"))]
    return [await preferences.pause(visit, days, replaces=False)]


async def resume(visit: Visit, args: str) -> list[Message]:
    """End a pause and go on."""
    del args
    return await presses.resume(visit, replaces=False)


async def resources(visit: Visit, args: str) -> list[Message]:
    """Show the resources."""
    del args
    return [overview.resources(visit, 0, replaces=False)]


async def language(visit: Visit, args: str) -> list[Message]:
    """Switch to the named language, or ask which."""
    wanted = args.strip().casefold()
    named = {"zh": "zh", "中文": "zh", "en": "en", "english": "en"}.get(wanted)
    if named is None:
        return [preferences.ask_language(visit, replaces=False)]
    return await presses.do_language(visit, (named,), "")


async def help_(visit: Visit, args: str) -> list[Message]:
    """Say what there is."""
    del args
    words = visit.words
    rows = (words.say("help-row", name=name, description=Markup(text)) for name, text in described(words.language))
    begun = visit.learner.stage == "ready"
    today_row = ((Choice(words.say("today-button"), "go", "primary"),),) if begun else ()
    return [Message(words.say("help", commands=Markup("\n".join(rows))), today_row)]


async def about(visit: Visit, args: str) -> list[Message]:
    """Credit the article, its author, and everyone whose course or book the road names."""
    del args
    words = visit.words
    rows = (
        "- "
        + words.say(
            "credit",
            name=Markup(resource.name.in_(words.language)),
            credit=Markup(resource.credit.in_(words.language)),
        )
        for resource in visit.roadmap.resources.values()
        if resource.id.startswith("R") and "." not in resource.id and resource.kind in _CREDITED
    )
    article = Markup(words.say("about-article"))
    return [Message(words.say("about", article=article, credits=Markup("\n".join(rows)), version=__version__))]


COMMANDS: Final[tuple[CommandRow, ...]] = (
    CommandRow(
        "start",
        Text("开始", "start"),
        Text("开始，或者接着上次继续", "Begin, or go on where you were"),
        start,
    ),
    CommandRow("today", Text("今天", "today"), Text("今天的一课", "Today's lesson"), today),
    CommandRow(
        "progress",
        Text("进度", "progress"),
        Text("走到哪儿了，什么时候学完", "How far you are, when you finish"),
        progress,
    ),
    CommandRow(
        "roadmap",
        Text("路线图", "roadmap"),
        Text("整条路和每一课", "The whole road and every lesson"),
        roadmap,
    ),
    CommandRow(
        "settings",
        Text("设置", "settings"),
        Text("语言、路线、时间、时区", "Language, track, time and zone"),
        settings,
    ),
    CommandRow(
        "pause",
        Text("暂停", "pause"),
        Text("歇一阵，连续天数替你留着", "Take a break; your streak waits"),
        pause,
        Text("天数，比如 7", "days, such as 7"),
    ),
    CommandRow("resume", Text("继续", "resume"), Text("歇好了，接着学", "Back from a break"), resume),
    CommandRow(
        "resources",
        Text("资料", "resources"),
        Text("文章里的课程、书和视频", "Courses, books and videos of the road"),
        resources,
    ),
    CommandRow("language", Text("语言", "language"), Text("中文或 English", "English or 中文"), language),
    CommandRow("help", Text("帮助", "help"), Text("我能做什么", "What I can do"), help_),
    CommandRow(
        "about",
        Text("关于", "about"),
        Text("路线和资料出自谁", "Who made the road and its resources"),
        about,
    ),
)

_BY_NAME: Final[Mapping[str, CommandRow]] = {
    alias: row for row in COMMANDS for alias in (row.name, *(row.localized.in_(language) for language in LANGUAGES))
}


def find(name: str) -> CommandRow | None:
    """Return the command of that name, in either language, None when there is none."""
    return _BY_NAME.get(name.casefold())


def described(language: Language) -> list[tuple[str, str]]:
    """Return name and description of every command."""
    return [(row.name, row.description.in_(language)) for row in COMMANDS]
