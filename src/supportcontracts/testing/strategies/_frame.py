"""What terms are built from: the frame that they have to fit into, and small pools of quantities, prices and money.

Times are minutes to a few hours and money is chosen so that limits are met and halves of a minor unit come up: two
minor units per hour for a quarter of an hour, one per minute for half a minute. Zero is always among the last.
"""

from collections.abc import Callable, Collection, Sequence
from fractions import Fraction
from functools import cache
from typing import Concatenate, Literal, NamedTuple, ParamSpec, TypeVar

from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument
from hypothesis.strategies import DrawFn, SearchStrategy

from supportcontracts.contracts.sources import Fallback, Hold, Refuse
from supportcontracts.contracts.tariffs import Graduated, Package, Volume
from supportcontracts.money import Currency, Money, Price
from supportcontracts.quantity import Incidents, Quantity, Unit, WorkTime
from supportcontracts.testing.strategies._drawing import (
    Feature,
    check_choice,
    checked,
    drawn,
    features,
    one_in,
    pick,
)
from supportcontracts.testing.strategies.values import UNITS, draw_currency
from supportcontracts.timeline import Days

__all__ = [
    "POOL_NAMES",
    "SHARES",
    "STEPS",
    "Frame",
    "at_least_one",
    "draw_money",
    "draw_price",
    "draw_quantity",
    "draw_sales",
    "framed",
    "wanted",
    "with_sales",
]


def __dir__() -> list[str]:
    return __all__


P = ParamSpec("P")
T = TypeVar("T")

POOL_NAMES = ("banks", "spare")
SHARES = (Fraction(1, 2), Fraction(1), Fraction(1, 3), Fraction(1, 10), Fraction(0))
STEPS = {"work": (3600, 1800, 900, 7200), "incidents": (1, 2)}
"""Between two bands of a tariff or sizes of a bank, in raw units."""

_FEATURE_OF: dict[type, Feature] = {
    Graduated: "graduated", Package: "package", Volume: "volume", Refuse: "refuse", Hold: "hold", Fallback: "fallback",
}  # fmt: skip
_WORK = tuple(map(WorkTime, (3600, 1800, 7200, 900, 5400, 14_400, 1, 0)))
_INCIDENTS = tuple(map(Incidents, (1, 2, 3, 5, 0)))
# In minor units of the currency.
_MONEY = (10_000, 5_000, 120_000, 36_500, 99_999, 1, 0)
_WORK_PRICES = (
    (Fraction(10_000), "h"), (Fraction(40_000, 3), "h"), (Fraction(2), "h"), (Fraction(1), "min"),
    (Fraction(13_750), "h"), (Fraction(250), "min"), (Fraction(0), "h"),
)  # fmt: skip
_INCIDENT_PRICES = tuple((minor, "incident") for minor in (*map(Fraction, (29_000, 1, 4_999)), Fraction(100, 3)))
_FREE_MONEY = st.integers(0, 200_000)


class Sale(NamedTuple):
    """On which terms the banks of a pool are sold; all sources of a contract that draw on the pool repeat them."""

    usable: Literal["purchase", "payment"]
    returns: Literal["forfeit"] | Days


_PLAIN = Sale("purchase", "forfeit")
# Of each pool by its place in POOL_NAMES.
_SALES = (
    (_PLAIN, _PLAIN),
    (Sale("payment", "forfeit"), _PLAIN),
    (Sale("purchase", Days(30)), Sale("payment", Days(1))),
    (Sale("purchase", Days(0)), Sale("purchase", Days(1))),
    (Sale("payment", Days(1)), Sale("payment", "forfeit")),
)


class Frame(NamedTuple):
    """What a term has to fit into: a unit, a currency, the features that it must not have, and how pools are sold."""

    unit: Unit
    currency: Currency
    without: frozenset[Feature]
    sales: tuple[Sale, ...] = ()

    def has(self, feature: Feature) -> bool:
        """Tell whether a feature may be there."""
        return feature not in self.without


