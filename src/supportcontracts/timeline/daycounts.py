"""Day counts: by which convention a part of a cycle is a share of it.

Every convention is one rising function of the day, 0 where the cycle starts and 1 where it ends; the share of a part is
the difference of its ends. So shares of parts add up to the whole, whatever the convention and wherever it is cut, and
a part of no days has no share. The conventions differ only in how the function rises in between:

| name | how much of a cycle has passed |
|---|---|
| `actual-days` | its local days, over the days that it really has |
| `actual-days-by-month` | each month is an equal part, and within one its local days count |
| `by-second` | its seconds, over the seconds that it really has: a day of 23 hours counts less |
| `30/360` | every month has 30 days; a 31st adds nothing |
| `actual/30` | its local days, over 30 for each month, until nothing is left |
| `actual/365` | its local days, over 365 for twelve months, until nothing is left |
| `whole-months` | the months that are complete |
| `started-months` | the months that have begun |
| `started-half-months` | the half months that have begun; the second half begins with the 16th day |

The months are those of the cycle, counted from its own first day.
"""

from bisect import bisect_left, bisect_right
from datetime import date
from fractions import Fraction
from typing import Literal, assert_never, get_args

from supportcontracts._fields import opaque
from supportcontracts.errors import InvalidValue
from supportcontracts.timeline.dates import actual_days, add_months, as_date
from supportcontracts.timeline.spans import Period, Term

__all__ = ["DayCount", "check_day_count", "passed_share", "share_of"]


def __dir__() -> list[str]:
    return __all__


DayCount = Literal[
    "actual-days",
    "actual-days-by-month",
    "by-second",
    "30/360",
    "actual/30",
    "actual/365",
    "whole-months",
    "started-months",
    "started-half-months",
]
"""How a part of a cycle becomes a share of it, by name."""

_HALF_MONTH = 15


def check_day_count(count: object) -> DayCount:
    """Return a day count if it is one, and refuse anything else with the list of all.

    Raises:
        InvalidValue: for any other word.

    Example:
        >>> check_day_count("30/360")
        '30/360'
    """
    if count not in get_args(DayCount):
        listed = ", ".join(f'"{name}"' for name in get_args(DayCount))
        raise InvalidValue("day count", opaque(count), f"one of {listed} was expected")
    return count  # type: ignore[return-value]  # one of them, as just checked


def share_of(
    cycle: Term | Period, starts_on: date | str, ends_before: date | str, *, count: DayCount = "actual-days"
) -> Fraction:
    """Return the exact share of a cycle that lies in [starts_on, ends_before); shares of parts add up to 1.

    The last day of the part is not included: where a contract names a last day, pass the day after it. A part that
    reaches beyond the cycle is cut to it.

    Raises:
        InvalidValue: for an unknown day count, or a part that ends before it starts.

    Rules: F3, D29.

    Example:
        >>> january = Term("2025-01-01", months=1, zone="Europe/Berlin")
        >>> share_of(january, "2025-01-15", "2025-02-01")
        Fraction(17, 31)
        >>> share_of(january, "2025-01-15", "2025-02-01", count="30/360")
        Fraction(8, 15)
    """
    first, after = as_date(starts_on), as_date(ends_before)
    if after < first:
        raise InvalidValue(
            "share_of", f"a part from {first} to before {after}", "an end that is not before its start was expected"
        )
    return passed_share(cycle, after, count=count) - passed_share(cycle, first, count=count)


def passed_share(cycle: Term | Period, day: date | str, *, count: DayCount = "actual-days") -> Fraction:
    """Return the exact share of a cycle that has passed when a local day begins: 0 at its start, 1 from its end on.

    Raises:
        InvalidValue: for an unknown day count.

    Rules: F3, D29.

    Example:
        >>> year = Term("2025-01-01", months=12, zone="Europe/Berlin")
        >>> [str(passed_share(year, "2025-02-10", count=by)) for by in ("actual-days", "whole-months", "actual/365")]
        ['8/73', '1/12', '8/73']
    """
    kind, at = check_day_count(count), as_date(day)
    if at <= cycle.starts_on:
        return Fraction(0)
    if at >= cycle.ends_before:
        return Fraction(1)
    passed = actual_days(cycle.starts_on, at)
    match kind:
        case "actual-days":
            return Fraction(passed, cycle.days)
        case "by-second":
            start, end = (cycle.zone.start_of_epoch(edge) for edge in (cycle.starts_on, cycle.ends_before))
            return Fraction(cycle.zone.start_of_epoch(at) - start, end - start)
        case "30/360":
            first = _day_of_360(cycle.starts_on)
            return _bounded(_day_of_360(at) - first, _day_of_360(cycle.ends_before) - first)
        case "actual/30":
            return _bounded(passed, 30 * len(_months(cycle)))
        case "actual/365":
            return _bounded(12 * passed, 365 * len(_months(cycle)))
        case "actual-days-by-month" | "whole-months" | "started-months" | "started-half-months":
            return _by_months(cycle, at, kind)
        case _:
            assert_never(kind)


def _bounded(part: int, whole: int) -> Fraction:
    """Return a share of at most 1; a cycle too short for its convention to tell its days apart has passed at once."""
    return Fraction(part, whole) if part < whole else Fraction(1)


def _day_of_360(day: date) -> int:
    return 360 * day.year + 30 * day.month + min(day.day, 30)


def _months(cycle: Term | Period) -> list[date]:
    """List the first days of the months of a cycle; the last one may be cut short."""
    firsts = [cycle.starts_on]
    while (following := add_months(cycle.starts_on, len(firsts))) < cycle.ends_before:
        firsts.append(following)
    return firsts


def _by_months(
    cycle: Term | Period,
    at: date,
    kind: Literal["actual-days-by-month", "whole-months", "started-months", "started-half-months"],
) -> Fraction:
    firsts = _months(cycle)
    if kind == "started-months":
        return Fraction(bisect_left(firsts, at), len(firsts))
    whole = bisect_right(firsts, at) - 1
    if kind == "whole-months":
        return Fraction(whole, len(firsts))
    into = actual_days(firsts[whole], at)
    if kind == "started-half-months":
        return (whole + Fraction((into > 0) + (into > _HALF_MONTH), 2)) / len(firsts)
    # The last month may be cut short by the end of the cycle: its days are then those that it has.
    ends = firsts[whole + 1] if whole + 1 < len(firsts) else cycle.ends_before
    return (whole + Fraction(into, actual_days(firsts[whole], ends))) / len(firsts)
