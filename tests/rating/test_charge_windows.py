"""Limits, and what happens at the end of a window: discount, maximum, minimum. Every number is worked out by hand."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

from supportcontracts import (
    Allotment,
    Band,
    BankPurchase,
    Banks,
    CappedHours,
    Charge,
    ChargeItem,
    Composite,
    Contract,
    Fee,
    FreeTime,
    Graduated,
    Hold,
    Meter,
    Metering,
    Money,
    Multiplier,
    Package,
    PayPerHour,
    Phase,
    Price,
    Rate,
    Rating,
    Refuse,
    Scope,
    ScopedMetering,
    Term,
    Unlimited,
    Volume,
    WorkEntry,
    hours,
    incidents,
    minutes,
    percent,
)
from supportcontracts.contracts.sources import Source
from supportcontracts.errors import InvalidValue
from tests.rating.builders import BERLIN, amounts, at, contract, entry, rated, told

EURO_A_MINUTE = Price("60 EUR/h")
DAY = "2025-02-03 09:00"
AT_THE_END = ("volume", "discount", "maximum", "minimum")


def by(*sources: Source, metering: Metering | None = None) -> Composite:
    """Build a plan of one waterfall for work."""
    return Composite(meters=Meter("work", sources, metering=metering or Metering()))


def limited(limit: Charge, *work: WorkEntry, metering: Metering | None = None) -> list[str]:
    """Rate work that a limited charge pays, and refuse what lies beyond the limit."""
    return told(rated(by(limit, Refuse(), metering=metering), *work), "use")


# Limits in units


@pytest.mark.rule("T6", "D26")
@pytest.mark.parametrize(
    ("worked", "expected"),
    [
        ("1h 59m 59s", ["W-1 charge 1h 59m 59s 119.98 EUR"]),  # 7199/60 = 119.9833…
        ("2h", ["W-1 charge 2h 120.00 EUR"]),
        ("2h 1s", ["W-1 charge 2h 120.00 EUR", "W-1 refused/exhausted 1s 0.00 EUR"]),
    ],
)
def test_beyond_a_limit_use_goes_to_the_next_source(worked: str, expected: list[str]) -> None:
    """A charge of at most 2 hours a month takes exactly 2 hours and passes on the next second."""
    assert limited(Charge(EURO_A_MINUTE, limit=hours(2)), entry("W-1", DAY, worked)) == expected


@pytest.mark.rule("T6")
def test_a_limit_of_a_period_starts_anew_and_one_of_a_term_does_not() -> None:
    """Of one hour a month, January's last second uses its rest, February has its own; an hour of a term is gone."""
    work = [
        entry("W-1", "2025-01-10 09:00", "40m"),
        entry("W-2", "2025-01-31 23:59:59", "40m"),
        entry("W-3", "2025-02-01 00:00", "40m"),
    ]
    assert limited(Charge(EURO_A_MINUTE, limit=hours(1)), *work) == [
        "W-1 charge 40m 40.00 EUR",
        "W-2 charge 20m 20.00 EUR",
        "W-2 refused/exhausted 20m 0.00 EUR",
        "W-3 charge 40m 40.00 EUR",
    ]
    assert limited(Charge(EURO_A_MINUTE, limit=hours(1), limit_per="term"), *work)[-1] == (
        "W-3 refused/exhausted 40m 0.00 EUR"
    )


@pytest.mark.rule("T6")
def test_a_limit_of_a_term_starts_anew_with_the_next_phase() -> None:
    """The renewal has its own hour."""
    plan = by(Charge(EURO_A_MINUTE, limit=hours(1), limit_per="term"), Refuse())
    phases = [Phase(Term(f"{year}-01-01", months=12, zone=BERLIN), plan) for year in (2024, 2025)]
    rating = rated(
        contract(phases=phases), entry("W-1", "2024-12-31 23:00", "1h"), entry("W-2", "2025-01-01 00:00", "1h")
    )
    assert told(rating) == ["W-1 charge 1h 60.00 EUR", "W-2 charge 1h 60.00 EUR"]


