"""Today: a due recall question or two, then one lesson with its resource, then its questions; done by answering."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from bot.core.actions import encode
from bot.core.history import Entry
from bot.core.message import Button, Choice, Link, Message
from bot.core.plan import OWN_MINUTES, Stop, fits_today
from bot.core.progress import minutes_done_on, rests
from bot.core.roadmap import Lesson, Reading, ResourceLink
from bot.study.asking import ask_of_lesson, ask_recall
from bot.study.visit import Visit
from bot.study.words import Markup

RECALLS_A_DAY: Final = 2
_LINKS: Final = 2


async def step(visit: Visit, *, more: bool = False, note: bool = True) -> Message:
    """Return what the learner should see next today.

    Args:
        visit: the learner's visit.
        more: they asked to go on although today's share is done, or today is a rest day.
        note: write into the log that the lesson was opened; a push does so only once it arrived.
    """
    if (question := await ask_recall(visit, RECALLS_A_DAY)) is not None:
        return question
    left = await visit.left()
    if not left:
        return Message(visit.words.say("road-done", track=Markup(visit.track.title.in_(visit.words.language))))
    if (rest := await _rest(visit, left[0], more=more)) is not None:
        return rest
    lessons = [stop for stop in left if not stop.rest]
    spent = minutes_done_on(await visit.history(), visit.today, visit.stops())
    if spent and not more and not fits_today(spent, lessons[0], visit.learner.minutes_a_day):
        return await _enough(visit, lessons[0])
    lesson = visit.roadmap.lessons[lessons[0].lesson]
    if any(entry.subject == lesson.id and entry.study_day < visit.today for entry in await _openings(visit)):
        return await still_open(visit, lesson)
    return await lesson_card(visit, lesson, note=note)


async def _openings(visit: Visit) -> list[Entry]:
    return [entry for entry in await visit.history() if entry.kind == "opened"]


async def still_open(visit: Visit, lesson: Lesson) -> Message:
    """Return the way back into a lesson begun on an earlier day: not the whole card again, but a door to each half."""
    words = visit.words
    parts = [_head(visit, lesson), words.say("still-open")]
    if lesson.goal:
        parts.insert(1, words.say("lesson-goal", goal=Markup(lesson.goal.in_(words.language))))
    first = [Choice(words.say("from-the-top-button"), encode("lesson", lesson.id))]
    if lesson.idea:
        first.append(Choice(words.say("reading-button"), encode("read", lesson.id)))
    pause = Choice(words.say("pause-button"), encode("set", "pause"))
    return Message("\n\n".join(parts), (tuple(first), (_last_button(visit, lesson),), (pause,)))


async def _rest(visit: Visit, stop: Stop, *, more: bool) -> Message | None:
    """Return the rest day's message when the track rests today, and note that the day was taken."""
    taken = rests(await visit.history())
    if stop.rest:
        await visit.note("rested", str(stop.place))
    elif visit.today not in taken.values():
        return None
    if more:
        return None
    words = visit.words
    return Message(words.say("rest-day"), ((Choice(words.say("go-on-button"), "more"),),))


async def _enough(visit: Visit, following: Stop) -> Message:
    words = visit.words
    title = Markup(visit.roadmap.lessons[following.lesson].title.in_(words.language))
    parts = [words.say("enough-today", next=title), *_see_you(visit)]
    return Message("\n\n".join(parts), ((Choice(words.say("go-on-button"), "more"),),))


def _see_you(visit: Visit) -> list[str]:
    """Return when the next push comes, nothing when none is planned."""
    upcoming = visit.push_on_or_after(visit.today + timedelta(days=1))  # today's share is done: nothing more comes
    if upcoming is None or visit.learner.paused:
        return []
    return [visit.words.say("see-you", when=Markup(_when(visit, upcoming.astimezone(visit.zone))))]


def _when(visit: Visit, local: datetime) -> str:
    words, ahead = visit.words, (local.date() - visit.local.date()).days
    if ahead > 1:
        return words.say("when", day=Markup(words.near_date(local.date())), clock=words.clock(local))
    return words.say("when-tomorrow" if ahead else "when-today", clock=words.clock(local))


async def lesson_card(visit: Visit, lesson: Lesson, *, note: bool = True) -> Message:
    """Return the first half of a lesson: where we are, the goal, why it matters, and the idea."""
    words, language = visit.words, visit.words.language
    if note and lesson.id not in {entry.subject for entry in await _openings(visit)}:
        await visit.note("opened", lesson.id)
    parts = [_head(visit, lesson)]
    if lesson.goal:
        parts.append(words.say("lesson-goal", goal=Markup(lesson.goal.in_(language))))
    if lesson.why:
        parts.append(lesson.why.in_(language).strip())
    if lesson.idea:
        parts.append(lesson.idea.in_(language).strip())
        return Message("\n\n".join(parts), ((Choice(words.say("more-button"), encode("read", lesson.id), "primary"),),))
    return Message("\n\n".join([*parts, *_reading_parts(visit, lesson)]), _reading_rows(visit, lesson))


