"""Strategies for who pays for use: allotments, banks, and the waterfalls in which they stand with charges.

Every strategy takes `unit` and `currency`, and draws those that are not asked for, so that its values fit together.
"""

from collections.abc import Callable, Collection, Sequence
from fractions import Fraction
from typing import Any, Literal, TypeVar, cast, get_args

import attrs
from hypothesis.strategies import DrawFn, SearchStrategy

from supportcontracts.contracts.allotments import Allotment, AllotmentPeriod, Overdraw, Rollover, Short, SubLimit
from supportcontracts.contracts.banks import (
    Banks,
    BankSize,
    DaysLeft,
    LotOrder,
    PriceList,
    Remaining,
    RemainingShare,
    TopUp,
    WarnLevel,
)
from supportcontracts.contracts.charges import Charge
from supportcontracts.contracts.sources import Fallback, Hold, Refuse, Source, Unlimited
from supportcontracts.money import Currency
from supportcontracts.quantity import Unit, quantity
from supportcontracts.testing.strategies._drawing import Feature, kinds_of, one_in, part, pick, several, some
from supportcontracts.testing.strategies._frame import (
    POOL_NAMES,
    SHARES,
    STEPS,
    Frame,
    at_least_one,
    draw_price,
    draw_quantity,
    draw_sales,
    framed,
    wanted,
    with_sales,
)
from supportcontracts.testing.strategies.charging import draw_charge
from supportcontracts.testing.strategies.metering import any_scope, seldom_scope
from supportcontracts.timeline import Days, Months

__all__ = [
    "allotments",
    "bank_sizes",
    "banks",
    "overdraws",
    "price_lists",
    "rollovers",
    "sources",
    "sublimits",
    "top_ups",
    "warn_levels",
    "waterfalls",
]


def __dir__() -> list[str]:
    return __all__


S = TypeVar("S", bound=Source)

SOURCES: tuple[type[Source], ...] = (Charge, Refuse, Hold, Fallback, Unlimited, Allotment, Banks)
ENDS: tuple[type[Source], ...] = (Charge, Refuse, Hold, Fallback, Unlimited)
_BEFORE: tuple[type[Source], ...] = (Allotment, Banks, *ENDS)
WARNINGS: tuple[type[WarnLevel], ...] = (Remaining, RemainingShare, DaysLeft)
FALLBACK = "C-2"

_BANKS: tuple[Feature, ...] = (
    "warn-levels", "top-up", "offer", "overdraw", "whole-to-next", "pools",
)  # fmt: skip
_ORDERS: tuple[LotOrder, ...] = get_args(LotOrder)
_PERIODS: tuple[AllotmentPeriod, ...] = get_args(AllotmentPeriod)
_LIVES = (Months(1), Months(12), Days(30), None)


# Allotments


def draw_overdraw(draw: DrawFn, frame: Frame) -> Overdraw:
    """Draw an overdraft by a quantity or a share."""
    limit = pick(draw, SHARES) if one_in(draw, 3) else draw_quantity(draw, frame.unit)
    return Overdraw(limit, settled_at=draw_price(draw, frame))


def overdraws(*, unit: Unit | None = None, currency: Currency | str | None = None) -> SearchStrategy[Overdraw]:
    """Generate overdrafts, to a quantity or a share of the grant.

    Raises:
        InvalidArgument: for an unknown unit or currency.

    Example:
        >>> from hypothesis import given, settings
        >>> @settings(max_examples=10)
        ... @given(overdraws(unit="work", currency="EUR"))
        ... def what_is_owed_has_a_price(overdraw):
        ...     assert overdraw.settled_at.currency.code == "EUR"
        >>> what_is_owed_has_a_price()
    """
    return framed("overdraws", draw_overdraw, (unit, currency, ()))


def draw_rollover(draw: DrawFn, unit: Unit) -> Rollover:
    """Draw a rollover, in half of the cases one that states nothing."""
    if one_in(draw, 2):
        return Rollover()
    cap = pick(draw, (None, *SHARES)) if one_in(draw, 2) else draw_quantity(draw, unit)
    return Rollover(
        share=pick(draw, (Fraction(1), *SHARES)),
        cap=cap,
        lasts=pick(draw, (1, 2, 3)),
        use="last" if one_in(draw, 2) else "first",
        base="all-left" if one_in(draw, 2) else "own-grant",
    )


