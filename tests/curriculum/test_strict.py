"""The strict reading of YAML: what authors slip into by habit is reported where it stands, and nothing crashes it."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from bot.curriculum.strict import Fault, read, show_path
from tests.curriculum.small import faults, spoil

BOMB = "a: &a [x, x]\n" + "\n".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]" for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)
TITLE = "title: {zh: 甲, en: Lesson a}"


def said(text: str | bytes, tmp_path: Path) -> list[Fault]:
    """Return the faults of form of one file."""
    file = tmp_path / "x.yaml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read(file, "x.yaml").faults


def value(text: str, tmp_path: Path) -> object:
    """Return what a file without faults of form holds."""
    file = tmp_path / "x.yaml"
    file.write_text(text, "utf-8")
    document = read(file, "x.yaml")
    assert document.faults == []
    return document.value


@pytest.mark.parametrize(
    ("text", "line", "path", "advice"),
    [
        ("a: 1\nb: 2\na: 3", 3, "a", "the key 'a' stands twice: keep one"),
        ("x:\n  - {a: 1, a: 2}", 2, "x[0].a", "the key 'a' stands twice: keep one"),
        ("a: &it [1]\nb: 2", 1, "a", "anchors and aliases are not used here: write the text out"),
        ("a: 1\nb: *it", 2, "b", "anchors and aliases are not used here: write the text out"),
        ("a:\n  <<: *it", 2, "a.<<", "anchors and aliases are not used here: write the text out"),
        ("a: !!python/name:os.system x", 1, "a", "is not used here: remove it"),
        ("a: !!int '5'", 1, "a", "is not used here: remove it"),
        ("- x\n- [1, !thing {}]", 2, "[1][1]", "the tag '!thing' is not used here: remove it"),
        ("a: 1\n? [1, 2]\n: x", 2, "", "a key is a plain word: write one, or quote the text"),
        ("a: 1\n---\nb: 2", 2, "", "a second document begins: keep one in each file"),
        ("{a: 1}\n}", 2, "", "quoting a text often helps"),
        ("a: 1\nb: x: y\nc: 3", 2, "", "quoting a text often helps"),
        ("a: 1\n\tb: 2", 2, "", "quoting a text often helps"),
        ('a: 1\nb: "open', 2, "", "quoting a text often helps"),
        ("a: 1\nb: x\x00y", 2, "", "the character U+0000 is no text: remove it"),
        ("a: 1\nb: x\x1by", 2, "", "the character U+001B is no text: remove it"),
        ('a: 1\nb: "x\\0y"', 2, "b", "the character U+0000 is no text: remove it"),
        ("a:\n" + "[" * 3000, 2, "", "quoting a text often helps"),
        ("[" * 3000 + "]" * 3000, 1, "", "nested over 20 levels: make it flatter"),
        ("{a: " * 3000 + "}" * 3000, 1, "", "nested over 20 levels: make it flatter"),
        ("\n".join("  " * depth + "k:" for depth in range(400)), 22, "", "nested over 20 levels: make it flatter"),
        (b"a: 1\nb: \xff\xfe", 1, "", "the file is not UTF-8 (byte 8): save it as UTF-8"),
        (b"#" * 5_000_001, 1, "", "the file is over 5000000 bytes: split it"),
    ],
)
def test_form(text: str | bytes, line: int, path: str, advice: str, tmp_path: Path) -> None:
    """Every fault of form is reported with its line, its path and what to do."""
    found = said(text, tmp_path)
    assert (found[0].file, found[0].line, found[0].path) == ("x.yaml", line, path)
    assert advice in found[0].what
    assert "\n" not in str(found[0])


def test_bomb(tmp_path: Path) -> None:
    """A file whose aliases would unfold to billions of texts is read as it stands, and every alias is reported."""
    found = said(BOMB, tmp_path)
    assert len(found) == 9 * 8 + 9
    assert {fault.what for fault in found} == {"anchors and aliases are not used here: write the text out"}


def test_all_at_once(tmp_path: Path) -> None:
    """Reading goes on after a fault, so one run shows them all."""
    found = said("a: &x 1\na: *x\nb: !t 2\nb: 3", tmp_path)
    assert [fault.line for fault in found] == [1, 2, 2, 3, 4]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        *[(word, word) for word in ("no", "yes", "on", "off", "NO", "1:30", "12:30:45", "2026-11-23", "0x1F", "0o17")],
        *[(word, word) for word in ("1_000", "010", ".inf", ".nan", "1e999", "9" * 5000, "True", "NULL", "=", "<")],
        ('"42"', "42"),
        ("'true'", "true"),
        ("42", 42),
        ("-7", -7),
        ("0.5", 0.5),
        ("1e3", 1000.0),
        ("true", True),
        ("false", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("|\n  5\n", "5\n"),
    ],
)
def test_no_surprises(written: str, meant: object, tmp_path: Path) -> None:
    """Only plain numbers, true, false and null are more than text; no old boolean, clock time or date sneaks in."""
    found = value(f"a: {written}", tmp_path)
    assert found == {"a": meant}
    assert isinstance(found, dict)
    assert type(found["a"]) is type(meant)


@pytest.mark.parametrize("text", ["", "# only a comment\n", "---\n", "null"])
def test_nothing(text: str, tmp_path: Path) -> None:
    """An empty file holds nothing, without a fault of form."""
    assert value(text, tmp_path) is None


def test_lines(tmp_path: Path) -> None:
    """Every path knows its line, and a missing one takes that of the nearest thing around it."""
    file = tmp_path / "x.yaml"
    file.write_text("a:\n  - b: 1\n    c:\n      d: 2\n", "utf-8")
    document = read(file, "x.yaml")
    assert [document.line(path) for path in ((), ("a",), ("a", 0, "c", "d"), ("a", 0, "none", 5))] == [1, 1, 4, 2]


def test_paths() -> None:
    """A path is shown the way people point at things."""
    assert show_path(("questions", 2, "options", 0, "text", "zh")) == "questions[2].options[0].text.zh"
    assert show_path((3, "id")) == "[3].id"


def test_symbolic_link(root: Path, tmp_path: Path) -> None:
    """A file that points elsewhere is refused, wherever it points."""
    (tmp_path / "elsewhere.yaml").write_text("id: b", "utf-8")
    for name in ("lessons/b.yaml", "glossary.yaml"):
        (root / name).unlink()
        (root / name).symlink_to(tmp_path / "elsewhere.yaml")
    found = faults(root)
    assert [str(fault) for fault in found] == [
        "glossary.yaml:1: the file is a symbolic link: put the file itself here",
        "lessons/b.yaml:1: the file is a symbolic link: put the file itself here",
    ]


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_forbidden_file(root: Path) -> None:
    """A file that may not be read is a fault like any other."""
    (root / "lessons/b.yaml").chmod(stat.S_IWUSR)
    (found,) = faults(root)
    assert "mend its permissions" in found.what


def test_spoilt_lesson_counts_once(root: Path) -> None:
    """A lesson that cannot be read is one fault; what refers to it is not reported besides."""
    line = spoil(root, "lessons/a.yaml", TITLE, "title: [")
    (found,) = faults(root)
    assert (found.file, found.line >= line) == ("lessons/a.yaml", True)
