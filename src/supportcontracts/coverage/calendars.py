"""Calendars of covered time, single and combined, and the targets that are counted on them.

A `Coverage` is terms: weekly windows in a zone, holidays, dated overrides and the conventions that are agreed. Two are
equal if their terms are. Beside its terms it keeps the line of edges that its questions have needed so far, which
changes how long an answer takes and nothing else. A `CombinedCoverage` is an operation on calendars, instant by
instant, whatever their zones.

A calendar makes its own targets, so that none can be written without one: `office.hours(2)` is covered time,
`office.days(1)` counts dates, and `WallTime` is on no calendar.
"""

from datetime import datetime
from typing import Literal, TypeAlias, get_args

import attrs

from supportcontracts._fields import frozen, require_kind, require_whole, tuple_of
from supportcontracts.coverage import _questions
from supportcontracts.coverage._days import due_in_days
from supportcontracts.coverage._explained import days_explained
from supportcontracts.coverage._lines import Line
from supportcontracts.coverage._refusals import Refusals
from supportcontracts.coverage._shapes import Blend, HolidayRule, Shape
from supportcontracts.coverage._terms import as_holidays, limits_of, ordered, require_choice
from supportcontracts.coverage._walls import Dst
from supportcontracts.coverage._windows import parse_week, week_text
from supportcontracts.coverage.holidays import Holidays, Override
from supportcontracts.errors import InvalidValue, NeverOpen
from supportcontracts.explain import Explanation
from supportcontracts.quantity import Number, WorkTime, hours, minutes
from supportcontracts.timeline import Instant, Zone, as_zone, epoch, from_epoch

__all__ = [
    "AnyCoverage",
    "Closing",
    "CombinedCoverage",
    "Coverage",
    "CoveredDays",
    "CoveredTime",
    "DayEnd",
    "Operation",
    "Target",
    "WallTime",
]


def __dir__() -> list[str]:
    return __all__


Closing: TypeAlias = Literal["at-closing", "next-opening"]
"""Where a target is due that is used up exactly at a closing (rule K5)."""

Operation: TypeAlias = Literal["union", "intersection", "difference"]
"""How calendars are combined, instant by instant (rule K11)."""

_WORDS: dict[Operation, str] = {"union": " or ", "intersection": " and ", "difference": " except "}


