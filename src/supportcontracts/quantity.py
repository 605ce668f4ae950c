"""Quantities of support: work time in whole seconds, incidents in whole numbers, and the exact numbers that scale them.

The model: a quantity is a non-negative integer of one raw unit (`seconds` or `count`) under a type of its own, so that
hours and incidents can never be added up or compared. What is not whole is a `Fraction` (a share, a multiplier), and
there is one place where each kind of whole comes back: `weigh` for a multiplied quantity, `allocate_whole` for a split.
Floats are refused everywhere, since a binary fraction cannot hold 0.1 of anything.
"""

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from math import lcm
from typing import Literal, TypeAlias

from supportcontracts._fields import frozen, is_whole, opaque, require_whole
from supportcontracts.errors import FloatRefused, InvalidValue, UnitMismatch

__all__ = [
    "Incidents",
    "Number",
    "Quantity",
    "Unit",
    "WorkTime",
    "allocate_whole",
    "exact",
    "hours",
    "incidents",
    "minutes",
    "percent",
    "quantity",
    "ratio",
    "seconds",
    "split_whole",
    "weigh",
]


def __dir__() -> list[str]:
    return __all__


Unit: TypeAlias = Literal["work", "incidents"]
Number: TypeAlias = int | Decimal | Fraction | str

# Ends far above any amount of money or time and far below the 4300 digits at which Python refuses to convert.
_LONGEST = 1000
_SIXTY = 60
_DECIMAL_TEXT = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_PRINTED = re.compile(r"(?=[0-9])(?:([0-9]+)h)?(?:(?:(?<=h) |^)([0-9]+)m)?(?:(?:(?<=[hm]) |^)([0-9]+)s)?")
_ISO = re.compile(r"PT(?=[0-9])(?:([0-9]+)H)?(?:([0-9]+)M)?(?:([0-9]+)S)?")
_CALENDAR = re.compile(r"P[^T].*")
_COUNTED = re.compile(r"([0-9]+) incidents?")


