"""Fees by example: instalments, part years, leap years. Every number is worked out by hand."""

import pytest

from supportcontracts import (
    CappedHours,
    Charge,
    Composite,
    Fee,
    FixedAnnual,
    Meter,
    Money,
    Phase,
    Price,
    Term,
    Unlimited,
    Zone,
    hours,
)
from tests.rating.builders import BERLIN, amounts, at, contract, entry, rated, told

FAR = "2040-01-01"


def plan_of(*fees: Fee) -> Composite:
    """Build a plan of fees alone, with unlimited cover."""
    return Composite(fees=fees, meters=Meter("work", [Unlimited()]))


def instalments(
    fee: str,
    billing: str,
    *,
    starts: str = "2025-01-01",
    months: int = 12,
    last_day: str | None = None,
    per: str = "year",
    rounding: str = "half-up",
) -> list[str]:
    """Rate the fee over the whole term, and list its lines without their currency."""
    plan = plan_of(Fee(Money(fee), per=per))  # type: ignore[arg-type]  # one of the two words
    agreed = contract(plan, starts=starts, months=months, last_day=last_day, billing=billing, rounding=rounding)
    return [amount.rsplit(" ", 1)[0] for amount in amounts(rated(agreed, until=FAR))]


@pytest.mark.rule("F1", "L8", "D24")
@pytest.mark.parametrize(
    ("fee", "billing", "expected"),
    [
        ("1200 EUR", "yearly", ["1,200.00"]),
        ("1200 EUR", "term", ["1,200.00"]),
        ("1200 EUR", "quarterly", ["300.00"] * 4),
        ("1200 EUR", "monthly", ["100.00"] * 12),
        ("100 EUR", "monthly", ["8.34"] * 4 + ["8.33"] * 8),  # 12 × 8.33 = 99.96, four cents to spare
        ("1000 EUR", "monthly", ["83.34"] * 4 + ["83.33"] * 8),  # 12 × 83.33 = 999.96
        ("100.01 EUR", "quarterly", ["25.01", "25.00", "25.00", "25.00"]),
        ("100.03 EUR", "quarterly", ["25.01", "25.01", "25.01", "25.00"]),
        ("0.05 EUR", "monthly", ["0.01"] * 5 + ["0.00"] * 7),
        ("100 JPY", "monthly", ["9"] * 4 + ["8"] * 8),  # 12 × 8 = 96
        ("100 KWD", "quarterly", ["25.000"] * 4),
        ("1 KWD", "monthly", ["0.084"] * 4 + ["0.083"] * 8),  # 12 × 0.083 = 0.996
    ],
)
def test_a_yearly_fee_falls_due_in_instalments_that_sum_to_it(fee: str, billing: str, expected: list[str]) -> None:
    """Equal instalments by largest remainder: what is left over goes to the earliest, one unit each."""
    assert instalments(fee, billing) == expected


@pytest.mark.rule("F1", "L8", "D24")
@pytest.mark.parametrize(
    ("fee", "expected"),
    [
        ("100 EUR", ["33.34", "33.33", "33.33"]),
        ("200 EUR", ["66.67", "66.67", "66.66"]),
        ("100 JPY", ["34", "33", "33"]),
        ("100 KWD", ["33.334", "33.333", "33.333"]),
    ],
)
def test_a_fee_for_the_term_is_shared_by_its_billing_periods(fee: str, expected: list[str]) -> None:
    """A fee for three months, billed monthly, is a third each; the spare unit comes first."""
    assert instalments(fee, "monthly", months=3, per="term") == expected


@pytest.mark.rule("F1", "F2")
def test_a_fee_for_the_term_is_not_prorated() -> None:
    """46 days, billed monthly, pay the whole 100 EUR, by halves though the second month is a stub."""
    assert instalments("100 EUR", "monthly", last_day="2025-02-15", per="term") == ["50.00", "50.00"]
    assert instalments("100 EUR", "yearly", last_day="2025-02-15", per="term") == ["100.00"]


@pytest.mark.rule("F1", "L8")
@pytest.mark.parametrize(
    ("billing", "expected"),
    [
        ("term", ["300.00"]),
        ("yearly", ["100.00"] * 3),
        ("quarterly", ["25.00"] * 12),
        ("monthly", (["8.34"] * 4 + ["8.33"] * 8) * 3),
    ],
)
def test_each_year_of_a_longer_term_has_its_fee(billing: str, expected: list[str]) -> None:
    """Three years at 100 EUR are 300, however they are billed, leap year or not; each year sums to its fee."""
    assert instalments("100 EUR", billing, starts="2023-01-01", months=36) == expected


@pytest.mark.rule("F1", "F2", "D29")
def test_a_term_from_a_leap_day_has_whole_years() -> None:
    """From 29 February 2024, years end on 27 February: two whole years, two whole fees."""
    assert instalments("100 EUR", "yearly", starts="2024-02-29", months=24) == ["100.00", "100.00"]
    assert instalments("100 EUR", "term", starts="2024-02-29", months=24) == ["200.00"]


