"""Multipliers, the parts of a use, and scopes, by example. Every number is worked out by hand.

Quantities are told as "worked > billable > counted". The price is 60 EUR/h, one euro a minute.
"""

from fractions import Fraction

import pytest

from supportcontracts import (
    Band,
    CappedHours,
    Charge,
    Composite,
    FreeTime,
    Graduated,
    Meter,
    Metering,
    Money,
    Multiplier,
    PayPerHour,
    Price,
    Scope,
    ScopedMetering,
    hours,
    minutes,
    seconds,
)
from tests.rating.builders import EURO_A_MINUTE, amounts, billable, entry, metered, one, quantities, rated, told

DAY = "2025-02-03 09:00"
NOTHING = seconds(0)

# Multipliers


@pytest.mark.rule("M8", "D8")
@pytest.mark.parametrize(
    ("factor", "worked", "counted"),
    [
        ("1.5", "15m", "22m 30s"),
        ("1.5", "1s", "2s"),  # 1.5 rounds up
        ("0.5", "1s", "1s"),  # 0.5 rounds up
        ("0.5", "3s", "2s"),
        ("0.25", "1s", "0m"),
        ("1/3", "4s", "1s"),  # 1.33…
        ("1/3", "5s", "2s"),  # 1.66…
        ("1/3", "1h", "20m"),
        ("0", "1h", "0m"),
        ("1", "7s", "7s"),
    ],
)
def test_a_multiplier_scales_the_quantity_and_rounds_half_up_once(factor: str, worked: str, counted: str) -> None:
    """Counted time is billable time × factor, to the nearest second, halves up."""
    assert one(Metering(multiplier=Multiplier(Fraction(factor))), worked) == f"{worked} > {worked} > {counted}"


@pytest.mark.rule("M8", "M6")
def test_the_multiplier_comes_after_the_increment() -> None:
    """Ten minutes are a quarter, and a quarter × 1.5 is 22m 30s; 15 minutes for 10 × 1.5 would be the other order."""
    metering = Metering(increment=minutes(15), multiplier=Multiplier("1.5"))
    assert one(metering, "10m") == "10m > 15m > 22m 30s"


@pytest.mark.rule("M8", "D10")
def test_a_multiplier_of_zero_makes_work_free() -> None:
    """A factor of 0 is allowed: worked and billable time stay, nothing is counted, and the line is free."""
    rating = metered(
        Metering(multiplier=Multiplier("0", scope=Scope(channels="chat"))), entry("W-1", DAY, "1h", channel="chat")
    )
    (line,) = rating.lines
    assert (line.disposition, line.source, line.counted) == ("free", "none", NOTHING)
    assert (line.worked, line.billable, str(line.amount)) == (hours(1), hours(1), "0.00 EUR")


@pytest.mark.rule("D12", "M8")
@pytest.mark.parametrize(
    ("channel", "window", "largest", "product"),
    [
        ("onsite", "night", "2h", "3h"),
        ("onsite", "day", "1h 30m", "1h 30m"),
        ("phone", "night", "2h", "2h"),
        ("phone", "day", "1h", "1h"),
        ("chat", "night", "2h", "0m"),  # a factor of 0 is the smaller of two, and makes a product 0
        ("chat", "day", "0m", "0m"),  # the only one that applies: 1 is no factor of its own
        ("mail", "day", "30m", "30m"),
        ("mail", "night", "2h", "1h"),
    ],
)
def test_of_two_multipliers_the_larger_applies_unless_the_terms_say_product(
    channel: str, window: str, largest: str, product: str
) -> None:
    """On site × 1.5, night × 2, chat × 0, mail × 0.5, of one hour; what is out of scope counts once."""
    factors = [
        Multiplier("1.5", scope=Scope(channels="onsite")),
        Multiplier("2", scope=Scope(windows="night")),
        Multiplier("0", scope=Scope(channels="chat")),
        Multiplier("0.5", scope=Scope(channels="mail")),
    ]
    assert one(Metering(multiplier=factors), "1h", channel=channel, window=window) == f"1h > 1h > {largest}"
    combined = Metering(multiplier=factors, combine="product")
    assert one(combined, "1h", channel=channel, window=window) == f"1h > 1h > {product}"


