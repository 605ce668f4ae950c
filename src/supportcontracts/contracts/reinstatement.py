"""Reinstatement: what it takes to come back after cover has lapsed, as data.

One shape holds the published policies: a grace in which a late renewal is no lapse, back fees for the gap, a fee for
coming back, a new term and its price, and an age after which the way back is closed. Where two readings of a policy
charge differently, the shape asks for the reading.
"""

import re
from datetime import date
from fractions import Fraction
from typing import Literal, get_args

import attrs

from supportcontracts._fields import frozen, require_kind, require_text, tuple_of
from supportcontracts.contracts.allotments import require_share
from supportcontracts.contracts.metering import require_choice
from supportcontracts.contracts.tariffs import require_money
from supportcontracts.errors import InvalidValue
from supportcontracts.money import Money
from supportcontracts.timeline import CalendarAmount, DayCount, Days, Months, check_day_count

__all__ = ["BackFees", "PriceBasis", "ReinstatementFee", "ReinstatementPolicy", "TermShare"]


def __dir__() -> list[str]:
    return __all__


PriceBasis = Literal["last-price", "list-price", "with-uplifts"]
"""Which yearly fee counts: the one last paid, today's list, or the last one with the uplifts that were missed."""

_MONTH_AND_DAY = re.compile(r"(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])")


@frozen
class BackFees:
    """The fees that would have accrued during the gap are charged, or a share of them.

    Attributes:
        price: by which yearly fee they accrue.
        share: of what accrued, as in percent(150).
        count: how a part of a year becomes a share of its fee.
        accrue_from: "end": from the day after the last covered day; "month-after-end": from the first of the month
            after it.

    Rules: R2.

    Example:
        >>> BackFees(price="list-price").share
        Fraction(1, 1)
    """

    price: PriceBasis = attrs.field(kw_only=True)
    share: Fraction = attrs.field(default=Fraction(1), kw_only=True)
    count: DayCount = attrs.field(default="actual-days", kw_only=True)
    accrue_from: Literal["end", "month-after-end"] = attrs.field(default="end", kw_only=True)

    def __attrs_post_init__(self) -> None:
        require_choice("BackFees.price", self.price, get_args(PriceBasis))
        require_share("BackFees.share", self.share)
        check_day_count(self.count)
        require_choice("BackFees.accrue_from", self.accrue_from, ("end", "month-after-end"))


@frozen
class ReinstatementFee:
    """Coming back costs an amount, a share of something, or the greater of both.

    Attributes:
        amount: a fixed amount, or the least that the share comes to.
        share: a share of what `of` names, as in percent(10).
        of: the fee of the new term, the back fees, or the yearly fee last paid.
        over: the fee is for a lapse that lasts longer than this after the last covered day; of several fees the one
            with the longest such time that has passed is charged, alone.
        from_day: the fee is for a lapse that reaches this day of the year, "MM-DD", the first after the end of cover.

    Rules: R3.

    Example:
        >>> fee = ReinstatementFee(Money("100 USD"), share=Fraction(1, 10), of="renewal")
        >>> str(fee.amount), fee.over.count
        ('100.00 USD', 0)
    """

    amount: Money | None = None
    share: Fraction | None = attrs.field(default=None, kw_only=True)
    of: Literal["renewal", "back-fees", "last-fee"] | None = attrs.field(default=None, kw_only=True)
    over: CalendarAmount = attrs.field(factory=lambda: Days(0), kw_only=True)
    from_day: str | None = attrs.field(default=None, kw_only=True)

    def __attrs_post_init__(self) -> None:
        if self.amount is None and self.share is None:
            raise InvalidValue(
                "ReinstatementFee", "neither amount nor share", "at least one was expected", 'Write Money("60 USD").'
            )
        if self.amount is not None:
            require_money("ReinstatementFee.amount", self.amount)
        if (self.share is None) != (self.of is None):
            missing = "of" if self.of is None else "share"
            raise InvalidValue(
                "ReinstatementFee",
                f"no {missing}",
                "a share of something was expected",
                'Write share=percent(10), of="renewal", "back-fees" or "last-fee".',
            )
        if self.share is not None:
            require_share("ReinstatementFee.share", self.share)
            require_choice("ReinstatementFee.of", self.of, ("renewal", "back-fees", "last-fee"))
        require_kind("ReinstatementFee.over", self.over, (Months, Days), "days(30) or months(3) was expected")
        if self.from_day is not None:
            _require_day_of_year(self.from_day)
            if self.over.count:
                raise InvalidValue(
                    "ReinstatementFee", f"over {self.over} and from {self.from_day}", "one of the two was expected"
                )


def _require_day_of_year(value: object) -> None:
    if not isinstance(value, str) or not _MONTH_AND_DAY.fullmatch(value):
        raise InvalidValue("ReinstatementFee.from_day", repr(value), 'a day of the year was expected, as in "02-01"')
    try:
        date(2025, int(value[:2]), int(value[3:]))
    except ValueError:
        raise InvalidValue("ReinstatementFee.from_day", repr(value), "a day that every year has was expected") from None


@frozen
class TermShare:
    """A new term of so many months costs so many yearly fees: a price list for longer terms.

    Example:
        >>> TermShare(24, Fraction(38, 20)).share
        Fraction(19, 10)
    """

    months: int
    share: Fraction

    def __attrs_post_init__(self) -> None:
        Months(self.months)
        if not self.months:
            raise InvalidValue("TermShare.months", "0", "at least 1 was expected")
        require_share("TermShare.share", self.share)


