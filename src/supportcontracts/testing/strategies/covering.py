"""Strategies for covered time: weekly windows, holidays, overrides, calendars single and combined, and targets.

Windows come from usual weeks, and from weeks with windows of any length at any minute, many of them over midnight.
Holidays and overrides lie near the days on which the clocks of the zone do something odd, and `instants_near` draws
instants there.
"""

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from functools import cache
from typing import Any, Literal, TypeVar, get_args

from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument
from hypothesis.strategies import DrawFn, SearchStrategy

from supportcontracts.coverage import (
    AnyCoverage,
    Closing,
    CombinedCoverage,
    Coverage,
    CoveredDays,
    CoveredTime,
    CoverSegment,
    DayEnd,
    Holiday,
    Holidays,
    Operation,
    Override,
    Target,
    WallTime,
)
from supportcontracts.quantity import WorkTime
from supportcontracts.testing.strategies._drawing import check_choice, checked, drawn, kinds_of, one_in, part, pick
from supportcontracts.testing.strategies.times import ODD_DAYS, STARTS, known_zone
from supportcontracts.timeline import Instant, Zone, as_zone, epoch, from_epoch

__all__ = [
    "any_coverages",
    "combined_coverages",
    "cover_segments",
    "coverages",
    "holiday_lists",
    "instants_near",
    "overrides",
    "single_holidays",
    "targets",
    "weekly_windows",
]


def __dir__() -> list[str]:
    return __all__


T = TypeVar("T")
Beyond = Literal["refuse", "report"]

_WEEKS = (
    "mon-fri 09:00-17:00",
    "24x7",
    "mon-fri 09:00-12:30 13:00-17:00; sat 10:00-14:00",
    "mon-fri 22:00-06:00",
    "mon-fri 00:00-24:00",
    "sat-sun 01:30-02:30",
    "sun 02:15-02:45",
    "sat-sun 22:00-02:30",
    "mon-sun 23:30-00:30",
    "mon-sun 05:00-01:00",
    "sun 00:00-00:30",
)
_HOURS = ("closed", "09:00-12:00", "00:00-24:00", "22:00-06:00", "01:00-03:00", "08:00-11:00 12:00-23:59")
_NAMES = ("", "New Year", "inventory")
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY_MINUTES = 24 * 60
_CUTS = st.lists(st.integers(0, 7 * _DAY_MINUTES - 1), min_size=1, max_size=8, unique=True).map(sorted)
_QUARTERS = st.lists(st.integers(0, 7 * 96 - 1), min_size=1, max_size=8, unique=True).map(sorted)
_NEAR = st.integers(-2 * 86_400, 3 * 86_400)
_DISTANT = st.integers(-2, 400)
_ZONES = tuple(ODD_DAYS)
_OPERATIONS: tuple[Operation, ...] = get_args(Operation)
_CLOSINGS: tuple[Closing, ...] = get_args(Closing)
_BEYOND: tuple[Beyond, ...] = get_args(Beyond)
_ENDS: tuple[DayEnd, ...] = get_args(DayEnd)
_WEEKEND = Coverage("sat-sun 00:00-24:00", zone="UTC")


def draw_week(draw: DrawFn) -> str:
    """Draw a usual week, or one of any windows that do not overlap."""
    if not one_in(draw, 3):
        return pick(draw, _WEEKS)
    cuts = [15 * quarter for quarter in draw(_QUARTERS)] if one_in(draw, 2) else draw(_CUTS)
    ends = [*cuts[1:], cuts[0] + 7 * _DAY_MINUTES]
    windows = list(zip(cuts, ends, strict=True))[:: 2 if len(cuts) > 1 else 1]
    return "; ".join(_window(opens, min(closes, opens + _DAY_MINUTES - 1)) for opens, closes in windows)


def _window(opens: int, closes: int) -> str:
    day, start = divmod(opens, _DAY_MINUTES)
    end = closes % _DAY_MINUTES
    return f"{_DAYS[day % 7]} {start // 60:02}:{start % 60:02}-{end // 60:02}:{end % 60:02}"


