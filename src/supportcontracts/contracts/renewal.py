"""Renewal: how a contract goes on after its term, at which price, and until when either side may say no.

Prices rise by a fixed share or with an index. An index is measured since the last rise, not since last year: the rise
names the month whose value the present price stands at, and a renewal moves it on.
"""

import re
from datetime import date
from fractions import Fraction
from typing import Literal

import attrs

from supportcontracts._fields import frozen, require_kind, require_text, tuple_of
from supportcontracts.contracts.allotments import require_share
from supportcontracts.contracts.metering import require_choice
from supportcontracts.errors import InvalidValue
from supportcontracts.quantity import Number, exact
from supportcontracts.timeline import CalendarAmount, Days, Months

__all__ = ["FixedUplift", "Indexation", "Renewal", "Uplift"]


def __dir__() -> list[str]:
    return __all__


_MONTH = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])")


def require_month(what: str, value: object) -> None:
    """Refuse what is not a month, as in "2025-09".

    Example:
        >>> require_month("index", "2025-09")
    """
    if not isinstance(value, str) or not _MONTH.fullmatch(value) or value < "0001-01":
        raise InvalidValue(what, repr(value), "a month was expected", 'Write it as in "2025-09".')


def _value_or_none(value: Number | None) -> Fraction | None:
    return None if value is None else exact("index value", value, write='"120.0"')


def _step_or_none(value: Number | None) -> Fraction | None:
    return None if value is None else exact("Renewal.step", value, write='"0.05"')


@frozen
class FixedUplift:
    """Prices rise by a fixed share at each renewal.

    Example:
        >>> FixedUplift(Fraction(3, 100)).share
        Fraction(3, 100)
    """

    share: Fraction

    def __attrs_post_init__(self) -> None:
        require_share("FixedUplift", self.share)


@frozen
class Indexation:
    """Prices rise with an index, measured since the last rise.

    Attributes:
        index: the name of the series.
        last_rise: the month, "YYYY-MM", whose value the present price stands at.
        from_value: the value that the present price stands at, where it is not that of the month: after a cap that
            carried forward.
        reading: "same-month": the newest value of the calendar month of `last_rise`; "latest": the newest value.
        spread: added to the rise of the index, before floor and cap; may be below zero.
        floor: prices rise by at least this; None: they may fall.
        cap: prices rise by at most this; None: no cap.
        cap_per: "rise": the cap bounds one rise, however long ago the last one was; "year": it compounds over the
            years since the last rise.
        above_cap: what the cap cut is "lost", or "carry-forward": the next rise is measured from where the capped
            price stands.

    Rules: R6, R7.

    Example:
        >>> Indexation("service-price-index", last_rise="2024-09", cap=Fraction(4, 100)).above_cap
        'lost'
    """

    index: str
    last_rise: str = attrs.field(kw_only=True)
    from_value: Fraction | None = attrs.field(default=None, converter=_value_or_none, kw_only=True)
    reading: Literal["same-month", "latest"] = attrs.field(default="same-month", kw_only=True)
    spread: Fraction = attrs.field(default=Fraction(0), kw_only=True)
    floor: Fraction | None = attrs.field(default=Fraction(0), kw_only=True)
    cap: Fraction | None = attrs.field(default=None, kw_only=True)
    cap_per: Literal["rise", "year"] = attrs.field(default="rise", kw_only=True)
    above_cap: Literal["lost", "carry-forward"] = attrs.field(default="lost", kw_only=True)

    def __attrs_post_init__(self) -> None:
        require_text("Indexation.index", self.index)
        require_month("Indexation.last_rise", self.last_rise)
        require_choice("Indexation.reading", self.reading, ("same-month", "latest"))
        require_choice("Indexation.cap_per", self.cap_per, ("rise", "year"))
        require_choice("Indexation.above_cap", self.above_cap, ("lost", "carry-forward"))
        if self.from_value is not None and self.from_value <= 0:
            raise InvalidValue("Indexation.from_value", str(self.from_value), "a value above 0 was expected")
        if not isinstance(self.spread, Fraction):
            raise InvalidValue("Indexation.spread", repr(self.spread), "an exact share was expected", "percent(2)")
        for name, bound in (("floor", self.floor), ("cap", self.cap)):
            if bound is not None:
                require_share(f"Indexation.{name}", bound)
        if self.floor is not None and self.cap is not None and self.floor > self.cap:
            raise InvalidValue("Indexation.floor", str(self.floor), f"at most the cap of {self.cap} was expected")


