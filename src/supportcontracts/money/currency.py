"""Currencies of ISO 4217, with the number of decimals that their minor unit has.

The table comes from a data package that follows the standard. It is read when the first currency is built, and a
`Currency` carries its decimals with it, so that computing and unpickling read nothing.
"""

from difflib import get_close_matches
from functools import cache

import attrs

from supportcontracts._fields import frozen, opaque
from supportcontracts.errors import UnknownCurrency

__all__ = ["Currency"]


def __dir__() -> list[str]:
    return __all__


@frozen(repr=False)
class Currency:
    """A currency is an ISO 4217 code that has a minor unit.

    Args:
        code: three upper-case letters.

    Attributes:
        digits: the decimals of the currency: 2 for cents, 0 for the yen.

    Raises:
        UnknownCurrency: for a code that is not listed, is in lower case, or has no minor unit (gold, tests).

    Example:
        >>> Currency("EUR"), Currency("JPY").digits
        (Currency("EUR"), 0)
    """

    code: str
    digits: int = attrs.field(init=False, eq=False)

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "digits", _digits(self.code))

    @classmethod
    def of(cls, code: "Currency | str") -> "Currency":
        """Return the currency of a code, or the currency that was given.

        Raises:
            UnknownCurrency: as the constructor does.

        Example:
            >>> Currency.of("EUR") is Currency.of(Currency.of("EUR"))
            True
        """
        if isinstance(code, Currency):
            return code
        try:
            return _interned(code)
        except TypeError:  # not hashable, so not a code
            return cls(code)

    @property
    def scale(self) -> int:
        """How many minor units make one major unit: 100 for the euro."""
        return 10**self.digits  # type: ignore[no-any-return]  # an int, since digits is never negative

    def __str__(self) -> str:
        return self.code

    def __repr__(self) -> str:
        return f'Currency("{self.code}")'


@cache
def _interned(code: str) -> Currency:
    return Currency(code)


@cache
def _table() -> dict[str, int | None]:
    """Return the decimals of every listed code; None where there is no minor unit."""
    import iso4217  # noqa: PLC0415  # reads its table when imported

    return {currency.code: currency.exponent for currency in iso4217.Currency}


def _digits(code: object) -> int:
    table = _table()
    digits = table.get(code) if isinstance(code, str) else None
    if digits is not None:
        return digits
    if not isinstance(code, str):
        raise UnknownCurrency("Currency", opaque(code), "an ISO 4217 code was expected", 'Write it as in "EUR".')
    if code in table:
        raise UnknownCurrency("Currency", f'"{code}"', "it has no minor unit, so no amount of it can be settled")
    if table.get(code.upper()) is not None:
        raise UnknownCurrency("Currency", f'"{code}"', "codes are in upper case", f'Write "{code.upper()}".')
    usable = [known for known, decimals in table.items() if decimals is not None]
    near = get_close_matches(code.upper()[:10], usable)
    hint = f"Did you mean {' or '.join(near)}?" if near else 'Write it as in "EUR".'
    raise UnknownCurrency("Currency", f'"{code}"', "ISO 4217 lists no such code", hint)
