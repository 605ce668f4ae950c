"""Cells: how the text in a cell of a table becomes a value, and what is said of a text that does not.

A message about a cell reads on from the name of its column: `Minutes` and `is -15; …`.
"""

import json
import re
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any, Literal, TypeAlias, TypeVar

from supportcontracts.errors import InvalidValue
from supportcontracts.money import Money, Price
from supportcontracts.quantity import Incidents, Quantity, WorkTime
from supportcontracts.timeline import Instant, Zone

__all__ = [
    "HoursRounding",
    "Reader",
    "Unreadable",
    "clock_time",
    "flag",
    "instant_in",
    "name",
    "price",
    "price_or_money",
    "quantity",
    "quoted",
    "said_of",
    "time_in",
    "value_of",
    "whole",
    "word",
]


def __dir__() -> list[str]:
    return __all__


T = TypeVar("T")
Reader: TypeAlias = Callable[[str], Any]
"""Reads the text of a cell, which is not empty and has no blanks around it."""

HoursRounding = Literal["half-up", "up", "down"]
"""How decimal hours that are not whole seconds become so: to the nearest, the next or the last second."""

_MOST_SHOWN = 60
_WHOLE = re.compile(r"-?[0-9]{1,18}")
_DECIMAL = re.compile(r"-?[0-9]{1,18}(?:\.[0-9]{1,18})?")
_DECIMAL_COMMA = re.compile(r"-?[0-9]+,[0-9]+")
_CLOCK = re.compile(r"([0-9]{1,9}):([0-5][0-9])(?::([0-5][0-9]))?")
_FRACTION_OF_SECOND = re.compile(r"(:[0-9]{2})\.[0-9]+")
_PYTHON_TEXT = re.compile(r'(?:at|Money|Price)\(("[^"]*")\)')

_YES = ("yes", "y", "true", "1", "billable")
_NO = ("no", "n", "false", "0", "non-billable", "not billable")


class Unreadable(Exception):
    """A cell or a row that cannot be read, with the fields if some are at fault."""

    def __init__(self, message: str, *fields: str) -> None:
        super().__init__(message, *fields)
        self.message = message
        self.fields = fields


def quoted(cell: str) -> str:
    """Show a cell in one line."""
    shown = cell if len(cell) <= _MOST_SHOWN else f"{cell[:_MOST_SHOWN]}…"
    return json.dumps(shown, ensure_ascii=False)


def said_of(error: InvalidValue) -> str:
    """Say what was expected instead, and what to write, in words of a table instead of Python."""
    hint = _PYTHON_TEXT.sub(r"\1", error.hint.strip())
    return f"{error.expected}. {hint}" if hint else error.expected


def value_of(make: Callable[[str], T], example: str = "") -> Callable[[str], T]:
    """Read a cell by a constructor of the library, and say what that says; `example` replaces its own hint."""

    def read(cell: str) -> T:
        try:
            return make(cell)
        except InvalidValue as error:
            said = f"{error.expected}, as in {example}" if example else said_of(error)
            raise Unreadable(f"{quoted(cell)}: {said}") from None

    return read


def name(cell: str) -> str:
    """Read a name or a note as it stands."""
    return cell


def whole(least: int, what: str) -> Callable[[str], int]:
    """Read a whole number of at least `least`."""

    def read(cell: str) -> int:
        if not _WHOLE.fullmatch(cell) or int(cell) < least:
            raise Unreadable(f"{quoted(cell)}: {what} was expected")
        return int(cell)

    return read


