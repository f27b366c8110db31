"""The command line: every command, called as from a shell, answers in plain words and with the right exit code."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest

from bot import __version__
from bot.__main__ import main
from bot.clock import utc_now
from bot.settings import Settings
from tests.curriculum.small import spoil, write
from tests.logging_kept import logging_kept

CANARY: Final = "123456789:AAE-canary_never_to_be_logged_00000"
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Set nothing but a small curriculum and a database that is not there yet; return the folder of both."""
    for name in Settings.model_fields:
        monkeypatch.setenv(f"XUEBAN_{name.upper()}", "")
        monkeypatch.delenv(f"XUEBAN_{name.upper()}_FILE", raising=False)
    monkeypatch.setenv("XUEBAN_CURRICULUM", str(write(tmp_path / "curriculum")))
    monkeypatch.setenv("XUEBAN_DATABASE", f"sqlite:///{tmp_path}/data/xueban.db")
    with logging_kept():
        yield tmp_path


@pytest.fixture
def xueban(folder: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Return what calls a command and gives back its exit code, what it printed, and what it complained about."""
    del folder

    def run(*words: str) -> tuple[int, str, str]:
        ended: SystemExit | None = None
        try:
            code: object = main(words)
        except SystemExit as exit_of_the_parser:
            ended = exit_of_the_parser
        code = ended.code if ended is not None else code
        assert isinstance(code, int)
        said = capsys.readouterr()
        for text in said:
            assert "Traceback" not in text
            assert "canary" not in text
        return code, said.out, said.err

    return run


def test_version(xueban: Run) -> None:
    """The version is told."""
    assert xueban("--version") == (0, f"xueban {__version__}\n", "")


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (("--help",), ("run", "curriculum", "simulate", "doctor", "config", "health")),
        (("run", "--help"), ("--only", "telegram,discord,playground,clock")),
        (("curriculum", "--help"), ("check", "stats", "preview", "schema")),
        (("simulate", "--help"), ("--days", "--learners", "--seed", "--track")),
    ],
)
def test_help(xueban: Run, words: tuple[str, ...], named: tuple[str, ...]) -> None:
    """Help names everything there is."""
    code, out, _ = xueban(*words)
    assert code == 0
    assert all(name in out for name in named)


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("dance",),
        ("curriculum",),
        ("curriculum", "preview"),
        ("simulate", "--days", "0"),
        ("simulate", "--days", "x"),
    ],
)
def test_wrong_usage(xueban: Run, words: tuple[str, ...]) -> None:
    """What makes no sense ends with 2 and the way to say it."""
    code, _, err = xueban(*words)
    assert code == 2
    assert err.startswith("usage: xueban")


def test_check(xueban: Run) -> None:
    """A curriculum without a fault is said to be fine, with its size."""
    assert xueban("curriculum", "check") == (0, "The curriculum is fine: 2 lessons, 2 questions.\n", "")


def test_check_of_a_broken_one(xueban: Run, folder: Path) -> None:
    """Every fault is a line: file, line, path, what to do; the exit code is 1."""
    spoil(folder / "curriculum", "lessons/a.yaml", "kind: core", "kind: core\nkinds: 2")
    spoil(folder / "curriculum", "roadmap.yaml", "{lessons: [],", "{lessons: [z],")
    code, out, err = xueban("curriculum", "check")
    assert (code, out) == (1, "")
    assert err.splitlines() == [
        "lessons/a.yaml:4: kinds: unknown key 'kinds': remove it or mend its spelling",
        "roadmap.yaml:25: optional.lessons: there is no lesson 'z': write lessons/z.yaml or mend the id",
        "2 fault(s).",
    ]


@pytest.mark.parametrize(
    "words", [("curriculum", "stats"), ("curriculum", "preview", "a"), ("simulate", "--days", "1"), ("run",)]
)
def test_broken_curriculum_elsewhere(xueban: Run, folder: Path, words: tuple[str, ...]) -> None:
    """Whatever needs the curriculum lists its faults and ends with 1."""
    spoil(folder / "curriculum", "lessons/a.yaml", "kind: core", "kind: more")
    code, _, err = xueban(*words)
    assert code == 1
    assert "lessons/a.yaml:3: kind: must be one of" in err


def test_stats(xueban: Run) -> None:
    """What is taught is counted: lessons, questions, terms, and the hours of each track and branch."""
    code, out, _ = xueban("curriculum", "stats")
    assert code == 0
    assert out.splitlines() == [
        "lessons by depth: 1 guide, 1 outline",
        "lessons by kind: 2 core",
        "questions by kind: 1 choice, 1 numeric",
        "questions by difficulty: 1 easy, 1 medium",
        "resources by status: 1 current, 1 succeeded",
        "terms: 2, with a definition: 1",
        "short, vision: 2 lessons, 1 hours",
        "short, nlp: 2 lessons, 1 hours",
    ]


@pytest.mark.parametrize(
    ("words", "seen", "unseen"),
    [
        (("a",), ("甲", "目标", "❓ 哪个？", "✅ 一\n对", "❌ 二\n错", "❓ 多少？", "✅ 3\n三", "❌ 7\n反了"), "goal"),
        (("a", "--language", "zh"), ("甲", "目标"), "goal"),
        (
            ("a", "--language", "en"),
            ("Lesson a", "the goal", "✅ one\nright", "✅ 3\nthree", "❌ 7\nturned round"),
            "目标",
        ),
        (("b",), ("乙",), "❓"),
    ],
)
def test_preview(xueban: Run, words: tuple[str, ...], seen: tuple[str, ...], unseen: str) -> None:
    """A lesson is printed in one language with all its questions, their answers and what is said to each."""
    code, out, _ = xueban("curriculum", "preview", *words)
    assert code == 0
    assert [part for part in seen if part not in out] == []
    assert unseen not in out


def test_preview_of_an_unknown_lesson(xueban: Run) -> None:
    """A lesson that is not there is said not to be there."""
    assert xueban("curriculum", "preview", "z") == (1, "", "There is no lesson 'z'.\n")


def test_schema(xueban: Run, folder: Path) -> None:
    """The JSON Schemas are written, one for each sort of file, into a folder made for them."""
    assert xueban("curriculum", "schema", str(folder / "a" / "b")) == (0, "", "")
    written = {file.name: json.loads(file.read_text("utf-8")) for file in (folder / "a" / "b").iterdir()}
    assert set(written) == {f"{name}.schema.json" for name in ("roadmap", "lesson", "resources", "glossary")}
    assert "questions" in json.dumps(written["lesson.schema.json"])


def test_config(xueban: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every setting is printed with its meaning, secrets hidden."""
    monkeypatch.setenv("XUEBAN_TELEGRAM_TOKEN", CANARY)
    monkeypatch.setenv("XUEBAN_DATABASE", "postgresql://me:canary@host/db")
    code, out, _ = xueban("config")
    assert code == 0
    lines = out.splitlines()
    assert [line.split("=")[0] for line in lines[::2]] == [f"XUEBAN_{name.upper()}" for name in Settings.model_fields]
    assert all(line.startswith("    ") and line.strip() for line in lines[1::2])
    assert "XUEBAN_TELEGRAM_TOKEN=(set, hidden)" in lines
    assert "XUEBAN_DATABASE=postgresql://me:***@host/db" in lines


@pytest.mark.parametrize(
    "words", [("config",), ("doctor",), ("health",), ("run",), ("curriculum", "check"), ("simulate",)]
)
def test_unknown_setting(xueban: Run, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]) -> None:
    """A name that is no setting ends any command with 78 and the name."""
    monkeypatch.setenv("XUEBAN_TELEGRAM_TOKN", CANARY)
    code, out, err = xueban(*words)
    assert (code, out) == (78, "")
    assert err == "XUEBAN_TELEGRAM_TOKN: there is no such setting; `xueban config` lists them all\n"