@pytest.mark.rule("F2", "D29", "L8")
@pytest.mark.parametrize(
    ("billing", "expected"),
    [
        ("yearly", ["1,200.00", "595.07"]),
        ("term", ["1,795.07"]),
        ("quarterly", ["300.00"] * 4 + ["297.54", "297.53"]),
        ("monthly", ["100.00"] * 12 + ["99.18"] * 5 + ["99.17"]),  # 6 × 99.17 = 595.02, five cents to spare
    ],
)
def test_a_part_year_is_prorated_by_days_and_then_shared(billing: str, expected: list[str]) -> None:
    """Eighteen months: the second year has 181 of 365 days, 1200 × 181/365 = 595.0684…, settled before it is shared."""
    assert instalments("1200 EUR", billing, months=18) == expected


@pytest.mark.rule("F2", "D29")
@pytest.mark.parametrize(
    ("starts", "last_day", "fee", "expected"),
    [
        ("2023-01-01", "2024-02-29", "366 EUR", ["366.00", "60.00"]),  # 60 of 366 days
        ("2024-01-01", "2025-02-28", "365 EUR", ["365.00", "59.00"]),  # 59 of 365
        ("2024-03-01", "2025-03-01", "365 EUR", ["365.00", "1.00"]),  # one day of the year from 1 March 2025
        ("2023-03-01", "2024-03-01", "365 EUR", ["365.00", "1.00"]),  # its cycle, to 28 February 2025, has 365 days
        ("2025-03-01", "2025-03-30", "365 EUR", ["30.00"]),  # 30 days, one of them of 23 hours
        ("2025-01-01", "2025-12-30", "365 EUR", ["364.00"]),
        ("2024-01-01", "2024-12-30", "366 EUR", ["365.00"]),
        ("2025-01-01", "2025-01-01", "365 EUR", ["1.00"]),
    ],
)
def test_a_part_year_counts_local_days_of_its_own_cycle(
    starts: str, last_day: str, fee: str, expected: list[str]
) -> None:
    """A day of a part year costs the fee over the days of that contract year, 366 if a leap day lies in it."""
    assert instalments(fee, "yearly", starts=starts, last_day=last_day) == expected


@pytest.mark.rule("F2", "S1", "D29")
@pytest.mark.parametrize(
    ("rounding", "expected"),
    [("half-up", "0.15"), ("half-even", "0.14"), ("up", "0.15"), ("down", "0.14")],
)
def test_a_part_year_settles_once_with_the_contracts_rounding(rounding: str, expected: str) -> None:
    """29 of 366 days of 1.83 EUR are exactly 14.5 cents."""
    found = instalments("1.83 EUR", "yearly", starts="2023-01-01", last_day="2024-01-29", rounding=rounding)
    assert found == ["1.83", expected]


@pytest.mark.rule("F2", "D29", "D24")
def test_a_stub_month_has_an_equal_instalment() -> None:
    """46 days of 365 EUR a year are 46.00; its two billing periods of 31 and 15 days share it equally."""
    assert instalments("365 EUR", "monthly", last_day="2025-02-15") == ["23.00", "23.00"]


@pytest.mark.rule("F2", "D29")
def test_a_part_year_in_yen_is_whole_yen() -> None:
    """1000 JPY × 181/365 are 495.89…, 496; in two quarters 248 each."""
    assert instalments("1000 JPY", "quarterly", months=18) == ["250"] * 4 + ["248", "248"]


@pytest.mark.rule("F1", "D2", "D3")
def test_a_fee_falls_due_at_the_start_of_its_billing_period() -> None:
    """The line stands at the first instant of the period; a rating until that instant does not hold it yet."""
    agreed = contract(FixedAnnual(fee=Money("1200 EUR")), billing="quarterly")
    rating = rated(agreed, until="2025-07-01")
    assert told(rating) == ["2025-Q1 fee 300.00 EUR", "2025-Q2 fee 300.00 EUR"]
    assert [line.at for line in rating.lines] == [at("2025-01-01 00:00"), at("2025-04-01 00:00")]
    assert len(rated(agreed, until="2025-07-02").lines) == 3
    assert rated(agreed, until="2025-01-01").lines == ()


@pytest.mark.rule("F1", "D2", "L4")
def test_a_fee_is_neither_lost_nor_repeated_where_two_ratings_meet() -> None:
    """A rating until 1 July and one from there hold the instalments of a year once each."""
    agreed = contract(FixedAnnual(fee=Money("100 EUR")), billing="quarterly")
    first = rated(agreed, until="2025-07-01")
    second = rated(agreed, until="2026-01-01", opening=first.closing)
    assert told(first) + told(second) == [f"2025-Q{n} fee 25.00 EUR" for n in (1, 2, 3, 4)]


