"""The two ways in which an amount becomes whole: settling rounds one amount, allocating splits a whole without loss."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias, TypeVar, overload

from supportcontracts._fields import opaque
from supportcontracts.errors import CurrencyMismatch, FloatRefused, InvalidValue
from supportcontracts.money.amounts import Amount, Money
from supportcontracts.money.rounding import RoundingMode, check_rounding, round_ratio
from supportcontracts.quantity import Incidents, WorkTime, allocate_whole

__all__ = ["allocate", "settle"]


def __dir__() -> list[str]:
    return __all__


Weight: TypeAlias = int | Fraction | Decimal
Whole = TypeVar("Whole", Money, WorkTime, Incidents)


def settle(amount: Amount, *, rounding: RoundingMode, step: Money | None = None) -> Money:
    """Round an exact amount to money: the only crossing, with a rounding that is always stated (D23).

    Args:
        amount: the exact amount.
        rounding: "half-up" (halves away from zero), "half-even", "up" (away from zero) or "down" (toward zero).
        step: round to multiples of this, such as 0.05 CHF in cash; by default one minor unit of the currency.

    Raises:
        InvalidValue: for an unknown rounding, a step of zero or less, or an amount that is settled already.
        CurrencyMismatch: for a step in another currency.

    Example:
        >>> print(settle(Amount("240.625 EUR"), rounding="half-up"))
        240.63 EUR
        >>> print(settle(Amount("7.23 CHF"), rounding="half-up", step=Money("0.05 CHF")))
        7.25 CHF
    """
    _require("settle", amount, Amount, "an Amount was expected", "For money, write Amount.of(money).")
    mode = check_rounding(rounding)
    size = 1 if step is None else _step_size(step, amount)
    minor = amount.value * amount.currency.scale
    return Money.from_minor(round_ratio(minor.numerator, minor.denominator * size, mode) * size, amount.currency)


def _step_size(step: Money, amount: Amount) -> int:
    _require("settle", step, Money, "a step of money was expected", 'Write it as in Money("0.05 CHF").')
    if step.minor <= 0:
        raise InvalidValue("settle", f"a step of {step}", "a step is above zero", 'Write it as in Money("0.05 CHF").')
    if step.currency != amount.currency:
        raise CurrencyMismatch(
            "settle",
            f"{amount} and a step of {step}",
            "both must have one currency",
            f"Write the step in {amount.currency}.",
        )
    return step.minor


@overload
def allocate(total: Whole, weights: Mapping[str, Weight]) -> dict[str, Whole]: ...
@overload
def allocate(total: Whole, weights: Iterable[Weight]) -> tuple[Whole, ...]: ...
def allocate(total: Whole, weights: Mapping[str, Weight] | Iterable[Weight]) -> dict[str, Whole] | tuple[Whole, ...]:
    """Split money, time or incidents in proportion to weights, so that the parts add up to the total (D24).

    Spare units go to the largest remainders; a tie goes to the smallest key, or to the smallest index where there are
    no keys. A weight of zero gets nothing, and a negative total is split as its mirror image.

    Args:
        total: money, work time or incidents.
        weights: non-negative numbers, in order or by key.

    Returns:
        The parts, in the order of the weights: a tuple, or a dict with the same keys.

    Raises:
        FloatRefused: for a float.
        InvalidValue: for a negative weight, weights that are all zero, or a total that is not whole.

    Example:
        >>> allocate(Money("100 EUR"), [1, 1, 1])
        (Money("33.34 EUR"), Money("33.33 EUR"), Money("33.33 EUR"))
        >>> allocate(Incidents(5), {"relay": 1, "atlas": 1})
        {'relay': incidents(2), 'atlas': incidents(3)}
    """
    expected = "Money, WorkTime or Incidents were expected"
    _require("allocate", total, (Money, WorkTime, Incidents), expected, "Settle an Amount first.")
    if not isinstance(weights, Mapping):
        return tuple(_sized(total, part) for part in allocate_whole(_size(total), weights))
    keys = sorted(weights, key=_key)
    parts = dict(zip(keys, allocate_whole(_size(total), [weights[key] for key in keys]), strict=True))
    return {key: _sized(total, parts[key]) for key in weights}


def _key(key: object) -> str:
    if not isinstance(key, str):
        raise InvalidValue("allocate", f"the key {key!r}", "a text was expected, so that ties have an order")
    return key


def _require(what: str, value: object, kind: type | tuple[type, ...], expected: str, hint: str) -> None:
    if isinstance(value, float):
        raise FloatRefused(what, opaque(value), expected, hint)
    if not isinstance(value, kind):
        raise InvalidValue(what, opaque(value), expected, hint)


def _size(total: Money | WorkTime | Incidents) -> int:
    return total.minor if isinstance(total, Money) else total.amount


def _sized(like: Whole, part: int) -> Whole:
    if isinstance(like, Money):
        return Money.from_minor(part, like.currency)
    return type(like)(part)
