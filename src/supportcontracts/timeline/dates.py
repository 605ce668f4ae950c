"""Calendar dates: reading them, moving them by months and days, and counting days as exact shares.

A date names a day of a calendar, not a stretch of time: which instants it covers is known once a zone is given.
Months and days are amounts of the calendar and have no length in hours, so they are types of their own. Months are
always counted from an anchor (start + k months), never chained: 31 January plus one month plus one month would be
28 March.
"""

import re
from calendar import month_name, monthrange
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import TypeAlias

from supportcontracts._fields import frozen, opaque, require_whole
from supportcontracts.errors import InvalidValue

__all__ = [
    "CalendarAmount",
    "Days",
    "Months",
    "NoSuchDate",
    "actual_days",
    "add_months",
    "as_date",
    "days",
    "months",
    "parse_date",
    "proration",
]

_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_ONE_DAY = timedelta(days=1)


def __dir__() -> list[str]:
    return __all__


class NoSuchDate(InvalidValue):
    """A date that its month or year does not have, such as 29 February 2025."""

    def __str__(self) -> str:
        message = f"{self.got} is not a date: {self.expected}"
        return f"{message}.\n    {self.hint}" if self.hint else message


def parse_date(text: str) -> date:
    """Read a date that is written year-month-day, and in no other way.

    Raises:
        NoSuchDate: for a day or month that does not exist.
        InvalidValue: for any other spelling or type.

    Example:
        >>> parse_date("2025-02-28")
        datetime.date(2025, 2, 28)
        >>> try:
        ...     parse_date("2025-02-29")
        ... except NoSuchDate as error:
        ...     print(error)
        "2025-02-29" is not a date: February 2025 has 28 days
    """
    hint = 'Write it as year-month-day, as in "2025-03-01".'
    if not isinstance(text, str):
        raise InvalidValue("date", opaque(text), "a text was expected", hint)
    found = _DATE.fullmatch(text)
    if found is None:
        raise InvalidValue("date", f'"{text}"', "an ISO 8601 date was expected", hint)
    return date_of_digits(*found.groups())


def date_of_digits(year: str, month: str, day: str) -> date:
    """Build a date of its digits, or say why there is none."""
    y, m, d = int(year), int(month), int(day)
    if y < 1:
        why = "the first year is 0001"
    elif not 1 <= m <= 12:
        why = "the months are 01 to 12"
    elif d < 1:
        why = "the first day of a month is 01"
    elif d > (length := monthrange(y, m)[1]):
        why = f"{month_name[m]} {year} has {length} days"
    else:
        return date(y, m, d)
    raise NoSuchDate("date", f'"{year}-{month}-{day}"', why)


def as_date(value: date | str) -> date:
    """Accept a date, or its ISO text, where a calendar date is meant; a datetime is refused.

    Raises:
        NoSuchDate: for a text that names no existing date.
        InvalidValue: for a datetime, which is a date only once a zone is given, and for any other type.

    Example:
        >>> as_date("2025-03-01")
        datetime.date(2025, 3, 1)
    """
    if type(value) is date:
        return value
    if isinstance(value, datetime):
        hint = 'Write Zone("Europe/Berlin").date_of(…) for the local date of an instant.'
        raise InvalidValue("date", opaque(value), "a calendar date was expected", hint)
    if isinstance(value, date):
        return date(value.year, value.month, value.day)
    return parse_date(value)


def day_after(day: date) -> date:
    """Return the next date: the exclusive end of a stretch whose last day is `day`."""
    if day == date.max:
        hint = "For a contract without an end, write the end of its present term; a renewal adds the next."
        raise InvalidValue("last day", str(day), "a day with a day after it was expected", hint)
    return day + _ONE_DAY


def add_months(day: date, count: int) -> date:
    """Return the date `count` months from `day`; a day that the month lacks becomes its last one.

    `count` may be negative. Count from the anchor each time: a chain of additions loses the 31st.

    Raises:
        InvalidValue: if `count` is not an integer, or the result lies outside the years 0001 to 9999.

    Example:
        >>> from datetime import date
        >>> print(add_months(date(2025, 1, 31), 1), add_months(date(2025, 1, 31), 2))
        2025-02-28 2025-03-31
    """
    year, month = divmod(day.year * 12 + day.month - 1 + require_whole("months", count), 12)
    if not 1 <= year <= 9999:
        raise InvalidValue("date", f"{day} and {count} months", "a date in the years 0001 to 9999 was expected")
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