def test_doctor_before_the_first_run(xueban: Run, folder: Path) -> None:
    """Before the first run all is fine, the database is yet to be made, and looking does not make it."""
    code, out, _ = xueban("doctor")
    assert code == 0
    said = dict(line.split(maxsplit=1) for line in out.replace("time zones", "time-zones").splitlines())
    assert said["settings"] == said["curriculum"] == "fine"
    assert said["platforms"] == "playground"
    assert said["database"] == "not there yet; it is made at the first run"
    assert said["time-zones"].startswith("tzdata 20")
    assert "MB free" in said["disk"]
    assert not (folder / "data").exists()


def test_doctor_with_a_database(xueban: Run, monkeypatch: pytest.MonkeyPatch, database: str) -> None:
    """With a database it tells how many learners are in it and which tables it has."""
    monkeypatch.setenv("XUEBAN_DATABASE", database)
    monkeypatch.setenv("XUEBAN_TELEGRAM_TOKEN", CANARY)
    code, out, _ = xueban("doctor")
    assert code == 0
    assert "fine, 0 learner(s), 0 update(s) set aside, tables 0" in out
    assert "platforms    telegram\n" in out


@pytest.mark.parametrize(
    "address", ["sqlite:///{}/noise.db", "sqlite:///{}/empty.db", "postgresql://x:canary@/x?host={}"]
)
def test_doctor_without_reach(xueban: Run, monkeypatch: pytest.MonkeyPatch, folder: Path, address: str) -> None:
    """A database that does not answer, is none or has no tables is said so, and the exit code is 1."""
    (folder / "noise.db").write_bytes(b"this is no database, however long one looks at it" * 100)
    (folder / "empty.db").touch()
    monkeypatch.setenv("XUEBAN_DATABASE", address.format(folder))
    code, out, _ = xueban("doctor")
    assert code == 1
    assert "database     out of reach" in out or "database     cannot be used" in out