def weekly_windows() -> SearchStrategy[str]:
    """Generate the windows of a week as `Coverage` takes them, usual ones and any that do not overlap.

    Example:
        >>> from hypothesis import given, settings
        >>> @settings(max_examples=10)
        ... @given(weekly_windows())
        ... def windows_read_back(windows):
        ...     written = Coverage(windows, zone="UTC").windows
        ...     assert Coverage(written, zone="UTC").windows == written
        >>> windows_read_back()
    """
    return drawn(draw_week)


def _days_of(zone: Zone) -> tuple[date, ...]:
    return (*ODD_DAYS.get(zone.name, ()), *STARTS)


def draw_day(draw: DrawFn, zone: Zone) -> date:
    """Draw a day on which a zone does something odd, or a leap day or turn of the year, or one near them."""
    return pick(draw, _days_of(zone)) + timedelta(days=pick(draw, (0, 1, -1, 2, -2, 7)))


def draw_holiday(draw: DrawFn, zone: Zone) -> Holiday:
    """Draw a holiday, with or without a name."""
    return Holiday(draw_day(draw, zone), pick(draw, _NAMES))


def single_holidays(*, zone: Zone | str = "Europe/Berlin") -> SearchStrategy[Holiday]:
    """Generate single holidays near the odd days of a zone.

    Raises:
        InvalidArgument: for a zone that is none.

    Example:
        >>> from hypothesis import given, settings
        >>> @settings(max_examples=10)
        ... @given(single_holidays())
        ... def a_holiday_reads_back(holiday):
        ...     assert Holiday.parse(str(holiday)) == holiday
        >>> a_holiday_reads_back()
    """
    return drawn(draw_holiday, checked("single_holidays", as_zone, zone))


def draw_holidays(draw: DrawFn, zone: Zone, beyond: Beyond | None) -> Holidays:
    """Draw up to four holidays, sometimes with the years that they cover."""
    found = {each.on: each for each in (draw_holiday(draw, zone) for _ in range(pick(draw, (0, 1, 2, 4))))}
    if not found or not one_in(draw, 3):
        return Holidays(found.values())
    years = f"{min(found).year}-{max(found).year + pick(draw, (0, 1))}"
    chosen: Beyond = pick(draw, _BEYOND) if beyond is None else beyond
    return Holidays(found.values(), years=years, beyond=chosen)


def holiday_lists(*, zone: Zone | str = "Europe/Berlin", beyond: Beyond | None = None) -> SearchStrategy[Holidays]:
    """Generate lists of holidays near the odd days of a zone, some with the years that they cover.

    Args:
        zone: where they lie.
        beyond: what those with years say to questions beyond them; left out, either.

    Raises:
        InvalidArgument: for a zone that is none, or an unknown word.

    Example:
        >>> from hypothesis import given, settings
        >>> @settings(max_examples=10)
        ... @given(holiday_lists())
        ... def every_holiday_is_covered(holidays):
        ...     assert all(holidays.covers(each.on) for each in holidays.dates)
        >>> every_holiday_is_covered()
    """
    known = checked("holiday_lists", as_zone, zone)
    return drawn(draw_holidays, known, check_choice("holiday_lists", "beyond", beyond, _BEYOND))


def draw_override(draw: DrawFn, zone: Zone) -> Override:
    """Draw the hours of a date, an extra opening or a closure."""
    effect = pick(draw, ("hours", "opens", "closes"))
    windows = pick(draw, _HOURS if effect == "hours" else _HOURS[1:])
    kind: Any = effect
    return Override(draw_day(draw, zone), windows, effect=kind, name=pick(draw, _NAMES))


def overrides(*, zone: Zone | str = "Europe/Berlin") -> SearchStrategy[Override]:
    """Generate overrides of every effect near the odd days of a zone.

    Raises:
        InvalidArgument: for a zone that is none.

    Example:
        >>> from hypothesis import given, settings
        >>> @settings(max_examples=10)
        ... @given(overrides())
        ... def only_hours_may_be_none(override):
        ...     assert override.effect == "hours" or override.windows != "closed"
        >>> only_hours_may_be_none()
    """
    return drawn(draw_override, checked("overrides", as_zone, zone))


