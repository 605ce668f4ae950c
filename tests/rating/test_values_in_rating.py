"""Settling, currencies, shares and explanations, by example. Every number is worked out by hand."""

import re
from collections.abc import Iterable
from fractions import Fraction
from typing import Any

import pytest

from supportcontracts import (
    Allotment,
    Amount,
    Band,
    BankPurchase,
    BankRefunded,
    Banks,
    CappedHours,
    CappedIncidents,
    Charge,
    ChargeItem,
    Composite,
    Contract,
    Fee,
    FixedAnnual,
    FreeTime,
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
    PrepaidHours,
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
    WorkTime,
    hours,
    incidents,
    minutes,
    percent,
)
from supportcontracts.contracts.plans import Plan
from supportcontracts.errors import CurrencyMismatch, InvalidValue
from supportcontracts.events import Event
from supportcontracts.explain import Step
from supportcontracts.rules import RULES
from tests.rating.builders import amounts, at, contract, entry, rated, told

DAY = "2025-02-03 09:00"
MODES = ("half-up", "half-even", "up", "down")


def by_modes(price: str, worked: str) -> list[str]:
    """Charge one entry under each rounding, and list the amounts without their currency."""
    found = []
    for mode in MODES:
        agreed = contract(PayPerHour(tariff=Price(price)), rounding=mode)
        found.append(amounts(rated(agreed, entry("W-1", DAY, worked)))[0].rsplit(" ", 1)[0])
    return found


@pytest.mark.rule("S1", "D23")
@pytest.mark.parametrize(
    ("price", "worked", "expected"),
    [
        ("137.50 EUR/h", "1h 45m", ["240.63", "240.62", "240.63", "240.62"]),  # 240.625
        ("137.54 EUR/h", "1h 45m", ["240.70", "240.70", "240.70", "240.69"]),  # 240.695: to the even cent is up
        ("0.01 EUR/h", "30m", ["0.01", "0.00", "0.01", "0.00"]),  # 0.005
        ("0.03 EUR/h", "30m", ["0.02", "0.02", "0.02", "0.01"]),  # 0.015
        ("0.36 EUR/h", "49s", ["0.00", "0.00", "0.01", "0.00"]),  # 0.0049
        ("0.36 EUR/h", "50s", ["0.01", "0.00", "0.01", "0.00"]),  # 0.005
        ("0.36 EUR/h", "51s", ["0.01", "0.01", "0.01", "0.00"]),  # 0.0051
        ("0.36 EUR/h", "1m 40s", ["0.01", "0.01", "0.01", "0.01"]),  # 0.01
        ("0.36 EUR/h", "1m 41s", ["0.01", "0.01", "0.02", "0.01"]),  # 0.0101
        ("1 JPY/h", "30m", ["1", "0", "1", "0"]),  # 0.5
        ("3 JPY/h", "30m", ["2", "2", "2", "1"]),  # 1.5
        ("1499 JPY/h", "1h 30m", ["2,249", "2,248", "2,249", "2,248"]),  # 2248.5
        ("0.001 KWD/h", "30m", ["0.001", "0.000", "0.001", "0.000"]),  # 0.0005
        ("12.345 KWD/h", "30m", ["6.173", "6.172", "6.173", "6.172"]),  # 6.1725
    ],
)
def test_an_exact_amount_settles_by_the_contracts_rounding(price: str, worked: str, expected: list[str]) -> None:
    """Halves go up, to even, up and down; what is no half goes to the nearest, away from zero, or toward it."""
    assert by_modes(price, worked) == expected


@pytest.mark.rule("S1", "D24")
def test_a_refund_is_the_difference_of_two_settled_sums() -> None:
    """Of 100.00 EUR for 3 hours, one hour after the other gives back 33.33, 33.34 and 33.33.

    100/3 = 33.33; 200/3 = 66.67, less 33.33 is 33.34; 100.00 less 66.67 is 33.33.
    """
    bank = BankPurchase("B-1", at("2025-01-10 09:00"), customer="elm", quantity=hours(3), price=Money("100 EUR"))
    refunds = [BankRefunded(f"X-{n}", at(f"2025-0{n}-10 09:00"), bank="B-1", quantity=hours(1)) for n in (2, 3, 4)]
    rating = rated(contract(PrepaidHours(beyond=Refuse()), currency="EUR"), bank, *refunds)
    assert amounts(rating, "refund") == ["-33.33 EUR", "-33.34 EUR", "-33.33 EUR"]
    assert str(rating.total) == "0.00 EUR"