@pytest.mark.rule("M8", "D12")
def test_a_product_of_thirds_is_exact() -> None:
    """Three factors of 1/3, 3 and 1.5 make 1.5, with nothing lost in between: 20 minutes count as 30."""
    factors = [Multiplier(Fraction(1, 3)), Multiplier("3"), Multiplier("1.5")]
    assert one(Metering(multiplier=factors, combine="product"), "20m") == "20m > 20m > 30m"


@pytest.mark.rule("D13")
def test_a_charge_says_whether_billable_or_counted_time_is_charged() -> None:
    """One hour that counts as 1.5: billable time costs 60.00, counted time 90.00."""
    metering = Metering(multiplier=Multiplier("1.5"))
    assert amounts(metered(metering, entry("W-1", DAY, "1h"))) == ["60.00 EUR"]
    counted = Charge(EURO_A_MINUTE, of="counted")
    assert amounts(metered(metering, entry("W-1", DAY, "1h"), charge=counted)) == ["90.00 EUR"]


@pytest.mark.rule("D13", "M8")
@pytest.mark.parametrize(
    ("factor", "amount"), [("1.5", "90.00 EUR"), ("0", "0.00 EUR"), ("1/3", "20.00 EUR"), ("1", "60.00 EUR")]
)
def test_a_multiplier_on_the_price_leaves_the_quantity(factor: str, amount: str) -> None:
    """One hour counts as one hour and is charged at 60 EUR × factor, which may be 0."""
    rating = metered(Metering(multiplier=Multiplier(Fraction(factor), on="price")), entry("W-1", DAY, "1h"))
    assert quantities(rating, "W-1") == "1h > 1h > 1h"
    assert [(line.disposition, str(line.amount)) for line in rating.lines] == [("charged", amount)]


@pytest.mark.rule("D13", "D12")
@pytest.mark.parametrize(("combine", "of", "amount"), [
    ("largest", "billable", "90.00 EUR"),  # 1 h × 60 × 1.5
    ("largest", "counted", "180.00 EUR"),  # 2 h × 60 × 1.5
    ("product", "counted", "225.00 EUR"),  # 2 h × 60 × 1.5 × 1.25
])  # fmt: skip
def test_multipliers_on_quantity_and_price_do_not_compete(combine: str, of: str, amount: str) -> None:
    """Of factors 2 on the quantity and 1.5 and 1.25 on the price, each kind is combined for itself."""
    factors = [Multiplier("2"), Multiplier("1.5", on="price"), Multiplier("1.25", on="price")]
    metering = Metering(multiplier=factors, combine=combine)  # type: ignore[arg-type]  # one of the two words
    charge = Charge(EURO_A_MINUTE, of=of)  # type: ignore[arg-type]  # one of the two words
    rating = metered(metering, entry("W-1", DAY, "1h"), charge=charge)
    assert quantities(rating, "W-1") == "1h > 1h > 2h"
    assert amounts(rating) == [amount]


@pytest.mark.rule("D13", "T2")
def test_a_multiplier_on_the_price_scales_every_band_exactly() -> None:
    """Two hours at 60 then 40 EUR/h cost 100; × 1/3 that is 33.333…, settled to 33.33."""
    charge = Charge(Graduated([Band(hours(1), EURO_A_MINUTE), Band(None, Price("40 EUR/h"))]), per="entry")
    metering = Metering(multiplier=Multiplier(Fraction(1, 3), on="price"))
    (line,) = metered(metering, entry("W-1", DAY, "2h"), charge=charge).lines
    assert line.exact.value == Fraction(100, 3)
    assert str(line.amount) == "33.33 EUR"


# Parts of a use