@frozen
class Months:
    """A number of calendar months: as long as the months it is counted over.

    Example:
        >>> from datetime import date
        >>> print(Months(1).after(date(2024, 1, 31)), Months(1).before(date(2024, 3, 31)))
        2024-02-29 2024-02-29
    """

    count: int

    def __attrs_post_init__(self) -> None:
        require_whole("months", self.count, least=0)

    def after(self, day: date) -> date:
        """Return the date this many months after `day`, in a shorter month its last day."""
        return add_months(day, self.count)

    def before(self, day: date) -> date:
        """Return the date this many months before `day`, in a shorter month its last day."""
        return add_months(day, -self.count)

    def __str__(self) -> str:
        return "1 month" if self.count == 1 else f"{self.count} months"


@frozen
class Days:
    """A number of calendar days: dates on a calendar, not stretches of 24 hours.

    Example:
        >>> from datetime import date
        >>> print(Days(42).before(date(2025, 12, 31)))
        2025-11-19
    """

    count: int

    def __attrs_post_init__(self) -> None:
        require_whole("days", self.count, least=0)

    def after(self, day: date) -> date:
        """Return the date this many days after `day`."""
        return self._moved(day, self.count)

    def before(self, day: date) -> date:
        """Return the date this many days before `day`."""
        return self._moved(day, -self.count)

    def _moved(self, day: date, count: int) -> date:
        try:
            return day + timedelta(days=count)
        except OverflowError:
            got = f"{day} and {count} days"
            raise InvalidValue("date", got, "a date in the years 0001 to 9999 was expected") from None

    def __str__(self) -> str:
        return "1 day" if self.count == 1 else f"{self.count} days"


CalendarAmount: TypeAlias = Months | Days
"""An amount of the calendar, counted in whole months or whole days."""


def months(count: int) -> Months:
    """Write a number of calendar months.

    Raises:
        InvalidValue: for a negative number or anything but an integer.

    Example:
        >>> print(months(12))
        12 months
    """
    return Months(count)


def days(count: int) -> Days:
    """Write a number of calendar days.

    Raises:
        InvalidValue: for a negative number or anything but an integer.

    Example:
        >>> print(days(30))
        30 days
    """
    return Days(count)


def actual_days(starts_on: date, ends_before: date) -> int:
    """Count the local days from `starts_on` to `ends_before`, the latter not counted (rules D2 and D29).

    A date that a zone skipped counts as a day: fees follow the calendar, not the clock.

    Raises:
        InvalidValue: if the end lies before the start.

    Example:
        >>> from datetime import date
        >>> actual_days(date(2025, 2, 1), date(2025, 3, 1))
        28
    """
    count = (ends_before - starts_on).days
    if count < 0:
        raise InvalidValue("days", f"{starts_on} to {ends_before}", "an end that is not before the start was expected")
    return count


def proration(starts_on: date, ends_before: date, cycle_starts_on: date, cycle_ends_before: date) -> Fraction:
    """Return the exact share that some local days are of the real cycle in which they lie (rule D29).

    All four dates are half-open ends. The shares of the parts of a cycle sum to 1, and an empty part has share 0.

    Raises:
        InvalidValue: for an empty cycle, or days that reach outside it.

    Example:
        >>> from datetime import date
        >>> proration(date(2025, 2, 15), date(2025, 3, 1), date(2025, 2, 1), date(2025, 3, 1))
        Fraction(1, 2)
    """
    cycle = actual_days(cycle_starts_on, cycle_ends_before)
    if cycle == 0:
        raise InvalidValue("cycle", f"{cycle_starts_on} to {cycle_ends_before}", "at least one day was expected")
    part = actual_days(starts_on, ends_before)
    if starts_on < cycle_starts_on or ends_before > cycle_ends_before:
        expected = f"days within {cycle_starts_on} to {cycle_ends_before} were expected"
        raise InvalidValue("proration", f"{starts_on} to {ends_before}", expected, "Cut the days at the cycle first.")
    return Fraction(part, cycle)
