"""Prices: an exact amount per hour, per minute or per incident.

A price meets a quantity of its own unit and gives an `Amount`, exactly. Work priced per hour is therefore never rounded
to a rate per minute or per second on its way.
"""

from decimal import Decimal
from fractions import Fraction
from typing import Literal, TypeAlias

from supportcontracts._fields import frozen, opaque
from supportcontracts.errors import CurrencyMismatch, FloatRefused, InvalidValue, UnitMismatch
from supportcontracts.money.amounts import Amount
from supportcontracts.money.currency import Currency
from supportcontracts.money.text import read_amount, show_fraction
from supportcontracts.quantity import Incidents, Number, Quantity, Unit, WorkTime, ratio

__all__ = ["Price", "PriceUnit"]


def __dir__() -> list[str]:
    return __all__


PriceUnit: TypeAlias = Literal["h", "min", "incident"]

# What each unit measures, and how many raw whole units (seconds, incidents) it has.
_UNITS: dict[str, tuple[PriceUnit, Unit, int]] = {
    "h": ("h", "work", 3600),
    "min": ("min", "work", 60),
    "incident": ("incident", "incidents", 1),
}
_set = object.__setattr__


@frozen(init=False, repr=False)
class Price:
    """A price is an exact amount of money per hour, per minute or per incident, never below zero.

    It is written as it is printed, `Price("137.50 EUR/h")`, or as a number with a currency and a unit.

    Args:
        amount: text that names currency and unit; or text, an int, a Decimal or a Fraction of major units.
        currency: a code or a `Currency`, if `amount` does not name it.
        per: "h", "min" or "incident", if `amount` does not name it.

    Attributes:
        amount: the exact number of major units (euros) per unit.
        currency: the currency.
        per: the unit as it is written.

    Raises:
        FloatRefused: for a float.
        UnknownCurrency: for a currency that is not one.
        InvalidValue: for a negative price, another unit, or anything else that is not a price.

    Example:
        >>> print(Price("137.50 EUR/h") * WorkTime.parse("1h 45m"))
        240.625 EUR
        >>> Price("290 EUR/incident")
        Price("290.00 EUR/incident")
    """

    amount: Fraction
    currency: Currency
    per: PriceUnit

    def __init__(self, amount: Number, currency: Currency | str | None = None, per: str | None = None) -> None:
        text, unit = amount, per
        if currency is None and per is None and isinstance(amount, str):
            text, slash, unit = amount.rpartition("/")
            if not slash or " " not in text:
                raise InvalidValue("Price", opaque(amount), "an amount, its currency and a unit were expected", _WRITE)
        value, known = read_amount("Price", text, currency, "140.00 EUR/h")
        if not isinstance(unit, str) or unit not in _UNITS:
            got = "no unit" if unit is None else f"the unit {unit!r}"
            raise InvalidValue("Price", got, 'choose "h", "min" or "incident"', _WRITE)
        if value < 0:
            raise InvalidValue("Price", f'"{amount}"', "a price is never below zero", "A credit is an event instead.")
        _set(self, "amount", value)
        _set(self, "currency", known)
        _set(self, "per", _UNITS[unit][0])

    @property
    def unit(self) -> Unit:
        """The kind of quantity that this price is for: "work" or "incidents"."""
        return _UNITS[self.per][1]

    def per_unit(self) -> Fraction:
        """Return the exact minor units (cents) per raw whole unit (second or incident).

        Example:
            >>> Price("140 EUR/h").per_unit(), Price("290 EUR/incident").per_unit()
            (Fraction(35, 9), Fraction(29000, 1))
        """
        return self.amount * self.currency.scale / _UNITS[self.per][2]

    def times(self, factor: Number) -> "Price":
        """Return this price multiplied by an exact factor of at least zero.

        Raises:
            FloatRefused: for a float.
            InvalidValue: for a negative factor, or anything else that is not a number.

        Example:
            >>> Price("140 EUR/h").times("1.5")
            Price("210.00 EUR/h")
        """
        return Price(self.amount * ratio(factor, "Price.times"), self.currency, self.per)

    def __str__(self) -> str:
        return f"{show_fraction(self.amount, self.currency.digits)} {self.currency.code}/{self.per}"

    def __repr__(self) -> str:
        number = show_fraction(self.amount, self.currency.digits, thousands="")
        return f'Price("{number} {self.currency.code}/{self.per}")'

    def __bool__(self) -> bool:
        return self.amount != 0

    def __mul__(self, quantity: Quantity) -> Amount:
        if not _is_quantity(quantity):
            return NotImplemented
        _, unit, size = _UNITS[self.per]
        if quantity.unit == unit:
            return Amount(self.amount * quantity.amount / size, self.currency)
        other = "incident" if unit == "work" else "h"
        raise UnitMismatch(
            "Price",
            str(quantity),
            f"a price per {self.per} is for {'work time' if unit == 'work' else 'incidents'} only",
            f'Write a price for it, as in Price("140 {self.currency}/{other}").',
        )

    __rmul__ = __mul__

    def __lt__(self, other: "Price") -> bool:
        return self.amount < other.amount if _alike(self, other) else NotImplemented

    def __le__(self, other: "Price") -> bool:
        return self.amount <= other.amount if _alike(self, other) else NotImplemented

    def __gt__(self, other: "Price") -> bool:
        return self.amount > other.amount if _alike(self, other) else NotImplemented

    def __ge__(self, other: "Price") -> bool:
        return self.amount >= other.amount if _alike(self, other) else NotImplemented


_WRITE = 'Write it as in Price("140 EUR/h").'
_TIMES = 'Write price * hours(2) for an amount, price.times("1.5") for a price.'


def _is_quantity(factor: object) -> bool:
    """Tell whether `factor` is a quantity; refuse a number, which has no unit."""
    if isinstance(factor, float):
        raise FloatRefused("Price", opaque(factor), "a float is not exact", _TIMES)
    if isinstance(factor, (int, Decimal, Fraction)):
        raise UnitMismatch("Price", opaque(factor), "a bare number has no unit", _TIMES)
    return isinstance(factor, (WorkTime, Incidents))


def _alike(left: Price, right: object) -> bool:
    """Tell whether two prices compare; a price per hour and one per minute are equal only if written alike."""
    if not isinstance(right, Price):
        return False
    if left.currency != right.currency:
        raise CurrencyMismatch(
            "Price",
            f"{left} and {right}",
            f"{left.currency} and {right.currency} never compare",
            "Convert one of them first at a rate of your own.",
        )
    if left.per != right.per:
        raise UnitMismatch(
            "Price",
            f"{left} and {right}",
            "prices per different units never compare",
            "Compare what a quantity costs, as in price * hours(1).",
        )
    return True