def _head(visit: Visit, lesson: Lesson) -> str:
    words = visit.words
    title = Markup(lesson.title.in_(words.language))
    place = next((stop.place for stop in visit.stops() if stop.lesson == lesson.id), 0)
    if not place:
        return words.say("lesson-head-extra", title=title)
    return words.say("lesson-head", day=place, of=len(visit.track.days), title=title)


def _last_button(visit: Visit, lesson: Lesson) -> Choice:
    """Return the button that leads to the end of a lesson: its questions, or the learner's word where it has none."""
    if lesson.questions:
        return Choice(visit.words.say("questions-button"), encode("quiz", lesson.id), "primary")
    return Choice(visit.words.say("done-button"), encode("did", lesson.id), "primary")


async def reading_card(visit: Visit, lesson: Lesson) -> Message:
    """Return the second half of a lesson: the worked example, what to read or watch, what to do, then the questions."""
    language = visit.words.language
    parts = [lesson.example.in_(language).strip()] if lesson.example else []
    return Message("\n\n".join([*parts, *_reading_parts(visit, lesson)]), _reading_rows(visit, lesson))


def _reading_parts(visit: Visit, lesson: Lesson) -> list[str]:
    words, language = visit.words, visit.words.language
    # The first reading's links are buttons under the card; those of further readings stand in the text.
    parts = [_reading(visit, reading, listed=bool(at)) for at, reading in enumerate(lesson.readings)]
    if lesson.practice:
        minutes = words.say("minutes-about", minutes=lesson.practice_minutes)
        parts.append(words.say("practice", minutes=minutes, practice=Markup(lesson.practice.in_(language).strip())))
    elif lesson.practice_minutes:
        parts.append(words.say("practice-bare", minutes=words.say("minutes-about", minutes=lesson.practice_minutes)))
    parts.append(words.say("then-questions" if lesson.questions else "then-check", minutes=OWN_MINUTES))
    return parts


def _reading(visit: Visit, reading: Reading, *, listed: bool) -> str:
    """Return one reading: the resource with its exact section, minutes, where it is today, its links where `listed`."""
    words, language = visit.words, visit.words.language
    resource = visit.roadmap.resources[reading.resource]
    exact = reading.basis in ("verified", "computed")
    lines = [
        words.say(
            "reading",
            name=Markup(resource.name.in_(language)),
            section=Markup(reading.section.in_(language)),
            minutes=words.say("minutes-exact" if exact else "minutes-about", minutes=reading.minutes),
        )
        if reading.minutes
        else words.say(
            "reading-short",
            name=Markup(resource.name.in_(language)),
            section=Markup(reading.section.in_(language)),
        )
    ]
    links = [link for link in list(resource.links_for(language))[:_LINKS] if listed or not _is_button(link)]
    lines.extend(
        words.say("reading-link", label=Markup(link.label.in_(language)), url=Markup(link.url)) for link in links
    )
    if reading.today:
        lines.append(words.say("reading-today", today=Markup(reading.today.in_(language).strip())))
    if reading.watch_for:
        lines.append(words.say("reading-watch", watch=Markup(reading.watch_for.in_(language).strip())))
    return "\n".join(lines)


def _is_button(link: ResourceLink) -> bool:
    """Whether a link can be a button: Telegram and Discord take https addresses only."""
    return link.url.startswith("https://")


def _reading_rows(visit: Visit, lesson: Lesson) -> tuple[tuple[Button, ...], ...]:
    words = visit.words
    rows: list[tuple[Button, ...]] = []
    for reading in lesson.readings[:1]:
        resource = visit.roadmap.resources[reading.resource]
        links = [link for link in list(resource.links_for(words.language))[:_LINKS] if _is_button(link)]
        if links:
            rows.append(
                tuple(
                    Link(words.say("open-button", label=Markup(link.label.in_(words.language))), link.url)
                    for link in links
                )
            )
    return (*rows, (_last_button(visit, lesson),))


async def after_answer(visit: Visit, lesson: Lesson) -> Message:
    """Return the next question of a lesson, or the word at its end."""
    if (question := await ask_of_lesson(visit, lesson)) is not None:
        return question
    return await finished(visit, lesson)


async def finished(visit: Visit, lesson: Lesson) -> Message:
    """Return the word at the end of a lesson: what was learnt, what comes next, and whether that is still today."""
    words, language = visit.words, visit.words.language
    parts = [words.say("lesson-done", title=Markup(lesson.title.in_(language)))]
    if lesson.next:
        parts.append(lesson.next.in_(language).strip())
    rows: list[tuple[Button, ...]] = []
    if lesson.explain:
        rows.append((Choice(words.say("explain-button"), encode("explain", lesson.id)),))
    left = [stop for stop in await visit.left() if not stop.rest]
    spent = minutes_done_on(await visit.history(), visit.today, visit.stops())
    if not left:
        parts.append(words.say("road-done", track=Markup(visit.track.title.in_(language))))
    elif fits_today(spent, left[0], visit.learner.minutes_a_day):
        following = visit.roadmap.lessons[left[0].lesson]
        parts.append(words.say("next-today", title=Markup(following.title.in_(language))))
        rows.append((Choice(words.say("next-button"), "go", "primary"),))
    else:
        parts.extend(_see_you(visit))
        rows.append((Choice(words.say("go-on-button"), "more"),))
    return Message("\n\n".join(parts), tuple(rows))