def test_doctor_and_faults(xueban: Run, folder: Path) -> None:
    """A curriculum with faults is counted and fails the check."""
    (folder / "curriculum" / "glossary.yaml").unlink()
    code, out, _ = xueban("doctor")
    assert code == 1
    assert "1 fault(s): xueban curriculum check" in out


def test_health(xueban: Run, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """Health is 0 only while the sign of life is fresh; none, an old one or an unreadable one is 1, not set is 78."""
    assert xueban("health") == (78, "", "XUEBAN_HEALTH_FILE is not set.\n")
    file = folder / "alive"
    monkeypatch.setenv("XUEBAN_HEALTH_FILE", str(file))
    assert xueban("health") == (1, "", "There is no sign of life yet.\n")
    for text in ("", "yesterday", "2026-11-23T12:00:00"):
        file.write_text(text, "utf-8")
        assert xueban("health")[0] == 1
    file.write_text(utc_now().isoformat(), "utf-8")
    code, out, _ = xueban("health")
    assert code == 0
    assert out.startswith("The last sign of life is ")
    file.write_text((utc_now() - timedelta(seconds=95)).isoformat(), "utf-8")
    assert xueban("health")[0] == 1


@pytest.mark.parametrize(
    ("only", "said"),
    [
        ("nonsense", "--only takes some of telegram,discord,playground,clock; nonsense is none of them\n"),
        ("clock,moon,sun", "--only takes some of telegram,discord,playground,clock; moon,sun is none of them\n"),
        (" , ", "--only takes some of telegram,discord,playground,clock; nothing is none of them\n"),
        ("telegram", "--only names telegram, but XUEBAN_TELEGRAM_TOKEN is not set\n"),
        ("clock,discord", "--only names discord, but XUEBAN_DISCORD_TOKEN is not set\n"),
    ],
)
def test_only(xueban: Run, only: str, said: str) -> None:
    """A role that is none, or whose token is missing, ends with 78 and the reason."""
    assert xueban("run", "--only", only) == (78, "", said)


@pytest.mark.parametrize("address", ["postgresql://x:canary@/x?host={}", "sqlite:///{}/curriculum/roadmap.yaml/x.db"])
def test_run_without_a_database(xueban: Run, monkeypatch: pytest.MonkeyPatch, folder: Path, address: str) -> None:
    """A database out of reach ends the run at once, with 78 and in one sentence."""
    monkeypatch.setenv("XUEBAN_DATABASE", address.format(folder))
    code, _, err = xueban("run")
    assert code == 78
    assert len(err.splitlines()) == 1


def test_simulate(xueban: Run) -> None:
    """The same seed tells the same story to the letter, another seed another one, and logging is as before."""
    asked = ("simulate", "--days", "6", "--learners", "2", "--track", "short", "--seed")
    first, again, other = (xueban(*asked, seed) for seed in ("1", "1", "2"))
    assert first == again
    assert first[0] == other[0] == 0
    assert first[1] != other[1]
    assert "learners: 1 steady, 1 weekend" in first[1]
    assert "2 reached the end" in first[1]
    assert logging.root.manager.disable == logging.NOTSET


def test_simulate_an_unknown_track(xueban: Run) -> None:
    """A track that is not there is said not to be there."""
    assert xueban("simulate", "--track", "none") == (1, "", "There is no track 'none'.\n")
