"""Terms of service credits: tables of credits, what they are due for, and terms that cannot be."""

from fractions import Fraction
from types import ModuleType
from typing import Any, Literal

import pytest

from supportcontracts import Money, days, hours, minutes, months, percent, seconds
from supportcontracts.contracts import service_credits as package
from supportcontracts.contracts.service_credits import (
    Bound,
    Claim,
    CreditBand,
    CreditBands,
    CreditCap,
    CreditEach,
    CreditSize,
    CreditSteps,
    DowntimeMultiple,
    Measure,
    MinimumCredit,
    PoolShare,
    Schedule,
    ServiceCredits,
    ServiceLevel,
    bound_words,
    schedules,
    size_words,
    terms,
)
from supportcontracts.errors import CurrencyMismatch, InvalidValue
from tests.value_checks import (
    assert_all_differ,
    assert_is_a_value,
    assert_refuses_what_does_not_belong,
    changed,
    refused,
)

UPTIME = CreditBands(
    [
        CreditBand(percent(10), at_least=percent(99), below=percent("99.9")),
        CreditBand(percent(25), at_least=percent(95), below=percent(99)),
        CreditBand(percent(100), at_least=percent(0), below=percent(95)),
    ]
)
BY_COUNT = CreditBands(
    [
        CreditBand(days(1), at_least=1, below=3),
        CreditBand(days(3), at_least=3, below=5),
        CreditBand(days(7), at_least=5),
    ]
)
BY_TIME = CreditBands(
    [CreditBand(Money("50 EUR"), at_least=hours(1), below=hours(4)), CreditBand(Money("200 EUR"), at_least=hours(4))]
)
HALF_HOURS = CreditSteps(percent(5), step=minutes(30), limit=minutes(0), count="part-thereof")
POOL = PoolShare(below=percent(95), allocation=percent(40), weight=2)
ANSWERS = Measure("attainment", metrics="first-response", severities=[1, 2])
UP = Measure("availability", service="atlas")
LEVEL = ServiceLevel("uptime", UP, UPTIME, per="month", users="affected", excluded=["force-majeure", "customer-caused"])
OUTAGE = ServiceLevel("outages", Measure("downtime"), HALF_HOURS, each="incident")
TERMS = ServiceCredits(
    [LEVEL, OUTAGE, ServiceLevel("answers", ANSWERS, POOL, per="quarter", sample=10)],
    fees="hosting",
    at_risk=percent(15),
    several="largest",
    day_of="thirtieth",
    caps=[CreditCap(percent(10)), CreditCap(percent(20), per="level")],
    minimum=MinimumCredit(Money("1 EUR"), rule="more-than"),
    claim=Claim(days(30), reported_within=hours(24)),
    standing="nothing-overdue",
)
VALUES: tuple[object, ...] = (
    UPTIME, BY_COUNT.bands[0], BY_TIME, HALF_HOURS, CreditEach(percent(2)), DowntimeMultiple("100"), POOL, ANSWERS, UP,
    LEVEL, TERMS, CreditCap(Money("500 EUR"), per="year", levels="uptime"), TERMS.minimum, TERMS.claim,
)  # fmt: skip


def level(name: str, credit: Schedule, measure: Measure = UP, **more: Any) -> ServiceLevel:  # whatever a level takes
    """Build a level of service."""
    return ServiceLevel(name, measure, credit, **more)


def bands(*limits: tuple[Bound | int, Bound | int | None]) -> CreditBands:
    """Build a table of one credit."""
    return CreditBands([CreditBand(percent(10), at_least=low, below=high) for low, high in limits])


@pytest.mark.parametrize("module", [package, schedules, terms], ids=lambda module: module.__name__)
def test_the_modules_show_their_public_names_only(module: ModuleType) -> None:
    """`dir` of a module lists what `__all__` lists."""
    assert dir(module) == sorted(module.__all__)


# -- values -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
def test_terms_are_values(value: object) -> None:
    """Terms compare, hash, pickle, do not change, and refuse what does not belong in a field."""
    assert_is_a_value(value)
    assert_refuses_what_does_not_belong(value)


