"""The ACTIONS table: everything a button can ask for, and what each does; typed answers come the same way."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from bot.core.actions import encode
from bot.core.language import LANGUAGES
from bot.core.learner import Stage
from bot.core.message import Choice, Message
from bot.core.roadmap import Lesson
from bot.study import overview, preferences
from bot.study import start as first
from bot.study import today as daily
from bot.study.asking import ask_of_lesson, complete, take
from bot.study.truth import truth
from bot.study.visit import Visit
from bot.study.words import Markup

_MINUTES: Final = range(5, 601)
_DAYS: Final = range(1, 128)
_MINUTES_OF_DAY: Final = range(24 * 60)
_MAX_PAUSE_DAYS: Final = 365

Args = tuple[str, ...]
ActionDoing = Callable[[Visit, Args, str], Awaitable[list[Message]]]


async def do_language(visit: Visit, args: Args, typed: str) -> list[Message]:
    """Speak the chosen language; in the first conversation the question is asked again in it."""
    del typed
    chosen = next((known for known in LANGUAGES if args and args[0] == known), None)
    if chosen is None:
        return [_old(visit)]
    await preferences.set_language(visit, chosen)
    if visit.learner.stage != "ready":
        return [await first.question(visit, replaces=True)]
    return [
        Message(visit.words.say("language-set"), ((Choice(visit.words.say("today-button"), "go"),),), replaces=True)
    ]


async def do_track(visit: Visit, args: Args, typed: str) -> list[Message]:
    """Choose a track."""
    del typed
    chosen = next((track for track in visit.roadmap.outline.tracks if args and track.id == args[0]), None)
    if chosen is None:
        return [_old(visit)]
    return await _settle(visit, "minutes", track=chosen.id)


async def do_branch(visit: Visit, args: Args, typed: str) -> list[Message]:
    """Choose a branch."""
    del typed
    chosen = next((branch for branch in visit.roadmap.outline.branches if args and branch.id == args[0]), None)
    if chosen is None or visit.learner.stage != "ready":
        return [_old(visit)]
    return [await preferences.changed(visit, branch=chosen.id)]


async def do_minutes(visit: Visit, args: Args, typed: str) -> list[Message]:
    """Choose the minutes a day."""
    del typed
    minutes = whole_number(_first(args), _MINUTES)
    return [_old(visit)] if minutes is None else await _settle(visit, "days", minutes_a_day=minutes)


async def do_fix(visit: Visit, args: Args, typed: str) -> list[Message]:
    """Take the minutes a day that would fit."""
    del typed
    minutes = whole_number(_first(args), _MINUTES)
    if minutes is None or visit.learner.stage != "ready":
        return [_old(visit)]
    return [await preferences.changed(visit, minutes_a_day=minutes)]


async def do_days(visit: Visit, args: Args, typed: str) -> list[Message]:
    """Choose the study days."""
    del typed
    number = whole_number(_first(args), _DAYS)
    return [_old(visit)] if number is None else await _settle(visit, "zone", weekdays=first.unmask(number))


async def do_pick(visit: Visit, args: Args, typed: str) -> list[Message]:
    """Switch single days on and off."""
    del typed
    number = whole_number(_first(args), range(128))
    return [_old(visit)] if number is None else [first.pick_days(visit, first.unmask(number))]


async def do_zone(visit: Visit, args: Args, typed: str) -> list[Message]:
    """Choose the zone by button, or by what was typed."""
    wanted = typed or _first(args)
    zone = first.read_zone(wanted)
    if zone is None:
        return (
            [_ask_again(visit, first.ask_zone(visit, replaces=False), "zone-unknown", wanted)]
            if wanted
            else [_old(visit)]
        )
    return await _settle(visit, "hour", zone=zone)


async def do_hour(visit: Visit, args: Args, typed: str) -> list[Message]:
    """Choose the hour of the push by button, or by what was typed; that ends the first conversation."""
    minute = first.read_hour(typed) if typed else whole_number(_first(args), _MINUTES_OF_DAY)
    if minute is None:
        return (
            [_ask_again(visit, first.ask_hour(visit, replaces=False), "hour-unknown", typed)]
            if typed
            else [_old(visit)]
        )
    if visit.learner.stage == "ready":
        return [await preferences.changed(visit, push_minute=minute)]
    if visit.learner.stage != "hour":
        return [await first.question(visit, replaces=True)]
    await visit.change(push_minute=minute)
    await first.begin(visit)
    return [await truth(visit, replaces=True, onward=False), await daily.step(visit)]


async def do_set(visit: Visit, args: Args, typed: str) -> list[Message]:
    """Ask for one setting."""
    del typed
    if visit.learner.stage != "ready":
        return [await first.question(visit, replaces=True)]
    return [await preferences.choose(visit, _first(args))]


async def do_pause(visit: Visit, args: Args, typed: str) -> list[Message]:
    """Pause for the chosen number of days."""
    del typed
    days = whole_number(_first(args), range(_MAX_PAUSE_DAYS + 1))
    return [_old(visit)] if days is None else [await preferences.pause(visit, days)]


async def do_resume(visit: Visit, args: Args, typed: str) -> list[Message]:
    """End a pause."""
    del args, typed
    return await resume(visit, replaces=True)


async def do_go(visit: Visit, args: Args, typed: str) -> list[Message]:
    """Show what is next today."""
    del args, typed
    return [await daily.step(visit)]


async def do_more(visit: Visit, args: Args, typed: str) -> list[Message]:
    """Go on although today's share is done."""
    del args, typed
    return [await daily.step(visit, more=True)]