def rollovers(*, unit: Unit | None = None) -> SearchStrategy[Rollover]:
    """Generate rollovers.

    Raises:
        InvalidArgument: for an unknown unit.

    Example:
        >>> from hypothesis import given, settings
        >>> @settings(max_examples=10)
        ... @given(rollovers())
        ... def rolled_units_last_at_least_a_period(rollover):
        ...     assert rollover.lasts >= 1
        >>> rolled_units_last_at_least_a_period()
    """
    return framed("rollovers", lambda draw, frame: draw_rollover(draw, frame.unit), (unit, None, ()))


def draw_sublimit(draw: DrawFn, frame: Frame) -> SubLimit:
    """Draw a sub-limit for any scope and window."""
    pers: tuple[Literal["period", "week", "day"], ...] = ("period", "day", "week")
    limit = draw_quantity(draw, frame.unit)
    return SubLimit(limit, scope=any_scope(draw, frame.without), per=pick(draw, pers))


def sublimits(*, unit: Unit | None = None, without: Collection[Feature] = ()) -> SearchStrategy[SubLimit]:
    """Generate sub-limits of an allotment.

    Raises:
        InvalidArgument: for an unknown unit or feature.

    Example:
        >>> from hypothesis import given, settings
        >>> @settings(max_examples=10)
        ... @given(sublimits(unit="incidents"))
        ... def sublimits_fit_their_unit(sublimit):
        ...     assert sublimit.quantity.unit == "incidents"
        >>> sublimits_fit_their_unit()
    """
    return framed("sublimits", draw_sublimit, (unit, None, without))


def draw_short(draw: DrawFn, frame: Frame, on: Collection[Feature]) -> Short:
    """Draw what happens when a source is short, by the features that are on."""
    if "overdraw" in on:
        return part(draw, draw_overdraw, frame)
    return "whole-to-next" if "whole-to-next" in on else "split"


def draw_allotment_options(draw: DrawFn, frame: Frame) -> dict[str, Any]:
    """Draw what an allotment may state beside its quantity and period."""
    on = some(draw, ("rollover", "sublimits", "overdraw", "whole-to-next"), frame.without, most=2)
    return {
        "rollover": part(draw, draw_rollover, frame.unit) if "rollover" in on else None,
        "sublimits": several(draw, (1, 2), draw_sublimit, frame) if "sublimits" in on else [],
        "short": draw_short(draw, frame, on),
    }


def draw_period(draw: DrawFn) -> AllotmentPeriod:
    """Draw the period of an allotment."""
    return pick(draw, _PERIODS)


def draw_allotment(draw: DrawFn, frame: Frame) -> Allotment:
    """Draw an allotment of a few hours or incidents."""
    options = part(draw, draw_allotment_options, frame)
    scope = seldom_scope(draw, frame.without)
    return Allotment(draw_quantity(draw, frame.unit), draw_period(draw), scope=scope, **options)


def allotments(
    *, unit: Unit | None = None, currency: Currency | str | None = None, without: Collection[Feature] = ()
) -> SearchStrategy[Allotment]:
    """Generate allotments of a few hours or incidents.

    Args:
        unit: the unit of the allotment.
        currency: the currency of all money in it.
        without: features to leave out, of: overdraw, rollover, scopes, sublimits, whole-to-next.

    Raises:
        InvalidArgument: for an unknown unit, currency or feature.

    Example:
        >>> from hypothesis import given, settings
        >>> @settings(max_examples=10)
        ... @given(allotments(without={"rollover"}))
        ... def what_is_left_is_forfeited(allotment):
        ...     assert allotment.rollover is None
        >>> what_is_left_is_forfeited()
    """
    return framed("allotments", draw_allotment, (unit, currency, without))


# Banks


def draw_warn_level(draw: DrawFn, frame: Frame, kinds: Sequence[type[WarnLevel]] = WARNINGS) -> WarnLevel:
    """Draw a warn level of one of the kinds."""
    kind = pick(draw, kinds)
    if kind is Remaining:
        return Remaining(draw_quantity(draw, frame.unit))
    if kind is DaysLeft:
        return DaysLeft(pick(draw, (30, 1, 7)))
    return RemainingShare(pick(draw, SHARES), of="total" if one_in(draw, 2) else "last-purchase")


def warn_levels(
    *, kinds: Collection[type[WarnLevel]] | None = None, unit: Unit | None = None
) -> SearchStrategy[WarnLevel]:
    """Generate warn levels: a quantity, a share, or days before the end.

    Raises:
        InvalidArgument: for an unknown kind or unit.

    Example:
        >>> from hypothesis import given, settings
        >>> @settings(max_examples=10)
        ... @given(warn_levels(kinds={DaysLeft}))
        ... def days_are_counted_from_one(level):
        ...     assert level.days >= 1
        >>> days_are_counted_from_one()
    """
    return framed("warn_levels", draw_warn_level, (unit, None, ()), kinds_of("warn_levels", kinds, WARNINGS))