def framed(
    strategy: str,
    build: Callable[Concatenate[DrawFn, Frame, P], T],
    asked: tuple[Unit | None, Currency | str | None, Collection[Feature]],
    *args: P.args,
    **kwargs: P.kwargs,
) -> SearchStrategy[T]:
    """Check the unit, currency and features that were asked for; draw the first two where they were not.

    Raises:
        InvalidArgument: for an unknown unit, currency or feature.
    """
    unit, currency, without = asked
    check_choice(strategy, "unit", unit, UNITS)
    known = None if currency is None else checked(strategy, Currency.of, currency)
    left_out = features(strategy, without)

    def start(draw: DrawFn) -> T:
        chosen = pick(draw, UNITS) if unit is None else unit
        frame = Frame(chosen, draw_currency(draw) if known is None else known, left_out)
        return build(draw, frame, *args, **kwargs)

    return drawn(start)


def draw_sales(draw: DrawFn, frame: Frame) -> tuple[Sale, ...]:
    """Draw on which terms the banks of each pool are sold."""
    return pick(draw, _sales(frame.without))


@cache
def _sales(without: frozenset[Feature]) -> tuple[tuple[Sale, ...], ...]:
    left_out = {"payment", "returns"} & without
    return tuple(sales for sales in _SALES if not any(left_out & _features(sale) for sale in sales))


def _features(sale: Sale) -> set[str]:
    return {word for word, plain in zip(("payment", "returns"), _PLAIN, strict=True) if plain not in sale}


def with_sales(build: Callable[[DrawFn, Frame], T]) -> Callable[[DrawFn, Frame], T]:
    """Make a builder whose sources all agree on how the banks of each pool are sold."""

    def start(draw: DrawFn, frame: Frame) -> T:
        return build(draw, frame._replace(sales=draw_sales(draw, frame)))

    return start


def wanted(kinds: Sequence[type[T]], without: Collection[str]) -> list[type[T]]:
    """List the kinds that no feature leaves out."""
    return [kind for kind in kinds if _FEATURE_OF.get(kind) not in without]


def at_least_one(strategy: str, kinds: Sequence[type[T]], without: Collection[str]) -> list[type[T]]:
    """List the kinds that no feature leaves out.

    Raises:
        InvalidArgument: if none is left.
    """
    left = wanted(kinds, without)
    if not left:
        names = ", ".join(kind.__name__ for kind in kinds)
        raise InvalidArgument(f"{strategy}: without={sorted(without)} leaves nothing of {names}")
    return left


def draw_quantity(draw: DrawFn, unit: Unit, least: int = 0) -> Quantity:
    """Draw a small quantity of at least so many raw units."""
    return pick(draw, _quantities(unit, least))


@cache
def _quantities(unit: Unit, least: int) -> tuple[Quantity, ...]:
    pool: tuple[Quantity, ...] = _WORK if unit == "work" else _INCIDENTS
    return tuple(each for each in pool if each.amount >= least)


def draw_price(draw: DrawFn, frame: Frame) -> Price:
    """Draw a price per unit of the frame."""
    if one_in(draw, 8):
        per = "h" if frame.unit == "work" else "incident"
        return Price(Fraction(draw(_FREE_MONEY), frame.currency.scale), frame.currency, per)
    return pick(draw, _prices(frame.unit, frame.currency))


@cache
def _prices(unit: Unit, currency: Currency) -> tuple[Price, ...]:
    pool = _WORK_PRICES if unit == "work" else _INCIDENT_PRICES
    return tuple(Price(minor / currency.scale, currency, per) for minor, per in pool)


def draw_money(draw: DrawFn, frame: Frame) -> Money:
    """Draw money of the frame's currency, not below zero."""
    return Money.from_minor(draw(_FREE_MONEY) if one_in(draw, 8) else pick(draw, _MONEY), frame.currency)
