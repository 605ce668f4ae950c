"""Day counts: each convention by hand, and the law that the parts of a cycle add up to it."""

from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportcontracts.errors import InvalidValue
from supportcontracts.timeline import DayCount, Term, check_day_count, passed_share, periods, share_of

BERLIN = "Europe/Berlin"
JANUARY = Term("2025-01-01", months=1, zone=BERLIN)
MARCH = Term("2025-03-01", months=1, zone=BERLIN)
FEBRUARY = Term("2024-02-01", months=1, zone=BERLIN)
YEAR = Term("2024-01-01", months=12, zone=BERLIN)
COUNTS: tuple[DayCount, ...] = get_args(DayCount)


@pytest.mark.rule("F3", "D29")
@pytest.mark.parametrize(
    ("cycle", "day", "expected"),
    [
        # 14 of the 31 days of January have passed when the 15th begins; 13 whole days of a leap February.
        (
            JANUARY,
            "2025-01-15",
            {"actual-days": "14/31", "30/360": "14/30", "actual/30": "14/30", "by-second": "14/31"},
        ),
        (FEBRUARY, "2024-02-14", {"actual-days": "13/29", "30/360": "13/30", "actual/365": "156/365"}),
        # The 30th of March has 23 hours: until the 31st 30 × 24 - 1 of 31 × 24 - 1 hours have passed.
        (MARCH, "2025-03-31", {"by-second": "719/743", "actual-days": "30/31", "30/360": "29/30", "actual/30": "1"}),
        (MARCH, "2025-03-30", {"by-second": "696/743", "actual/30": "29/30", "30/360": "29/30"}),
        # Until 10 April 2024 three months have passed and 9 of 30 days: 31 + 29 + 31 + 9 days of 366.
        (
            YEAR,
            "2024-04-10",
            {
                "actual-days": "100/366",
                "actual/365": "100/365",
                "actual/30": "100/360",
                "30/360": "99/360",
                "actual-days-by-month": "33/120",
                "whole-months": "3/12",
                "started-months": "4/12",
                "started-half-months": "7/24",
            },
        ),
        # The 16th begins when 15 days have passed: the first half month is over, the second one begins with the 16th.
        (YEAR, "2024-04-16", {"started-half-months": "7/24", "started-months": "4/12"}),
        (YEAR, "2024-04-17", {"started-half-months": "8/24", "whole-months": "3/12"}),
        (YEAR, "2024-05-01", {"started-half-months": "8/24", "started-months": "4/12", "whole-months": "4/12"}),
        (YEAR, "2024-12-31", {"actual/365": "1", "actual/30": "1", "30/360": "359/360", "started-months": "1"}),
    ],
)
def test_each_convention_by_hand(cycle: Term, day: str, expected: dict[DayCount, str]) -> None:
    """Each day count has the share that its name promises."""
    assert {count: passed_share(cycle, day, count=count) for count in expected} == {
        count: Fraction(share) for count, share in expected.items()
    }


@pytest.mark.rule("F3")
def test_months_are_counted_from_the_first_day_of_the_cycle() -> None:
    """A cycle from the 31st has months that begin on the last day of a shorter month."""
    quarter = Term("2025-01-31", months=3, zone=BERLIN)
    assert passed_share(quarter, "2025-02-28", count="whole-months") == Fraction(1, 3)
    assert passed_share(quarter, "2025-02-27", count="whole-months") == 0
    # From 28 February to 31 March are 31 days, of which 3 have passed on 3 March.
    assert passed_share(quarter, "2025-03-03", count="actual-days-by-month") == Fraction(1, 3) + Fraction(3, 3 * 31)


@pytest.mark.rule("F3")
def test_a_last_month_that_is_cut_short_is_a_month() -> None:
    """A cycle of a month and ten days has two months, and the days of the second are those it has."""
    cycle = Term("2025-01-01", last_day="2025-02-10", zone=BERLIN)
    assert passed_share(cycle, "2025-02-06", count="actual-days-by-month") == Fraction(1, 2) + Fraction(5, 20)
    assert passed_share(cycle, "2025-02-06", count="whole-months") == Fraction(1, 2)
    assert passed_share(cycle, "2025-02-06", count="started-half-months") == Fraction(3, 4)
    assert passed_share(cycle, "2025-02-06", count="started-months") == 1


