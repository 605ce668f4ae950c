"""Strategies for the terms of service credits: sizes, schedules, levels, caps, and terms that fit together."""

from collections.abc import Collection
from fractions import Fraction
from itertools import pairwise
from typing import Any, get_args

from hypothesis.strategies import DrawFn, SearchStrategy

from supportcontracts.contracts.service_credits import (
    Claim,
    CreditBand,
    CreditBands,
    CreditCap,
    CreditEach,
    CreditSize,
    CreditSteps,
    CreditWindow,
    DowntimeMultiple,
    Measure,
    MeasureKind,
    MinimumCredit,
    PoolShare,
    Schedule,
    ServiceCredits,
    ServiceLevel,
)
from supportcontracts.contracts.tiers import METRICS
from supportcontracts.money import Money
from supportcontracts.quantity import WorkTime, percent
from supportcontracts.testing.strategies._drawing import drawn, kinds_of, one_in, part, pick
from supportcontracts.testing.strategies.metering import SEVERITIES
from supportcontracts.timeline import Days, Months

__all__ = [
    "claims",
    "credit_bands",
    "credit_caps",
    "credit_schedules",
    "measures",
    "minimum_credits",
    "service_credits",
    "service_levels",
]


def __dir__() -> list[str]:
    return __all__


_SHARES = (percent(10), percent(5), percent(25), percent(100), percent("2.5"))
_AMOUNTS = (Money("50 EUR"), Money("0.01 EUR"))
_DAYS = (Days(1), Days(3), Days(7))
_RATIOS = (percent(99), percent(95), percent("99.9"), percent(50), percent(100))
_COUNTS = tuple(map(Fraction, (1, 3, 5, 10)))
_TIMES = tuple(map(WorkTime, (1800, 3600, 4 * 3600, 86_400)))
_SCHEDULES = get_args(Schedule)
_MEASURES: tuple[MeasureKind, ...] = get_args(MeasureKind)
_WINDOWS: tuple[CreditWindow, ...] = get_args(CreditWindow)


def draw_size(draw: DrawFn) -> CreditSize:
    """Draw a share, an amount, or days."""
    pools: tuple[tuple[CreditSize, ...], ...] = (_SHARES, _SHARES, _AMOUNTS, _DAYS)
    return pick(draw, pick(draw, pools))


def _draw_bands(draw: DrawFn, unit: str) -> CreditBands:
    """Draw a table of one to three bands that meet."""
    count = pick(draw, (2, 1, 3))
    limits: list[Any] = [percent(0), *sorted(_RATIOS[:count])]
    if unit != "ratio":
        limits = [*sorted((_COUNTS if unit == "count" else _TIMES)[:count]), None]
    return CreditBands([CreditBand(draw_size(draw), at_least=low, below=high) for low, high in pairwise(limits)])


def draw_band(draw: DrawFn) -> CreditBand:
    """Draw a band of any table."""
    return pick(draw, _draw_bands(draw, pick(draw, ("ratio", "count", "time"))).bands)


def credit_bands() -> SearchStrategy[CreditBand]:
    """Generate single bands of tables of credits.

    Example:
        >>> from hypothesis import given, settings
        >>> @settings(max_examples=10)
        ... @given(credit_bands())
        ... def a_band_holds_its_lower_end(band):
        ...     assert band.holds(band.at_least)
        >>> a_band_holds_its_lower_end()
    """
    return drawn(draw_band)


def _fitting(measure: Measure) -> tuple[type[Any], ...]:
    """List the kinds of schedules that are for what is measured."""
    if measure.unit == "ratio":
        return (CreditBands, CreditSteps, PoolShare)
    if measure.unit == "count":
        return (CreditBands, CreditEach)
    return (CreditBands, CreditSteps, *((DowntimeMultiple,) if measure.kind == "downtime" else ()))


def _draw_schedule_of(draw: DrawFn, kind: type[Any], unit: str) -> Schedule:
    if kind is CreditBands:
        return _draw_bands(draw, unit)
    if kind is CreditEach:
        return CreditEach(draw_size(draw))
    if kind is CreditSteps:
        ratio = unit == "ratio"
        return CreditSteps(
            draw_size(draw),
            step=percent(pick(draw, (1, 5))) if ratio else pick(draw, _TIMES),
            limit=pick(draw, _RATIOS) if ratio else pick(draw, (WorkTime(0), *_TIMES)),
            count=pick(draw, ("part-thereof", "full-only", "exact")),
        )
    if kind is PoolShare:
        return PoolShare(
            below=pick(draw, _RATIOS), allocation=percent(pick(draw, (40, 100))), weight=pick(draw, (1, 2))
        )
    return DowntimeMultiple(pick(draw, (Fraction(10), Fraction(100), Fraction(3, 2))))


def draw_schedule(draw: DrawFn, kinds: tuple[type[Any], ...]) -> Schedule:
    """Draw a schedule of one of some kinds."""
    kind = pick(draw, kinds)
    unit = pick(draw, ("ratio", "count", "time") if kind is CreditBands else ("ratio", "time"))
    return _draw_schedule_of(draw, kind, unit)


def credit_schedules(*, kinds: Collection[type[Any]] | None = None) -> SearchStrategy[Schedule]:
    """Generate every way from what was measured to a credit.

    Args:
        kinds: the classes of schedules; left out, all.

    Raises:
        InvalidArgument: for a class that is no schedule.

    Example:
        >>> from hypothesis import given, settings
        >>> @settings(max_examples=10)
        ... @given(credit_schedules(kinds={CreditEach}))
        ... def no_breach_is_no_credit(schedule):
        ...     assert schedule.due(Fraction(0)) is None
        >>> no_breach_is_no_credit()
    """
    return drawn(draw_schedule, kinds_of("credit_schedules", kinds, _SCHEDULES))


