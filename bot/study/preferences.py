"""Settings: language, track, branch, minutes, days, hour, zone; and pausing. A change never loses what was learnt."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from bot.core.actions import encode
from bot.core.language import Language
from bot.core.message import Button, Choice, Message
from bot.study.start import ask_days, ask_hour, ask_minutes, ask_track, ask_zone, in_rows, mask
from bot.study.truth import truth
from bot.study.visit import Visit
from bot.study.words import Markup

PAUSES: Final = (3, 7, 14)
_MAX_PAUSE_DAYS: Final = 365


def overview(visit: Visit, *, replaces: bool = False) -> Message:
    """Return the settings as they are, with a button to change each."""
    words, learner, language = visit.words, visit.learner, visit.words.language
    branch = next(
        (branch.title.in_(language) for branch in visit.roadmap.outline.branches if branch.id == learner.branch),
        words.say("branch-open"),
    )
    text = words.say(
        "settings",
        track=Markup(visit.track.title.in_(language)),
        branch=Markup(branch),
        minutes=learner.minutes_a_day,
        days=Markup(words.say("list-separator").join(words.weekday(day) for day in sorted(learner.weekdays))),
        hour=words.minute(learner.push_minute),
        zone=learner.zone,
        clock=words.clock(visit.local),
    )
    keys = ("track", "branch", "minutes", "days", "hour", "zone", "language")
    buttons: list[Button] = [Choice(words.say(f"set-{key}-button"), encode("set", key)) for key in keys]
    pause = (
        Choice(words.say("resume-button"), "resume", "primary")
        if learner.paused
        else Choice(words.say("pause-button"), encode("set", "pause"))
    )
    return Message(text, in_rows([*buttons, pause], 2), replaces=replaces)


async def choose(visit: Visit, what: str) -> Message:
    """Return the question for one setting, what holds now marked, and the way back; the overview for anything else."""
    asked = await _question(visit, what)
    if asked is None:
        return overview(visit, replaces=True)
    back = (Choice(visit.words.say("settings-back"), encode("set", "all")),)
    rows = tuple(tuple(_marked(button, _current(visit)) for button in row) for row in asked.rows)
    return replace(asked, rows=(*rows, back))


async def _question(visit: Visit, what: str) -> Message | None:
    if what in ("hour", "zone"):
        await visit.change(awaiting=what)
        return ask_hour(visit, replaces=True) if what == "hour" else ask_zone(visit, replaces=True)
    plain: dict[str, Callable[[], Message]] = {
        "track": lambda: ask_track(visit, replaces=True),
        "minutes": lambda: ask_minutes(visit, "min", replaces=True),
        "days": lambda: ask_days(visit, "days", replaces=True),
        "branch": lambda: ask_branch(visit),
        "language": lambda: ask_language(visit, replaces=True),
        "pause": lambda: ask_pause(visit, replaces=True),
    }
    return plain[what]() if what in plain else None


def _current(visit: Visit) -> frozenset[str]:
    """Return the actions that would change nothing: what they ask for holds already."""
    learner = visit.learner
    held = (
        ("track", learner.track),
        ("branch", learner.branch),
        ("min", learner.minutes_a_day),
        ("days", mask(learner.weekdays)),
        ("hour", learner.push_minute),
        ("lang", learner.language),
    )
    return frozenset(encode(verb, value) for verb, value in held)


def _marked(button: Button, current: frozenset[str]) -> Button:
    if isinstance(button, Choice) and button.action in current:
        return replace(button, label=f"✓ {button.label}")
    return button


def ask_branch(visit: Visit) -> Message:
    """Return the choice of branches."""
    words, language = visit.words, visit.words.language
    branches = visit.roadmap.outline.branches
    rows = tuple((Choice(branch.title.in_(language), encode("branch", branch.id)),) for branch in branches)
    summaries = "\n".join(f"- **{branch.title.in_(language)}** · {branch.summary.in_(language)}" for branch in branches)
    return Message("\n\n".join([words.say("set-branch"), summaries]), rows, replaces=True)


def ask_language(visit: Visit, *, replaces: bool) -> Message:
    """Return the choice of languages, each in its own words."""
    rows = ((Choice("中文", encode("lang", "zh")), Choice("English", encode("lang", "en"))),)
    return Message(visit.words.say("set-language"), rows, replaces=replaces)


async def changed(visit: Visit, **values: Any) -> Message:
    """Save a setting of somebody on the road, note the new plan in the log, and tell the truth about it."""
    await visit.change(**values, awaiting=_still_awaited(visit))
    until = visit.learner.paused_until
    if not visit.learner.paused or (until is not None and until <= visit.today):
        await visit.change(next_push_at=await visit.next_push())
    elif until is not None:
        await visit.change(next_push_at=visit.push_on_or_after(until))
    plan = await visit.forecast()
    await visit.note("setting", ",".join(values), **(visit.settings() | {"finish": plan.finish.isoformat()}))
    return await truth(visit, replaces=True, onward=True)


def _still_awaited(visit: Visit) -> str:
    """Return what typed text completes after a setting: an open question stays open, a setting is settled."""
    return "" if visit.learner.awaiting in ("hour", "zone") else visit.learner.awaiting


async def set_language(visit: Visit, language: Language) -> None:
    """Speak the other language from now on."""
    await visit.change(language=language)


def ask_pause(visit: Visit, *, replaces: bool = False) -> Message:
    """Return the choice of pauses."""
    words = visit.words
    buttons: list[Button] = [Choice(words.say("pause-days", days=days), encode("pause", days)) for days in PAUSES]
    rows = (*in_rows(buttons, 3), (Choice(words.say("pause-open"), encode("pause", 0)),))
    return Message(words.say("ask-pause"), rows, replaces=replaces)


async def pause(visit: Visit, days: int, *, replaces: bool = True) -> Message:
    """Stop pushes for a number of days, or (0) until they are resumed; the streak waits."""
    days = min(max(days, 0), _MAX_PAUSE_DAYS)
    until = visit.local.date() + timedelta(days=days) if days else None
    following = visit.push_on_or_after(until) if until else None
    await visit.change(paused=True, paused_until=until, next_push_at=following, awaiting=_still_awaited(visit))
    await visit.note("paused", until=until.isoformat() if until else None)
    return paused_note(visit, replaces=replaces)


def paused_note(visit: Visit, *, replaces: bool) -> Message:
    """Say until when the learner is on a break, with the way back."""
    words, following = visit.words, visit.learner.next_push_at
    back = following.astimezone(visit.zone).date() if following else visit.learner.paused_until
    text = words.say("paused-until", until=back) if back else words.say("paused-open")
    return Message(text, ((Choice(words.say("resume-button"), "resume", "primary"),),), replaces=replaces)


async def resume(visit: Visit) -> None:
    """Take up the pushes again."""
    if visit.learner.paused:
        await visit.change(paused=False, paused_until=None)
        await visit.note("resumed")
    await visit.change(next_push_at=await visit.next_push())
