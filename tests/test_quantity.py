"""Quantities: written, printed, refused. Every expected value is worked out by hand."""

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from functools import partial
from operator import add, ge, gt, le, lt, mul, sub
from typing import Any

import pytest

from supportcontracts import quantity as module
from supportcontracts.errors import FloatRefused, InvalidValue, UnitMismatch
from supportcontracts.quantity import (
    Incidents,
    WorkTime,
    allocate_whole,
    exact,
    hours,
    incidents,
    minutes,
    percent,
    quantity,
    ratio,
    seconds,
    weigh,
)


def test_the_module_shows_its_public_names_only() -> None:
    """`dir` of the module lists what `__all__` lists."""
    assert dir(module) == sorted(module.__all__)


@pytest.mark.parametrize(
    ("built", "expected"),
    [
        (hours(10), 36_000),
        (hours("1.5"), 5_400),
        (hours(Decimal("0.25")), 900),
        (hours(Fraction(1, 3)), 1_200),
        (hours(Fraction(4, 2)), 7_200),
        (minutes(90), 5_400),
        (minutes("0.5"), 30),
        (seconds(45), 45),
        (hours(0), 0),
    ],
)
def test_words_build_work_time_in_seconds(built: WorkTime, expected: int) -> None:
    """An hour is 3600 seconds and a minute 60, for ints, decimals, fractions and decimal text alike."""
    assert built == WorkTime(expected)
    assert (built.amount, built.unit) == (expected, "work")


@pytest.mark.rule("D4")
@pytest.mark.parametrize(
    ("build", "value", "hint"),
    [
        (hours, Fraction(1, 7), "seconds(514)"),
        (hours, "0.0001", "seconds(0)"),
        (minutes, "0.01", "seconds(0)"),
        (seconds, "1.5", "seconds(1)"),
        (seconds, Decimal("2.1"), "seconds(2)"),
    ],
)
def test_work_time_that_is_not_whole_seconds_is_refused(
    build: Callable[[object], object], value: object, hint: str
) -> None:
    """One second is the resolution of time: a quantity between two seconds is refused, with a whole one to write."""
    with pytest.raises(InvalidValue, match="work time is whole seconds") as caught:
        build(value)
    assert hint in caught.value.hint


@pytest.mark.parametrize(
    ("build", "value", "hint"),
    [
        (hours, 1.5, 'hours("1.5")'),
        (minutes, float("nan"), 'minutes("1.5")'),
        (seconds, 30.0, 'seconds("30")'),
        (WorkTime, 1.5, 'hours("1.5")'),
        (incidents, 2.0, "incidents(2)"),
        (percent, 4.0, 'percent("12.5")'),
        (ratio, 1.5, '"1.5"'),
        (partial(weigh, 10), 1.5, '"1.5"'),
        (partial(mul, hours(1)), 1.5, "weigh("),
        (partial(mul, incidents(1)), 1.5, "weigh("),
        (partial(allocate_whole, 10), [1.5], "ratio"),
    ],
)
def test_floats_are_refused_with_what_to_write(build: Callable[[object], object], value: object, hint: str) -> None:
    """No quantity, share or weight is ever made from a float, and the error shows the text to write."""
    with pytest.raises(FloatRefused) as caught:
        build(value)
    assert hint in caught.value.hint


@pytest.mark.parametrize(
    "value",
    [True, None, "", "1,5", "1,500", "+1", "1e3", " 1", "1 ", "1.", ".5", "٣", "1/3", "x", Decimal("NaN"),
     Decimal("Infinity"), Decimal("1E+1000000000"), "9" * 1001, [1], 1j],
)  # fmt: skip
@pytest.mark.parametrize("build", [hours, minutes, seconds, percent, ratio])
def test_what_is_not_a_plain_number_is_refused(build: Callable[[object], object], value: object) -> None:
    """The gate for exact numbers takes ints, finite decimals, fractions and plain ASCII decimal text, nothing else."""
    with pytest.raises(InvalidValue) as caught:
        build(value)
    assert not isinstance(caught.value, FloatRefused)


@pytest.mark.parametrize("build", [hours, minutes, seconds])
def test_quantities_below_zero_are_refused(build: Callable[[object], object]) -> None:
    """A quantity is never below zero, however it is written."""
    for value in (-1, "-1", Decimal(-1), Fraction(-1)):
        with pytest.raises(InvalidValue, match="never below zero"):
            build(value)