@frozen(repr=False)
class WorkTime:
    """Work time is a whole number of seconds, never below zero.

    Args:
        seconds: the time in seconds. `hours`, `minutes` and `seconds` read better.

    Raises:
        FloatRefused: for a float.
        InvalidValue: for anything else that is not a whole number, or is below zero.

    Example:
        >>> hours("1.5") + minutes(15)
        minutes(105)
        >>> print(hours("1.5") + minutes(15))
        1h 45m
        >>> WorkTime(5400) == WorkTime.parse("1h 30m") == WorkTime.parse("PT90M")
        True
    """

    seconds: int

    def __attrs_post_init__(self) -> None:
        if type(self.seconds) is not int or self.seconds < 0:
            _check_raw("WorkTime", self.seconds, 'hours("1.5")')

    @property
    def amount(self) -> int:
        """The raw whole units: seconds."""
        return self.seconds

    @property
    def unit(self) -> Literal["work"]:
        """The unit, as a word: work time is never mixed with another unit."""
        return "work"

    @classmethod
    def parse(cls, text: str) -> "WorkTime":
        """Read the text that a work time prints, or an ISO 8601 duration of hours, minutes and seconds.

        Only the first part may exceed 59 ("90m", "PT90M", but not "1h 90m"). Days, weeks, months and years are
        refused, since how many hours of work they hold is a question for a calendar.

        Raises:
            InvalidValue: for any other text.

        Example:
            >>> print(WorkTime.parse("1h 30m"), WorkTime.parse("PT10H"), WorkTime.parse("45m"), sep=", ")
            1h 30m, 10h 00m, 0h 45m
        """
        found = _match(_PRINTED, text) or _match(_ISO, text)
        if found is not None:
            parts = [int(part) for part in found.groups() if part is not None]
            if max(parts[1:], default=0) < _SIXTY:
                hour, minute, second = (int(part or 0) for part in found.groups())
                return cls(hour * 3600 + minute * 60 + second)
        if _match(_CALENDAR, text):
            raise InvalidValue(
                "WorkTime", f'"{text}"', "a day is not a number of hours", 'Write the hours, as in "PT10H".'
            )
        raise InvalidValue(
            "WorkTime", opaque(text), "hours, minutes and seconds were expected", 'Write "1h 30m" or "PT1H30M".'
        )

    def iso(self) -> str:
        """Print the time as an ISO 8601 duration, without zero parts.

        Example:
            >>> hours("1.5").iso(), hours(10).iso(), hours(0).iso()
            ('PT1H30M', 'PT10H', 'PT0S')
        """
        parts = zip(_clock_parts(self.seconds), "HMS", strict=True)
        return "PT" + ("".join(f"{count}{letter}" for count, letter in parts if count) or "0S")

    def short(self) -> str:
        """Print the time for a heading, without zero parts.

        Example:
            >>> minutes(15).short(), hours(20).short(), hours("1.5").short(), hours(0).short()
            ('15m', '20h', '1h 30m', '0m')
        """
        parts = zip(_clock_parts(self.seconds), "hms", strict=True)
        return " ".join(f"{count}{letter}" for count, letter in parts if count) or "0m"

    def __str__(self) -> str:
        hour, minute, second = _clock_parts(self.seconds)
        return f"{hour}h {minute:02}m {second:02}s" if second else f"{hour}h {minute:02}m"

    def __repr__(self) -> str:
        if self.seconds % 60:
            return f"seconds({self.seconds})"
        if self.seconds % 3600:
            return f"minutes({self.seconds // 60})"
        return f"hours({self.seconds // 3600})"

    def __bool__(self) -> bool:
        return self.seconds != 0

    def __add__(self, other: "WorkTime") -> "WorkTime":
        return WorkTime(self.seconds + other.seconds) if _same_unit(self, other) else NotImplemented

    def __radd__(self, other: int) -> "WorkTime":
        if is_whole(other) and other == 0:
            return self  # the builtin sum() starts from the int 0
        _same_unit(self, other)
        return NotImplemented

    def __sub__(self, other: "WorkTime") -> "WorkTime":
        if not _same_unit(self, other):
            return NotImplemented
        _check_difference(self, other)
        return WorkTime(self.seconds - other.seconds)

    def __mul__(self, factor: int) -> "WorkTime":
        return WorkTime(self.seconds * factor) if _is_factor(self, factor) else NotImplemented

    __rmul__ = __mul__

    def __lt__(self, other: "WorkTime") -> bool:
        return self.seconds < other.seconds if _same_unit(self, other) else NotImplemented

    def __le__(self, other: "WorkTime") -> bool:
        return self.seconds <= other.seconds if _same_unit(self, other) else NotImplemented

    def __gt__(self, other: "WorkTime") -> bool:
        return self.seconds > other.seconds if _same_unit(self, other) else NotImplemented

    def __ge__(self, other: "WorkTime") -> bool:
        return self.seconds >= other.seconds if _same_unit(self, other) else NotImplemented