@pytest.mark.rule("T6", "D8")
def test_a_limit_in_units_is_drawn_in_counted_units() -> None:
    """An hour that counts twice uses up a limit of 2 hours, whatever is charged; 90 minutes count 3h, 2h fit.

    Of 90 billable minutes two thirds lie within the limit: 60 minutes, 60.00.
    """
    twice = Metering(multiplier=Multiplier("2"))
    charge = Charge(EURO_A_MINUTE, limit=hours(2))
    assert limited(charge, entry("W-1", DAY, "1h"), metering=twice) == ["W-1 charge 2h 60.00 EUR"]
    assert limited(charge, entry("W-1", DAY, "1h 30m"), metering=twice) == [
        "W-1 charge 2h 60.00 EUR",
        "W-1 refused/exhausted 1h 0.00 EUR",
    ]


@pytest.mark.rule("T6")
def test_a_limit_of_nothing_passes_everything_on() -> None:
    """A limit of 0 hours charges nothing."""
    assert limited(Charge(EURO_A_MINUTE, limit=hours(0)), entry("W-1", DAY, "1s")) == [
        "W-1 refused/exhausted 1s 0.00 EUR"
    ]


@pytest.mark.rule("T6", "T5")
def test_free_units_count_towards_a_limit_in_units() -> None:
    """Of a limit of 2 hours the first is free: 3 hours are 1 free, 1 charged, 1 passed on."""
    charge = Charge(EURO_A_MINUTE, per="period", free_first=hours(1), limit=hours(2))
    assert limited(charge, entry("W-1", DAY, "3h")) == [
        "W-1 charge 2h 60.00 EUR",
        "W-1 refused/exhausted 1h 0.00 EUR",
    ]


# Limits in money


@pytest.mark.rule("T6")
@pytest.mark.parametrize(
    ("price", "limit", "taken"),
    [
        ("60 EUR/h", "100 EUR", "1h 40m"),  # exactly 100
        ("60 EUR/h", "0.01 EUR", "0m"),  # one second is 0.0166…
        ("60 EUR/h", "0.02 EUR", "1s"),
        ("70 EUR/h", "10 EUR", "8m 34s"),  # 10/70 h = 514.28… s
        ("36 EUR/h", "0.01 EUR", "1s"),  # exactly
        ("60 EUR/h", "0 EUR", "0m"),
        ("0 EUR/h", "0 EUR", "10h"),  # everything fits
    ],
)
def test_a_limit_in_money_takes_the_most_that_fits(price: str, limit: str, taken: str) -> None:
    """The largest number of seconds whose exact amount is at most the limit is charged, of 10 hours."""
    charge = Charge(Price(price), limit=Money(limit))
    told_ = limited(charge, entry("W-1", DAY, "10h"))
    assert [row.split(" charge ")[1].rsplit(" ", 2)[0] for row in told_ if " charge " in row] == [taken] * (
        taken != "0m"
    )


@pytest.mark.rule("T6", "S1")
def test_a_limit_in_money_counts_exact_amounts() -> None:
    """Three hours at 33.333… EUR are exactly 100, though their lines are 33.33: all fit, and not one second more."""
    charge = Charge(Price(Fraction(100, 3), "EUR", "h"), limit=Money("100 EUR"))
    work = [entry(f"W-{n}", f"2025-02-0{n} 09:00", "1h") for n in (1, 2, 3)]
    assert limited(charge, *work, entry("W-4", "2025-02-04 09:00", "1s")) == [
        "W-1 charge 1h 33.33 EUR",
        "W-2 charge 1h 33.33 EUR",
        "W-3 charge 1h 33.33 EUR",
        "W-4 refused/exhausted 1s 0.00 EUR",
    ]


