"""Co-termination: one end for several lines, by price and by time, worked by hand."""

from collections.abc import Callable
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportcontracts.errors import CurrencyMismatch, InvalidValue
from supportcontracts.money import Money
from supportcontracts.rating.coterming import CotermItem, coterm_by_price, coterm_by_time
from supportcontracts.timeline import DayCount

LINES = [
    CotermItem("L-1", Money("1200 EUR"), "2025-03-31"),
    CotermItem("L-2", Money("600 EUR"), "2025-12-31"),
    CotermItem("L-3", Money("730 EUR"), "2026-02-28"),
]


def days_left(*left: tuple[str, int]) -> list[CotermItem]:
    """Make lines by their fee and the days that are left on 1 January 2025."""
    return [
        CotermItem(f"L-{place}", Money(fee), date(2024, 12, 31) + timedelta(days=days))
        for place, (fee, days) in enumerate(left)
    ]


@pytest.mark.rule("R9", "F3")
def test_by_price_each_line_pays_its_own_days() -> None:
    """To 31 December: 275 of 365 days of 1,200.00, nothing, and 59 of 365 days of 730.00 back."""
    found = coterm_by_price(LINES, last_day="2025-12-31", rounding="half-up", zone="UTC")
    assert str(found).splitlines() == [
        "all end on 2025-12-31",
        "L-1    55/73 of 1,200.00 EUR   904.11 EUR",
        "L-2    ends then already         0.00 EUR",
        "L-3    −59/365 of 730.00 EUR  -118.00 EUR",
        "total                          786.11 EUR",
    ]
    assert [row["amount"] for row in found.to_rows()] == ["904.11 EUR", "0.00 EUR", "-118.00 EUR"]


@pytest.mark.rule("R9", "F3")
def test_by_price_over_more_than_a_year() -> None:
    """From 31 March 2025 to 30 June 2026 is a year and 91 of 365 days; by whole months it is a year and a quarter."""
    one = [CotermItem("L-1", Money("1200 EUR"), "2025-03-31")]
    far = coterm_by_price(one, last_day="2026-06-30", rounding="half-up", zone="UTC")
    assert far.total == Money("1499.18 EUR")
    months = coterm_by_price(one, last_day="2026-06-30", rounding="half-up", zone="UTC", count="whole-months")
    assert months.total == Money("1500 EUR")
    back = coterm_by_price(one, last_day="2024-03-31", rounding="half-up", zone="UTC")
    assert back.total == Money("-1200 EUR")


@pytest.mark.rule("R9")
@pytest.mark.parametrize(("rounding", "days"), [("down", 851), ("half-up", 852), ("half-even", 852), ("up", 852)])
def test_by_time_rounds_as_stated(rounding: str, days: int) -> None:
    """A published example has 851.67 days: (730 × 100 + 730 × 100 + 1095 × 100) ÷ 300 = 851.67, shown there as 851."""
    lines = days_left(("100 EUR", 730), ("100 EUR", 730), ("100 EUR", 1095))
    found = coterm_by_time(lines, as_of="2025-01-01", rounding=rounding)  # type: ignore[arg-type]  # one of the modes
    assert found.exact == Fraction(2555, 3)
    assert found.days == days
    assert found.last_day == date(2024, 12, 31) + timedelta(days=days)
    assert [row["step"] for row in found.to_rows()] == ["left", "rounded"]


def items() -> st.SearchStrategy[list[CotermItem]]:
    """Draw up to five lines with fees and days left."""
    return st.lists(st.tuples(st.integers(1, 10**6), st.integers(1, 2000)), min_size=1, max_size=5).map(
        lambda drawn: days_left(*((f"{fee} EUR", days) for fee, days in drawn))
    )


@pytest.mark.rule("R9")
@given(items())
def test_by_time_no_value_is_lost(lines: list[CotermItem]) -> None:
    """The exact common end is worth what was left, and lies between the first and the last end."""
    found = coterm_by_time(lines, as_of="2025-01-01", rounding="half-up")
    left = [(line.last_day - date(2024, 12, 31)).days for line in lines]
    assert found.exact * sum(line.fee.minor for line in lines) == sum(
        days * line.fee.minor for days, line in zip(left, lines, strict=True)
    )
    assert min(left) <= found.days <= max(left)
    assert found == coterm_by_time(reversed(lines), as_of="2025-01-01", rounding="half-up")


@pytest.mark.rule("R9", "F3")
@given(
    st.dates(date(2024, 1, 1), date(2026, 1, 1)),
    st.integers(-900, 900),
    st.integers(0, 900),
    st.sampled_from(["actual-days", "30/360", "by-second"]),
)
def test_by_price_a_later_end_never_costs_less(end: date, first: int, more: int, count: DayCount) -> None:
    """The price rises with the common end, and is nothing where the line ends by itself."""
    line = [CotermItem("L-1", Money("1000 EUR"), end)]
    prices = [
        coterm_by_price(
            line, last_day=end + timedelta(days=days), rounding="half-up", zone="Europe/Berlin", count=count
        )
        for days in (0, first, first + more)
    ]
    assert prices[0].total == Money("0 EUR")
    assert prices[1].total <= prices[2].total


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: coterm_by_time([], as_of="2025-01-01", rounding="down"), "no items"),
        (lambda: coterm_by_time([LINES[0], LINES[0]], as_of="2025-01-01", rounding="down"), "an id twice"),
        (lambda: coterm_by_time(LINES, as_of="2025-04-01", rounding="down"), "a day from 2025-04-01 on"),
        (lambda: coterm_by_time(days_left(("0 EUR", 5)), as_of="2025-01-01", rounding="down"), "all zero"),
        (lambda: CotermItem("", Money("1 EUR"), "2025-01-01"), "an id or a name"),
    ],
)
def test_what_cannot_be_aligned_is_refused(build: Callable[[], object], message: str) -> None:
    """Nothing to align, lines that cannot be told apart, lines that have ended, and no value are refused."""
    with pytest.raises(InvalidValue, match=message):
        build()


def test_two_currencies_never_share_an_end() -> None:
    """Values in two currencies cannot be weighed against each other."""
    with pytest.raises(CurrencyMismatch, match="one currency"):
        coterm_by_time([LINES[0], CotermItem("L-9", Money("1 USD"), "2025-12-31")], as_of="2025-01-01", rounding="up")