@pytest.mark.parametrize("kind", [WorkTime, Incidents])
def test_raw_units_are_whole_numbers_of_at_least_zero(kind: Callable[[object], object]) -> None:
    """The constructors take an int of at least zero; a bool, a text or a negative number is refused."""
    for value in (-1, True, "3", None, Decimal(3)):
        with pytest.raises(InvalidValue):
            kind(value)


def test_subclasses_of_int_are_ints() -> None:
    """An int of a subclass is a whole number like any other."""

    class Count(int):
        pass

    assert incidents(Count(3)) == incidents(3)


@pytest.mark.parametrize(
    ("time", "printed", "short", "iso", "shown"),
    [
        (seconds(0), "0h 00m", "0m", "PT0S", "hours(0)"),
        (minutes(15), "0h 15m", "15m", "PT15M", "minutes(15)"),
        (minutes(90), "1h 30m", "1h 30m", "PT1H30M", "minutes(90)"),
        (hours(20), "20h 00m", "20h", "PT20H", "hours(20)"),
        (seconds(5415), "1h 30m 15s", "1h 30m 15s", "PT1H30M15S", "seconds(5415)"),
        (seconds(3605), "1h 00m 05s", "1h 5s", "PT1H5S", "seconds(3605)"),
        (seconds(59), "0h 00m 59s", "59s", "PT59S", "seconds(59)"),
        (hours(1000), "1000h 00m", "1000h", "PT1000H", "hours(1000)"),
    ],
)
def test_work_time_prints_in_four_ways(time: WorkTime, printed: str, short: str, iso: str, shown: str) -> None:
    """Text has hours and minutes, seconds if any; headings and ISO 8601 leave zero parts out; repr is code."""
    assert (str(time), time.short(), time.iso(), repr(time)) == (printed, short, iso, shown)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1h 30m", 5_400), ("2h 00m", 7_200), ("0h 45m", 2_700), ("1h 30m 15s", 5_415), ("10h", 36_000), ("45m", 2_700),
        ("90m", 5_400), ("75s", 75), ("1h 5s", 3_605), ("2m 3s", 123), ("PT10H", 36_000), ("PT1H30M", 5_400),
        ("PT90M", 5_400), ("PT45S", 45), ("PT0S", 0), ("PT1H5S", 3_605),
    ],
)  # fmt: skip
def test_work_time_reads_what_it_prints_and_iso_durations(text: str, expected: int) -> None:
    """Printed text and ISO 8601 durations of hours, minutes and seconds are read; the first part may exceed 59."""
    assert WorkTime.parse(text) == WorkTime(expected)


@pytest.mark.parametrize("text", ["P1D", "P1W", "P2M", "P1Y", "P1DT2H"])
def test_days_are_not_hours(text: str) -> None:
    """A duration with days, weeks, months or years is refused with the reason."""
    with pytest.raises(InvalidValue, match="a day is not a number of hours"):
        WorkTime.parse(text)


@pytest.mark.parametrize(
    "text",
    ["", "P", "PT", "h", "1", "1h30m", "1h  30m", " 1h", "1h ", "1h 90m", "1m 60s", "PT1H60M", "30m 1h", "1.5h",
     "PT1.5H", "-1h", "-PT1H", "pt1h", "1H", "PT1H 30M", "٣h", "1h\n", "1h 30m ", "9" * 1001 + "h", None, 5400],
)  # fmt: skip
def test_other_texts_are_not_work_time(text: object) -> None:
    """Reading is strict: the whole text, ASCII digits, parts in order, below 60 after the first."""
    parse: Callable[[Any], WorkTime] = WorkTime.parse
    with pytest.raises(InvalidValue, match="hours, minutes and seconds were expected"):
        parse(text)


def test_incidents_print_and_read() -> None:
    """One incident is singular; text, repr and reading agree."""
    assert [str(incidents(n)) for n in (0, 1, 3)] == ["0 incidents", "1 incident", "3 incidents"]
    assert repr(incidents(3)) == "incidents(3)"
    assert Incidents.parse("1 incident") == incidents(1)
    assert (incidents(3).amount, incidents(3).unit) == (3, "incidents")
    for text in (
        "",
        "3",
        "three incidents",
        "3  incidents",
        "-1 incidents",
        "3 Incidents",
        "1.5 incidents",
        "٣ incidents",
    ):
        with pytest.raises(InvalidValue, match="a number of incidents was expected"):
            Incidents.parse(text)


