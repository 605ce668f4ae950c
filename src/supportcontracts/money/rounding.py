"""Rounding: four modes, by name, and the one function that applies them.

No mode is a default. Whatever rounds money says which mode it used, because invoices and the standard library disagree:
invoices mostly round halves away from zero, Python rounds them to even.
"""

from typing import Literal, TypeAlias

from supportcontracts._fields import opaque
from supportcontracts.errors import InvalidValue

__all__ = ["ROUNDING_MODES", "RoundingMode", "check_rounding", "round_ratio"]


def __dir__() -> list[str]:
    return __all__


RoundingMode: TypeAlias = Literal["half-up", "half-even", "up", "down"]

ROUNDING_MODES: tuple[RoundingMode, ...] = ("half-up", "half-even", "up", "down")


def check_rounding(value: object) -> RoundingMode:
    """Return `value` if it names a rounding mode; there is no default (D23).

    Raises:
        InvalidValue: for anything else, listing the modes.

    Example:
        >>> check_rounding("half-up")
        'half-up'
    """
    for mode in ROUNDING_MODES:
        if value == mode:
            return mode
    got = "nothing" if value is None else opaque(value)
    raise InvalidValue("rounding", got, 'choose "half-up", "half-even", "up" or "down"')


def round_ratio(numerator: int, denominator: int, mode: RoundingMode) -> int:
    """Round an exact ratio of integers to a whole number.

    `half-up` takes halves away from zero (D23) and `half-even` to the even neighbour; `up` rounds away from zero and
    `down` toward zero.

    Args:
        numerator: any integer.
        denominator: an integer above zero.
        mode: one of `ROUNDING_MODES`.

    Raises:
        InvalidValue: for an unknown mode, or a denominator of zero or less.

    Example:
        >>> [round_ratio(5, 2, mode) for mode in ROUNDING_MODES]
        [3, 2, 3, 2]
        >>> [round_ratio(-5, 2, mode) for mode in ROUNDING_MODES]
        [-3, -2, -3, -2]
    """
    if denominator <= 0:
        raise InvalidValue("round_ratio", f"the denominator {denominator}", "a number above 0 was expected")
    if mode not in ROUNDING_MODES:
        check_rounding(mode)
    size = -numerator if numerator < 0 else numerator
    if mode == "half-up":
        whole = (2 * size + denominator) // (2 * denominator)
    elif mode == "half-even":
        whole, rest = divmod(size, denominator)
        whole += 2 * rest > denominator or (2 * rest == denominator and whole & 1)
    elif mode == "up":
        whole = -(-size // denominator)
    else:
        whole = size // denominator
    return -whole if numerator < 0 else whole
