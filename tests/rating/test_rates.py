"""Which price wins, by example. Every number is worked out by hand; each entry is one hour unless it says more."""

from collections.abc import Callable
from typing import Any

import pytest

from supportcontracts import (
    Approval,
    Band,
    Charge,
    Graduated,
    Metering,
    Multiplier,
    Package,
    PayPerHour,
    Price,
    Rate,
    Refuse,
    Scope,
    hours,
    minutes,
)
from supportcontracts.contracts.plans import CappedHours
from supportcontracts.errors import InvalidValue
from supportcontracts.money import Money
from tests.rating.builders import amounts, at, entry, rated, told

DAY = "2025-02-03 09:00"
TARIFF = Price("100 EUR/h")
RATES = (
    Rate(Price("200 EUR/h"), role="senior", work_type="migration"),
    Rate(Price("150 EUR/h"), work_type="migration"),
    Rate(Price("120 EUR/h"), role="senior"),
    Rate(Price("0 EUR/h"), work_type="training"),
    Rate(Price("0 EUR/h"), role="trainee", work_type="migration"),
)


def priced(charge: Charge, **stated: Any) -> tuple[str, str]:
    """Rate one hour, and tell the rate that won and the amount."""
    (line,) = rated(PayPerHour(tariff=charge), entry("W-1", DAY, "1h", **stated)).lines
    return line.rate, str(line.amount)


@pytest.mark.rule("M9", "D15")
@pytest.mark.parametrize(
    ("role", "work_type", "amount"),
    [
        ("senior", "migration", "200.00 EUR"),  # both
        ("junior", "migration", "150.00 EUR"),  # the kind of work alone
        (None, "migration", "150.00 EUR"),
        ("senior", "repair", "120.00 EUR"),  # the role alone
        ("senior", None, "120.00 EUR"),
        ("senior", "training", "0.00 EUR"),  # kind of work before role, and a price of 0 is a price
        ("trainee", "migration", "0.00 EUR"),  # both, at 0
        ("trainee", None, "100.00 EUR"),  # only its rate for both names the role
        ("junior", "repair", "100.00 EUR"),
        (None, None, "100.00 EUR"),
    ],
)
@pytest.mark.parametrize("rates", [RATES, RATES[::-1]], ids=["written", "reversed"])
def test_the_most_specific_rate_wins(
    role: str | None, work_type: str | None, amount: str, rates: tuple[Rate, ...]
) -> None:
    """Both, then the kind of work, then the role, then the tariff, whatever the order in which rates are written."""
    shown, charged = priced(Charge(TARIFF, rates=rates), role=role, work_type=work_type)
    assert charged == amount
    assert f"{amount}/h" in shown


@pytest.mark.rule("M9", "D15")
@pytest.mark.parametrize(
    ("entry_rates", "rate", "amount"),
    [
        ("used", "90 EUR/h", "90.00 EUR"),
        ("used", "0 EUR/h", "0.00 EUR"),
        ("used", "1.50 EUR/min", "90.00 EUR"),
        ("used", None, "200.00 EUR"),
        ("ignored", "90 EUR/h", "200.00 EUR"),
        ("ignored", "0 EUR/h", "200.00 EUR"),
    ],
)
def test_an_entry_brings_its_own_rate_only_where_the_terms_use_it(
    entry_rates: str, rate: str | None, amount: str
) -> None:
    """A rate on the entry beats every other, 0 included, or is ignored; no rate on the entry leaves it to the terms."""
    charge = Charge(TARIFF, rates=RATES, entry_rates=entry_rates)  # type: ignore[arg-type]  # one of the two words
    stated = Price(rate) if rate else None
    assert priced(charge, role="senior", work_type="migration", rate=stated)[1] == amount


@pytest.mark.rule("M9", "T5")
def test_a_rate_replaces_the_tariff_with_its_bands_and_free_units() -> None:
    """At a rate of 120 EUR/h every hour costs 120: neither the free first hour nor the band below it applies."""
    bands = Graduated([Band(hours(2), Price("100 EUR/h"), Money("10 EUR")), Band(None, Price("80 EUR/h"))])
    charge = Charge(bands, per="entry", free_first=hours(1), rates=Rate(Price("120 EUR/h"), role="senior"))
    plan = PayPerHour(tariff=charge)
    rating = rated(plan, entry("W-1", DAY, "3h", role="senior"), entry("W-2", "2025-02-04 09:00", "3h"))
    # W-2: one hour free, two hours in the first band, and its flat part: 2 × 100 + 10.
    assert amounts(rating) == ["360.00 EUR", "210.00 EUR"]