def draw_zone(draw: DrawFn) -> Zone:
    """Draw a zone with odd days, or a fixed offset."""
    return known_zone("+05:45") if one_in(draw, 8) else known_zone(pick(draw, _ZONES))


def draw_coverage(draw: DrawFn, zone: Zone | None, beyond: Beyond | None) -> Coverage:
    """Draw a calendar, often plain, with any conventions."""
    chosen = zone or draw_zone(draw)
    plain = one_in(draw, 2)
    dated = [] if plain else [draw_override(draw, chosen) for _ in range(pick(draw, (0, 1, 2)))]
    hours = {each.on: each for each in dated if each.effect == "hours"}
    return Coverage(
        draw_week(draw),
        zone=chosen,
        holidays=Holidays() if plain else part(draw, draw_holidays, chosen, beyond),
        overrides=[each for each in dated if each.effect != "hours" or hours[each.on] is each],
        holiday="shift-start" if one_in(draw, 3) else "date",
        dst="compatible" if one_in(draw, 3) else "wall",
        closing=pick(draw, _CLOSINGS),
    )


def coverages(*, zone: Zone | str | None = None, beyond: Beyond | None = None) -> SearchStrategy[Coverage]:
    """Generate calendars: usual and odd weeks, holidays, overrides and conventions, in zones with odd days.

    Args:
        zone: the zone; left out, any.
        beyond: what calendars say to questions beyond the years of their holidays; left out, either. With "report",
            every calendar answers in all the years of the horizon.

    Raises:
        InvalidArgument: for a zone that is none, or an unknown word.

    Example:
        >>> from hypothesis import given, settings
        >>> @settings(max_examples=10)
        ... @given(coverages(zone="Europe/Berlin", beyond="report"))
        ... def nothing_is_covered_in_no_time(calendar):
        ...     now = calendar.zone.at("2025-01-01 00:00")
        ...     assert calendar.elapsed(now, now) == 0
        >>> nothing_is_covered_in_no_time()
    """
    known = None if zone is None else checked("coverages", as_zone, zone)
    return drawn(draw_coverage, known, check_choice("coverages", "beyond", beyond, _BEYOND))


def draw_combined(draw: DrawFn, operation: Operation | None, beyond: Beyond | None) -> CombinedCoverage:
    """Draw an operation on two or three calendars, one of which may be combined itself."""
    parts: list[AnyCoverage] = [part(draw, draw_coverage, None, beyond) for _ in range(pick(draw, (2, 3)))]
    if one_in(draw, 4):
        parts[-1] = parts[-1] - _WEEKEND
    chosen: Operation = pick(draw, _OPERATIONS) if operation is None else operation
    return CombinedCoverage(chosen, parts, closing=pick(draw, _CLOSINGS))


def combined_coverages(
    *, operation: Operation | None = None, beyond: Beyond | None = None
) -> SearchStrategy[CombinedCoverage]:
    """Generate unions, intersections and differences of calendars in any zones; of the last two, some never open.

    Raises:
        InvalidArgument: for an unknown word.

    Example:
        >>> from hypothesis import given, settings
        >>> @settings(max_examples=10)
        ... @given(combined_coverages())
        ... def a_combination_has_parts(calendar):
        ...     assert len(calendar.parts) >= 2
        >>> a_combination_has_parts()
    """
    chosen = check_choice("combined_coverages", "operation", operation, _OPERATIONS)
    return drawn(draw_combined, chosen, check_choice("combined_coverages", "beyond", beyond, _BEYOND))


def any_coverages(*, beyond: Beyond | None = None) -> SearchStrategy[AnyCoverage]:
    """Generate calendars, single and combined.

    Raises:
        InvalidArgument: for an unknown word.

    Example:
        >>> from hypothesis import given, settings
        >>> @settings(max_examples=10)
        ... @given(any_coverages())
        ... def every_calendar_has_a_zone(calendar):
        ...     assert calendar.zone.name
        >>> every_calendar_has_a_zone()
    """
    known = check_choice("any_coverages", "beyond", beyond, _BEYOND)
    return drawn(draw_coverage, None, known) | drawn(draw_combined, None, known)


