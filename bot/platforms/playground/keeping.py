"""What the playground remembers from one run to the next: its turned time, who joined, and who has talked."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Final

from bot.platforms.playground.stage import Stage
from bot.platforms.playground.turning import TurnedClock
from bot.study.desk import Study

_TIME: Final = "playground.time"
_PEOPLE: Final = "playground.people"
_MET: Final = "playground.met"


async def recall(study: Study, clock: TurnedClock, stage: Stage) -> None:
    """Go on where the last run ended: what people did is stored with its turned time, and time never goes back."""
    time = await study.fact(_TIME)
    if time is not None:
        clock.turn_to(datetime.fromisoformat(time))
    for name, language, zone in json.loads(await study.fact(_PEOPLE) or "[]"):
        stage.join(name, language, zone)
    for who in json.loads(await study.fact(_MET) or "[]"):
        stage.meet(who)


async def note_time(study: Study, clock: TurnedClock) -> None:
    """Remember the turned time."""
    await study.remember(_TIME, clock.now().isoformat())


async def note_people(study: Study, stage: Stage) -> None:
    """Remember who joined the cast."""
    joined = [(person.name, person.language, person.zone) for person in stage.joined]
    await study.remember(_PEOPLE, json.dumps(joined, ensure_ascii=False))


async def note_met(study: Study, stage: Stage) -> None:
    """Remember who has talked with the bot, so that an empty room of theirs does not take them for newcomers."""
    await study.remember(_MET, json.dumps(stage.met))