def test_quantities_are_built_by_unit() -> None:
    """A unit and raw whole units make a quantity; any other unit is refused."""
    assert quantity("work", 60) == minutes(1)
    assert quantity("incidents", 2) == incidents(2)
    with pytest.raises(InvalidValue, match='choose "work" or "incidents"'):
        quantity("hours", 2)


def test_arithmetic_keeps_the_unit() -> None:
    """Quantities of one unit add, subtract, multiply by ints, sum and compare."""
    assert hours(1) + minutes(30) == minutes(90)
    assert hours(1) - minutes(15) == minutes(45)
    assert minutes(20) * 3 == 3 * minutes(20) == hours(1)
    assert sum([hours(1), hours(2)]) == sum([hours(1), hours(2)], WorkTime(0)) == hours(3)
    assert minutes(59) < hours(1) <= minutes(60) >= hours(1) > minutes(59)
    assert not hours(1) < hours(1)
    assert not hours(1) > hours(1)
    assert incidents(1) + incidents(2) == incidents(3)
    assert incidents(3) - incidents(3) == incidents(0)
    assert incidents(2) * 3 == 3 * incidents(2) == incidents(6)
    assert sum([incidents(1), incidents(2)]) == incidents(3)
    assert incidents(1) < incidents(2) <= incidents(2) >= incidents(2) > incidents(1)
    assert not incidents(1) < incidents(1)
    assert not incidents(1) > incidents(1)
    assert [bool(q) for q in (hours(0), seconds(1), incidents(0), incidents(1))] == [False, True, False, True]


@pytest.mark.parametrize("operation", [add, sub, lt, le, gt, ge])
@pytest.mark.parametrize(
    ("left", "right"),
    [
        (hours(1), incidents(1)), (incidents(1), hours(1)), (hours(1), 1), (incidents(1), 1), (hours(1), 1.0),
        (hours(1), Fraction(1)), (incidents(1), Decimal(1)), (hours(1), 0), (incidents(1), True),
    ],
)  # fmt: skip
def test_units_never_mix(operation: Callable[[object, object], object], left: object, right: object) -> None:
    """Work time, incidents and bare numbers neither add up nor compare; equality between them is just False."""
    with pytest.raises(UnitMismatch) as caught:
        operation(left, right)
    assert caught.value.hint
    assert left != right


@pytest.mark.parametrize("operation", [add, lt, le, gt, ge])
@pytest.mark.parametrize("number", [1, Decimal(1), True, 1.0])
def test_numbers_on_the_left_have_no_unit_either(operation: Callable[[object, object], object], number: object) -> None:
    """Only the int 0, from which sum() starts, is added to a quantity from the left."""
    for ours in (hours(1), incidents(1)):
        with pytest.raises(UnitMismatch):
            operation(number, ours)
        assert operation(0, ours) == ours if operation is add else True


@pytest.mark.parametrize("operation", [add, sub, mul, lt, le, gt, ge])
@pytest.mark.parametrize("stranger", [None, {}, object()])
def test_strangers_are_left_to_python(operation: Callable[[object, object], object], stranger: object) -> None:
    """With an operand of another class, Python's own TypeError tells which operator is missing."""
    for ours in (hours(1), incidents(1)):
        with pytest.raises(TypeError):
            operation(ours, stranger)
        with pytest.raises(TypeError):
            operation(stranger, ours)


@pytest.mark.parametrize("factor", [True, Fraction(3, 2), Decimal("1.5"), hours(1), incidents(1)])
def test_only_ints_multiply_a_quantity(factor: object) -> None:
    """A factor that would need a rounding rule is refused, and so is a product of quantities."""
    for ours in (hours(1), incidents(1)):
        with pytest.raises(InvalidValue):
            mul(ours, factor)
        with pytest.raises(InvalidValue):
            mul(factor, ours)


def test_nothing_is_taken_below_zero() -> None:
    """A difference or a product below zero is refused, and the difference says what to write."""
    with pytest.raises(InvalidValue, match=r"1h 00m - 2h 00m; a quantity is never below zero") as caught:
        hours(1) - hours(2)
    assert "min(left, used)" in caught.value.hint
    with pytest.raises(InvalidValue, match="1 incident - 2 incidents"):
        incidents(1) - incidents(2)
    for ours in (hours(1), incidents(1)):
        with pytest.raises(InvalidValue):
            ours * -1