@frozen(repr=False)
class Incidents:
    """Incidents are indivisible: a whole number, never below zero.

    Args:
        count: how many. `incidents` reads better.

    Raises:
        FloatRefused: for a float.
        InvalidValue: for anything else that is not a whole number, or is below zero.

    Example:
        >>> incidents(2) + incidents(1)
        incidents(3)
        >>> print(incidents(1), Incidents.parse("3 incidents"), sep=", ")
        1 incident, 3 incidents
    """

    count: int

    def __attrs_post_init__(self) -> None:
        if type(self.count) is not int or self.count < 0:
            _check_raw("Incidents", self.count, "incidents(2)")

    @property
    def amount(self) -> int:
        """The raw whole units: incidents."""
        return self.count

    @property
    def unit(self) -> Literal["incidents"]:
        """The unit, as a word: incidents are never mixed with another unit."""
        return "incidents"

    @classmethod
    def parse(cls, text: str) -> "Incidents":
        """Read the text that a number of incidents prints.

        Raises:
            InvalidValue: for any other text.

        Example:
            >>> Incidents.parse("3 incidents")
            incidents(3)
        """
        found = _match(_COUNTED, text)
        if found is None:
            raise InvalidValue("Incidents", opaque(text), "a number of incidents was expected", 'Write "3 incidents".')
        return cls(int(found[1]))

    def __str__(self) -> str:
        return "1 incident" if self.count == 1 else f"{self.count} incidents"

    def __repr__(self) -> str:
        return f"incidents({self.count})"

    def __bool__(self) -> bool:
        return self.count != 0

    def __add__(self, other: "Incidents") -> "Incidents":
        return Incidents(self.count + other.count) if _same_unit(self, other) else NotImplemented

    def __radd__(self, other: int) -> "Incidents":
        if is_whole(other) and other == 0:
            return self  # the builtin sum() starts from the int 0
        _same_unit(self, other)
        return NotImplemented

    def __sub__(self, other: "Incidents") -> "Incidents":
        if not _same_unit(self, other):
            return NotImplemented
        _check_difference(self, other)
        return Incidents(self.count - other.count)

    def __mul__(self, factor: int) -> "Incidents":
        return Incidents(self.count * factor) if _is_factor(self, factor) else NotImplemented

    __rmul__ = __mul__

    def __lt__(self, other: "Incidents") -> bool:
        return self.count < other.count if _same_unit(self, other) else NotImplemented

    def __le__(self, other: "Incidents") -> bool:
        return self.count <= other.count if _same_unit(self, other) else NotImplemented

    def __gt__(self, other: "Incidents") -> bool:
        return self.count > other.count if _same_unit(self, other) else NotImplemented

    def __ge__(self, other: "Incidents") -> bool:
        return self.count >= other.count if _same_unit(self, other) else NotImplemented


Quantity: TypeAlias = WorkTime | Incidents


def quantity(unit: str, amount: int) -> Quantity:
    """Build the quantity of `unit` that has `amount` raw whole units: seconds of work, or incidents.

    Raises:
        InvalidValue: for an unknown unit or an impossible amount.

    Example:
        >>> quantity("work", 5400), quantity("incidents", 3)
        (minutes(90), incidents(3))
    """
    if unit == "work":
        return WorkTime(amount)
    if unit == "incidents":
        return Incidents(amount)
    raise InvalidValue("quantity", opaque(unit), 'choose "work" or "incidents"')


def hours(x: Number) -> WorkTime:
    """Build a work time from hours, which must come out in whole seconds.

    Raises:
        FloatRefused: for a float.
        InvalidValue: below zero, or if the seconds are not whole (D4).

    Example:
        >>> hours(10), hours("1.5")
        (hours(10), minutes(90))
    """
    return _work_time("hours", x, 3600)


def minutes(x: Number) -> WorkTime:
    """Build a work time from minutes, which must come out in whole seconds.

    Raises:
        FloatRefused: for a float.
        InvalidValue: below zero, or if the seconds are not whole (D4).

    Example:
        >>> print(minutes(90))
        1h 30m
    """
    return _work_time("minutes", x, 60)


def seconds(n: Number) -> WorkTime:
    """Build a work time from whole seconds.

    Raises:
        FloatRefused: for a float.
        InvalidValue: below zero, or if the seconds are not whole (D4).

    Example:
        >>> print(seconds(4515))
        1h 15m 15s
    """
    return _work_time("seconds", n, 1)


def incidents(n: int) -> Incidents:
    """Build a number of incidents.

    Raises:
        FloatRefused: for a float.
        InvalidValue: for anything else that is not a whole number, or is below zero.

    Example:
        >>> print(incidents(3))
        3 incidents
    """
    return Incidents(n)