def _leaves(calendar: AnyCoverage) -> Sequence[Coverage]:
    if isinstance(calendar, Coverage):
        return (calendar,)
    return [leaf for each in calendar.parts for leaf in _leaves(each)]


@cache
def _odd_starts(zone: Zone) -> tuple[int, ...]:
    return tuple(zone.start_of_epoch(day) for day in _days_of(zone))


def draw_instant_near(draw: DrawFn, calendar: AnyCoverage) -> Instant:
    """Draw an instant near an odd day of a calendar, or some days after one."""
    leaf = pick(draw, _leaves(calendar))
    starts = _odd_starts(leaf.zone)
    at = pick(draw, starts) + draw(_NEAR)
    return from_epoch(at + 86_400 * draw(_DISTANT) if one_in(draw, 3) else at - at % pick(draw, (3600, 900, 1)))


def instants_near(calendar: AnyCoverage) -> SearchStrategy[Instant]:
    """Generate instants near the days on which the zones of a calendar do something odd, and up to a year after them.

    Raises:
        InvalidArgument: for anything but a calendar.

    Example:
        >>> from hypothesis import given, settings
        >>> berlin = Coverage("24x7", zone="Europe/Berlin")
        >>> @settings(max_examples=10)
        ... @given(instants_near(berlin))
        ... def round_the_clock_is_always_open(at):
        ...     assert berlin.is_open(at)
        >>> round_the_clock_is_always_open()
    """
    if not isinstance(calendar, (Coverage, CombinedCoverage)):
        raise InvalidArgument(f"instants_near: {calendar!r} is no calendar")
    return drawn(draw_instant_near, calendar)


_WORK = st.integers(0, 200 * 3600) | st.sampled_from([3600, 8 * 3600, 1800, 0, 40 * 3600, 1])


def draw_target(draw: DrawFn, kinds: tuple[type[Any], ...], calendar: AnyCoverage | None) -> Target:
    """Draw a target of one of some kinds."""
    kind = pick(draw, kinds)
    if kind is WallTime:
        return WallTime(WorkTime(draw(_WORK)))
    chosen = calendar or part(draw, draw_coverage, None, None)
    if kind is CoveredTime:
        return CoveredTime(chosen, WorkTime(draw(_WORK)))
    return CoveredDays(chosen, pick(draw, (1, 2, 0, 5, 10)), ends=pick(draw, _ENDS))


def targets(
    *, kinds: Collection[type[Any]] | None = None, calendar: AnyCoverage | None = None
) -> SearchStrategy[Target]:
    """Generate targets: covered time, business days, and time on no calendar.

    Args:
        kinds: the classes of targets; left out, all.
        calendar: the calendar; left out, any.

    Raises:
        InvalidArgument: for a class that is no target.

    Example:
        >>> from hypothesis import given, settings
        >>> @settings(max_examples=10)
        ... @given(targets(kinds={WallTime}))
        ... def wall_time_always_runs(target):
        ...     assert target.due_epoch(0) == target.quantity.seconds
        >>> wall_time_always_runs()
    """
    return drawn(draw_target, kinds_of("targets", kinds, get_args(Target)), calendar)


def draw_segment(draw: DrawFn) -> CoverSegment:
    """Draw a segment of a usual week."""
    calendar = Coverage(pick(draw, _WEEKS), zone="Europe/Berlin", holidays=["2024-01-01 New Year"])
    start = calendar.zone.at("2023-12-27 10:00")
    return pick(draw, calendar.segments(start, from_epoch(epoch(start) + 14 * 86_400)))


def cover_segments() -> SearchStrategy[CoverSegment]:
    """Generate segments of calendars, open and closed.

    Example:
        >>> from hypothesis import given, settings
        >>> @settings(max_examples=10)
        ... @given(cover_segments())
        ... def every_segment_has_a_length(segment):
        ...     assert segment.seconds > 0
        >>> every_segment_has_a_length()
    """
    return drawn(draw_segment)