@pytest.mark.rule("D23", "L5", "S1")
def test_a_total_is_the_sum_of_settled_lines() -> None:
    """Three lines of 0.005 EUR are 0.01 each and 0.03 in all, though 0.015 would settle to 0.02."""
    work = [entry(f"W-{n}", f"2025-02-0{n} 09:00", "30m") for n in (1, 2, 3)]
    rating = rated(PayPerHour(tariff=Price("0.01 EUR/h")), *work)
    assert amounts(rating) == ["0.01 EUR"] * 3
    assert str(rating.total) == "0.03 EUR"


@pytest.mark.rule("D23", "S1")
def test_each_source_of_a_use_settles_its_own_line() -> None:
    """An hour at 0.01 EUR/h, half from each of two charges: 0.005 twice, 0.01 twice."""
    meter = Meter("work", [Charge(Price("0.01 EUR/h"), limit=minutes(30)), Charge(Price("0.01 EUR/h"))])
    rating = rated(Composite(meters=meter), entry("W-1", DAY, "1h"))
    assert amounts(rating) == ["0.01 EUR", "0.01 EUR"]
    assert sum(line.exact.value for line in rating.lines) == Fraction(1, 100)


@pytest.mark.rule("D23")
@pytest.mark.parametrize("rounding", ["half-down", "ROUND_HALF_UP", "", None, True])
def test_a_rounding_has_to_be_named(rounding: Any) -> None:  # noqa: ANN401  # hostile
    """There is no default, and another word is refused with the four that there are."""
    with pytest.raises(InvalidValue, match='"half-up", "half-even", "up" or "down"'):
        contract(PayPerHour(tariff=Price("60 EUR/h")), rounding=rounding)


@pytest.mark.rule("D23")
def test_a_contract_without_rounding_is_refused() -> None:
    """Leaving it out is an error of the call itself."""
    with pytest.raises(TypeError, match="rounding"):
        Contract(
            "C-1",
            customer="elm",
            term=Term("2025-01-01", months=1, zone="UTC"),
            plan=PayPerHour(tariff=Price("1 EUR/h")),
        )  # type: ignore[call-arg]  # hostile


@pytest.mark.rule("D23", "D14")
@pytest.mark.parametrize(
    "event",
    [
        ChargeItem("X-1", at(DAY), customer="elm", kind="travel", amount=Money("45 USD")),
        BankPurchase("B-1", at(DAY), customer="elm", quantity=hours(1), price=Money("45 USD")),
        BankPurchase("B-1", at(DAY), customer="elm", quantity=hours(1), price=Price("45 USD/h")),
    ],
    ids=["charge item", "bank for money", "bank for a price"],
)
def test_money_in_another_currency_is_refused(event: Event) -> None:
    """A contract in euros cannot take dollars, and the error names both."""
    with pytest.raises(CurrencyMismatch) as caught:
        rated(PrepaidHours(beyond=Charge(Price("60 EUR/h"))), event)
    assert "USD" in str(caught.value)
    assert "EUR" in str(caught.value)


@pytest.mark.rule("D23", "M9")
def test_a_rate_in_another_currency_is_refused() -> None:
    """An entry's rate in dollars, where the terms use entry rates, has no place in a contract in euros."""
    plan = PayPerHour(tariff=Charge(Price("60 EUR/h"), entry_rates="used"))
    with pytest.raises(CurrencyMismatch):
        rated(plan, entry("W-1", DAY, "1h", rate=Price("60 USD/h")))


