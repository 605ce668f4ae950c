"""Tariffs: the geometry from a quantity to an exact amount, as data.

A `Price` is the flat tariff. `Graduated` prices each band's share by its own price, `Volume` prices everything by the
band that the total reaches, `Package` charges for each package "or part thereof". Bands are (previous, up_to] (D25).
The window over which the quantity is added up is stated by the `Charge` that holds the tariff.
"""

from typing import Literal, assert_never

import attrs

from supportcontracts._fields import frozen, tuple_of
from supportcontracts.errors import CurrencyMismatch, InvalidValue, UnitMismatch
from supportcontracts.money import Currency, Money, Price
from supportcontracts.quantity import Incidents, Quantity, WorkTime

__all__ = ["Band", "Graduated", "Package", "Tariff", "Volume", "currency_of", "unit_of"]


def __dir__() -> list[str]:
    return __all__


def require_money(what: str, value: object) -> None:
    """Refuse what is not money, or is below zero."""
    if not isinstance(value, Money) or value.minor < 0:
        raise InvalidValue(what, repr(value), "money, not negative, was expected", 'Write Money("1200 EUR").')


@frozen
class Band:
    """One band of a tariff: everything above the previous band up to and including `up_to`; the last has no end.

    Attributes:
        up_to: upper end, inclusive, or None for the last band.
        price: the price per unit in the band.
        flat: an amount due once the band is reached.

    Rules: D25.

    Example:
        >>> from supportcontracts.quantity import hours
        >>> str(Band(hours(1), Price("140 EUR/h")).price)
        '140.00 EUR/h'
    """

    up_to: Quantity | None
    price: Price
    flat: Money | None = None

    def __attrs_post_init__(self) -> None:
        if not isinstance(self.price, Price):
            raise InvalidValue("Band.price", repr(self.price), "a price was expected", 'Write Price("140 EUR/h").')
        if self.up_to is not None:
            if not isinstance(self.up_to, (WorkTime, Incidents)):
                raise InvalidValue("Band.up_to", repr(self.up_to), "hours(…), incidents(…) or None was expected")
            if self.up_to.unit != self.price.unit:
                raise UnitMismatch(
                    "Band", f"{self.up_to} with {self.price}", "a limit and a price of one unit were expected"
                )
        if self.flat is not None:
            require_money("Band.flat", self.flat)
            if self.flat.currency != self.price.currency:
                raise CurrencyMismatch("Band.flat", str(self.flat), f"{self.price.currency.code} was expected")


def _check_bands(what: str, bands: tuple[Band, ...]) -> None:
    if not bands:
        raise InvalidValue(what, "no bands", "at least one band was expected")
    previous = 0
    for number, band in enumerate(bands):
        if not isinstance(band, Band):
            raise InvalidValue(f"{what}.bands[{number}]", repr(band), "a Band was expected")
        if band.price.unit != bands[0].price.unit:
            raise UnitMismatch(
                f"{what}.bands[{number}]", str(band.price), f"a price per {bands[0].price.per} was expected"
            )
        if band.price.currency != bands[0].price.currency:
            raise CurrencyMismatch(
                f"{what}.bands[{number}]", str(band.price), f"{bands[0].price.currency.code} was expected"
            )
        if band.up_to is None:
            if number != len(bands) - 1:
                raise InvalidValue(
                    f"{what}.bands[{number}]", "up_to=None", "an end was expected: only the last has none"
                )
        elif band.up_to.amount <= previous:
            raise InvalidValue(
                f"{what}.bands[{number}]", f"up_to={band.up_to}", "more than the band before it was expected"
            )
        else:
            previous = band.up_to.amount
    if bands[-1].up_to is not None:
        raise InvalidValue(f"{what}.bands", f"an end of {bands[-1].up_to}", "a last band with up_to=None was expected")


@frozen
class Graduated:
    """Each band's share of the quantity is priced by that band's price, like tax brackets.

    Attributes:
        bands: ascending, the last without an end.

    Rules: T2, D10, D25.

    Example:
        >>> from supportcontracts.quantity import hours
        >>> first_hour_dearer = Graduated([Band(hours(1), Price("140 EUR/h")), Band(None, Price("120 EUR/h"))])
        >>> len(first_hour_dearer.bands)
        2
    """

    bands: tuple[Band, ...] = attrs.field(converter=tuple_of)

    def __attrs_post_init__(self) -> None:
        _check_bands("Graduated", self.bands)


@frozen
class Volume:
    """The whole quantity is priced by the band that it reaches; known only when the window ends.

    Attributes:
        bands: ascending, the last without an end.

    Rules: T4, D25, D26.

    Example:
        >>> from supportcontracts.quantity import hours
        >>> len(Volume([Band(hours(10), Price("140 EUR/h")), Band(None, Price("120 EUR/h"))]).bands)
        2
    """

    bands: tuple[Band, ...] = attrs.field(converter=tuple_of)

    def __attrs_post_init__(self) -> None:
        _check_bands("Volume", self.bands)


@frozen
class Package:
    """Each package costs the same, and a part of one counts as a whole ("or part thereof") or not at all.

    Attributes:
        size: the quantity in one package.
        price: what one package costs.
        part: "counts-whole": a started package is charged; "free": only full packages are.

    Rules: T3, D10.

    Example:
        >>> from supportcontracts.quantity import minutes
        >>> Package(minutes(30), Money("60 EUR")).part
        'counts-whole'
    """

    size: Quantity
    price: Money
    part: Literal["counts-whole", "free"] = attrs.field(default="counts-whole", kw_only=True)

    def __attrs_post_init__(self) -> None:
        if not isinstance(self.size, (WorkTime, Incidents)) or not self.size:
            raise InvalidValue("Package.size", repr(self.size), "a quantity above 0 was expected", "Write minutes(30).")
        require_money("Package.price", self.price)
        if self.part not in ("counts-whole", "free"):
            raise InvalidValue("Package.part", repr(self.part), '"counts-whole" or "free" was expected')


Tariff = Price | Graduated | Volume | Package
"""Every shape of a tariff; a `Price` alone is the flat one."""


def unit_of(tariff: Tariff) -> Literal["work", "incidents"]:
    """Name the unit that a tariff prices.

    Example:
        >>> unit_of(Price("140 EUR/h"))
        'work'
    """
    match tariff:
        case Price():
            return tariff.unit
        case Package():
            return tariff.size.unit
        case Graduated() | Volume():
            return tariff.bands[0].price.unit
        case _:
            assert_never(tariff)


def currency_of(tariff: Tariff) -> Currency:
    """Name the currency of a tariff.

    Example:
        >>> currency_of(Price("140 EUR/h")).code
        'EUR'
    """
    match tariff:
        case Price():
            return tariff.currency
        case Package():
            return tariff.price.currency
        case Graduated() | Volume():
            return tariff.bands[0].price.currency
        case _:
            assert_never(tariff)