@pytest.mark.rule("D8", "D24")
def test_worked_and_billable_time_are_shared_out_like_the_counted_time() -> None:
    """Of 50m worked, 1h billable, 1h 30m counted, an allotment of 30m pays a third: 16m 40s worked, 20m billable."""
    plan = CappedHours(
        fee=Money("0 EUR"),
        allotment=minutes(30),
        per="term",
        beyond=Charge(EURO_A_MINUTE),
        metering=Metering(increment=minutes(15), multiplier=Multiplier("1.5")),
    )
    paid, charged = rated(plan, entry("W-1", DAY, "50m")).lines_of("W-1")
    assert (paid.worked, paid.billable, paid.counted) == (seconds(1000), minutes(20), minutes(30))
    assert (charged.worked, charged.billable, charged.counted) == (seconds(2000), minutes(40), minutes(60))
    assert str(charged.amount) == "40.00 EUR"  # 40 billable minutes, not 60 counted ones


@pytest.mark.rule("D13", "D8")
@pytest.mark.parametrize(("of", "amount"), [("billable", "30.00 EUR"), ("counted", "60.00 EUR")])
def test_a_multiplier_uses_up_an_allotment_faster(of: str, amount: str) -> None:
    """An hour that counts as 2 finds 1 in the allotment: the other counted hour is half a billable one."""
    plan = CappedHours(
        fee=Money("0 EUR"),
        allotment=hours(1),
        per="term",
        beyond=Charge(EURO_A_MINUTE, of=of),  # type: ignore[arg-type]  # one of the two words
        metering=Metering(multiplier=Multiplier("2")),
    )
    assert told(rated(plan, entry("W-1", DAY, "1h")), "use") == [
        "W-1 allotment 1h 0.00 EUR",
        f"W-1 overage 1h {amount}",
    ]


@pytest.mark.rule("D8", "D24")
def test_a_spare_second_goes_to_the_earlier_part() -> None:
    """One second worked, two billable and counted, one from each source: the worked second is the first part's."""
    plan = CappedHours(
        fee=Money("0 EUR"),
        allotment=seconds(1),
        per="term",
        beyond=Charge(EURO_A_MINUTE),
        metering=Metering(increment=seconds(2)),
    )
    paid, charged = rated(plan, entry("W-1", DAY, "1s")).lines_of("W-1")
    assert (paid.worked, paid.billable, paid.counted) == (seconds(1), seconds(1), seconds(1))
    assert (charged.worked, charged.billable, charged.counted) == (NOTHING, seconds(1), seconds(1))


@pytest.mark.rule("D8", "D24")
def test_a_spare_second_goes_to_the_larger_remainder() -> None:
    """Of 2 worked seconds, shared 1 : 3 of 4 counted, the parts are 0.5 and 1.5: a tie, so 1 and 1; of 3, 1 and 2.

    3 × 1/4 = 0.75 and 3 × 3/4 = 2.25: the remainder of the first is the larger. 1 × 1/4 and 1 × 3/4: the second's is.
    """
    plan = CappedHours(
        fee=Money("0 EUR"),
        allotment=seconds(1),
        per="month",
        beyond=Charge(EURO_A_MINUTE),
        metering=Metering(increment=seconds(4)),
    )
    rating = rated(
        plan,
        entry("W-1", "2025-01-10 09:00", "1s"),
        entry("W-2", "2025-02-10 09:00", "2s"),
        entry("W-3", "2025-03-10 09:00", "3s"),
    )
    shares = {name: [line.worked for line in rating.lines_of(name)] for name in ("W-1", "W-2", "W-3")}
    assert shares == {
        "W-1": [NOTHING, seconds(1)],
        "W-2": [seconds(1), seconds(1)],
        "W-3": [seconds(1), seconds(2)],
    }


# Scopes, special metering


@pytest.mark.rule("D9", "D15")
def test_the_first_special_metering_that_admits_the_work_replaces_all() -> None:
    """On site at least 2 hours, by phone steps of 6 minutes, else quarters; a missing channel meets no restriction."""
    metering = Metering(
        increment=minutes(15),
        special=[
            ScopedMetering(Scope(channels="onsite"), Metering(minimum=hours(2))),
            ScopedMetering(Scope(channels=["phone", "onsite"]), Metering(increment=minutes(6))),
        ],
    )
    assert one(metering, "2h 1s", channel="onsite") == "2h 1s > 2h 1s > 2h 1s"
    assert one(metering, "10m", channel="onsite") == "10m > 2h > 2h"
    assert one(metering, "10m", channel="phone") == "10m > 12m > 12m"
    assert one(metering, "10m", channel="mail") == "10m > 15m > 15m"
    assert one(metering, "10m") == "10m > 15m > 15m"


