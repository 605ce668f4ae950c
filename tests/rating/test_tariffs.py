"""Tariffs by example: from a quantity to an amount, over each window. Every number is worked out by hand."""

from fractions import Fraction
from typing import Literal

import pytest

from supportcontracts import (
    Band,
    Charge,
    ChargeItem,
    Composite,
    Graduated,
    Meter,
    Metering,
    Money,
    Multiplier,
    Opened,
    Package,
    PayPerHour,
    PayPerIncident,
    Phase,
    Price,
    Rating,
    Term,
    Volume,
    WorkEntry,
    hours,
    incidents,
    minutes,
    seconds,
)
from tests.rating.builders import amounts, at, contract, entry, rated, told

DAY = "2025-02-03 09:00"
DEARER_FIRST = Graduated([Band(hours(1), Price("140 EUR/h")), Band(None, Price("120 EUR/h"))])


def charged(charge: Charge, *work: WorkEntry, until: str = "2026-01-01") -> Rating:
    """Rate work that is paid by the hour."""
    return rated(PayPerHour(tariff=charge), *work, until=until)


def cost(charge: Charge, worked: str) -> str:
    """Charge one entry."""
    return str(charged(charge, entry("W-1", DAY, worked)).total)


# Flat


@pytest.mark.rule("T1")
@pytest.mark.parametrize(
    ("price", "worked", "amount"),
    [
        ("150 EUR/h", "0m", "0.00 EUR"),
        ("150 EUR/h", "1s", "0.04 EUR"),  # 150/3600 = 0.041666…
        ("150 EUR/h", "1h 30m", "225.00 EUR"),
        ("2.50 EUR/min", "1h 30m", "225.00 EUR"),
        ("2.50 EUR/min", "1s", "0.04 EUR"),
        ("0 EUR/h", "100h", "0.00 EUR"),
    ],
)
def test_a_flat_tariff_is_the_price_times_the_quantity(price: str, worked: str, amount: str) -> None:
    """Every second costs the same."""
    assert cost(Charge(Price(price)), worked) == amount


# Graduated


@pytest.mark.rule("T2", "D25")
@pytest.mark.parametrize(
    ("worked", "exact"),
    [
        ("0m", Fraction(0)),
        ("59m 59s", Fraction(3599 * 140, 3600)),
        ("1h", Fraction(140)),
        ("1h 1s", 140 + Fraction(120, 3600)),
        ("3h", Fraction(140 + 240)),
    ],
)
def test_a_graduated_tariff_prices_each_bands_share(worked: str, exact: Fraction) -> None:
    """The first hour, including its last second, costs 140 EUR/h, and what lies beyond 120."""
    (line,) = charged(Charge(DEARER_FIRST, per="entry"), entry("W-1", DAY, worked)).lines
    assert line.exact.value == exact


@pytest.mark.rule("T2", "D10")
def test_the_bands_of_an_incident_go_on_from_entry_to_entry() -> None:
    """40 minutes cost 93.33; of 40 more on the ticket 20 are dearer: 46.666… + 40 = 86.67; another starts anew."""
    rating = charged(
        Charge(DEARER_FIRST, per="incident"),
        entry("W-1", "2025-02-03 09:00", "40m", ticket="T-1"),
        entry("W-2", "2025-03-03 10:00", "40m", ticket="T-1"),  # the window is the ticket, not the month
        entry("W-3", "2025-03-03 11:00", "1h", ticket="T-2"),
        entry("W-4", "2025-03-03 12:00", "1h"),  # without a ticket an entry is alone
        entry("W-5", "2025-03-03 13:00", "1h"),
        entry("W-6", "2025-03-03 14:00", "1h", ticket="T-1"),
    )
    assert amounts(rating) == ["93.33 EUR", "86.67 EUR", "140.00 EUR", "140.00 EUR", "140.00 EUR", "120.00 EUR"]


