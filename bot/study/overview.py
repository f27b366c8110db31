"""Where am I: progress, the road with its lessons, and the resources it names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.core.actions import encode
from bot.core.message import Button, Choice, Message, Tone
from bot.core.plan import Stop, nth_study_day
from bot.core.progress import PartProgress, Passed, parts, percent, planned_days, streak, study_days
from bot.core.roadmap import Lesson, Resource
from bot.study.visit import Visit
from bot.study.words import Markup

_BAR: Final = 10
_PAGE: Final = 8
_RESOURCES_A_PAGE: Final = 5
_DAYS_FOR_A_PACE: Final = 3


def bar(done: int, of: int) -> str:
    """Return a bar of ten: filled by share, but never empty once begun and never full before the end."""
    if of == 0 or done == 0:
        return "░" * _BAR
    filled = min(max(1, done * _BAR // of), _BAR if done >= of else _BAR - 1)
    return "▓" * filled + "░" * (_BAR - filled)


async def progress(visit: Visit) -> Message:
    """Return days done against plan, the finish date by plan and at the present pace, the streak, a bar per part."""
    words, language = visit.words, visit.words.language
    history, behind, stops = await visit.history(), await visit.passed(), visit.stops()
    all_parts = parts(stops, behind)
    titles = {part.id: part.title.in_(language) for part in visit.roadmap.outline.parts}
    lines = [words.say("progress-head", track=Markup(visit.track.title.in_(language))), ""]
    lines.extend(_part_line(visit, part, titles[part.part]) for part in all_parts)
    done, of = (sum(getattr(part, name) for part in all_parts) for name in ("done", "of"))
    lines += ["", words.say("progress-lessons", done=done, of=of, percent=percent(all_parts))]
    if behind.skipped:
        lines.append(words.say("progress-skipped", skipped=len(behind.skipped)))
    planned, studied = planned_days(history, visit.today), len(study_days(history))
    lines.append(words.say("progress-days", studied=studied, planned=planned))
    if row := streak(history, visit.today):
        lines.append(words.say("progress-streak", streak=row))
    lines.extend(await _finish(visit, stops, behind, planned))
    rows = ((Choice(words.say("today-button"), "go", "primary"), Choice(words.say("roadmap-button"), "map")),)
    return Message("\n".join(lines), rows)


def _part_line(visit: Visit, part: PartProgress, title: str) -> str:
    return visit.words.say(
        "progress-part",
        title=Markup(title),
        bar=bar(part.minutes_done, part.minutes_of),
        done=part.done,
        of=part.of,
    )


async def _finish(visit: Visit, stops: Sequence[Stop], behind: Passed, planned: int) -> list[str]:
    words = visit.words
    left = await visit.left()
    if not left:
        return [words.say("progress-finished")]
    plan = await visit.forecast()
    lines = [words.say("progress-finish-about" if plan.estimated else "progress-finish", finish=plan.finish)]
    done = sum(stop.minutes for stop in stops if stop.lesson in behind.done)
    studied = len(study_days(await visit.history()))
    if studied >= _DAYS_FOR_A_PACE and done:
        days = max(1, -(-plan.minutes * max(planned, studied) // done))
        finish = nth_study_day(await visit.first_day(), days, visit.learner.weekdays)
        lines.append(words.say("progress-pace", finish=finish))
    return lines


async def roadmap(visit: Visit, *, replaces: bool = False) -> Message:
    """Return the road: its parts with bars, and a button into each."""
    words, language = visit.words, visit.words.language
    behind = await visit.passed()
    left = [stop for stop in await visit.left() if not stop.rest]
    lines = [words.say("road-head", track=Markup(visit.track.title.in_(language)))]
    buttons: list[tuple[Button, ...]] = []
    by_id = {part.part: part for part in parts(visit.stops(), behind)}
    for part in visit.roadmap.outline.parts:
        if (state := by_id.get(part.id)) is None:
            continue
        here = " 📍" if left and left[0].part == part.id else ""
        lines.append(_part_line(visit, state, part.title.in_(language) + here))
        if (
            visit.track.id == visit.roadmap.outline.tracks[0].id
        ):  # the parts are described as the longest track walks them
            lines.append(f"> {part.summary.in_(language).strip()}")
        tone: Tone = "primary" if here else "plain"
        buttons.append(
            (Choice(part.title.in_(language), encode("part", part.id, _page_of(visit, part.id, left)), tone),)
        )
    if left:
        current = visit.roadmap.lessons[left[0].lesson]
        lines.append(words.say("road-here", title=Markup(current.title.in_(language))))
        buttons.append((Choice(words.say("go-button"), encode("lesson", current.id), "good"),))
    return Message("\n\n".join(lines), tuple(buttons), replaces=replaces)


def _page_of(visit: Visit, part: str, left: Sequence[Stop]) -> int:
    """Return the page of a part on which the learner's current lesson stands, else the first."""
    if not left or left[0].part != part:
        return 0
    lessons = _lessons_of(visit, part)
    return lessons.index(left[0].lesson) // _PAGE


def _lessons_of(visit: Visit, part: str) -> list[str]:
    return [stop.lesson for stop in visit.stops() if stop.part == part and not stop.rest]