def test_terms_differ_by_every_field() -> None:
    """No field of the terms is left out of their equality."""
    other = {
        "fees": ("licence",), "at_risk": percent(16), "several": "added", "day_of": "window-day", "caps": (),
        "minimum": None, "claim": None, "standing": "any",
    }  # fmt: skip
    assert_all_differ([TERMS, *(changed(TERMS, **{name: value}) for name, value in other.items())])
    assert_all_differ([LEVEL, *(changed(LEVEL, **{name: value}) for name, value in {
        "name": "up", "per": "year", "users": "all", "sample": 2, "excluded": (), "measure": Measure("availability"),
    }.items())])  # fmt: skip
    extended = changed(TERMS, levels=level("late", BY_COUNT, Measure("breaches", metrics="update")))
    assert changed(extended, granted_as="term-extension") != extended


# -- bands ------------------------------------------------------------------------------------------------------------


@pytest.mark.rule("A7", "D25")
@pytest.mark.parametrize(
    ("value", "credit"),
    [
        ("0", percent(100)),
        ("94.999", percent(100)),
        ("95", percent(25)),
        ("98.9", percent(25)),
        ("99", percent(10)),
        ("99.89", percent(10)),
        ("99.9", None),
        ("100", None),
    ],
)
def test_a_ratio_falls_in_one_band(value: str, credit: Fraction | None) -> None:
    """The lower end belongs to a band and the upper end to the next one; at what was promised nothing is due."""
    assert UPTIME.due(percent(value)) == (None if credit is None else (credit, Fraction(1)))


@pytest.mark.rule("A7", "D25")
def test_a_count_and_a_time_fall_in_one_band() -> None:
    """1 or 2, 3 or 4, 5 and more; and so for times."""
    due = [BY_COUNT.due(Fraction(count)) for count in range(7)]
    assert due == [None, *((days(count), Fraction(1)) for count in (1, 1, 3, 3, 7, 7))]
    found = [BY_TIME.due(time) for time in (seconds(3599), hours(1), seconds(14399), hours(4), hours(100))]
    small, large = (Money("50 EUR"), Fraction(1)), (Money("200 EUR"), Fraction(1))
    assert found == [None, small, small, large, large]


@pytest.mark.rule("A7")
def test_more_than_four_in_a_quarter() -> None:
    """A table of a count may start at any number."""
    table = bands((5, None))
    assert [bool(table.due(Fraction(count))) for count in (0, 4, 5, 9)] == [False, False, True, True]


def test_bands_stand_in_ascending_order() -> None:
    """However a table is written, it is the same table."""
    assert CreditBands(reversed(UPTIME.bands)) == UPTIME
    assert [band.at_least for band in UPTIME.bands] == [percent(0), percent(95), percent(99)]
    assert (UPTIME.unit, BY_COUNT.unit, BY_TIME.unit) == ("ratio", "count", "time")


@pytest.mark.rule("A7")
@pytest.mark.parametrize(
    ("table", "words"),
    [
        ([(percent(0), percent(95)), (percent(97), percent(99))], ["a hole from 95 % to 97 %"]),
        ([(percent(0), percent(97)), (percent(95), percent(99))], ["an overlap from 95 % to 97 %"]),
        ([(percent(0), percent(99)), (percent(95), percent(97))], ["an overlap from 95 % to 97 %"]),
        ([(percent(0), percent(99)), (percent(0), percent(99))], ["an overlap from 0 % to 99 %"]),
        ([(percent(90), percent(99))], ["holes below 90 % and from 99 % on"]),
        ([(0, None)], ["a credit for every value"]),
        ([(1, 3), (5, None)], ["a hole from 3 to 5"]),
        ([(1, 4), (3, None)], ["an overlap from 3 to 4"]),
        ([(1, None), (3, None)], ["an overlap from 3 on"]),
        ([(1, None), (3, 5)], ["an overlap from 3 to 5"]),
        ([(1, 3), (3, 5)], ["holes below 1 and from 5 on"]),
        ([(minutes(10), minutes(20)), (minutes(30), None)], ["a hole from 0h 20m to 0h 30m"]),
        (
            [(percent(0), percent(90)), (percent(80), percent(95)), (percent(97), percent(99))],
            ["an overlap from 80 % to 90 %", "a hole from 95 % to 97 %"],
        ),
        ([(1, 10), (2, 3), (12, None)], ["an overlap from 2 to 3", "a hole from 10 to 12"]),
    ],
)
def test_holes_and_overlaps_are_reported(table: list[tuple[Bound | int, Bound | int | None]], words: list[str]) -> None:
    """A table whose bands do not meet is refused, with every hole and every overlap."""
    error = refused(lambda: bands(*table), InvalidValue, *words)
    assert error.got.count("a hole") + error.got.count("an overlap") + error.got.count("holes below") <= len(words)