def test_shares_and_multipliers_are_exact() -> None:
    """A percentage is a hundredth, a ratio is the number itself, and a ratio is never below zero."""
    assert percent(4) == Fraction(1, 25)
    assert percent("12.5") == percent(Decimal("12.5")) == percent(Fraction(25, 2)) == Fraction(1, 8)
    assert percent(-2) == Fraction(-1, 50)
    assert ratio("1.5") == ratio(Decimal("1.5")) == Fraction(3, 2)
    assert (ratio(0), ratio(2)) == (Fraction(0), Fraction(2))
    assert exact("index", "-126.30", write='"126.3"') == Fraction(-1263, 10)
    for value in (-1, "-0.5", Fraction(-1, 3)):
        with pytest.raises(InvalidValue, match="at least 0"):
            ratio(value, "multiplier")


@pytest.mark.rule("D8")
@pytest.mark.parametrize(
    ("amount", "factor", "expected"),
    [
        (7200, Fraction(3, 2), 10_800),
        (1, Fraction(1, 2), 1),
        (3, Fraction(1, 2), 2),
        (1, Fraction(49, 100), 0),
        (5, Fraction(1, 3), 2),
        (4, Fraction(1, 3), 1),
        (100, 0, 0),
        (0, Fraction(7, 3), 0),
        (100, 3, 300),
    ],
)
def test_weighted_units_are_rounded_half_up_once(amount: int, factor: int | Fraction, expected: int) -> None:
    """A quantity multiplier gives whole units, a half going up."""
    assert weigh(amount, factor) == expected


def test_weighing_takes_whole_units_and_factors_from_zero() -> None:
    """Units below zero, parts of units and factors below zero are refused."""
    for amount, factor in ((-1, Fraction(1)), (1, Fraction(-1)), (1, -1), (True, 1), (1, True), (Fraction(1), 1)):
        with pytest.raises(InvalidValue):
            weigh(amount, factor)  # type: ignore[arg-type]  # what a reader may try


@pytest.mark.rule("D24")
@pytest.mark.parametrize(
    ("total", "weights", "expected"),
    [
        (10, [1, 1, 1], (4, 3, 3)),
        (-10, [1, 1, 1], (-4, -3, -3)),
        (5, [1, 1], (3, 2)),
        (2, [0, 1, 0, 1, 1], (0, 1, 0, 1, 0)),
        (100, [50, 30, 20], (50, 30, 20)),
        # Exact shares 1.5, 1.5, 7: the first of the two equal remainders gets the spare unit.
        (10, [3, 3, 14], (2, 1, 7)),
        # Exact shares 1.25, 3.75: the larger remainder gets it.
        (5, [1, 3], (1, 4)),
        (1, [Fraction(1, 3), Fraction(2, 3)], (0, 1)),
        (7, [Decimal("0.5"), Fraction(1, 2), 1], (2, 2, 3)),
        (0, [1, 2], (0, 0)),
        (3, [7], (3,)),
    ],
)
def test_parts_go_to_the_largest_remainders(total: int, weights: list[Any], expected: tuple[int, ...]) -> None:
    """Spare units go to the largest remainders, ties to the smallest index, and negatives are the mirror image."""
    assert allocate_whole(total, weights) == expected


@pytest.mark.rule("D24")
@pytest.mark.parametrize(
    "weights", [[], [0], [0, 0], [1, -1], [Fraction(-1, 2), 1], [True], ["1"], [None], "11", [Decimal("NaN")]]
)
def test_weights_that_split_nothing_are_refused(weights: object) -> None:
    """No weights, only zeros, a negative weight or one that is not a number: nothing is split, nothing is lost."""
    split: Callable[[int, Any], object] = allocate_whole
    for total in (0, 5, -5):
        with pytest.raises(InvalidValue):
            split(total, weights)


def test_only_whole_totals_are_split() -> None:
    """A total that is not a whole number is refused."""
    for total in (Fraction(1, 2), True, "5"):
        with pytest.raises(InvalidValue):
            allocate_whole(total, [1])  # type: ignore[arg-type]  # what a reader may try