def draw_top_up(draw: DrawFn, frame: Frame) -> TopUp:
    """Draw a rule that proposes a bank when what remains passes a level."""
    at = draw_warn_level(draw, frame, WARNINGS[:2])
    assert not isinstance(at, DaysLeft)
    return TopUp(at, draw_quantity(draw, frame.unit, 1), draw_price(draw, frame), life=pick(draw, _LIVES))


def top_ups(*, unit: Unit | None = None, currency: Currency | str | None = None) -> SearchStrategy[TopUp]:
    """Generate rules that propose a bank.

    Raises:
        InvalidArgument: for an unknown unit or currency.

    Example:
        >>> from hypothesis import given, settings
        >>> @settings(max_examples=10)
        ... @given(top_ups(unit="work"))
        ... def something_is_proposed(rule):
        ...     assert rule.quantity.amount > 0
        >>> something_is_proposed()
    """
    return framed("top_ups", draw_top_up, (unit, currency, ()))


def draw_price_list(draw: DrawFn, frame: Frame) -> PriceList:
    """Draw a price list of ascending sizes."""
    sizes, reached = [], 0
    for _ in range(pick(draw, (1, 2, 3))):
        reached += pick(draw, STEPS[frame.unit])
        size = quantity(frame.unit, reached)
        sizes.append(BankSize(size, draw_price(draw, frame), life=pick(draw, _LIVES)))
    return PriceList(sizes, cutoff=pick(draw, (None, "15:00", "00:00", "23:59")))


def price_lists(*, unit: Unit | None = None, currency: Currency | str | None = None) -> SearchStrategy[PriceList]:
    """Generate price lists of banks.

    Raises:
        InvalidArgument: for an unknown unit or currency.

    Example:
        >>> from hypothesis import given, settings
        >>> @settings(max_examples=10)
        ... @given(price_lists())
        ... def there_is_something_to_buy(offer):
        ...     assert offer.sizes[0].quantity.amount > 0
        >>> there_is_something_to_buy()
    """
    return framed("price_lists", draw_price_list, (unit, currency, ()))


def bank_sizes(*, unit: Unit | None = None, currency: Currency | str | None = None) -> SearchStrategy[BankSize]:
    """Generate rows of a price list.

    Raises:
        InvalidArgument: for an unknown unit or currency.

    Example:
        >>> from hypothesis import given, settings
        >>> @settings(max_examples=10)
        ... @given(bank_sizes())
        ... def price_and_size_fit(size):
        ...     assert size.price.unit == size.quantity.unit
        >>> price_and_size_fit()
    """
    return framed(
        "bank_sizes", lambda draw, frame: pick(draw, draw_price_list(draw, frame).sizes), (unit, currency, ())
    )


def draw_banks(draw: DrawFn, frame: Frame, scope: Literal["seldom", "none"] = "seldom") -> Banks:
    """Draw banks with a few of the things that they may state."""
    on = some(draw, _BANKS, frame.without)
    place = POOL_NAMES.index("spare" if "pools" in on else "banks")
    sale = (frame.sales or draw_sales(draw, frame))[place]
    levels = several(draw, (1, 2), draw_warn_level, frame) if "warn-levels" in on else []
    return Banks(
        order=pick(draw, _ORDERS),
        warn_levels=levels,
        top_up=[part(draw, draw_top_up, frame)] if "top-up" in on else [],
        usable=sale.usable,
        returns=sale.returns,
        offer=part(draw, draw_price_list, frame) if "offer" in on else None,
        short=draw_short(draw, frame, on),
        scope=seldom_scope(draw, frame.without if scope == "seldom" else {"scopes"}),
        pool=POOL_NAMES[place],
    )


def banks(
    *, unit: Unit | None = None, currency: Currency | str | None = None, without: Collection[Feature] = ()
) -> SearchStrategy[Banks]:
    """Generate banks, in every order of drawing.

    Args:
        unit: the unit of what they state.
        currency: the currency of all money in them.
        without: features to leave out, of: offer, overdraw, payment, pools, returns, scopes, top-up, warn-levels,
            whole-to-next.

    Raises:
        InvalidArgument: for an unknown unit, currency or feature.

    Example:
        >>> from hypothesis import given, settings
        >>> @settings(max_examples=10)
        ... @given(banks(without={"payment"}))
        ... def what_is_bought_can_be_used(found):
        ...     assert found.usable == "purchase"
        >>> what_is_bought_can_be_used()
    """
    return framed("banks", draw_banks, (unit, currency, without))


