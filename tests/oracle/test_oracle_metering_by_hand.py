"""The oracle's metering and charges against pencil and paper: every docstring shows the working.

These tests prove the oracle, not the library, so they quote no rule ids.
"""

from fractions import Fraction
from typing import Any

import pytest

from supportcontracts.contracts.allotments import Allotment
from supportcontracts.contracts.charges import Charge, Rate
from supportcontracts.contracts.metering import FreeTime, Grouping, Metering, Multiplier, ScopedMetering
from supportcontracts.contracts.plans import (
    Composite,
    FixedAnnual,
    Meter,
    PayPerHour,
)
from supportcontracts.contracts.scope import Scope
from supportcontracts.contracts.sources import Refuse
from supportcontracts.contracts.tariffs import Band, Graduated, Package, Volume
from supportcontracts.money import Money, Price
from supportcontracts.quantity import WorkTime, hours, minutes, percent
from tests.oracle.days import second_of
from tests.oracle.pencil import (
    AT_140,
    HOUR,
    MINUTE,
    at,
    contract,
    meters,
    money_lines,
    rate,
    use_lines,
    work,
)

GROUPS: tuple[Grouping, ...] = ("incident", "incident-and-day", "technician-day")

# Metering


def test_a_group_is_metered_as_one() -> None:
    """Three times 10 min on a ticket in steps of 15: 15, then 30 - 15 = 15, then 30 - 30 = 0; another ticket: 15."""
    plan = meters(Charge(Price("60 EUR/h")), metering=Metering(group="incident", increment=minutes(15)))
    rating = rate(
        contract(plan),
        *[work(f"W-{n}", f"2025-01-0{n} 09:00", minutes(10), ticket="T-1") for n in (1, 2, 3)],
        work("W-4", "2025-01-04 09:00", minutes(10), ticket="T-2"),
    )
    assert use_lines(rating) == [
        ("W-1", "charge", None, "charged", 15 * MINUTE, 1500),
        ("W-2", "charge", None, "charged", 15 * MINUTE, 1500),
        ("W-3", "none", None, "free", 0, 0),
        ("W-4", "charge", None, "charged", 15 * MINUTE, 1500),
    ]


@pytest.mark.parametrize("rules", [Metering(group, increment=minutes(15)) for group in GROUPS])
def test_work_at_another_rate_stands_apart(rules: Metering) -> None:
    """10 and 5 min in steps of 15 share a step; the senior's 5 are a group apart, 15 min at 120 = 30.00."""
    charge = Charge(Price("60 EUR/h"), rates=Rate(Price("120 EUR/h"), role="senior"))
    rating = rate(
        contract(meters(charge, metering=rules)),
        work("W-1", "2025-01-01 09:00", minutes(10), ticket="T-1", technician="kim"),
        work("W-2", "2025-01-01 10:00", minutes(5), ticket="T-1", technician="kim", role="senior"),
        work("W-3", "2025-01-01 11:00", minutes(5), ticket="T-1", technician="kim"),
    )
    assert [line[-2:] for line in use_lines(rating)] == [(900, 1500), (900, 3000), (0, 0)]


@pytest.mark.parametrize(("number", "later"), [(0, 0), (1, 900), (2, 900)], ids=GROUPS)
def test_a_day_ends_the_groups_that_say_so(number: int, later: int) -> None:
    """10 and 5 min on two days in steps of 15: by ticket they share a step, by day the 5 start one of their own."""
    rules = Metering(GROUPS[number], increment=minutes(15))
    rating = rate(
        contract(meters(Charge(AT_140), metering=rules), zone="Europe/Berlin"),
        work("W-1", "2025-01-01 22:59:59", minutes(10), ticket="T-1", technician="kim"),
        work("W-2", "2025-01-01 23:00", minutes(5), ticket="T-1", technician="kim"),
    )
    assert [line.counted for line in rating.lines] == [900, later]


@pytest.mark.parametrize(("reading", "expected"), [("excess", [0, 600, 1200, 0]), ("all", [0, 2400, 1200, 0])])
def test_free_time_for_each_period(reading: Any, expected: list[int]) -> None:  # noqa: ANN401  # a literal
    """30 min a month: 20 are free, of 20 more only 10 count ("all": 40), then 20; in February 20 are free again."""
    free = FreeTime(minutes(30), per="period", reading=reading)
    rating = rate(
        contract(meters(Charge(AT_140), metering=Metering(free=free))),
        *[work(f"W-{n}", f"2025-01-0{n} 09:00", minutes(20)) for n in (1, 2, 3)],
        work("W-4", "2025-02-01 09:00", minutes(20)),
    )
    assert [line.counted for line in rating.lines] == expected
    assert [line.disposition for line in rating.lines][::3] == ["free", "free"]


