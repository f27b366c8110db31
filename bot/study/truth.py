"""The truth about a plan: the finish date, minutes a week; when it does not fit, by how much and what would fix it."""

from __future__ import annotations

from datetime import date, timedelta

from bot.core.actions import encode
from bot.core.learner import EVERY_DAY
from bot.core.message import Button, Choice, Message
from bot.core.plan import Forecast, minutes_that_fit
from bot.core.progress import on_track_since
from bot.study.start import in_rows, mask
from bot.study.visit import Visit
from bot.study.words import Markup


async def truth(visit: Visit, *, replaces: bool, onward: bool) -> Message:
    """Return the truth about the learner's plan as it stands.

    Args:
        visit: the learner's visit.
        replaces: whether it takes the place of the pressed message.
        onward: whether to offer the day's lesson and the settings (no lesson follows by itself).
    """
    words, track = visit.words, visit.track
    if not await visit.left():
        return Message(words.say("road-done", track=Markup(track.title.in_(words.language))), replaces=replaces)
    plan = await visit.forecast()
    promised_by = (on_track_since(await visit.history()) or visit.today) + timedelta(days=track.promised_days - 1)
    lines, buttons = [await _figures(visit, plan)], list[Button]()
    if plan.finish <= promised_by:
        lines.append(words.say("truth-fits", promised=track.promised_days))
    else:
        late = (plan.finish - promised_by).days
        lines.append(words.say("truth-late", promised=track.promised_days, late=late))
        advice, fix = await _fix(visit, promised_by)
        lines.append(advice)
        buttons.extend([fix] if fix else [])
    rows = in_rows(buttons, 1)
    if onward:
        settings = Choice(words.say("settings-back"), encode("set", "all"))
        rows = (*rows, (Choice(words.say("today-button"), "go", "primary"), settings))
    return Message("\n\n".join(lines), rows, replaces=replaces)


async def _figures(visit: Visit, plan: Forecast) -> str:
    words, learner = visit.words, visit.learner
    begun = bool((await visit.passed()).both)
    return words.say(
        "truth",
        track=Markup(visit.track.title.in_(words.language)),
        days=len(learner.weekdays),
        minutes=learner.minutes_a_day,
        hour=words.minute(learner.push_minute),
        much=Markup(
            words.say(
                "truth-left" if begun else "truth-all",
                about=Markup(words.say("about-word") if plan.estimated else words.say("exactly-word")),
                hours=max(1, round(plan.minutes / 60)),
            )
        ),
        week=plan.minutes_a_week,
        finish=plan.finish,
    )


async def _fix(visit: Visit, by: date) -> tuple[str, Button | None]:
    """Return what would bring the end forward to `by`, the gentlest first, with its button."""
    words, learner, left = visit.words, visit.learner, await visit.left()
    first = await visit.first_day()
    if (needed := minutes_that_fit(left, learner.weekdays, first, by)) is not None:
        button = Choice(words.say("fix-button", minutes=needed), encode("fix", needed))
        return words.say("truth-fix", minutes=needed), button
    if (needed := minutes_that_fit(left, EVERY_DAY, first, by)) is not None:
        return words.say("truth-fix-days", minutes=needed), Choice(
            words.say("days-all"), encode("days", mask(EVERY_DAY))
        )
    longer = [track for track in visit.roadmap.outline.tracks if track.promised_days > visit.track.promised_days]
    if longer:
        title = longer[-1].title.in_(words.language)
        return words.say("truth-fix-track", track=Markup(title)), Choice(title, encode("track", longer[-1].id))
    return words.say("truth-fix-none"), None
