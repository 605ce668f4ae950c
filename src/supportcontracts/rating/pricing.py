"""Tariffs as geometry: from a quantity in whole units to an exact amount in minor units, with the bands it touched."""

from fractions import Fraction
from typing import NamedTuple, assert_never

from supportcontracts.contracts.tariffs import Band, Graduated, Package, Tariff, Volume
from supportcontracts.money import Price

__all__ = ["Piece", "exact_amount", "increase"]


def __dir__() -> list[str]:
    return __all__


class Piece(NamedTuple):
    """What one band, or some packages, contribute: a quantity or a count, at a price."""

    quantity: int
    price: str
    amount: Fraction


def exact_amount(tariff: Tariff, quantity: int) -> Fraction:
    """Price a cumulative quantity exactly; nothing costs nothing (D10).

    Args:
        tariff: the tariff.
        quantity: whole seconds of work or whole incidents, not negative.

    Returns:
        Minor units of the tariff's currency.

    Rules: T1, T2, T3, T4, D10, D25.

    Example:
        >>> exact_amount(Price("140 EUR/h"), 5400)
        Fraction(21000, 1)
    """
    match tariff:
        case Price():
            return quantity * tariff.per_unit()
        case Graduated():
            return sum((piece.amount for piece in bands_between(tariff.bands, 0, quantity)), Fraction(0))
        case Volume():
            band = _band_reached(tariff.bands, quantity)
            return quantity * band.price.per_unit() + _flat(band) if quantity else Fraction(0)
        case Package():
            return Fraction(packages(tariff, quantity) * tariff.price.minor)
        case _:
            assert_never(tariff)


def increase(tariff: Tariff, before: int, after: int) -> tuple[Fraction, tuple[Piece, ...]]:
    """Price what a use adds to a cumulative quantity, with the pieces it falls into.

    Args:
        tariff: the tariff; not a volume tariff, whose price is known only when its window ends.
        before: the cumulative quantity before the use, in whole units.
        after: the cumulative quantity after it.

    Returns:
        The exact amount in minor units, and the pieces that sum to it.

    Rules: D10, T1, T2, T3.

    Example:
        >>> increase(Price("140 EUR/h"), 0, 3600)[0]
        Fraction(14000, 1)
    """
    pieces: tuple[Piece, ...]
    match tariff:
        case Price():
            pieces = (Piece(after - before, str(tariff), (after - before) * tariff.per_unit()),)
        case Graduated():
            pieces = tuple(bands_between(tariff.bands, before, after))
        case Package():
            count = packages(tariff, after) - packages(tariff, before)
            pieces = (Piece(count, str(tariff.price), Fraction(count * tariff.price.minor)),)
        case Volume():
            pieces = ()
        case _:
            assert_never(tariff)
    return sum((piece.amount for piece in pieces), Fraction(0)), pieces


def packages(tariff: Package, quantity: int) -> int:
    """Count the packages of a cumulative quantity: "or part thereof", or full ones only (T3)."""
    full, part = divmod(quantity, tariff.size.amount)
    return full + (1 if part and tariff.part == "counts-whole" else 0)


def bands_between(bands: tuple[Band, ...], before: int, after: int) -> list[Piece]:
    """Split a stretch of the cumulative quantity over the bands (previous, up_to] that it touches (D25)."""
    pieces = []
    low = 0
    for band in bands:
        high = after if band.up_to is None else band.up_to.amount
        share = min(after, high) - max(before, low)
        if share > 0:
            pieces.append(Piece(share, str(band.price), share * band.price.per_unit()))
            if band.flat is not None and before <= low:
                pieces.append(Piece(0, f"flat {band.flat}", Fraction(band.flat.minor)))
        if band.up_to is None or after <= high:
            break
        low = high
    return pieces


def _band_reached(bands: tuple[Band, ...], quantity: int) -> Band:
    for band in bands:
        if band.up_to is None or quantity <= band.up_to.amount:
            return band
    raise AssertionError("the last band has no end")  # pragma: no cover  # checked when the tariff is built


def volume_price(tariff: Volume, quantity: int) -> tuple[Band, Fraction]:
    """Name the band that a window's whole quantity reaches, and the exact amount (T4)."""
    return _band_reached(tariff.bands, quantity), exact_amount(tariff, quantity)


def _flat(band: Band) -> Fraction:
    return Fraction(0 if band.flat is None else band.flat.minor)