@pytest.mark.rule("D28", "S1")
@pytest.mark.parametrize(
    ("price", "worked", "amount"),
    [
        (Price("115 EUR/h"), "20h", "2,300.00 EUR"),
        (Price(Fraction(100, 3), "EUR", "h"), "1h", "33.33 EUR"),
        (Price(Fraction(100, 3), "EUR", "h"), "2h", "66.67 EUR"),
        (Price("0.01 EUR/h"), "30m", "0.01 EUR"),
        (Price("1.15 EUR/min"), "1h", "69.00 EUR"),
        (Money("1999.99 EUR"), "20h", "1,999.99 EUR"),
        (None, "20h", "0.00 EUR"),
    ],
)
def test_a_purchase_is_a_line_at_its_price_when_it_happened(
    price: Price | Money | None, worked: str, amount: str
) -> None:
    """Price × quantity, settled once, or the money itself; what is drawn later costs nothing more."""
    bank = BankPurchase(
        "B-1", at("2025-01-31 23:59:59"), customer="elm", quantity=entry("W", DAY, worked).worked, price=price
    )
    rating = rated(PrepaidHours(beyond=Charge(Price("60 EUR/h"))), bank, entry("W-1", DAY, "20m"))
    assert told(rating) == [f"2025-01 purchase {amount}", "W-1 bank B-1 20m 0.00 EUR"]


@pytest.mark.rule("D28", "D7")
def test_a_bank_bought_before_the_term_is_a_line_of_no_period() -> None:
    """A bank bought on 20 December pays for January's work; its purchase belongs to no billing period."""
    bank = BankPurchase("B-1", at("2024-12-20 09:00"), customer="elm", quantity=hours(1), price=Money("100 EUR"))
    rating = rated(PrepaidHours(beyond=Charge(Price("60 EUR/h"))), bank, entry("W-1", "2025-01-02 09:00", "1h"))
    assert told(rating) == ["- purchase 100.00 EUR", "W-1 bank B-1 1h 0.00 EUR"]


@pytest.mark.rule("D14", "D23")
def test_charge_items_are_money_at_their_amount() -> None:
    """Travel is due as stated, in its period, whatever the plan; outside every phase it is refused."""
    items = [
        ChargeItem("X-1", at("2025-01-31 23:59:59"), customer="elm", kind="travel", amount=Money("45.55 EUR")),
        ChargeItem("X-2", at("2025-02-01 00:00"), customer="elm", kind="expense", amount=Money("-5 EUR")),
        ChargeItem("X-3", at("2026-01-01 00:00"), customer="elm", kind="travel", amount=Money("45.55 EUR")),
    ]
    rating = rated(PayPerHour(tariff=Price("60 EUR/h")), *items, until="2026-02-01")
    assert told(rating) == [
        "2025-01 charge-item 45.55 EUR",
        "2025-02 charge-item -5.00 EUR",
        "- charge-item 0.00 EUR",
    ]
    assert rating.lines[2].code == "outside-term"


# Keys


@pytest.mark.rule("D23", "L3")
def test_every_line_has_a_key_of_its_own_that_does_not_depend_on_the_others() -> None:
    """Keys are made of names: dropping one entry leaves the keys of the other lines as they were."""
    plan = Composite(
        fees=Fee(Money("1200 EUR")),
        meters=Meter("work", [Allotment(hours(1), per="month"), Charge(Price("60 EUR/h"), minimum=Money("5 EUR"))]),
    )
    work = [entry(f"W-{n}", f"2025-02-0{n} 09:00", "40m") for n in (1, 2, 3)]
    whole, part = rated(plan, *work), rated(plan, work[0], work[2])
    keys = [line.key for line in whole.lines]
    assert len(set(keys)) == len(keys)
    others = {line.key for line in part.lines if line.use != "W-3"}
    assert others <= set(keys)


# Explanations


def plain(value: Any, path: str) -> Any:  # noqa: ANN401  # a term can be anything
    """Follow a path such as "plan.meters[0].sources[1].tariff" from a contract; a tuple of one needs no number."""
    for name in path.replace("[", ".[").split("."):
        if name.startswith("["):
            value = value[int(name[1:-1])]
            continue
        if isinstance(value, tuple) and len(value) == 1:
            (value,) = value
        value = getattr(value, name)
    return value


def recomputes(step: Step) -> bool:
    """Tell whether a step that shows quantities × prices shows the sum of their products as its result."""
    working = step.working.partition(", after ")[0]
    factors = [re.fullmatch(r"(.+) × ([\d,./]+ [A-Z]{3}/\w+)", term) for term in working.split(" + ")]
    if not all(factors):
        return step.rule not in ("T1", "M9")
    total = Amount(0, str(step.result)[-3:])
    for factor in filter(None, factors):
        incident = re.fullmatch(r"(\d+) incidents?", factor[1])
        total += Price(factor[2]) * (incidents(int(incident[1])) if incident else WorkTime.parse(factor[1]))
    return str(total) == step.result