def test_free_time_comes_before_the_minimum() -> None:
    """15 min free for each technician and day, then at least 30 min: 10 are free; 10 more leave 5, raised to 30."""
    rules = Metering(group="technician-day", free=FreeTime(minutes(15)), minimum=minutes(30))
    rating = rate(
        contract(meters(Charge(Price("60 EUR/h")), metering=rules)),
        work("W-1", "2025-01-01 09:00", minutes(10), technician="kim"),
        work("W-2", "2025-01-01 10:00", minutes(10), technician="kim"),
        work("W-3", "2025-01-01 11:00", minutes(40)),
    )
    assert [line[-2:] for line in use_lines(rating)] == [(0, 0), (1800, 3000), (1800, 3000)]


def test_a_multiplier_on_the_quantity() -> None:
    """3 s x 1.5 = 4.5, half up 5 counted; charged by billable 1 h at 140, by counted 1.5 h = 210.00."""
    rules = Metering(multiplier=Multiplier("1.5", scope=Scope(channels="onsite")))
    for charge, minor in ((Charge(AT_140, of="billable"), 14000), (Charge(AT_140, of="counted"), 21000)):
        rating = rate(
            contract(meters(charge, metering=rules)),
            work("W-1", "2025-01-01 09:00", hours(1), channel="onsite"),
            work("W-2", "2025-01-02 09:00", WorkTime(3), channel="onsite"),
            work("W-3", "2025-01-03 09:00", WorkTime(3), channel="phone"),
        )
        assert [line.counted for line in rating.lines] == [5400, 5, 3]
        assert rating.lines[0].minor == minor


def test_several_multipliers() -> None:
    """1.5 on site and 2 at night: the largest is 2, the product 3; on the price 1 h costs 280.00 or 420.00."""
    both = [Multiplier("1.5", scope=Scope(channels="onsite"), on="price"), Multiplier(2, on="price")]
    largest, product = Metering(multiplier=both), Metering(multiplier=both, combine="product")
    for rules, minor in ((largest, 28000), (product, 42000)):
        rating = rate(
            contract(meters(Charge(AT_140), metering=rules)), work("W", "2025-01-01 09:00", hours(1), channel="onsite")
        )
        assert use_lines(rating) == [("W", "charge", None, "charged", HOUR, minor)]


def test_work_that_is_not_billable_and_no_work() -> None:
    """Neither is drawn or charged; non-billable work does not use up the free time that W-3 takes."""
    plan = meters(Charge(AT_140), metering=Metering(free=FreeTime(minutes(10), per="term"), minimum=hours(1)))
    rating = rate(
        contract(plan),
        work("W-1", "2025-01-01 09:00", hours(1), billable="non-billable"),
        work("W-2", "2025-01-02 09:00", WorkTime(0)),
        work("W-3", "2025-01-03 09:00", minutes(10)),
    )
    assert [(line.source, line.disposition, line.worked, line.counted) for line in rating.lines] == [
        ("non-billable", "free", HOUR, 0),
        ("none", "included", 0, 0),
        ("none", "free", 600, 0),
    ]


def test_special_metering_and_the_meter_that_admits() -> None:
    """On site at least 2 h; relay is not metered by anybody."""
    rules = Metering(special=ScopedMetering(Scope(channels="onsite"), Metering(minimum=hours(2))))
    plan = Composite(meters=Meter("work", [Charge(AT_140)], scope=Scope(products="atlas"), metering=rules))
    rating = rate(
        contract(plan),
        work("W-1", "2025-01-01 09:00", hours(1), product="atlas", channel="onsite"),
        work("W-2", "2025-01-02 09:00", hours(1), product="atlas"),
        work("W-3", "2025-01-03 09:00", hours(1), product="relay"),
        work("W-4", "2025-01-04 09:00", hours(1)),
    )
    assert [(line.minor, line.code) for line in rating.lines] == [
        (28000, ""),
        (14000, ""),
        (0, "no-meter"),
        (0, "no-meter"),
    ]


