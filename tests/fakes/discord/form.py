"""A small language for what a request may hold: checks that collect Discord's nested form errors."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from tests.fakes.discord.errors import JSON, ApiError

Path = tuple[str | int, ...]


@dataclass
class Form:
    """One request body under examination: the errors found in it, and the fields Discord does not know."""

    errors: JSON = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)

    def add(self, path: Path, code: str, message: str) -> None:
        """Note an error at a place in the body, such as `("embeds", 0, "title")`."""
        node = self.errors
        for step in path:
            node = node.setdefault(str(step), {})
        node.setdefault("_errors", []).append({"code": code, "message": message})

    def close(self) -> None:
        """Refuse the request when anything was found.

        Raises:
            ApiError: 400/50035 with the tree of everything that is wrong.
        """
        if self.errors:
            raise ApiError(400, 50035, errors=self.errors)


class Check(Protocol):
    """Something that looks at one value of a form."""

    def __call__(self, form: Form, path: Path, value: Any, /) -> None:
        """Add to the form what is wrong with the value."""


@dataclass(frozen=True)
class Shape:
    """An object with known fields; `None` counts as absent, as it does in Discord's own schemas."""

    name: str
    fields: Mapping[str, Check]
    required: frozenset[str] = frozenset()
    also: tuple[Check, ...] = ()

    def __call__(self, form: Form, path: Path, value: Any) -> None:
        """Check every field, then the rules between fields."""
        if not isinstance(value, dict):
            form.add(path, "MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType")
            return
        for key in sorted(self.required):
            if value.get(key) is None:
                form.add((*path, key), "BASE_TYPE_REQUIRED", "This field is required")
        for key, item in value.items():
            check = self.fields.get(key)
            if check is None:
                form.unknown.append(".".join(map(str, (*path, key))))
            elif item is not None:
                check(form, (*path, key), item)
        for rule in self.also:
            rule(form, path, value)


@dataclass(frozen=True)
class ByType:
    """A union where the integer in `type` tells which shape is meant."""

    shapes: Mapping[int, Shape]

    def __call__(self, form: Form, path: Path, value: Any) -> None:
        """Check the value against the shape its type names."""
        kind = value.get("type") if isinstance(value, dict) else None
        shape = self.shapes.get(kind) if isinstance(kind, int) else None
        if shape is None:
            allowed = ", ".join(map(str, sorted(self.shapes)))
            form.add((*path, "type"), "BASE_TYPE_CHOICES", f"Value must be one of {{{allowed}}}.")
        else:
            shape(form, path, value)


@dataclass(frozen=True)
class Listing:
    """A list with bounds on its length."""

    item: Check
    low: int = 0
    high: float = math.inf

    def __call__(self, form: Form, path: Path, value: Any) -> None:
        """Check the length, then every item."""
        if not isinstance(value, list):
            form.add(path, "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
            return
        if self.low and not self.low <= len(value) <= self.high:
            form.add(path, "BASE_TYPE_BAD_LENGTH", f"Must be between {self.low} and {self.high} in length.")
        elif len(value) > self.high:
            form.add(path, "BASE_TYPE_MAX_LENGTH", f"Must be {self.high} or fewer in length.")
        for index, item in enumerate(value):
            self.item(form, (*path, index), item)


def text(low: int = 0, high: float = math.inf) -> Check:
    """Return a check for a text whose length is counted after trimming."""

    def check(form: Form, path: Path, value: Any) -> None:
        if not isinstance(value, str):
            form.add(path, "STRING_TYPE_CONVERT", f'Could not interpret "{value}" as string.')
            return
        length = len(value.strip())
        if length == 0 < low:
            form.add(path, "BASE_TYPE_REQUIRED", "This field is required")
        elif length < low:
            form.add(path, "BASE_TYPE_MIN_LENGTH", f"Must be {low} or more in length.")
        elif length > high:
            form.add(path, "BASE_TYPE_MAX_LENGTH", f"Must be {high} or fewer in length.")

    return check


def integer(low: float = -math.inf, high: float = math.inf) -> Check:
    """Return a check for an integer; integer-like strings are accepted as Discord accepts them."""

    def check(form: Form, path: Path, value: Any) -> None:
        if isinstance(value, bool) or not re.fullmatch(r"-?\d+", str(value)):
            form.add(path, "NUMBER_TYPE_COERCE", f'Value "{value}" is not int.')
        elif int(value) < low:
            form.add(path, "NUMBER_TYPE_MIN", f"int value should be greater than or equal to {low}.")
        elif int(value) > high:
            form.add(path, "NUMBER_TYPE_MAX", f"int value should be less than or equal to {high}.")

    return check


def one_of(*allowed: Any) -> Check:
    """Return a check for a closed set of values."""

    def check(form: Form, path: Path, value: Any) -> None:
        if isinstance(value, bool) or value not in allowed:
            form.add(path, "BASE_TYPE_CHOICES", f"Value must be one of {{{', '.join(map(str, allowed))}}}.")

    return check


def url(high: int = 2048, schemes: tuple[str, ...] = ("http://", "https://", "attachment://")) -> Check:
    """Return a check for an address with one of the schemes."""

    def check(form: Form, path: Path, value: Any) -> None:
        text(1, high)(form, path, value)
        if isinstance(value, str) and (not value.startswith(schemes) or re.search(r"\s", value)):
            form.add(path, "URL_TYPE_INVALID_URL", "Not a well formed URL.")

    return check


def boolean(form: Form, path: Path, value: Any) -> None:
    """Check for true or false."""
    if not isinstance(value, bool):
        form.add(path, "BOOLEAN_TYPE_CONVERT", "Must be either true or false.")


def number(form: Form, path: Path, value: Any) -> None:
    """Check for any number."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        form.add(path, "NUMBER_TYPE_COERCE", f'Value "{value}" is not a number.')


def anything(_form: Form, _path: Path, _value: Any) -> None:
    """Accept whatever is there."""


def moment(form: Form, path: Path, value: Any) -> None:
    """Check for an ISO 8601 date and time."""
    try:
        datetime.fromisoformat(value)
    except (TypeError, ValueError):
        form.add(path, "DATE_TIME_TYPE_PARSE", f"Could not parse {value}. Should be ISO8601.")


snowflake: Callable[[Form, Path, Any], None] = integer(0, 2**63 - 1)