@pytest.mark.rule("T6", "T2")
def test_a_limit_in_money_follows_the_bands() -> None:
    """Of 200 EUR the first hour takes 140 and the next half hour at 120 EUR/h the other 60."""
    bands = Graduated([Band(hours(1), Price("140 EUR/h")), Band(None, Price("120 EUR/h"))])
    charge = Charge(bands, per="period", limit=Money("200 EUR"))
    assert limited(charge, entry("W-1", "2025-02-03 09:00", "1h 10m"), entry("W-2", "2025-02-03 12:00", "1h")) == [
        "W-1 charge 1h 10m 160.00 EUR",
        "W-2 charge 20m 40.00 EUR",
        "W-2 refused/exhausted 40m 0.00 EUR",
    ]


@pytest.mark.rule("T6", "T2", "D25")
def test_a_limit_in_money_stops_before_a_flat_part_that_does_not_fit() -> None:
    """The first hour costs 60; one second more would cost 50 at once, which 100 EUR do not hold."""
    bands = Graduated([Band(hours(1), EURO_A_MINUTE), Band(None, EURO_A_MINUTE, Money("50 EUR"))])
    charge = Charge(bands, per="period", limit=Money("100 EUR"))
    assert limited(charge, entry("W-1", DAY, "2h")) == ["W-1 charge 1h 60.00 EUR", "W-1 refused/exhausted 1h 0.00 EUR"]


@pytest.mark.rule("T6", "T3")
def test_a_limit_in_money_uses_up_the_package_that_is_open() -> None:
    """Of 100 EUR one package of 30 minutes for 60 fits: 20 minutes open it, of the next 20 the 10 left in it fit."""
    charge = Charge(Package(minutes(30), Money("60 EUR")), per="period", limit=Money("100 EUR"))
    assert limited(charge, entry("W-1", "2025-02-03 09:00", "20m"), entry("W-2", "2025-02-03 10:00", "20m")) == [
        "W-1 charge 20m 60.00 EUR",
        "W-2 charge 10m 0.00 EUR",
        "W-2 refused/exhausted 10m 0.00 EUR",
    ]


@pytest.mark.rule("T6", "T5")
def test_free_units_do_not_use_up_a_limit_in_money() -> None:
    """The first hour is free, then 30 EUR are half an hour: of 2 hours 90 minutes are taken for 30.00."""
    charge = Charge(EURO_A_MINUTE, per="period", free_first=hours(1), limit=Money("30 EUR"))
    assert limited(charge, entry("W-1", DAY, "2h")) == [
        "W-1 charge 1h 30m 30.00 EUR",
        "W-1 refused/exhausted 30m 0.00 EUR",
    ]


@pytest.mark.rule("T6", "D13")
def test_a_limit_in_money_counts_the_multiplied_price() -> None:
    """At × 1.5 an hour costs 90 EUR: 100 EUR hold 4000 seconds, 1h 6m 40s; at × 0 they hold everything."""
    for factor, worked, taken in (
        ("1.5", "2h", "W-1 charge 1h 6m 40s 100.00 EUR"),
        ("0", "2h", "W-1 charge 2h 0.00 EUR"),
    ):
        metering = Metering(multiplier=Multiplier(factor, on="price"))
        assert (
            limited(Charge(EURO_A_MINUTE, limit=Money("100 EUR")), entry("W-1", DAY, worked), metering=metering)[0]
            == taken
        )


@pytest.mark.rule("T6", "D13", "D8")
def test_a_limit_in_money_behind_a_multiplier_on_the_quantity() -> None:
    """An hour counts twice. Billable time: 30 EUR are 30 of 60 minutes, 1 of 2 counted hours. Counted: 30 minutes."""
    twice = Metering(multiplier=Multiplier("2"))
    work = entry("W-1", DAY, "1h")
    billable = Charge(EURO_A_MINUTE, limit=Money("30 EUR"))
    assert limited(billable, work, metering=twice) == ["W-1 charge 1h 30.00 EUR", "W-1 refused/exhausted 1h 0.00 EUR"]
    counted = Charge(EURO_A_MINUTE, limit=Money("30 EUR"), of="counted")
    assert limited(counted, work, metering=twice) == [
        "W-1 charge 30m 30.00 EUR",
        "W-1 refused/exhausted 1h 30m 0.00 EUR",
    ]


