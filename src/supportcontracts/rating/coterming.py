"""Co-termination: one end date for several contracts or lines, reached by price or by time.

By price, each line is charged, or credited, for the days between its own end and the common one. By time, nobody pays:
the value that is left in all lines together buys so many days for all of them.
"""

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from typing import Any, Literal

import attrs

from supportcontracts._fields import frozen, require_kind, require_text
from supportcontracts.contracts.tariffs import require_money
from supportcontracts.contracts.wording.words import number
from supportcontracts.errors import CurrencyMismatch, InvalidValue
from supportcontracts.explain import Step, table
from supportcontracts.money import Amount, Money, RoundingMode, check_rounding, settle
from supportcontracts.money.rounding import round_ratio
from supportcontracts.timeline import DayCount, Days, Term, Zone, add_months, as_date, as_zone, share_of

__all__ = ["CotermByPrice", "CotermByTime", "CotermItem", "CotermLine", "coterm_by_price", "coterm_by_time"]


def __dir__() -> list[str]:
    return __all__


@frozen
class CotermItem:
    """One line that is to end with the others: what a year of it costs, and the last day that is paid for.

    Example:
        >>> CotermItem("L-1", Money("1200 EUR"), "2025-12-31").last_day
        datetime.date(2025, 12, 31)
    """

    id: str
    fee: Money
    last_day: date = attrs.field(converter=as_date)

    def __attrs_post_init__(self) -> None:
        require_text("CotermItem.id", self.id)
        require_money(f"CotermItem {self.id!r} fee", self.fee)


@frozen
class CotermLine:
    """What one line is charged, or credited below zero, for the days up to the common end."""

    item: str
    amount: Money
    step: Step


@frozen
class CotermByPrice:
    """A common end date, and what each line is charged or credited for it.

    Rules: R9.
    """

    last_day: date
    lines: tuple[CotermLine, ...]

    @property
    def total(self) -> Money:
        """The sum of the lines."""
        return sum((line.amount for line in self.lines), Money.zero(self.lines[0].amount.currency))

    def to_rows(self) -> list[dict[str, Any]]:
        """List the lines as plain rows."""
        return [{"item": line.item, "amount": line.amount.plain(), "working": line.step.working} for line in self.lines]

    def __str__(self) -> str:
        rows = [(line.item, line.step.working, str(line.amount)) for line in self.lines]
        return f"all end on {self.last_day}\n{table([*rows, ('total', '', str(self.total))], right={2})}"


@frozen
class CotermByTime:
    """A common end date that the value left in all lines pays for.

    Attributes:
        last_day: the common last day.
        exact: the exact number of days that the value buys.
        days: the whole number that was granted.
        steps: how the days came about.

    Rules: R9.
    """

    last_day: date
    exact: Fraction
    days: int
    steps: tuple[Step, ...]

    def to_rows(self) -> list[dict[str, Any]]:
        """List the steps as plain rows."""
        return [{"step": step.name, "working": step.working, "result": step.result} for step in self.steps]

    def __str__(self) -> str:
        rows = [(step.name, step.working, step.result) for step in self.steps]
        return f"all end on {self.last_day}\n{table(rows, right={2})}"


def _checked(items: Iterable[CotermItem]) -> tuple[CotermItem, ...]:
    known = tuple(items)
    if not known:
        raise InvalidValue("coterm", "no items", "at least one was expected")
    for place, item in enumerate(known):
        require_kind(f"items[{place}]", item, CotermItem, 'CotermItem("L-1", fee, last_day) was expected')
        if item.fee.currency != known[0].fee.currency:
            raise CurrencyMismatch("coterm", f"{known[0].fee} and {item.fee}", "one currency was expected")
    if len({item.id for item in known}) != len(known):
        raise InvalidValue("coterm", "an id twice", "ids that tell the items apart were expected")
    return tuple(sorted(known, key=lambda item: item.id))


