"""Strategies for what use costs: tariffs, rates, and the charges that hold them."""

from collections.abc import Callable, Collection, Sequence
from typing import Any, Literal, get_args

from hypothesis.strategies import DrawFn, SearchStrategy

from supportcontracts.contracts.charges import Charge, Rate, Window
from supportcontracts.contracts.tariffs import Band, Graduated, Package, Tariff, Volume
from supportcontracts.money import Currency, Price
from supportcontracts.quantity import Quantity, Unit, quantity
from supportcontracts.testing.strategies._drawing import Feature, kinds_of, one_in, part, pick, some
from supportcontracts.testing.strategies._frame import (
    SHARES,
    STEPS,
    Frame,
    at_least_one,
    draw_money,
    draw_price,
    draw_quantity,
    framed,
    wanted,
)
from supportcontracts.testing.strategies.metering import ROLES, WORK_TYPES, seldom_scope

__all__ = [
    "bands",
    "charges",
    "rates",
    "tariffs",
]


def __dir__() -> list[str]:
    return __all__


TARIFFS: tuple[type[Tariff], ...] = (Price, Graduated, Package, Volume)

_CHARGE: tuple[Feature, ...] = (
    "free-first", "rates", "limit", "maximum", "minimum", "discount", "approval", "entry-rates", "counted",
)  # fmt: skip
_WINDOWS: tuple[Window, ...] = get_args(Window)
_LONG: tuple[Literal["period", "term"], ...] = ("period", "term")


def draw_bands(draw: DrawFn, frame: Frame) -> list[Band]:
    """Draw ascending bands, the last without an end."""
    ends: list[Quantity | None] = []
    reached = 0
    for _ in range(pick(draw, (1, 2, 0))):
        reached += pick(draw, STEPS[frame.unit])
        ends.append(quantity(frame.unit, reached))
    flats = frame.has("flat") and one_in(draw, 4)
    return [Band(end, draw_price(draw, frame), draw_money(draw, frame) if flats else None) for end in (*ends, None)]


def draw_package(draw: DrawFn, frame: Frame) -> Package:
    """Draw a package of at least one unit."""
    part: Literal["counts-whole", "free"] = "free" if one_in(draw, 3) else "counts-whole"
    return Package(draw_quantity(draw, frame.unit, 1), draw_money(draw, frame), part=part)


_TARIFF_BUILDERS: dict[type[Tariff], Callable[[DrawFn, Frame], Tariff]] = {
    Price: draw_price,
    Graduated: lambda draw, frame: Graduated(draw_bands(draw, frame)),
    Package: draw_package,
    Volume: lambda draw, frame: Volume(draw_bands(draw, frame)),
}


def draw_tariff(draw: DrawFn, frame: Frame, kinds: Sequence[type[Tariff]] = TARIFFS) -> Tariff:
    """Draw a tariff of one of the kinds, a price more often than the others."""
    left = wanted(kinds, frame.without)
    return _TARIFF_BUILDERS[pick(draw, [*left, left[0]])](draw, frame)


def bands(
    *, unit: Unit | None = None, currency: Currency | str | None = None, without: Collection[Feature] = ()
) -> SearchStrategy[Band]:
    """Generate bands of a tariff.

    Raises:
        InvalidArgument: for an unknown unit, currency or feature.

    Example:
        >>> from hypothesis import given, settings
        >>> @settings(max_examples=10)
        ... @given(bands(unit="incidents", currency="EUR"))
        ... def bands_fit_together(band):
        ...     assert band.price.unit == "incidents"
        >>> bands_fit_together()
    """
    return framed("bands", lambda draw, frame: pick(draw, draw_bands(draw, frame)), (unit, currency, without))


def tariffs(
    *,
    kinds: Collection[type[Tariff]] | None = None,
    unit: Unit | None = None,
    currency: Currency | str | None = None,
    without: Collection[Feature] = (),
) -> SearchStrategy[Tariff]:
    """Generate tariffs: prices, graduated and volume bands, packages.

    Args:
        kinds: the classes of tariffs to generate.
        unit: the unit that they price.
        currency: the currency of all money in them.
        without: features to leave out, of: flat, graduated, package, volume.

    Raises:
        InvalidArgument: for an unknown argument, or if no kind is left.

    Example:
        >>> from hypothesis import given, settings
        >>> @settings(max_examples=10)
        ... @given(tariffs(kinds={Graduated, Volume}))
        ... def the_last_band_has_no_end(tariff):
        ...     assert tariff.bands[-1].up_to is None
        >>> the_last_band_has_no_end()
    """
    chosen = at_least_one("tariffs", kinds_of("tariffs", kinds, TARIFFS), without)
    return framed("tariffs", draw_tariff, (unit, currency, without), chosen)