@pytest.mark.rule("T6")
def test_a_limit_in_money_starts_anew_in_each_period() -> None:
    """Each month holds 30 EUR, the term 30 in all."""
    work = [entry("W-1", "2025-01-31 23:59:59", "1h"), entry("W-2", "2025-02-01 00:00", "1h")]
    monthly = limited(Charge(EURO_A_MINUTE, limit=Money("30 EUR")), *work)
    assert [row for row in monthly if " charge " in row] == ["W-1 charge 30m 30.00 EUR", "W-2 charge 30m 30.00 EUR"]
    once = limited(Charge(EURO_A_MINUTE, limit=Money("30 EUR"), limit_per="term"), *work)
    assert [row for row in once if " charge " in row] == ["W-1 charge 30m 30.00 EUR"]


# Which charges are overage


@pytest.mark.rule("T1", "D18")
@pytest.mark.parametrize(
    ("sources", "name"),
    [
        ((Charge(EURO_A_MINUTE),), "charge"),
        ((Charge(EURO_A_MINUTE, limit=hours(0)), Charge(EURO_A_MINUTE)), "charge"),
        ((Allotment(hours(0)), Charge(EURO_A_MINUTE)), "overage"),
        ((Banks(), Charge(EURO_A_MINUTE)), "overage"),
        ((Unlimited(scope=Scope(channels="chat")), Charge(EURO_A_MINUTE)), "overage"),
        ((Hold(scope=Scope(channels="chat")), Charge(EURO_A_MINUTE)), "charge"),
        ((Allotment(hours(0)), Charge(EURO_A_MINUTE, limit=hours(0)), Charge(EURO_A_MINUTE)), "overage"),
    ],
)
def test_a_charge_behind_a_source_that_pays_is_overage(sources: tuple[Source, ...], name: str) -> None:
    """Behind an allotment, banks, unlimited cover or a fallback a charge is overage, else it is a charge."""
    assert told(rated(by(*sources), entry("W-1", DAY, "1h"))) == [f"W-1 {name} 1h 60.00 EUR"]


# Discount, maximum, minimum


def monthly(charge: Charge, *minutes_worked: int, rounding: str = "half-up") -> list[str]:
    """Rate entries of so many minutes in February, and tell the lines at the end of that month."""
    work = [entry(f"W-{n}", f"2025-02-{n:02} 09:00", f"{m}m") for n, m in enumerate(minutes_worked, 1)]
    rating = rated(contract(PayPerHour(tariff=charge), rounding=rounding), *work, until="2025-03-01")
    return [row for row in told(rating, *AT_THE_END) if row.startswith("2025-02")]


@pytest.mark.rule("T7", "D26")
@pytest.mark.parametrize(
    ("rate", "worked", "expected"),
    [
        ("10", 100, ["2025-02 discount -10.00 EUR"]),
        ("12.5", 100, ["2025-02 discount -12.50 EUR"]),
        ("100", 100, ["2025-02 discount -100.00 EUR"]),
        ("0", 100, []),
        ("10", 0, []),
    ],
)
def test_a_discount_is_a_share_of_the_lines_of_its_window(rate: str, worked: int, expected: list[str]) -> None:
    """One line of minus that share of 100.00 at the end of the month; a line of nothing is left out."""
    assert monthly(Charge(EURO_A_MINUTE, discount=percent(rate)), worked) == expected


@pytest.mark.rule("T7", "S1")
@pytest.mark.parametrize(
    ("rounding", "expected"),
    [("half-up", "-0.02"), ("half-even", "-0.02"), ("up", "-0.02"), ("down", "-0.01")],
)
def test_a_discount_is_settled_once_on_settled_lines(rounding: str, expected: str) -> None:
    """Three lines of 0.01 EUR are 0.03, half of which is 0.015; their exact amounts play no part.

    Each line is 36 seconds at 1 EUR/h: exactly 0.01.
    """
    charge = Charge(Price("1 EUR/h"), discount=percent(50))
    work = [entry(f"W-{n}", f"2025-02-0{n} 09:00", "36s") for n in (1, 2, 3)]
    rating = rated(contract(PayPerHour(tariff=charge), rounding=rounding), *work, until="2025-03-01")
    assert amounts(rating) == ["0.01 EUR", "0.01 EUR", "0.01 EUR", f"{expected} EUR"]