async def do_lesson(visit: Visit, args: Args, typed: str) -> list[Message]:
    """Open a lesson."""
    del typed
    lesson = _lesson(visit, args)
    return [await daily.lesson_card(visit, lesson)] if lesson else [Message(visit.words.say("no-lesson"))]


async def do_read(visit: Visit, args: Args, typed: str) -> list[Message]:
    """Show the example and the reading of a lesson."""
    del typed
    lesson = _lesson(visit, args)
    return [await daily.reading_card(visit, lesson)] if lesson else [Message(visit.words.say("no-lesson"))]


async def do_quiz(visit: Visit, args: Args, typed: str) -> list[Message]:
    """Put the next question of a lesson."""
    del typed
    lesson = _lesson(visit, args)
    if lesson is None:
        return [Message(visit.words.say("no-lesson"))]
    if not lesson.questions:
        return [await daily.lesson_card(visit, lesson)]
    if (question := await ask_of_lesson(visit, lesson)) is not None:
        return [question]
    await complete(visit, lesson)  # the one that was still open may have been withdrawn meanwhile
    return [await daily.finished(visit, lesson)]


async def do_did(visit: Visit, args: Args, typed: str) -> list[Message]:
    """Take the learner's word for a lesson that has no questions."""
    del typed
    lesson = _lesson(visit, args)
    if lesson is None or lesson.questions:
        return [_old(visit)]
    if lesson.id not in (await visit.passed()).done:
        await visit.note("answered", lesson.id, correct=True, purpose="word")
        await visit.note("done", lesson.id)
    return [await daily.finished(visit, lesson)]


async def do_answer(visit: Visit, args: Args, typed: str) -> list[Message]:
    """Take an answer, explain it at once, and go on: with the lesson, or after recall with the day."""
    reply = typed or (args[1] if len(args) > 1 else "")
    said, lesson, recorded = await take(visit, _first(args), reply)
    if not recorded:
        return [said]
    return [said, await (daily.after_answer(visit, lesson) if lesson else daily.step(visit))]


async def do_explain(visit: Visit, args: Args, typed: str) -> list[Message]:
    """Ask for the idea in one line."""
    del typed
    lesson = _lesson(visit, args)
    if lesson is None or lesson.explain is None:
        return [_old(visit)]
    words = visit.words
    text = words.say("explain", prompt=Markup(lesson.explain.prompt.in_(words.language).strip()))
    return [Message(text, ((Choice(words.say("explain-show"), encode("model", lesson.id)),),))]


async def do_model(visit: Visit, args: Args, typed: str) -> list[Message]:
    """Show a good answer to compare with."""
    del typed
    lesson = _lesson(visit, args)
    if lesson is None or lesson.explain is None:
        return [_old(visit)]
    prompt, model = (text.in_(visit.words.language).strip() for text in (lesson.explain.prompt, lesson.explain.model))
    shown = visit.words.say("explain-model", prompt=Markup(prompt), model=Markup(model.replace("\n", "\n> ")))
    return [Message(shown, ((Choice(visit.words.say("today-button"), "go"),),), replaces=True)]


async def do_map(visit: Visit, args: Args, typed: str) -> list[Message]:
    """Show the road in place of the pressed message."""
    del args, typed
    return [await overview.roadmap(visit, replaces=True)]


async def do_part(visit: Visit, args: Args, typed: str) -> list[Message]:
    """Show a page of a part."""
    del typed
    return [
        await overview.part_page(visit, _first(args), whole_number(args[1] if len(args) > 1 else "", range(1000)) or 0)
    ]