def exact(what: str, value: object, *, write: str) -> Fraction:
    """Return the exact number that `value` is: the gate for every number that need not be whole.

    Args:
        what: the name that an error speaks of.
        value: an int, a Decimal, a Fraction, or decimal text without sign "+", exponent or thousands separators.
        write: the example that an error shows.

    Raises:
        FloatRefused: for a float.
        InvalidValue: for a bool, a Decimal that is not finite, or anything else that is not a number.

    Example:
        >>> exact("index value", "126.3", write='"126.3"')
        Fraction(1263, 10)
    """
    if type(value) is Fraction:
        return value
    if isinstance(value, float):
        raise FloatRefused(what, opaque(value), "a float is not exact", f"Write it as text, as in {write}.")
    if isinstance(value, (int, Fraction)) and not isinstance(value, bool):
        return Fraction(value)
    if isinstance(value, Decimal) and value.is_finite() and abs(value.adjusted()) < _LONGEST:
        return Fraction(value)
    if found := _match(_DECIMAL_TEXT, value):
        return Fraction(found[0])
    raise InvalidValue(
        what,
        opaque(value),
        "an int, a Decimal, a Fraction or plain decimal text was expected",
        f"Write it as in {write}.",
    )


def percent(x: Number) -> Fraction:
    """Return `x` per cent as an exact share.

    Raises:
        FloatRefused: for a float.
        InvalidValue: for anything else that is not a number.

    Example:
        >>> percent(4), percent("12.5")
        (Fraction(1, 25), Fraction(1, 8))
    """
    return exact("percent", x, write='percent("12.5")') / 100


def ratio(x: Number, what: str = "ratio") -> Fraction:
    """Return the multiplier that `x` is: an exact number, never below zero.

    Raises:
        FloatRefused: for a float.
        InvalidValue: below zero, or for anything else that is not a number.

    Example:
        >>> ratio("1.5")
        Fraction(3, 2)
    """
    value = exact(what, x, write='"1.5"')
    if value.numerator < 0:
        raise InvalidValue(what, str(x), "at least 0 was expected")
    return value


def weigh(amount: int, factor: Number) -> int:
    """Multiply whole units by a factor and round half up to whole units again (D8).

    Raises:
        FloatRefused: if either is a float.
        InvalidValue: if either is below zero or not a number.

    Example:
        >>> weigh(7200, ratio("1.5")), weigh(1, ratio("0.5"))
        (10800, 1)
    """
    require_whole("weigh", amount, least=0)
    exact_factor = ratio(factor, "weigh")
    top, bottom = exact_factor.numerator, exact_factor.denominator
    return (2 * amount * top + bottom) // (2 * bottom)


def allocate_whole(total: int, weights: Iterable[int | Fraction | Decimal]) -> tuple[int, ...]:
    """Split a whole number in proportion to weights, so that the parts are whole and add up to it (D24).

    Every part is first rounded toward zero; the units left over go to the largest remainders, ties to the smallest
    index. A weight of zero gets nothing, and a negative total is split as its mirror image.

    Raises:
        FloatRefused: if a number is a float.
        InvalidValue: for a negative weight, or if there are no weights but zeros.

    Example:
        >>> allocate_whole(10, [1, 1, 1]), allocate_whole(-10, [1, 1, 1])
        ((4, 3, 3), (-4, -3, -3))
    """
    require_whole("allocate", total)
    shares = _whole_weights(weights)
    whole = sum(shares)
    if whole == 0:
        got = "weights that are all zero" if shares else "no weights"
        raise InvalidValue("allocate", got, "there is nothing to split by", "Give at least one weight above zero.")
    parts = split_whole(abs(total), shares)
    return tuple(-part for part in parts) if total < 0 else parts