def explained(rating: Rating) -> list[tuple[str, str, str]]:
    """Explain everything in a rating, check what holds for all of them, and list (rule, result, path) of their steps.

    The steps cite rules that exist and terms that exist; the amount is that of the lines, and so is the sum of parts.
    """
    found = []
    for use in dict.fromkeys(line.use for line in rating.lines):
        told_why = rating.explain(use)
        lines = rating.lines_of(use)
        assert told_why.amount == sum(line.amount for line in lines)
        assert [part.amount for part in told_why.parts] == [line.amount for line in lines]
        if lines[0].kind == "use":
            settled = [Money(step.result) for step in told_why.steps if step.rule == "S1"]
            assert sum(settled, Money.zero(told_why.amount.currency)) == told_why.amount
        for step in told_why.steps:
            assert step.rule in RULES
            assert recomputes(step)
            if step.agreed_in:
                plain(rating.contract, step.agreed_in)
        assert use in str(told_why)
        found += [(step.rule, step.result, step.agreed_in) for step in told_why.steps]
    return found


def steps_of(rating: Rating, use: str) -> list[tuple[str, str, str]]:
    """List (rule, result, path) of the steps of one use."""
    return [(step.rule, step.result, step.agreed_in) for step in rating.explain(use).steps]


def rules_and_paths(steps: Iterable[tuple[str, str, str]]) -> list[tuple[str, str]]:
    """Leave out the results."""
    return [(rule, path) for rule, _, path in steps]


@pytest.mark.rule("L5", "M1", "M6", "M8", "T1", "S1")
def test_an_explanation_walks_from_the_recorded_time_to_the_settled_amount() -> None:
    """1h 40m, steps of 15m: 1h 45m; × 2: 3h 30m; 1h from the allotment; 2h 30m beyond, 1h 15m billable.

    1h 15m × 137.50 EUR/h = 171.875, settled to 171.88.
    """
    plan = CappedHours(
        fee=Money("0 EUR"),
        allotment=hours(1),
        per="term",
        beyond=Charge(Price("137.50 EUR/h")),
        metering=Metering(increment=minutes(15), multiplier=Multiplier("2", scope=Scope(windows="night"))),
    )
    rating = rated(plan, entry("W-1", DAY, "1h 40m", window="night"))
    explained(rating)
    assert steps_of(rating, "W-1") == [
        ("M1", "1h 40m", ""),
        ("M6", "1h 45m", "plan.metering.increment"),
        ("M8", "3h 30m", "plan.metering.multiplier"),
        ("B1", "2h 30m", "plan.allotment"),
        ("T1", "171.875 EUR", "plan.beyond.tariff"),
        ("S1", "171.88 EUR", "rounding"),
    ]


@pytest.mark.rule("L5")
@pytest.mark.parametrize(
    ("metering", "worked", "expected"),
    [
        (Metering(), "20m", []),
        (Metering(increment=minutes(15)), "20m", [("M6", "30m", "increment")]),
        (Metering(minimum=minutes(30)), "20m", [("M4", "30m", "minimum")]),
        (Metering(grace=minutes(5), increment=minutes(15)), "20m", [("M5", "15m", "grace")]),
        (Metering(free=FreeTime(minutes(5))), "20m", [("M3", "15m", "free")]),
        (Metering(multiplier=Multiplier("1.5")), "20m", [("M8", "30m", "multiplier")]),
    ],
    ids=["none", "increment", "minimum", "grace", "free", "multiplier"],
)
def test_each_stage_of_metering_has_its_step(
    metering: Metering, worked: str, expected: list[tuple[str, str, str]]
) -> None:
    """A stage that changed the quantity is a step that cites its rule and its term; the others are not shown."""
    steps = explained(rated(PayPerHour(tariff=Price("60 EUR/h"), metering=metering), entry("W-1", DAY, worked)))
    assert steps[0][0] == "M1"
    shown = [(rule, result, path) for rule, result, path in steps if rule in ("M2", "M3", "M4", "M5", "M6", "M8")]
    assert [(rule, path) for rule, _, path in shown] == [(rule, f"plan.metering.{path}") for rule, _, path in expected]
    assert [rule for rule, _, _ in steps][-2:] == ["T1", "S1"]