@pytest.mark.rule("F3")
def test_a_whole_cycle_is_one_and_a_part_outside_it_nothing() -> None:
    """A part is cut to its cycle: before it lies nothing, and from its end on everything has passed."""
    for count in COUNTS:
        assert passed_share(YEAR, "2023-12-31", count=count) == 0
        assert share_of(YEAR, "2023-01-01", "2030-01-01", count=count) == 1
        assert share_of(YEAR, "2024-07-07", "2024-07-07", count=count) == 0


@pytest.mark.rule("F3")
def test_billing_periods_are_cycles_too() -> None:
    """A billing period has shares like a term."""
    march = list(periods(YEAR, "month"))[2]
    assert share_of(march, "2024-03-08", "2024-03-15") == Fraction(7, 31)


def starts() -> st.SearchStrategy[date]:
    """Draw first days, months of 28 to 31 days and changes of the clocks among them."""
    return st.dates(date(2023, 1, 1), date(2025, 12, 31))


@st.composite
def cycles(draw: st.DrawFn) -> Term:
    """Draw a cycle of whole months, or of any days."""
    first = draw(starts())
    zone = draw(st.sampled_from([BERLIN, "America/Santiago", "Australia/Lord_Howe", "UTC"]))
    if draw(st.booleans()):
        return Term(first, months=draw(st.integers(1, 14)), zone=zone)
    return Term(first, last_day=first + timedelta(days=draw(st.integers(0, 420))), zone=zone)


@pytest.mark.rule("F3")
@given(cycles(), st.lists(st.integers(-10, 460), max_size=6), st.sampled_from(COUNTS))
def test_the_parts_of_a_cycle_add_up_to_it(cycle: Term, cuts: list[int], count: DayCount) -> None:
    """Used + remaining = 1, wherever and however often a cycle is cut, and no part is negative."""
    days = sorted(cycle.starts_on + timedelta(days=cut) for cut in [*cuts, -10, 460])
    parts = [share_of(cycle, first, after, count=count) for first, after in pairwise(days)]
    assert sum(parts) == 1
    assert all(part >= 0 for part in parts)


def stepped(cycle: Term, day: date, count: DayCount) -> Fraction:
    """Count days one by one, each with the weight of its month, without the arithmetic of the library."""
    firsts, month = [], 0
    while True:
        year, index = divmod(cycle.starts_on.year * 12 + cycle.starts_on.month - 1 + month, 12)
        last = (date(year + (index == 11), (index + 1) % 12 + 1, 1) - timedelta(days=1)).day
        first = date(year, index + 1, min(cycle.starts_on.day, last))
        if first > cycle.last_day:
            break
        firsts.append(first)
        month += 1
    edges = [*firsts, cycle.last_day + timedelta(days=1)]
    share = Fraction(0)
    for first, after in pairwise(edges):
        length = (after - first).days
        gone = sum(1 for number in range(length) if first + timedelta(days=number) < day)
        match count:
            case "actual-days-by-month":
                share += Fraction(gone, length * len(firsts))
            case "whole-months":
                share += Fraction(gone == length, len(firsts))
            case "started-months":
                share += Fraction(gone > 0, len(firsts))
            case "started-half-months":
                halves = 2 if gone == length else (gone > 0) + (gone > 15)
                share += Fraction(halves, 2 * len(firsts))
            case _:
                raise AssertionError(count)
    return share


@pytest.mark.rule("F3")
@given(
    cycles(),
    st.integers(0, 460),
    st.sampled_from(("actual-days-by-month", "whole-months", "started-months", "started-half-months")),
)
def test_counts_by_month_agree_with_counting_days_one_by_one(cycle: Term, into: int, count: DayCount) -> None:
    """The counts by month give what stepping through the days gives."""
    day = cycle.starts_on + timedelta(days=into)
    assert passed_share(cycle, day, count=count) == stepped(cycle, day, count)


@pytest.mark.rule("F3")
def test_what_is_no_day_count_is_refused_with_the_list() -> None:
    """A word that is no day count is refused, and so is a part that ends before it starts."""
    with pytest.raises(InvalidValue, match='"actual-days"'):
        check_day_count("30E/360")
    with pytest.raises(InvalidValue, match="started-half-months"):
        share_of(YEAR, "2024-01-01", "2024-02-01", count="half")  # type: ignore[arg-type]  # hostile on purpose
    with pytest.raises(InvalidValue, match="not before its start"):
        share_of(YEAR, "2024-02-02", "2024-02-01")
