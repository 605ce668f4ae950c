"""Reinstatement: every published policy as data, with its amounts worked by hand."""

from collections.abc import Callable
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportcontracts.contracts.reinstatement import BackFees, ReinstatementFee, ReinstatementPolicy, TermShare
from supportcontracts.errors import CurrencyMismatch, InvalidValue
from supportcontracts.money import Money
from supportcontracts.quantity import percent
from supportcontracts.rating.reinstating import Lapse, NotReinstated, Reinstatement, reinstate
from supportcontracts.timeline import DayCount, Days, Months

# Cover ended on 14 March 2025. A year cost 1,200.00 and costs 1,300.00 on today's list.
LAPSE = Lapse("2025-03-14", Money("1200 USD"), list_fee=Money("1300 USD"), zone="UTC")

ORACLE = ReinstatementPolicy(
    "150 % of the missed fees, with uplifts",
    back_fees=BackFees(price="with-uplifts", share=percent(150)),
    uplift=percent(8),
    price="with-uplifts",
    starts="on-payment",
    like_products="together",
)
R1SOFT = ReinstatementPolicy(
    "150 % of the missed fees, for a year",
    back_fees=BackFees(price="last-price", share=percent(150)),
    starts="on-payment",
    closes_after=Days(365),
    after="by-hand",
)
HEXAGON = ReinstatementPolicy(
    "past-due months in full, and 25 %",
    back_fees=BackFees(price="list-price", count="started-months", accrue_from="month-after-end"),
    fees=ReinstatementFee(share=percent(25), of="back-fees"),
    starts="month-after-payment",
    like_products="together",
)
# The length after which this policy closes is unclear in its own text; a year is the reading taken here.
ULTRABAC = ReinstatementPolicy(
    "greater of 100 and 10 %",
    grace=Days(30),
    fees=ReinstatementFee(Money("100 USD"), share=percent(10), of="renewal"),
    starts="on-payment",
    closes_after=Months(12),
)
LUCID8 = ReinstatementPolicy(
    "missed months and 10 %",
    back_fees=BackFees(price="list-price", count="actual-days-by-month"),
    fees=ReinstatementFee(share=percent(10), of="renewal"),
    starts="on-payment",
)
SKETCHUP = ReinstatementPolicy(
    "60, doubling after a year",
    grace=Days(30),
    fees=[ReinstatementFee(Money("60 USD")), ReinstatementFee(Money("120 USD"), over=Months(12))],
    starts="on-payment",
    closes_after=Months(36),
)
LOGBINDER = ReinstatementPolicy(
    "no gaps", starts="day-after-end", terms=[TermShare(24, Fraction(38, 20)), TermShare(36, Fraction(54, 20))]
)
CJD = ReinstatementPolicy("twice the list price", grace=Days(30), share=Fraction(2), starts="on-payment")
ANALYST = ReinstatementPolicy(
    "all missed fees with uplifts, and a penalty",
    back_fees=BackFees(price="with-uplifts"),
    fees=ReinstatementFee(share=percent(20), of="back-fees"),
    uplift=percent(5),
    price="with-uplifts",
    starts="on-payment",
)
NUTANIX = ReinstatementPolicy("back fees at today's rate", back_fees=BackFees(price="list-price"), starts="on-payment")
REDCORT = ReinstatementPolicy("a flat 30", fees=ReinstatementFee(Money("30 USD")), starts="on-payment")
BOYUM = ReinstatementPolicy(
    "steps by the calendar",
    fees=[
        ReinstatementFee(Money("50 USD"), from_day="02-01"),
        ReinstatementFee(share=percent(20), of="renewal", from_day="03-01"),
    ],
    starts="day-after-end",
)
VEEAM = ReinstatementPolicy(
    "25 % after three months",
    fees=ReinstatementFee(share=percent(25), of="renewal", over=Months(3)),
    starts="day-after-end",
)


def back(policy: ReinstatementPolicy, paid_on: str, **more: Any) -> Reinstatement:
    """Reinstate the lapse of this page, half up."""
    found = reinstate(policy, LAPSE, paid_on=paid_on, rounding="half-up", **more)
    assert isinstance(found, Reinstatement)
    return found


