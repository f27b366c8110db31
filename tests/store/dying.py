"""Processes that work on pushes and die without a word, one at each point: `python -m tests.store.dying DATABASE`."""

from __future__ import annotations

import asyncio
import os
import sys
from datetime import UTC, date, datetime, timedelta

from bot.core.learner import Learner
from bot.store import Store

NOW = datetime(2026, 11, 23, 6, 5, tzinfo=UTC)
"""The same as everywhere in the tests; what they need to import is not needed here."""

LEASE = timedelta(minutes=5)
BOTH = ("discord", "telegram")
POINTS = ("inside the claim", "after the claim", "after the lease", "after the note")
"""Process number n serves the platform of that name and dies at this point."""


def schedule(learner: Learner) -> tuple[date, datetime | None]:
    """Everybody's push is for today, the next one tomorrow."""
    del learner
    return NOW.date(), NOW + timedelta(days=1)


async def works(database: str, point: str) -> None:
    """Claim, lease, and note that the push is about to leave; end as kill -9 does when this is the point."""

    def die_at(here: str) -> None:
        if here == point:
            os._exit(0)

    store = Store(database)
    async with store.write() as transaction:
        await transaction.pushes.claim(NOW, (point,), schedule, limit=500)
        die_at("inside the claim")
    die_at("after the claim")
    async with store.write() as transaction:
        (push,) = await transaction.pushes.ready(NOW, (point,), limit=500, lease=LEASE)
    die_at("after the lease")
    async with store.write() as transaction:
        await transaction.pushes.settle(push.id, "sending", not_before=NOW + LEASE, attempts=1)
    die_at("after the note")


def main() -> None:
    """Let one process after the other work and die; fail when one of them lived."""
    for point in POINTS:
        process = os.fork()
        if process == 0:
            asyncio.run(works(sys.argv[1], point))
            os._exit(1)
        _, status = os.waitpid(process, 0)
        if status:
            sys.exit(f"the process lived on past {point!r}")


if __name__ == "__main__":
    main()
