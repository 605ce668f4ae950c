"""Stretches of time: spans of instants, terms of dates, and the billing periods into which a term is cut.

A `Span` is exact: from one instant up to another. A `Term` and a `Period` are stretches of calendar days in the zone
of the contract, so that a month is a month whatever the clocks do; their spans follow. Everything is half-open: an
end is the first moment that no longer belongs (rule D2). Where a date is meant to be included, its name says so:
`last_day`.
"""

from datetime import date, datetime
from fractions import Fraction
from functools import lru_cache
from typing import Literal

import attrs

from supportcontracts._fields import frozen, opaque, require_whole
from supportcontracts.errors import InvalidValue
from supportcontracts.timeline.dates import actual_days, add_months, as_date, day_after
from supportcontracts.timeline.instants import Instant, epoch, instant
from supportcontracts.timeline.zone import Zone, as_zone

__all__ = ["Period", "PeriodLength", "Span", "Term", "periods"]

PeriodLength = Literal["month", "quarter", "year", "term"]
"""How long a billing period is, counted from the start of the term."""

_MONTHS = {"month": 1, "quarter": 3, "year": 12}


def __dir__() -> list[str]:
    return __all__


@frozen
class Span:
    """The instants from `start` up to, but not including, `end` (rule D2); it may be empty.

    Raises:
        InvalidValue: if the end lies before the start, or either is not an aware datetime.

    Example:
        >>> at = Zone("UTC").at
        >>> morning = Span(at("2025-03-04 08:00"), at("2025-03-04 12:00"))
        >>> morning.contains(at("2025-03-04 08:00")), morning.contains(at("2025-03-04 12:00")), morning.seconds
        (True, False, 14400)
    """

    start: Instant = attrs.field(converter=instant)
    end: Instant = attrs.field(converter=instant)

    def __attrs_post_init__(self) -> None:
        if self.end < self.start:
            hint = "Write the earlier instant first; a span without length has the same instant twice."
            raise InvalidValue("Span", str(self), "an end that is not before its start was expected", hint)

    @property
    def seconds(self) -> int:
        """The length in elapsed seconds."""
        return epoch(self.end) - epoch(self.start)

    def contains(self, value: datetime) -> bool:
        """Tell whether an instant lies in the span; the start does, the end does not."""
        return self.start <= instant(value) < self.end

    def overlap(self, other: "Span") -> "Span | None":
        """Return the instants that both spans contain, or None if there are none.

        Example:
            >>> at = Zone("UTC").at
            >>> day, night = at("2025-03-04 00:00"), at("2025-03-04 20:00")
            >>> print(Span(day, night).overlap(Span(at("2025-03-04 18:00"), at("2025-03-05 06:00"))))
            2025-03-04 18:00 to 2025-03-04 20:00 UTC
        """
        start, end = max(self.start, other.start), min(self.end, other.end)
        return Span(start, end) if start < end else None

    def __str__(self) -> str:
        return f"{_utc(self.start)} to {_utc(self.end)} UTC"


@frozen(init=False)
class Term:
    """The life of what was agreed: whole local days from `starts_on` to `last_day`, both included.

    Write it with `months`, counted from the start, or with its last day; the same days make the same term.

    Args:
        starts_on: the first day, a date or its ISO text.
        months: the length in whole months, at least 1; instead of `last_day`.
        last_day: the last day, included; instead of `months`.
        zone: the zone whose midnights bound the days, or its name.

    Raises:
        InvalidValue: unless exactly one of `months` and `last_day` is given, and the term has a day.

    Example:
        >>> year = Term("2025-01-01", months=12, zone="Europe/Berlin")
        >>> print(year)
        2025-01-01 to 2025-12-31, Europe/Berlin
        >>> year == Term("2025-01-01", last_day="2025-12-31", zone="Europe/Berlin")
        True
    """

    starts_on: date
    last_day: date
    zone: Zone
    span: Span = attrs.field(init=False, eq=False, repr=False)

    def __init__(
        self,
        starts_on: date | str,
        *,
        months: int | None = None,
        last_day: date | str | None = None,
        zone: Zone | str,
    ) -> None:
        first = as_date(starts_on)
        if (months is None) == (last_day is None):
            got = "neither months nor last_day" if months is None else "both months and last_day"
            hint = 'Write months=12, or last_day="2025-12-31".'
            raise InvalidValue("Term", got, "exactly one of the two was expected", hint)
        if last_day is not None:
            last = as_date(last_day)
        else:
            last = date.fromordinal(add_months(first, require_whole("months", months, least=1)).toordinal() - 1)
        self.__attrs_init__(first, last, as_zone(zone))

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "span", _span_of_days("Term", self.starts_on, self.last_day, self.zone))

    def __reduce__(self) -> tuple[object, tuple[date, date, Zone]]:
        return _term, (self.starts_on, self.last_day, self.zone)

    @property
    def ends_before(self) -> date:
        """The first day after the term."""
        return day_after(self.last_day)

    @property
    def start(self) -> Instant:
        """The first instant of the term."""
        return self.span.start

    @property
    def end(self) -> Instant:
        """The first instant after the term."""
        return self.span.end

    @property
    def days(self) -> int:
        """The number of local days."""
        return actual_days(self.starts_on, self.ends_before)

    @property
    def whole_months(self) -> int | None:
        """The number of months that the term lasts from its start, or None if it is not a whole number.

        Example:
            >>> Term("2025-01-31", last_day="2025-02-27", zone="UTC").whole_months
            1
            >>> Term("2025-01-01", last_day="2025-01-30", zone="UTC").whole_months is None
            True
        """
        count = _month_number(self.ends_before) - _month_number(self.starts_on)
        return count if count and add_months(self.starts_on, count) == self.ends_before else None

    def contains(self, value: datetime) -> bool:
        """Tell whether an instant lies in the term; its start does, its end does not (rule D2)."""
        return self.span.contains(value)

    def __str__(self) -> str:
        return f"{self.starts_on} to {self.last_day}, {self.zone}"