async def do_view(visit: Visit, args: Args, typed: str) -> list[Message]:
    """Show what a lesson is about."""
    del typed
    lesson = _lesson(visit, args)
    return [await overview.lesson_view(visit, lesson) if lesson else Message(visit.words.say("no-lesson"))]


async def do_skip(visit: Visit, args: Args, typed: str) -> list[Message]:
    """Take a lesson out of the plan without calling it done."""
    del typed
    lesson = _lesson(visit, args)
    behind = await visit.passed()
    if lesson is None or lesson.id in behind.done:
        return [_old(visit)]
    if lesson.id not in behind.skipped:
        await visit.note("skipped", lesson.id)
    return [_skipped(visit, lesson, "skipped")]


async def do_unskip(visit: Visit, args: Args, typed: str) -> list[Message]:
    """Put a skipped lesson back."""
    del typed
    lesson = _lesson(visit, args)
    if lesson is None:
        return [_old(visit)]
    if lesson.id in (await visit.passed()).skipped:
        await visit.note("unskipped", lesson.id)
    return [_skipped(visit, lesson, "unskipped")]


async def do_resources(visit: Visit, args: Args, typed: str) -> list[Message]:
    """Turn the pages of the resources."""
    del typed
    return [overview.resources(visit, whole_number(_first(args), range(1000)) or 0, replaces=True)]


async def _settle(visit: Visit, following: Stage, **values: object) -> list[Message]:
    """Keep a setting: in the first conversation go on to the next question, later tell the truth about the plan."""
    if visit.learner.stage == "ready":
        return [await preferences.changed(visit, **values)]
    order: tuple[Stage, ...] = ("track", "minutes", "days", "zone", "hour")
    if order.index(following) > order.index(visit.learner.stage) + 1:
        return [await first.question(visit, replaces=True)]  # a question that was not put yet: the button is forged
    await visit.change(**values)
    # An old button of this conversation changes its setting, but never takes the conversation back.
    stage = max(following, visit.learner.stage, key=order.index)
    return await first.advance(visit, stage)


async def resume(visit: Visit, *, replaces: bool) -> list[Message]:
    """End a pause and go on; say so when there was none."""
    if not visit.learner.paused:
        return [Message(visit.words.say("not-paused"), replaces=replaces)]
    await preferences.resume(visit)
    return [Message(visit.words.say("resumed"), replaces=replaces), await daily.step(visit)]


def _skipped(visit: Visit, lesson: Lesson, key: str) -> Message:
    words = visit.words
    undo, label = ("unskip", "view-unskip") if key == "skipped" else ("skip", "view-skip")
    rows = (
        (Choice(words.say(label), encode(undo, lesson.id)), Choice(words.say("road-button"), "map")),
        (Choice(words.say("go-button"), "go", "primary"),),
    )
    return Message(words.say(key, title=Markup(lesson.title.in_(words.language))), rows, replaces=True)


def _ask_again(visit: Visit, asked: Message, key: str, typed: str) -> Message:
    """Say kindly that what was typed means nothing here, with the question's own buttons."""
    limit = 40
    one_line = " ".join(typed.split())
    shown = one_line if len(one_line) <= limit else one_line[:limit] + "…"
    return Message(visit.words.say(key, typed=shown), asked.rows, entry=asked.entry)


def _old(visit: Visit) -> Message:
    return Message(visit.words.say("old-button"), ((Choice(visit.words.say("today-button"), "go"),),))


def _lesson(visit: Visit, args: Args) -> Lesson | None:
    return visit.lesson(_first(args))


def _first(args: Args) -> str:
    return args[0] if args else ""


def whole_number(text: str, allowed: range) -> int | None:
    """Return a plain decimal number in a range, None for anything else."""
    if not (text.isascii() and text.isdecimal() and len(text) <= 6):  # noqa: PLR2004 - no number here is longer
        return None
    return int(text) if int(text) in allowed else None


ACTIONS: Final[Mapping[str, ActionDoing]] = {
    "lang": do_language,
    "track": do_track,
    "branch": do_branch,
    "min": do_minutes,
    "fix": do_fix,
    "days": do_days,
    "pick": do_pick,
    "zone": do_zone,
    "hour": do_hour,
    "set": do_set,
    "pause": do_pause,
    "resume": do_resume,
    "go": do_go,
    "more": do_more,
    "lesson": do_lesson,
    "read": do_read,
    "quiz": do_quiz,
    "did": do_did,
    "a": do_answer,
    "explain": do_explain,
    "model": do_model,
    "map": do_map,
    "part": do_part,
    "view": do_view,
    "skip": do_skip,
    "unskip": do_unskip,
    "res": do_resources,
}