@frozen(cache_hash=True)  # a calendar is a key wherever targets are, and may list many holidays
class Coverage:
    """The time at which support is given: weekly windows on the wall clocks of a zone, less holidays, plus overrides.

    Args:
        windows: as in "mon-fri 09:00-12:30 13:00-17:00; sat 10:00-14:00", "mon-fri 22:00-06:00" or "24x7"; "closed"
            where only overrides open. A window that ends at or before its start ends on the next day.
        zone: the zone of its clocks and dates, or its name; a fixed offset such as "+01:00" knows no summer time.
        name: what explanations call it; else its windows.
        holidays: dates on which it is closed, or `Holidays` that say which years they cover.
        overrides: the hours of single dates.
        holiday: "date": a holiday closes its date from 00:00 to 24:00; "shift-start": it closes the shifts that start
            on it.
        dst: "wall": a window covers the wall times that exist, twice if they repeat; "compatible": it lasts from the
            instant of its start to that of its end, each read as in RFC 5545.
        closing: where a target is due that is used up exactly at a closing: "at-closing" or at the "next-opening".

    Raises:
        InvalidValue: for windows, a zone, dates or conventions that are none.
        NeverOpen: for a calendar that has no window at all.

    Rules: K1 to K6, K9, K10.

    Example:
        >>> office = Coverage("mon-fri 09:00-17:00", zone="Europe/Berlin", holidays=["2025-12-25", "2025-12-26"])
        >>> at = office.zone.at
        >>> print(office.zone.format(office.due_at(at("2025-12-24 16:00"), hours(2))))
        2025-12-29 10:00
        >>> print(office)
        mon-fri 09:00-17:00
    """

    windows: str
    zone: Zone = attrs.field(kw_only=True, converter=as_zone)
    name: str = attrs.field(default="", kw_only=True)
    holidays: Holidays = attrs.field(factory=Holidays, kw_only=True, converter=as_holidays)
    overrides: tuple[Override, ...] = attrs.field(default=(), kw_only=True, converter=tuple_of)
    holiday: HolidayRule = attrs.field(default="date", kw_only=True)
    dst: Dst = attrs.field(default="wall", kw_only=True)
    closing: Closing = attrs.field(default="at-closing", kw_only=True)
    _shape: Shape = attrs.field(init=False, eq=False, repr=False)
    _line: Line = attrs.field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        week = parse_week("Coverage.windows", self.windows)
        object.__setattr__(self, "windows", week_text(week))
        require_kind("Coverage.name", self.name, str, "a name was expected, as text")
        require_choice("Coverage.holiday", self.holiday, get_args(HolidayRule))
        require_choice("Coverage.dst", self.dst, get_args(Dst))
        require_choice("Coverage.closing", self.closing, get_args(Closing))
        object.__setattr__(self, "overrides", ordered(self.overrides))
        if not any(week) and all(each.effect != "opens" and each.windows == "closed" for each in self.overrides):
            hint = 'Write its windows, as in "mon-fri 09:00-17:00", or the dates that an Override opens.'
            raise NeverOpen("Coverage.windows", '"closed"', "a calendar that opens was expected", hint)
        shape = Shape(week, self.zone, self.holidays, self.overrides, (self.holiday, self.dst))
        object.__setattr__(self, "_shape", shape)
        refusals = Refusals(str(self), self.zone, self.holidays.years)
        across = self.closing == "next-opening"
        line = Line(shape.listed, limits_of(self.holidays, self.zone), refusals, across=across)
        object.__setattr__(self, "_line", line)

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        conventions = (self.holiday, self.dst, self.closing)
        return _coverage, (self.windows, self.zone, self.name, self.holidays, self.overrides, conventions)

    def __str__(self) -> str:
        return self.name or self.windows

    # Questions

    is_open = _questions.is_open
    is_open_epoch = _questions.is_open_epoch
    elapsed = _questions.elapsed
    elapsed_epoch = _questions.elapsed_epoch
    due_at = _questions.due_at
    due_epoch = _questions.due_epoch
    due_back_epoch = _questions.due_back_epoch
    explain_due = _questions.explain_due
    next_open = _questions.next_open
    next_open_epoch = _questions.next_open_epoch
    next_closing = _questions.next_closing
    next_closing_epoch = _questions.next_closing_epoch
    open_days = _questions.open_days
    segments = _questions.segments
    segments_epoch = _questions.segments_epoch

    # Targets

    def hours(self, count: Number) -> "CoveredTime":
        """Make a target of covered hours on this calendar.

        Example:
            >>> print(Coverage("mon-fri 09:00-17:00", zone="Europe/Berlin").hours(2))
            2h 00m of mon-fri 09:00-17:00
        """
        return CoveredTime(self, hours(count))

    def minutes(self, count: Number) -> "CoveredTime":
        """Make a target of covered minutes on this calendar.

        Example:
            >>> print(Coverage("24x7", zone="Europe/Berlin").minutes(30))
            0h 30m of 24x7
        """
        return CoveredTime(self, minutes(count))

    def days(self, count: int, *, ends: "DayEnd" = "closing") -> "CoveredDays":
        """Make a target of so many dates on which this calendar opens (rule K8).

        Example:
            >>> print(Coverage("mon-fri 09:00-17:00", zone="Europe/Berlin").days(1))
            1 day of mon-fri 09:00-17:00
        """
        return CoveredDays(self, count, ends=ends)

    # Other calendars

    def __or__(self, other: "AnyCoverage") -> "CombinedCoverage":
        return _combined("union", self, other)

    def __and__(self, other: "AnyCoverage") -> "CombinedCoverage":
        return _combined("intersection", self, other)

    def __sub__(self, other: "AnyCoverage") -> "CombinedCoverage":
        return _combined("difference", self, other)