@frozen
class ReinstatementPolicy:
    """How cover comes back after it has ended: grace, back fees, a fee, the new term, and when it is too late.

    Attributes:
        name: what the policy is called.
        grace: paid within this after the last covered day, a renewal is in time.
        back_fees: what is charged for the gap, or None.
        fees: what coming back costs; of several the one whose age has been reached last.
        starts: when the new term starts: the day after the old end ("day-after-end"), the day of payment
            ("on-payment"), or the first of the month after the payment ("month-after-payment").
        price: by which yearly fee the new term is priced.
        share: of that price, as in 2 for twice the price.
        terms: what terms of other lengths cost, in yearly fees; without a row a term costs its share of a year.
        uplift: the yearly rise that "with-uplifts" compounds for each anniversary of the end that was missed.
        closes_after: later than this after the last covered day nothing is offered; None: never too late.
        after: what is said then: cover is "closed", or somebody prices it "by-hand".
        like_products: whether each product comes back "alone", or all like products only "together".

    Raises:
        InvalidValue: for back fees beside a term that starts the day after the old end, which would charge the gap
            twice; for two fees from the same age; for "with-uplifts" without an uplift.

    Rules: R1 to R4.

    Example:
        >>> policy = ReinstatementPolicy(
        ...     "thirty days free", grace=Days(30), starts="on-payment",
        ...     fees=ReinstatementFee(Money("100 USD"), share=Fraction(1, 10), of="renewal"),
        ... )
        >>> policy.price, policy.closes_after
        ('list-price', None)
    """

    name: str
    grace: CalendarAmount = attrs.field(factory=lambda: Days(0), kw_only=True)
    back_fees: BackFees | None = attrs.field(default=None, kw_only=True)
    fees: tuple[ReinstatementFee, ...] = attrs.field(default=(), converter=tuple_of, kw_only=True)
    starts: Literal["day-after-end", "on-payment", "month-after-payment"] = attrs.field(kw_only=True)
    price: PriceBasis = attrs.field(default="list-price", kw_only=True)
    share: Fraction = attrs.field(default=Fraction(1), kw_only=True)
    terms: tuple[TermShare, ...] = attrs.field(default=(), converter=tuple_of, kw_only=True)
    uplift: Fraction | None = attrs.field(default=None, kw_only=True)
    closes_after: CalendarAmount | None = attrs.field(default=None, kw_only=True)
    after: Literal["closed", "by-hand"] = attrs.field(default="closed", kw_only=True)
    like_products: Literal["alone", "together"] = attrs.field(default="alone", kw_only=True)

    def __attrs_post_init__(self) -> None:
        require_text("ReinstatementPolicy.name", self.name)
        lengths = (Months, Days)
        require_kind("ReinstatementPolicy.grace", self.grace, lengths, "days(30) or months(1) was expected")
        if self.closes_after is not None:
            require_kind("ReinstatementPolicy.closes_after", self.closes_after, lengths, "days(365) was expected")
        if self.back_fees is not None:
            require_kind("ReinstatementPolicy.back_fees", self.back_fees, BackFees, "BackFees(…) was expected")
        starts = ("day-after-end", "on-payment", "month-after-payment")
        require_choice("ReinstatementPolicy.starts", self.starts, starts)
        require_choice("ReinstatementPolicy.price", self.price, get_args(PriceBasis))
        require_choice("ReinstatementPolicy.after", self.after, ("closed", "by-hand"))
        require_choice("ReinstatementPolicy.like_products", self.like_products, ("alone", "together"))
        require_share("ReinstatementPolicy.share", self.share)
        self._check_readings()
        self._check_lists()

    def _check_readings(self) -> None:
        if self.back_fees is not None and self.starts == "day-after-end":
            raise InvalidValue(
                "ReinstatementPolicy",
                "back fees beside a term that starts the day after the old end",
                "one of the two was expected, since both charge the gap",
                'Leave the back fees out, or write starts="on-payment".',
            )
        compounds = "with-uplifts" in (self.price, self.back_fees.price if self.back_fees else "")
        if compounds != (self.uplift is not None):
            raise InvalidValue(
                "ReinstatementPolicy.uplift",
                "no uplift" if compounds else "an uplift that nothing uses",
                'a yearly uplift was expected where a price is "with-uplifts", and only there',
                "Write uplift=percent(8).",
            )
        if self.uplift is not None:
            require_share("ReinstatementPolicy.uplift", self.uplift)

    def _check_lists(self) -> None:
        for number, fee in enumerate(self.fees):
            what = f"ReinstatementPolicy.fees[{number}]"
            require_kind(what, fee, ReinstatementFee, 'ReinstatementFee(Money("60 USD")) was expected')
            if fee.of == "back-fees" and self.back_fees is None:
                raise InvalidValue(what, "a share of the back fees", "back fees to take it of were expected")
        ages = [(fee.over, fee.from_day) for fee in self.fees]
        if len(set(ages)) != len(ages):
            raise InvalidValue("ReinstatementPolicy.fees", "two fees from the same age", "one was expected")
        for number, row in enumerate(self.terms):
            require_kind(f"ReinstatementPolicy.terms[{number}]", row, TermShare, "TermShare(24, …) was expected")
        months = [row.months for row in self.terms]
        if len(set(months)) != len(months):
            raise InvalidValue("ReinstatementPolicy.terms", "two prices for one length", "one was expected")