def draw_measure(draw: DrawFn) -> Measure:
    """Draw what is measured, of tickets or of a service."""
    kind = pick(draw, _MEASURES)
    if kind in ("availability", "downtime"):
        return Measure(kind, service=pick(draw, (None, "atlas")))
    first = pick(draw, range(len(METRICS)))
    severities = SEVERITIES[: pick(draw, (1, 2))] if one_in(draw, 3) else ()
    return Measure(kind, metrics=METRICS[first : first + pick(draw, (1, 2))], severities=severities)


def measures() -> SearchStrategy[Measure]:
    """Generate what is measured: of tickets by their metrics, or of a service.

    Example:
        >>> from hypothesis import given, settings
        >>> @settings(max_examples=10)
        ... @given(measures())
        ... def tickets_are_measured_by_metrics(measure):
        ...     assert bool(measure.metrics) == (measure.kind in ("attainment", "breaches", "lateness"))
        >>> tickets_are_measured_by_metrics()
    """
    return drawn(draw_measure)


def draw_level(draw: DrawFn, name: str) -> ServiceLevel:
    """Draw a level whose schedule fits what is measured."""
    measure = part(draw, draw_measure)
    return ServiceLevel(
        name,
        measure,
        _draw_schedule_of(draw, pick(draw, _fitting(measure)), measure.unit),
        per=pick(draw, _WINDOWS),
        each="incident" if measure.unit == "time" and one_in(draw, 2) else "window",
        users="affected" if one_in(draw, 3) else "all",
        sample=pick(draw, (1, 10)),
        excluded=("force-majeure", "customer-caused")[: pick(draw, (0, 1, 2))],
    )


def service_levels(*, name: str = "answers") -> SearchStrategy[ServiceLevel]:
    """Generate levels of service, each with a schedule of credits that fits what is measured.

    Example:
        >>> from hypothesis import given, settings
        >>> @settings(max_examples=10)
        ... @given(service_levels(name="uptime"))
        ... def it_has_its_name(level):
        ...     assert level.name == "uptime"
        >>> it_has_its_name()
    """
    return drawn(draw_level, name)


def draw_cap(draw: DrawFn, levels: tuple[str, ...] = ()) -> CreditCap:
    """Draw a cap, for some levels or all."""
    return CreditCap(draw_size(draw), per=pick(draw, ("window", "level", "incident", "year", "term")), levels=levels)


def credit_caps() -> SearchStrategy[CreditCap]:
    """Generate caps on credits.

    Example:
        >>> from hypothesis import given, settings
        >>> @settings(max_examples=10)
        ... @given(credit_caps())
        ... def a_cap_is_for_all_levels(cap):
        ...     assert cap.levels == ()
        >>> a_cap_is_for_all_levels()
    """
    return drawn(draw_cap)


def draw_minimum(draw: DrawFn) -> MinimumCredit:
    """Draw the least credit that is paid."""
    return MinimumCredit(Money("1 EUR"), rule="at-least" if one_in(draw, 2) else "more-than")


def minimum_credits() -> SearchStrategy[MinimumCredit]:
    """Generate least credits.

    Example:
        >>> from hypothesis import given, settings
        >>> @settings(max_examples=10)
        ... @given(minimum_credits())
        ... def more_is_paid(minimum):
        ...     assert minimum.admits(Money("1.01 EUR"))
        >>> more_is_paid()
    """
    return drawn(draw_minimum)


def draw_claim(draw: DrawFn) -> Claim:
    """Draw how a credit is claimed."""
    return Claim(
        Months(1) if one_in(draw, 3) else pick(draw, (Days(30), Days(15))),
        counted_from="incident" if one_in(draw, 3) else "window-end",
        reported_within=WorkTime(86_400) if one_in(draw, 3) else None,
    )


def claims() -> SearchStrategy[Claim]:
    """Generate how credits are claimed.

    Example:
        >>> from hypothesis import given, settings
        >>> @settings(max_examples=10)
        ... @given(claims())
        ... def there_is_time(claim):
        ...     assert claim.within.count > 0
        >>> there_is_time()
    """
    return drawn(draw_claim)


def draw_service_credits(draw: DrawFn) -> ServiceCredits:
    """Draw terms whose parts fit together."""
    names = ("answers", "uptime", "solutions")[: pick(draw, (1, 2, 3))]
    some = names[:1] if one_in(draw, 2) else ()
    return ServiceCredits(
        [part(draw, draw_level, name) for name in names],
        fees=("hosting",) if one_in(draw, 3) else (),
        at_risk=percent(15),
        several=pick(draw, ("added", "largest", "customer-chooses")),
        day_of="thirtieth" if one_in(draw, 2) else "window-day",
        caps=[draw_cap(draw, some), draw_cap(draw)][: pick(draw, (0, 1, 2))],
        minimum=draw_minimum(draw) if one_in(draw, 3) else None,
        claim=draw_claim(draw) if one_in(draw, 3) else None,
        standing="nothing-overdue" if one_in(draw, 3) else "any",
    )


def service_credits() -> SearchStrategy[ServiceCredits]:
    """Generate terms of service credits: levels of any kind, caps, minimum, claim and standing.

    Example:
        >>> from hypothesis import given, settings
        >>> @settings(max_examples=10)
        ... @given(service_credits())
        ... def there_is_one_currency_at_most(terms):
        ...     assert len(terms.currencies) <= 1
        >>> there_is_one_currency_at_most()
    """
    return drawn(draw_service_credits)