def instant_in(zone: Zone) -> Callable[[str], Instant]:
    """Read a local time of a zone, or a time with its offset; a date is its first instant (D4, D12)."""

    def moment(cell: str) -> Instant:
        try:
            return zone.moment(_FRACTION_OF_SECOND.sub(r"\1", cell) if "." in cell else cell)
        except InvalidValue as error:
            if error.what == zone.name:  # the clocks skipped the time, or showed it twice
                raise Unreadable(f"{quoted(cell)}: in {zone.name} {said_of(error)}") from None
            if "was expected" not in error.expected:  # a date or hour that does not exist says so by itself
                raise Unreadable(f"{quoted(cell)}: {error.expected}") from None
            example = '"2025-03-04 10:00" or "2025-03-04T10:00:00+01:00"'
            raise Unreadable(f"{quoted(cell)}: a date and a time were expected, as in {example}") from None

    return moment


def number(cell: str) -> Fraction | int:
    """Read a decimal number, exactly."""
    if _WHOLE.fullmatch(cell):
        return int(cell)  # ten times as fast, and what most cells hold
    if _DECIMAL.fullmatch(cell):
        return Fraction(cell)
    if _DECIMAL_COMMA.fullmatch(cell):
        point = cell.replace(",", ".")
        raise Unreadable(f"{quoted(cell)}: a decimal point was expected. Write {quoted(point)}.")
    raise Unreadable(f"{quoted(cell)}: a number was expected")


def time_in(size: int, rounding: HoursRounding | None = None, *, option: str = "") -> Callable[[str], WorkTime]:
    """Read a decimal number of units of `size` seconds; what is not whole seconds needs a stated rounding (D4).

    `option` names the parameter that states one, where there is such a parameter.
    """

    def read(cell: str) -> WorkTime:
        exact = number(cell) * size
        if exact < 0:
            raise Unreadable(f"is {cell}, and time is never below zero")
        if exact.denominator == 1:
            return WorkTime(int(exact))
        match rounding:
            case "up":
                return WorkTime(-(-exact.numerator // exact.denominator))
            case "down":
                return WorkTime(exact.numerator // exact.denominator)
            case "half-up":
                return WorkTime((2 * exact.numerator + exact.denominator) // (2 * exact.denominator))
            case _:
                hint = f'. State {option}="half-up", "up" or "down".' if option else ""
                raise Unreadable(f"is {cell}, which is not whole seconds{hint}")

    return read


def clock_time(cell: str) -> WorkTime:
    """Read a length of time, as "1:30", "1:30:00", "1h 30m" or "PT1H30M"."""
    found = _CLOCK.fullmatch(cell)
    if found is not None:
        hour, minute, second = (int(part or 0) for part in found.groups())
        return WorkTime(hour * 3600 + minute * 60 + second)
    try:
        return WorkTime.parse(cell)
    except InvalidValue:
        raise Unreadable(f'{quoted(cell)}: a length of time was expected, as in "1:30" or "1h 30m"') from None


def quantity(cell: str) -> Quantity:
    """Read work time or incidents, as in "20h" or "10 incidents"."""
    for kind in (WorkTime, Incidents):
        try:
            return kind.parse(cell)
        except InvalidValue:
            continue
    raise Unreadable(f'{quoted(cell)}: a quantity and its unit were expected, as in "20h" or "10 incidents"')


price = value_of(Price)


def price_or_money(cell: str) -> Price | Money:
    """Read a price per unit, or the money for the whole."""
    made: Price | Money = price(cell) if "/" in cell else value_of(Money)(cell)
    return made


def word(choices: Mapping[str, T]) -> Callable[[str], T]:
    """Read one of some words, in upper or lower case, with blanks or hyphens."""

    def read(cell: str) -> T:
        spelled = re.sub(r"[\s_]+", "-", cell.lower())
        if spelled not in choices:
            raise Unreadable(f"{quoted(cell)}: choose {', '.join(choices)}")
        return choices[spelled]

    return read


def flag(cell: str) -> Literal["billable", "non-billable"]:
    """Read whether work is billable, in the words that exports use."""
    spelled = cell.lower()
    if spelled in _YES:
        return "billable"
    if spelled in _NO:
        return "non-billable"
    raise Unreadable(f"{quoted(cell)}: yes or no was expected")