@frozen
class CombinedCoverage:
    """Several calendars as one, instant by instant, whatever their zones; written `a | b`, `a & b` or `a - b`.

    It may turn out never to be open, as weekdays and weekends together. Then `is_open` is always false, and a search
    for an opening ends at the horizon with `NeverOpen`.

    Args:
        operation: "union": open where any part is, as in support that follows the sun; "intersection": where all are;
            "difference": where the first part is and no other.
        parts: at least two calendars, in order.
        name: what explanations call it; else its parts.
        closing: where a target is due that is used up exactly at a closing. An operator takes it from its left side.

    Raises:
        InvalidValue: for fewer than two parts, and anything that is no calendar.

    Rules: K5, K9, K11.

    Example:
        >>> sun = Coverage("mon-fri 09:00-17:00", zone="Europe/Berlin") | Coverage("mon-fri 09:00-17:00", zone="-05:00")
        >>> at = Zone("UTC").at
        >>> sun.is_open(at("2025-01-06 20:00")), sun.elapsed(at("2025-01-06 00:00"), at("2025-01-07 00:00"))
        (True, 50400)
    """

    operation: Operation
    parts: "tuple[AnyCoverage, ...]" = attrs.field(converter=tuple_of)
    name: str = attrs.field(default="", kw_only=True)
    closing: Closing = attrs.field(default="at-closing", kw_only=True)
    _shape: Blend = attrs.field(init=False, eq=False, repr=False)
    _line: Line = attrs.field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        require_choice("CombinedCoverage.operation", self.operation, get_args(Operation))
        require_choice("CombinedCoverage.closing", self.closing, get_args(Closing))
        require_kind("CombinedCoverage.name", self.name, str, "a name was expected, as text")
        for part in self.parts:
            hint = 'Write Coverage("mon-fri 09:00-17:00", zone="Europe/Berlin").'
            require_kind("CombinedCoverage.parts", part, (Coverage, CombinedCoverage), "a calendar was expected", hint)
        if len(self.parts) < 2:
            raise InvalidValue("CombinedCoverage.parts", f"{len(self.parts)}", "at least two calendars were expected")
        shape = Blend(self.operation, [(part._line, part._shape) for part in self.parts])  # noqa: SLF001  # its own kind
        object.__setattr__(self, "_shape", shape)
        lines = [part._line for part in self.parts]  # noqa: SLF001  # the same
        first, last = max(line.first for line in lines), min(line.last for line in lines)
        across = self.closing == "next-opening"
        line = Line(shape.listed, (first, last), Refusals(str(self), self.zone, ""), across=across)
        object.__setattr__(self, "_line", line)

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        return _combined_of, (self.operation, self.parts, self.name, self.closing)

    @property
    def zone(self) -> Zone:
        """The zone of the first part, whose dates business days are."""
        return self.parts[0].zone

    def __str__(self) -> str:
        return self.name or _WORDS[self.operation].join(_within(part) for part in self.parts)

    # Questions

    is_open = _questions.is_open
    is_open_epoch = _questions.is_open_epoch
    elapsed = _questions.elapsed
    elapsed_epoch = _questions.elapsed_epoch
    due_at = _questions.due_at
    due_epoch = _questions.due_epoch
    due_back_epoch = _questions.due_back_epoch
    explain_due = _questions.explain_due
    next_open = _questions.next_open
    next_open_epoch = _questions.next_open_epoch
    next_closing = _questions.next_closing
    next_closing_epoch = _questions.next_closing_epoch
    open_days = _questions.open_days
    segments = _questions.segments
    segments_epoch = _questions.segments_epoch

    # Targets

    def hours(self, count: Number) -> "CoveredTime":
        """Make a target of covered hours on this calendar.

        Example:
            >>> west, east = (Coverage("mon-fri 09:00-17:00", zone=zone) for zone in ("-05:00", "+01:00"))
            >>> (west | east).hours(2).quantity
            hours(2)
        """
        return CoveredTime(self, hours(count))

    def minutes(self, count: Number) -> "CoveredTime":
        """Make a target of covered minutes on this calendar.

        Example:
            >>> west, east = (Coverage("mon-fri 09:00-17:00", zone=zone) for zone in ("-05:00", "+01:00"))
            >>> (west | east).minutes(30).quantity
            minutes(30)
        """
        return CoveredTime(self, minutes(count))

    def days(self, count: int, *, ends: "DayEnd" = "closing") -> "CoveredDays":
        """Make a target of so many dates, in the zone of the first part, on which this calendar is open (rule K8).

        Example:
            >>> west, east = (Coverage("mon-fri 09:00-17:00", zone=zone) for zone in ("-05:00", "+01:00"))
            >>> (west | east).days(1).days
            1
        """
        return CoveredDays(self, count, ends=ends)

    # Other calendars

    def __or__(self, other: "AnyCoverage") -> "CombinedCoverage":
        return _combined("union", self, other)

    def __and__(self, other: "AnyCoverage") -> "CombinedCoverage":
        return _combined("intersection", self, other)

    def __sub__(self, other: "AnyCoverage") -> "CombinedCoverage":
        return _combined("difference", self, other)