@pytest.mark.rule("T7", "S1", "D23")
def test_a_discount_does_not_see_what_rounding_dropped() -> None:
    """Three lines of 0.004 EUR settle to 0.00, so there is nothing to take 50 % of, though 0.012 was exact."""
    charge = Charge(Price("0.80 EUR/h"), discount=percent(50))
    work = [entry(f"W-{n}", f"2025-02-0{n} 09:00", "18s") for n in (1, 2, 3)]
    assert amounts(rated(PayPerHour(tariff=charge), *work)) == ["0.00 EUR", "0.00 EUR", "0.00 EUR"]


@pytest.mark.rule("T8", "D26")
@pytest.mark.parametrize(
    ("worked", "expected"),
    [(99, []), (100, []), (101, ["2025-02 maximum -1.00 EUR"]), (500, ["2025-02 maximum -400.00 EUR"])],
)
def test_beyond_a_maximum_use_is_free(worked: int, expected: list[str]) -> None:
    """At most 100 EUR a month: exactly 100 is left alone, what lies above is taken off by one line."""
    assert monthly(Charge(EURO_A_MINUTE, maximum=Money("100 EUR")), worked) == expected


@pytest.mark.rule("T9", "D26")
@pytest.mark.parametrize(
    ("worked", "expected"),
    [
        ((), ["2025-02 minimum 100.00 EUR"]),
        ((40, 59), ["2025-02 minimum 1.00 EUR"]),
        ((40, 60), []),
        ((40, 61), []),
    ],
)
def test_a_minimum_is_due_used_or_not(worked: tuple[int, ...], expected: list[str]) -> None:
    """At least 100 EUR a month: what is missing is one line, all of it where nothing was used."""
    assert monthly(Charge(EURO_A_MINUTE, minimum=Money("100 EUR")), *worked) == expected


@pytest.mark.rule("D26", "T7", "T8", "T9")
@pytest.mark.parametrize(
    ("worked", "expected"),
    [
        ((200,), ["2025-02 discount -20.00 EUR", "2025-02 maximum -80.00 EUR"]),  # 200 − 20 − 80 = 100
        ((110,), ["2025-02 discount -11.00 EUR"]),  # 99: below the maximum only after the discount
        ((52,), ["2025-02 discount -5.20 EUR", "2025-02 minimum 3.20 EUR"]),  # 46.80 + 3.20 = 50
        ((), ["2025-02 minimum 50.00 EUR"]),
    ],
)
def test_discount_maximum_and_minimum_come_in_this_order(worked: tuple[int, ...], expected: list[str]) -> None:
    """Ten per cent off, then at most 100, then at least 50, each on what the one before it left."""
    charge = Charge(EURO_A_MINUTE, discount=percent(10), maximum=Money("100 EUR"), minimum=Money("50 EUR"))
    assert monthly(charge, *worked) == expected


@pytest.mark.rule("D26", "T8", "T9")
def test_a_minimum_above_the_maximum_has_the_last_word() -> None:
    """At most 50, then at least 80: of 100 first 50 are taken off, then 30 are added."""
    charge = Charge(EURO_A_MINUTE, maximum=Money("50 EUR"), minimum=Money("80 EUR"))
    assert monthly(charge, 100) == ["2025-02 maximum -50.00 EUR", "2025-02 minimum 30.00 EUR"]


