"""Parts of a promise: when units expire, what is carried over, what earns them, and what they can be exchanged for."""

from fractions import Fraction
from typing import Literal, TypeAlias, get_args

import attrs

from supportcontracts._fields import frozen, require_kind, require_text, require_whole
from supportcontracts.contracts.allotments import require_share
from supportcontracts.contracts.benefits.units import Measure, raw, require_measure
from supportcontracts.contracts.metering import require_choice
from supportcontracts.contracts.wording.words import share
from supportcontracts.errors import InvalidValue
from supportcontracts.money import Money
from supportcontracts.quantity import WorkTime
from supportcontracts.timeline import Days, Months, PeriodLength

__all__ = ["CarryOver", "Earned", "Exchange", "ExpiresAfter", "Gains"]


def __dir__() -> list[str]:
    return __all__


Gains: TypeAlias = Money | WorkTime | int
"""What units are exchanged for: money off a price, time, or a number of something else."""


def require_calendar(what: str, value: object, *, least: int = 0) -> None:
    """Refuse what is neither days nor months, or fewer than `least` of them."""
    require_kind(what, value, (Days, Months), "days or months were expected", "Write days(42) or months(2).")
    require_whole(what, value.count, least=least)  # type: ignore[attr-defined]  # days or months by then


def require_part(what: str, value: object) -> None:
    """Refuse what is not an exact share above zero and of at most the whole."""
    require_share(what, value)
    if not 0 < value <= 1:  # type: ignore[operator]  # a share by then
        raise InvalidValue(what, str(value), "a share above 0 and at most percent(100) was expected")


@frozen
class ExpiresAfter:
    """Units last for a while of their own, whatever the contract does.

    Attributes:
        life: how long, the first day included: 180 days from 1 January end with 29 June.
        of: what starts it: the "grant", or the "assignment" of units to a person. What is not assigned cannot be used,
            and ends with the term in which it was granted.

    Rules: N4, N10.

    Example:
        >>> from supportcontracts.timeline import days
        >>> print(ExpiresAfter(days(180), of="assignment"))
        180 days after they are assigned
    """

    life: Days | Months
    of: Literal["grant", "assignment"] = attrs.field(default="grant", kw_only=True)

    def __attrs_post_init__(self) -> None:
        require_calendar("ExpiresAfter.life", self.life, least=1)
        require_choice("ExpiresAfter.of", self.of, ("grant", "assignment"))

    def __str__(self) -> str:
        return f"{self.life} after they are {'granted' if self.of == 'grant' else 'assigned'}"


@frozen
class CarryOver:
    """Units left at the end of a period live on in the next one, if a condition was met.

    They are a grant of their own, and are not carried over again.

    Attributes:
        share: how much of what is left, exact; fractions of a unit are dropped.
        most: the most that is carried from one period.
        lasts: for how many further periods it can be used.
        condition: what has to be recorded by a `ConditionMet` of this name in the period that ends; empty: nothing.

    Rules: N8.

    Example:
        >>> print(CarryOver(most=1, condition="check-in"))
        at most 1 of what is left is carried over for 1 further period, if the condition "check-in" was met
    """

    share: Fraction = attrs.field(default=Fraction(1), kw_only=True)
    most: Measure | None = attrs.field(default=None, kw_only=True)
    lasts: int = attrs.field(default=1, kw_only=True)
    condition: str = attrs.field(default="", kw_only=True)

    def __attrs_post_init__(self) -> None:
        require_part("CarryOver.share", self.share)
        if self.most is not None:
            require_measure("CarryOver.most", self.most)
        require_whole("CarryOver.lasts", self.lasts, least=1)
        if self.condition != "":
            require_text("CarryOver.condition", self.condition)

    def carried(self, left: int) -> int:
        """Return how many raw units are carried of those that are left.

        Example:
            >>> CarryOver(share=Fraction(1, 2), most=2).carried(7), CarryOver(share=Fraction(1, 2)).carried(7)
            (2, 3)
        """
        rolled = left * self.share.numerator // self.share.denominator
        return rolled if self.most is None else min(rolled, raw(self.most))

    def __str__(self) -> str:
        most = "" if self.most is None else f"at most {self.most} of "
        part = "what is left" if self.share == 1 else f"{share(self.share)} of what is left"
        lasts = f"{self.lasts} further period{'' if self.lasts == 1 else 's'}"
        condition = f', if the condition "{self.condition}" was met' if self.condition else ""
        return f"{most}{part} is carried over for {lasts}{condition}"


@frozen
class Earned:
    """What earns units does so only so often: at most so many for each thing it is about, in each period.

    Attributes:
        by: what `BenefitGranted.earned_by` names, as in "product".
        per: the period, counted from the start of the term.
        most: the most units that one of them earns in a period.

    Rules: N9.

    Example:
        >>> print(Earned("product", per="year"))
        at most 1 for each product in a year
    """

    by: str
    per: PeriodLength = attrs.field(default="year", kw_only=True)
    most: Measure = attrs.field(default=1, kw_only=True)

    def __attrs_post_init__(self) -> None:
        require_text("Earned.by", self.by)
        require_choice("Earned.per", self.per, get_args(PeriodLength))
        require_measure("Earned.most", self.most)

    def __str__(self) -> str:
        window = "the term" if self.per == "term" else f"a {self.per}"
        return f"at most {self.most} for each {self.by} in {window}"


@frozen
class Exchange:
    """So many units are worth something else; only whole exchanges are made, so that the value is exact.

    Attributes:
        what: what they are exchanged for, as in "conference" or "online course".
        units: how many units one exchange takes.
        gets: what one exchange gives: money off the price, time, or a number of it.

    Rules: N11.

    Example:
        >>> print(Exchange("conference", gets=Money("25 EUR")).value(4))
        100.00 EUR
        >>> Exchange("online course", units=3, gets=WorkTime(3600)).value(4) is None
        True
    """

    what: str
    units: Measure = attrs.field(default=1, kw_only=True)
    gets: Gains = attrs.field(default=1, kw_only=True)

    def __attrs_post_init__(self) -> None:
        require_text("Exchange.what", self.what)
        require_measure("Exchange.units", self.units)
        if isinstance(self.gets, Money):
            if self.gets.minor <= 0:
                raise InvalidValue("Exchange.gets", str(self.gets), "money above zero was expected")
        else:
            require_measure("Exchange.gets", self.gets)

    def value(self, units: Measure) -> Gains | None:
        """Return what so many units are exchanged for, or None if they do not make whole exchanges.

        Example:
            >>> print(Exchange("online course", units=3, gets=WorkTime(3600)).value(6))
            2h 00m
        """
        if isinstance(units, WorkTime) is not isinstance(self.units, WorkTime):
            return None
        times, rest = divmod(raw(units), raw(self.units))
        return None if rest or not times else self.gets * times