@pytest.mark.rule("R1", "R2", "R3", "F3")
@pytest.mark.parametrize(
    ("policy", "paid_on", "expected", "starts_on"),
    [
        # The missed year costs 1200 × 1.08 = 1296; from 15 March to 20 August 158 of 365 days: 1296 × 158/365 × 1.5.
        (ORACLE, "2025-08-20", {"back-fees": "841.51", "renewal": "1296.00"}, "2025-08-20"),
        # Paid 531 days late: a whole year at 1296.00 and 166 of 365 days at 1399.68, half as much again; the new year
        # starts after the second missed anniversary and costs 1399.68.
        (ORACLE, "2026-08-28", {"back-fees": "2898.85", "renewal": "1399.68"}, "2026-08-28"),
        # 158 of 365 days of 1200, half as much again; the year at today's list.
        (R1SOFT, "2025-08-20", {"back-fees": "779.18", "renewal": "1300.00"}, "2025-08-20"),
        # April to August in full: five of twelve months of 1300; a quarter of that; the next year from 1 September.
        (HEXAGON, "2025-08-20", {"back-fees": "541.67", "fee": "135.42", "renewal": "1300.00"}, "2025-09-01"),
        # 10 % of 1300 is more than 100.
        (ULTRABAC, "2025-08-20", {"fee": "130.00", "renewal": "1300.00"}, "2025-08-20"),
        (ULTRABAC, "2025-04-13", {"renewal": "1300.00"}, "2025-03-15"),
        (ULTRABAC, "2025-04-14", {"fee": "130.00", "renewal": "1300.00"}, "2025-04-14"),
        # Five whole months to 15 August and 5 of 31 days: 1300/12 × (5 + 5/31).
        (LUCID8, "2025-08-20", {"back-fees": "559.14", "fee": "130.00", "renewal": "1300.00"}, "2025-08-20"),
        # On the anniversary of the last covered day the lapse is not longer than a year; the day after it is.
        (SKETCHUP, "2026-03-14", {"fee": "60.00", "renewal": "1300.00"}, "2026-03-14"),
        (SKETCHUP, "2026-03-15", {"fee": "120.00", "renewal": "1300.00"}, "2026-03-15"),
        (LOGBINDER, "2025-08-20", {"renewal": "1300.00"}, "2025-03-15"),
        (CJD, "2025-08-20", {"renewal": "2600.00"}, "2025-08-20"),
        # In the grace nobody pays twice the price.
        (CJD, "2025-04-13", {"renewal": "1300.00"}, "2025-03-15"),
        # 1200 × 1.05 = 1260; 158 of 365 days of it; a fifth of that on top.
        (ANALYST, "2025-08-20", {"back-fees": "545.42", "fee": "109.08", "renewal": "1260.00"}, "2025-08-20"),
        (NUTANIX, "2025-08-20", {"back-fees": "562.74", "renewal": "1300.00"}, "2025-08-20"),
        (REDCORT, "2025-03-15", {"fee": "30.00", "renewal": "1300.00"}, "2025-03-15"),
        (BOYUM, "2026-01-31", {"renewal": "1300.00"}, "2025-03-15"),
        (BOYUM, "2026-02-01", {"fee": "50.00", "renewal": "1300.00"}, "2025-03-15"),
        (BOYUM, "2026-03-01", {"fee": "260.00", "renewal": "1300.00"}, "2025-03-15"),
        (VEEAM, "2025-06-14", {"renewal": "1300.00"}, "2025-03-15"),
        (VEEAM, "2025-06-15", {"fee": "325.00", "renewal": "1300.00"}, "2025-03-15"),
    ],
)
def test_published_policies_by_hand(
    policy: ReinstatementPolicy, paid_on: str, expected: dict[str, str], starts_on: str
) -> None:
    """Each published policy is data, and charges what its text says."""
    found = back(policy, paid_on)
    assert {line.kind: line.amount.plain() for line in found.lines} == {
        kind: f"{amount} USD" for kind, amount in expected.items()
    }
    assert str(found.term.starts_on) == starts_on
    assert found.total == sum((line.amount for line in found.lines), Money("0 USD"))