def draw_rates(draw: DrawFn, frame: Frame) -> list[Rate]:
    """Draw one or two rates, for a role, a kind of work or both."""
    role, work_type = ROLES[0], WORK_TYPES[-1]
    keys = pick(draw, (((role, None),), ((None, work_type),), ((role, None), (role, work_type)), ((role, work_type),)))
    return [Rate(draw_price(draw, frame), role=role, work_type=work_type) for role, work_type in keys]


def rates(*, currency: Currency | str | None = None) -> SearchStrategy[Rate]:
    """Generate prices of work for a role, a kind of work or both.

    Raises:
        InvalidArgument: for an unknown currency.

    Example:
        >>> from hypothesis import given, settings
        >>> @settings(max_examples=10)
        ... @given(rates(currency="EUR"))
        ... def rates_are_for_work(rate):
        ...     assert rate.price.unit == "work"
        >>> rates_are_for_work()
    """
    return framed("rates", lambda draw, frame: pick(draw, draw_rates(draw, frame)), ("work", currency, ()))


def draw_charge(draw: DrawFn, frame: Frame, place: Literal["last", "before", "any"] = "any") -> Charge:
    """Draw a charge: the last of a waterfall has no limit and no scope, one before others has a limit or a scope."""
    tariff = part(draw, draw_tariff, frame)
    on = some(draw, _CHARGE, frame.without)
    if place == "last":
        on -= {"limit"}
    elif place == "before" and frame.has("limit"):
        on |= {"limit"}
    if frame.unit == "incidents" or isinstance(tariff, Volume):
        on -= {"rates", "entry-rates"}
    options: dict[str, Any] = {}
    if isinstance(tariff, Volume):
        options["per"] = pick(draw, _LONG)
    elif "free-first" in on or not isinstance(tariff, Price):
        options["per"] = pick(draw, _WINDOWS)
    if "free-first" in on:
        options["free_first"] = draw_quantity(draw, frame.unit)
    if "limit" in on:
        money = one_in(draw, 3) and not isinstance(tariff, Volume)
        options["limit"] = draw_money(draw, frame) if money else draw_quantity(draw, frame.unit)
        options["limit_per"] = pick(draw, _LONG)
    if "rates" in on:
        options["rates"] = draw_rates(draw, frame)
    if on & {"discount", "maximum", "minimum"}:
        options |= _draw_adjustments(draw, frame, on)
    return Charge(
        tariff,
        of="counted" if "counted" in on else "billable",
        entry_rates="used" if "entry-rates" in on else "ignored",
        approval="required" if "approval" in on else "not-needed",
        scope=seldom_scope(draw, frame.without if place != "last" else {"scopes"}),
        **options,
    )


def _draw_adjustments(draw: DrawFn, frame: Frame, on: Collection[Feature]) -> dict[str, Any]:
    options: dict[str, Any] = {"adjust_per": pick(draw, _LONG)}
    if "discount" in on:
        options["discount"] = pick(draw, SHARES)
    for name in ("maximum", "minimum"):
        if name in on:
            options[name] = draw_money(draw, frame)
            options["stubs"] = pick(draw, ("prorated", "full"))
    return options


def charges(
    *, unit: Unit | None = None, currency: Currency | str | None = None, without: Collection[Feature] = ()
) -> SearchStrategy[Charge]:
    """Generate charges, each with a few of the things that a charge may state beside its tariff.

    Args:
        unit: the unit that they price.
        currency: the currency of all money in them.
        without: features to leave out, of: approval, counted, discount, entry-rates, flat, free-first, graduated,
            limit, maximum, minimum, package, rates, scopes, volume.

    Raises:
        InvalidArgument: for an unknown unit, currency or feature.

    Example:
        >>> from hypothesis import given, settings
        >>> @settings(max_examples=10)
        ... @given(charges(without={"volume", "limit"}))
        ... def use_is_priced_at_once(charge):
        ...     assert not isinstance(charge.tariff, Volume) and charge.limit is None
        >>> use_is_priced_at_once()
    """
    return framed("charges", draw_charge, (unit, currency, without))