@pytest.mark.rule("A7")
@pytest.mark.parametrize(
    "table",
    [
        [(percent(0), percent(101))],
        [(0, 5)],
        [(Fraction(1, 2), None)],
        [(1, Fraction(5, 2)), (Fraction(5, 2), None)],
        [(minutes(0), minutes(30))],
        [(percent(1), percent(2)), (minutes(1), None)],
    ],
)
def test_limits_that_nothing_has(table: list[tuple[Bound | int, Bound | int | None]]) -> None:
    """A ratio is at most 1, a count whole, and more time is worse."""
    refused(lambda: bands(*table), InvalidValue, "CreditBands.bands")


def test_bands_that_cannot_be() -> None:
    """A band has two ends of one kind in order, and a table has bands."""
    refused(lambda: CreditBands([]), InvalidValue, "no bands")
    refused(lambda: bands((percent(99), percent(99))), InvalidValue, "more than 99 %")
    refused(lambda: bands((percent(99), minutes(99))), InvalidValue, "one kind")
    refused(lambda: CreditBand(percent(10), at_least=-1), InvalidValue, "CreditBand.at_least")


@pytest.mark.parametrize("size", [percent(0), Money("0 EUR"), days(0)])
def test_a_credit_of_nothing(size: CreditSize) -> None:
    """A credit of nothing is refused, since it looks like one of something."""
    refused(lambda: CreditEach(size), InvalidValue, "nothing")


def test_how_sizes_and_limits_read() -> None:
    """A share reads as a percentage, a count as a number."""
    assert [size_words(size) for size in (percent("2.5"), Money("5 EUR"), days(2))] == [
        "2.5 % of the fee", "5.00 EUR", "2 days",
    ]  # fmt: skip
    assert (bound_words(percent("99.9")), bound_words(Fraction(3), of="count"), bound_words(hours(2))) == (
        "99.9 %", "3", "2h 00m",
    )  # fmt: skip


# -- steps and the rest -----------------------------------------------------------------------------------------------


@pytest.mark.rule("A8")
@pytest.mark.parametrize(
    ("count", "below", "steps"),
    [
        ("part-thereof", "0.5", 1),
        ("part-thereof", "1", 1),
        ("part-thereof", "1.01", 2),
        ("full-only", "0.99", 0),
        ("full-only", "1", 1),
        ("full-only", "2.5", 2),
        ("exact", "2.5", Fraction(5, 2)),
        ("exact", "0", 0),
        ("part-thereof", "-1", 0),
        ("full-only", "-1", 0),
        ("exact", "-1", 0),
    ],
)
def test_steps_below_a_ratio(
    count: Literal["part-thereof", "full-only", "exact"], below: str, steps: Fraction | int
) -> None:
    """Each point below what was promised counts once begun, once full, or exactly; above it nothing is due."""
    by_points = CreditSteps(percent(2), step=percent(1), limit=percent(95), count=count)
    assert by_points.due(percent(95) - percent(below)) == ((percent(2), Fraction(steps)) if steps else None)