def test_work_is_cut_at_boundaries() -> None:
    """23:30 to 00:45 in steps of an hour is one group: 30 min are billed as 60, then 75 as 120 - 60 = 60 in February.

    January has 30 min of its own left, which pay 30 of the 60; February pays all 60, and 30 of W-3's 60 in one piece.
    """
    plan = meters(
        Allotment(minutes(90), per="month"), Charge(AT_140), metering=Metering(increment=hours(1), at_boundary="split")
    )
    rating = rate(
        contract(plan),
        work("W-1", "2025-01-10 09:00", hours(1)),
        work("W-2", "2025-01-31 23:30", minutes(75)),
        work("W-3", "2025-02-10 09:00", minutes(30)),
        work("W-4", "2025-02-11 00:00", WorkTime(0)),
    )
    assert [line[:2] + line[7:] for line in rating.lines] == [
        ("use", "2025-01", "", 3600, 3600, 3600, Fraction(0), 0),
        ("use", "2025-01", "", 900, 1800, 1800, Fraction(0), 0),
        ("use", "2025-01", "", 900, 1800, 1800, Fraction(70), 7000),
        ("use", "2025-02", "", 2700, 3600, 3600, Fraction(0), 0),
        ("use", "2025-02", "", 900, 1800, 1800, Fraction(0), 0),
        ("use", "2025-02", "", 900, 1800, 1800, Fraction(70), 7000),
        ("use", "2025-02", "", 0, 0, 0, Fraction(0), 0),
    ]


# Charges


def test_a_graduated_tariff_over_a_month() -> None:
    """First hour 140, then 120: 30 min = 70.00; 45 more reach 75 min = 140 + 30 = 170, so 100.00; February: 70.00."""
    bands = [Band(hours(1), AT_140), Band(None, Price("120 EUR/h"))]
    rating = rate(
        contract(PayPerHour(tariff=Charge(Graduated(bands), per="period"))),
        work("W-1", "2025-01-01 09:00", minutes(30)),
        work("W-2", "2025-01-02 09:00", minutes(45)),
        work("W-3", "2025-02-01 09:00", minutes(30)),
    )
    assert [line[-1] for line in use_lines(rating)] == [7000, 10000, 7000]


def test_a_volume_over_the_term_and_its_place() -> None:
    """7 h in January and 5 in March, the first 2 free: 10 h at 140 = 1400.00 in the last month; 10 % are 140.00."""
    bands = [Band(hours(10), AT_140), Band(None, Price("120 EUR/h"))]
    charge = Charge(Volume(bands), per="term", free_first=hours(2), discount=percent(10))
    rating = rate(
        contract(PayPerHour(tariff=charge), months=3),
        work("W-1", "2025-01-01 09:00", hours(7)),
        work("W-2", "2025-03-02 09:00", hours(5)),
    )
    assert money_lines(rating) == [("volume", "2025-03", 140000), ("discount", "2025-03", -14000)]


def test_packages_of_a_local_day() -> None:
    """Packages of 30 min at 60: 20 min start one, 15 more a second, 20 more fit; 23:30 UTC is the next day there."""
    rating = rate(
        contract(PayPerHour(tariff=Charge(Package(minutes(30), Money("60 EUR")), per="day")), zone="Europe/Berlin"),
        work("W-1", "2025-01-01 09:00", minutes(20)),
        work("W-2", "2025-01-01 10:00", minutes(15)),
        work("W-3", "2025-01-01 11:00", minutes(20)),
        work("W-4", "2025-01-01 23:30", minutes(5)),
    )
    assert [line[-1] for line in use_lines(rating)] == [6000, 6000, 0, 6000]


def test_free_units_of_each_ticket() -> None:
    """The first 15 min of a ticket cost nothing: 10 are free, of 20 more 15 cost 35.00; without a ticket: 5 of 20."""
    charge = Charge(AT_140, per="incident", free_first=minutes(15))
    rating = rate(
        contract(PayPerHour(tariff=charge)),
        work("W-1", "2025-01-01 09:00", minutes(10), ticket="T"),
        work("W-2", "2025-01-02 09:00", minutes(20), ticket="T"),
        work("W-3", "2025-01-03 09:00", minutes(20)),
    )
    assert [line[-1] for line in use_lines(rating)] == [0, 3500, 1167]


def test_a_volume_tariff_is_known_at_the_end() -> None:
    """7 h and 5 h in January are 12 h at 120 = 1440.00; 10 h in February are still at 140 = 1400.00; March: no line."""
    bands = [Band(hours(10), AT_140), Band(None, Price("120 EUR/h"))]
    terms = contract(PayPerHour(tariff=Charge(Volume(bands), per="period")))
    events = [
        work("W-1", "2025-01-01 09:00", hours(7)),
        work("W-2", "2025-01-02 09:00", hours(5)),
        work("W-3", "2025-02-02 09:00", hours(10)),
    ]
    assert money_lines(rate(terms, *events, until="2025-01-31")) == []
    assert money_lines(rate(terms, *events, until="2025-02-01")) == [("volume", "2025-01", 144000)]
    assert money_lines(rate(terms, *events)) == [("volume", "2025-01", 144000), ("volume", "2025-02", 140000)]