AnyCoverage: TypeAlias = Coverage | CombinedCoverage
"""A calendar of covered time, single or combined: both answer the same questions."""


@frozen
class CoveredTime:
    """A target of covered time: a quantity that runs only while its calendar is open.

    Raises:
        InvalidValue: for anything but a calendar and a work time.

    Rules: K5, K6.

    Example:
        >>> target = Coverage("mon-fri 09:00-17:00", zone="Europe/Berlin").hours(8)
        >>> at = target.coverage.zone.at
        >>> target.coverage.zone.format(target.due_at(at("2025-03-28 16:00")))
        '2025-03-31 16:00'
    """

    coverage: AnyCoverage
    quantity: WorkTime

    def __attrs_post_init__(self) -> None:
        _require_calendar("CoveredTime.coverage", self.coverage)
        _require_work_time("CoveredTime.quantity", self.quantity)

    def due_at(self, start: datetime) -> Instant:
        """Find the instant at which the target is used up, if it starts at `start`.

        Example:
            >>> print(Coverage("24x7", zone="UTC").minutes(30).due_at(Zone("UTC").at("2025-03-28 16:00")))
            2025-03-28 16:30:00+00:00
        """
        return self.coverage.due_at(start, self.quantity)

    def due_epoch(self, start: int) -> int:
        """Find the second at which the target is used up, in seconds since 1970.

        Example:
            >>> Coverage("24x7", zone="UTC").minutes(30).due_epoch(0)
            1800
        """
        return self.coverage.due_epoch(start, self.quantity.seconds)

    def elapsed_epoch(self, start: int, end: int) -> int:
        """Count the seconds between two instants that use the target up, signed.

        Example:
            >>> Coverage("thu 00:00-08:00", zone="UTC").hours(2).elapsed_epoch(0, 86_400)
            28800
        """
        return self.coverage.elapsed_epoch(start, end)

    def explain_due(self, start: datetime) -> Explanation[str]:
        """Say why the target is due when it is, if it starts at `start`.

        Example:
            >>> target = Coverage("mon-fri 09:00-17:00", zone="UTC").hours(2)
            >>> print(str(target.explain_due(Zone("UTC").at("2025-03-28 16:00"))).splitlines()[0])
            2h 00m of mon-fri 09:00-17:00 from Fri 2025-03-28 16:00   due Mon 2025-03-31 10:00 UTC
        """
        return self.coverage.explain_due(start, self.quantity)

    def __str__(self) -> str:
        return f"{self.quantity} of {self.coverage}"