@pytest.mark.rule("D26", "T4")
def test_a_volume_line_is_what_its_discount_maximum_and_minimum_work_on() -> None:
    """Twenty hours at 9 EUR are 180; less 10 %, 18, and at most 150, 12; the volume line comes first."""
    volume = Volume([Band(hours(15), Price("10 EUR/h")), Band(None, Price("9 EUR/h"))])
    charge = Charge(volume, per="period", discount=percent(10), maximum=Money("150 EUR"), minimum=Money("20 EUR"))
    assert monthly(charge, 1200) == [
        "2025-02 volume 180.00 EUR",
        "2025-02 discount -18.00 EUR",
        "2025-02 maximum -12.00 EUR",
    ]
    assert monthly(charge) == ["2025-02 minimum 20.00 EUR"]


@pytest.mark.rule("D26", "D2", "T9")
def test_a_line_at_the_end_of_a_window_belongs_to_the_period_that_ends() -> None:
    """Two months at a minimum of 100: 40 and 100 + 100 are due, each at the end, none before `until` reaches it."""
    agreed = contract(PayPerHour(tariff=Charge(EURO_A_MINUTE, minimum=Money("100 EUR"))), months=2)
    work = entry("W-1", "2025-01-31 23:59:59", "1h")
    rating = rated(agreed, work, until="2025-06-01")
    assert told(rating) == [
        "W-1 charge 1h 60.00 EUR",
        "2025-01 minimum 40.00 EUR",
        "2025-02 minimum 100.00 EUR",
    ]
    assert [line.at for line in rating.lines[1:]] == [at("2025-02-01 00:00"), at("2025-03-01 00:00")]
    assert told(rated(agreed, work, until="2025-02-28"))[1:] == ["2025-01 minimum 40.00 EUR"]
    assert told(rated(agreed, work, until="2025-01-31")) == []


@pytest.mark.rule("D26", "T8", "T9")
def test_a_window_of_a_term_ends_with_the_phase() -> None:
    """100 EUR at least in each phase of 2 months: the first is used for 60, the second for nothing."""
    plan = PayPerHour(tariff=Charge(EURO_A_MINUTE, minimum=Money("100 EUR"), adjust_per="term"))
    phases = [
        Phase(Term("2025-01-01", months=2, zone=BERLIN), plan),
        Phase(Term("2025-04-01", months=2, zone=BERLIN), plan),
    ]
    rating = rated(contract(phases=phases), entry("W-1", "2025-01-10 09:00", "1h"), until="2025-12-01")
    assert told(rating, *AT_THE_END) == ["2025-02 minimum 40.00 EUR", "2025-05 minimum 100.00 EUR"]


@pytest.mark.rule("D26", "T8")
def test_a_maximum_of_a_term_adds_up_all_its_months() -> None:
    """Four hours in four months are 240.00; the term costs at most 100.00, so its last month takes off 140.00."""
    plan = PayPerHour(tariff=Charge(EURO_A_MINUTE, maximum=Money("100 EUR"), adjust_per="term"))
    work = [entry(f"W-{n}", f"2025-0{n}-10 09:00", "1h") for n in (1, 2, 3, 4)]
    rating = rated(contract(plan, months=4), *work, until="2025-05-01")
    assert told(rating, *AT_THE_END) == ["2025-04 maximum -140.00 EUR"]
    assert str(rating.total) == "100.00 EUR"


@pytest.mark.rule("D26", "T7")
def test_only_the_lines_of_the_charge_itself_are_counted() -> None:
    """Ten per cent of the second charge's 60.00, not of the fee, the bank, the travel or the first charge's 120.00."""
    first = Charge(EURO_A_MINUTE, scope=Scope(products="atlas"), discount=percent(50))
    second = Charge(EURO_A_MINUTE, discount=percent(10))
    plan = Composite(fees=Fee(Money("1200 EUR")), meters=Meter("work", [first, second]))
    rating = rated(
        plan,
        entry("W-1", "2025-01-10 09:00", "2h", product="atlas"),
        entry("W-2", "2025-01-10 12:00", "1h"),
        BankPurchase("B-1", at("2025-01-10 13:00"), customer="elm", quantity=hours(1), price=Money("77 EUR")),
        ChargeItem("X-1", at("2025-01-10 14:00"), customer="elm", kind="travel", amount=Money("45 EUR")),
        until="2025-02-01",
    )
    assert sorted(told(rating, "discount")) == ["2025-01 discount -6.00 EUR", "2025-01 discount -60.00 EUR"]