def coterm_by_price(
    items: Iterable[CotermItem],
    *,
    last_day: date | str,
    rounding: RoundingMode,
    zone: Zone | str,
    count: DayCount = "actual-days",
) -> CotermByPrice:
    """Charge each line for the days from its own end to a common one; a line that ends later is credited.

    A line goes on in years counted from the day after its own end, and is credited in years counted back from it; a
    part of such a year is a share of its fee by the day count. Each line settles once.

    Raises:
        InvalidValue: for no items, an id twice, or an unknown day count.
        CurrencyMismatch: for fees in two currencies.

    Rules: R9, F3.

    Example:
        >>> one, two = CotermItem("A", Money("365 EUR"), "2025-03-31"), CotermItem("B", Money("730 EUR"), "2025-06-30")
        >>> print(coterm_by_price([one, two], last_day="2025-06-30", rounding="half-up", zone="UTC"))
        all end on 2025-06-30
        A      91/365 of 365.00 EUR  91.00 EUR
        B      ends then already      0.00 EUR
        total                        91.00 EUR
    """
    check_rounding(rounding)
    common = Days(1).after(as_date(last_day))
    known_zone = as_zone(zone)
    lines = []
    for item in _checked(items):
        own = Days(1).after(item.last_day)
        years = _years(own, common, known_zone, count)
        amount = settle(Amount.of(item.fee) * years, rounding=rounding)
        words = f"{'−' if years < 0 else ''}{abs(years)} of {item.fee}" if years else "ends then already"
        lines.append(CotermLine(item.id, amount, Step("R9", "co-term", words, str(amount), "fee")))
    return CotermByPrice(as_date(last_day), tuple(lines))


def _years(own: date, common: date, zone: Zone, count: DayCount) -> Fraction:
    """Count the years from one end to the other, exactly, the last one in part; below zero where they go back."""
    forward = own <= common
    step = 12 if forward else -12
    total, number_of_years = Fraction(0), 0
    while True:
        near = add_months(own, step * number_of_years)
        far = add_months(own, step * (number_of_years + 1))
        low, high = min(near, far), max(near, far)
        year = Term(low, last_day=Days(1).before(high), zone=zone)
        part = (
            share_of(year, near, max(near, common), count=count)
            if forward
            else share_of(year, min(near, common), near, count=count)
        )
        total += part
        if part < 1:
            return total if forward else -total
        number_of_years += 1


def coterm_by_time(
    items: Iterable[CotermItem],
    *,
    as_of: date | str,
    rounding: Literal["down", "half-up", "half-even", "up"],
) -> CotermByTime:
    """Give all lines one end that the value left in them pays for: the mean of the days left, weighted by the fees.

    Args:
        items: the lines, with the last day that is paid for.
        as_of: the local day that begins: the days left are counted from it, that day included.
        rounding: to whole days; stated, since the published examples of this rule round differently.

    Raises:
        InvalidValue: for no items, an id twice, fees that are all zero, or a line that has ended.
        CurrencyMismatch: for fees in two currencies.

    Rules: R9.

    Example:
        >>> one, two = CotermItem("A", Money("100 EUR"), "2025-01-30"), CotermItem("B", Money("300 EUR"), "2025-03-01")
        >>> print(coterm_by_time([one, two], as_of="2025-01-01", rounding="down"))
        all end on 2025-02-21
        left     (30 × 100.00 EUR + 60 × 300.00 EUR) ÷ 400.00 EUR  52.5 days
        rounded  down                                                52 days
    """
    start = as_date(as_of)
    mode = check_rounding(rounding)
    known = _checked(items)
    total = sum((item.fee for item in known), Money.zero(known[0].fee.currency))
    if not total:
        raise InvalidValue("coterm_by_time", "fees that are all zero", "a value to weigh the days by was expected")
    left = {item.id: (Days(1).after(item.last_day) - start).days for item in known}
    for item in known:
        if left[item.id] <= 0:
            raise InvalidValue(
                f"CotermItem {item.id!r}",
                f"a last day of {item.last_day}",
                f"a day from {start} on was expected",
                "A line that has ended has no value left; leave it out or reinstate it.",
            )
    exact = sum(Fraction(left[item.id] * item.fee.minor, total.minor) for item in known)
    whole = round_ratio(exact.numerator, exact.denominator, mode)
    terms = " + ".join(f"{left[item.id]} × {item.fee}" for item in known)
    steps = (
        Step("R9", "left", f"({terms}) ÷ {total}", f"{number(Fraction(exact))} days"),
        Step("R9", "rounded", rounding.replace("-", " "), f"{whole} days"),
    )
    return CotermByTime(Days(whole - 1).after(start), Fraction(exact), whole, steps)