@pytest.mark.rule("T2", "D10")
@pytest.mark.parametrize(
    ("per", "expected"),
    [
        ("entry", ["140", "140", "140", "140"]),
        ("day", ["140", "120", "140", "140"]),
        ("period", ["140", "120", "120", "140"]),
        ("term", ["140", "120", "120", "120"]),
    ],
)
def test_the_bands_start_anew_in_each_window(per: str, expected: list[str]) -> None:
    """Of four hours, two on one local day, one the next day, one the next month: the first of each window is dearer."""
    rating = charged(
        Charge(DEARER_FIRST, per=per),  # type: ignore[arg-type]  # one of the words
        entry("W-1", "2025-01-30 00:00", "1h"),
        entry("W-2", "2025-01-30 23:59:59", "1h"),  # runs into the 31st and stays on its day
        entry("W-3", "2025-01-31 00:00", "1h"),
        entry("W-4", "2025-02-01 00:00", "1h"),
    )
    assert amounts(rating) == [f"{amount}.00 EUR" for amount in expected]


@pytest.mark.rule("T2", "D10")
@pytest.mark.parametrize(("day", "after"), [("2025-03-30", "2025-03-31"), ("2025-10-26", "2025-10-27")])
def test_a_day_on_which_the_clocks_change_is_one_window(day: str, after: str) -> None:
    """The first and the last hour of a day of 23 or 25 hours share its bands; the next midnight starts anew."""
    rating = charged(
        Charge(DEARER_FIRST, per="day"),
        entry("W-1", f"{day} 00:00", "1h"),
        entry("W-2", f"{day} 23:00", "1h"),
        entry("W-3", f"{after} 00:00", "1h"),
    )
    assert amounts(rating) == ["140.00 EUR", "120.00 EUR", "140.00 EUR"]


@pytest.mark.rule("T2", "D10")
@pytest.mark.parametrize(
    ("billing", "expected"),
    [
        ("monthly", ["140", "140", "140", "140"]),
        ("quarterly", ["140", "120", "140", "140"]),
        ("yearly", ["140", "120", "120", "140"]),
        ("term", ["140", "120", "120", "120"]),
    ],
)
def test_a_period_is_a_billing_period(billing: str, expected: list[str]) -> None:
    """Of an hour in January, March and April 2025 and one in 2026 the first of each billing period is dearer."""
    agreed = contract(PayPerHour(tariff=Charge(DEARER_FIRST, per="period")), months=24, billing=billing)
    days = ("2025-01-10", "2025-03-31", "2025-04-01", "2026-01-01")
    work = [entry(f"W-{n}", f"{day} 09:00", "1h") for n, day in enumerate(days)]
    assert amounts(rated(agreed, *work, until="2027-01-01")) == [f"{amount}.00 EUR" for amount in expected]


@pytest.mark.rule("D10", "D4")
def test_the_hour_that_the_clocks_show_twice_is_two_hours() -> None:
    """On 26 October 2025 02:30 came first in summer time: that work takes the first band, whatever the ids say."""
    rating = charged(
        Charge(DEARER_FIRST, per="day"),
        entry("W-1", "2025-10-26 02:30+01:00", "1h"),
        entry("W-2", "2025-10-26 02:30+02:00", "1h"),
    )
    assert told(rating) == ["W-2 charge 1h 140.00 EUR", "W-1 charge 1h 120.00 EUR"]


@pytest.mark.rule("T2", "D10")
def test_a_term_window_starts_anew_with_the_next_phase() -> None:
    """The bands of a term are those of one phase: the first hour of the renewal is dearer again."""
    plan = PayPerHour(tariff=Charge(DEARER_FIRST, per="term"))
    phases = [Phase(Term(f"{year}-01-01", months=12, zone="Europe/Berlin"), plan) for year in (2024, 2025)]
    rating = rated(
        contract(phases=phases),
        entry("W-1", "2024-12-31 23:59:59", "2h"),
        entry("W-2", "2025-01-01 00:00", "2h"),
    )
    assert amounts(rating) == ["260.00 EUR", "260.00 EUR"]


@pytest.mark.rule("D25", "T2")
@pytest.mark.parametrize(
    ("worked", "exact"),
    [
        ("0m", Fraction(0)),  # nothing is used, no flat part is due
        ("1s", 10 + Fraction(36, 3600)),
        ("1h", Fraction(10 + 36)),  # up to and including the end of the band
        ("1h 1s", 10 + 36 + 5 + Fraction(18, 3600)),
        ("2h", Fraction(10 + 36 + 5 + 18)),
    ],
)
def test_a_flat_part_is_due_once_anything_lies_in_its_band(worked: str, exact: Fraction) -> None:
    """The first hour costs 10 EUR and 36 EUR/h, any more 5 EUR and 18 EUR/h."""
    bands = Graduated(
        [Band(hours(1), Price("36 EUR/h"), Money("10 EUR")), Band(None, Price("18 EUR/h"), Money("5 EUR"))]
    )
    (line,) = charged(Charge(bands, per="entry"), entry("W-1", DAY, worked)).lines
    assert line.exact.value == exact