# Sources


def draw_unlimited(draw: DrawFn, frame: Frame) -> Unlimited:
    """Draw an unlimited source, sometimes with a review level."""
    review = draw_quantity(draw, frame.unit) if frame.has("review") and one_in(draw, 4) else None
    return Unlimited(review_at=review)


_SOURCE_BUILDERS: dict[type, Callable[[DrawFn, Frame], Source]] = {
    Charge: lambda draw, frame: draw_charge(draw, frame, "last"),
    Refuse: lambda _draw, _frame: Refuse(),
    Hold: lambda _draw, _frame: Hold(),
    Fallback: lambda _draw, _frame: Fallback(FALLBACK),
    Unlimited: draw_unlimited,
    Allotment: draw_allotment,
    Banks: draw_banks,
}


def draw_end(draw: DrawFn, frame: Frame, kinds: Sequence[type[S]]) -> S:
    """Draw a source that never runs out, of one of the kinds."""
    return cast("S", _SOURCE_BUILDERS[pick(draw, wanted(kinds, frame.without))](draw, frame))


def draw_before(draw: DrawFn, frame: Frame, kinds: Sequence[type[S]]) -> S:
    """Draw a source of one of the kinds that may leave something to the next, as far as the features allow."""
    left = wanted(kinds, frame.without)
    if not frame.has("scopes"):
        left = [kind for kind in left if kind in (Allotment, Banks, Charge)]
    kind = pick(draw, left)
    if kind is Charge:
        return cast("S", draw_charge(draw, frame, "before"))
    source = cast("S", _SOURCE_BUILDERS[kind](draw, frame))
    return source if kind in (Allotment, Banks) else attrs.evolve(source, scope=any_scope(draw, frame.without))


def draw_source(draw: DrawFn, frame: Frame, kinds: Sequence[type[Source]] = SOURCES) -> Source:
    """Draw a source of one of the kinds, wherever it stands."""
    kind = pick(draw, kinds)
    if kind is Charge:
        return draw_charge(draw, frame)
    source = _SOURCE_BUILDERS[kind](draw, frame)
    return source if kind in (Allotment, Banks) else attrs.evolve(source, scope=seldom_scope(draw, frame.without))


def sources(
    *,
    kinds: Collection[type[Source]] | None = None,
    unit: Unit | None = None,
    currency: Currency | str | None = None,
    without: Collection[Feature] = (),
) -> SearchStrategy[Source]:
    """Generate sources of every kind.

    Args:
        kinds: the classes of sources to generate.
        unit: the unit that they pay for.
        currency: the currency of all money in them.
        without: features to leave out: those of charges, allotments and banks, and fallback, hold, refuse, review.

    Raises:
        InvalidArgument: for an unknown argument, or if no kind is left.

    Example:
        >>> from hypothesis import given, settings
        >>> @settings(max_examples=10)
        ... @given(sources(kinds={Hold, Refuse}))
        ... def nobody_pays(source):
        ...     assert isinstance(source, (Hold, Refuse))
        >>> nobody_pays()
    """
    chosen = at_least_one("sources", kinds_of("sources", kinds, SOURCES), without)
    return framed("sources", draw_source, (unit, currency, without), chosen)


def draw_waterfall(draw: DrawFn, frame: Frame) -> tuple[Source, ...]:
    """Draw a few sources, the last of which never runs out."""
    before = several(draw, (one_in(draw, 2), 2), draw_before, frame, _BEFORE)
    return (*before, part(draw, draw_end, frame, ENDS))


def waterfalls(
    *, unit: Unit | None = None, currency: Currency | str | None = None, without: Collection[Feature] = ()
) -> SearchStrategy[tuple[Source, ...]]:
    """Generate waterfalls: up to three sources, the last of which never runs out.

    Args:
        unit: the unit that they pay for.
        currency: the currency of all money in them.
        without: features to leave out, those of `sources`.

    Raises:
        InvalidArgument: for an unknown unit, currency or feature.

    Example:
        >>> from hypothesis import given, settings
        >>> from supportcontracts.contracts.scope import EVERYTHING
        >>> @settings(max_examples=10)
        ... @given(waterfalls(unit="work"))
        ... def the_last_source_takes_everything(waterfall):
        ...     assert waterfall[-1].scope == EVERYTHING
        >>> the_last_source_takes_everything()
    """
    return framed("waterfalls", with_sales(draw_waterfall), (unit, currency, without))