def test_discount_maximum_and_minimum_in_this_order() -> None:
    """January: 280 + 70 = 350; - 10 % = 315; above 300: - 15. February: 70 - 7 = 63, to 100: + 37. March: + 100."""
    charge = Charge(AT_140, discount=percent(10), maximum=Money("300 EUR"), minimum=Money("100 EUR"))
    rating = rate(
        contract(PayPerHour(tariff=charge), months=3),
        work("W-1", "2025-01-01 09:00", hours(2)),
        work("W-2", "2025-01-02 09:00", minutes(30)),
        work("W-3", "2025-02-02 09:00", minutes(30)),
    )
    assert money_lines(rating, "discount", "maximum", "minimum") == [
        ("discount", "2025-01", -3500),
        ("maximum", "2025-01", -1500),
        ("discount", "2025-02", -700),
        ("minimum", "2025-02", 3700),
        ("minimum", "2025-03", 10000),
    ]


def test_limits() -> None:
    """5 h a month: 4, then 1 of 3, the rest refused. 200.00 a month at 140: 4800 s = 186.67, then 342 s = 13.30.

    What is left of 200 - 186.666... = 13.333...; at 140/3600 = 7/180 a second 342 s cost 13.30 and 343 s 13.338.
    """
    by_time = rate(
        contract(meters(Charge(AT_140, limit=hours(5)), Refuse())),
        work("W-1", "2025-01-01 09:00", hours(4)),
        work("W-2", "2025-01-02 09:00", hours(3)),
        work("W-3", "2025-01-03 09:00", hours(1)),
        work("W-4", "2025-02-02 09:00", hours(5)),
    )
    assert [(line[3], line[4] // HOUR) for line in use_lines(by_time)] == [
        ("charged", 4),
        ("charged", 1),
        ("refused", 2),
        ("refused", 1),
        ("charged", 5),
    ]
    by_money = rate(
        contract(meters(Charge(AT_140, limit=Money("200 EUR")), Refuse())),
        work("W-1", "2025-01-01 09:00", minutes(80)),
        work("W-2", "2025-01-02 09:00", hours(1)),
    )
    assert [(line[3], line[4], line[5]) for line in use_lines(by_money)] == [
        ("charged", 4800, 18667),
        ("charged", 342, 1330),
        ("refused", 3258, 0),
    ]


def test_the_most_specific_rate_wins() -> None:
    """Both 200, kind of work 180, role 160, else 140; the entry's own 111 only where it is used."""
    rates = [
        Rate(Price("160 EUR/h"), role="senior"),
        Rate(Price("180 EUR/h"), work_type="design"),
        Rate(Price("200 EUR/h"), role="senior", work_type="design"),
    ]
    said: list[dict[str, Any]] = [
        {"role": "senior", "work_type": "design"},
        {"role": "junior", "work_type": "design"},
        {"role": "senior"},
        {},
        {"role": "senior", "rate": Price("111 EUR/h")},
    ]
    entries = [work(f"W-{n}", f"2025-01-0{n} 09:00", hours(1), **each) for n, each in enumerate(said, 1)]
    ignored = rate(contract(PayPerHour(tariff=Charge(AT_140, rates=rates))), *entries)
    assert [line[-1] // 100 for line in use_lines(ignored)] == [200, 180, 160, 140, 160]
    kind_first = rate(contract(PayPerHour(tariff=Charge(AT_140, rates=rates[:2]))), entries[0])
    assert [line[-1] // 100 for line in use_lines(kind_first)] == [180]
    used = rate(contract(PayPerHour(tariff=Charge(AT_140, rates=rates, entry_rates="used"))), *entries)
    assert [line[-1] // 100 for line in use_lines(used)] == [200, 180, 160, 140, 111]


def test_a_review_level_is_passed_once_a_year() -> None:
    """Level 2 h: exactly 2 do not pass it, 1 more does, and again in the next contract year, which starts anew."""
    rating = rate(
        contract(FixedAnnual(fee=Money("0 EUR"), review_at=hours(2)), months=24),
        work("W-1", "2025-01-01 09:00", hours(2)),
        work("W-2", "2025-01-02 09:00", hours(1)),
        work("W-3", "2025-01-03 09:00", hours(1)),
        work("W-4", "2026-01-03 09:00", hours(2)),
        work("W-5", "2026-01-04 09:00", hours(1)),
        until="2026-06-01",
    )
    assert rating.notices == {
        ("fair-use-review", "work/0/2025-01-01/year 1/review", "W-2", second_of(at("2025-01-02 09:00"))),
        ("fair-use-review", "work/0/2025-01-01/year 2/review", "W-5", second_of(at("2026-01-04 09:00"))),
    }
    assert {line[1:4] for line in use_lines(rating)} == {("unlimited", None, "included")}
