"""Start-up time and memory: the bot until its playground listens, beside importing the two chat libraries."""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
RUNS = 5
BARE = "import telegram, discord"
READY = "The playground is open"


def main() -> None:
    """Print both, and the ratio."""
    bare = [timed([sys.executable, "-c", BARE], ready=None) for _ in range(RUNS)]
    whole = [timed([sys.executable, "-m", "bot", "run"], ready=READY) for _ in range(RUNS)]
    print(f"{'what':<34}{'median s':>10}{'peak MB':>10}")
    for name, runs in (("importing both chat libraries", bare), ("xueban run, until it listens", whole)):
        print(f"{name:<34}{median(runs, 0):>10.2f}{median(runs, 1):>10.0f}")
    print(f"{'ratio':<34}{median(whole, 0) / median(bare, 0):>10.2f}{median(whole, 1) / median(bare, 1):>10.2f}")


def median(runs: list[tuple[float, float]], which: int) -> float:
    """Return the median of one figure."""
    return statistics.median(run[which] for run in runs)


def timed(command: list[str], *, ready: str | None) -> tuple[float, float]:
    """Return seconds until `ready` is printed (or the end), and the peak memory in MB."""
    environment = {**os.environ, "XUEBAN_PLAYGROUND_PORT": "0"}
    began = time.perf_counter()
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    if ready is None:
        process.communicate()
        return time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    if process.stdout is None:
        raise RuntimeError("no output to read")
    for line in process.stdout:
        if ready in line:
            break
    seconds = time.perf_counter() - began
    peak = next(
        float(line.split()[1]) / 1024
        for line in Path(f"/proc/{process.pid}/status").read_text("utf-8").splitlines()
        if line.startswith("VmHWM")
    )
    process.terminate()
    process.communicate()
    return seconds, peak


if __name__ == "__main__":
    main()