@pytest.mark.rule("D26", "T7", "M9")
def test_lines_at_another_rate_are_lines_of_the_charge_too() -> None:
    """Sixty at the tariff and 120 at the senior's rate: 10 % of 180."""
    charge = Charge(EURO_A_MINUTE, rates=Rate(Price("120 EUR/h"), role="senior"), discount=percent(10))
    work = [entry("W-1", "2025-01-10 09:00", "1h"), entry("W-2", "2025-01-10 12:00", "1h", role="senior")]
    assert told(rated(PayPerHour(tariff=charge), *work), "discount") == ["2025-01 discount -18.00 EUR"]


@pytest.mark.rule("D26", "T8", "T6")
def test_a_maximum_makes_use_free_and_a_limit_passes_it_on() -> None:
    """Of 3 hours, the limit of 2 passes one to the next charge; the 120 taken cost at most 100."""
    first = Charge(EURO_A_MINUTE, limit=hours(2), maximum=Money("100 EUR"))
    plan = by(first, Charge(Price("30 EUR/h")))
    assert told(rated(plan, entry("W-1", "2025-01-10 09:00", "3h"))) == [
        "W-1 charge 2h 120.00 EUR",
        "W-1 charge 1h 30.00 EUR",
        "2025-01 maximum -20.00 EUR",
    ]


@pytest.mark.rule("T9", "D26")
def test_a_minimum_behind_an_allotment_is_due_though_nothing_was_charged() -> None:
    """Work that the allotment pays leaves the charge behind it unused, so its minimum is due in full."""
    plan = CappedHours(
        fee=Money("0 EUR"), allotment=hours(10), per="month", beyond=Charge(EURO_A_MINUTE, minimum=Money("25 EUR"))
    )
    rating = rated(contract(plan, months=1), entry("W-1", "2025-01-10 09:00", "3h"), until="2025-02-01")
    assert told(rating, *AT_THE_END) == ["2025-01 minimum 25.00 EUR"]


@pytest.mark.rule("D26", "D3", "D2")
def test_use_at_the_end_of_a_window_is_in_the_next_one() -> None:
    """An hour at the first second of February leaves January's minimum at 100.00 and February's at 40.00."""
    agreed = contract(PayPerHour(tariff=Charge(EURO_A_MINUTE, minimum=Money("100 EUR"))), months=2)
    rating = rated(agreed, entry("W-1", "2025-02-01 00:00", "1h"), until="2025-03-01")
    assert told(rating) == [
        "2025-01 minimum 100.00 EUR",
        "W-1 charge 1h 60.00 EUR",
        "2025-02 minimum 40.00 EUR",
    ]


@pytest.mark.rule("D26")
def test_each_month_over_a_change_of_the_clocks_ends_at_its_local_midnight() -> None:
    """March 2025 ends at 22:00 UTC, an hour earlier by UTC than February did."""
    agreed: Contract = contract(
        PayPerHour(tariff=Charge(EURO_A_MINUTE, minimum=Money("1 EUR"))), starts="2025-02-01", months=2
    )
    rating: Rating = rated(agreed, until="2025-04-01")
    assert [f"{line.at:%m-%d %H:%M}" for line in rating.lines] == ["02-28 23:00", "03-31 22:00"]


# Terms that cannot be


