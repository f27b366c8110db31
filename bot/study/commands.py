"""The COMMANDS and ACTIONS tables: everything a person can ask for, on every platform."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Final

from bot.core.language import LANGUAGES, Language, Text
from bot.core.message import Message
from bot.study import doings
from bot.study.visit import Visit

CommandDoing = Callable[[Visit, str], Awaitable[list[Message]]]
ActionDoing = Callable[[Visit, tuple[str, ...], str], Awaitable[list[Message]]]


@dataclass(frozen=True, slots=True)
class CommandRow:
    """A command: its name on the wire, its name and description for readers, what may follow it, and what it does."""

    name: str
    localized: Text
    description: Text
    does: CommandDoing
    argument: Text | None = None


COMMANDS: Final[tuple[CommandRow, ...]] = (
    CommandRow(
        "start",
        Text("开始", "start"),
        Text("开始，或者接着上次继续", "Begin, or go on where you were"),
        doings.start,
    ),
    CommandRow("today", Text("今天", "today"), Text("今天的一课", "Today's lesson"), doings.today),
    CommandRow(
        "progress",
        Text("进度", "progress"),
        Text("走到哪儿了，几时学完", "How far you are, when you finish"),
        doings.progress,
    ),
    CommandRow(
        "roadmap",
        Text("路线图", "roadmap"),
        Text("整条路和每一课", "The whole road and every lesson"),
        doings.roadmap,
    ),
    CommandRow(
        "settings",
        Text("设置", "settings"),
        Text("语言、路线、时间、时区", "Language, track, time and zone"),
        doings.settings,
    ),
    CommandRow(
        "pause",
        Text("暂停", "pause"),
        Text("歇一阵，连续天数替你留着", "Take a break; your streak waits"),
        doings.pause,
        Text("天数，比如 7", "days, such as 7"),
    ),
    CommandRow("resume", Text("继续", "resume"), Text("歇好了，接着学", "Back from a break"), doings.resume),
    CommandRow(
        "resources",
        Text("资料", "resources"),
        Text("文章里的课程、书和视频", "Courses, books and videos of the road"),
        doings.resources,
    ),
    CommandRow("language", Text("语言", "language"), Text("中文或 English", "English or 中文"), doings.language),
    CommandRow("help", Text("帮助", "help"), Text("我能做什么", "What I can do"), doings.help_),
    CommandRow(
        "about",
        Text("关于", "about"),
        Text("路线和资料出自谁", "Who made the road and its resources"),
        doings.about,
    ),
)

_BY_NAME: Final[Mapping[str, CommandRow]] = {
    alias: row for row in COMMANDS for alias in (row.name, *(row.localized.in_(language) for language in LANGUAGES))
}

ACTIONS: Final[Mapping[str, ActionDoing]] = {
    "lang": doings.do_language,
    "track": doings.do_track,
    "branch": doings.do_branch,
    "min": doings.do_minutes,
    "fix": doings.do_fix,
    "days": doings.do_days,
    "pick": doings.do_pick,
    "zone": doings.do_zone,
    "hour": doings.do_hour,
    "set": doings.do_set,
    "pause": doings.do_pause,
    "resume": doings.do_resume,
    "go": doings.do_go,
    "more": doings.do_more,
    "lesson": doings.do_lesson,
    "read": doings.do_read,
    "quiz": doings.do_quiz,
    "did": doings.do_did,
    "a": doings.do_answer,
    "explain": doings.do_explain,
    "model": doings.do_model,
    "map": doings.do_map,
    "part": doings.do_part,
    "view": doings.do_view,
    "skip": doings.do_skip,
    "unskip": doings.do_unskip,
    "res": doings.do_resources,
}


def find(name: str) -> CommandRow | None:
    """Return the command of that name, in either language, None when there is none."""
    return _BY_NAME.get(name.casefold())


def described(language: Language) -> list[tuple[str, str]]:
    """Return name and description of every command."""
    return [(row.name, row.description.in_(language)) for row in COMMANDS]
