"""The whole bot over loopback beside a bare echo bot of the same library: commands a second and latency, in one run.

Both run as processes of their own against the same fake Telegram, in turn. `--people` people send one command each
and wait for the answer before the next, `--commands` times.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

from tests.fakes.telegram import FakeTelegram, Person

ROOT = Path(__file__).resolve().parents[1]
ECHO = """
import sys
from telegram.ext import ApplicationBuilder, MessageHandler, filters
async def echo(update, context):
    await update.message.reply_text(update.message.text)
bot = ApplicationBuilder().token(sys.argv[1]).base_url(sys.argv[2] + "/bot").build()
bot.add_handler(MessageHandler(filters.ALL, echo))
bot.run_polling(drop_pending_updates=False)
"""


def main() -> None:
    """Measure both, twice in turn, and print the better run of each with the ratio."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--people", type=int, default=20)
    parser.add_argument("--commands", type=int, default=20)
    chosen = parser.parse_args()
    found: dict[str, list[tuple[float, float, float]]] = {"echo bot": [], "xueban /help": [], "xueban /progress": []}
    for _ in range(2):
        for name, runs in found.items():
            runs.append(asyncio.run(measure(name, chosen.people, chosen.commands)))
    print(f"{'bot':<20}{'commands/s':>12}{'median ms':>12}{'95 % ms':>10}")
    for name, runs in found.items():
        rate, middle, high = max(runs)
        print(f"{name:<20}{rate:>12.0f}{middle:>12.1f}{high:>10.1f}")
    best = {name: max(runs)[0] for name, runs in found.items()}
    for name in ("xueban /help", "xueban /progress"):
        print(f"{name} beside the echo bot: {best[name] / best['echo bot']:.2f} of its rate")


async def measure(name: str, people: int, commands: int) -> tuple[float, float, float]:
    """Return commands a second, median and 95th percentile latency in milliseconds."""
    async with FakeTelegram(patience_seconds=60) as telegram:
        with tempfile.TemporaryDirectory() as folder:
            process = await start(name, telegram, folder)
            try:
                return await drive(telegram, name.rpartition("/")[2] if "/" in name else "help", people, commands)
            finally:
                process.terminate()
                await process.wait()


async def start(name: str, telegram: FakeTelegram, folder: str) -> asyncio.subprocess.Process:
    """Start a bot as a process of its own."""
    echo = name == "echo bot"
    arguments = ["-c", ECHO, telegram.token, telegram.root] if echo else ["-m", "bot", "run", "--only", "telegram"]
    environment = {
        **os.environ,
        "XUEBAN_TELEGRAM_TOKEN": telegram.token,
        "XUEBAN_TELEGRAM_API": telegram.root,
        "XUEBAN_DATABASE": f"sqlite:///{folder}/bench.db",
        "XUEBAN_LOG_LEVEL": "WARNING",
        "XUEBAN_TELEGRAM_PER_SECOND": "100000",  # what is measured is the bot, not Telegram's limit
    }
    if echo:
        environment = {key: value for key, value in environment.items() if not key.startswith("XUEBAN_")}
    return await asyncio.create_subprocess_exec(
        sys.executable, *arguments, cwd=ROOT, env=environment,
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip


async def drive(telegram: FakeTelegram, command: str, people: int, commands: int) -> tuple[float, float, float]:
    """Let everybody talk at once, each waiting for the answer before the next command."""
    cast = [telegram.person(f"Person {number}") for number in range(people)]
    await asyncio.gather(*(turn(person, "start") for person in cast))
    began = time.perf_counter()
    latencies = [
        latency
        for some in await asyncio.gather(*(talk(person, command, commands) for person in cast))
        for latency in some
    ]
    seconds = time.perf_counter() - began
    return len(latencies) / seconds, statistics.median(latencies), statistics.quantiles(latencies, n=20)[-1]


async def talk(person: Person, command: str, commands: int) -> list[float]:
    """Send one command after the other and return the latencies in milliseconds."""
    return [await turn(person, command) for _ in range(commands)]


async def turn(person: Person, command: str) -> float:
    """Send a command, wait for the answer, return the milliseconds."""
    began = time.perf_counter()
    await person.says(f"/{command}")
    await person.hears("")
    return (time.perf_counter() - began) * 1000


if __name__ == "__main__":
    main()
