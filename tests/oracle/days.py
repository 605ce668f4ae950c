"""Local days by looking at clocks: a day starts at the first second of UTC at which its zone shows it.

Instants are whole seconds since 1970-01-01T00:00Z. Zones are those of the standard library.
"""

from calendar import timegm
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

QUARTER = 900
MONTHS = {"month": 1, "quarter": 3, "year": 12}
BILLING = {"term": "term", "yearly": "year", "quarterly": "quarter", "monthly": "month"}


def second_of(value: datetime) -> int:
    """Count the whole seconds since 1970 at an aware datetime; a fraction is dropped."""
    return timegm(value.utctimetuple())


@cache
def clock_of(zone: str) -> tzinfo:
    """Return the clock of a zone, an IANA name or a fixed offset such as "+01:00"."""
    if zone == "UTC":
        return UTC
    if zone[0] in "+-":
        hours, minutes = zone[1:].split(":")
        ahead = timedelta(hours=int(hours), minutes=int(minutes))
        return timezone(-ahead if zone[0] == "-" else ahead)
    return ZoneInfo(zone)


def local_day(second: int, zone: str) -> date:
    """Look at the calendar on the wall."""
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=second)).astimezone(clock_of(zone)).date()


@cache
def start_of(day: date, zone: str) -> int:
    """Find the first second at which the calendar on the wall shows the day, or a later one where it was skipped.

    Clocks are looked at every quarter of an hour from long before, then every second of the last quarter.
    """
    quarter = (day - date(1970, 1, 1)).days * 86_400 - 30 * 3600
    while local_day(quarter, zone) < day:
        quarter += QUARTER
    second = quarter - QUARTER + 1
    while local_day(second, zone) < day:
        second += 1
    return second


def plus_days(day: date, count: int) -> date:
    """Count days on the calendar."""
    return day + timedelta(days=count)


def plus_months(day: date, count: int) -> date:
    """Turn the pages of the calendar one by one; a day that the last page lacks becomes its last one."""
    year, month = day.year, day.month
    for _ in range(count):
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    for wanted in (day.day, 30, 29, 28):
        if wanted <= day.day:
            try:
                return date(year, month, wanted)
            except ValueError:
                continue
    raise AssertionError(f"no day in {year}-{month}")


class Stretch(NamedTuple):
    """A period: local days from `starts_on` up to `ends_before`, and the seconds that they cover."""

    starts_on: date
    ends_before: date
    full_days: int
    start: int
    end: int

    @property
    def days(self) -> int:
        """The number of local days."""
        return (self.ends_before - self.starts_on).days

    @property
    def name(self) -> str:
        """The calendar month, quarter or year that it is, or else its first and last day."""
        first = self.starts_on
        for months, starts, name in (
            (1, range(1, 13), f"{first:%Y-%m}"),
            (3, (1, 4, 7, 10), f"{first:%Y}-Q{(first.month + 2) // 3}"),
            (12, (1,), f"{first:%Y}"),
        ):
            if first.day == 1 and first.month in starts and self.ends_before == plus_months(first, months):
                return name
        return f"{first}/{plus_days(self.ends_before, -1)}"


def cut(starts_on: date, ends_before: date, per: str, zone: str) -> tuple[Stretch, ...]:
    """Cut days into periods, each counted in months from the first day; the end cuts the last one short."""
    if per == "term":
        dates = [(starts_on, ends_before, (ends_before - starts_on).days)]
    else:
        dates = []
        while not dates or dates[-1][1] < ends_before:
            first = plus_months(starts_on, len(dates) * MONTHS[per])
            after = plus_months(starts_on, (len(dates) + 1) * MONTHS[per])
            dates.append((first, min(after, ends_before), (after - first).days))
    return tuple(
        Stretch(first, after, full, start_of(first, zone), start_of(after, zone)) for first, after, full in dates
    )