@pytest.mark.rule("R1")
def test_longer_terms_have_their_own_price() -> None:
    """Two and three years cost 38 and 54 twentieths of a year; a length without a row costs its months."""
    assert back(LOGBINDER, "2025-08-20", months=24).total == Money("2470 USD")
    assert back(LOGBINDER, "2025-08-20", months=36).total == Money("3510 USD")
    assert back(LOGBINDER, "2025-08-20", months=6).total == Money("650 USD")
    assert back(LOGBINDER, "2025-08-20", months=24).term.last_day == date(2027, 3, 14)


@pytest.mark.rule("R1")
def test_in_the_grace_a_price_with_uplifts_is_the_last_one() -> None:
    """No anniversary was missed in the grace, so nothing compounds."""
    policy = ReinstatementPolicy("x", grace=Days(30), price="with-uplifts", uplift=percent(8), starts="on-payment")
    found = back(policy, "2025-04-01")
    assert (found.standing, found.total) == ("in-grace", Money("1200 USD"))


@pytest.mark.rule("R2")
def test_cover_that_ends_with_a_month_accrues_from_the_next_day() -> None:
    """Where cover ends on the last day of a month, the first of the month after it is the next day."""
    lapse = Lapse("2025-03-31", Money("1200 USD"), list_fee=Money("1200 USD"), zone="UTC")
    found = reinstate(HEXAGON, lapse, paid_on="2025-04-30", rounding="half-up")
    assert isinstance(found, Reinstatement)
    assert [line.amount.plain() for line in found.lines] == ["100.00 USD", "25.00 USD", "1200.00 USD"]


@pytest.mark.rule("R2")
def test_back_fees_that_begin_after_the_new_term_are_nothing() -> None:
    """Paid before the month from which back fees accrue, there are none, and the line says so."""
    policy = ReinstatementPolicy(
        "x", back_fees=BackFees(price="last-price", accrue_from="month-after-end"), starts="on-payment"
    )
    found = back(policy, "2025-03-20")
    assert found.lines[0].amount == Money("0 USD")
    assert found.lines[0].step.working == "2025-04-01 to 2025-03-20: nothing"


@pytest.mark.rule("R4")
def test_a_policy_closes() -> None:
    """On the last day of its latest age a policy still brings cover back, on the next it says why not."""
    assert back(R1SOFT, "2026-03-14").standing == "lapsed"
    late = reinstate(R1SOFT, LAPSE, paid_on="2026-03-15", rounding="half-up")
    assert isinstance(late, NotReinstated)
    assert late.code == "by-hand"
    assert str(late).endswith("by-hand, cover ended on 2025-03-14, more than 365 days ago")
    closed = reinstate(SKETCHUP, LAPSE, paid_on="2028-03-15", rounding="half-up")
    assert isinstance(closed, NotReinstated)
    assert closed.code == "closed"


@pytest.mark.rule("R4")
def test_like_products_come_back_together() -> None:
    """Where a policy asks for all like products, some of them are refused with the names of the others."""
    lapse = Lapse("2025-03-14", Money("1 USD"), list_fee=Money("1 USD"), zone="UTC", products=["atlas", "relay"])
    some = reinstate(HEXAGON, lapse, paid_on="2025-08-20", rounding="half-up", products=("atlas",))
    assert isinstance(some, NotReinstated)
    assert (some.code, "relay" in some.reason) == ("all-together", True)
    both = reinstate(HEXAGON, lapse, paid_on="2025-08-20", rounding="half-up", products=("relay", "atlas"))
    alone = reinstate(REDCORT, lapse, paid_on="2025-08-20", rounding="half-up", products=("relay",))
    assert isinstance(both, Reinstatement)
    assert isinstance(alone, Reinstatement)
    with pytest.raises(InvalidValue, match="'tango'"):
        reinstate(REDCORT, lapse, paid_on="2025-08-20", rounding="half-up", products=("tango",))