@pytest.mark.rule("L5", "M2")
def test_a_group_is_a_step_where_it_decides() -> None:
    """Of 10 and 10 minutes on one ticket, in steps of 15, the second adds 15: the group is cited."""
    plan = PayPerHour(tariff=Price("60 EUR/h"), metering=Metering(group="incident", increment=minutes(15)))
    rating = rated(plan, entry("W-1", DAY, "10m", ticket="T-1"), entry("W-2", "2025-02-04 09:00", "10m", ticket="T-1"))
    explained(rating)
    assert ("M2", "plan.metering.group") in [(step.rule, step.agreed_in) for step in rating.explain("W-2").steps]
    assert str(rating.explain("W-2").amount) == "15.00 EUR"


@pytest.mark.rule("L5", "D15", "M9")
@pytest.mark.parametrize(
    ("charge", "work", "rule", "path"),
    [
        (Price("60 EUR/h"), {}, "T1", "plan.tariff"),
        (
            Charge(Graduated([Band(hours(1), Price("60 EUR/h")), Band(None, Price("50 EUR/h"))]), per="entry"),
            {},
            "T2",
            "plan.tariff.tariff",
        ),
        (Charge(Package(minutes(30), Money("30 EUR")), per="entry"), {}, "T3", "plan.tariff.tariff"),
        (
            Charge(Price("60 EUR/h"), rates=Rate(Price("90 EUR/h"), role="senior")),
            {"role": "senior"},
            "M9",
            "plan.tariff.rates",
        ),
        (
            Charge(Price("60 EUR/h"), entry_rates="used"),
            {"rate": Price("90 EUR/h")},
            "M9",
            "plan.tariff.entry_rates",
        ),
    ],
    ids=["flat", "graduated", "package", "rate", "entry rate"],
)
def test_the_price_that_won_is_a_step(charge: Charge | Price, work: dict[str, Any], rule: str, path: str) -> None:
    """The step cites the shape of the tariff, or the rate, and the term that it stands in."""
    rating = rated(PayPerHour(tariff=charge), entry("W-1", DAY, "1h 30m", **work))
    assert (rule, path) in rules_and_paths(steps_of(rating, "W-1"))
    assert steps_of(rating, "W-1")[-1] == ("S1", str(rating.total), "rounding")
    explained(rating)


@pytest.mark.rule("L5")
def test_the_terms_of_a_composite_are_cited_by_their_place() -> None:
    """The second source of the first meter is "plan.meters[0].sources[1]"."""
    metering = Metering(increment=minutes(15))
    meter = Meter("work", [Allotment(hours(1)), Banks(), Charge(Price("60 EUR/h"))], metering=metering)
    bank = BankPurchase("B-1", at("2025-01-10 09:00"), customer="elm", quantity=hours(1))
    rating = rated(Composite(meters=meter), bank, entry("W-1", DAY, "2h 50m"))
    explained(rating)
    assert rules_and_paths(steps_of(rating, "W-1")) == [
        ("M1", ""),
        ("M6", "plan.meters[0].metering.increment"),
        ("B1", "plan.meters[0].sources[0]"),
        ("B2", "plan.meters[0].sources[1].order"),
        ("T1", "plan.meters[0].sources[2].tariff"),
        ("S1", "rounding"),
    ]


@pytest.mark.rule("L5", "M8")
def test_a_multiplier_is_cited_where_it_was_agreed() -> None:
    """On the quantity or on the price, in the metering of its meter or in a special one: the path leads to it."""
    onsite = Metering(multiplier=[Multiplier("2"), Multiplier("1.5", on="price")])
    metering = Metering(
        multiplier=Multiplier("3", on="price"), special=ScopedMetering(Scope(channels="onsite"), onsite)
    )
    meter = Meter("work", [Charge(Price("60 EUR/h"))], metering=metering)
    rating = rated(
        Composite(meters=meter), entry("W-1", DAY, "1h", channel="onsite"), entry("W-2", "2025-02-04 09:00", "1h")
    )
    explained(rating)
    special = "plan.meters[0].metering.special[0].metering.multiplier"
    assert [row for row in steps_of(rating, "W-1") if row[0] == "M8"] == [
        ("M8", "2h 00m", special),
        ("M8", "90.00 EUR", special),
    ]
    assert [row for row in steps_of(rating, "W-2") if row[0] == "M8"] == [
        ("M8", "180.00 EUR", "plan.meters[0].metering.multiplier")
    ]