@pytest.mark.rule("T5", "T6", "T7", "T8", "T9")
@pytest.mark.parametrize(
    "terms",
    [
        {"limit": 2},
        {"limit": "2h"},
        {"limit": 1.5},
        {"limit": incidents(2)},
        {"limit": Money("-1 EUR")},
        {"free_first": incidents(1), "per": "period"},
        {"free_first": 1, "per": "period"},
        {"discount": percent(101)},
        {"discount": 0.1},
        {"maximum": 100},
        {"maximum": Money("-1 EUR")},
        {"minimum": "100 EUR"},
        {"minimum": Money("-1 EUR")},
        {"limit_per": "day"},
        {"adjust_per": "day"},
        {"per": "month"},
        {"scope": "onsite"},
    ],
    ids=str,
)
def test_a_charge_that_cannot_be_is_refused(terms: dict[str, Any]) -> None:
    """A limit that is no quantity or money, free incidents of hours, money below zero: an error, never silence."""
    with pytest.raises(InvalidValue):
        Charge(EURO_A_MINUTE, **terms)


@pytest.mark.rule("D25", "T2")
@pytest.mark.parametrize(
    "bands",
    [
        [],
        [Band(hours(1), EURO_A_MINUTE)],  # nothing beyond an hour
        [Band(None, EURO_A_MINUTE), Band(hours(1), EURO_A_MINUTE)],
        [Band(hours(1), EURO_A_MINUTE), Band(hours(1), EURO_A_MINUTE), Band(None, EURO_A_MINUTE)],
        [Band(hours(0), EURO_A_MINUTE), Band(None, EURO_A_MINUTE)],
        [Band(hours(1), EURO_A_MINUTE), Band(None, Price("290 EUR/incident"))],
        [Band(hours(1), EURO_A_MINUTE), Band(None, Price("60 USD/h"))],
        [None],
    ],
    ids=["none", "no last", "last first", "twice", "empty", "unit", "currency", "no band"],
)
def test_bands_leave_no_gap_and_do_not_overlap(bands: list[Band]) -> None:
    """Bands ascend, the last has no end, and all price one unit in one currency."""
    for tariff in (Graduated, Volume):
        with pytest.raises(InvalidValue):
            tariff(bands)


@pytest.mark.rule("D25", "L7")
@pytest.mark.parametrize("flat", [Money("-5 EUR"), Money("5 USD"), 5, "5 EUR"], ids=str)
def test_a_flat_part_is_money_and_not_negative(flat: Any) -> None:  # noqa: ANN401  # hostile
    """Reaching a band never makes use cheaper, and a flat part has the currency of its price."""
    with pytest.raises(InvalidValue):
        Band(hours(1), EURO_A_MINUTE, flat)


@pytest.mark.rule("D15", "D9")
@pytest.mark.parametrize(
    "build",
    [
        lambda: PayPerHour(tariff=EURO_A_MINUTE, scope="atlas"),  # type: ignore[arg-type]  # hostile
        lambda: PayPerHour(tariff=EURO_A_MINUTE, metering=None),  # type: ignore[arg-type]  # hostile
        lambda: Meter("work", [Charge(EURO_A_MINUTE)], scope="atlas"),  # type: ignore[arg-type]  # hostile
        lambda: Meter("work", [Charge(EURO_A_MINUTE)], metering=minutes(15)),  # type: ignore[arg-type]  # hostile
        lambda: Multiplier("2", scope="onsite"),  # type: ignore[arg-type]  # hostile
        lambda: ScopedMetering("onsite", Metering()),  # type: ignore[arg-type]  # hostile
        lambda: ScopedMetering(Scope(channels="onsite"), minutes(15)),  # type: ignore[arg-type]  # hostile
        lambda: Scope(channels=[7]),
        lambda: Metering(minimum=5),  # type: ignore[arg-type]  # hostile
        lambda: Metering(grace=minutes(15), increment=minutes(15)),
        lambda: Metering(increment=minutes(0)),
        lambda: Multiplier(1.5),  # type: ignore[arg-type]  # hostile
        lambda: Multiplier("-1"),
        lambda: FreeTime(15),  # type: ignore[arg-type]  # hostile
    ],
)
def test_terms_of_the_wrong_kind_are_refused_where_they_are_written(build: Callable[[], object]) -> None:
    """A scope is a Scope and a metering a Metering: the error comes from the term, not from a rating months later."""
    with pytest.raises(InvalidValue):
        build()
