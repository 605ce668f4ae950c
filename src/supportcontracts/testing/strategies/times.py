"""Strategies for time: zones, instants and spans, days and months of the calendar, terms and billing periods.

Zones come with the days on which their clocks do something odd, and terms like to start near those and near leap days.
"""

from datetime import date, datetime, timedelta
from functools import cache

from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument
from hypothesis.strategies import DrawFn, SearchStrategy

from supportcontracts.testing.strategies._drawing import bounds, checked, drawn, one_in, pick
from supportcontracts.timeline import (
    Days,
    Instant,
    Months,
    Period,
    PeriodLength,
    Span,
    Term,
    Zone,
    as_zone,
    epoch,
    from_epoch,
    instant,
    periods,
)

__all__ = ["billing_periods", "calendar_days", "calendar_months", "instants", "spans", "terms", "zones"]


def __dir__() -> list[str]:
    return __all__


LENGTHS: tuple[PeriodLength, ...] = ("month", "quarter", "year", "term")

# What the clocks do, by zone: half-hour steps, midnights that are skipped or occur twice, a day that never was.
ODD_DAYS = {
    "UTC": (),
    "Europe/Berlin": (date(2024, 3, 31), date(2024, 10, 27), date(2025, 3, 30), date(2025, 10, 26)),
    "America/New_York": (date(2024, 3, 10), date(2024, 11, 3), date(2025, 3, 9), date(2025, 11, 2)),
    "America/Sao_Paulo": (date(2018, 11, 4), date(2018, 2, 18), date(2019, 2, 17)),
    "Australia/Lord_Howe": (date(2024, 4, 7), date(2024, 10, 6)),
    "Asia/Kathmandu": (date(1986, 1, 1),),
    "Pacific/Apia": (date(2011, 12, 30), date(2012, 4, 1)),
}
# The turn of a leap year, its odd day, and starts that shorter months cannot keep.
STARTS = (date(2024, 1, 1), date(2024, 2, 29), date(2024, 1, 31), date(2023, 12, 31), date(2025, 8, 15))
_ONE_DAY = timedelta(days=1)
_EARLIEST, _LATEST = date(2000, 1, 1), date(2037, 12, 31)
_Y2K = 946_684_800  # 2000-01-01T00:00Z, to which instants shrink
_FIRST_SECOND, _LAST_SECOND = -62_135_596_800, 253_402_300_799  # of the years 0001 to 9999


@cache
def known_zone(name: str) -> Zone:
    """Return a zone, built once."""
    return Zone(name)


def zones() -> SearchStrategy[Zone]:
    """Generate zones: UTC, zones whose clocks change in every odd way, and fixed offsets.

    Example:
        >>> from hypothesis import given
        >>> @given(zones())
        ... def a_day_starts_on_its_date(zone):
        ...     assert zone.date_of(zone.start_of("2025-06-01")) == date(2025, 6, 1)
        >>> a_day_starts_on_its_date()
    """

    def build(draw: DrawFn) -> Zone:
        if not one_in(draw, 4):
            return known_zone(pick(draw, tuple(ODD_DAYS)))
        minutes = draw(st.integers(-1439, 1439))
        return known_zone(f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}")

    return drawn(build)


