"""What a tick costs with nobody due and with 1 % due, at 10 k, 100 k and 1 M learners on SQLite."""

from __future__ import annotations

import argparse
import asyncio
import random
import sqlite3
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.app import pin_time_zones
from bot.core.message import Message
from bot.curriculum import load
from bot.store import Store, migrate
from bot.study.chat import Outcome, Sent
from bot.study.desk import Study

ROOT = Path(__file__).resolve().parents[1]
NOW = datetime(2027, 1, 4, 6, 0, tzinfo=UTC)
IDLE_TICKS = 20


class Sink:
    """A chat that takes everything at once."""

    platform = "telegram"
    repeatable = False

    async def push(self, chat: str, message: Message, *, key: str) -> Outcome:
        """Take it."""
        del chat, message
        return Sent(key)


def main() -> None:
    """Print a line for each size."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    sizes = parser.parse_args().sizes
    pin_time_zones()
    print(f"{'learners':>10}{'idle tick ms':>14}{'due':>8}{'busy tick s':>13}{'ms a push':>11}")
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            asyncio.run(measure(size, f"{folder}/bench.db"))


async def measure(size: int, path: str) -> None:
    """Fill a database and time both kinds of tick."""
    migrate(f"sqlite:///{path}")
    fill(path, size)
    store = Store(f"sqlite:///{path}")
    study = Study(store, load(ROOT / "curriculum"), random.Random(1))  # noqa: S311 - repeatable
    sink = Sink()
    await study.tick(NOW - timedelta(hours=2), [sink])
    began = time.perf_counter()
    for _ in range(IDLE_TICKS):
        await study.tick(NOW - timedelta(hours=1), [sink])
    idle = (time.perf_counter() - began) / IDLE_TICKS
    began = time.perf_counter()
    pushed = await study.tick(NOW, [sink])
    busy = time.perf_counter() - began
    print(f"{size:>10}{idle * 1000:>14.2f}{pushed:>8}{busy:>13.2f}{busy / max(pushed, 1) * 1000:>11.2f}")
    await store.close()


def fill(path: str, size: int) -> None:
    """Write learners of which every hundredth is due at NOW and the others a day later."""
    due, later = (moment.replace(tzinfo=None).isoformat(" ") + ".000000" for moment in (NOW, NOW + timedelta(days=1)))
    with sqlite3.connect(path) as database:
        database.executemany(
            "INSERT INTO learners VALUES (?, ?, '', 'zh', 'Asia/Shanghai', 'five-months', '', 60, 127, 840, 'ready', "
            "'2027-01-03', '', 0, NULL, ?)",
            ((number, due, due if number % 100 == 0 else later) for number in range(1, size + 1)),
        )
        database.executemany(
            "INSERT INTO accounts VALUES ('telegram', ?, ?, ?, ?, '')",
            ((str(number), number, str(number), due) for number in range(1, size + 1)),
        )


if __name__ == "__main__":
    main()
