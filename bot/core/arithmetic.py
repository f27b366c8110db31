"""Numbers as people type them, and the small arithmetic in which authors write their keys."""

from __future__ import annotations

import ast
import math
import operator
import re
import unicodedata
from collections.abc import Callable
from typing import Final

Expression = str | int | float
"""What an author may write for a number: the number itself, or arithmetic in quotes."""

_MAX_TYPED: Final = 64
_MAX_POWER: Final = 64
_OPERATORS: Final[dict[type[ast.operator], Callable[[float, float], float]]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}
_FUNCTIONS: Final[dict[str, Callable[[float], float]]] = {
    "sqrt": math.sqrt,
    "exp": math.exp,
    "log": math.log,
    "log2": math.log2,
    "log10": math.log10,
    "abs": abs,
}
_CONSTANTS: Final = {"pi": math.pi, "e": math.e}
_DASHES: Final = str.maketrans({"−": "-", "–": "-", "—": "-", "﹣": "-", "₋": "-", "。": ".", "，": ",", "×": "*"})
_NUMBER: Final = r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d{1,3})?"
_GROUPED: Final = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_PLAIN: Final = re.compile(_NUMBER)
_FRACTION: Final = re.compile(rf"({_NUMBER})/({_NUMBER})")
_PERCENT: Final = re.compile(rf"({_NUMBER})%")
_POWER_OF_TEN: Final = re.compile(r"(?:([+-]?(?:\d+(?:\.\d*)?|\.\d+))[*x])?10(?:\^|\*\*)([+-]?\d{1,3})")
_RAISED: Final = re.compile("[⁺⁻]?[⁰¹²³⁴-⁹]+")
_THOUSANDS: Final = re.compile(r"(?<=\d)\s(?=\d{3}(?!\d))")
_SEVERAL: Final = re.compile(r"[\d,]\s+[\d.]")


class NotANumberError(ValueError):
    """What was typed cannot be read as a number."""


class BadExpressionError(ValueError):
    """An author's expression is outside the small arithmetic, or has no finite value."""


def read_number(text: str, units: tuple[str, ...] = ()) -> float:
    """Return the number a person typed: `0.5`, `.5`, `1/2`, `50%`, `1e-3`, `3×10^2`, `10⁻³`, `1,234`, full-width, `−`.

    What could be read in two ways is not read: `1 1/2` is neither 11/2 nor 1.5, and `5²` is not 52.

    Args:
        text: what was typed, at most 64 characters of it count.
        units: words that may stand behind the number and are dropped.

    Raises:
        NotANumberError: it is no number, or not a finite one.
    """
    spaced = _THOUSANDS.sub("", _folded(text[:_MAX_TYPED]).strip())
    cleaned = _joined(spaced).removeprefix("≈").removeprefix("=").removeprefix("约")
    for unit in sorted(units, key=len, reverse=True):
        cleaned = cleaned.removesuffix(_joined(_folded(unit)))
    value = None if _SEVERAL.search(spaced) else _number(cleaned)
    if value is None or not math.isfinite(value):
        raise NotANumberError(text[:_MAX_TYPED])
    return value


def _folded(text: str) -> str:
    raised = _RAISED.sub(lambda match: "^" + match[0], text)
    return unicodedata.normalize("NFKC", raised).translate(_DASHES).lower()


def _joined(text: str) -> str:
    return re.sub(r"\s+", "", text)


def _number(text: str) -> float | None:
    if _GROUPED.fullmatch(text):
        return float(text.replace(",", ""))
    if _PLAIN.fullmatch(text):
        return float(text)
    if match := _PERCENT.fullmatch(text):
        return float(match[1]) / 100
    if match := _FRACTION.fullmatch(text):
        below = float(match[2])
        return float(match[1]) / below if below else None
    if match := _POWER_OF_TEN.fullmatch(text):
        return float(f"{match[1] or 1}e{match[2]}")
    return None


def evaluate(expression: Expression) -> float:
    """Return the value of an author's expression: numbers, `+ - * / **`, brackets, sqrt exp log log2 log10 abs, pi, e.

    Raises:
        BadExpressionError: anything else stands in it, or it has no finite value.
    """
    try:
        value = _value(ast.parse(str(expression).strip(), mode="eval").body)
    except (SyntaxError, ArithmeticError, ValueError, RecursionError, MemoryError) as fault:
        raise BadExpressionError(f"{expression!r}: {fault}") from fault
    if not math.isfinite(value):
        raise BadExpressionError(f"{expression!r} has no finite value")
    return value


def _value(node: ast.expr) -> float:
    match node:
        case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
            return float(number)
        case ast.Name(id=name) if name in _CONSTANTS:
            return _CONSTANTS[name]
        case ast.UnaryOp(op=ast.USub(), operand=inner):
            return -_value(inner)
        case ast.UnaryOp(op=ast.UAdd(), operand=inner):
            return _value(inner)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATORS:
            return _combine(type(op), _value(left), _value(right))
        case ast.Call(func=ast.Name(id=name), args=[inner], keywords=[]) if name in _FUNCTIONS:
            return _FUNCTIONS[name](_value(inner))
    raise BadExpressionError(f"{ast.unparse(node)!r} is outside the small arithmetic")


def _combine(kind: type[ast.operator], left: float, right: float) -> float:
    if kind is ast.Pow and (abs(right) > _MAX_POWER or (left < 0 and right != int(right))):
        raise BadExpressionError(f"{left} ** {right} is out of range")
    return _OPERATORS[kind](left, right)