@pytest.mark.rule("M9", "D13")
def test_a_multiplier_on_the_price_scales_the_rate_that_won() -> None:
    """At night the senior's 120 EUR/h is 180, and the trainee's 0 stays 0."""
    metering = Metering(multiplier=Multiplier("1.5", scope=Scope(windows="night"), on="price"))
    plan = PayPerHour(tariff=Charge(TARIFF, rates=RATES), metering=metering)
    rating = rated(
        plan,
        entry("W-1", "2025-02-03 22:00", "1h", role="senior", window="night"),
        entry("W-2", "2025-02-04 22:00", "1h", role="trainee", work_type="migration", window="night"),
        entry("W-3", "2025-02-05 09:00", "1h", role="senior"),
    )
    assert amounts(rating) == ["180.00 EUR", "0.00 EUR", "120.00 EUR"]


@pytest.mark.rule("M9", "T6")
def test_a_limit_in_money_looks_at_the_rate_that_won() -> None:
    """Of 60 EUR a month, 20 senior minutes at 120 take 40; of 30 more minutes at 100 EUR/h the other 20 pay 12.

    Work at a price of 0 is charged by the exhausted source all the same: 0 fits under any limit.
    """
    limited = Charge(TARIFF, rates=RATES, limit=Money("60 EUR"))
    plan = CappedHours(fee=Money("0 EUR"), allotment=hours(0), per="term", beyond=[limited, Refuse()])
    rating = rated(
        plan,
        entry("W-1", "2025-02-03 09:00", "20m", role="senior"),
        entry("W-2", "2025-02-03 10:00", "30m"),
        entry("W-3", "2025-02-03 11:00", "1h", work_type="training"),
        entry("W-4", "2025-02-03 12:00", "1s"),
    )
    assert told(rating, "use") == [
        "W-1 overage 20m 40.00 EUR",
        "W-2 overage 12m 20.00 EUR",
        "W-2 refused/exhausted 18m 0.00 EUR",
        "W-3 overage 1h 0.00 EUR",
        "W-4 refused/exhausted 1s 0.00 EUR",
    ]


@pytest.mark.rule("M9", "D15")
def test_each_charge_of_a_waterfall_has_its_own_rates() -> None:
    """The first hour of the month at the first charge's senior rate of 120, the next at the second's of 180."""
    first = Charge(TARIFF, rates=Rate(Price("120 EUR/h"), role="senior"), limit=hours(1))
    second = Charge(Price("140 EUR/h"), rates=Rate(Price("180 EUR/h"), role="senior"))
    plan = CappedHours(fee=Money("0 EUR"), allotment=hours(0), per="term", beyond=[first, second])
    rating = rated(plan, entry("W-1", DAY, "2h", role="senior"), entry("W-2", "2025-02-04 09:00", "1h", role="junior"))
    assert amounts(rating, "use") == ["120.00 EUR", "180.00 EUR", "140.00 EUR"]


@pytest.mark.rule("D15")
def test_a_charge_pays_only_for_what_its_scope_admits() -> None:
    """A charge for seniors passes on the work of others, and work that names no role, to the next source."""
    seniors = Charge(Price("180 EUR/h"), scope=Scope(roles="senior"))
    plan = CappedHours(fee=Money("0 EUR"), allotment=hours(0), per="term", beyond=[seniors, Charge(TARIFF)])
    rating = rated(
        plan,
        entry("W-1", "2025-02-03 09:00", "1h", role="senior"),
        entry("W-2", "2025-02-03 10:00", "1h", role="junior"),
        entry("W-3", "2025-02-03 11:00", "1h"),
    )
    assert amounts(rating, "use") == ["180.00 EUR", "100.00 EUR", "100.00 EUR"]