async def part_page(visit: Visit, part_id: str, page: int) -> Message:
    """Return one page of a part's lessons with their marks, a button each."""
    words, language = visit.words, visit.words.language
    part = next((part for part in visit.roadmap.outline.parts if part.id == part_id), None)
    lessons = _lessons_of(visit, part_id)
    if part is None or not lessons:
        return await roadmap(visit, replaces=True)
    pages = -(-len(lessons) // _PAGE)
    page = min(max(page, 0), pages - 1)
    behind = await visit.passed()
    left = [stop.lesson for stop in await visit.left() if not stop.rest]
    current = left[0] if left else ""
    lines, buttons = [], []
    for number, lesson_id in enumerate(lessons[page * _PAGE : (page + 1) * _PAGE], start=page * _PAGE + 1):
        lesson = visit.roadmap.lessons[lesson_id]
        lines.append(f"{_mark(lesson_id, behind, current)} {number}. {lesson.title.in_(language)}")
        buttons.append(Choice(str(number), encode("view", lesson_id), "primary" if lesson_id == current else "plain"))
    head = words.say("part-head", title=Markup(part.title.in_(language)), page=page + 1, pages=pages)
    legend = words.say("part-legend")
    rows: list[tuple[Button, ...]] = [tuple(buttons[at : at + 4]) for at in range(0, len(buttons), 4)]
    turn: list[Button] = []
    if page > 0:
        turn.append(Choice(words.say("page-back"), encode("part", part_id, page - 1)))
    turn.append(Choice(words.say("road-button"), "map"))
    if page < pages - 1:
        turn.append(Choice(words.say("page-on"), encode("part", part_id, page + 1)))
    return Message("\n\n".join([head, "\n".join(lines), legend]), (*rows, tuple(turn)), replaces=True)


def _mark(lesson_id: str, behind: Passed, current: str) -> str:
    if lesson_id in behind.done:
        return "✅"
    if lesson_id in behind.skipped:
        return "⏭"
    return "📍" if lesson_id == current else "▫️"


async def lesson_view(visit: Visit, lesson: Lesson) -> Message:
    """Return what a lesson is about, with buttons to open it, to skip it or to take a skip back."""
    words, language = visit.words, visit.words.language
    behind = await visit.passed()
    part = next((stop.part for stop in visit.stops() if stop.lesson == lesson.id), "")
    minutes = sum((lesson.reading_minutes, lesson.practice_minutes))
    shown = words.say("minutes-about" if lesson.estimated else "minutes-exact", minutes=minutes)
    lines = [
        words.say(
            "view-head",
            mark=_mark(lesson.id, behind, ""),
            title=Markup(lesson.title.in_(language)),
            minutes=shown,
        )
    ]
    if lesson.goal:
        lines.append(words.say("lesson-goal", goal=Markup(lesson.goal.in_(language))))
    lines.extend(
        gate.text.in_(language)
        for gate in visit.roadmap.outline.gates
        if lesson.id in gate.lessons and _applies(visit, gate.tracks)
    )
    buttons: list[Button] = [Choice(words.say("view-open"), encode("lesson", lesson.id), "primary")]
    if lesson.id in behind.skipped:
        buttons.append(Choice(words.say("view-unskip"), encode("unskip", lesson.id)))
    elif lesson.id not in behind.done and part:
        buttons.append(Choice(words.say("view-skip"), encode("skip", lesson.id)))
    back = (
        (Choice(words.say("view-back"), encode("part", part, _page_with(visit, part, lesson.id))),)
        if part
        else (Choice(words.say("road-button"), "map"),)
    )
    return Message("\n\n".join(lines), (tuple(buttons), back), replaces=True)


def _applies(visit: Visit, tracks: Sequence[str]) -> bool:
    return not tracks or visit.track.id in tracks


def _page_with(visit: Visit, part: str, lesson_id: str) -> int:
    return _lessons_of(visit, part).index(lesson_id) // _PAGE


def resources(visit: Visit, page: int, *, replaces: bool) -> Message:
    """Return one page of the article's resources in its own order, with their mirrors and what became of them."""
    words = visit.words
    listed = [resource for resource in visit.roadmap.resources.values() if resource.id.startswith("R")]
    pages = max(1, -(-len(listed) // _RESOURCES_A_PAGE))
    page = min(max(page, 0), pages - 1)
    shown = listed[page * _RESOURCES_A_PAGE : (page + 1) * _RESOURCES_A_PAGE]
    lines = [
        words.say("resources-head", page=page + 1, pages=pages),
        *(_resource(visit, resource) for resource in shown),
    ]
    turn: list[Button] = []
    if page > 0:
        turn.append(Choice(words.say("page-back"), encode("res", page - 1)))
    if page < pages - 1:
        turn.append(Choice(words.say("page-on"), encode("res", page + 1)))
    return Message("\n\n".join(lines), (tuple(turn),) if turn else (), replaces=replaces)


def _resource(visit: Visit, resource: Resource) -> str:
    words, language = visit.words, visit.words.language
    lines = [
        words.say(
            "resource",
            name=Markup(resource.name.in_(language)),
            role=Markup(resource.role.in_(language)),
        )
    ]
    links = list(resource.links_for(language))[:3]
    lines.extend(
        words.say("reading-link", label=Markup(link.label.in_(language)), url=Markup(link.url)) for link in links
    )
    lines.append(words.say("resource-note", note=Markup(resource.note.in_(language).strip()), checked=resource.checked))
    return "\n".join(lines)
