"""Maximum and minimum in periods that the term cuts short. Every number is worked out by hand."""

import pytest

from supportcontracts import Charge, Money, PayPerHour, Phase, Price, Term, percent
from supportcontracts.contracts.contract import Billing
from supportcontracts.errors import InvalidValue
from tests.rating.builders import BERLIN, amounts, contract, entry, rated, told

EURO_A_MINUTE = Price("60 EUR/h")


def least(amount: str) -> Charge:
    """A euro a minute, and at least so much in each billing period."""
    return Charge(EURO_A_MINUTE, minimum=Money(amount))


@pytest.mark.rule("D29", "T9")
@pytest.mark.parametrize(
    ("charge", "expected"),
    [
        (least("100 EUR"), ["2025-01 minimum 100.00 EUR", "stub minimum 50.00 EUR"]),
        (least("33.33 EUR"), ["2025-01 minimum 33.33 EUR", "stub minimum 16.67 EUR"]),  # 16.665
        (
            Charge(EURO_A_MINUTE, minimum=Money("100 EUR"), stubs="full"),
            ["2025-01 minimum 100.00 EUR", "stub minimum 100.00 EUR"],
        ),
        (Charge(EURO_A_MINUTE, minimum=Money("100 EUR"), adjust_per="term"), ["stub minimum 100.00 EUR"]),
    ],
    ids=["half", "half a cent", "in full", "of the term"],
)
def test_a_minimum_is_prorated_in_a_period_that_the_term_cuts_short(charge: Charge, expected: list[str]) -> None:
    """January, and 14 of the 28 days of February: half of it is due, settled half up, unless it stands in full."""
    agreed = contract(PayPerHour(tariff=charge), last_day="2025-02-14")
    assert [line.replace("2025-02-01/2025-02-14", "stub") for line in told(rated(agreed))] == expected


@pytest.mark.rule("D29", "D26", "T8", "T9")
def test_the_maximum_of_a_stub_is_prorated_too() -> None:
    """14 of 28 days: 90.00 are cut to 50.00, and a minimum of 120.00 raises them to 60.00 again."""
    charge = Charge(EURO_A_MINUTE, maximum=Money("100 EUR"), minimum=Money("120 EUR"))
    agreed = contract(PayPerHour(tariff=charge), last_day="2025-02-14")
    rating = rated(agreed, entry("W-1", "2025-02-10 09:00", "1h 30m"))
    assert amounts(rating, "maximum", "minimum") == ["120.00 EUR", "-40.00 EUR", "10.00 EUR"]
    assert [step.working for step in rating.explain("work/0/2025-02-01").steps] == [
        "at most 100.00 EUR × 14/28 days = 50.00 EUR, on 90.00 EUR in the window",
        "at least 120.00 EUR × 14/28 days = 60.00 EUR, on 50.00 EUR in the window",
    ]
    assert [step.working for step in rating.explain("work/0/2025-01-01").steps] == [
        "at least 120.00 EUR, on 0.00 EUR in the window"
    ]


@pytest.mark.rule("D29", "T9")
@pytest.mark.parametrize(
    ("billing", "expected"),
    [
        ("yearly", ["1,000.00 EUR", "495.89 EUR"]),  # 181 of the 365 days of 2026
        ("quarterly", ["1,000.00 EUR"] * 6),
        ("term", ["1,000.00 EUR"]),
    ],
)
def test_what_a_stub_is_depends_on_the_billing_period(billing: Billing, expected: list[str]) -> None:
    """18 months: half a year is a stub of a year, six quarters have none, and the term is one whole period."""
    agreed = contract(PayPerHour(tariff=least("1000 EUR")), months=18, billing=billing)
    assert amounts(rated(agreed, until="2027-01-01")) == expected


@pytest.mark.rule("D29", "T9")
def test_a_minimum_over_a_change_of_phases_within_a_month() -> None:
    """100 a month until 10 January, 200 from then on: 100 × 10/31 = 32.26, then 200 for the month that starts there."""
    phases = [
        Phase(Term(starts, last_day=last, zone=BERLIN), PayPerHour(tariff=least(amount)))
        for starts, last, amount in (("2025-01-01", "2025-01-10", "100 EUR"), ("2025-01-11", "2025-02-10", "200 EUR"))
    ]
    assert amounts(rated(contract(phases=phases))) == ["32.26 EUR", "200.00 EUR"]


@pytest.mark.rule("D29", "T7")
def test_a_discount_is_a_share_in_a_stub_as_well() -> None:
    """10 % of 60.00, whatever the number of days."""
    agreed = contract(PayPerHour(tariff=Charge(EURO_A_MINUTE, discount=percent(10))), last_day="2025-01-14")
    assert amounts(rated(agreed, entry("W-1", "2025-01-10 09:00", "1h")), "discount") == ["-6.00 EUR"]


def test_another_word_for_stubs_is_refused() -> None:
    """Options are words, and the error lists them."""
    with pytest.raises(InvalidValue, match="prorated") as caught:
        Charge(EURO_A_MINUTE, stubs="half")  # type: ignore[arg-type]  # hostile
    assert caught.value.what == "Charge.stubs"