@pytest.mark.rule("D15")
@pytest.mark.parametrize(
    ("stated", "admitted"),
    [
        ({"product": "atlas", "severity": 1, "channel": "phone", "window": "day"}, True),
        ({"product": "atlas", "severity": 2, "channel": "phone"}, True),
        ({"product": "atlas", "severity": 1}, False),  # no channel
        ({"product": "atlas", "channel": "phone"}, False),  # no severity
        ({"severity": 1, "channel": "phone"}, False),  # no product
        ({"product": "atlas", "severity": 3, "channel": "phone"}, False),
        ({}, False),
    ],
)
def test_every_restriction_of_a_scope_has_to_be_met(stated: dict[str, Any], admitted: bool) -> None:
    """A multiplier for atlas, severity 1 or 2, by phone needs all three; what is not restricted may be missing."""
    scope = Scope(products="atlas", severities=[1, 2], channels="phone")
    metering = Metering(multiplier=Multiplier("2", scope=scope))
    plan = PayPerHour(tariff=Charge(TARIFF, of="counted"), metering=metering)
    assert amounts(rated(plan, entry("W-1", DAY, "1h", **stated))) == ["200.00 EUR" if admitted else "100.00 EUR"]


@pytest.mark.rule("M9", "T3")
def test_work_at_a_rate_leaves_the_packages_of_the_tariff_alone() -> None:
    """Of packages of an hour for 100 EUR, 30 minutes open one; a senior's 20 minutes at 120 EUR/h are 40 beside it."""
    charge = Charge(Package(hours(1), Money("100 EUR")), per="period", rates=Rate(Price("120 EUR/h"), role="senior"))
    rating = rated(
        PayPerHour(tariff=charge),
        entry("W-1", "2025-02-03 09:00", "30m"),
        entry("W-2", "2025-02-03 10:00", "20m", role="senior"),
    )
    assert amounts(rating) == ["100.00 EUR", "40.00 EUR"]


@pytest.mark.rule("M9")
def test_a_rate_is_for_the_quantity_that_the_charge_charges() -> None:
    """Ten minutes are a quarter and count twice: a senior's billable quarter costs 30 EUR, 30 counted minutes 60."""
    metering = Metering(increment=minutes(15), multiplier=Multiplier("2"))
    for of, amount in (("billable", "30.00 EUR"), ("counted", "60.00 EUR")):
        charge = Charge(TARIFF, rates=RATES, of=of)  # type: ignore[arg-type]  # one of the two words
        plan = PayPerHour(tariff=charge, metering=metering)
        assert amounts(rated(plan, entry("W-1", DAY, "10m", role="senior"))) == [amount]


@pytest.mark.rule("M9", "D20", "D13")
@pytest.mark.parametrize(("factor", "amount"), [("1.5", "135.00 EUR"), ("0", "0.00 EUR")])
def test_held_work_keeps_its_rate_and_its_multiplier(factor: str, amount: str) -> None:
    """An hour at the entry's 90 EUR/h × 1.5 is held, and costs 135.00 once it is approved; × 0 it costs nothing."""
    charge = Charge(TARIFF, entry_rates="used", approval="required")
    plan = PayPerHour(tariff=charge, metering=Metering(multiplier=Multiplier(factor, on="price")))
    rating = rated(
        plan,
        entry("W-1", "2025-02-03 09:00", "1h", rate=Price("90 EUR/h")),
        Approval("A-1", at("2025-02-04 09:00"), of="W-1"),
    )
    assert told(rating) == ["W-1 held 1h 0.00 EUR", f"W-1 charge 1h {amount}"]


@pytest.mark.rule("M9", "D15")
@pytest.mark.parametrize(
    "build",
    [
        lambda: Charge(TARIFF, rates=Rate(Price("290 EUR/incident"), role="senior")),
        lambda: Charge(TARIFF, rates="90 EUR/h"),
        lambda: Charge(TARIFF, rates=[Rate(Price("1 EUR/h"), role="a"), Rate(Price("2 EUR/h"), role="a")]),
        lambda: Rate(Price("1 EUR/h")),
        lambda: Rate("1 EUR/h", role="a"),  # type: ignore[arg-type]  # hostile
        lambda: PayPerHour(tariff=Charge(Price("290 EUR/incident"))),
    ],
    ids=["unit", "text", "twice", "for nobody", "text price", "tariff"],
)
def test_a_rate_that_cannot_be_is_refused(build: Callable[[], object]) -> None:
    """Rates are prices for the unit of the tariff, one for each role and kind of work."""
    with pytest.raises(InvalidValue):
        build()