@pytest.mark.rule("D25", "D10")
def test_a_flat_part_is_due_once_in_its_window() -> None:
    """Of three half hours in a month the first pays the flat 10 EUR, the third the next band's 5 EUR."""
    bands = Graduated(
        [Band(hours(1), Price("36 EUR/h"), Money("10 EUR")), Band(None, Price("18 EUR/h"), Money("5 EUR"))]
    )
    work = [entry(f"W-{n}", f"2025-02-03 0{n}:00", "30m") for n in (1, 2, 3, 4)]
    assert amounts(charged(Charge(bands, per="period"), *work)) == ["28.00 EUR", "18.00 EUR", "14.00 EUR", "9.00 EUR"]


@pytest.mark.rule("D23", "T2")
def test_bands_inside_a_line_are_not_rounded_one_by_one() -> None:
    """Half an hour at 0.01 EUR/h and half at 0.03: 0.005 + 0.015 = 0.02; rounded one by one it would be 0.03."""
    bands = Graduated([Band(minutes(30), Price("0.01 EUR/h")), Band(None, Price("0.03 EUR/h"))])
    (line,) = charged(Charge(bands, per="entry"), entry("W-1", DAY, "1h")).lines
    assert (line.exact.value, str(line.amount)) == (Fraction(2, 100), "0.02 EUR")


@pytest.mark.rule("T2", "D13")
def test_bands_are_filled_by_the_quantity_that_is_charged() -> None:
    """An hour that counts twice fills the first band as billable time, and goes beyond it as counted time.

    Billable: 1 h × 140. Counted: 1 h × 140 + 1 h × 120.
    """
    metering = Metering(multiplier=Multiplier("2"))
    for of, amount in (("billable", "140.00 EUR"), ("counted", "260.00 EUR")):
        charge = Charge(DEARER_FIRST, per="entry", of=of)  # type: ignore[arg-type]  # one of the two words
        assert amounts(rated(PayPerHour(tariff=charge, metering=metering), entry("W-1", DAY, "1h"))) == [amount]


# Packages


@pytest.mark.rule("T3")
@pytest.mark.parametrize(
    ("worked", "whole", "free"),
    [
        ("0m", 0, 0),
        ("1s", 1, 0),
        ("29m 59s", 1, 0),
        ("30m", 1, 1),
        ("30m 1s", 2, 1),
        ("1h", 2, 2),
    ],
)
def test_a_part_of_a_package_counts_whole_or_not_at_all(worked: str, whole: int, free: int) -> None:
    """Packages of 30 minutes cost 60 EUR each: "or part thereof", or only when they are full."""
    assert cost(Charge(Package(minutes(30), Money("60 EUR")), per="entry"), worked) == f"{whole * 60}.00 EUR"
    full = Package(minutes(30), Money("60 EUR"), part="free")
    assert cost(Charge(full, per="entry"), worked) == f"{free * 60}.00 EUR"


@pytest.mark.rule("T3", "D10")
@pytest.mark.parametrize(
    ("part", "expected"),
    [
        ("counts-whole", ["2.00 EUR", "1.00 EUR", "0.00 EUR", "1.00 EUR"]),  # 2, 3, 3, 4 packages
        ("free", ["1.00 EUR", "1.00 EUR", "1.00 EUR", "0.00 EUR"]),  # 1, 2, 3, 3
    ],
)
def test_packages_are_counted_on_the_cumulative_quantity(part: str, expected: list[str]) -> None:
    """17, then 5, 8 and 1 minutes, in all 17, 22, 30 and 31, open packages of 10 minutes one after the other."""
    package = Package(minutes(10), Money("1 EUR"), part=part)  # type: ignore[arg-type]  # one of the two words
    work = [entry(f"W-{n}", f"2025-02-03 0{n}:00", f"{m}m") for n, m in ((1, 17), (2, 5), (3, 8), (4, 1))]
    assert amounts(charged(Charge(package, per="period"), *work)) == expected