@pytest.mark.rule("F1", "D3")
def test_a_fee_comes_before_use_at_the_same_instant() -> None:
    """Work at the first second of a period stands behind its fee."""
    agreed = contract(FixedAnnual(fee=Money("1200 EUR")), months=1)
    rating = rated(agreed, entry("W-1", "2025-01-01 00:00", "1h"), until="2025-02-01")
    # A month of a year: 1200 × 31/365 = 101.9178…
    assert told(rating) == ["2025-01 fee 101.92 EUR", "W-1 unlimited 1h 0.00 EUR"]


@pytest.mark.rule("F1")
def test_each_fee_of_a_plan_has_its_own_lines() -> None:
    """A yearly fee and a set-up fee for the term are shared apart: 100/2 each half, and 99.99 as 50.00 and 49.99."""
    plan = plan_of(
        Fee(Money("1200 EUR"), name="support"),
        Fee(Money("99.99 EUR"), per="term", name="set-up"),
    )
    rating = rated(contract(plan, months=24, billing="yearly"), until=FAR)
    assert [(line.use, str(line.amount)) for line in sorted(rating.lines, key=lambda line: (line.use, line.at))] == [
        ("set-up", "50.00 EUR"),
        ("set-up", "49.99 EUR"),
        ("support", "1,200.00 EUR"),
        ("support", "1,200.00 EUR"),
    ]
    assert len({line.key for line in rating.lines}) == 4


@pytest.mark.rule("F1", "F2", "D1")
def test_each_phase_has_its_own_fees() -> None:
    """Half a year at 1200 a year, a gap, then a year at 2400: 1200 × 181/365 = 595.07 in halves, then quarters."""
    phases = [
        Phase(Term("2025-01-01", months=6, zone=BERLIN), FixedAnnual(fee=Money("1200 EUR"))),
        Phase(Term("2025-09-15", months=12, zone=BERLIN), FixedAnnual(fee=Money("2400 EUR"))),
    ]
    rating = rated(contract(phases=phases, billing="quarterly"), until=FAR)
    assert told(rating) == [
        "2025-Q1 fee 297.54 EUR",
        "2025-Q2 fee 297.53 EUR",
        "2025-09-15/2025-12-14 fee 600.00 EUR",
        "2025-12-15/2026-03-14 fee 600.00 EUR",
        "2026-03-15/2026-06-14 fee 600.00 EUR",
        "2026-06-15/2026-09-14 fee 600.00 EUR",
    ]


@pytest.mark.rule("F1")
def test_billing_from_the_31st_keeps_its_anchor() -> None:
    """From 31 January, months start on 28 February and 31 March: three instalments of a fee for the term."""
    agreed = contract(
        plan_of(Fee(Money("100 EUR"), per="term")), starts="2025-01-31", last_day="2025-04-29", billing="monthly"
    )
    assert told(rated(agreed, until=FAR)) == [
        "2025-01-31/2025-02-27 fee 33.34 EUR",
        "2025-02-28/2025-03-30 fee 33.33 EUR",
        "2025-03-31/2025-04-29 fee 33.33 EUR",
    ]


@pytest.mark.rule("F1", "D4")
def test_a_fee_of_a_day_without_midnight_falls_due_after_the_gap() -> None:
    """In São Paulo 4 November 2018 started at 01:00, 03:00 UTC, and so does the month that starts on it."""
    agreed = contract(
        plan_of(Fee(Money("100 EUR"), per="term")), starts="2018-10-04", months=2, zone=Zone("America/Sao_Paulo")
    )
    first, second = rated(agreed, until=FAR).lines
    assert (f"{first.at:%m-%d %H:%M}", f"{second.at:%m-%d %H:%M}") == ("10-04 03:00", "11-04 03:00")


@pytest.mark.rule("D29")
def test_an_allotment_is_not_prorated() -> None:
    """The last month of 15 days still has its whole 10 hours; the 11th is overage."""
    plan = CappedHours(fee=Money("0 EUR"), allotment=hours(10), per="month", beyond=Charge(Price("60 EUR/h")))
    rating = rated(contract(plan, last_day="2025-02-15"), entry("W-1", "2025-02-10 09:00", "11h"))
    assert told(rating, "use") == ["W-1 allotment 10h 0.00 EUR", "W-1 overage 1h 60.00 EUR"]


@pytest.mark.rule("L8", "F1", "F2")
@pytest.mark.parametrize("billing", ["term", "yearly", "quarterly", "monthly"])
@pytest.mark.parametrize(
    ("starts", "last_day", "total"),
    [
        ("2025-01-01", "2025-12-31", "99.99 EUR"),
        ("2023-11-30", "2026-11-29", "299.97 EUR"),
        # 99.99, then 99 of 366 days from 1 November 2023 to 31 October 2024: 27.0464…
        ("2022-11-01", "2024-02-07", "127.04 EUR"),
    ],
)
def test_the_instalments_of_a_fee_sum_to_it(billing: str, starts: str, last_day: str, total: str) -> None:
    """However a fee of 99.99 EUR a year is billed, its lines sum to the fee of each year, and of the part year."""
    agreed = contract(plan_of(Fee(Money("99.99 EUR"))), starts=starts, last_day=last_day, billing=billing)
    assert str(rated(agreed, until=FAR).total) == total