@pytest.mark.rule("L5")
def test_the_terms_of_a_phase_are_cited_by_its_place() -> None:
    """In a contract of two phases the tariff of 2025 is "phases[1].plan.tariff"."""
    terms = [Term(f"{year}-01-01", months=12, zone="Europe/Berlin") for year in (2024, 2025)]
    phases = [
        Phase(term, PayPerHour(tariff=Price(price)))
        for term, price in zip(terms, ("50 EUR/h", "60 EUR/h"), strict=True)
    ]
    rating = rated(contract(phases=phases), entry("W-1", DAY, "1h"))
    assert ("T1", "60.00 EUR", "phases[1].plan.tariff") in steps_of(rating, "W-1")
    explained(rating)


@pytest.mark.rule("L5", "F2")
def test_a_part_year_is_a_step() -> None:
    """46 of 365 days of a fee cite the rule that prorates them."""
    rating = rated(contract(FixedAnnual(fee=Money("365 EUR")), last_day="2025-02-15", billing="yearly"))
    assert amounts(rating) == ["46.00 EUR"]
    assert ("F2", "46.00 EUR", "plan.fee") in steps_of(rating, "fee")


@pytest.mark.rule("L5", "T4", "T7", "T8", "T9")
def test_the_lines_of_a_window_explain_themselves() -> None:
    """Volume, discount, maximum and minimum each cite their rule and the term that says so.

    Ten hours × 10 EUR are 100; less 10 % 90; at most 80; in the next month nothing is used, and 20 are due.
    """
    charge = Charge(
        Volume([Band(None, Price("10 EUR/h"))]),
        per="period",
        discount=percent(10),
        maximum=Money("80 EUR"),
        minimum=Money("20 EUR"),
    )
    rating = rated(contract(PayPerHour(tariff=charge), months=2), entry("W-1", "2025-01-10 09:00", "10h"))
    assert amounts(rating) == ["0.00 EUR", "100.00 EUR", "-10.00 EUR", "-10.00 EUR", "20.00 EUR"]
    steps = explained(rating)
    for found in (
        ("T4", "100.00 EUR", "plan.tariff.tariff"),
        ("T7", "-10.00 EUR", "plan.tariff.discount"),
        ("T8", "-10.00 EUR", "plan.tariff.maximum"),
        ("T9", "20.00 EUR", "plan.tariff.minimum"),
    ):
        assert found in steps


@pytest.mark.rule("L5", "T5", "T6")
def test_free_units_are_a_step() -> None:
    """Of an hour the first half is free: the explanation says so, and where it was agreed."""
    charge = Charge(Price("60 EUR/h"), per="entry", free_first=minutes(30))
    rating = rated(PayPerHour(tariff=charge), entry("W-1", DAY, "1h"))
    assert ("T5", "plan.tariff.free_first") in rules_and_paths(steps_of(rating, "W-1"))


@pytest.mark.rule("L5", "T1", "T2", "T3", "D10")
@pytest.mark.parametrize(
    ("tariff", "rule"),
    [
        (Price("60 EUR/h"), "T1"),
        (Graduated([Band(hours(1), Price("60 EUR/h")), Band(None, Price("50 EUR/h"))]), "T2"),
        (Package(minutes(30), Money("30 EUR")), "T3"),
    ],
    ids=["flat", "graduated", "package"],
)
@pytest.mark.parametrize("free", [None, minutes(45), hours(2)], ids=["none free", "some free", "all free"])
def test_a_tariff_is_cited_by_its_shape(tariff: Price | Graduated | Package, rule: str, free: WorkTime | None) -> None:
    """Whether its window was begun before or not, and however much is free, no other tariff and no rate is cited."""
    rating = rated(
        PayPerHour(tariff=Charge(tariff, per="period", free_first=free)),
        entry("W-1", "2025-02-03 09:00", "40m"),
        entry("W-2", "2025-02-04 09:00", "40m"),
    )
    steps = explained(rating)
    assert {found for found, _, _ in steps} <= {"M1", "T5", rule, "S1"}
    assert free == hours(2) or rule in {found for found, _, _ in steps}