@pytest.mark.rule("T3", "D25")
def test_incidents_come_in_packages_too() -> None:
    """Of five incidents in packages of 2 for 100 EUR, the first, third and fifth open one."""
    plan = PayPerIncident(tariff=Charge(Package(incidents(2), Money("100 EUR")), per="term"))
    opened = [Opened(f"E-{n}", at(f"2025-0{n}-01 09:00"), ticket=f"T-{n}") for n in range(1, 6)]
    rating = rated(plan, *opened)
    assert amounts(rating) == ["100.00 EUR", "0.00 EUR", "100.00 EUR", "0.00 EUR", "100.00 EUR"]


# Volume

CLIFF = Volume([Band(hours(15), Price("10 EUR/h")), Band(None, Price("9 EUR/h"))])


@pytest.mark.rule("T4", "D25", "D26")
@pytest.mark.parametrize(
    ("worked", "amount"),
    [
        ("1s", "0.00 EUR"),  # 10/3600 = 0.0027…
        ("15h", "150.00 EUR"),
        ("15h 1s", "135.00 EUR"),  # 15h 1s × 9 = 135.0025
        ("16h", "144.00 EUR"),  # more use, a smaller amount
    ],
)
def test_a_volume_tariff_prices_everything_by_the_band_it_reaches(worked: str, amount: str) -> None:
    """Up to and including 15 hours 10 EUR/h, beyond it 9 EUR/h for all; the use itself is a line of zero."""
    rating = charged(Charge(CLIFF, per="period"), entry("W-1", DAY, worked), until="2025-03-01")
    assert [line.kind for line in rating.lines] == ["use", "volume"]
    assert amounts(rating) == ["0.00 EUR", amount]
    assert rating.lines[1].period == "2025-02"


@pytest.mark.rule("T4", "D26", "D2")
def test_a_volume_line_comes_at_the_end_of_each_window_with_use() -> None:
    """January: 10 h × 10; February: none; March: 8 + 8 h × 9; the line is there once `until` reaches the end."""
    work = [
        entry("W-1", "2025-01-31 23:59:59", "10h"),
        entry("W-2", "2025-03-01 00:00", "8h"),
        entry("W-3", "2025-03-31 23:59:59", "8h"),
    ]
    charge = Charge(CLIFF, per="period")
    assert told(charged(charge, *work), "volume") == ["2025-01 volume 100.00 EUR", "2025-03 volume 144.00 EUR"]
    assert told(charged(charge, *work, until="2025-01-31"), "volume") == []
    reached = charged(charge, *work, until="2025-02-01")
    assert told(reached, "volume") == ["2025-01 volume 100.00 EUR"]
    assert reached.lines[-1].at == at("2025-02-01 00:00")
    almost = rated(contract(PayPerHour(tariff=charge)), *work, until=at("2025-01-31 23:59:59"))
    assert told(almost, "volume") == []


@pytest.mark.rule("T4", "D26")
def test_a_volume_of_a_term_is_known_at_its_end() -> None:
    """Eight hours in January and eight in May are 16 × 9 on the last day of a year, in its last billing period."""
    charge = Charge(CLIFF, per="term")
    rating = charged(charge, entry("W-1", "2025-01-10 09:00", "8h"), entry("W-2", "2025-05-10 09:00", "8h"))
    assert told(rating, "volume") == ["2025-12 volume 144.00 EUR"]


@pytest.mark.rule("T4", "D25")
@pytest.mark.parametrize(("worked", "amount"), [("1h", "110.00 EUR"), ("1h 1s", "85.02 EUR"), ("2h", "165.00 EUR")])
def test_a_volume_takes_the_flat_part_of_the_band_it_reaches_only(worked: str, amount: str) -> None:
    """Up to an hour 100 EUR/h and 10 EUR, beyond it 80 EUR/h and 5 EUR: 1h 1s is 80.0222… + 5."""
    bands = Volume([Band(hours(1), Price("100 EUR/h"), Money("10 EUR")), Band(None, Price("80 EUR/h"), Money("5 EUR"))])
    assert cost(Charge(bands, per="period"), worked) == amount


