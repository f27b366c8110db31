"""How long reading the curriculum takes: as shipped, and 200 full lessons, beside plain YAML parsing of the same."""

from __future__ import annotations

import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import yaml

from bot.curriculum import check

ROOT = Path(__file__).resolve().parents[1] / "curriculum"
LESSONS = 200
RUNS = 5


def main() -> None:
    """Print both comparisons."""
    with tempfile.TemporaryDirectory() as folder:
        big = Path(folder) / "curriculum"
        count = make_big(big)
        print(f"{'what':<44}{'median s':>10}{'min':>8}{'max':>8}")
        for name, root in (
            (f"as shipped ({len(list((ROOT / 'lessons').glob('*.yaml')))} lessons)", ROOT),
            (f"{count} full lessons", big),
        ):
            plain = row(f"{name}: plain YAML (C parser)", lambda root=root: parse(root))  # type: ignore[misc]
            ours = row(f"{name}: read, checked, built", lambda root=root: check(root))  # type: ignore[misc]
            print(f"{'ratio':<44}{ours / plain:>10.2f}")


def make_big(target: Path) -> int:
    """Write a curriculum of 200 full lessons, copies of the shipped full ones under new ids; return how many."""
    shutil.copytree(ROOT, target)
    full = [path for path in sorted((ROOT / "lessons").glob("*.yaml")) if "depth: full" in path.read_text("utf-8")]
    for path in (target / "lessons").glob("*.yaml"):
        path.unlink()
    for number in range(LESSONS):
        source = full[number % len(full)]
        text = source.read_text("utf-8").replace(f"id: {source.stem}\n", f"id: copy-{number}\n", 1)
        (target / "lessons" / f"copy-{number}.yaml").write_text(text, "utf-8")
    return LESSONS


def parse(root: Path) -> None:
    """Parse every file the plain way."""
    for path in root.rglob("*.yaml"):
        yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)


def row(name: str, work: Callable[[], object]) -> float:
    """Run `work` a few times after a warm-up, print a line, and return the median in seconds."""
    work()
    times = []
    for _ in range(RUNS):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    print(f"{name:<44}{statistics.median(times):>10.3f}{min(times):>8.3f}{max(times):>8.3f}")
    return statistics.median(times)


if __name__ == "__main__":
    main()