@frozen
class WallTime:
    """A target on no calendar: a quantity that always runs.

    Raises:
        InvalidValue: for anything but a work time.

    Rules: K6.

    Example:
        >>> print(WallTime(hours(4)))
        4h 00m of wall time
    """

    quantity: WorkTime

    def __attrs_post_init__(self) -> None:
        _require_work_time("WallTime.quantity", self.quantity)

    def due_at(self, start: datetime) -> Instant:
        """Find the instant at which the target is used up, if it starts at `start`.

        Example:
            >>> print(WallTime(hours(4)).due_at(Zone("UTC").at("2025-03-28 16:00")))
            2025-03-28 20:00:00+00:00
        """
        return from_epoch(epoch(start) + self.quantity.seconds)

    def due_epoch(self, start: int) -> int:
        """Find the second at which the target is used up, in seconds since 1970.

        Example:
            >>> WallTime(hours(1)).due_epoch(0)
            3600
        """
        return start + self.quantity.seconds

    def elapsed_epoch(self, start: int, end: int) -> int:
        """Count the seconds between two instants, signed.

        Example:
            >>> WallTime(hours(1)).elapsed_epoch(0, 60)
            60
        """
        return end - start

    def __str__(self) -> str:
        return f"{self.quantity} of wall time"


DayEnd: TypeAlias = Literal["closing", "same-time", "clamped"]
"""When on its last date a target of days is due (rule K8)."""


@frozen
class CoveredDays:
    """A target of business days: the n-th date after the one on which it starts on which cover begins.

    Days are dates, never a number of hours. A start inside a night window belongs to the date on which that began; so
    does the closing of a night window. On a combined calendar a date is one of its first part's zone, and counts if
    anything of it is covered.

    Args:
        coverage: the calendar.
        days: how many; a target of no days is due at its start.
        ends: when on the last date it is due: "closing": when the last window that began on it closes; "same-time": at
            the time of day of the start, covered or not; "clamped": at that time, if it is covered, or else at the
            closing before it, or at the opening if there is none.

    Raises:
        InvalidValue: for anything but a calendar and a whole number.

    Rules: K6, K8.

    Example:
        >>> target = Coverage("mon-fri 09:00-17:00", zone="Europe/Berlin").days(1)
        >>> at = target.coverage.zone.at
        >>> target.coverage.zone.format(target.due_at(at("2025-03-28 10:30")))
        '2025-03-31 17:00'
    """

    coverage: AnyCoverage
    days: int
    ends: DayEnd = attrs.field(default="closing", kw_only=True)

    def __attrs_post_init__(self) -> None:
        _require_calendar("CoveredDays.coverage", self.coverage)
        require_whole("CoveredDays.days", self.days, least=0)
        require_choice("CoveredDays.ends", self.ends, get_args(DayEnd))

    def due_at(self, start: datetime) -> Instant:
        """Find the instant at which the target is due, if it starts at `start`.

        Example:
            >>> office = Coverage("mon-fri 09:00-17:00", zone="Europe/Berlin")
            >>> friday = office.zone.at("2025-03-28 10:30")
            >>> office.zone.format(office.days(2, ends="same-time").due_at(friday))
            '2025-04-01 10:30'
        """
        return from_epoch(self.due_epoch(epoch(start)))

    def due_epoch(self, start: int) -> int:
        """Find the second at which the target is due, in seconds since 1970.

        Example:
            >>> Coverage("thu-fri 00:00-08:00", zone="UTC").days(1).due_epoch(0)
            115200
        """
        if not self.days:
            self.coverage.is_open_epoch(start)  # beyond the horizon even this is refused
            return start
        return due_in_days(self.coverage._line, self.coverage._shape, start, self.days, self.ends)  # noqa: SLF001  # its own kind

    def elapsed_epoch(self, start: int, end: int) -> int:
        """Count the covered seconds between two instants, signed: what a clock has used, never how many days.

        Example:
            >>> Coverage("thu-fri 00:00-08:00", zone="UTC").days(1).elapsed_epoch(0, 86_400)
            28800
        """
        return self.coverage.elapsed_epoch(start, end)

    def explain_due(self, start: datetime) -> Explanation[str]:
        """Say why the target is due when it is, if it starts at `start`: the dates counted, and those skipped.

        Example:
            >>> office = Coverage("mon-fri 09:00-17:00", zone="Europe/Berlin", holidays=["2025-12-25 Christmas Day"])
            >>> print(office.days(1).explain_due(office.zone.at("2025-12-24 10:30")))
            1 day of mon-fri 09:00-17:00 from Wed 2025-12-24 10:30   due Fri 2025-12-26 17:00 Europe/Berlin
            <BLANKLINE>
            rule  step       working                                                     result  agreed in
            K8    start      belongs to Wed 2025-12-24                                        –  windows
            K3    holiday    Thu 2025-12-25, Christmas Day                                    –  holidays
            K8    open date  Fri 2025-12-26 09:00 – 17:00                                1 of 1  windows
            K8    end        when the last window that began on it closes  Fri 2025-12-26 17:00  ends
        """
        line, shape = self.coverage._line, self.coverage._shape  # noqa: SLF001  # its own kind
        return days_explained(str(self), line, shape, epoch(start), (self.days, self.ends))

    def __str__(self) -> str:
        count = "1 day" if self.days == 1 else f"{self.days} days"
        ends = "" if self.ends == "closing" else f", {self.ends.replace('-', ' ')}"
        return f"{count} of {self.coverage}{ends}"