def split_whole(size: int, shares: Sequence[int]) -> tuple[int, ...]:
    """Split as `allocate_whole` does, where nothing has to be checked any more (D24).

    Args:
        size: a whole number, not below zero.
        shares: whole numbers, not below zero, and not all zero.

    Example:
        >>> split_whole(10, [1, 1, 1]), split_whole(5, [1, 1]), split_whole(5, [7])
        ((4, 3, 3), (3, 2), (5,))
    """
    whole = sum(shares)
    if len(shares) == 2:
        # Of two remainders, both above zero, the first is the larger if it is at least a half.
        first = (2 * size * shares[0] + whole) // (2 * whole)
        return first, size - first
    parts = [size * share // whole for share in shares]
    spare = size - sum(parts)
    if spare:
        # The remainders add up to spare x whole and each is below whole, so only positive ones are reached.
        by_remainder = sorted(range(len(shares)), key=lambda i: (-(size * shares[i] % whole), i))
        for index in by_remainder[:spare]:
            parts[index] += 1
    return tuple(parts)


def _whole_weights(weights: Iterable[int | Fraction | Decimal]) -> list[int]:
    """Scale weights to whole numbers of the same proportions."""
    given = list(weights)
    shares = [weight for weight in given if type(weight) is int]
    if len(shares) < len(given):
        fractions = [_weight(weight) for weight in given]
        scale = lcm(*(weight.denominator for weight in fractions))
        shares = [weight.numerator * (scale // weight.denominator) for weight in fractions]
    if shares and min(shares) < 0:
        negative = given[shares.index(min(shares))]
        raise InvalidValue("allocate", f"the weight {negative}", "at least 0 was expected")
    return shares


def _weight(weight: object) -> Fraction:
    if isinstance(weight, str):
        raise InvalidValue("allocate", opaque(weight), "an int, a Fraction or a Decimal was expected as weight")
    return exact("allocate", weight, write='ratio("1.5")')


def _match(pattern: re.Pattern[str], text: object) -> re.Match[str] | None:
    """Match the whole of `text`, if it is a text at all."""
    return pattern.fullmatch(text) if isinstance(text, str) and len(text) <= _LONGEST else None


def _clock_parts(total: int) -> tuple[int, int, int]:
    minute, second = divmod(total, 60)
    hour, minute = divmod(minute, 60)
    return hour, minute, second


def _work_time(what: str, x: Number, size: int) -> WorkTime:
    total = exact(what, x, write=f'{what}("{"30" if size == 1 else "1.5"}")') * size
    if total < 0:
        raise InvalidValue(what, str(x), "a quantity is never below zero")
    if total.denominator != 1:
        raise InvalidValue(
            what,
            str(x),
            f"that is {total} seconds, and work time is whole seconds",
            f"Round it first, as in seconds({total.numerator // total.denominator}).",
        )
    return WorkTime(total.numerator)


def _check_raw(what: str, value: object, write: str) -> None:
    if isinstance(value, float):
        raise FloatRefused(what, opaque(value), "a whole number was expected", f"Write {write}.")
    require_whole(what, value, least=0)


def _same_unit(left: Quantity, right: object) -> bool:
    """Tell whether `right` is of the same unit as `left`; refuse what would lose or mix units without a word."""
    if type(right) is type(left):
        return True
    name = type(left).__name__
    if isinstance(right, (WorkTime, Incidents)):
        raise UnitMismatch(
            name,
            str(right),
            "work time and incidents never add up or compare",
            "Keep two totals, one of each unit.",
        )
    if isinstance(right, (int, float, Decimal, Fraction)):
        word = "hours(2)" if isinstance(left, WorkTime) else "incidents(2)"
        raise UnitMismatch(name, opaque(right), "a bare number has no unit", f"Say which unit, as in {word}.")
    return False


def _check_difference(left: Quantity, right: Quantity) -> None:
    if right.amount > left.amount:
        raise InvalidValue(
            type(left).__name__,
            f"{left} - {right}",
            "a quantity is never below zero",
            "Take no more than there is, as in left - min(left, used).",
        )


def _is_factor(left: Quantity, factor: object) -> bool:
    """Tell whether `factor` is a whole number; refuse numbers that would need a rounding rule."""
    name = type(left).__name__
    if isinstance(factor, float):
        raise FloatRefused(name, opaque(factor), "a float is not exact", 'Write weigh(q.amount, ratio("1.5")).')
    if isinstance(factor, (bool, Decimal, Fraction)):
        raise InvalidValue(
            name,
            f"the {type(factor).__name__} {factor}",
            "a quantity is multiplied by whole numbers only",
            'To weight it and round half up, write weigh(q.amount, ratio("1.5")).',
        )
    if isinstance(factor, (WorkTime, Incidents)):
        raise UnitMismatch(name, str(factor), "a product of two quantities has no unit", "Multiply by an int.")
    return isinstance(factor, int)
