"""The phrases: both catalogues hold the same sentences with the same places, all are used, and none is missing."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from fluent.syntax import FluentParser, ast as fluent
from hypothesis import given
from hypothesis import strategies as st

import bot
from bot.core.language import LANGUAGES, Language
from bot.core.markdown import plain
from bot.study.words import Markup, words

SOURCES: Final = Path(bot.__file__).parent
PHRASES: Final = SOURCES / "study" / "phrases"
_SAYS: Final = {"say", "_ask_again", "_skipped"}


def files(language: Language) -> dict[str, fluent.Resource]:
    """Return the parsed files of a language by their name."""
    return {path.name: FluentParser().parse(path.read_text("utf-8")) for path in (PHRASES / language).glob("*.ftl")}


def sentences(language: Language) -> dict[str, fluent.Message]:
    """Return every sentence of a language by its key."""
    entries = [entry for resource in files(language).values() for entry in resource.body]
    return {entry.id.name: entry for entry in entries if isinstance(entry, fluent.Message)}


def places(message: fluent.Message) -> frozenset[str]:
    """Return the places a sentence leaves open."""
    found: set[str] = set()

    class Finds(fluent.visitor.Visitor if hasattr(fluent, "visitor") else object):  # type: ignore[misc]
        """Not used."""

    def walk(node: object) -> None:
        if isinstance(node, fluent.VariableReference):
            found.add(node.id.name)
        if isinstance(node, fluent.BaseNode):
            for value in vars(node).values():
                for child in value if isinstance(value, list) else [value]:
                    walk(child)

    walk(message)
    return frozenset(found)