Target: TypeAlias = CoveredTime | CoveredDays | WallTime
"""What a promise of time is counted in: covered time, business days, or time on no calendar."""


# Inside


def _require_calendar(what: str, value: object) -> None:
    hint = 'Write Coverage("mon-fri 09:00-17:00", zone="Europe/Berlin").'
    require_kind(what, value, (Coverage, CombinedCoverage), "a calendar was expected", hint)


def _require_work_time(what: str, value: object) -> None:
    require_kind(what, value, WorkTime, "work time was expected", "Write hours(2) or minutes(30).")


def _combined(operation: Operation, left: AnyCoverage, right: AnyCoverage) -> CombinedCoverage:
    """Combine two calendars; what is united with a union, and so on, joins its parts."""
    if not isinstance(right, (Coverage, CombinedCoverage)):
        return NotImplemented
    parts: tuple[AnyCoverage, ...] = (left, right)
    if isinstance(left, CombinedCoverage) and left.operation == operation and not left.name:
        parts = (*left.parts, right)
    return CombinedCoverage(operation, parts, closing=left.closing)


def _coverage(
    windows: str,
    zone: Zone,
    name: str,
    holidays: Holidays,
    overrides: tuple[Override, ...],
    conventions: tuple[HolidayRule, Dst, Closing],
) -> Coverage:
    """Build a calendar for a pickle, which hands over no keywords."""
    holiday, dst, closing = conventions
    return Coverage(
        windows, zone=zone, name=name, holidays=holidays, overrides=overrides, holiday=holiday, dst=dst, closing=closing
    )


def _combined_of(operation: Operation, parts: tuple[AnyCoverage, ...], name: str, closing: Closing) -> CombinedCoverage:
    """Build a combined calendar for a pickle, which hands over no keywords."""
    return CombinedCoverage(operation, parts, name=name, closing=closing)


def _within(part: AnyCoverage) -> str:
    """Write a part of a combined calendar, with its zone where nothing else tells it from others."""
    if part.name:
        return part.name
    return f"{part} {part.zone}" if isinstance(part, Coverage) else f"({part})"
