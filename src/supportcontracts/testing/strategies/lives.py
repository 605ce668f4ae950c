"""Strategies for how a contract goes on: renewal with its uplifts, and reinstatement after a lapse."""

from fractions import Fraction
from typing import Literal, TypeAlias, get_args

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from supportcontracts.contracts.reinstatement import (
    BackFees,
    PriceBasis,
    ReinstatementFee,
    ReinstatementPolicy,
    TermShare,
)
from supportcontracts.contracts.renewal import FixedUplift, Indexation, Renewal, Uplift
from supportcontracts.money import Currency, Money
from supportcontracts.testing.strategies._drawing import drawn
from supportcontracts.testing.strategies.times import calendar_days, calendar_months
from supportcontracts.testing.strategies.values import moneys, shares
from supportcontracts.timeline import CalendarAmount, DayCount, Days

__all__ = ["reinstatement_policies", "renewals", "uplifts"]


def __dir__() -> list[str]:
    return __all__


Start: TypeAlias = Literal["day-after-end", "on-payment", "month-after-payment"]
Base: TypeAlias = Literal["renewal", "last-fee", "back-fees"]

_STARTS: tuple[Start, ...] = ("on-payment", "day-after-end", "month-after-payment")
_MONTHS = ("2024-09", "2024-01", "2023-12", "2024-10")


def _lengths() -> SearchStrategy[CalendarAmount]:
    return st.one_of(calendar_days(max_value=60), calendar_months(max_value=14))


def uplifts() -> SearchStrategy[Uplift]:
    """Generate uplifts: fixed shares, and indexations with their bounds in order.

    Example:
        >>> from hypothesis import given
        >>> @given(uplifts())
        ... def a_floor_is_no_higher_than_its_cap(uplift):
        ...     if isinstance(uplift, Indexation) and None not in (uplift.floor, uplift.cap):
        ...         assert uplift.floor <= uplift.cap
        >>> a_floor_is_no_higher_than_its_cap()
    """

    def indexed(draw: DrawFn) -> Indexation:
        bounds = sorted(draw(st.tuples(shares(max_value=Fraction(1, 5)), shares(max_value=Fraction(1, 5)))))
        return Indexation(
            "cpi",
            last_rise=draw(st.sampled_from(_MONTHS)),
            from_value=draw(st.none() | st.fractions(90, 140, max_denominator=100)),
            reading=draw(st.sampled_from(("same-month", "latest"))),
            spread=draw(st.just(Fraction(0)) | st.fractions(Fraction(-1, 20), Fraction(1, 20), max_denominator=100)),
            floor=draw(st.none() | st.just(bounds[0])),
            cap=draw(st.none() | st.just(bounds[1])),
            cap_per=draw(st.sampled_from(("rise", "year"))),
            above_cap=draw(st.sampled_from(("lost", "carry-forward"))),
        )

    return st.one_of(st.builds(FixedUplift, shares(max_value=Fraction(1, 4))), drawn(indexed))


def renewals() -> SearchStrategy[Renewal]:
    """Generate renewal terms: every mode, by the last price with an uplift or by the list.

    Example:
        >>> from hypothesis import given
        >>> @given(renewals())
        ... def only_the_last_price_rises(renewal):
        ...     assert renewal.price == "last-price" or renewal.uplift is None
        >>> only_the_last_price_rises()
    """

    def build(draw: DrawFn) -> Renewal:
        listed = draw(st.booleans())
        return Renewal(
            mode=draw(st.sampled_from(("automatic", "manual", "evergreen", "none"))),
            notice=draw(_lengths()),
            months=draw(st.none() | st.integers(1, 36)),
            uplift=None if listed else draw(st.none() | uplifts()),
            price="list-price" if listed else "last-price",
            first_term=draw(st.sampled_from(("rises", "exempt"))),
            fixed=draw(st.sampled_from(((), ("plan.beyond",), ("plan.fee",)))),
            step=draw(st.none() | st.sampled_from((Fraction(1, 20), Fraction(1), Fraction(1, 1000)))),
        )

    return drawn(build)


def reinstatement_policies(*, currency: Currency | str = "EUR") -> SearchStrategy[ReinstatementPolicy]:
    """Generate reinstatement policies that have one reading.

    Example:
        >>> from hypothesis import given
        >>> @given(reinstatement_policies())
        ... def no_gap_is_charged_twice(policy):
        ...     assert policy.back_fees is None or policy.starts != "day-after-end"
        >>> no_gap_is_charged_twice()
    """
    bases = st.sampled_from(get_args(PriceBasis))

    def build(draw: DrawFn) -> ReinstatementPolicy:
        starts = draw(st.sampled_from(_STARTS))
        back_fees = None
        if starts != "day-after-end" and draw(st.booleans()):
            back_fees = BackFees(
                price=draw(bases),
                share=draw(shares(max_value=2)),
                count=draw(st.sampled_from(get_args(DayCount))),
                accrue_from=draw(st.sampled_from(("end", "month-after-end"))),
            )
        price = draw(bases)
        compounds = "with-uplifts" in (price, back_fees.price if back_fees else "")
        return ReinstatementPolicy(
            "policy",
            grace=draw(_lengths()),
            back_fees=back_fees,
            fees=draw(_fees(currency, back_fees is not None)),
            starts=starts,
            price=price,
            share=draw(shares(min_value=1, max_value=2)),
            terms=draw(st.sampled_from(((), (TermShare(24, Fraction(19, 10)),)))),
            uplift=draw(shares(max_value=Fraction(1, 5))) if compounds else None,
            closes_after=draw(st.none() | calendar_months(min_value=15, max_value=40)),
            after=draw(st.sampled_from(("closed", "by-hand"))),
            like_products=draw(st.sampled_from(("alone", "together"))),
        )

    return drawn(build)


def _fees(currency: Currency | str, with_back_fees: bool) -> SearchStrategy[list[ReinstatementFee]]:  # noqa: FBT001  # a private switch
    of: tuple[Base, ...] = ("renewal", "last-fee", "back-fees") if with_back_fees else ("renewal", "last-fee")

    def build(draw: DrawFn) -> ReinstatementFee:
        least = moneys(currency=currency, min_value=Money.zero(currency))
        share = draw(st.none() | shares())
        amount = draw(least) if share is None else draw(st.none() | least)
        base = None if share is None else draw(st.sampled_from(of))
        from_day = draw(st.none() | st.sampled_from(("02-01", "03-01")))
        over = Days(0) if from_day else draw(_lengths())
        return ReinstatementFee(amount, share=share, of=base, over=over, from_day=from_day)

    return st.lists(drawn(build), max_size=3, unique_by=lambda fee: (fee.over, fee.from_day))