def instants(*, min_value: datetime | None = None, max_value: datetime | None = None) -> SearchStrategy[Instant]:
    """Generate instants, in UTC and of whole seconds, often a full day or hour; they shrink to the year 2000.

    Raises:
        InvalidArgument: for bounds that are no aware datetimes, or in the wrong order.

    Example:
        >>> from hypothesis import given
        >>> @given(instants())
        ... def instants_are_whole_seconds(at):
        ...     assert from_epoch(epoch(at)) == at
        >>> instants_are_whole_seconds()
    """
    low, high = (None if each is None else checked("instants", instant, each) for each in (min_value, max_value))
    bounds("instants", datetime, low, high)
    least, most = (_FIRST_SECOND if low is None else epoch(low)), (_LAST_SECOND if high is None else epoch(high))
    days = st.integers((least - _Y2K) // 86_400, (most - _Y2K) // 86_400)

    def build(draw: DrawFn) -> Instant:
        hour, rest = draw(_HOURS), draw(_RESTS) if one_in(draw, 3) else 0
        return from_epoch(min(max(_Y2K + 86_400 * draw(days) + 3600 * hour + rest, least), most))

    return drawn(build)


_HOURS = st.integers(0, 23)
_RESTS = st.integers(0, 3599)


def spans(*, min_value: datetime | None = None, max_value: datetime | None = None) -> SearchStrategy[Span]:
    """Generate spans of instants, some of them empty.

    Raises:
        InvalidArgument: for bounds that are no aware datetimes, or in the wrong order.

    Example:
        >>> from hypothesis import given
        >>> @given(spans())
        ... def no_span_ends_before_it_starts(span):
        ...     assert span.start <= span.end
        >>> no_span_ends_before_it_starts()
    """
    ends = instants(min_value=min_value, max_value=max_value)
    return st.tuples(ends, ends).map(lambda pair: Span(min(pair), max(pair)))


def calendar_days(*, min_value: int = 0, max_value: int = 400) -> SearchStrategy[Days]:
    """Generate numbers of calendar days.

    Raises:
        InvalidArgument: for bounds that are no whole numbers, below zero, or in the wrong order.

    Example:
        >>> from hypothesis import given
        >>> @given(calendar_days(max_value=31))
        ... def days_follow_the_calendar(days):
        ...     assert days.after(date(2025, 1, 1)) <= date(2025, 2, 1)
        >>> days_follow_the_calendar()
    """
    return _counts("calendar_days", min_value, max_value).map(Days)


def calendar_months(*, min_value: int = 0, max_value: int = 60) -> SearchStrategy[Months]:
    """Generate numbers of calendar months.

    Raises:
        InvalidArgument: for bounds that are no whole numbers, below zero, or in the wrong order.

    Example:
        >>> from hypothesis import given
        >>> @given(calendar_months(max_value=12))
        ... def months_follow_the_calendar(months):
        ...     assert months.after(date(2025, 1, 31)) <= date(2026, 1, 31)
        >>> months_follow_the_calendar()
    """
    return _counts("calendar_months", min_value, max_value).map(Months)


def _counts(strategy: str, min_value: int, max_value: int) -> SearchStrategy[int]:
    bounds(strategy, int, min_value, max_value)
    if min_value < 0:
        raise InvalidArgument(f"{strategy}: min_value={min_value!r} is below zero")
    return st.integers(min_value, max_value)


def terms(*, zone: Zone | str | None = None, max_months: int = 36) -> SearchStrategy[Term]:
    """Generate terms, of whole months or with a stub, near leap days and the odd days of their zone.

    Raises:
        InvalidArgument: for a zone that is none, or less than one month.

    Example:
        >>> from hypothesis import given
        >>> @given(terms(zone="Europe/Berlin"))
        ... def every_term_has_an_instant(term):
        ...     assert term.start < term.end
        >>> every_term_has_an_instant()
    """
    known = None if zone is None else checked("terms", as_zone, zone)
    bounds("terms", int, 1, max_months)
    starts = st.dates(_EARLIEST, _LATEST)

    def build(draw: DrawFn) -> Term:
        chosen = known or draw(_ZONES)
        start = draw(starts) if one_in(draw, 4) else pick(draw, start_days(chosen))
        return draw_term(draw, chosen, start, max_months)

    return drawn(build)


_ZONES = zones()


def start_days(zone: Zone) -> tuple[date, ...]:
    """List the days on which terms in a zone like to start: the turn of the year, leap days, odd days and the next."""
    odd = ODD_DAYS.get(zone.name, ())
    return (*STARTS, *odd, *(day + _ONE_DAY for day in odd))


def draw_term(draw: DrawFn, zone: Zone, start: date, max_months: int, *, stubs: bool = True) -> Term:
    """Draw a term from a day on; it has at least one instant, whatever days its zone skipped."""
    months = min(pick(draw, (1, 2, 3, 12, 6, 14, 24, 36)), max_months)
    term = Term(start, months=months, zone=zone)
    if not stubs or not one_in(draw, 4):
        return term
    lasts = zone.start_of(start) < zone.start_of(start + _ONE_DAY)  # unless it is the day that never was
    return Term(start, last_day=start + timedelta(days=draw(st.integers(not lasts, term.days - 1))), zone=zone)


def billing_periods() -> SearchStrategy[Period]:
    """Generate billing periods, each one of a term.

    Example:
        >>> from hypothesis import given
        >>> @given(billing_periods())
        ... def no_period_exceeds_its_cycle(period):
        ...     assert 0 < period.share <= 1
        >>> no_period_exceeds_its_cycle()
    """

    def build(draw: DrawFn) -> Period:
        return pick(draw, periods(draw(_TERMS), pick(draw, LENGTHS)))

    return drawn(build)


_TERMS = terms()