Uplift = FixedUplift | Indexation
"""Everything that can change a price at renewal."""


@frozen
class Renewal:
    """How a contract goes on when its term ends.

    Attributes:
        mode: "none": it ends; "manual": it goes on if somebody accepts; "automatic": it goes on unless somebody says no
            in time; "evergreen": the same, and a term is only the time between two reviews of the price.
        notice: how long before the end of the term either side may say no at the latest.
        months: the length of the next term; as long as the last one by default, which has to be whole months then.
        uplift: how prices change; None: they stay.
        price: "last-price": the prices of the last term, with the uplift; "list-price": today's list, which is handed
            in, and no uplift.
        first_term: whether prices rise after the first term, or it is "exempt".
        fixed: paths of terms that are never revised, as in "plan.beyond"; what lies below one is fixed too.
        step: renewed prices are settled to multiples of this, in units of the currency, as in "0.05"; None: one minor
            unit. A fee is settled to no less than a minor unit.

    Rules: R5 to R8, D28.

    Example:
        >>> Renewal(mode="automatic", notice=Months(2), uplift=FixedUplift(Fraction(3, 100))).price
        'last-price'
    """

    mode: Literal["none", "manual", "automatic", "evergreen"] = attrs.field(kw_only=True)
    notice: CalendarAmount = attrs.field(factory=lambda: Days(0), kw_only=True)
    months: int | None = attrs.field(default=None, kw_only=True)
    uplift: Uplift | None = attrs.field(default=None, kw_only=True)
    price: Literal["last-price", "list-price"] = attrs.field(default="last-price", kw_only=True)
    first_term: Literal["rises", "exempt"] = attrs.field(default="rises", kw_only=True)
    fixed: tuple[str, ...] = attrs.field(default=(), converter=tuple_of, kw_only=True)
    step: Fraction | None = attrs.field(default=None, converter=_step_or_none, kw_only=True)

    def __attrs_post_init__(self) -> None:
        require_choice("Renewal.mode", self.mode, ("none", "manual", "automatic", "evergreen"))
        require_kind("Renewal.notice", self.notice, (Months, Days), "months(2) or days(30) was expected")
        require_choice("Renewal.price", self.price, ("last-price", "list-price"))
        require_choice("Renewal.first_term", self.first_term, ("rises", "exempt"))
        if self.months is not None:
            Months(self.months)
            if not self.months:
                raise InvalidValue("Renewal.months", "0", "at least 1 was expected")
        if self.uplift is not None:
            require_kind("Renewal.uplift", self.uplift, (FixedUplift, Indexation), "FixedUplift or Indexation expected")
        if self.price == "list-price" and self.uplift is not None:
            raise InvalidValue(
                "Renewal",
                "an uplift beside the list price",
                "one of the two was expected, since both set the new price",
                'Write price="last-price" for the uplift, or leave it out.',
            )
        for number, path in enumerate(self.fixed):
            require_text(f"Renewal.fixed[{number}]", path)
            if path != "plan" and not path.startswith("plan."):
                raise InvalidValue(
                    f"Renewal.fixed[{number}]", repr(path), "a path below the plan was expected", "plan.fee"
                )
        if self.step is not None and self.step <= 0:
            raise InvalidValue("Renewal.step", str(self.step), "a step above 0 was expected")


def month_of(day: date) -> str:
    """Name the calendar month of a day.

    Example:
        >>> month_of(date(2025, 9, 30))
        '2025-09'
    """
    return f"{day.year:04}-{day.month:02}"