@pytest.mark.rule("T4", "D13")
def test_a_multiplier_on_the_price_does_not_touch_a_volume() -> None:
    """A volume is priced as a whole; work at night in it has no price of its own: 16 h × 9."""
    metering = Metering(multiplier=Multiplier("2", on="price"))
    plan = PayPerHour(tariff=Charge(CLIFF, per="period"), metering=metering)
    assert str(rated(plan, entry("W-1", DAY, "16h")).total) == "144.00 EUR"


@pytest.mark.rule("T4", "S1", "D23")
def test_a_volume_is_settled_once() -> None:
    """Three entries of 20 seconds at 0.90 EUR/h are 0.005 each; together 60 s are 0.015, which settles to 0.02."""
    volume = Volume([Band(None, Price("0.90 EUR/h"))])
    work = [entry(f"W-{n}", f"2025-02-03 0{n}:00", "20s") for n in (1, 2, 3)]
    rating = charged(Charge(volume, per="period"), *work)
    assert amounts(rating) == ["0.00 EUR", "0.00 EUR", "0.00 EUR", "0.02 EUR"]


# Free first


@pytest.mark.rule("T5", "D10")
def test_free_units_are_taken_from_the_start_of_each_window() -> None:
    """One hour a month is free: 40 and 40 minutes leave 20 at 60 EUR/h; the next month's hour is free again."""
    rating = charged(
        Charge(Price("60 EUR/h"), per="period", free_first=hours(1)),
        entry("W-1", "2025-01-10 09:00", "40m"),
        entry("W-2", "2025-01-31 23:59:59", "40m"),
        entry("W-3", "2025-02-01 00:00", "1h"),
        entry("W-4", "2025-02-01 02:00", "1m"),
    )
    assert amounts(rating) == ["0.00 EUR", "20.00 EUR", "0.00 EUR", "1.00 EUR"]


@pytest.mark.rule("T5")
@pytest.mark.parametrize(("worked", "amount"), [("30m", "0.00 EUR"), ("30m 1s", "0.02 EUR"), ("1h", "30.00 EUR")])
def test_free_units_of_an_entry_are_free_for_each(worked: str, amount: str) -> None:
    """The first half hour of each entry costs nothing, to the second."""
    work = [entry("W-1", DAY, worked), entry("W-2", "2025-02-03 12:00", worked)]
    rating = charged(Charge(Price("60 EUR/h"), per="entry", free_first=minutes(30)), *work)
    assert amounts(rating) == [amount, amount]


@pytest.mark.rule("T5", "T2", "T3", "T4")
@pytest.mark.parametrize(
    ("charge", "worked", "amount"),
    [
        # Two hours less the free half hour: one in the first band, a half in the second.
        (Charge(DEARER_FIRST, per="period", free_first=minutes(30)), "2h", "200.00 EUR"),
        (Charge(DEARER_FIRST, per="period", free_first=minutes(30)), "1h 30m", "140.00 EUR"),
        # 30 minutes are free, and the next second opens a package.
        (Charge(Package(minutes(30), Money("60 EUR")), per="period", free_first=minutes(30)), "30m", "0.00 EUR"),
        (Charge(Package(minutes(30), Money("60 EUR")), per="period", free_first=minutes(30)), "30m 1s", "60.00 EUR"),
        # 16 hours less the free one are 15, which do not pass the end of the first band.
        (Charge(CLIFF, per="period", free_first=hours(1)), "16h", "150.00 EUR"),
        (Charge(CLIFF, per="period", free_first=hours(1)), "16h 1s", "135.00 EUR"),
        (Charge(CLIFF, per="period", free_first=hours(1)), "1h", "0.00 EUR"),
    ],
)
def test_the_tariff_starts_behind_the_free_units(charge: Charge, worked: str, amount: str) -> None:
    """Bands, packages and volumes count what is not free."""
    assert cost(charge, worked) == amount


@pytest.mark.rule("T5", "T2")
def test_free_units_shift_a_flat_part_to_the_first_unit_that_costs() -> None:
    """Half an hour is free; the entry that passes it pays the flat part of 10 EUR with its one minute at 60 EUR/h."""
    bands = Graduated([Band(None, Price("60 EUR/h"), Money("10 EUR"))])
    rating = charged(
        Charge(bands, per="period", free_first=minutes(30)),
        entry("W-1", "2025-02-03 09:00", "30m"),
        entry("W-2", "2025-02-03 10:00", "1m"),
        entry("W-3", "2025-02-03 11:00", "1m"),
    )
    assert amounts(rating) == ["0.00 EUR", "11.00 EUR", "1.00 EUR"]