@pytest.mark.rule("R1", "R2", "R3")
def test_a_reinstatement_explains_itself() -> None:
    """Every line cites its rule and the term that decided, and the parts add up to the total."""
    found = back(HEXAGON, "2025-08-20")
    said = found.explain()
    assert [(step.rule, step.agreed_in) for step in said.steps] == [
        ("R2", "back_fees"),
        ("R3", "fees[0]"),
        ("R1", "price"),
    ]
    assert str(found).splitlines() == [
        "past-due months in full, and 25 % · paid on 2025-08-20 · cover 2025-09-01 to 2026-08-31, UTC",
        "back fees  2025-04-01 to 2025-09-01: 5/12 of 1,300.00 USD    541.67 USD",
        "fee        25 % of 541.67 USD                                135.42 USD",
        "renewal    12 months at list price 1,300.00 USD            1,300.00 USD",
        "total                                                      1,977.09 USD",
    ]
    assert [row["rule"] for row in found.to_rows()] == ["R2", "R3", "R1"]
    assert back(CJD, "2025-08-20").lines[0].step.working == "12 months at list price 1,300.00 USD × 2"
    assert back(LOGBINDER, "2025-08-20", months=24).lines[0].step.working.endswith("× 1.9")


@pytest.mark.rule("R2", "F3")
@given(st.integers(1, 1200), st.integers(1, 1200), st.sampled_from(["actual-days", "started-months", "30/360"]))
def test_a_longer_lapse_never_accrues_less(first: int, second: int, count: DayCount) -> None:
    """Back fees rise with the day of payment, and a whole number of years accrues whole fees."""
    policy = ReinstatementPolicy("x", back_fees=BackFees(price="last-price", count=count), starts="on-payment")
    end = date(2025, 3, 14)
    early, late = sorted((first, second))
    amounts = [back(policy, str(end + timedelta(days=days))).lines[0].amount for days in (early, late)]
    assert amounts[0] <= amounts[1]
    assert back(policy, "2028-03-15").lines[0].amount == Money("3600 USD")


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (ReinstatementFee, "neither amount nor share"),
        (lambda: ReinstatementFee(share=percent(10)), "no of"),
        (lambda: ReinstatementFee(Money("1 USD"), of="renewal"), "no share"),
        (lambda: ReinstatementFee(Money("-1 USD")), "not negative"),
        (lambda: ReinstatementFee(Money("1 USD"), from_day="1 Feb"), '"02-01"'),
        (lambda: ReinstatementFee(Money("1 USD"), from_day="02-30"), "every year has"),
        (lambda: ReinstatementFee(Money("1 USD"), from_day="02-01", over=Days(2)), "one of the two"),
        (lambda: TermShare(0, Fraction(1)), "at least 1"),
        (lambda: TermShare(12, 1), "exact share"),  # type: ignore[arg-type]  # hostile on purpose
        (
            lambda: ReinstatementPolicy("x", starts="day-after-end", back_fees=BackFees(price="last-price")),
            "both charge the gap",
        ),
        (lambda: ReinstatementPolicy("x", starts="on-payment", price="with-uplifts"), "no uplift"),
        (lambda: ReinstatementPolicy("x", starts="on-payment", uplift=percent(8)), "nothing uses"),
        (
            lambda: ReinstatementPolicy(
                "x", starts="on-payment", fees=[ReinstatementFee(share=percent(1), of="back-fees")]
            ),
            "back fees to take it of",
        ),
        (
            lambda: ReinstatementPolicy(
                "x", starts="on-payment", fees=[ReinstatementFee(Money("1 USD")), ReinstatementFee(Money("2 USD"))]
            ),
            "two fees from the same age",
        ),
        (
            lambda: ReinstatementPolicy(
                "x", starts="on-payment", terms=[TermShare(12, Fraction(1)), TermShare(12, Fraction(2))]
            ),
            "two prices for one length",
        ),
        (lambda: reinstate(REDCORT, LAPSE, paid_on="2025-03-14", rounding="half-up"), "a day after 2025-03-14"),
        (
            lambda: reinstate(
                REDCORT, Lapse("2025-03-14", Money("1 USD"), zone="UTC"), paid_on="2025-04-01", rounding="half-up"
            ),
            "no list fee",
        ),
    ],
)
def test_what_leaves_two_readings_is_refused(build: Callable[[], object], message: str) -> None:
    """A policy that could be read in two ways, or lacks a fact, is refused with the choices."""
    with pytest.raises(InvalidValue, match=message):
        build()


def test_fees_in_two_currencies_are_refused() -> None:
    """A lapse has one currency."""
    with pytest.raises(CurrencyMismatch, match="one currency"):
        Lapse("2025-03-14", Money("1 USD"), list_fee=Money("1 EUR"), zone="UTC")