@pytest.mark.rule("A8")
@pytest.mark.parametrize(("time", "steps"), [(0, 0), (1, 1), (1800, 1), (1801, 2), (3600, 2), (5401, 4)])
def test_half_hours_of_downtime(time: int, steps: int) -> None:
    """Each half hour of downtime counts, or part thereof."""
    assert HALF_HOURS.due(seconds(time)) == ((percent(5), Fraction(steps)) if steps else None)


@pytest.mark.rule("A8")
def test_time_that_is_free() -> None:
    """Steps of a time start at its limit."""
    late = CreditSteps(days(1), step=hours(1), limit=hours(4), count="full-only")
    assert [late.due(hours(time)) for time in (3, 4, 5)] == [None, None, (days(1), Fraction(1))]


def test_steps_that_cannot_be() -> None:
    """Step and limit are of one kind, and a step is not zero."""
    for step, limit in ((minutes(30), percent(95)), (percent(1), minutes(30))):
        refused(lambda: CreditSteps(days(1), step=step, limit=limit, count="exact"), InvalidValue, "one kind")  # noqa: B023  # called at once
    refused(lambda: CreditSteps(days(1), step=hours(0), limit=hours(1), count="exact"), InvalidValue, "above 0")


def test_each_breach() -> None:
    """A credit for each breach is due as often as there were breaches."""
    assert CreditEach(percent(2)).due(Fraction(3)) == (percent(2), Fraction(3))
    assert CreditEach(percent(2)).due(Fraction(0)) is None


def test_pools_and_multiples() -> None:
    """A missed level takes allocation x weight of the pool; a multiple is above zero."""
    assert POOL.part == Fraction(4, 5)
    assert PoolShare(below=percent(95), allocation=percent(25)).part == Fraction(1, 4)
    refused(lambda: DowntimeMultiple(0), InvalidValue, "above 0")


# -- levels -----------------------------------------------------------------------------------------------------------

LATE = Measure("lateness", metrics="resolution")
MISSED = Measure("breaches", metrics="resolution")
DOWN = Measure("downtime")
POINTS = CreditSteps(percent(2), step=percent(1), limit=percent(95), count="exact")
FITTING: dict[str, set[str]] = {
    "attainment": {"ratio bands", "points", "pool"},
    "availability": {"ratio bands", "points", "pool"},
    "breaches": {"count bands", "each"},
    "lateness": {"time bands", "half hours"},
    "downtime": {"time bands", "half hours", "multiple"},
}
SCHEDULES: dict[str, Schedule] = {
    "ratio bands": UPTIME, "count bands": BY_COUNT, "time bands": BY_TIME, "points": POINTS, "half hours": HALF_HOURS,
    "each": CreditEach(percent(1)), "multiple": DowntimeMultiple(100), "pool": POOL,
}  # fmt: skip


@pytest.mark.rule("A7")
@pytest.mark.parametrize("measure", [ANSWERS, UP, MISSED, LATE, DOWN], ids=lambda measure: measure.kind)
@pytest.mark.parametrize("name", SCHEDULES)
def test_a_schedule_fits_what_is_measured(measure: Measure, name: str) -> None:
    """A ratio, a count and a time each take the schedules that are for them, and no other."""
    if name in FITTING[measure.kind]:
        assert level("it", SCHEDULES[name], measure).credit == SCHEDULES[name]
    else:
        refused(lambda: level("it", SCHEDULES[name], measure), InvalidValue, f"a schedule for a {measure.unit}")


def test_measures_that_cannot_be() -> None:
    """Tickets are measured by metrics, services by name."""
    refused(lambda: Measure("breaches"), InvalidValue, "none for breaches")
    refused(lambda: Measure("breaches", metrics="update", service="atlas"), InvalidValue, "atlas")
    refused(lambda: Measure("downtime", metrics="update"), InvalidValue, "Name a service")
    refused(lambda: Measure("availability", severities=1), InvalidValue, "Name a service")
    refused(lambda: level("it", UPTIME, each="incident"), InvalidValue, "lateness or downtime")
    refused(lambda: level("it", UPTIME, sample=0), InvalidValue, "at least 1")
    refused(lambda: level("it", UPTIME, excluded=" "), InvalidValue, "ServiceLevel.excluded")