@pytest.mark.rule("L5")
def test_the_parts_of_an_explanation_add_up_to_the_line() -> None:
    """Two and a half hours: one included, one from the bank, half an hour at 60 EUR/h, 30.00 in all."""
    meter = Meter("work", [Allotment(hours(1)), Banks(), Charge(Price("60 EUR/h"))])
    bank = BankPurchase("B-1", at("2025-01-10 09:00"), customer="elm", quantity=hours(1))
    told_why = rated(Composite(meters=meter), bank, entry("W-1", DAY, "2h 30m")).explain("W-1")
    assert [str(part.amount) for part in told_why.parts] == ["0.00 EUR", "0.00 EUR", "30.00 EUR"]
    assert str(told_why.amount) == "30.00 EUR"


EVERYTHING: list[tuple[Plan, list[Event]]] = [
    (FixedAnnual(fee=Money("1200 EUR"), review_at=hours(1)), [entry("W-1", DAY, "2h")]),
    (
        CappedHours(
            fee=Money("0 EUR"),
            allotment=hours(1),
            per="month",
            beyond=[Charge(Price("1 EUR/h"), limit=hours(1)), Refuse()],
        ),
        [entry("W-1", DAY, "3h"), entry("W-2", DAY, "0m"), entry("W-3", DAY, "1h", billable="non-billable")],
    ),
    (
        PayPerHour(tariff=Charge(Volume([Band(None, Price("1 EUR/h"))]), per="period", discount=percent(10))),
        [entry("W-1", DAY, "3h"), entry("W-2", "2027-01-01 00:00", "3h")],
    ),
    (
        PayPerIncident(tariff=Price("290 EUR/incident"), metering=Metering(multiplier=Multiplier("2"))),
        [Opened("E-1", at(DAY), ticket="T-1")],
    ),
    (
        CappedIncidents(
            fee=Money("10 EUR"), allotment=incidents(1), per="term", beyond=Charge(Price("290 EUR/incident"))
        ),
        [Opened(f"E-{n}", at(DAY), ticket=f"T-{n}") for n in (1, 2)],
    ),
    (PayPerIncident(tariff=Price("290 EUR/incident")), [Opened("E-1", at(DAY), ticket="T-1"), entry("W-1", DAY, "3h")]),
    (
        PayPerHour(tariff=Charge(Price("60 EUR/h"), limit=None, per="day", free_first=minutes(30), entry_rates="used")),
        [entry("W-1", DAY, "20m"), entry("W-2", DAY, "20m"), entry("W-3", DAY, "20m", rate=Price("0 EUR/h"))],
    ),
    (
        PayPerHour(
            tariff=Price("60 EUR/h"),
            metering=Metering(
                group="technician-day",
                free=FreeTime(minutes(5), per="period", reading="all"),
                minimum=minutes(30),
                grace=minutes(4),
                increment=minutes(15),
                multiplier=[Multiplier("1.5"), Multiplier(Fraction(1, 3), on="price"), Multiplier("2")],
                combine="product",
                at_boundary="split",
            ),
        ),
        [entry("W-1", "2025-01-31 23:50", "1h", technician="ann"), entry("W-2", DAY, "7m", technician="ann")],
    ),
]


@pytest.mark.rule("L5")
@pytest.mark.parametrize(("plan", "events"), EVERYTHING)
def test_every_use_explains_itself_with_rules_and_terms_that_exist(plan: Plan, events: list[Event]) -> None:
    """Whatever became of a use, its steps cite known rules and real terms, and its amount is that of its lines."""
    rating = rated(contract(plan), *events, until="2028-01-01")
    assert explained(rating)
    assert rating.total == sum(line.amount for line in rating.lines)