@pytest.mark.rule("T2", "D10")
def test_two_charges_fill_their_own_bands() -> None:
    """A charge limited to half an hour a month and the one behind it each count only what they charge themselves."""
    first = Charge(DEARER_FIRST, per="period", limit=minutes(30))
    meter = Meter("work", [first, Charge(DEARER_FIRST, per="period")])
    rating = rated(
        Composite(meters=meter), entry("W-1", "2025-02-03 09:00", "1h"), entry("W-2", "2025-02-03 10:00", "1h")
    )
    # W-1: 30m × 140 twice; W-2: the other 30m of the first hour of the second charge × 140, then 30m × 120.
    assert amounts(rating) == ["70.00 EUR", "70.00 EUR", "130.00 EUR"]


@pytest.mark.rule("T1", "D14")
def test_an_incident_is_charged_by_the_piece() -> None:
    """An incident costs 290 EUR however long it takes; its labour is included, and travel is money beside it."""
    rating = rated(
        PayPerIncident(tariff=Price("290 EUR/incident")),
        Opened("E-1", at("2025-02-03 09:00"), ticket="T-1"),
        entry("W-1", "2025-02-03 09:30", "20h", ticket="T-1"),
        ChargeItem("X-1", at("2025-02-03 09:40"), customer="elm", kind="travel", amount=Money("45 EUR")),
    )
    assert [(line.use, line.disposition, str(line.amount)) for line in rating.lines] == [
        ("T-1", "charged", "290.00 EUR"),
        ("W-1", "included", "0.00 EUR"),
        ("X-1", "charged", "45.00 EUR"),
    ]


@pytest.mark.rule("T2", "M8")
@pytest.mark.parametrize(
    ("factor", "counted", "amount"),
    [("1", 1, "300.00 EUR"), ("1.5", 2, "500.00 EUR"), ("1.4", 1, "300.00 EUR"), ("0", 0, "0.00 EUR")],
)
def test_an_incident_may_count_as_several(factor: str, counted: int, amount: str) -> None:
    """A factor on incidents rounds half up to whole ones; the first costs 300 EUR, each further one 200."""
    bands = Graduated([Band(incidents(1), Price("300 EUR/incident")), Band(None, Price("200 EUR/incident"))])
    words: tuple[Literal["billable", "counted"], ...] = ("billable", "counted")
    for of in words:  # of incidents the counted ones are charged, either way
        charge = Charge(bands, per="term", of=of)
        plan = PayPerIncident(tariff=charge, metering=Metering(multiplier=Multiplier(factor)))
        (line,) = rated(plan, Opened("E-1", at(DAY), ticket="T-1")).lines
        assert (line.counted, str(line.amount)) == (incidents(counted), amount)


@pytest.mark.rule("T1", "T2", "T3", "D10")
@pytest.mark.parametrize(
    "tariff",
    [
        Price("60 EUR/h"),
        Graduated([Band(hours(1), Price("60 EUR/h"), Money("1 EUR")), Band(None, Price("30 EUR/h"), Money("7 EUR"))]),
        Package(minutes(25), Money("11 EUR")),
        Package(minutes(25), Money("11 EUR"), part="free"),
    ],
    ids=["flat", "graduated", "package", "full packages"],
)
def test_a_quantity_costs_the_same_in_one_piece_or_in_many(tariff: Price | Graduated | Package) -> None:
    """The exact amounts of 7 entries of 17m 3s in one window add up to that of one entry of 1h 59m 21s."""
    charge = Charge(tariff, per="period")
    pieces = charged(charge, *(entry(f"W-{n}", f"2025-02-03 0{n}:00", "17m 3s") for n in range(1, 8)))
    (whole,) = charged(charge, entry("W-1", DAY, "1h 59m 21s")).lines
    assert sum(line.exact.value for line in pieces.lines) == whole.exact.value
    assert whole.counted == seconds(7 * (17 * 60 + 3))