@pytest.mark.rule("D9")
def test_entries_of_another_special_metering_share_no_group_and_no_free_time() -> None:
    """On one ticket, on-site and remote work round apart, and each has the free time of its own metering.

    Remote: 10 free a month, 8 → 0 and 8 → 6, a quarter. On site: 10 free, 12 → 2, a step of an hour.
    """
    onsite = Metering(group="incident", free=FreeTime(minutes(10), per="period"), increment=hours(1))
    metering = Metering(
        group="incident",
        free=FreeTime(minutes(10), per="period"),
        increment=minutes(15),
        special=ScopedMetering(Scope(channels="onsite"), onsite),
    )
    rating = metered(
        metering,
        entry("W-1", "2025-02-03 09:00", "8m", ticket="T-1"),
        entry("W-2", "2025-02-03 10:00", "12m", ticket="T-1", channel="onsite"),
        entry("W-3", "2025-02-03 11:00", "8m", ticket="T-1"),
    )
    assert billable(rating) == ["0m", "1h", "15m"]


@pytest.mark.rule("D14", "D15")
def test_a_use_belongs_to_the_first_meter_that_admits_it() -> None:
    """Work on atlas meets the meter for atlas, other work and work without a product the last one."""
    meters = [
        Meter("work", [Charge(Price("100 EUR/h"))], name="atlas", scope=Scope(products="atlas")),
        Meter("work", [Charge(Price("1 EUR/h"))], name="never", scope=Scope(products="atlas", severities=1)),
        Meter("work", [Charge(Price("50 EUR/h"))], name="rest"),
    ]
    rating = rated(
        Composite(meters=meters),
        entry("W-1", "2025-02-03 09:00", "1h", product="atlas", severity=1),
        entry("W-2", "2025-02-03 10:00", "1h", product="relay"),
        entry("W-3", "2025-02-03 11:00", "1h"),
    )
    assert [(line.meter, str(line.amount)) for line in rating.lines] == [
        ("atlas", "100.00 EUR"),
        ("rest", "50.00 EUR"),
        ("rest", "50.00 EUR"),
    ]


@pytest.mark.rule("D14", "D15", "D7")
def test_work_that_no_meter_admits_is_refused_with_a_code() -> None:
    """A plan for severities 1 and 2 refuses work of severity 3 and work that states none: no meter, 0.00."""
    plan = PayPerHour(tariff=EURO_A_MINUTE, scope=Scope(severities=[1, 2]))
    rating = rated(
        plan,
        entry("W-1", "2025-02-03 09:00", "1h", severity=2),
        entry("W-2", "2025-02-03 10:00", "1h", severity=3),
        entry("W-3", "2025-02-03 11:00", "1h"),
    )
    assert [(line.disposition, line.code, str(line.amount)) for line in rating.lines] == [
        ("charged", "", "60.00 EUR"),
        ("refused", "no-meter", "0.00 EUR"),
        ("refused", "no-meter", "0.00 EUR"),
    ]


@pytest.mark.rule("D9", "M2", "D14")
def test_meters_do_not_share_groups_or_free_time() -> None:
    """One ticket in two meters: 10 minutes each are a quarter each, beyond 5 free minutes each."""
    metering = Metering(group="incident", free=FreeTime(minutes(5), per="term"), increment=minutes(15))
    meters = [
        Meter("work", [Charge(EURO_A_MINUTE)], name="atlas", scope=Scope(products="atlas"), metering=metering),
        Meter("work", [Charge(EURO_A_MINUTE)], name="rest", metering=metering),
    ]
    rating = rated(
        Composite(meters=meters),
        entry("W-1", "2025-02-03 09:00", "10m", ticket="T-1", product="atlas"),
        entry("W-2", "2025-02-03 10:00", "10m", ticket="T-1"),
    )
    assert billable(rating) == ["15m", "15m"]
