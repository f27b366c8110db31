"""The script `xueban`: sets itself up once, says plainly what is missing, and hands everything on."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from collections.abc import Callable
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import pytest

from tests.conftest import ROOT

Command = list[str]


class Ended(Exception):  # noqa: N818 - stands for the end of the process
    """The script gave its process to another program."""


class OldVersion(NamedTuple):
    """A version of Python that is too old."""

    major: int = 3
    minor: int = 10


@pytest.fixture
def script(tmp_path: Path) -> ModuleType:
    """Return the script as a module that lives in a folder of its own, not yet set up."""
    spec = importlib.util.spec_from_loader("door", SourceFileLoader("door", str(ROOT / "xueban")))
    assert spec is not None
    assert spec.loader is not None
    sys.dont_write_bytecode, before = True, sys.dont_write_bytecode
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    sys.dont_write_bytecode = before
    python = tmp_path / ".venv" / "bin" / "python"
    vars(module).update(ROOT=tmp_path, PLACE=tmp_path / ".venv", PYTHON=python)
    (tmp_path / "requirements").mkdir()
    for name in ("run", "dev"):
        (tmp_path / "requirements" / f"{name}.txt").write_text(f"# {name}", "utf-8")
    return module


@pytest.fixture
def ran(script: ModuleType, monkeypatch: pytest.MonkeyPatch) -> list[Command]:
    """Return the commands the script runs; a virtual environment appears, nothing is installed."""
    commands: list[Command] = []

    def run(command: Command, *, check: bool) -> None:
        assert check
        commands.append(command)
        if "venv" in command:
            script.PYTHON.parent.mkdir(parents=True, exist_ok=True)
            script.PYTHON.write_text("with pip", "utf-8")

    def look(command: Command, **_quiet: int) -> int:
        return 0 if Path(command[0]).read_text("utf-8") == "with pip" else 1

    monkeypatch.setattr(subprocess, "run", run)
    monkeypatch.setattr(subprocess, "call", look)
    return commands


@pytest.fixture
def handed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[Any]:
    """Return what the script hands its process to: the program's arguments, its environment, its folder."""
    found: list[Any] = []

    def execve(path: Path, arguments: Command, environment: dict[str, str]) -> None:
        del path
        found.extend((arguments[1:], environment, Path.cwd()))
        raise Ended

    monkeypatch.setattr(os, "execve", execve)
    monkeypatch.chdir(tmp_path.parent)
    return found


def call(script: ModuleType, monkeypatch: pytest.MonkeyPatch, *words: str) -> None:
    """Call the script with these words."""
    monkeypatch.setattr(sys, "argv", ["xueban", *words])
    script.main()


def test_old_python(script: ModuleType, ran: list[Command], monkeypatch: pytest.MonkeyPatch) -> None:
    """An old Python is refused in one clear sentence, before anything is done."""
    monkeypatch.setattr(sys, "version_info", OldVersion())
    monkeypatch.setattr(sys, "version", "3.10.9 (main)")
    with pytest.raises(SystemExit) as ended:
        call(script, monkeypatch)
    assert ended.value.code == "Xueban needs Python 3.11 or newer; this is 3.10.9."
    assert ran == []


def test_readable_by_old_python() -> None:
    """The script itself is written so that an old Python can read it far enough to say so."""
    compile((ROOT / "xueban").read_text("utf-8"), "xueban", "exec", _feature_version=8)
    assert os.access(ROOT / "xueban", os.X_OK)


def test_first_time(script: ModuleType, ran: list[Command], capsys: pytest.CaptureFixture[str]) -> None:
    """The first call makes the environment and installs wheels from the lock file only, each with its hash."""
    script.set_up("run")
    venv, pip = ran
    assert venv == [sys.executable, "-m", "venv", "--clear", str(script.PLACE)]
    assert pip[-5:] == ["--require-hashes", "--only-binary", ":all:", "-r", str(script.ROOT / "requirements/run.txt")]
    assert "this happens once" in capsys.readouterr().err


def test_only_once(script: ModuleType, ran: list[Command], capsys: pytest.CaptureFixture[str]) -> None:
    """A second call installs nothing and says nothing; the libraries for the tests are a matter of their own."""
    script.set_up("run")
    ran.clear()
    capsys.readouterr()
    script.set_up("run")
    assert (ran, capsys.readouterr().err) == ([], "")
    script.set_up("dev")
    assert [command[-1] for command in ran] == [str(script.ROOT / "requirements/dev.txt")]