# -- the terms --------------------------------------------------------------------------------------------------------


@pytest.mark.rule("A9")
def test_narrow_caps_stand_before_wide_ones() -> None:
    """Caps are ordered by what they cap: an incident, a level, a window, a year, the term; of few levels before all."""
    caps = [CreditCap(percent(90), per=per) for per in ("term", "window", "incident", "year", "level")]
    few = CreditCap(percent(5), levels="uptime")
    ordered = changed(TERMS, caps=[*caps, few]).caps
    assert [cap.per for cap in ordered] == ["incident", "level", "window", "window", "year", "term"]
    assert ordered[2] == few


@pytest.mark.rule("A9")
def test_caps_are_nested() -> None:
    """Two caps are one inside the other or for different levels; half of each is refused."""
    uptime_and_outages = CreditCap(percent(20), levels=["uptime", "outages"])
    changed(TERMS, caps=[uptime_and_outages, CreditCap(percent(5), levels="uptime"), CreditCap(percent(5))])
    changed(TERMS, caps=[uptime_and_outages, CreditCap(percent(5), levels="answers")])
    halves = [uptime_and_outages, CreditCap(percent(20), levels=["outages", "answers"])]
    refused(lambda: changed(TERMS, caps=halves), InvalidValue, "one inside the other")
    refused(lambda: changed(TERMS, caps=CreditCap(percent(5), levels="speed")), InvalidValue, "speed", "uptime")


@pytest.mark.rule("A10")
@pytest.mark.parametrize(("rule", "paid"), [("more-than", [False, False, True]), ("at-least", [False, True, True])])
def test_exactly_the_minimum(rule: Literal["more-than", "at-least"], paid: list[bool]) -> None:
    """A credit of exactly one dollar pays nothing where it has to be more."""
    least = MinimumCredit(Money("1 USD"), rule=rule)
    assert [least.admits(Money(text)) for text in ("0.99 USD", "1.00 USD", "1.01 USD")] == paid


def test_terms_that_cannot_be() -> None:
    """Terms have levels with names of their own, a share at risk for pools, and days to extend a term by."""
    refused(lambda: ServiceCredits([]), InvalidValue, "no levels")
    refused(lambda: ServiceCredits([LEVEL, LEVEL]), InvalidValue, "a name of its own")
    refused(lambda: changed(TERMS, at_risk=None), InvalidValue, "answers in a pool")
    for credit, measure in ((HALF_HOURS, DOWN), (DowntimeMultiple(1), DOWN), (UPTIME, UP)):
        refused(lambda: ServiceCredits(level("it", credit, measure), granted_as="term-extension"), InvalidValue, "days")  # noqa: B023  # called at once
    late = level("late", BY_COUNT, MISSED)
    assert ServiceCredits(late, granted_as="term-extension").levels == (late,)
    refused(lambda: ServiceCredits(LEVEL, fees=" "), InvalidValue, "ServiceCredits.fees")
    refused(lambda: CreditCap(percent(5), levels=" "), InvalidValue, "CreditCap.levels")


def test_one_currency() -> None:
    """Amounts of credits, caps and the minimum are in one currency."""
    euros = level("down", BY_TIME, DOWN)
    assert ServiceCredits(LEVEL).currencies == frozenset()
    assert {currency.code for currency in ServiceCredits(euros, caps=CreditCap(Money("500 EUR"))).currencies} == {"EUR"}
    dollars = MinimumCredit(Money("1 USD"), rule="at-least")
    refused(lambda: ServiceCredits(euros, minimum=dollars), CurrencyMismatch, "EUR and USD")
    refused(lambda: ServiceCredits(euros, caps=CreditCap(Money("500 USD"))), CurrencyMismatch, "EUR and USD")


def test_claims() -> None:
    """A claim is made within days or months."""
    assert Claim(months(1)).within == months(1)
    refused(lambda: Claim(hours(24)), InvalidValue, "days or months")  # type: ignore[arg-type]  # refused