@pytest.mark.rule("L5", "F1")
def test_fees_and_banks_explain_themselves_too() -> None:
    """A fee cites its rule and "plan.fee"; a bank cites D28; both show their amounts."""
    bank = BankPurchase("B-1", at("2025-01-10 09:00"), customer="elm", quantity=hours(2), price=Price("50 EUR/h"))
    plan = Composite(fees=Fee(Money("1200 EUR")), meters=Meter("work", [Banks(), Charge(Price("60 EUR/h"))]))
    rating = rated(contract(plan, billing="yearly"), bank)
    fee = rating.explain("fee")
    assert str(fee.amount) == "1,200.00 EUR"
    assert ("F1", "plan.fees[0]") in [(step.rule, step.agreed_in) for step in fee.steps]
    bought = rating.explain("B-1")
    assert str(bought.amount) == "100.00 EUR"
    assert "D28" in [step.rule for step in bought.steps]


@pytest.mark.rule("L5")
def test_an_explanation_of_what_is_not_there_names_what_is_near() -> None:
    """Asking for W-11 where there is W-1 is an error that shows W-1."""
    with pytest.raises(InvalidValue) as caught:
        rated(PayPerHour(tariff=Price("60 EUR/h")), entry("W-1", DAY, "1h")).explain("W-11")
    assert "W-1" in caught.value.hint or "W-1" in caught.value.expected


@pytest.mark.rule("L5", "D7")
def test_a_refusal_explains_itself() -> None:
    """Work outside the term is 0.00, and says why."""
    rating = rated(PayPerHour(tariff=Price("60 EUR/h")), entry("W-1", "2026-01-01 00:00", "1h"), until="2026-02-01")
    told_why = rating.explain("W-1")
    assert str(told_why.amount) == "0.00 EUR"
    assert "D7" in [step.rule for step in told_why.steps]


@pytest.mark.rule("D8", "L5")
def test_the_quantities_of_the_parts_add_up_to_the_use() -> None:
    """1h 7m worked, 1h 15m billable, 1h 52m 30s counted, over three sources: nothing is lost between them.

    Counted: 20m, 32m 30s and 60m of 112m 30s; worked 4020 s × 1200/6750 = 714.66…, × 1950/6750 = 1161.33…,
    × 3600/6750 = 2144: the spare second goes to the first.
    """
    meter = Meter(
        "work",
        [Allotment(minutes(20)), Allotment(minutes(32) + minutes("0.5")), Charge(Price("60 EUR/h"))],
        metering=Metering(increment=minutes(15), multiplier=Multiplier("1.5")),
    )
    lines = rated(Composite(meters=meter), entry("W-1", DAY, "1h 7m")).lines_of("W-1")
    assert [line.counted.amount for line in lines if line.counted] == [1200, 1950, 3600]
    assert [line.worked.amount for line in lines if line.worked] == [715, 1161, 2144]
    assert [line.billable.amount for line in lines if line.billable] == [800, 1300, 2400]
    assert amounts_of(lines) == ["0.00 EUR", "0.00 EUR", "40.00 EUR"]


def amounts_of(lines: Iterable[Any]) -> list[str]:
    """List the amounts of some lines."""
    return [str(line.amount) for line in lines]


@pytest.mark.rule("D8", "D14")
def test_incidents_and_work_never_add_up() -> None:
    """A plan by incident tells its incidents in incidents and the labour that they include in hours."""
    rating = rated(
        PayPerIncident(tariff=Price("290 EUR/incident")),
        Opened("E-1", at(DAY), ticket="T-1"),
        WorkEntry("W-1", at(DAY), customer="elm", worked=hours(2), ticket="T-1"),
    )
    assert [line.counted for line in rating.lines] == [incidents(1), hours(2)]
    assert [line.meter for line in rating.lines] == ["incidents", "labour"]


@pytest.mark.rule("B1", "D8")
def test_unlimited_cover_shows_what_it_covers() -> None:
    """A fixed fee includes 20 minutes of work as 30, at 0.00."""
    meter = Meter("work", [Unlimited()], metering=Metering(increment=minutes(15)))
    (line,) = rated(contract(Composite(meters=meter), currency="EUR"), entry("W-1", DAY, "20m")).lines
    assert (line.disposition, line.worked, line.counted) == ("included", minutes(20), minutes(30))