def test_again_when_something_changed(script: ModuleType, ran: list[Command], monkeypatch: pytest.MonkeyPatch) -> None:
    """A changed lock file or another Python installs again, into the environment that is there."""
    script.set_up("run")
    ran.clear()
    (script.ROOT / "requirements" / "run.txt").write_text("# newer", "utf-8")
    script.set_up("run")
    assert len(ran) == 1
    monkeypatch.setattr(sys, "version", "3.99.0 (other)")
    script.set_up("run")
    assert len(ran) == 2


def test_interrupted(script: ModuleType, ran: list[Command], monkeypatch: pytest.MonkeyPatch) -> None:
    """An installation that failed is tried again the next time, and the sentence says what may be missing."""
    working = subprocess.run

    def breaks(word: str) -> Callable[..., None]:
        def run(command: Command, *, check: bool) -> None:
            if word in command:
                raise subprocess.CalledProcessError(1, command)
            working(command, check=check)

        return run

    for word, hint in (("venv", "apt install python3-venv"), ("pip", "the network is down")):
        monkeypatch.setattr(subprocess, "run", breaks(word))
        with pytest.raises(SystemExit, match=hint):
            call(script, monkeypatch, "doctor")
    monkeypatch.setattr(subprocess, "run", working)
    ran.clear()
    script.set_up("run")
    assert len(ran) == 1


@pytest.mark.parametrize("fault", [subprocess.CalledProcessError(1, ["python3", "-m", "venv"]), KeyboardInterrupt()])
def test_half_made(script: ModuleType, monkeypatch: pytest.MonkeyPatch, fault: BaseException) -> None:
    """Where making the environment fails, as on Debian without python3-venv, or is broken off, nothing of it stays."""

    def run(command: Command, *, check: bool) -> None:
        assert check
        assert "venv" in command
        script.PYTHON.parent.mkdir(parents=True)
        script.PYTHON.write_text("without pip", "utf-8")
        raise fault

    monkeypatch.setattr(subprocess, "run", run)
    with pytest.raises((SystemExit, KeyboardInterrupt)):
        call(script, monkeypatch)
    assert not script.PLACE.exists()


def test_made_anew(script: ModuleType, ran: list[Command]) -> None:
    """An environment without pip is made anew before anything is installed."""
    script.PYTHON.parent.mkdir(parents=True)
    script.PYTHON.write_text("without pip", "utf-8")
    script.set_up("run")
    venv, pip = ran
    assert venv[-2:] == ["--clear", str(script.PLACE)]
    assert "install" in pip


def test_another_machines(script: ModuleType) -> None:
    """An environment whose Python is gone or does not run here counts as broken."""
    assert not script.has_pip()
    script.PYTHON.parent.mkdir(parents=True)
    script.PYTHON.write_bytes(b"not a program")
    script.PYTHON.chmod(0o700)
    assert not script.has_pip()


@pytest.mark.parametrize(
    ("words", "arguments"),
    [
        ((), ["-m", "bot", "run"]),
        (("--help",), ["-m", "bot", "--help"]),
        (
            ("curriculum", "preview", "ml-w1-4", "--language", "en"),
            ["-m", "bot", "curriculum", "preview", "ml-w1-4", "--language", "en"],
        ),
        (("run", "--only", "telegram, clock"), ["-m", "bot", "run", "--only", "telegram, clock"]),
        (("test",), ["-m", "pytest"]),
        (("test", "-k", "a b", "-x"), ["-m", "pytest", "-k", "a b", "-x"]),
    ],
)
@pytest.mark.usefixtures("ran")
def test_arguments(
    script: ModuleType, handed: list[Any], monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], arguments: Command
) -> None:
    """What was asked is handed on to the letter: to the bot where one stands, or to the tests beside the script."""
    monkeypatch.setenv("PYTHONPATH", "/elsewhere")
    with pytest.raises(Ended):
        call(script, monkeypatch, *words)
    given, environment, folder = handed
    assert given == arguments
    assert environment["PYTHONPATH"] == f"{script.ROOT}{os.pathsep}/elsewhere"
    assert (folder == script.ROOT) == (words[:1] == ("test",))