@frozen
class Period:
    """One billing period of a term: whole local days, the last one included.

    Args:
        index: its place in the term, from 0.
        starts_on: the first day.
        last_day: the last day, included.
        zone: the zone whose midnights bound the days.
        full_days: the days of the uncut cycle that starts on the same day; more than `days` in a stub only.

    Raises:
        InvalidValue: if it has no day, or more days than its cycle.

    Example:
        >>> march = periods(Term("2025-01-01", months=12, zone="Europe/Berlin"), "month")[2]
        >>> march.name, march.days, str(march.span)
        ('2025-03', 31, '2025-02-28 23:00 to 2025-03-31 22:00 UTC')
    """

    index: int
    starts_on: date
    last_day: date
    zone: Zone
    full_days: int
    span: Span = attrs.field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        require_whole("index", self.index, least=0)
        object.__setattr__(self, "span", _span_of_days("Period", self.starts_on, self.last_day, self.zone))
        require_whole("full_days", self.full_days, least=self.days)

    def __reduce__(self) -> tuple[type["Period"], tuple[int, date, date, Zone, int]]:
        return Period, (self.index, self.starts_on, self.last_day, self.zone, self.full_days)

    @property
    def ends_before(self) -> date:
        """The first day after the period."""
        return day_after(self.last_day)

    @property
    def start(self) -> Instant:
        """The first instant of the period."""
        return self.span.start

    @property
    def end(self) -> Instant:
        """The first instant after the period."""
        return self.span.end

    @property
    def days(self) -> int:
        """The number of local days."""
        return actual_days(self.starts_on, self.ends_before)

    @property
    def is_stub(self) -> bool:
        """Whether the end of the term cut the period short."""
        return self.days < self.full_days

    @property
    def share(self) -> Fraction:
        """The exact share of its full cycle, by local days: 1 unless it is a stub (rule D29)."""
        return Fraction(self.days, self.full_days)

    @property
    def name(self) -> str:
        """The calendar month, quarter or year that the period is, or else its first and last day.

        Example:
            >>> [period.name for period in periods(Term("2025-01-01", last_day="2025-04-30", zone="UTC"), "quarter")]
            ['2025-Q1', '2025-04']
            >>> periods(Term("2025-01-15", months=1, zone="UTC"), "month")[0].name
            '2025-01-15/2025-02-14'
        """
        first, after = self.starts_on, self.ends_before
        if first.day == after.day == 1:
            match _month_number(after) - _month_number(first), first.month % 12:
                case 1, _:
                    return f"{first.year:04}-{first.month:02}"
                case 3, 1 | 4 | 7 | 10:
                    return f"{first.year:04}-Q{(first.month + 2) // 3}"
                case 12, 1:
                    return f"{first.year:04}"
        return f"{first}/{self.last_day}"

    def contains(self, value: datetime) -> bool:
        """Tell whether an instant lies in the period; its start does, its end does not (rule D2)."""
        return self.span.contains(value)

    def __str__(self) -> str:
        return self.name


def periods(term: Term, per: PeriodLength) -> tuple[Period, ...]:
    """Cut a term into its billing periods, each counted in months from the start of the term.

    The k-th period starts k months (or 3 k, or 12 k) after the term does, never after the one before it, so a term
    from 31 January bills from 28 February and from 31 March. The last period ends with the term, even if that cuts it.

    Raises:
        InvalidValue: for a length that is not one of "month", "quarter", "year" and "term".

    Example:
        >>> for period in periods(Term("2025-01-31", last_day="2025-04-15", zone="Europe/Berlin"), "month"):
        ...     print(period, period.days, "of", period.full_days)
        2025-01-31/2025-02-27 28 of 28
        2025-02-28/2025-03-30 31 of 31
        2025-03-31/2025-04-15 16 of 30
    """
    return _periods(term, per)


@lru_cache(maxsize=256)
def _periods(term: Term, per: PeriodLength) -> tuple[Period, ...]:
    """Remember the periods of a term: many contracts run from one day to another."""
    if per == "term":
        return (Period(0, term.starts_on, term.last_day, term.zone, term.days),)
    step = _MONTHS.get(per)
    if step is None:
        raise InvalidValue("per", opaque(per), '"month", "quarter", "year" or "term" was expected')
    found: list[Period] = []
    start, after = term.starts_on, term.ends_before
    while start < after:
        cycle_end = add_months(term.starts_on, (len(found) + 1) * step)
        last = date.fromordinal(min(cycle_end, after).toordinal() - 1)
        found.append(Period(len(found), start, last, term.zone, (cycle_end - start).days))
        start = cycle_end
    return tuple(found)


def _term(starts_on: date, last_day: date, zone: Zone) -> Term:
    """Build a term for a pickle, which hands over no keywords."""
    return Term(starts_on, last_day=last_day, zone=zone)


def _span_of_days(what: str, starts_on: date, last_day: date, zone: Zone) -> Span:
    if last_day < starts_on:
        got = f"the last day {last_day}"
        hint = "Write the last day itself, which is included, or a later one."
        raise InvalidValue(what, got, f"a day not before {starts_on} was expected", hint)
    return Span(zone.start_of(starts_on), zone.start_of(day_after(last_day)))


def _month_number(day: date) -> int:
    return day.year * 12 + day.month


def _utc(value: Instant) -> str:
    return value.replace(tzinfo=None).isoformat(" ", "seconds" if value.second else "minutes")
