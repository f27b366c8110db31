"""Tests of typed numbers and authors' arithmetic: generous to people, closed to everything else."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.arithmetic import BadExpressionError, Expression, NotANumberError, evaluate, read_number
from tests.core.effort import DEEP, QUICK

FULL_WIDTH = str.maketrans("0123456789.+-/%eE*^,", "０１２３４５６７８９．＋－／％ｅＥ＊＾，")
finite = st.floats(allow_nan=False, allow_infinity=False)


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("0.5", 0.5),
        (".5", 0.5),
        ("5.", 5),
        ("+5", 5),
        ("  -3 ", -3),
        ("−3", -3),
        ("—3", -3),
        ("1/2", 0.5),
        ("-1 / 4", -0.25),
        ("1/-4", -0.25),
        ("50%", 0.5),
        ("12.5 ％", 0.125),
        ("1e-3", 0.001),
        ("1E3", 1000),
        ("3×10^2", 300),
        ("3 x 10**2", 300),
        ("3*10^-2", 0.03),
        ("2.5×10⁻³", 0.0025),
        ("0.00001×10^3", 0.01),
        ("100000000000000000000×10^2", 1e22),
        ("10^3", 1000),
        ("10⁶", 1e6),
        ("1,234", 1234),
        ("1，234，567.5", 1234567.5),
        ("12 345", 12345),
        ("1 000 000", 1e6),
        ("０．５", 0.5),
        ("３。５", 3.5),
        ("≈8.33", 8.33),
        ("= 7", 7),
        ("约 7", 7),
        ("٣", 3),
        ("007", 7),
        ("-0", 0),
    ],
)
def test_read(typed: str, value: float) -> None:
    """Numbers are read as people type them."""
    assert read_number(typed) == pytest.approx(value, rel=1e-12)


@pytest.mark.parametrize(
    "typed",
    [
        *(
            "",
            " ",
            "abc",
            "-",
            ".",
            "e5",
            "1e",
            "--5",
            "1.2.3",
            "0x10",
            "1_000",
            "nan",
            "inf",
            "-inf",
            "∞",
            "1e999",
            "-1e999",
        ),
        *("1/0", "0/0", "1/2/3", "%", "5%%", "1,23", "12,34,567", "1+1", "2*3", "2^5", "5²", "2⁵", "10^9999", "10^999"),
        *(
            "1 2",
            "1 1/2",
            "1½",
            "1, 234",
            "1 .5",
            "3.4 5",
            "__import__('os')",
            "9**9**9",
            "5 apples",
            "5\n6",
            "1e5×10^2",
        ),
        *("(" * 64, "9" * 30 + "e" + "9" * 30, "\x00", "\ud800", "ﷺ" * 64, "１" * 400 + "!"[:0] + "e999"),
    ],
)
def test_unreadable(typed: str) -> None:
    """What is no finite number, or could be two, is not read as one."""
    if typed.startswith("１１"):
        assert math.isfinite(read_number(typed))  # only the first 64 characters count
        return
    with pytest.raises(NotANumberError):
        read_number(typed)


@given(finite)
@QUICK
def test_every_float(value: float) -> None:
    """Every finite number is read exactly, half-width or full-width."""
    assert read_number(repr(value)) == value
    assert read_number(repr(value).translate(FULL_WIDTH)) == value


@given(st.integers(-(10**6), 10**6), st.integers(1, 10**6))
@QUICK
def test_every_fraction(above: int, below: int) -> None:
    """Every fraction and every percentage is its own value."""
    assert read_number(f"{above}/{below}") == pytest.approx(float(Fraction(above, below)), rel=1e-15)
    assert read_number(f"{above}%") == pytest.approx(above / 100, rel=1e-15)


@given(st.integers(-(10**15), 10**15))
@QUICK
def test_every_group(value: int) -> None:
    """Thousands may be grouped by commas or spaces."""
    assert read_number(f"{value:,}") == value
    assert read_number(f"{value:,}".replace(",", " ")) == value


@given(st.integers(-99, 99).map(lambda tenths: tenths / 10), st.integers(-99, 99))
@QUICK
def test_every_power_of_ten(value: float, power: int) -> None:
    """Scientific notation is the same number however it is written."""
    raised = str(power).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
    expected = float(f"{value}e{power}")
    for typed in (f"{value}e{power}", f"{value}×10^{power}", f"{value} x 10**{power}", f"{value}*10{raised}"):
        assert read_number(typed) == expected


def readable(text: str, units: tuple[str, ...] = ()) -> None:
    """Assert that the text is a finite number or refused."""
    try:
        value = read_number(text, units)
    except NotANumberError:
        return
    assert math.isfinite(value)


ANYTHING = st.text() | st.text(alphabet="0123456789.,+-−eE%/×*x^ ⁰²⁻½①٣k", max_size=70)


@given(ANYTHING, st.lists(st.text(max_size=4), max_size=3).map(tuple))
@QUICK
def test_any_text(text: str, units: tuple[str, ...]) -> None:
    """Whatever is typed is a finite number or refused, never another error."""
    readable(text, units)


@pytest.mark.slow
@given(ANYTHING)
@DEEP
def test_any_text_deeply(text: str) -> None:
    """Whatever is typed is a finite number or refused, never another error."""
    readable(text)


@pytest.mark.parametrize("typed", ["5 m²", "5m²", "5 M²", "5", "5 平方米", "５ｍ²"])
def test_units(typed: str) -> None:
    """A known unit may stand behind the number, in either language, in any case and width."""
    assert read_number(typed, ("平方米", "m²")) == 5


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("1 + 2*3", 7),
        ("(1 + 2)*3", 9),
        ("2**-1", 0.5),
        ("-2**2", -4),
        ("+3", 3),
        ("7/2", 3.5),
        ("sqrt(16)", 4),
        ("log(e)", 1),
        ("log2(8)", 3),
        ("log10(1000)", 3),
        ("exp(0)", 1),
        ("abs(-pi)", math.pi),
        ("1e-3", 0.001),
        (5, 5),
        (0.25, 0.25),
        (" 1 ", 1),
    ],
)
def test_evaluate(expression: Expression, value: float) -> None:
    """The small arithmetic is what it is at school."""
    assert evaluate(expression) == pytest.approx(value, rel=1e-12)


@pytest.mark.parametrize(
    "expression",
    [
        *(
            "",
            "x",
            "1 +",
            "1; 2",
            "True",
            "None",
            "'a'",
            "1j",
            "[1]",
            "1 if 1 else 2",
            "1 < 2",
            "1 and 2",
            "7 // 2",
            "7 % 2",
        ),
        *(
            "1 | 2",
            "~1",
            "not 1",
            "1 @ 2",
            "sum([1])",
            "sqrt(1, 2)",
            "sqrt()",
            "log(x=1)",
            "sqrt(*[4])",
            "pi.real",
            "pow(2, 3)",
        ),
        *(
            "__import__('os')",
            "().__class__",
            "lambda: 1",
            "(a := 1)",
            "f'{1}'",
            "exit()",
            "sqrt",
            "e()",
            "\x00",
            "\ud800",
        ),
        *(
            "1/0",
            "0**-1",
            "(-8)**(1/3)",
            "log(0)",
            "log(-1)",
            "sqrt(-1)",
            "1e999",
            "-1e999",
            "1e308*10",
            "exp(1000)",
            "1e999-1e999",
        ),
        *("9**9**9", "9**9**9**9", "2**65", "2**-65", "1e300**2", "9" * 400, "9" * 5000, "9" * 100_000),
        *(
            "(" * 150 + "1" + ")" * 150 + "+x",
            "(" * 5000 + "1" + ")" * 5000,
            "-" * 5000 + "1",
            "1" + "+1" * 5000,
            "sqrt(" * 500,
        ),
        *("2**2" * 500, "[" * 1000, "x." * 1000 + "y", "1" + "**1" * 3000),
        *(float("inf"), float("nan"), True),
    ],
)
def test_refused(expression: Expression) -> None:
    """Everything else is refused: names, calls, huge powers, deep nests, and what has no finite value."""
    with pytest.raises(BadExpressionError):
        evaluate(expression)


@given(st.text() | st.text(alphabet="0123456789.+-*/()e sqrtlogpiabx", max_size=64))
@QUICK
def test_any_expression(text: str) -> None:
    """Whatever stands in an expression, its value is finite or it is refused."""
    try:
        value = evaluate(text)
    except BadExpressionError:
        return
    assert math.isfinite(value)


@given(st.recursive(finite.map(abs), lambda inner: st.tuples(inner, st.sampled_from("+-*"), inner), max_leaves=8))
@QUICK
def test_like_python(tree: object) -> None:
    """Sums, differences and products of numbers are those of floating point."""

    def written(node: object) -> str:
        return "(" + "".join(map(written, node)) + ")" if isinstance(node, tuple) else str(node)

    def worth(node: object) -> float:
        if not isinstance(node, tuple):
            assert isinstance(node, float)
            return node
        left, sign, right = worth(node[0]), node[1], worth(node[2])
        return {"+": left + right, "-": left - right, "*": left * right}[sign]

    value = worth(tree)
    if math.isfinite(value):
        assert evaluate(written(tree)) == value
    else:
        with pytest.raises(BadExpressionError):
            evaluate(written(tree))
